package io.gaol.nomad;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a task has used up to a moment. Times are counted from its start: what an agent is told, use
 * per time, is reckoned from two of these.
 *
 * @param time the moment
 * @param cpu of all its processes
 * @param memory of all its processes
 * @param processes of each, by number; those that one knows of
 */
public record TaskUsage(Instant time, Cpu cpu, Memory memory, Map<Long, ProcessUsage> processes) {
  /** Checks and copies. */
  public TaskUsage {
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(memory, "memory");
    processes = Map.copyOf(processes);
  }

  /**
   * Time of processors, since the task began. What is not measured is empty.
   *
   * @param total in all
   * @param user outside of the kernel
   * @param system in the kernel
   * @param throttledPeriods how often a limit held it up
   * @param throttledTime for how long
   */
  public record Cpu(
      Optional<Duration> total,
      Optional<Duration> user,
      Optional<Duration> system,
      OptionalLong throttledPeriods,
      Optional<Duration> throttledTime) {
    /** Nothing measured. */
    public static final Cpu UNKNOWN =
        new Cpu(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty());
  }

  /**
   * Memory, in bytes. What is not measured is empty.
   *
   * @param rss resident in memory
   * @param cache of files
   * @param swap out of memory
   * @param usage in all
   * @param maxUsage the most in all, ever
   * @param kernelUsage of the kernel, for it
   * @param kernelMaxUsage the most of the kernel, ever
   */
  public record Memory(
      OptionalLong rss,
      OptionalLong cache,
      OptionalLong swap,
      OptionalLong usage,
      OptionalLong maxUsage,
      OptionalLong kernelUsage,
      OptionalLong kernelMaxUsage) {
    /** Nothing measured. */
    public static final Memory UNKNOWN =
        new Memory(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
  }

  /** What one process has used. */
  public record ProcessUsage(Cpu cpu, Memory memory) {}
}
