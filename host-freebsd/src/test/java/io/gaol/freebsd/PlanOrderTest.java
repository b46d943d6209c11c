package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Command;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Step;
import io.gaol.engine.TaskContext;
import io.gaol.jail.BindMount;
import io.gaol.jail.Bytes;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.FreeBsdRelease;
import io.gaol.jail.FstabLine;
import io.gaol.jail.IpVersion;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlRule;
import io.gaol.jail.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The order of a jail's steps, of every kind there is: jail(8)'s, with what jail(8) knows nothing
 * of between. Whoever changes the place of a step finds a table here that says otherwise.
 */
class PlanOrderTest {
  private static final Path ROOT = Path.of("/jails/web");
  private static final TaskContext CONTEXT =
      new TaskContext(Path.of("/a/stdout"), Path.of("/a/stderr"), "SIGTERM", Duration.ofSeconds(5));

  private static final List<String> AT_FIRST =
      List.of(
          // jails that must run first
          "depend: jail -c db",
          // from here on release is owed
          "owe 2 exec.release for the end",
          "exec.prepare: prepare 1",
          "exec.prepare: prepare 2");

  private static final List<String> FROM_THE_MOUNTS_ON =
      List.of(
          // what mounts need
          "mount point alloc",
          "mount point data",
          "devfs ruleset 1: devfs rule -s 1 add -",
          "devfs ruleset 4: devfs rule -s 4 add -",
          // the task's own, then mount, mount.fstab, mount.devfs, mount.fdescfs, mount.procfs
          "mount nullfs alloc",
          "mount tmpfs tmp",
          "mount nullfs data",
          "mount nullfs more",
          "mount devfs dev",
          "mount fdescfs dev/fd",
          "mount procfs proc",
          // from here on poststop is owed
          "owe 2 exec.poststop for the end",
          "exec.prestart: prestart 1",
          "exec.prestart: prestart 2",
          // rules hang on the name: they are there before the jail is
          "make limits memoryuse:sigkill=300M, memoryuse:log=300M, memoryuse:devctl=300M,"
              + " maxproc:deny=20",
          // the creation
          "write jail.conf",
          "write enter.sh",
          "write jail.sh",
          "fifo go",
          "jail -c",
          "write spec.json",
          "wait until the jail is created",
          "exec.created: created 1",
          "exec.created: created 2",
          "cpuset: 0,1",
          "make dataset zroot/one in the jail",
          "make dataset zroot/two in the jail");

  private static final List<String> AT_LAST =
      List.of("let the jail go on", "wait until the first command runs");

  private JailParameters parameters = JailParameters.NONE;

  private void set(String name, String... values) {
    parameters = parameters.with(name, List.of(values));
  }

  /** What every jail can have, whatever its network. */
  private void setAll() {
    for (String when :
        List.of(
            "prepare",
            "prestart",
            "created",
            "start",
            "poststart",
            "prestop",
            "stop",
            "poststop",
            "release")) {
      set("exec." + when, when + " 1", when + " 2");
    }
    set("depend", "db");
    set("mount", "tmpfs /jails/web/tmp tmpfs rw", "/data /jails/web/data nullfs ro");
    set("mount.devfs", "true");
    set("mount.fdescfs", "true");
    set("mount.procfs", "true");
    set("zfs.dataset", "zroot/one", "zroot/two");
  }

  private Plan plan(List<JailAddress> resolved) throws PlanRefusedException {
    JailSpec spec =
        new JailSpec(
            new JailName("web"),
            parameters,
            List.of("/bin/server"),
            Environment.EMPTY,
            Optional.empty(),
            "/",
            new JailSpec.Root.Directory(ROOT),
            List.of(new BindMount(Path.of("/a/alloc"), Path.of("/alloc"), false)),
            List.of(),
            new Resources(
                Optional.of(new Bytes(300L << 20)),
                Optional.empty(),
                OptionalLong.empty(),
                List.of(0, 1),
                OptionalLong.empty()),
            List.of(RctlRule.parse("maxproc:deny=20")),
            false,
            CapabilityChanges.NONE);
    List<String> problems = new ArrayList<>();
    FreeBsdFacts facts =
        new FreeBsdFacts(
            new RecordedFreeBsd(new FreeBsdRelease(15, 1)).system(),
            problems,
            ROOT,
            List.of(
                new FreeBsdFacts.MissingMountPoint(ROOT, ROOT.resolve("alloc")),
                new FreeBsdFacts.MissingMountPoint(ROOT, ROOT.resolve("data"))),
            JailMount.of(
                spec,
                ROOT,
                List.of(FstabLine.parse("/more /jails/web/more nullfs ro")),
                List.of(),
                problems),
            Optional.of(Path.of("/bin/server")),
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            resolved,
            Set.of(),
            Map.of(1, List.of("hide"), 4, List.of("include 1")),
            Set.of());
    return new FreeBsdPlanner(
            new FreeBsdPlaces(Path.of("/var/db/gaol")), () -> "identity() {\n:\n}\n")
        .plan(spec, facts, CONTEXT);
  }

  /** A step in few words; files and FIFOs are in the task's directory. */
  private static String brief(Step step) {
    return switch (step) {
      case Step.WriteFile write -> "write " + write.path().getFileName();
      case Step.MakeFifo fifo -> "fifo " + fifo.path().getFileName();
      case Step.Mount mount -> "mount " + mount.type() + " " + ROOT.relativize(mount.target());
      case Step.MakeMountPoint point -> "mount point " + ROOT.relativize(point.path());
      case Step.Run(Command command) -> command.name() + ": " + command.text();
      case Step.Supervise _ -> "jail -c";
      default -> step.describe();
    };
  }

  private static List<String> table(List<String> aliases, List<String> interfaces) {
    return Stream.of(AT_FIRST, aliases, FROM_THE_MOUNTS_ON, interfaces, AT_LAST)
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void aJailWithAddressesIsStartedInTheOrderOfJail8() throws PlanRefusedException {
    setAll();
    set("interface", "em0");
    set("ip4.addr", "10.0.0.5", "10.0.0.6/24");
    set("ip6.addr", "fd00::5", "fd00::6/64");
    set("host.hostname", "web.example");
    set("ip_hostname", "true");
    Plan plan =
        plan(
            List.of(
                JailAddress.parse(IpVersion.V6, "fd00::7"),
                JailAddress.parse(IpVersion.V4, "10.0.0.7")));
    List<String> aliases =
        List.of(
            // each version with what the host name has, IPv4 first
            "make alias 10.0.0.5 on em0",
            "make alias 10.0.0.6 on em0",
            "make alias 10.0.0.7 on em0",
            "make alias fd00::5 on em0",
            "make alias fd00::6 on em0",
            "make alias fd00::7 on em0");

    assertThat(plan.steps())
        .extracting(PlanOrderTest::brief)
        .containsExactlyElementsOf(table(aliases, List.of()));
  }

  @Test
  void aJailWithANetworkStackGetsItsInterfacesLastBeforeItGoesOn() throws PlanRefusedException {
    setAll();
    set("vnet", "new");
    set("vnet.interface", "epair0b", "epair1b");
    List<String> interfaces =
        List.of("make interface epair0b in the jail", "make interface epair1b in the jail");

    assertThat(plan(List.of()).steps())
        .extracting(PlanOrderTest::brief)
        .containsExactlyElementsOf(table(List.of(), interfaces));
  }

  @Test
  void theHostsSystemIsThereBeforeWhatTheTaskHasInIt() {
    set("mount", "/data /data nullfs ro");
    JailSpec spec =
        JailSpec.of(
            new JailName("web"),
            new JailSpec.Root.HostSystem(Path.of("/a/task"), List.of(), List.of("private")));
    List<String> problems = new ArrayList<>();
    List<JailMount> mounts =
        JailMount.of(
            new JailSpec(
                spec.name(),
                parameters,
                spec.command(),
                spec.environment(),
                spec.user(),
                spec.workDirectory(),
                spec.root(),
                List.of(new BindMount(Path.of("/a/alloc"), Path.of("/alloc"), false)),
                spec.devices(),
                spec.resources(),
                spec.rctlRules(),
                spec.sharesIpc(),
                spec.capabilities()),
            Path.of("/a/task"),
            List.of(),
            List.of(Path.of("/bin"), Path.of("/usr")),
            problems);

    assertThat(problems).isEmpty();
    assertThat(mounts)
        .extracting(mount -> mount.target().toString())
        .containsExactly(
            "/a/task/bin",
            "/a/task/usr",
            "/a/task/alloc",
            "/a/task/private",
            "/a/task/data",
            "/a/task/dev");
  }

  @Test
  void inTheJailItsCommandsComeAfterTheWordAndItsMainProcessLast() throws PlanRefusedException {
    setAll();
    Plan plan = plan(List.of());
    String script =
        plan.steps().stream()
            .filter(Step.WriteFile.class::isInstance)
            .map(Step.WriteFile.class::cast)
            .filter(write -> write.path().endsWith("jail.sh"))
            .findFirst()
            .orElseThrow()
            .content();

    assertThat(script.lines().filter(line -> !line.startsWith(" ")))
        .containsExactly(
            "# Gaol: makes the jail, runs in it what jail(8) would, becomes its main process.",
            "name=web",
            "cd /var/db/gaol/tasks/web || exit 1",
            "identity() {",
            ":",
            "}",
            "/usr/sbin/jail -q -f jail.conf -c \"$name\" >runtime.log 2>&1 3>&- </dev/null || {",
            "}",
            "echo created >&3",
            "read -r word <go || exit 1",
            "echo running >&3",
            "number=0",
            "start() {",
            "}",
            "aside() {",
            "}",
            "start start 1",
            "start start 2",
            "echo started >&3",
            "set -- /bin/server",
            ". ./enter.sh",
            "exec \"$@\" 3>&-");
    // jail(8) runs poststart when the commands in the jail are done, or the last one runs.
    assertThat(plan.whenStarted())
        .extracting(PlanOrderTest::brief)
        .containsExactly("exec.poststart: poststart 1", "exec.poststart: poststart 2");
  }

  @Test
  void aStopRunsPrestopOnTheHostAndThenStopInTheJail() throws PlanRefusedException {
    setAll();
    Plan plan = plan(List.of());

    assertThat(Stream.of(plan.prestop(), plan.stop()).flatMap(List::stream))
        .extracting(command -> command.where() + " " + command.text())
        .containsExactly("HOST prestop 1", "HOST prestop 2", "JAIL stop 1", "JAIL stop 2");
  }
}
