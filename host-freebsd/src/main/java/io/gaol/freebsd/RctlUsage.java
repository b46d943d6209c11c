package io.gaol.freebsd;

import io.gaol.engine.ResourceUse;
import io.gaol.engine.Usage;
import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
   * What ps(1) tells of a process.
   *
   * @param pid its number
   * @param resident in memory, in bytes
   * @param cpu its time of processors, with that of its ended children
   * @param jail the name of its jail
   */
  record OfProcess(long pid, long resident, Duration cpu, String jail) {}

  /**
   * Reads ps(1).
   *
   * @param ps lines of process number, resident kibibytes, CPU time and jail
   */
  static List<OfProcess> processes(String ps) {
    List<OfProcess> processes = new ArrayList<>();
    for (String line : ps.lines().toList()) {
      String[] words = line.strip().split("\\s+", 4);
      if (words.length == 4 && words[0].matches("[0-9]+") && words[1].matches("[0-9]+")) {
        long resident = Long.parseLong(words[1]) * KIBIBYTE;
        processes.add(new OfProcess(Long.parseLong(words[0]), resident, time(words[2]), words[3]));
      }
    }
    return processes;
  }

  /**
   * The use of a jail.
   *
   * @param time when it was asked for
   * @param accounted what rctl(8) has of it: {@link #amounts}; empty where nothing is accounted
   * @param processes of the jail
   */
  static Usage of(Instant time, Map<String, Long> accounted, List<OfProcess> processes) {
    Map<Long, Usage.OfProcess> each = new HashMap<>();
    Duration cpu = Duration.ZERO;
    long resident = 0;
    for (OfProcess process : processes) {
      each.put(
          process.pid,
          new Usage.OfProcess(cpu(process.cpu), memory(process.resident, OptionalLong.empty())));
      cpu = cpu.plus(process.cpu);
      resident += process.resident;
    }
    Long seconds = accounted.get("cputime");
    Long memory = accounted.get("memoryuse");
    Long swap = accounted.get("swapuse");
    // rctl(8) counts whole seconds, and those of processes that nobody has waited for too.
    Duration total =
        seconds == null || cpu.toSeconds() >= seconds ? cpu : Duration.ofSeconds(seconds);
    return new Usage(
        time,
        cpu(total),
        memory(
            memory == null ? resident : memory,
            swap == null ? OptionalLong.empty() : OptionalLong.of(swap)),
        each);
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

  /** What of rctl(8)'s resources ps(1) tells too. */
  static Map<String, Long> amounts(Usage use) {
    return Map.of(
        "cputime", use.cpu().total().orElse(Duration.ZERO).toSeconds(),
        "memoryuse", use.memory().rss().orElse(0),
        "maxproc", (long) use.processes().size());
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

  /**
   * What {@code rctl -u} has printed of several jails: of each all its resources, the first of
   * which is cputime.
   *
   * @return of each jail, in order; nothing at all if it is not of all of them
   */
  static Map<JailName, Map<String, Long>> accounts(List<JailName> names, String rctl) {
    List<StringBuilder> texts = new ArrayList<>();
    for (String line : rctl.lines().toList()) {
      if (line.startsWith("cputime=")) {
        texts.add(new StringBuilder());
      }
      if (!texts.isEmpty()) {
        texts.getLast().append(line).append('\n');
      }
    }
    if (texts.size() != names.size()) {
      return Map.of();
    }
    Map<JailName, Map<String, Long>> accounts = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      accounts.put(names.get(i), amounts(texts.get(i).toString()));
    }
    return accounts;
  }

  /** The use in the kernel's own counts. */
  static ResourceUse resourceUse(Map<String, Long> amounts, Set<RctlResource> resources) {
    Map<RctlResource, Long> use = new EnumMap<>(RctlResource.class);
    Map<RctlResource, Long> rates = new EnumMap<>(RctlResource.class);
    for (RctlResource resource : resources) {
      Long amount = amounts.get(resource.keyword());
      if (amount == null) {
        continue;
      }
      switch (resource) {
        case CPUTIME, WALLCLOCK -> use.put(resource, amount * MILLIONTHS);
        case PCPU -> rates.put(resource, amount * MILLIONTHS);
        case READBPS, WRITEBPS, READIOPS, WRITEIOPS -> rates.put(resource, amount);
        default -> use.put(resource, amount);
      }
    }
    return new ResourceUse(System.nanoTime(), use, rates, List.of(), Map.of());
  }
}
