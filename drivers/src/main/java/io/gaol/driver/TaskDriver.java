package io.gaol.driver;

import io.gaol.jail.JailSpec;
import java.util.Optional;

/** Reads a task's {@code config} as one driver understands it. */
public interface TaskDriver {
  /** The name in a job: {@code driver = "..."}. */
  String name();

  /** What asks a task to end whose job has no {@code kill_signal}. */
  String defaultKillSignal();

  /** Who runs a task whose job has no {@code user}; empty is root. */
  Optional<String> defaultUser();

  /**
   * What the task asks for.
   *
   * @throws ConfigException if its config is wrong, with all that is
   */
  JailSpec spec(TaskRequest request) throws ConfigException;
}
