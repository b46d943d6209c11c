package io.gaol.nomad;

import java.util.Objects;
import java.util.Optional;

/**
 * How a task, or a command in it, ended.
 *
 * @param exitCode its exit status; 128 and the signal's number if a signal ended it
 * @param signal the number of the signal that ended it; 0 if none did
 * @param outOfMemory whether it was killed for memory
 * @param problem why nobody knows how it ended; empty if one does
 */
public record TaskExit(int exitCode, int signal, boolean outOfMemory, Optional<String> problem) {
  /** Checks. */
  public TaskExit {
    Objects.requireNonNull(problem, "problem");
  }

  /** It ended by itself. */
  public static TaskExit of(int exitCode) {
    return new TaskExit(exitCode, 0, false, Optional.empty());
  }

  /** A signal ended it. */
  public static TaskExit bySignal(int signal, boolean outOfMemory) {
    return new TaskExit(128 + signal, signal, outOfMemory, Optional.empty());
  }

  /** Nobody knows how it ended. */
  public static TaskExit unknown(String why) {
    return new TaskExit(-1, 0, false, Optional.of(why));
  }

  /** Whether it did what it was to do. */
  public boolean successful() {
    return exitCode == 0 && signal == 0 && problem.isEmpty();
  }
}
