package io.gaol.linux;

import io.gaol.engine.HostCheck;
import io.gaol.engine.Programs;
import io.gaol.engine.Readiness;
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

/** Whether this host can make jails, by all that it is looked at for. */
final class LinuxReadiness {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  /** What a jail needs of the kernel: namespaces(7). */
  private static final List<String> NAMESPACES = List.of("mnt", "pid", "net", "uts", "ipc");

  /** What starts, enters and sets apart: all of util-linux. */
  private static final List<String> TOOLS = List.of("setsid", "nsenter", "unshare");

  /** What only some jails need: the program, for what, and how to get it. */
  private static final List<List<String>> EXTRAS =
      List.of(
          List.of("ip", "addresses of a jail's own, and vnet", "apt-get install iproute2"),
          List.of("tc", "addresses of a jail's own", "apt-get install iproute2"),
          List.of("setpriv", "exec.system_user", "apt-get install util-linux"));

  /** What the limits of a job need: cgroups(7). */
  private static final List<String> CONTROLLERS = List.of("memory", "cpu", "pids");

  private LinuxReadiness() {}

  /** Looks at the host, and runs crun(1) to see that it works. */
  static Readiness examine() throws InterruptedException {
    List<HostCheck> checks = new ArrayList<>();
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("kernel", System.getProperty("os.version"));
    checks.add(HostCheck.ok("kernel", "Linux " + System.getProperty("os.version")));
    // Empty, they are taken away from the node when it has them no more.
    attributes.put("cgroups", "");
    attributes.put("crun", "");
    Optional<Path> crun = LinuxProbe.program("crun");
    try {
      CgroupLayout cgroups = CgroupLayout.read(MountInfo.all());
      checks.addAll(needed(LinuxProbe.isAdministrator(), crun, LinuxProbe.init(), cgroups));
      checks.addAll(controllers(cgroups));
      version(cgroups).ifPresent(version -> attributes.put("cgroups", version));
    } catch (IOException unreadable) {
      checks.add(
          HostCheck.missing(
              "/proc",
              "/proc cannot be read (" + unreadable.getMessage() + "), and jails need it",
              "mount -t proc proc /proc"));
    }
    for (String tool : TOOLS) {
      checks.add(program(tool, tool + " is not installed", "apt-get install util-linux"));
    }
    for (String namespace : NAMESPACES) {
      checks.add(
          Files.exists(Path.of("/proc/self/ns", namespace))
              ? HostCheck.ok(namespace + " namespaces", "yes")
              : HostCheck.missing(
                  namespace + " namespaces",
                  "the kernel has no " + namespace + " namespaces, and jails need them",
                  ""));
    }
    if (crun.isPresent()) {
      HostCheck check = works(crun.get());
      if (check.state() == HostCheck.State.OK) {
        attributes.put("crun", check.found());
      }
      checks.add(check);
    }
    for (List<String> extra : EXTRAS) {
      HostCheck check =
          program(extra.get(0), "not installed: needed for " + extra.get(1), extra.get(2));
      checks.add(
          check.state() == HostCheck.State.OK
              ? check
              : HostCheck.warning(check.what(), check.found(), check.fix()));
    }
    return new Readiness(true, checks, attributes);
  }

  private static HostCheck program(String name, String absent, String fix) {
    return LinuxProbe.program(name)
        .map(path -> HostCheck.ok(name, path.toString()))
        .orElseGet(() -> HostCheck.missing(name, absent, fix));
  }

  /** What jails need that is not there, and how to get it. */
  static List<String> missing(
      boolean administrator, Optional<Path> crun, Optional<Path> init, CgroupLayout cgroups) {
    return HostCheck.problems(needed(administrator, crun, init, cgroups));
  }

  private static List<HostCheck> needed(
      boolean administrator, Optional<Path> crun, Optional<Path> init, CgroupLayout cgroups) {
    List<HostCheck> checks = new ArrayList<>();
    checks.add(
        administrator
            ? HostCheck.ok("root", "yes")
            : HostCheck.missing("root", "jails need root", "run gaol as root (sudo)"));
    checks.add(
        crun.map(path -> HostCheck.ok("crun", path.toString()))
            .orElseGet(
                () ->
                    HostCheck.missing(
                        "crun",
                        "crun is not installed",
                        "apt-get install crun (or your system's package of it)")));
    checks.add(
        init.map(path -> HostCheck.ok("init for jails", path.toString()))
            .orElseGet(
                () ->
                    HostCheck.missing(
                        "init for jails",
                        "no init for jails is installed",
                        "apt-get install catatonit (tini-static is fine too)")));
    checks.add(
        version(cgroups)
            .map(version -> HostCheck.ok("control groups", version))
            .orElseGet(
                () ->
                    HostCheck.missing(
                        "control groups",
                        "no control groups are mounted at /sys/fs/cgroup, and jails need them",
                        "mount -t cgroup2 cgroup2 /sys/fs/cgroup")));
    return checks;
  }

  private static Optional<String> version(CgroupLayout cgroups) {
    return switch (cgroups) {
      case CgroupLayout.Unified _ -> Optional.of("v2");
      case CgroupLayout.Legacy _ -> Optional.of("v1");
      case CgroupLayout.Missing _ -> Optional.empty();
    };
  }

  /** Without these a task would run without the limits that its job asks for. */
  private static List<HostCheck> controllers(CgroupLayout cgroups) throws IOException {
    List<String> there =
        switch (cgroups) {
          case CgroupLayout.Unified(Path root) ->
              List.of(Files.readString(root.resolve("cgroup.controllers")).strip().split(" "));
          case CgroupLayout.Legacy legacy -> List.copyOf(legacy.hierarchies().keySet());
          case CgroupLayout.Missing _ -> CONTROLLERS;
        };
    return CONTROLLERS.stream()
        .map(
            controller ->
                there.contains(controller)
                    ? HostCheck.ok(controller + " controller", "yes")
                    : HostCheck.missing(
                        controller + " controller",
                        "the kernel's control groups have no "
                            + controller
                            + " controller, and jobs' limits need it",
                        "look for cgroup_disable on its command line"))
        .toList();
  }

  /** {@code crun version 1.8.1} in its first line. */
  private static HostCheck works(Path crun) throws InterruptedException {
    String what = "crun --version";
    Path scratch = Path.of(Optional.ofNullable(System.getenv("TMPDIR")).orElse("/tmp"));
    try {
      Programs.Result result =
          Programs.run(
              scratch, List.of(crun.toString(), "--version"), Map.of(), Optional.of(ANSWER_LIMIT));
      if (result.successful()) {
        String first = result.output().lines().findFirst().orElse("");
        return HostCheck.ok(what, first.replace("crun version ", ""));
      }
      return HostCheck.missing(
          what, crun + " does not work (" + result.describe() + ")", "install it again");
    } catch (IOException failure) {
      return HostCheck.missing(
          what, crun + " cannot be run (" + failure.getMessage() + ")", "install it again");
    }
  }

  /** A text that changes with anything that {@link #examine} looks at. Runs nothing. */
  static String signature() {
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
