package io.gaol.driver.plugin;

import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.JailTaskDriverOptions;
import io.gaol.engine.Owner;
import io.gaol.engine.Platform;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskListener;
import io.gaol.engine.TaskStore;
import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where tasks are made: what an operator's options and a host come to.
 *
 * @param options of the operator
 * @param state the state directory
 * @param jails of the host
 * @param engine makes tasks there
 */
record Workshop(
    JailTaskDriverOptions options, Path state, Platform.Jails jails, TaskEngine engine) {
  Workshop {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(jails, "jails");
    Objects.requireNonNull(engine, "engine");
  }

  /**
   * Opens one.
   *
   * @param listener hears of what happens to tasks
   * @throws IOException if the state directory cannot be used; the message says what to do
   */
  static Workshop open(
      JailTaskDriverOptions options, Path state, Platform.Jails jails, TaskListener listener)
      throws IOException {
    TaskStore store = TaskStore.open(state, "state_dir in the plugin's config");
    return new Workshop(options, state, jails, new TaskEngine(jails.host(), store, listener));
  }

  /**
   * The plugin's tasks whose jails have no process any more. Those of a plugin that lives count
   * too.
   */
  List<JailName> endedWithoutPlugin() throws IOException {
    List<JailName> ended = new ArrayList<>();
    for (TaskStore.Listed listed : engine.list()) {
      boolean ours =
          listed.owner().filter(owner -> owner.program().equals(JailTaskDriver.NAME)).isPresent();
      if (ours && !engine.isAlive(listed.name())) {
        ended.add(listed.name());
      }
    }
    return ended;
  }

  /** Who has a task, for a person. */
  String owner(JailName jail) throws IOException {
    return engine.list().stream()
        .filter(listed -> listed.name().equals(jail))
        .findFirst()
        .flatMap(TaskStore.Listed::owner)
        .map(owner -> owner.program() + ", process " + owner.process())
        .orElse("unknown");
  }

  boolean isOf(Path directory) {
    return state.equals(directory);
  }

  Workshop with(JailTaskDriverOptions others) {
    return new Workshop(others, state, jails, engine);
  }

  /** This plugin, as the owner of a task of an allocation. */
  Owner owner(String allocation) {
    return Owner.self(jails.host(), JailTaskDriver.NAME, "task", allocation);
  }
}
