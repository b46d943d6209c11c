package io.gaol.linux;

import io.gaol.engine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether this host can make jails.
 *
 * @param problems what keeps it from it, and what to do about each; empty if nothing does
 * @param attributes what is known of it: {@code kernel}, {@code cgroups}, {@code crun}
 */
public record LinuxReadiness(List<String> problems, Map<String, String> attributes) {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  /** What a jail needs of the kernel: namespaces(7). */
  private static final List<String> NAMESPACES = List.of("mnt", "pid", "net", "uts", "ipc");

  /** What starts, enters and sets apart: all of util-linux. */
  private static final List<String> TOOLS = List.of("setsid", "nsenter", "unshare");

  /** What the limits of a job need: cgroups(7). */
  private static final List<String> CONTROLLERS = List.of("memory", "cpu", "pids");

  /** Copies. */
  public LinuxReadiness {
    problems = List.copyOf(problems);
    attributes = Map.copyOf(attributes);
  }

  /** Looks at the host, and runs crun(1) to see that it works. */
  public static LinuxReadiness examine() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("kernel", System.getProperty("os.version"));
    // Empty, they are taken away from the node when it has them no more.
    attributes.put("cgroups", "");
    attributes.put("crun", "");
    Optional<Path> crun = LinuxProbe.program("crun");
    try {
      CgroupLayout cgroups = CgroupLayout.read(MountInfo.all());
      problems.addAll(missing(LinuxProbe.isAdministrator(), crun, LinuxProbe.init(), cgroups));
      problems.addAll(missingControllers(cgroups));
      switch (cgroups) {
        case CgroupLayout.Unified _ -> attributes.put("cgroups", "v2");
        case CgroupLayout.Legacy _ -> attributes.put("cgroups", "v1");
        case CgroupLayout.Missing _ -> {
          // Told already.
        }
      }
    } catch (IOException unreadable) {
      problems.add("/proc cannot be read, and jails need it: " + unreadable.getMessage());
    }
    for (String tool : TOOLS) {
      if (LinuxProbe.program(tool).isEmpty()) {
        problems.add(tool + " is not installed: apt-get install util-linux");
      }
    }
    for (String namespace : NAMESPACES) {
      if (!Files.exists(Path.of("/proc/self/ns", namespace))) {
        problems.add("the kernel has no " + namespace + " namespaces, and jails need them");
      }
    }
    if (crun.isPresent()) {
      version(crun.get(), problems).ifPresent(version -> attributes.put("crun", version));
    }
    return new LinuxReadiness(problems, attributes);
  }

  /** What jails need that is not there, and how to get it. */
  static List<String> missing(
      boolean administrator, Optional<Path> crun, Optional<Path> init, CgroupLayout cgroups) {
    List<String> problems = new ArrayList<>();
    if (!administrator) {
      problems.add("jails need root: run gaol as root (sudo)");
    }
    if (crun.isEmpty()) {
      problems.add("crun is not installed: apt-get install crun (or your system's package of it)");
    }
    if (init.isEmpty()) {
      problems.add(
          "no init for jails is installed: apt-get install catatonit (tini-static is fine too)");
    }
    if (cgroups instanceof CgroupLayout.Missing) {
      problems.add("no control groups are mounted at /sys/fs/cgroup: jails need them");
    }
    return problems;
  }

  /** Without these a task would run without the limits that its job asks for. */
  static List<String> missingControllers(CgroupLayout cgroups) throws IOException {
    List<String> there =
        switch (cgroups) {
          case CgroupLayout.Unified(Path root) ->
              List.of(Files.readString(root.resolve("cgroup.controllers")).strip().split(" "));
          case CgroupLayout.Legacy legacy -> List.copyOf(legacy.hierarchies().keySet());
          case CgroupLayout.Missing _ -> CONTROLLERS;
        };
    return CONTROLLERS.stream()
        .filter(controller -> !there.contains(controller))
        .map(
            controller ->
                "the kernel's control groups have no "
                    + controller
                    + " controller, and jobs' limits need it: look for cgroup_disable on its"
                    + " command line")
        .toList();
  }

  /** {@code crun version 1.8.1} in its first line. */
  private static Optional<String> version(Path crun, List<String> problems)
      throws InterruptedException {
    Path scratch = Path.of(Optional.ofNullable(System.getenv("TMPDIR")).orElse("/tmp"));
    try {
      Programs.Result result =
          Programs.run(
              scratch, List.of(crun.toString(), "--version"), Map.of(), Optional.of(ANSWER_LIMIT));
      if (result.successful()) {
        return result.output().lines().findFirst().map(line -> line.replace("crun version ", ""));
      }
      problems.add(crun + " does not work (" + result.describe() + "): install it again");
    } catch (IOException failure) {
      problems.add(crun + " cannot be run: " + failure.getMessage());
    }
    return Optional.empty();
  }

  /** A text that changes with anything that {@link #examine} looks at. Runs nothing. */
  public static String signature() {
    try {
      return program("crun")
          + program("catatonit")
          + program("tini-static")
          + program("setsid")
          + program("nsenter")
          + program("unshare")
          + CgroupLayout.read(MountInfo.all())
          + LinuxProbe.isAdministrator();
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  private static String program(String name) throws IOException {
    Optional<Path> program = LinuxProbe.program(name);
    if (program.isEmpty()) {
      return name + "-";
    }
    FileTime changed = Files.getLastModifiedTime(program.get());
    return program.get() + " " + changed.toMillis() + " " + Files.size(program.get()) + "\n";
  }
}
