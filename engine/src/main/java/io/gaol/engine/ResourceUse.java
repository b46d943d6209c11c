package io.gaol.engine;

import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a jail uses of rctl(8)'s resources at a moment, in the kernel's counts of racct(9): seconds
 * and percents in millionths. What a host does not measure is not in it.
 *
 * <p>Of a rate (pcpu, readbps, writebps, readiops, writeiops) a moment has no more than what was
 * used in all, millionths of a second, bytes, operations: {@link #since} makes rates of two.
 *
 * @param nanoTime the moment, by {@link System#nanoTime}
 * @param jail of all its processes together
 * @param rates of those as well, where the host's kernel tells rates and not sums
 * @param processes of each, without those that are the host's own in it, such as its init
 * @param hits how often the kernel has held the jail to a limit, since its start
 */
public record ResourceUse(
    long nanoTime,
    Map<RctlResource, Long> jail,
    Map<RctlResource, Long> rates,
    List<OfProcess> processes,
    Map<RctlResource, Long> hits) {
  private static final double NANOS = 1e9;
  private static final double HUNDRED_PERCENT = 100;

  /** Copies. */
  public ResourceUse {
    jail = Map.copyOf(jail);
    rates = Map.copyOf(rates);
    processes = List.copyOf(processes);
    hits = Map.copyOf(hits);
  }

  /**
   * What one process uses.
   *
   * @param pid its number on the host
   * @param started when, in the host's own count: with the number it tells a process from all
   *     others
   * @param name the program's
   * @param main whether it is the task's main process
   * @param used as of the jail
   */
  public record OfProcess(
      long pid, long started, String name, boolean main, Map<RctlResource, Long> used) {
    /** Checks and copies. */
    public OfProcess {
      Objects.requireNonNull(name, "name");
      used = Map.copyOf(used);
    }

    /** Whether it is the very same. */
    boolean is(OfProcess other) {
      return pid == other.pid && started == other.started;
    }

    @Override
    public String toString() {
      return "pid " + pid + " (" + name + ")";
    }
  }

  /** Whether what a moment has of a resource is a sum, of which two make a rate. */
  static boolean isRate(RctlResource resource) {
    RctlUnit unit = resource.unit();
    return unit == RctlUnit.PERCENT
        || unit == RctlUnit.BYTES_PER_SECOND
        || unit == RctlUnit.OPERATIONS_PER_SECOND;
  }

  /**
   * The same with rates in place of sums.
   *
   * @param earlier a moment before; without one there are no rates
   */
  public ResourceUse since(Optional<ResourceUse> earlier) {
    double seconds = earlier.map(moment -> (nanoTime - moment.nanoTime) / NANOS).orElse(0.0);
    Map<RctlResource, Long> together = new EnumMap<>(RctlResource.class);
    together.putAll(rates(jail, earlier.map(ResourceUse::jail), seconds));
    together.putAll(rates);
    return new ResourceUse(
        nanoTime,
        together,
        Map.of(),
        processes.stream()
            .map(
                process ->
                    new OfProcess(
                        process.pid,
                        process.started,
                        process.name,
                        process.main,
                        rates(process.used, earlier.flatMap(e -> e.of(process)), seconds)))
            .toList(),
        hits);
  }

  private Optional<Map<RctlResource, Long>> of(OfProcess process) {
    return processes.stream().filter(process::is).findFirst().map(OfProcess::used);
  }

  private static Map<RctlResource, Long> rates(
      Map<RctlResource, Long> now, Optional<Map<RctlResource, Long>> before, double seconds) {
    Map<RctlResource, Long> all = new EnumMap<>(RctlResource.class);
    now.forEach(
        (resource, count) -> {
          if (!isRate(resource)) {
            all.put(resource, count);
            return;
          }
          Long earlier = before.orElse(Map.of()).get(resource);
          if (earlier != null && seconds > 0) {
            double each = Math.max(0, count - earlier) / seconds;
            boolean percent = resource.unit() == RctlUnit.PERCENT;
            all.put(resource, Math.round(percent ? each * HUNDRED_PERCENT : each));
          }
        });
    return all;
  }

  /** The sum of what the processes use, of each resource that one of them tells. */
  public static Map<RctlResource, Long> together(List<OfProcess> processes) {
    Map<RctlResource, Long> sums = new HashMap<>();
    processes.forEach(
        process ->
            process.used.forEach((resource, count) -> sums.merge(resource, count, Long::sum)));
    return sums;
  }
}
