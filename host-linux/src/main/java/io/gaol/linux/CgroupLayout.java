package io.gaol.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the host's control groups are mounted: cgroups(7). */
public sealed interface CgroupLayout {
  /** Version 1's controllers, as the mount options of a hierarchy name them: cgroups(7). */
  Set<String> CONTROLLERS =
      Set.of(
          "blkio",
          "cpu",
          "cpuacct",
          "cpuset",
          "devices",
          "freezer",
          "hugetlb",
          "memory",
          "misc",
          "net_cls",
          "net_prio",
          "perf_event",
          "pids",
          "rdma");

  /**
   * Version 2 alone.
   *
   * @param root where it is mounted
   */
  record Unified(Path root) implements CgroupLayout {}

  /**
   * Version 1, one hierarchy for each controller or a few.
   *
   * @param hierarchies controllers to the directory of their hierarchy
   * @param unified where version 2 is mounted beside it with controllers of its own; crun refuses
   *     to run while it sees such a mount
   */
  record Legacy(Map<String, Path> hierarchies, Optional<Path> unified) implements CgroupLayout {
    /** Copies. */
    public Legacy {
      hierarchies = Map.copyOf(hierarchies);
    }
  }

  /** No control groups that could be used. */
  record Missing() implements CgroupLayout {}

  /** Every directory in which a task's group must be made. */
  default List<Path> roots() {
    return switch (this) {
      case Unified unified -> List.of(unified.root());
      case Legacy legacy -> legacy.hierarchies().values().stream().distinct().sorted().toList();
      case Missing m -> List.of();
    };
  }

  /**
   * Reads the layout off the mounted file systems.
   *
   * @param mounts what the host has mounted
   */
  static CgroupLayout read(List<MountInfo> mounts) throws IOException {
    Map<String, Path> hierarchies = new LinkedHashMap<>();
    Optional<Path> unified = Optional.empty();
    for (MountInfo mount : mounts) {
      if (mount.type().equals("cgroup")) {
        for (String option : mount.superOptions()) {
          if (option.startsWith("name=") || CONTROLLERS.contains(option)) {
            hierarchies.putIfAbsent(option, mount.target());
          }
        }
      } else if (mount.type().equals("cgroup2")) {
        unified = unified.or(() -> Optional.of(mount.target()));
      }
    }
    if (hierarchies.isEmpty()) {
      return unified.<CgroupLayout>map(Unified::new).orElseGet(Missing::new);
    }
    Optional<Path> withControllers = Optional.empty();
    if (unified.isPresent() && hasControllers(unified.get())) {
      withControllers = unified;
    }
    return new Legacy(hierarchies, withControllers);
  }

  private static boolean hasControllers(Path unified) throws IOException {
    Path file = unified.resolve("cgroup.controllers");
    return Files.exists(file) && !Files.readString(file).isBlank();
  }
}
