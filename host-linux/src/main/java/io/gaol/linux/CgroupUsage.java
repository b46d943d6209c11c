package io.gaol.linux;

import io.gaol.engine.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What a control group's processes have used, as the kernel counts it: cgroups(7). */
final class CgroupUsage {
  /** {@code USER_HZ}: the kernel tells user space times in these, whatever it counts in itself. */
  private static final long TICK_NANOS = 10_000_000;

  private static final long KIBIBYTE = 1024;

  private final Path group;
  private final Usage.Cpu cpu;
  private final Usage.Memory memory;

  private CgroupUsage(Path group, Usage.Cpu cpu, Usage.Memory memory) {
    this.group = group;
    this.cpu = cpu;
    this.memory = memory;
  }

  /**
   * Reads a group's use.
   *
   * @param layout how control groups are mounted
   * @param group its name, below the root of each hierarchy
   * @return empty if there is no such group
   */
  static Optional<Usage> of(CgroupLayout layout, String group) throws IOException {
    Optional<CgroupUsage> found =
        switch (layout) {
          case CgroupLayout.Unified(Path root) -> unified(root.resolve(group));
          case CgroupLayout.Legacy legacy -> legacy(legacy.hierarchies(), group);
          case CgroupLayout.Missing _ -> Optional.empty();
        };
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Usage(
                Instant.now(),
                found.get().cpu,
                found.get().memory,
                ofProcesses(found.get().group)));
  }

  // ---- version 2: https://docs.kernel.org/admin-guide/cgroup-v2.html

  private static Optional<CgroupUsage> unified(Path group) {
    if (!Files.isDirectory(group)) {
      return Optional.empty();
    }
    Map<String, Long> time = table(group.resolve("cpu.stat"));
    // A ceiling on the CPUs is the runtime's group's, and that alone counts how often it held.
    Map<String, Long> held = table(group.resolve("task/cpu.stat"));
    Map<String, Long> throttling = held.isEmpty() ? time : held;
    Map<String, Long> pages = table(group.resolve("memory.stat"));
    return Optional.of(
        new CgroupUsage(
            group,
            new Usage.Cpu(
                micros(time, "usage_usec"),
                micros(time, "user_usec"),
                micros(time, "system_usec"),
                number(throttling, "nr_throttled"),
                micros(throttling, "throttled_usec")),
            new Usage.Memory(
                number(pages, "anon"),
                number(pages, "file"),
                number(group.resolve("memory.swap.current")),
                number(group.resolve("memory.current")),
                number(group.resolve("memory.peak")), // Linux 5.19
                number(pages, "kernel"), // Linux 5.18
                OptionalLong.empty())));
  }

  private static Optional<Duration> micros(Map<String, Long> table, String key) {
    return Optional.ofNullable(table.get(key)).map(micros -> Duration.ofNanos(micros * 1000));
  }

  // ---- version 1: https://docs.kernel.org/admin-guide/cgroup-v1/

  private static Optional<CgroupUsage> legacy(Map<String, Path> hierarchies, String group) {
    Optional<Path> time = directory(hierarchies, "cpuacct", group);
    Optional<Path> memory = directory(hierarchies, "memory", group);
    Optional<Path> any = memory.or(() -> time);
    if (any.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> ticks = table(time, "cpuacct.stat");
    Map<String, Long> limits = table(directory(hierarchies, "cpu", group), "cpu.stat");
    Map<String, Long> pages = table(memory, "memory.stat");
    return Optional.of(
        new CgroupUsage(
            any.get(),
            new Usage.Cpu(
                nanos(number(time, "cpuacct.usage")),
                ticks(ticks, "user"),
                ticks(ticks, "system"),
                number(limits, "nr_throttled"),
                nanos(number(limits, "throttled_time"))),
            new Usage.Memory(
                number(pages, "total_rss"),
                number(pages, "total_cache"),
                number(pages, "total_swap"),
                number(memory, "memory.usage_in_bytes"),
                number(memory, "memory.max_usage_in_bytes"),
                number(memory, "memory.kmem.usage_in_bytes"),
                number(memory, "memory.kmem.max_usage_in_bytes"))));
  }

  private static Optional<Path> directory(
      Map<String, Path> hierarchies, String controller, String group) {
    return Optional.ofNullable(hierarchies.get(controller))
        .map(root -> root.resolve(group))
        .filter(Files::isDirectory);
  }

  private static Optional<Duration> nanos(OptionalLong number) {
    return number.isPresent()
        ? Optional.of(Duration.ofNanos(number.getAsLong()))
        : Optional.empty();
  }

  private static Optional<Duration> ticks(Map<String, Long> table, String key) {
    return Optional.ofNullable(table.get(key)).map(ticks -> Duration.ofNanos(ticks * TICK_NANOS));
  }

  // ---- processes: proc_pid_stat(5), proc_pid_status(5)

  /** The processes of a group and of the groups in it: the runtime makes one of its own there. */
  private static Map<Long, Usage.OfProcess> ofProcesses(Path group) throws IOException {
    List<String> numbers = new ArrayList<>();
    try (Stream<Path> groups = Files.walk(group)) {
      groups
          .filter(file -> file.endsWith("cgroup.procs"))
          .forEach(file -> numbers.addAll(lines(file)));
    } catch (NoSuchFileException | UncheckedIOException gone) {
      // With its processes.
    }
    Map<Long, Usage.OfProcess> all = new HashMap<>();
    for (String line : numbers) {
      try {
        long process = Long.parseLong(line.strip());
        ofProcess(Path.of("/proc", line.strip())).ifPresent(use -> all.put(process, use));
      } catch (NumberFormatException damaged) {
        // Not a process's number.
      }
    }
    return all;
  }

  private static Optional<Usage.OfProcess> ofProcess(Path process) {
    List<String> stat = lines(process.resolve("stat"));
    if (stat.isEmpty()) {
      return Optional.empty(); // It has ended meanwhile.
    }
    String[] fields = stat.getFirst().substring(stat.getFirst().lastIndexOf(')') + 2).split(" ");
    Duration user = Duration.ofNanos(Long.parseLong(fields[11]) * TICK_NANOS);
    Duration system = Duration.ofNanos(Long.parseLong(fields[12]) * TICK_NANOS);
    OptionalLong rss = OptionalLong.empty();
    OptionalLong swap = OptionalLong.empty();
    for (String line : lines(process.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        rss = kibibytes(line);
      } else if (line.startsWith("VmSwap:")) {
        swap = kibibytes(line);
      }
    }
    return Optional.of(
        new Usage.OfProcess(
            new Usage.Cpu(
                Optional.of(user.plus(system)),
                Optional.of(user),
                Optional.of(system),
                OptionalLong.empty(),
                Optional.empty()),
            new Usage.Memory(
                rss,
                OptionalLong.empty(),
                swap,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty())));
  }

  /** {@code VmRSS: 1234 kB}. */
  private static OptionalLong kibibytes(String line) {
    return OptionalLong.of(Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE);
  }

  // ---- files

  private static Map<String, Long> table(Optional<Path> directory, String file) {
    return directory.map(found -> table(found.resolve(file))).orElse(Map.of());
  }

  /** A file of names and numbers. One that is not there is empty: not every kernel has each. */
  private static Map<String, Long> table(Path file) {
    Map<String, Long> table = new HashMap<>();
    for (String line : lines(file)) {
      String[] words = line.split(" ");
      if (words.length == 2 && words[1].matches("[0-9]{1,18}")) {
        table.put(words[0], Long.valueOf(words[1]));
      }
    }
    return table;
  }

  private static OptionalLong number(Map<String, Long> table, String key) {
    Long value = table.get(key);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static OptionalLong number(Optional<Path> directory, String file) {
    return directory.isPresent() ? number(directory.get().resolve(file)) : OptionalLong.empty();
  }

  private static OptionalLong number(Path file) {
    List<String> lines = lines(file);
    return !lines.isEmpty() && lines.getFirst().strip().matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(lines.getFirst().strip()))
        : OptionalLong.empty();
  }

  /** What is not there, or goes while it is read, has no lines. */
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException gone) {
      return List.of();
    }
  }
}
