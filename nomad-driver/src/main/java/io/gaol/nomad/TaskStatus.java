package io.gaol.nomad;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a task is.
 *
 * @param name in the job
 * @param state whether it runs
 * @param started when
 * @param completed when it ended; empty while it runs
 * @param exit how it ended; empty while it runs
 * @param attributes the driver's own, such as {@code pid}
 * @param network where it is reached, if not at the node's address
 */
public record TaskStatus(
    String name,
    State state,
    Instant started,
    Optional<Instant> completed,
    Optional<TaskExit> exit,
    Map<String, String> attributes,
    Optional<StartedTask.Network> network) {
  /** Whether a task runs. */
  public enum State {
    /** Nobody knows. */
    UNKNOWN,
    /** It does. */
    RUNNING,
    /** It has ended. */
    EXITED
  }

  /** Checks and copies. */
  public TaskStatus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(completed, "completed");
    Objects.requireNonNull(exit, "exit");
    attributes = Map.copyOf(attributes);
    Objects.requireNonNull(network, "network");
  }
}
