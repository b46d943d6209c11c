package io.gaol.driver.plugin;

import io.gaol.engine.Digest;
import io.gaol.jail.JailName;

/** The id of a task: {@code ALLOCATION/TASK/START} in Nomad. */
final class TaskId {
  private static final int SHORT = 8;

  private TaskId() {}

  /**
   * The name of a task's jail: the task's, the beginning of its allocation's id, as Nomad shows it,
   * and what tells this start from every other. It follows from the id alone, so that a task is
   * found again by that.
   */
  static JailName jail(String id) {
    int first = id.indexOf('/');
    int last = id.lastIndexOf('/');
    String task = first < last ? id.substring(first + 1, last) : id;
    String allocation = first < 0 ? "" : id.substring(0, Math.min(first, SHORT));
    String start = Digest.of(id, SHORT);
    boolean plain = allocation.length() == SHORT && allocation.matches("[0-9A-Za-z]*");
    return JailName.of(task, plain ? allocation + "-" + start : Digest.of(id, 2 * SHORT));
  }
}
