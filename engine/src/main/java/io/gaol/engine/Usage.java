package io.gaol.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a jail has used since it was made. What a host does not measure is empty.
 *
 * @param time when it was measured
 * @param cpu of all its processes
 * @param memory of all its processes
 * @param processes of each, by number
 */
public record Usage(Instant time, Cpu cpu, Memory memory, Map<Long, OfProcess> processes) {
  /** Checks and copies. */
  public Usage {
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(memory, "memory");
    processes = Map.copyOf(processes);
  }

  /**
   * Time of processors.
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
      Optional<Duration> throttledTime) {}

  /**
   * Memory, in bytes.
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
      OptionalLong kernelMaxUsage) {}

  /** What one process has used. */
  public record OfProcess(Cpu cpu, Memory memory) {}
}
