package io.gaol.linux;

import static io.gaol.engine.Command.Where.HOST;
import static io.gaol.engine.Command.Where.JAIL;

import io.gaol.engine.Command;
import io.gaol.engine.JailUser;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.PlannedSpec;
import io.gaol.engine.Progress;
import io.gaol.engine.SpecPrinter;
import io.gaol.engine.Step;
import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.engine.Supervised;
import io.gaol.engine.TaskContext;
import io.gaol.jail.Environment;
import io.gaol.jail.HookCommand;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Turns a spec and the facts of a Linux host into a plan. Touches nothing. The order is jail(8)'s:
 * prepare, mounts, prestart, creation, created, start, command, poststart.
 */
public final class LinuxPlanner {
  private final LinuxPlaces places;

  /** A planner for tasks whose files are there. */
  public LinuxPlanner(LinuxPlaces places) {
    this.places = places;
  }

  /** Where the kernel's own file systems are mounted in a jail of this spec. */
  static List<Path> kernelMountPoints(JailSpec spec) {
    List<Path> points = new ArrayList<>(List.of(Path.of("/proc"), Path.of("/dev")));
    if (spec.root() instanceof JailSpec.Root.HostSystem host) {
      points.add(Path.of("/sys"));
      host.hidden().forEach(name -> points.add(Path.of("/", name)));
    }
    return points;
  }

  /**
   * Plans a jail.
   *
   * @throws PlanRefusedException if this host cannot do it, with every reason
   */
  public Plan plan(JailSpec spec, LinuxFacts facts, TaskContext context)
      throws PlanRefusedException {
    LinuxSupport.Findings findings = LinuxSupport.examine(spec.parameters());
    List<String> problems = new ArrayList<>(findings.problems());
    problems.addAll(facts.jail().problems());
    problems.addAll(
        LinuxReadiness.missing(facts.administrator(), facts.crun(), facts.init(), facts.cgroups()));
    problems.addAll(LinuxSupport.problems(spec.parameters(), facts.jail()));
    JailMounts mounts =
        JailMounts.of(
            facts.jail().asked().mounts(),
            places.task(spec.name()),
            facts.jail().asked().hostMounts());
    problems.addAll(mounts.problems());
    problems.addAll(
        SecureLevel.broken(
            spec.parameters(),
            OciConfig.capabilities(spec.parameters()),
            facts.jail().devices().values()));
    Optional<JailLimits> limits = JailLimits.of(spec, facts, problems);
    List<String> notes = new ArrayList<>(findings.notes());
    Optional<LinuxNetwork> network =
        LinuxNetwork.of(spec, facts.network(), places.task(spec.name()), problems, notes);
    requireSomethingToRun(spec, facts, problems);
    PlannedSpec.twoUsers(spec).ifPresent(problems::add);
    if (!spec.capabilities().isEmpty()) {
      problems.add(
          "cap_add and cap_drop are not built yet: a task has a jailed root's capabilities, and"
              + " none unless it runs as root");
    }
    if (!problems.isEmpty()) {
      throw new PlanRefusedException(problems.stream().distinct().toList());
    }
    notes.addAll(mounts.notes());
    if (!mounts.mounts().isEmpty() && hasHostCommands(spec.parameters())) {
      notes.add(
          "mount: what is mounted is seen in the jail alone, and not by commands on the host");
    }
    notes.addAll(limits.orElseThrow().notes());
    return new Planning(spec, facts, context, limits.orElseThrow(), mounts, network.orElseThrow())
        .plan(notes);
  }

  private static boolean hasHostCommands(JailParameters parameters) {
    return Stream.of("prestart", "created", "poststart", "prestop", "poststop")
        .anyMatch(when -> !parameters.values("exec." + when).isEmpty());
  }

  private static void requireSomethingToRun(
      JailSpec spec, LinuxFacts facts, List<String> problems) {
    PlannedSpec.nothingToRun(spec).ifPresent(problems::add);
    boolean starts = !spec.parameters().values("exec.start").isEmpty();
    if (starts && !facts.jail().shell() && facts.jail().problems().isEmpty()) {
      problems.add(
          "Exec_start needs /bin/sh in the jail, and "
              + facts.jail().root()
              + " has none; use command instead, which needs no shell");
    }
    if (!spec.parameters().values("exec.stop").isEmpty()
        && !facts.jail().shell()
        && facts.jail().problems().isEmpty()
        && spec.parameters().commands("exec.stop").stream()
            .anyMatch(command -> command.arguments().getFirst().equals("/bin/sh"))) {
      problems.add("Exec_stop needs /bin/sh in the jail, and " + facts.jail().root() + " has none");
    }
  }

  /** One plan in the making. */
  private final class Planning {
    private final JailSpec spec;
    private final LinuxFacts facts;
    private final TaskContext context;
    private final JailLimits limits;
    private final JailMounts mounts;
    private final LinuxNetwork network;
    private final Path task;
    private final Optional<Duration> commandLimit;

    Planning(
        JailSpec spec,
        LinuxFacts facts,
        TaskContext context,
        JailLimits limits,
        JailMounts mounts,
        LinuxNetwork network) {
      this.spec = spec;
      this.facts = facts;
      this.context = context;
      this.limits = limits;
      this.mounts = mounts;
      this.network = network;
      this.task = places.task(spec.name());
      this.commandLimit =
          spec.parameters()
              .number("exec.timeout")
              .filter(seconds -> seconds > 0)
              .map(Duration::ofSeconds);
    }

    Plan plan(List<String> notes) {
      boolean waitsAfterCreation = !spec.parameters().values("exec.created").isEmpty();
      List<Step> steps = new ArrayList<>();
      steps.add(new Step.Owe("exec.release", hooks("exec.release", HOST)));
      steps.addAll(runs("exec.prepare"));
      steps.addAll(network.aliases());
      steps.addAll(mountPoints());
      steps.addAll(identity());
      steps.addAll(mounts.steps());
      steps.addAll(cgroups());
      steps.add(new Step.Owe("exec.poststop", hooks("exec.poststop", HOST)));
      steps.addAll(runs("exec.prestart"));
      steps.addAll(network.creation());
      if (!waitsAfterCreation) {
        steps.addAll(network.handingIn());
      }
      OciConfig config =
          new OciConfig(spec, facts, limits, mounts, network, context, task, waitsAfterCreation);
      steps.add(new Step.WriteFile(task.resolve(LinuxPlaces.CONFIG), config.toJson(), 0600));
      if (waitsAfterCreation) {
        steps.add(new Step.MakeFifo(task.resolve(OciConfig.GO), 0600));
      }
      steps.add(new Step.Supervise(supervised(config)));
      // Only people read it: it is written while the jail is being created.
      steps.add(new Step.WriteFile(task.resolve(LinuxPlaces.SPEC), SpecPrinter.json(spec), 0600));
      if (waitsAfterCreation) {
        steps.add(new Step.Await(Progress.CREATED));
        steps.addAll(runs("exec.created"));
        steps.addAll(network.handingIn());
        steps.add(new Step.Proceed(task.resolve(OciConfig.GO)));
      }
      steps.add(new Step.Await(Progress.RUNNING));
      steps.removeIf(step -> step instanceof Step.Owe owe && owe.commands().isEmpty());
      return new Plan(
          spec.name(),
          steps,
          runs("exec.poststart"),
          hooks("exec.prestop", HOST),
          hooks("exec.stop", JAIL),
          context.killSignal(),
          spec.parameters()
              .number("stop.timeout")
              .map(Duration::ofSeconds)
              .orElse(context.killTimeout()),
          notes,
          settings(),
          limits.watched());
    }

    private List<String> settings() {
      JailParameters parameters = spec.parameters();
      Map<String, String> ofHost = new LinkedHashMap<>();
      boolean ownHost = parameters.value("host").filter("inherit"::equals).isEmpty();
      if (ownHost && parameters.value("host.hostname").isEmpty()) {
        ofHost.put("host.hostname", spec.name().value());
      }
      if (parameters.value("allow.set_hostname").isEmpty()) {
        ofHost.put("allow.set_hostname", "false");
      }
      if (parameters.value("enforce_statfs").isEmpty()) {
        ofHost.put("enforce_statfs", "1");
      }
      return PlannedSpec.settings(parameters, ofHost);
    }

    private List<Step> runs(String parameter) {
      return hooks(parameter, HOST).stream().map(command -> (Step) new Step.Run(command)).toList();
    }

    private List<Command> hooks(String parameter, Command.Where where) {
      List<Command> commands = new ArrayList<>();
      for (HookCommand hook : spec.parameters().commands(parameter)) {
        Environment environment = environment();
        if (where == HOST) {
          hook = asSystemUser(hook);
          environment = ofSystemUser().and(environment.variables());
        }
        commands.add(Command.of(parameter, hook, where, commandLimit, environment));
      }
      return commands;
    }

    /** A command on the host, as whom exec.system_user says. */
    private HookCommand asSystemUser(HookCommand hook) {
      Optional<JailUser> user = facts.jail().asked().systemUser();
      if (user.isEmpty()) {
        return hook;
      }
      List<String> arguments = new ArrayList<>();
      arguments.add(facts.jail().asked().setpriv().orElseThrow().toString());
      arguments.add("--reuid=" + user.get().uid());
      arguments.add("--regid=" + user.get().gid());
      arguments.add(
          user.get().groups().isEmpty()
              ? "--clear-groups"
              : "--groups="
                  + String.join(",", user.get().groups().stream().map(String::valueOf).toList()));
      arguments.add("--");
      arguments.addAll(hook.arguments());
      return new HookCommand(hook.text(), arguments, hook.background());
    }

    private Environment ofSystemUser() {
      Map<String, String> variables = new TreeMap<>();
      facts
          .jail()
          .asked()
          .systemUser()
          .ifPresent(
              user -> {
                variables.put("HOME", user.home());
                variables.put("SHELL", user.shell());
                variables.put("USER", user.name());
                variables.put("LOGNAME", user.name());
              });
      return new Environment(variables);
    }

    /** jail(8) gives its commands JNAME and JPATH; Nomad's variables come on top. */
    private Environment environment() {
      return new Environment(
              Map.of("JNAME", spec.name().value(), "JPATH", facts.jail().root().toString()))
          .and(spec.environment().onHost().variables());
    }

    private List<Step> mountPoints() {
      // Only one task at a time has a task directory for its root; an operator's may serve many.
      boolean shared = spec.root() instanceof JailSpec.Root.Directory;
      List<Step> steps = new ArrayList<>();
      for (LinuxFacts.MissingMountPoint missing : facts.jail().missing()) {
        steps.add(
            new Step.MakeMountPoint(missing.base(), missing.path(), missing.directory(), shared));
      }
      return steps;
    }

    /** The files that show a host id and a UUID, for the jail alone. */
    private List<Step> identity() {
      List<HostIdentity.EtcFile> files = HostIdentity.files(spec.parameters());
      List<Step> steps = new ArrayList<>();
      Path folder = OciConfig.etc(task, facts);
      if (!files.isEmpty() && facts.jail().asked().layeredEtc()) {
        steps.add(new Step.MakeDirectory(folder, 0755, Removal.WITH_CONTENTS));
      }
      for (HostIdentity.EtcFile file : files) {
        steps.add(new Step.WriteBytes(folder.resolve(file.name()), file.hexadecimal(), 0444));
      }
      return steps;
    }

    private List<Step> cgroups() {
      List<Step> steps = new ArrayList<>();
      for (Path root : facts.cgroups().roots()) {
        steps.add(
            new Step.MakeDirectory(
                root.resolve(LinuxPlaces.cgroup(spec.name())), 0755, Removal.CGROUP));
      }
      if (facts.cgroups() instanceof CgroupLayout.Legacy legacy && limits.memory().isPresent()) {
        // On the group around the runtime's: its count of hits outlives the runtime's group.
        Path memory = legacy.hierarchies().get("memory").resolve(LinuxPlaces.cgroup(spec.name()));
        String bytes = Long.toString(limits.memory().get().count());
        steps.add(new Step.SetValue(memory.resolve("memory.limit_in_bytes"), bytes));
        if (facts.swapLimits()) {
          String withSwap = Long.toString(limits.memoryAndSwap().orElseThrow().count());
          steps.add(new Step.SetValue(memory.resolve("memory.memsw.limit_in_bytes"), withSwap));
        }
      }
      if (facts.cgroups() instanceof CgroupLayout.Legacy legacy && limits.cpuShares().isPresent()) {
        // A weight counts against the neighbours, and those of the runtime's group are none.
        Path cpu = legacy.hierarchies().get("cpu").resolve(LinuxPlaces.cgroup(spec.name()));
        steps.add(
            new Step.SetValue(
                cpu.resolve("cpu.shares"), Long.toString(limits.cpuShares().getAsLong())));
      }
      if (facts.cgroups() instanceof CgroupLayout.Legacy legacy
          && limits.cpuPercent().isPresent()) {
        // That it held the task up is counted in the group that has it.
        Path cpu = legacy.hierarchies().get("cpu").resolve(LinuxPlaces.cgroup(spec.name()));
        steps.add(
            new Step.SetValue(
                cpu.resolve("cpu.cfs_quota_us"),
                Long.toString(
                    limits.cpuPercent().getAsLong()
                        * OciConfig.PERCENT_OF_PERIOD.toNanos()
                        / 1000)));
      }
      return steps;
    }

    private Supervised supervised(OciConfig config) {
      List<String> runtime = new ArrayList<>();
      if (facts.cgroups() instanceof CgroupLayout.Legacy legacy && legacy.unified().isPresent()) {
        // crun refuses to run where it sees both versions with controllers.
        runtime.addAll(
            List.of(
                "unshare",
                "--mount",
                "--propagation",
                "slave",
                "/bin/sh",
                "-c",
                "umount \"$0\" && exec \"$@\"",
                legacy.unified().get().toString()));
      }
      runtime.addAll(
          List.of(
              facts.crun().orElseThrow().toString(),
              "--root",
              places.crunRoot().toString(),
              "--log",
              task.resolve(Supervised.RUNTIME_LOG).toString(),
              "run"));
      if (config.tellsProgressItself()) {
        runtime.addAll(List.of("--preserve-fds", "1"));
      }
      runtime.addAll(List.of("--bundle", task.toString(), spec.name().value()));
      return new Supervised(
          runtime,
          spec.parameters().values("exec.start"),
          context.stdout(),
          context.stderr(),
          facts.jail().asked().copy(),
          limits.memory().isPresent() ? memoryKills() : "echo no");
    }

    private String memoryKills() {
      String group = LinuxPlaces.cgroup(spec.name());
      return switch (facts.cgroups()) {
        case CgroupLayout.Unified(Path root) ->
            """
            while read -r event count; do
              [ "$event" = oom_kill ] && [ "$count" -gt 0 ] && echo yes && return
            done <%s/memory.events
            echo no"""
                .formatted(root.resolve(group));
        case CgroupLayout.Legacy legacy ->
            """
            cd "%s" || { echo no; return; }
            # What a kernel counts as a hit differs (6.18: nothing); how high it came does not. It
            # is the limit with swap that is hit where both are the same.
            hit=no
            for limit in memory memory.memsw; do
              [ -e "$limit.limit_in_bytes" ] || continue
              read -r most <"$limit.max_usage_in_bytes"
              read -r allowed <"$limit.limit_in_bytes"
              [ "$most" -lt "$allowed" ] || hit=yes
            done
            [ "$hit" = yes ] || { echo no; return; }
            # Version 1 counts kills in the group that the runtime has removed; the log tells.
            dmesg 2>/dev/null | grep -q "oom_memcg=[^,]*/%s," && echo yes || echo likely"""
                .formatted(legacy.hierarchies().get("memory").resolve(group), group);
        case CgroupLayout.Missing m -> "echo no";
      };
    }
  }
}
