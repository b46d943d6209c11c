package io.gaol.driver.plugin;

import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.JailTaskDriverOptions;
import io.gaol.driver.Platforms;
import io.gaol.engine.Owner;
import io.gaol.engine.Platform;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskListener;
import io.gaol.engine.TaskStore;
import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Files;
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
  private static final String STATE_OPTION = "state_dir in the plugin's config";

  Workshop {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(jails, "jails");
    Objects.requireNonNull(engine, "engine");
  }

  private static Path state(JailTaskDriverOptions options, Platform platform) {
    return options.stateDirectory().orElseGet(platform::defaultStateDirectory);
  }

  /**
   * Each host has a directory of its own for tasks: those that the plugin made with another would
   * run on, and nobody would know of them.
   */
  private static void refuseTasksOfOtherHosts(Platform platform) throws IOException {
    for (String name : Platforms.NAMES) {
      Path state = Platforms.named(name).defaultStateDirectory();
      if (!name.equals(platform.name()) && Files.isDirectory(state.resolve("tasks"))) {
        long tasks =
            TaskStore.open(state, STATE_OPTION).list().stream().filter(Workshop::isOurs).count();
        if (tasks > 0) {
          throw new IOException(
              "host is %s now, and %s has tasks that the plugin made with host = \"%s\" (%d): set it"
                      .formatted(platform.name(), state, name, tasks)
                  + " back and stop them first");
        }
      }
    }
  }

  private static boolean isOurs(TaskStore.Listed listed) {
    return listed.owner().filter(owner -> owner.program().equals(JailTaskDriver.NAME)).isPresent();
  }

  /**
   * Opens one.
   *
   * @param platform that jails are made on
   * @param listener hears of what happens to tasks
   * @throws IOException if the state directory cannot be used; the message says what to do
   */
  static Workshop open(JailTaskDriverOptions options, Platform platform, TaskListener listener)
      throws IOException {
    if (options.stateDirectory().isEmpty()) {
      refuseTasksOfOtherHosts(platform);
    }
    Path state = state(options, platform);
    TaskStore store = TaskStore.open(state, STATE_OPTION);
    store.refuseOtherHosts(platform.name(), STATE_OPTION);
    Platform.Jails jails = platform.jails(state);
    return new Workshop(options, state, jails, new TaskEngine(jails.host(), store, listener));
  }

  /**
   * The plugin's tasks whose jails have no process any more. Those of a plugin that lives count
   * too.
   */
  List<JailName> endedWithoutPlugin() throws IOException {
    List<JailName> ended = new ArrayList<>();
    for (TaskStore.Listed listed : engine.list()) {
      if (isOurs(listed) && !engine.isAlive(listed.name())) {
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

  /** Whether tasks with these options are made in the same place. */
  boolean isFor(JailTaskDriverOptions others, Platform platform) {
    return state.equals(state(others, platform));
  }

  Workshop with(JailTaskDriverOptions others) {
    return new Workshop(others, state, jails, engine);
  }

  /** This plugin, as the owner of a task of an allocation. */
  Owner owner(String allocation) {
    return Owner.self(jails.host(), JailTaskDriver.NAME, "task", allocation);
  }
}
