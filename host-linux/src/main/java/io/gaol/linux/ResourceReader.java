package io.gaol.linux;

import io.gaol.engine.ResourceUse;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Reads what a jail uses of rctl(8)'s resources, as {@link RctlOnLinux} says from where: its
 * control group, {@code /proc} of its processes, its terminals. Reads no more than is asked for.
 */
final class ResourceReader {
  /** {@code USER_HZ}, in millionths of a second. */
  private static final long TICK = 10_000;

  private static final long MILLION = 1_000_000;
  private static final long KIBIBYTE = 1024;

  /** What /proc/PID/status tells, in KiB: proc_pid_status(5). */
  private static final Map<RctlResource, String> SIZES =
      Map.of(
          RctlResource.DATASIZE, "VmData",
          RctlResource.STACKSIZE, "VmStk",
          RctlResource.MEMORYUSE, "VmRSS",
          RctlResource.MEMORYLOCKED, "VmLck",
          RctlResource.VMEMORYUSE, "VmSize",
          RctlResource.SWAPUSE, "VmSwap");

  /** What the jail uses of these is the sum of what its processes do. */
  private static final Set<RctlResource> SUMS =
      EnumSet.of(
          RctlResource.DATASIZE,
          RctlResource.STACKSIZE,
          RctlResource.MEMORYLOCKED,
          RctlResource.OPENFILES,
          RctlResource.VMEMORYUSE,
          RctlResource.NTHR);

  private static final Set<RctlResource> DISK =
      EnumSet.of(
          RctlResource.READBPS,
          RctlResource.WRITEBPS,
          RctlResource.READIOPS,
          RctlResource.WRITEIOPS);

  /** What the jail's IPC namespace tells. */
  static final Set<RctlResource> SYSTEM_V =
      EnumSet.of(
          RctlResource.MSGQQUEUED,
          RctlResource.MSGQSIZE,
          RctlResource.NMSGQ,
          RctlResource.NSEM,
          RctlResource.NSHM,
          RctlResource.SHMSIZE);

  private final Path proc;
  private final CgroupLayout layout;
  private final String group;
  private final Optional<Long> init;
  private final Set<RctlResource> wanted;

  /**
   * A reader of one jail.
   *
   * @param proc where proc(5) is
   * @param group the name of its control group, below the root of each hierarchy
   * @param init its first process
   * @param wanted what to read
   */
  ResourceReader(
      Path proc, CgroupLayout layout, String group, Optional<Long> init, Set<RctlResource> wanted) {
    this.proc = proc;
    this.layout = layout;
    this.group = group;
    this.init = init;
    this.wanted = wanted;
  }

  /**
   * Reads.
   *
   * @param systemV what the jail's IPC namespace says, in the kernel's counts
   * @return empty if there is no such group
   */
  Optional<ResourceUse> read(Map<RctlResource, Long> systemV) throws IOException {
    List<Path> directories =
        layout.roots().stream()
            .map(root -> root.resolve(group))
            .filter(Files::isDirectory)
            .toList();
    if (directories.isEmpty()) {
      return Optional.empty();
    }
    Map<RctlResource, Long> jail = new EnumMap<>(RctlResource.class);
    readTime(jail);
    readMemory(jail);
    readDisks(jail);
    readTerminals(jail);
    readWallclock(jail);
    systemV.forEach((resource, count) -> put(jail, resource, count));
    // Behind what the group counts: who has brought the jail over is seen with all that he uses.
    List<ResourceUse.OfProcess> processes = processes(directories);
    ResourceUse.together(processes).entrySet().stream()
        .filter(sum -> SUMS.contains(sum.getKey()))
        .forEach(sum -> put(jail, sum.getKey(), sum.getValue()));
    put(jail, RctlResource.MAXPROC, processes.size());
    return Optional.of(new ResourceUse(System.nanoTime(), jail, Map.of(), processes, hits()));
  }

  private void put(Map<RctlResource, Long> use, RctlResource resource, long count) {
    if (wanted.contains(resource)) {
      use.put(resource, count);
    }
  }

  private boolean wantsAny(Set<RctlResource> resources) {
    return resources.stream().anyMatch(wanted::contains);
  }

  // ---- the control group

  /** Where a controller has the jail's group; of version 2 the one place there is. */
  private Optional<Path> directory(String controller) {
    return switch (layout) {
      case CgroupLayout.Unified(Path root) -> Optional.of(root.resolve(group));
      case CgroupLayout.Legacy legacy ->
          Optional.ofNullable(legacy.hierarchies().get(controller))
              .map(root -> root.resolve(group));
      case CgroupLayout.Missing _ -> Optional.empty();
    };
  }

  private boolean unified() {
    return layout instanceof CgroupLayout.Unified;
  }

  private void readTime(Map<RctlResource, Long> use) {
    Optional<Long> micros =
        unified()
            ? directory("cpu").flatMap(at -> value(at.resolve("cpu.stat"), "usage_usec"))
            : directory("cpuacct")
                .flatMap(at -> number(at.resolve("cpuacct.usage")))
                .map(nanos -> nanos / 1000);
    micros.ifPresent(
        count -> {
          put(use, RctlResource.CPUTIME, count);
          put(use, RctlResource.PCPU, count);
        });
  }

  private void readMemory(Map<RctlResource, Long> use) {
    if (!wantsAny(EnumSet.of(RctlResource.MEMORYUSE, RctlResource.SWAPUSE))) {
      return;
    }
    Optional<Path> at = directory("memory");
    if (at.isEmpty()) {
      return;
    }
    Path stat = at.get().resolve("memory.stat");
    Optional<Long> all =
        number(at.get().resolve(unified() ? "memory.current" : "memory.usage_in_bytes"));
    long inactive = value(stat, unified() ? "inactive_file" : "total_inactive_file").orElse(0L);
    all.ifPresent(bytes -> put(use, RctlResource.MEMORYUSE, Math.max(0, bytes - inactive)));
    (unified() ? number(at.get().resolve("memory.swap.current")) : value(stat, "total_swap"))
        .ifPresent(bytes -> put(use, RctlResource.SWAPUSE, bytes));
  }

  private void readDisks(Map<RctlResource, Long> use) {
    if (!wantsAny(DISK)) {
      return;
    }
    Optional<Path> at = directory(unified() ? "io" : "blkio");
    if (at.isEmpty() || !Files.isDirectory(at.get())) {
      return;
    }
    Map<String, Long> sums = new HashMap<>();
    if (unified()) {
      // 254:0 rbytes=1 wbytes=2 rios=3 wios=4
      for (String line : lines(at.get().resolve("io.stat"))) {
        for (String word : line.split(" ")) {
          add(sums, word.split("=", 2));
        }
      }
    } else {
      for (String kind : List.of("io_service_bytes", "io_serviced")) {
        // 254:0 Read 1
        for (String line : lines(at.get().resolve("blkio.throttle." + kind + "_recursive"))) {
          String[] words = line.split(" ");
          if (words.length == 3) {
            add(sums, kind + " " + words[1], words[2]);
          }
        }
      }
    }
    put(use, RctlResource.READBPS, sum(sums, "rbytes", "io_service_bytes Read"));
    put(use, RctlResource.WRITEBPS, sum(sums, "wbytes", "io_service_bytes Write"));
    put(use, RctlResource.READIOPS, sum(sums, "rios", "io_serviced Read"));
    put(use, RctlResource.WRITEIOPS, sum(sums, "wios", "io_serviced Write"));
  }

  private static void add(Map<String, Long> sums, String... entry) {
    if (entry.length == 2) {
      parse(entry[1]).ifPresent(count -> sums.merge(entry[0], count, Long::sum));
    }
  }

  private static long sum(Map<String, Long> sums, String v2, String v1) {
    return sums.getOrDefault(v2, 0L) + sums.getOrDefault(v1, 0L);
  }

  /** How often the kernel held the jail to a limit. The runtime's own group counts some of it. */
  private Map<RctlResource, Long> hits() {
    Map<RctlResource, Long> hits = new EnumMap<>(RctlResource.class);
    if (wanted.contains(RctlResource.MEMORYUSE)) {
      memoryHits().ifPresent(count -> hits.put(RctlResource.MEMORYUSE, count));
    }
    if (wanted.contains(RctlResource.SWAPUSE)) {
      (unified()
              ? mostOf("memory", "memory.swap.events", "max")
              : directory("memory").flatMap(at -> number(at.resolve("memory.memsw.failcnt"))))
          .ifPresent(count -> hits.put(RctlResource.SWAPUSE, count));
    }
    if (wantsAny(EnumSet.of(RctlResource.MAXPROC, RctlResource.NTHR))) {
      mostOf("pids", "pids.events", "max")
          .ifPresent(
              count -> {
                put(hits, RctlResource.MAXPROC, count);
                put(hits, RctlResource.NTHR, count);
              });
    }
    if (wanted.contains(RctlResource.PCPU)) {
      mostOf("cpu", "cpu.stat", "nr_throttled")
          .ifPresent(count -> hits.put(RctlResource.PCPU, count));
    }
    return hits;
  }

  /**
   * Version 2 counts all in the group around the runtime's, and keeps it. Version 1 counts kills in
   * the runtime's, which goes with the jail; then the most that was used tells.
   */
  private Optional<Long> memoryHits() {
    if (unified()) {
      return mostOf("memory", "memory.events", "oom");
    }
    Optional<Path> at = directory("memory");
    if (at.isEmpty()) {
      return Optional.empty();
    }
    Path oom = at.get().resolve("task/memory.oom_control");
    if (Files.exists(oom)) {
      return value(oom, "oom_kill");
    }
    boolean reached =
        Stream.of("memory", "memory.memsw")
            .anyMatch(
                limit -> {
                  Optional<Long> most = number(at.get().resolve(limit + ".max_usage_in_bytes"));
                  Optional<Long> allowed = number(at.get().resolve(limit + ".limit_in_bytes"));
                  return most.isPresent() && allowed.isPresent() && most.get() >= allowed.get();
                });
    return Optional.of(reached ? 1L : 0L);
  }

  /** The more of what the group and the runtime's in it count: which one does, differs. */
  private Optional<Long> mostOf(String controller, String file, String key) {
    return directory(controller).stream()
        .flatMap(at -> Stream.of(at, at.resolve("task")))
        .flatMap(at -> value(at.resolve(file), key).stream())
        .max(Comparator.naturalOrder());
  }

  // ---- what only the jail sees

  /** /dev and /dev/pts are mounts, which no task can replace. */
  private void readTerminals(Map<RctlResource, Long> use) {
    if (init.isEmpty() || !wanted.contains(RctlResource.PSEUDOTERMINALS)) {
      return;
    }
    Path terminals = proc.resolve(init.get() + "/root/dev/pts");
    count(terminals, "[0-9]*").ifPresent(n -> put(use, RctlResource.PSEUDOTERMINALS, n));
  }

  private void readWallclock(Map<RctlResource, Long> use) {
    if (init.isPresent() && wanted.contains(RctlResource.WALLCLOCK)) {
      stat(init.get())
          .map(fields -> sinceTicks(Long.parseLong(fields.get(19))))
          .ifPresent(micros -> put(use, RctlResource.WALLCLOCK, micros));
    }
  }

  /** Since the boot, sleep included: proc_uptime(5), and the start of processes. */
  private long sinceTicks(long started) {
    return lines(proc.resolve("uptime")).stream()
        .findFirst()
        .map(line -> Math.round(Double.parseDouble(line.split(" ")[0]) * MILLION))
        .map(up -> Math.max(0, up - started * TICK))
        .orElse(0L);
  }

  /**
   * Understands the lines of /proc/sysvipc/msg, sem and shm, with their headers: sysvipc(7).
   *
   * @return nothing if there are none
   */
  static Map<RctlResource, Long> systemV(List<String> lines) {
    Map<RctlResource, Long> use = new EnumMap<>(RctlResource.class);
    List<String> columns = List.of();
    for (String line : lines) {
      List<String> words = List.of(line.strip().split("\\s+"));
      if (words.getFirst().equals("key")) {
        columns = words;
        for (RctlResource resource : ofTable(columns)) {
          use.put(resource, 0L);
        }
      } else if (words.size() >= columns.size() && !columns.isEmpty()) {
        for (RctlResource resource : ofTable(columns)) {
          use.merge(resource, cell(resource, columns, words), Long::sum);
        }
      }
    }
    return use;
  }

  private static List<RctlResource> ofTable(List<String> columns) {
    if (columns.contains("msqid")) {
      return List.of(RctlResource.NMSGQ, RctlResource.MSGQQUEUED, RctlResource.MSGQSIZE);
    }
    return columns.contains("semid")
        ? List.of(RctlResource.NSEM)
        : List.of(RctlResource.NSHM, RctlResource.SHMSIZE);
  }

  private static long cell(RctlResource resource, List<String> columns, List<String> words) {
    String column =
        switch (resource) {
          case MSGQQUEUED -> "qnum";
          case MSGQSIZE -> "cbytes";
          case NSEM -> "nsems";
          case SHMSIZE -> "size";
          default -> "";
        };
    return column.isEmpty() ? 1 : parse(words.get(columns.indexOf(column))).orElse(0L);
  }

  // ---- processes

  private List<ResourceUse.OfProcess> processes(List<Path> directories) throws IOException {
    Set<Long> numbers = new TreeSet<>();
    try (Stream<Path> groups = Files.walk(directories.getFirst())) {
      groups
          .filter(file -> file.endsWith("cgroup.procs"))
          .forEach(file -> lines(file).forEach(line -> parse(line).ifPresent(numbers::add)));
    } catch (NoSuchFileException | UncheckedIOException gone) {
      // With its processes.
    }
    List<Found> found = new ArrayList<>();
    for (long number : numbers) {
      found(number).ifPresent(found::add);
    }
    long main = found.stream().mapToLong(Found::inJail).min().orElse(0);
    return found.stream().map(process -> use(process, process.inJail == main)).toList();
  }

  /**
   * A process of the task.
   *
   * @param number on the host
   * @param inJail its number in the jail
   * @param stat from the third field on
   */
  private record Found(long number, long inJail, List<String> stat, Map<String, String> status) {}

  /** Empty too for what is ours in the jail: its init, and the shell that waits. */
  private Optional<Found> found(long number) {
    Optional<List<String>> stat = stat(number);
    if (stat.isEmpty() || List.of("Z", "X").contains(stat.get().getFirst())) {
      return Optional.empty();
    }
    Map<String, String> status = new HashMap<>();
    for (String line : lines(proc.resolve(number + "/status"))) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        status.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    String[] numbers = status.getOrDefault("NSpid", "" + number).split("\\s+");
    long inJail = parse(numbers[numbers.length - 1]).orElse(number);
    boolean inInit = init.filter(first -> first == number).isPresent();
    boolean waits =
        OciConfig.isShell(
            new String(bytes(proc.resolve(number + "/cmdline")), StandardCharsets.UTF_8));
    return inInit || waits
        ? Optional.empty()
        : Optional.of(new Found(number, inJail, stat.get(), status));
  }

  private ResourceUse.OfProcess use(Found process, boolean main) {
    Map<RctlResource, Long> use = new EnumMap<>(RctlResource.class);
    long time =
        (Long.parseLong(process.stat.get(11)) + Long.parseLong(process.stat.get(12))) * TICK;
    put(use, RctlResource.CPUTIME, time);
    put(use, RctlResource.PCPU, time);
    long started = Long.parseLong(process.stat.get(19));
    if (wanted.contains(RctlResource.WALLCLOCK)) {
      put(use, RctlResource.WALLCLOCK, sinceTicks(started));
    }
    SIZES.forEach(
        (resource, line) ->
            parse(process.status.getOrDefault(line, "").replace(" kB", ""))
                .ifPresent(size -> put(use, resource, size * KIBIBYTE)));
    parse(process.status.getOrDefault("Threads", ""))
        .ifPresent(threads -> put(use, RctlResource.NTHR, threads));
    Path directory = proc.resolve(Long.toString(process.number));
    if (wanted.contains(RctlResource.OPENFILES)) {
      count(directory.resolve("fd"), "*").ifPresent(n -> put(use, RctlResource.OPENFILES, n));
    }
    if (wantsAny(EnumSet.of(RctlResource.READBPS, RctlResource.WRITEBPS))) {
      for (String line : lines(directory.resolve("io"))) {
        String[] words = line.split(": ", 2);
        Optional<Long> bytes = words.length == 2 ? parse(words[1]) : Optional.empty();
        if (bytes.isPresent() && words[0].equals("read_bytes")) {
          put(use, RctlResource.READBPS, bytes.get());
        } else if (bytes.isPresent() && words[0].equals("write_bytes")) {
          put(use, RctlResource.WRITEBPS, bytes.get());
        }
      }
    }
    return new ResourceUse.OfProcess(
        process.number, started, process.status.getOrDefault("Name", "?"), main, use);
  }

  /** The fields of /proc/PID/stat from the third on: proc_pid_stat(5). */
  private Optional<List<String>> stat(long number) {
    List<String> lines = lines(proc.resolve(number + "/stat"));
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    // A name may hold anything, a line's end too.
    String all = String.join("\n", lines);
    List<String> fields = List.of(all.substring(all.lastIndexOf(')') + 1).strip().split(" "));
    return fields.size() > 19 ? Optional.of(fields) : Optional.empty();
  }

  // ---- files

  private static Optional<Long> count(Path directory, String names) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, names)) {
      long count = 0;
      for (Path _ : entries) {
        count++;
      }
      return Optional.of(count);
    } catch (IOException | DirectoryIteratorException gone) {
      return Optional.empty();
    }
  }

  private static Optional<Long> value(Path file, String key) {
    return lines(file).stream()
        .filter(line -> line.startsWith(key + " "))
        .findFirst()
        .flatMap(line -> parse(line.substring(key.length() + 1)));
  }

  private static Optional<Long> number(Path file) {
    return lines(file).stream().findFirst().flatMap(ResourceReader::parse);
  }

  private static Optional<Long> parse(String text) {
    String digits = text.strip();
    return digits.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(digits)) : Optional.empty();
  }

  /** What is not there, or goes while it is read, has no lines. */
  private static List<String> lines(Path file) {
    return new String(bytes(file), StandardCharsets.ISO_8859_1).lines().toList();
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException gone) {
      return new byte[0];
    }
  }
}
