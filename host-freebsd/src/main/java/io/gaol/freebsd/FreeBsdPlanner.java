package io.gaol.freebsd;

import static io.gaol.engine.Command.Where.HOST;
import static io.gaol.engine.Command.Where.JAIL;

import io.gaol.engine.Command;
import io.gaol.engine.JailUser;
import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.PlannedSpec;
import io.gaol.engine.Progress;
import io.gaol.engine.ShellText;
import io.gaol.engine.SpecPrinter;
import io.gaol.engine.Step;
import io.gaol.engine.Supervised;
import io.gaol.engine.TaskContext;
import io.gaol.engine.ToolLimit;
import io.gaol.engine.Undo;
import io.gaol.jail.Environment;
import io.gaol.jail.HookCommand;
import io.gaol.jail.InterfaceName;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.IpVersion;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailNetwork;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlAction;
import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns a spec and the facts of a FreeBSD host into a plan. Touches nothing. The order is
 * jail(8)'s: prepare, aliases, mounts, prestart, creation, created, datasets and interfaces, start,
 * command, poststart. Rules of rctl(8) are there before the jail is.
 */
public final class FreeBsdPlanner {
  /** A jail of the operator's may have much to start. */
  private static final Duration DEPENDENCY_LIMIT = ToolLimit.TIME.multipliedBy(10);

  /** What {@code jexec -u} and {@code -U} set: setusercontext(3). */
  private static final List<String> SET_BY_JEXEC =
      List.of("BLOCKSIZE", "HOME", "MAIL", "PATH", "SHELL", "USER");

  /** Before the name of one of these, on its way past jexec(8). */
  private static final String KEPT = "GAOL_KEPT_";

  private final FreeBsdPlaces places;
  private final Supplier<String> identityFunction;

  FreeBsdPlanner(FreeBsdPlaces places, Supplier<String> identityFunction) {
    this.places = places;
    this.identityFunction = identityFunction;
  }

  /** Whether sh(1) can have a variable of this name. */
  static boolean isShellVariable(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*");
  }

  /**
   * Plans a jail.
   *
   * @throws PlanRefusedException if this host cannot do it, with every reason
   */
  public Plan plan(JailSpec spec, FreeBsdFacts facts, TaskContext context)
      throws PlanRefusedException {
    List<String> problems = new ArrayList<>(facts.problems());
    List<String> notes = new ArrayList<>();
    problems.addAll(FreeBsdReadiness.problems(facts.system()));
    KernelParameters.examine(spec, facts, problems, notes);
    Optional<JailNetwork> network = network(spec, problems);
    List<RctlRule> rules = rules(spec, facts, context, problems, notes);
    // Where the root cannot be one, nobody has looked for them.
    List<Integer> rulesets =
        facts.problems().isEmpty() ? rulesets(spec.parameters(), facts, problems) : List.of();
    requireSomethingToRun(spec, facts, problems);
    if (!spec.capabilities().isEmpty()) {
      problems.add("cap_add and cap_drop are Linux's: FreeBSD has no such capabilities");
    }
    if (!spec.devices().isEmpty()) {
      problems.add(
          "devices: what a jail sees in its /dev is said by a ruleset of devfs(8): set"
              + " devfs_ruleset to one that shows them");
    }
    spec.environment().variables().keySet().stream()
        .filter(name -> !isShellVariable(name))
        .forEach(
            name ->
                notes.add(
                    "the variable \""
                        + name
                        + "\" is not passed on: sh(1) can have none of that"
                        + " name"));
    if (!facts.shell()) {
      spec.environment().variables().keySet().stream()
          .filter(Environment::isDynamicLinkers)
          .forEach(
              name ->
                  notes.add(
                      "the variable \""
                          + name
                          + "\" is not passed on: past programs of the host it needs a /bin/sh in"
                          + " the jail"));
    }
    if (spec.parameters().flag("exec.clean").orElse(false)
        && !spec.environment().variables().isEmpty()
        && !facts.shell()) {
      notes.add(
          "exec.clean: the task has none of its variables, as that needs a /bin/sh in the jail");
    }
    if (!problems.isEmpty()) {
      throw new PlanRefusedException(problems.stream().distinct().toList());
    }
    return new Planning(spec, facts, context, network.orElseThrow(), rules, rulesets).plan(notes);
  }

  /** Whether commands with a clean environment have the task's variables too: exec.clean. */
  private static boolean keepsVariables(JailSpec spec, FreeBsdFacts facts) {
    return facts.shell()
        && spec.environment().variables().keySet().stream()
            .anyMatch(FreeBsdPlanner::isShellVariable);
  }

  private static Optional<JailNetwork> network(JailSpec spec, List<String> problems) {
    try {
      return Optional.of(JailNetwork.of(spec.parameters(), UnaryOperator.identity()));
    } catch (InvalidValueException wrong) {
      problems.addAll(wrong.problems());
      return Optional.empty();
    }
  }

  private static List<RctlRule> rules(
      JailSpec spec,
      FreeBsdFacts facts,
      TaskContext context,
      List<String> problems,
      List<String> notes) {
    List<RctlRule> ofResources =
        RctlRules.of(spec.resources(), RctlRules.OverMemory.KILLED, OptionalLong.empty());
    boolean accounted = facts.system().racct().orElse(false);
    if (accounted) {
      List<RctlRule> all = RctlRules.together(ofResources, spec.rctlRules());
      problems.addAll(RctlRules.problems(spec.rctlRules()));
      return all;
    }
    if (!spec.rctlRules().isEmpty()) {
      String reason =
          facts.system().racct().isPresent()
              ? "kern.racct.enable is 0 on this host"
              : "this host's kernel has no RACCT and RCTL";
      String limits =
          spec.rctlRules().stream().map(RctlRule::toString).collect(Collectors.joining(", "));
      if (context.limitsWithoutRacct() == LimitsWithoutRacct.IGNORE) {
        notes.add(reason + ": these limits are not held: " + limits);
      } else {
        problems.add(
            reason
                + ", and the limits of rctl(8) need it ("
                + limits
                + "): "
                + (facts.system().racct().isPresent()
                    ? FreeBsdReadiness.ENABLE_RACCT
                    : FreeBsdReadiness.BUILD_RACCT)
                + "; or run such jobs without their limits: "
                + LimitsWithoutRacct.KEY
                + " = \"ignore\" in the plugin's config, --limits-without-racct=ignore of gaol");
      }
    }
    if (!ofResources.isEmpty()) {
      notes.add("without kern.racct.enable=1 the task's memory is not limited");
    }
    return List.of();
  }

  /** The rulesets of devfs(8) to load first: without its own a jail sees every device. */
  private static List<Integer> rulesets(
      JailParameters parameters, FreeBsdFacts facts, List<String> problems) {
    Set<Integer> missing = new LinkedHashSet<>();
    for (int number : JailMount.rulesets(parameters, facts.mounts())) {
      if (facts.rulesets().contains(number)) {
        continue;
      }
      List<Integer> needed = DevfsRules.needed(number, facts.rulesetsOfFiles());
      if (needed.isEmpty()) {
        problems.add(
            "the ruleset "
                + number
                + " of devfs(8) is neither in the kernel nor in devfs.rules(5), and without it the"
                + " jail would see every device of the host: load it, or choose another"
                + " devfs_ruleset");
      }
      needed.stream().filter(set -> !facts.rulesets().contains(set)).forEach(missing::add);
    }
    return List.copyOf(missing);
  }

  private static void requireSomethingToRun(
      JailSpec spec, FreeBsdFacts facts, List<String> problems) {
    PlannedSpec.nothingToRun(spec).ifPresent(problems::add);
    PlannedSpec.twoUsers(spec).ifPresent(problems::add);
    if (!spec.command().isEmpty() && !spec.workDirectory().equals("/") && !facts.shell()) {
      problems.add("work_dir needs /bin/sh in the jail, and " + facts.root() + " has none");
    }
  }

  /** One plan in the making. */
  private final class Planning {
    private final JailSpec spec;
    private final FreeBsdFacts facts;
    private final TaskContext context;
    private final JailNetwork network;
    private final List<RctlRule> rules;
    private final List<Integer> rulesets;
    private final JailParameters parameters;
    private final Path task;
    private final Optional<Duration> commandLimit;

    Planning(
        JailSpec spec,
        FreeBsdFacts facts,
        TaskContext context,
        JailNetwork network,
        List<RctlRule> rules,
        List<Integer> rulesets) {
      this.spec = spec;
      this.facts = facts;
      this.context = context;
      this.network = network;
      this.rules = rules;
      this.rulesets = rulesets;
      this.parameters = spec.parameters();
      this.task = places.task(spec.name());
      this.commandLimit =
          parameters.number("exec.timeout").filter(seconds -> seconds > 0).map(Duration::ofSeconds);
    }

    Plan plan(List<String> notes) throws PlanRefusedException {
      List<Step> afterCreation = new ArrayList<>();
      afterCreation.addAll(runs("exec.created"));
      afterCreation.addAll(processors());
      afterCreation.addAll(datasets());
      afterCreation.addAll(handingIn());
      boolean waits = !afterCreation.isEmpty();

      List<Step> steps = new ArrayList<>();
      steps.addAll(modules());
      steps.addAll(dependencies());
      steps.add(new Step.Owe("exec.release", hooks("exec.release", HOST)));
      steps.addAll(runs("exec.prepare"));
      steps.addAll(aliases());
      steps.addAll(mounts());
      steps.addAll(MountsOfJail.steps(parameters, facts.root(), task));
      steps.add(new Step.Owe("exec.poststop", hooks("exec.poststop", HOST)));
      steps.addAll(runs("exec.prestart"));
      steps.addAll(limits());
      steps.add(
          Step.WriteFile.shown(
              task.resolve(FreeBsdPlaces.CONF), KernelParameters.conf(spec, facts, network), 0600));
      steps.add(
          new Step.WriteFile(
              task.resolve(FreeBsdPlaces.ENTER),
              JailScript.enter(variables(), jexec()),
              0600,
              Optional.of(JailScript.enter(withoutValues(variables()), jexec()))));
      steps.add(
          Step.WriteFile.shown(task.resolve(FreeBsdPlaces.SCRIPT), script(waits).text(), 0600));
      if (waits) {
        steps.add(new Step.MakeFifo(task.resolve(FreeBsdPlaces.GO), 0600));
      }
      steps.add(
          new Step.Supervise(
              new Supervised(
                  List.of(BaseSystem.SH, task.resolve(FreeBsdPlaces.SCRIPT).toString()),
                  parameters.values("exec.start"),
                  context.stdout(),
                  context.stderr(),
                  facts.copy(),
                  memoryKills())));
      // Only people read it: it is written while the jail is being created.
      steps.add(new Step.WriteFile(task.resolve(FreeBsdPlaces.SPEC), SpecPrinter.json(spec), 0600));
      if (waits) {
        steps.add(new Step.Await(Progress.CREATED));
        steps.addAll(afterCreation);
        steps.add(new Step.Proceed(task.resolve(FreeBsdPlaces.GO)));
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
          parameters.number("stop.timeout").map(Duration::ofSeconds).orElse(context.killTimeout()),
          notes,
          PlannedSpec.settings(parameters, KernelParameters.ofHost(spec)));
    }

    // ---- before the jail

    /** They stay, as those do that libjail loads. */
    private List<Step> modules() {
      List<Step> steps = new ArrayList<>();
      for (String module : KernelParameters.modules(spec, facts)) {
        steps.add(
            new Step.Run(
                new Command(
                    "kldload",
                    "kldload -n " + module,
                    List.of(BaseSystem.KLDLOAD, "-n", module),
                    HOST,
                    Optional.of(ToolLimit.TIME),
                    false,
                    Environment.EMPTY)));
      }
      return steps;
    }

    /**
     * A jail that is there may still be starting, for another task; and of two tasks that start one
     * at once, one fails and finds the other's.
     */
    private static final String DEPEND =
        """
        settled() {
          while %s -q -f -x "(/.*/)?jail (-.* )?-c $1"; do %s 1; done
          %s -j "$1" jid >/dev/null 2>&1
        }
        settled "$1" && exit 0
        %s -c "$1" && exit 0
        status=$?
        settled "$1" || exit "$status"
        """
            .formatted(BaseSystem.PGREP, BaseSystem.SLEEP, BaseSystem.JLS, BaseSystem.JAIL);

    /** Jails of the operator's, from the host's own jail.conf(5). */
    private List<Step> dependencies() {
      List<Step> steps = new ArrayList<>();
      for (String other : parameters.values("depend")) {
        steps.add(
            new Step.Run(
                new Command(
                    "depend",
                    "jail -c " + other,
                    List.of(BaseSystem.SH, "-c", DEPEND, "sh", other),
                    HOST,
                    Optional.of(commandLimit.orElse(DEPENDENCY_LIMIT)),
                    false,
                    Environment.EMPTY)));
      }
      return steps;
    }

    /** As jail(8) makes them with ifconfig(8); one that is there already stays. */
    private List<Step> aliases() {
      List<Step> steps = new ArrayList<>();
      List<JailAddress> all = new ArrayList<>(network.ip4());
      all.addAll(resolved(IpVersion.V4));
      all.addAll(network.ip6());
      all.addAll(resolved(IpVersion.V6));
      for (JailAddress address : all) {
        address
            .interfaceName()
            .or(network::aliasInterface)
            .ifPresent(name -> steps.add(alias(name, address)));
      }
      return steps;
    }

    private List<JailAddress> resolved(IpVersion version) {
      return facts.resolved().stream().filter(address -> address.version() == version).toList();
    }

    private Step alias(InterfaceName name, JailAddress address) {
      boolean version4 = address.version().bits() == 32;
      String family = version4 ? "inet" : "inet6";
      List<String> where = new ArrayList<>(List.of(BaseSystem.IFCONFIG, name.toString(), family));
      if (address.prefixLength().isPresent()) {
        where.add(address.address() + "/" + address.prefixLength().getAsInt());
      } else {
        where.add(address.address());
        where.addAll(
            version4 ? List.of("netmask", "255.255.255.255") : List.of("prefixlen", "128"));
      }
      List<String> make = new ArrayList<>(where);
      make.addAll(address.parameters());
      make.add("alias");
      List<String> remove = new ArrayList<>(where);
      remove.add("-alias");
      List<String> probe =
          List.of(
              BaseSystem.SH,
              "-c",
              HAS_ADDRESS,
              "ifconfig " + name + " " + family,
              name.toString(),
              family,
              address.address());
      String what = "alias " + address.address() + " on " + name;
      return new Step.Make(what, probe, false, make, new Undo.Unmake(what, probe, remove));
    }

    /** An interface that is not there has none; whatever else ifconfig(8) says is no answer. */
    private static final String HAS_ADDRESS =
        """
        shown=$(%s "$1" "$2" 2>&1) || {
          status=$?
          case $shown in *'does not exist'*) exit 1 ;; esac
          echo "$shown"
          [ "$status" -ne 1 ] || status=2
          exit "$status"
        }
        case $shown in *"$2 $3 "*) exit 0 ;; *) exit 1 ;; esac"""
            .formatted(BaseSystem.IFCONFIG);

    private List<Step> mounts() {
      List<Step> steps = new ArrayList<>();
      boolean shared = spec.root() instanceof JailSpec.Root.Directory;
      for (FreeBsdFacts.MissingMountPoint missing : facts.missing()) {
        steps.add(new Step.MakeMountPoint(missing.base(), missing.path(), true, shared));
      }
      for (int set : rulesets) {
        steps.add(
            new Step.Run(
                new Command(
                    "devfs ruleset " + set,
                    "devfs rule -s " + set + " add -",
                    List.of(
                        BaseSystem.SH,
                        "-c",
                        "printf '%%s\\n' \"$2\" | %s rule -s \"$1\" add -"
                            .formatted(BaseSystem.DEVFS),
                        "sh",
                        Integer.toString(set),
                        String.join("\n", facts.rulesetsOfFiles().get(set))),
                    HOST,
                    Optional.of(ToolLimit.TIME),
                    false,
                    Environment.EMPTY)));
      }
      for (JailMount mount : facts.mounts()) {
        steps.add(
            new Step.Mount(
                mount.type(), mount.source(), facts.root(), mount.target(), mount.options()));
      }
      return steps;
    }

    /** Rules hang on the name: they are in force as soon as a jail of it is there. */
    private List<Step> limits() {
      if (rules.isEmpty()) {
        return List.of();
      }
      List<String> add = new ArrayList<>(List.of(BaseSystem.RCTL, "-a"));
      rules.forEach(rule -> add.add(rule.forJail(spec.name())));
      String subject = "jail:" + spec.name();
      String what =
          "limits " + rules.stream().map(RctlRule::toString).collect(Collectors.joining(", "));
      return List.of(
          new Step.Make(
              what,
              List.of(),
              true,
              add,
              new Undo.Unmake(
                  what,
                  List.of(
                      BaseSystem.SH,
                      "-c",
                      "rules=$(%s \"$1\") || exit 2\n[ -n \"$rules\" ]".formatted(BaseSystem.RCTL),
                      "sh",
                      subject),
                  List.of(BaseSystem.RCTL, "-r", subject))));
    }

    // ---- the jail

    private JailScript script(boolean waits) {
      return new JailScript(
          spec.name(),
          task,
          waits,
          parameters.commands("exec.start"),
          commandLimit,
          main(),
          parameters.flag("persist").orElse(false),
          context.killSignal().replaceFirst("^SIG", ""),
          identityFunction.get());
    }

    private List<String> main() {
      if (spec.command().isEmpty()) {
        return List.of();
      }
      List<String> main = new ArrayList<>();
      if (!spec.workDirectory().equals("/")) {
        main.addAll(List.of(BaseSystem.SH, "-c", "cd \"$0\" && exec \"$@\"", spec.workDirectory()));
      }
      main.add(facts.program().orElseThrow().toString());
      main.addAll(spec.command().subList(1, spec.command().size()));
      return main;
    }

    /**
     * jexec(8) does what jail(8) does for its own commands in the jail. A clean environment ({@code
     * -l}) would be without the task's variables too: then the user's are set besides, as {@code
     * -U} does, and sh(1) goes to his home.
     */
    private List<String> jexec() {
      boolean clean = parameters.flag("exec.clean").orElse(false);
      boolean keeps = clean && keepsVariables(spec, facts);
      List<String> prefix = new ArrayList<>();
      if (network.fib().isPresent()) {
        prefix.addAll(List.of(BaseSystem.SETFIB, Integer.toString(network.fib().getAsInt())));
      }
      prefix.add(BaseSystem.JEXEC);
      if (clean && !keeps) {
        prefix.add("-l");
      }
      if (facts.user().isPresent()) {
        boolean ofHost = parameters.flag("exec.system_jail_user").orElse(false);
        prefix.addAll(List.of(ofHost ? "-u" : "-U", facts.user().get().name()));
      } else if (keeps) {
        prefix.addAll(List.of("-U", "root"));
      }
      prefix.add(spec.name().value());
      String before = (keeps ? "cd \"$HOME\" && " : "") + restoring();
      if (!before.isEmpty()) {
        prefix.addAll(List.of(BaseSystem.SH, "-c", before + "exec \"$@\"", "sh"));
      }
      return prefix;
    }

    /** What the task says goes before what a user of login.conf(5) has, which jexec(8) sets. */
    private String restoring() {
      return restored()
          .map(name -> "%1$s=$%2$s%1$s; export %1$s; unset %2$s%1$s; ".formatted(name, KEPT))
          .collect(Collectors.joining());
    }

    /** And what a dynamic linker reads, which jexec(8), a program of the host, may not. */
    private Stream<String> restored() {
      boolean sets = facts.user().isPresent() || keepsVariables(spec, facts);
      return spec.environment().variables().keySet().stream()
          .filter(name -> facts.shell() && isShellVariable(name))
          .filter(
              name -> Environment.isDynamicLinkers(name) || (sets && SET_BY_JEXEC.contains(name)));
    }

    private Map<String, String> variables() {
      Map<String, String> variables = new TreeMap<>();
      variables.put("PATH", JailScript.PATH);
      variables.put("HOME", facts.user().map(JailUser::home).orElse("/root"));
      spec.environment()
          .onHost()
          .variables()
          .forEach(
              (name, value) -> {
                if (isShellVariable(name)) {
                  variables.put(name, value);
                }
              });
      restored()
          .forEach(name -> variables.put(KEPT + name, spec.environment().variables().get(name)));
      return variables;
    }

    /** As people may see them. */
    private static Map<String, String> withoutValues(Map<String, String> variables) {
      Map<String, String> names = new TreeMap<>(variables);
      names.replaceAll((name, value) -> "...");
      return names;
    }

    /**
     * The kernel says which rule that only logs was reached: one at the amount of one that ends.
     */
    private String memoryKills() {
      Set<Long> hard =
          rules.stream()
              .filter(rule -> rule.resource() == RctlResource.MEMORYUSE)
              .filter(rule -> rule.action() != RctlAction.LOG)
              .filter(rule -> rule.action() != RctlAction.DEVCTL)
              .map(RctlRule::amount)
              .collect(Collectors.toSet());
      List<String> told =
          rules.stream()
              .filter(rule -> rule.resource() == RctlResource.MEMORYUSE)
              .filter(rule -> rule.action() == RctlAction.LOG && hard.contains(rule.amount()))
              .map(
                  rule ->
                      "rctl: rule \"jail:" + spec.name() + ":memoryuse:log=" + rule.amount() + "\"")
              .toList();
      if (told.isEmpty()) {
        return "echo no";
      }
      return "%s 2>/dev/null | %s -Fq %s && echo likely || echo no"
          .formatted(
              BaseSystem.DMESG,
              BaseSystem.GREP,
              told.stream()
                  .map(text -> "-e " + ShellText.word(text))
                  .collect(Collectors.joining(" ")));
    }

    // ---- after its creation

    private List<Step> processors() {
      List<Integer> cores = spec.resources().cores();
      if (cores.isEmpty()) {
        return List.of();
      }
      String list = cores.stream().map(String::valueOf).collect(Collectors.joining(","));
      return List.of(
          new Step.Run(
              new Command(
                  "cpuset",
                  list,
                  List.of(BaseSystem.CPUSET, "-l", list, "-j", spec.name().value()),
                  HOST,
                  Optional.of(ToolLimit.TIME),
                  false,
                  Environment.EMPTY)));
    }

    /** One that does not leave the jail now leaves it when the jail goes. */
    private List<Step> datasets() {
      List<Step> steps = new ArrayList<>();
      for (String dataset : parameters.values("zfs.dataset")) {
        String what = "dataset " + dataset + " in the jail";
        steps.add(
            new Step.Make(
                what,
                List.of(),
                true,
                List.of(BaseSystem.ZFS, "jail", spec.name().value(), dataset),
                new Undo.Unmake(
                    what,
                    List.of(),
                    ifThere(BaseSystem.ZFS + " unjail \"$1\" \"$2\" || :", dataset))));
      }
      return steps;
    }

    private List<Step> handingIn() {
      return network.handedIn().stream()
          .map(name -> HandedInInterface.step(name, spec.name(), task))
          .toList();
    }

    private List<String> ifThere(String script, String argument) {
      return List.of(
          BaseSystem.SH,
          "-c",
          "%s -j \"$1\" jid >/dev/null 2>&1 || exit 0\n%s".formatted(BaseSystem.JLS, script),
          "sh",
          spec.name().value(),
          argument);
    }

    // ---- commands

    private List<Step> runs(String parameter) {
      return hooks(parameter, HOST).stream().map(command -> (Step) new Step.Run(command)).toList();
    }

    private List<Command> hooks(String parameter, Command.Where where) {
      List<Command> commands = new ArrayList<>();
      for (HookCommand hook : parameters.commands(parameter)) {
        Environment environment = Environment.EMPTY;
        if (where == HOST) {
          hook = asSystemUser(hook);
          environment = hookEnvironment();
        }
        commands.add(Command.of(parameter, hook, where, commandLimit, environment));
      }
      return commands;
    }

    /** chroot(8) to where one is changes the user and his groups, and nothing else. */
    private HookCommand asSystemUser(HookCommand hook) {
      Optional<JailUser> user = facts.systemUser();
      if (user.isEmpty()) {
        return hook;
      }
      String group = Integer.toString(user.get().gid());
      // Without -G he would keep the further groups of who runs this; and -g puts his own in the
      // place of the first of these: setgroups(2).
      String groups =
          Stream.concat(
                  Stream.of(group),
                  user.get().groups().stream()
                      .map(String::valueOf)
                      .filter(one -> !one.equals(group)))
              .collect(Collectors.joining(","));
      List<String> arguments =
          new ArrayList<>(
              List.of(BaseSystem.CHROOT, "-u", user.get().name(), "-g", group, "-G", groups, "/"));
      arguments.addAll(hook.arguments());
      return new HookCommand(hook.text(), arguments, hook.background());
    }

    /** jail(8) gives its commands JNAME and JPATH; Nomad's variables come on top. */
    private Environment hookEnvironment() {
      Map<String, String> variables = new TreeMap<>();
      variables.put("JNAME", spec.name().value());
      variables.put("JPATH", facts.root().toString());
      facts
          .systemUser()
          .ifPresent(
              user -> {
                variables.put("HOME", user.home());
                variables.put("SHELL", user.shell());
                variables.put("USER", user.name());
              });
      return new Environment(variables).and(spec.environment().onHost().variables());
    }
  }
}
