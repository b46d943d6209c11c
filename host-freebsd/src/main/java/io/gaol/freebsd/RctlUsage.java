package io.gaol.freebsd;

import io.gaol.engine.ResourceUse;
import io.gaol.engine.Usage;
import io.gaol.jail.RctlResource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What rctl(8) and ps(1) say of a jail's use. */
final class RctlUsage {
  private static final long KIBIBYTE = 1024;
  private static final long MILLIONTHS = 1_000_000;

  private RctlUsage() {}

  /**
   * The use of a jail.
   *
   * @param rctl what {@code rctl -u jail:NAME} has printed; empty where nothing is accounted
   * @param ps lines of process number, resident kibibytes, and CPU time
   */
  static Usage of(String rctl, String ps) {
    Map<String, Long> accounted = amounts(rctl);
    Map<Long, Usage.OfProcess> processes = new HashMap<>();
    Duration time = Duration.ZERO;
    long resident = 0;
    for (String line : ps.lines().toList()) {
      String[] words = line.strip().split("\\s+");
      if (words.length != 3 || !words[0].matches("[0-9]+") || !words[1].matches("[0-9]+")) {
        continue;
      }
      Duration cpu = time(words[2]);
      long bytes = Long.parseLong(words[1]) * KIBIBYTE;
      processes.put(
          Long.valueOf(words[0]),
          new Usage.OfProcess(cpu(cpu), memory(bytes, OptionalLong.empty())));
      time = time.plus(cpu);
      resident += bytes;
    }
    Long seconds = accounted.get("cputime");
    Long memory = accounted.get("memoryuse");
    Long swap = accounted.get("swapuse");
    // rctl(8) counts whole seconds, and those of processes that have ended too.
    Duration total =
        seconds == null || time.toSeconds() >= seconds ? time : Duration.ofSeconds(seconds);
    return new Usage(
        cpu(total),
        memory(
            memory == null ? resident : memory,
            swap == null ? OptionalLong.empty() : OptionalLong.of(swap)),
        processes);
  }

  private static Usage.Cpu cpu(Duration total) {
    return new Usage.Cpu(
        Optional.of(total),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  private static Usage.Memory memory(long resident, OptionalLong swap) {
    return new Usage.Memory(
        OptionalLong.of(resident),
        OptionalLong.empty(),
        swap,
        OptionalLong.of(resident),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** {@code name=number} lines. */
  static Map<String, Long> amounts(String rctl) {
    Map<String, Long> amounts = new HashMap<>();
    for (String line : rctl.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0 && line.substring(equals + 1).matches("[0-9]+")) {
        amounts.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
      }
    }
    return amounts;
  }

  /** ps(1)'s {@code time}: minutes, seconds and hundredths, as {@code 12:03.45}. */
  static Duration time(String text) {
    if (!text.matches("([0-9]+:)?[0-9]+:[0-9]+(\\.[0-9]+)?")) {
      return Duration.ZERO;
    }
    String[] parts = text.split("\\.");
    long seconds = 0;
    for (String part : parts[0].split(":")) {
      seconds = seconds * 60 + Long.parseLong(part);
    }
    long millis = parts.length > 1 ? Math.round(Double.parseDouble("0." + parts[1]) * 1000) : 0;
    return Duration.ofSeconds(seconds).plusMillis(millis);
  }

  /** The use in the kernel's own counts; rates it does not tell as sums are left out. */
  static ResourceUse resourceUse(String rctl, Set<RctlResource> resources) {
    Map<String, Long> amounts = amounts(rctl);
    Map<RctlResource, Long> use = new EnumMap<>(RctlResource.class);
    for (RctlResource resource : resources) {
      Long amount =
          switch (resource) {
            case CPUTIME, WALLCLOCK -> millionths(amounts.get(resource.keyword()));
            // What was used of CPUs in all makes a rate of two moments.
            case PCPU -> millionths(amounts.get(RctlResource.CPUTIME.keyword()));
            case READBPS, WRITEBPS, READIOPS, WRITEIOPS -> null;
            default -> amounts.get(resource.keyword());
          };
      if (amount != null) {
        use.put(resource, amount);
      }
    }
    return new ResourceUse(System.nanoTime(), use, List.of(), Map.of());
  }

  private static Long millionths(Long seconds) {
    return seconds == null ? null : seconds * MILLIONTHS;
  }
}
