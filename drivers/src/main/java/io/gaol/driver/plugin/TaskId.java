package io.gaol.driver.plugin;

import io.gaol.jail.JailName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
    String start = digest(id).substring(0, SHORT);
    boolean plain = allocation.length() == SHORT && allocation.matches("[0-9A-Za-z]*");
    return JailName.of(task, plain ? allocation + "-" + start : digest(id).substring(0, 2 * SHORT));
  }

  private static String digest(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
