package io.gaol.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a supervisor runs.
 *
 * @param runtime the program that creates the jail and lives as long as it does; its exit status is
 *     the task's. It gets the {@code progress} file as descriptor 3
 * @param stdout a FIFO or /dev/null: the task's output; a path without links
 * @param stderr the same for its errors
 * @param starts the {@code exec.start} commands as their author wrote them: an end that one of them
 *     brings is told with it
 * @param copy a file of the host that both are added to as well; a path without links
 * @param memoryKills sh(1) text that prints {@code yes}, {@code likely} or {@code no}: whether the
 *     kernel killed for memory
 */
public record Supervised(
    List<String> runtime,
    List<String> starts,
    Path stdout,
    Path stderr,
    Optional<Path> copy,
    String memoryKills) {
  /** The file in the task's directory in which the program says why it failed itself. */
  public static final String RUNTIME_LOG = "runtime.log";

  /** Checks and copies. */
  public Supervised {
    runtime = List.copyOf(runtime);
    starts = List.copyOf(starts);
    Objects.requireNonNull(stdout, "stdout");
    Objects.requireNonNull(stderr, "stderr");
    Objects.requireNonNull(copy, "copy");
    Objects.requireNonNull(memoryKills, "memoryKills");
  }

  /** One without such commands, whose output goes nowhere else. */
  public Supervised(List<String> runtime, Path stdout, Path stderr, String memoryKills) {
    this(runtime, List.of(), stdout, stderr, Optional.empty(), memoryKills);
  }
}
