package io.gaol.linux;

import io.gaol.jail.BindMount;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlAction;
import io.gaol.linux.LimitFacts.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what limits of a jail depend on, and changes nothing. */
final class LimitProbe {
  /** capability.h. */
  private static final int CAP_SYS_RESOURCE = 24;

  /** getauxval(3), AT_PAGESZ. */
  private static final long AT_PAGESZ = 6;

  /** inode(7). */
  private static final int TYPE = 0170000;

  private static final int BLOCK_DEVICE = 0060000;

  private static final long USUAL_PAGE = 4096;

  private static final Pattern LIMIT = Pattern.compile("(Max [a-z ]+?)  +\\S+ +(\\S+).*");

  /** As /proc/PID/limits has them: proc_pid_limits(5). */
  private static final Map<String, String> LIMITS =
      Map.of(
          "Max cpu time", "RLIMIT_CPU",
          "Max data size", "RLIMIT_DATA",
          "Max stack size", "RLIMIT_STACK",
          "Max core file size", "RLIMIT_CORE",
          "Max locked memory", "RLIMIT_MEMLOCK",
          "Max open files", "RLIMIT_NOFILE",
          "Max address space", "RLIMIT_AS");

  /** File systems whose files are nowhere but in memory, or are none. */
  private static final Set<String> IN_MEMORY =
      Set.of(
          "cgroup",
          "cgroup2",
          "debugfs",
          "devpts",
          "devtmpfs",
          "hugetlbfs",
          "mqueue",
          "proc",
          "ramfs",
          "securityfs",
          "sysfs",
          "tmpfs",
          "tracefs");

  private LimitProbe() {}

  /**
   * Looks.
   *
   * @param mounts what else is mounted in the jail
   */
  static LimitFacts probe(
      JailSpec spec, CgroupLayout cgroups, List<MountLine> mounts, List<MountInfo> hostMounts)
      throws IOException {
    List<Disk> disks = new ArrayList<>();
    List<String> withoutDisk = new ArrayList<>();
    if (spec.rctlRules().stream().anyMatch(rule -> rule.action() == RctlAction.THROTTLE)) {
      findDisks(spec, mounts, hostMounts, disks, withoutDisk);
    }
    return new LimitFacts(
        hardLimits(Files.readAllLines(Path.of("/proc/self/limits"))),
        hasCapability(Files.readAllLines(Path.of("/proc/self/status")), CAP_SYS_RESOURCE),
        pageSize(Files.readAllBytes(Path.of("/proc/self/auxv"))),
        controllers(cgroups),
        disks,
        withoutDisk);
  }

  static Map<String, Long> hardLimits(List<String> lines) {
    Map<String, Long> limits = new HashMap<>();
    for (String line : lines) {
      Matcher matcher = LIMIT.matcher(line);
      if (matcher.matches() && LIMITS.containsKey(matcher.group(1))) {
        String hard = matcher.group(2);
        if (hard.matches("[0-9]{1,18}")) {
          limits.put(LIMITS.get(matcher.group(1)), Long.valueOf(hard));
        }
      }
    }
    return limits;
  }

  static boolean hasCapability(List<String> status, int number) {
    return status.stream()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
        .anyMatch(set -> (set >>> number & 1) == 1);
  }

  private static long pageSize(byte[] auxiliaryVector) {
    ByteBuffer pairs = ByteBuffer.wrap(auxiliaryVector).order(ByteOrder.nativeOrder());
    while (pairs.remaining() >= 2 * Long.BYTES) {
      long type = pairs.getLong();
      long value = pairs.getLong();
      if (type == AT_PAGESZ) {
        return value;
      }
    }
    return USUAL_PAGE;
  }

  private static Optional<Set<String>> controllers(CgroupLayout cgroups) throws IOException {
    return cgroups instanceof CgroupLayout.Unified(Path root)
        ? Optional.of(
            Set.of(Files.readString(root.resolve("cgroup.controllers")).strip().split(" ")))
        : Optional.empty();
  }

  // ---- disks

  private static void findDisks(
      JailSpec spec,
      List<MountLine> mounts,
      List<MountInfo> hostMounts,
      List<Disk> disks,
      List<String> withoutDisk)
      throws IOException {
    List<Path> written = new ArrayList<>();
    List<Path> onlyRead = new ArrayList<>();
    switch (spec.root()) {
      case JailSpec.Root.Directory(Path path) -> written.add(path);
      case JailSpec.Root.HostSystem host -> {
        written.add(host.taskDirectory());
        onlyRead.addAll(host.systemDirectories());
      }
    }
    for (BindMount mount : spec.mounts()) {
      (mount.readOnly() ? onlyRead : written).add(mount.source());
    }
    mounts.stream().flatMap(mount -> mount.source().stream()).forEach(written::add);
    for (Path path : written) {
      findDisk(path, true, hostMounts, disks).ifPresent(withoutDisk::add);
    }
    for (Path path : onlyRead) {
      findDisk(path, false, hostMounts, disks);
    }
  }

  /** Adds the disk of a path; tells what is in its way. */
  private static Optional<String> findDisk(
      Path path, boolean written, List<MountInfo> hostMounts, List<Disk> disks) throws IOException {
    Path there = path;
    while (!Files.exists(there)) { // It is made later, where its parent is.
      there = Optional.ofNullable(there.getParent()).orElse(Path.of("/"));
    }
    boolean isDisk = ((Integer) Files.getAttribute(there, "unix:mode") & TYPE) == BLOCK_DEVICE;
    String type =
        MountInfo.of(there.toRealPath(), hostMounts).map(MountInfo::type).orElse("unknown");
    if (!isDisk && IN_MEMORY.contains(type)) {
      return Optional.empty();
    }
    long device = (Long) Files.getAttribute(there, isDisk ? "unix:rdev" : "unix:dev");
    DeviceNumber number = DeviceNumber.of(device);
    if (number.major() == 0) {
      return Optional.of(path + " (" + type + ")");
    }
    Disk disk = whole(new Disk(path, number.major(), number.minor(), written));
    if (disks.stream().noneMatch(d -> d.major() == disk.major() && d.minor() == disk.minor())) {
      disks.add(disk);
    }
    return Optional.empty();
  }

  /** The kernel throttles whole disks, and refuses partitions. */
  private static Disk whole(Disk disk) throws IOException {
    Path sys = Path.of("/sys/dev/block", disk.major() + ":" + disk.minor());
    if (!Files.exists(sys.resolve("partition"))) {
      return disk;
    }
    String[] numbers = Files.readString(sys.toRealPath().resolve("../dev")).strip().split(":");
    return new Disk(
        disk.path(), Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), disk.written());
  }
}
