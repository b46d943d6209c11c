package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Step;
import io.gaol.engine.TaskContext;
import io.gaol.jail.Assignment;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.AssignmentReading;
import io.gaol.jail.Bytes;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.FreeBsdRelease;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlRule;
import io.gaol.jail.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreeBsdPlannerTest {
  private static final Path ROOT = Path.of("/jails/web");
  private static final TaskContext CONTEXT =
      new TaskContext(
          Path.of("/alloc/logs/.web.stdout.fifo"),
          Path.of("/alloc/logs/.web.stderr.fifo"),
          "SIGTERM",
          Duration.ofSeconds(5));

  private JailParameters parameters = JailParameters.NONE;
  private List<String> command = List.of("/bin/server", "-v");
  private List<RctlRule> rules = List.of();
  private Resources resources = Resources.UNLIMITED;
  private Map<String, String> variables = Map.of();
  private FreeBsdRelease release = new FreeBsdRelease(12, 2);
  private Optional<Boolean> racct = Optional.of(true);
  private boolean vimage = true;
  private Set<Integer> rulesets = Set.of(1, 2, 3, 4);
  private Set<String> kernels = FreeBsdSystemTest.PARAMETERS_OF_12_2;
  private Set<String> modules = Set.of();
  private LimitsWithoutRacct limits = LimitsWithoutRacct.REFUSE;
  private Map<Integer, List<String>> rulesetsOfFiles = Map.of();

  private void set(String name, String... values) {
    parameters = parameters.with(name, List.of(values));
  }

  private JailSpec spec() {
    return new JailSpec(
        new JailName("web-1a2b"),
        parameters,
        command,
        new Environment(variables),
        Optional.empty(),
        "/",
        new JailSpec.Root.Directory(ROOT),
        List.of(),
        List.of(),
        resources,
        rules,
        false,
        CapabilityChanges.NONE);
  }

  private Plan plan() throws PlanRefusedException {
    JailSpec spec = spec();
    List<String> problems = new ArrayList<>();
    FreeBsdFacts facts =
        new FreeBsdFacts(
            new FreeBsdSystem(
                release,
                true,
                false,
                vimage,
                racct,
                kernels,
                1,
                List.of(Path.of("/boot/kernel"), Path.of("/boot/modules")),
                List.of()),
            problems,
            ROOT,
            List.of(),
            JailMount.of(spec, ROOT, List.of(), List.of(), problems),
            command.isEmpty() ? Optional.empty() : Optional.of(Path.of(command.getFirst())),
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            rulesets,
            rulesetsOfFiles,
            modules);
    return new FreeBsdPlanner(
            new FreeBsdPlaces(Path.of("/var/db/gaol")), () -> "identity() {\n:\n}\n")
        .plan(spec, facts, CONTEXT.with(limits));
  }

  private List<String> problems() {
    return catchThrowableOfType(PlanRefusedException.class, this::plan).problems();
  }

  private List<String> steps() throws PlanRefusedException {
    return plan().steps().stream().map(Step::describe).toList();
  }

  private String written(String name) throws PlanRefusedException {
    return plan().steps().stream()
        .filter(Step.WriteFile.class::isInstance)
        .map(Step.WriteFile.class::cast)
        .filter(file -> file.path().endsWith(name))
        .findFirst()
        .orElseThrow()
        .content();
  }

  @Test
  void theKernelGetsItsParametersAndWhatHoldsTheJailAndNothingOfJail8sOwn()
      throws PlanRefusedException {
    set("allow.raw_sockets", "true");
    set("ip4.addr", "lo0|10.1.2.3/24", "10.1.2.4");
    set("exec.start", "echo it's");
    set("interface", "em0");
    set("exec.clean", "true");
    assertThat(written("jail.conf"))
        .isEqualTo(
            """
            web-1a2b {
              path = '/jails/web';
              persist = 'true';
              stop.timeout = '0';
              host.hostname = 'web-1a2b';
              allow.raw_sockets = 'true';
              ip4.addr = '10.1.2.3',
                '10.1.2.4';
            }
            """);
  }

  @Test
  void anAliasIsMadeAndTakenAwayAsJail8Does() throws PlanRefusedException {
    set("ip4.addr", "em0|10.0.0.5", "em0|10.0.0.6/24 mtu 1500");
    set("ip6.addr", "em0|fd00::5");
    List<Step.Make> aliases =
        plan().steps().stream()
            .filter(Step.Make.class::isInstance)
            .map(Step.Make.class::cast)
            .toList();
    assertThat(aliases)
        .extracting(alias -> String.join(" ", alias.make()))
        .containsExactly(
            "/sbin/ifconfig em0 inet 10.0.0.5 netmask 255.255.255.255 alias",
            "/sbin/ifconfig em0 inet 10.0.0.6/24 mtu 1500 alias",
            "/sbin/ifconfig em0 inet6 fd00::5 prefixlen 128 alias");
    assertThat(aliases)
        .extracting(alias -> String.join(" ", alias.undo().remove()))
        .containsExactly(
            "/sbin/ifconfig em0 inet 10.0.0.5 netmask 255.255.255.255 -alias",
            "/sbin/ifconfig em0 inet 10.0.0.6/24 -alias",
            "/sbin/ifconfig em0 inet6 fd00::5 prefixlen 128 -alias");
    assertThat(aliases).allSatisfy(alias -> assertThat(alias.refusedIfThere()).isFalse());
  }

  @Test
  void anInterfaceIsTakenBackBeforeTheJailIsRemoved() throws PlanRefusedException {
    set("vnet", "new");
    set("vnet.interface", "epair0b");
    List<Step> steps = plan().steps();
    int created = indexOf(steps, Step.Supervise.class);
    int moved = indexOf(steps, Step.Make.class);
    assertThat(moved).isGreaterThan(created);
    Step.Make move = (Step.Make) steps.get(moved);
    assertThat(move.make().get(2)).endsWith("exec /sbin/ifconfig \"$2\" vnet \"$1\"\n");
    assertThat(move.make().subList(4, 7)).isEqualTo(move.undo().remove().subList(4, 7));
    assertThat(move.undo().remove().subList(4, 6)).containsExactly("web-1a2b", "epair0b");
    assertThat(move.undo().remove().get(2))
        .contains("/usr/sbin/jls -j \"$1\" jid >/dev/null 2>&1 || exit 0\n")
        .contains("-vnet \"$1\"");
  }

  private static int indexOf(List<Step> steps, Class<? extends Step> kind) {
    for (int i = 0; i < steps.size(); i++) {
      if (kind.isInstance(steps.get(i))) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void aCommandBecomesTheMainProcessThroughJexec() throws PlanRefusedException {
    variables = Map.of("SECRET", "it's one");
    assertThat(written("jail.sh"))
        .endsWith(
            """
            echo created >&3
            echo running >&3
            echo started >&3
            set -- /bin/server -v
            . ./enter.sh
            exec "$@" 3>&-
            """)
        .contains("/usr/sbin/jail -q -f jail.conf -c \"$name\"")
        .doesNotContain("it's one", "SECRET");
    assertThat(written("enter.sh"))
        .isEqualTo(
            """
            unset GAOL_TASK GAOL_HOOK PWD OLDPWD
            export HOME=/root
            export PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/root/bin
            export SECRET='it'\\''s one'
            set -- /usr/sbin/jexec web-1a2b "$@"
            """);
    assertThat(plan().steps())
        .filteredOn(Step.WriteFile.class::isInstance)
        .extracting(step -> ((Step.WriteFile) step).shown().orElse(""))
        .noneMatch(shown -> shown.contains("it's one"))
        .contains(
            """
            unset GAOL_TASK GAOL_HOOK PWD OLDPWD
            export HOME=...
            export PATH=...
            export SECRET=...
            set -- /usr/sbin/jexec web-1a2b "$@"
            """);
  }

  @Test
  void aCleanEnvironmentHasTheTasksVariablesBesidesTheUsers() throws PlanRefusedException {
    set("exec.clean", "true");
    assertThat(written("enter.sh")).endsWith("\nset -- /usr/sbin/jexec -l web-1a2b \"$@\"\n");
    variables = Map.of("SECRET", "x");
    assertThat(written("enter.sh"))
        .endsWith(
            "\nset -- /usr/sbin/jexec -U root web-1a2b /bin/sh -c 'cd \"$HOME\" && exec \"$@\"' sh"
                + " \"$@\"\n");
  }

  @Test
  void whatTheTaskSaysGoesBeforeWhatJexecSets() throws PlanRefusedException {
    set("exec.clean", "true");
    variables = Map.of("PATH", "/mine", "SECRET", "x");
    assertThat(written("enter.sh"))
        .contains("\nexport GAOL_KEPT_PATH=/mine\n")
        .endsWith(
            " /bin/sh -c 'cd \"$HOME\" && PATH=$GAOL_KEPT_PATH; export PATH;"
                + " unset GAOL_KEPT_PATH; exec \"$@\"' sh \"$@\"\n");
  }

  @Test
  void aJailThatJail8DidNotMakeIsMarkedAsNotTheTasks() throws PlanRefusedException {
    assertThat(written("jail.sh")).contains("|| {\n  status=$?\n  : >not-created\n");
  }

  @Test
  void whetherAnAddressIsThereIsNotGuessed() throws PlanRefusedException {
    set("ip4.addr", "em0|10.0.0.5");
    Step.Make alias = (Step.Make) plan().steps().get(indexOf(plan().steps(), Step.Make.class));
    assertThat(alias.probe().get(2))
        .startsWith("shown=$(/sbin/ifconfig \"$1\" \"$2\" 2>&1) || {\n")
        .contains("*'does not exist'*) exit 1 ;;", "-ne 1 ] || status=2\n");
    assertThat(alias.probe().subList(3, 7))
        .containsExactly("ifconfig em0 inet", "em0", "inet", "10.0.0.5");
  }

  @Test
  void aTimeLimitIsKeptByTimeoutInTheForeground() throws PlanRefusedException {
    set("exec.start", "sh /etc/rc", "daemon &");
    set("exec.timeout", "60");
    assertThat(written("jail.sh"))
        .contains("/usr/bin/timeout --foreground -k 5 60 \"$@\" 3>&-")
        .contains("\nstart sh /etc/rc\n")
        .contains("\naside daemon\n");
  }

  @Test
  void limitsAreRulesOfTheNameAndGoWithIt() throws PlanRefusedException {
    rules =
        List.of(RctlRule.parse("vmemoryuse:deny=1G/process"), RctlRule.parse("openfiles:deny=500"));
    resources =
        new Resources(
            Optional.of(new Bytes(300L << 20)),
            Optional.empty(),
            OptionalLong.empty(),
            List.of(),
            OptionalLong.empty());
    Step.Make limits = (Step.Make) plan().steps().get(indexOf(plan().steps(), Step.Make.class));
    assertThat(limits.make())
        .containsExactly(
            "/usr/bin/rctl",
            "-a",
            "jail:web-1a2b:memoryuse:sigkill=300M",
            "jail:web-1a2b:memoryuse:log=300M",
            "jail:web-1a2b:memoryuse:devctl=300M",
            "jail:web-1a2b:vmemoryuse:deny=1G/process",
            "jail:web-1a2b:openfiles:deny=500");
    assertThat(limits.undo().remove()).containsExactly("/usr/bin/rctl", "-r", "jail:web-1a2b");
  }

  @Test
  void withoutAccountingWhatAJobAsksForIsRefusedAndWhatNomadGivesIsTold()
      throws PlanRefusedException {
    racct = Optional.of(false);
    resources =
        new Resources(
            Optional.of(new Bytes(1 << 20)),
            Optional.empty(),
            OptionalLong.empty(),
            List.of(),
            OptionalLong.empty());
    assertThat(plan().notes()).anySatisfy(note -> assertThat(note).contains("kern.racct.enable=1"));
    rules = List.of(RctlRule.parse("maxproc:deny=20"));
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("kern.racct.enable=1", "/boot/loader.conf");
    racct = Optional.empty();
    assertThat(problems()).singleElement().asString().contains("RACCT", "options RACCT");
  }

  @Test
  void anOperatorMayLetJobsRunWithoutTheirLimitsAndIsToldWhichTheyAre()
      throws PlanRefusedException {
    racct = Optional.of(false);
    rules = List.of(RctlRule.parse("maxproc:deny=20"), RctlRule.parse("openfiles:deny=500"));
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("maxproc:deny=20, openfiles:deny=500", "limits_without_racct = \"ignore\"");
    limits = LimitsWithoutRacct.IGNORE;
    assertThat(plan().notes())
        .containsExactly(
            "kern.racct.enable is 0 on this host: these limits are not held: maxproc:deny=20,"
                + " openfiles:deny=500");
    assertThat(steps()).noneMatch(step -> step.contains("limits"));
  }

  @Test
  void aRulesetThatIsNotLoadedIsLoadedFromTheHostsFilesOrTheJailIsRefused()
      throws PlanRefusedException {
    set("mount.devfs", "true");
    rulesets = Set.of();
    assertThat(problems()).singleElement().asString().contains("ruleset 4", "every device");
    rulesetsOfFiles = Map.of(1, List.of("hide"), 4, List.of("include 1", "path null unhide"));
    assertThat(steps())
        .containsSubsequence(
            "run devfs ruleset 1 on the host: devfs rule -s 1 add -",
            "run devfs ruleset 4 on the host: devfs rule -s 4 add -",
            "mount devfs on /jails/web/dev [ruleset=4]");
    rulesets = Set.of(1);
    assertThat(steps()).doesNotContain("run devfs ruleset 1 on the host: devfs rule -s 1 add -");
  }

  @Test
  void aRulesetOfALineOfFstabHasToBeThereToo() {
    set("mount", "devfs /jails/web/dev devfs rw,ruleset=99");
    assertThat(problems()).singleElement().asString().contains("ruleset 99 of devfs(8)");
  }

  @Test
  void aRulesetOfWhatTheJailMountsItselfHasToBeThereToo() {
    set("devfs_ruleset", "77");
    assertThat(problems()).singleElement().asString().contains("ruleset 77 of devfs(8)");
  }

  @Test
  void rulesetZeroIsNoRulesetAsJailMountsIt() throws PlanRefusedException {
    set("mount.devfs", "true");
    set("devfs_ruleset", "0");
    assertThat(steps()).contains("mount devfs on /jails/web/dev [ruleset=0]");
  }

  @Test
  void whatTheReleaseOrTheKernelDoesNotKnowIsRefused() {
    set("allow.adjtime", "true");
    assertThat(problems()).singleElement().asString().contains("allow.adjtime", "12.2", "15.0");
    parameters = JailParameters.NONE;
    set("zfs.dataset", "tank/x");
    assertThat(problems()).singleElement().asString().contains("zfs.dataset", "12.2", "15.0");
    parameters = JailParameters.NONE;
    set("vnet", "new");
    vimage = false;
    assertThat(problems()).singleElement().asString().contains("VIMAGE");
  }

  // ---- what the kernel lists

  private void listed(String... more) {
    kernels = new HashSet<>(kernels);
    kernels.addAll(List.of(more));
  }

  @Test
  void whatTheKernelListsDecidesAndNotTheRelease() throws PlanRefusedException {
    set("allow.adjtime", "true");
    set("meta.owner", "me");
    listed("allow.adjtime", "meta", "env");
    assertThat(written("jail.conf")).contains("allow.adjtime = 'true';\n", "meta.owner = 'me';\n");
    release = new FreeBsdRelease(15, 0);
    kernels = FreeBsdSystemTest.PARAMETERS_OF_12_2;
    assertThat(problems())
        .hasSize(2)
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .contains("has no such parameter", "a kernel that is built with it"));
  }

  @Test
  void aModuleThatBringsAParameterIsLoadedBeforeAllElseAndOnce() throws PlanRefusedException {
    set("linux.osname", "Linux");
    set("linux.osrelease", "4.4.0");
    set("allow.mount.ext2fs", "true");
    set("allow.vmm", "false");
    set("exec.prepare", "run prepare");
    modules = Set.of("linux", "ext2fs", "vmm");
    assertThat(steps().subList(0, 4))
        .containsExactly(
            "run kldload on the host: kldload -n linux",
            "run kldload on the host: kldload -n ext2fs",
            "run kldload on the host: kldload -n vmm",
            "run exec.prepare on the host: run prepare");
    Step.Run load = (Step.Run) plan().steps().getFirst();
    assertThat(load.command().arguments()).containsExactly("/sbin/kldload", "-n", "linux");
    listed("linux.", "linux.osname", "linux.osrelease");
    assertThat(steps()).doesNotContain("run kldload on the host: kldload -n linux");
  }

  @Test
  void aParameterWhoseModuleIsNotThereIsRefusedWithWhatWouldBringItAndTheNearestName() {
    set("allow.mount.tmpsf", "true");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("allow.mount.tmpsf: ")
        .contains("FreeBSD 12.2")
        .contains("the module tmpsf would bring it")
        .contains("no tmpsf.ko in /boot/kernel, /boot/modules")
        .endsWith("Did you mean \"allow.mount.tmpfs\"?");
  }

  @Test
  void aModuleThatIsTooOldForAParameterIsNotLoadedForIt() {
    set("allow.vmm_ppt", "true");
    modules = Set.of("vmm");
    assertThat(problems()).singleElement().asString().contains("allow.vmm_ppt", "since 15.1");
  }

  @Test
  void aParameterThatTheCatalogueDoesNotHaveIsTheKernelsIfItListsIt() throws PlanRefusedException {
    kernels = new HashSet<>(kernels);
    kernels.addAll(List.of("allow.newest", "newest.", "newest.text"));
    parameters =
        ((AssignmentReading.Accepted)
                AssignmentReader.ofCatalogue()
                    .read(
                        List.of(
                            Assignment.parse("allow.nonewest", ""),
                            Assignment.parse("newest", ""),
                            Assignment.parse("newest.text=any thing", "")),
                        () -> JailParameterCatalogue.besides(kernels)))
            .parameters();
    assertThat(written("jail.conf"))
        .contains("allow.newest = 'false';\n", "newest = 'new';\n", "newest.text = 'any thing';\n");
    kernels = FreeBsdSystemTest.PARAMETERS_OF_12_2;
    assertThat(problems())
        .hasSize(3)
        .allSatisfy(problem -> assertThat(problem).contains("has no such parameter"));
  }

  @Test
  void thereMustBeSomethingToRun() {
    command = List.of();
    assertThat(problems()).singleElement().asString().contains("nothing to run");
  }

  @Test
  void aPersistentJailIsStoodForByAProcessThatTheKillSignalEnds() throws PlanRefusedException {
    command = List.of();
    set("persist", "true");
    assertThat(written("jail.sh"))
        .contains("trap 'stay=0; kill $paused 2>/dev/null' TERM\n")
        .contains("identity $$ >keeper || exit 1\n")
        .contains("/usr/sbin/jls -j \"$name\" jid")
        .contains("/bin/pgrep -q -j \"$name\" .");
  }
}
