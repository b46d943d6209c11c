package io.gaol.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What a task meets around its jail.
 *
 * @param stdout a FIFO or /dev/null that takes its output: a path without links, {@link
 *     LinklessPath#real}. One that is put there later is not followed
 * @param stderr the same for its errors
 * @param killSignal what asks it to end, such as {@code SIGTERM}
 * @param killTimeout how long it has then
 * @param limitsWithoutRacct what becomes of limits that a FreeBSD cannot hold
 */
public record TaskContext(
    Path stdout,
    Path stderr,
    String killSignal,
    Duration killTimeout,
    LimitsWithoutRacct limitsWithoutRacct) {
  /** Checks. */
  public TaskContext {
    Objects.requireNonNull(stdout, "stdout");
    Objects.requireNonNull(stderr, "stderr");
    Objects.requireNonNull(killSignal, "killSignal");
    Objects.requireNonNull(killTimeout, "killTimeout");
    Objects.requireNonNull(limitsWithoutRacct, "limitsWithoutRacct");
  }

  /** One whose limits are refused where they cannot be held. */
  public TaskContext(Path stdout, Path stderr, String killSignal, Duration killTimeout) {
    this(stdout, stderr, killSignal, killTimeout, LimitsWithoutRacct.REFUSE);
  }

  /** The same, by another choice of the operator's. */
  public TaskContext with(LimitsWithoutRacct choice) {
    return new TaskContext(stdout, stderr, killSignal, killTimeout, choice);
  }

  /**
   * A context whose output goes where no link of a task's leads.
   *
   * @throws IOException if where the output goes cannot be looked at
   */
  public static TaskContext of(
      LinklessPath stdout, LinklessPath stderr, String killSignal, Duration killTimeout)
      throws IOException {
    return new TaskContext(stdout.real(), stderr.real(), killSignal, killTimeout);
  }
}
