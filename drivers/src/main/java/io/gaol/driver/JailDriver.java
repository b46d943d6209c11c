package io.gaol.driver;

import io.gaol.jail.JailSpec;
import io.gaol.nomad.config.Schema;
import java.util.Optional;

/** Reads a task's {@code config} as one driver understands it. */
public interface JailDriver {
  /** The name in a job: {@code driver = "..."}. */
  String name();

  /** What asks a task to end whose job has no {@code kill_signal}. */
  String defaultKillSignal();

  /** Who runs a task whose job has no {@code user}; empty is root. */
  Optional<String> defaultUser();

  /** What may be in a task's {@code config}: an agent refuses all other keys. */
  Schema.Fields schema();

  /** What its author is told of a key that is not in the {@link #schema}. */
  String unknownKey(String key);

  /**
   * What the task asks for.
   *
   * @param request whose config is of the {@link #schema}
   * @throws ConfigException if its config is wrong, with all that is
   */
  JailSpec spec(TaskRequest request) throws ConfigException;
}
