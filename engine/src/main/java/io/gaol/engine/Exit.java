package io.gaol.engine;

import java.util.Optional;

/**
 * How a task ended.
 *
 * @param status what a shell would see: the exit status, or 128 and the signal's number; empty if
 *     nobody knows any more
 * @param memory whether it was killed for memory
 * @param message what a person should know beyond the numbers: why it could not start, why nobody
 *     knows
 */
public record Exit(Optional<Integer> status, MemoryKill memory, Optional<String> message) {
  private static final int SIGKILL = 9;

  /** Whether the kernel killed for memory. */
  public enum MemoryKill {
    /** It did not. */
    NO,
    /** It did. */
    YES,
    /** SIGKILL came while the limit was hit: cgroup v1 tells no more. */
    LIKELY
  }

  /** An end with a status. */
  public static Exit of(int status, MemoryKill memory) {
    return new Exit(Optional.of(status), memory, Optional.empty());
  }

  /** An end of which nobody saw the status. */
  public static Exit unknown(String why) {
    return new Exit(Optional.empty(), MemoryKill.NO, Optional.of(why));
  }

  /** Whether the task ended with status 0. */
  public boolean successful() {
    return status.isPresent() && status.get() == 0;
  }

  /**
   * The signal that ended the task. Every program that waits for another folds a signal into 128
   * and its number, so a task that exits with such a status itself cannot be told apart.
   */
  public Optional<Integer> signal() {
    return status.filter(number -> number > 128 && number <= 192).map(number -> number - 128);
  }

  /** For a person: "exit status 7", "killed by signal 9", "out of memory: killed by the kernel". */
  public String describe() {
    if (status.isEmpty()) {
      return "ended, exit status unknown" + message.map(why -> ": " + why).orElse("");
    }
    String how =
        signal().map(number -> "killed by signal " + number).orElse("exit status " + status.get());
    String text =
        switch (memory) {
          case NO -> how;
          case LIKELY -> "out of memory, likely: killed while its memory was at the limit";
          // Where the main process itself was not killed, how it ended counts too.
          case YES ->
              signal().filter(number -> number == SIGKILL).isPresent()
                  ? "out of memory: killed by the kernel"
                  : how + ", after the kernel killed a process of it for memory";
        };
    return text + message.map(why -> ": " + why).orElse("");
  }
}
