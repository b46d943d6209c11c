package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.gaol.engine.Command;
import io.gaol.engine.JailUser;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Step;
import io.gaol.engine.Supervised;
import io.gaol.engine.TaskContext;
import io.gaol.jail.Assignment;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.AssignmentReading;
import io.gaol.jail.BindMount;
import io.gaol.jail.Bytes;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.InterfaceName;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.ParameterType;
import io.gaol.jail.RctlRule;
import io.gaol.jail.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxPlannerTest {
  private static final CgroupLayout V2 = new CgroupLayout.Unified(Path.of("/sys/fs/cgroup"));
  private static final CgroupLayout V1 =
      new CgroupLayout.Legacy(
          Map.of(
              "memory", Path.of("/cg/memory"),
              "cpu", Path.of("/cg/cpu"),
              "cpuset", Path.of("/cg/cpuset"),
              "pids", Path.of("/cg/pids")),
          Optional.empty());
  private static final CgroupLayout HYBRID =
      new CgroupLayout.Legacy(
          Map.of("memory", Path.of("/cg/memory"), "cpu", Path.of("/cg/cpu")),
          Optional.of(Path.of("/cg/unified")));
  private static final JailUser ROOT = new JailUser("root", 0, 0, List.of(), "/root", "/bin/sh");
  private static final Path ROOT_DIRECTORY = Path.of("/srv/web");
  private static final Path TASK = Path.of("/state/tasks/web-1a2b");

  private JailParameters parameters = JailParameters.NONE;
  private List<String> command = List.of("/bin/true");
  private Resources resources = Resources.UNLIMITED;
  private List<RctlRule> rules = List.of();
  private CapabilityChanges capabilities = CapabilityChanges.NONE;
  private CgroupLayout cgroups = V2;
  private NetworkFacts network = NetworkFacts.UNUSED;
  private boolean shell = true;
  private List<LinuxFacts.MissingMountPoint> missing = List.of();
  private List<BindMount> mounts = List.of();
  private Asked asked = Asked.nothing("6.1.0-13-amd64");

  private void set(String name, String... values) {
    parameters = parameters.with(name, List.of(values));
  }

  private Plan plan() throws PlanRefusedException {
    JailSpec spec =
        new JailSpec(
            new JailName("web-1a2b"),
            parameters,
            command,
            new Environment(Map.of("TOKEN", "s3cret")),
            Optional.empty(),
            "/",
            new JailSpec.Root.Directory(ROOT_DIRECTORY),
            mounts,
            List.of(),
            resources,
            rules,
            false,
            capabilities);
    LinuxFacts facts =
        new LinuxFacts(
            "amd64",
            true,
            cgroups,
            false,
            2,
            Optional.of(Path.of("/usr/bin/crun")),
            Optional.of(Path.of("/usr/bin/catatonit")),
            network,
            new LinuxFacts.JailFacts(
                List.of(),
                ROOT_DIRECTORY,
                List.of(),
                missing,
                Optional.of(ROOT),
                command.stream().findFirst().map(Path::of),
                shell,
                Map.of(),
                asked),
            LimitFacts.NONE);
    return new LinuxPlanner(new LinuxPlaces(Path.of("/state")))
        .plan(
            spec,
            facts,
            new TaskContext(
                Path.of("/logs/out"), Path.of("/logs/err"), "SIGTERM", Duration.ofSeconds(5)));
  }

  private List<String> refusals() {
    return catchThrowableOfType(PlanRefusedException.class, this::plan).problems();
  }

  private JsonObject config() throws PlanRefusedException {
    String json =
        plan().steps().stream()
            .filter(
                step ->
                    step instanceof Step.WriteFile write && write.path().endsWith("config.json"))
            .map(step -> ((Step.WriteFile) step).content())
            .findFirst()
            .orElseThrow();
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private Supervised supervised() throws PlanRefusedException {
    return plan().steps().stream()
        .filter(Step.Supervise.class::isInstance)
        .map(step -> ((Step.Supervise) step).supervised())
        .findFirst()
        .orElseThrow();
  }

  private List<String> namespaces() throws PlanRefusedException {
    return StreamSupport.stream(
            config().getAsJsonObject("linux").getAsJsonArray("namespaces").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(namespace -> namespace.get("type").getAsString())
        .toList();
  }

  private static List<String> kinds(List<Step> steps) {
    List<String> kinds = new ArrayList<>();
    for (Step step : steps) {
      kinds.add(
          switch (step) {
            case Step.Run(var run) -> run.name();
            case Step.Owe(String what, var commands) -> "owe " + what;
            case Step.Await(var progress) -> "await " + progress.word();
            case Step.Supervise s -> "create";
            case Step.Proceed p -> "proceed";
            case Step.WriteFile(Path path, var content, int mode, var shown) ->
                path.getFileName().toString();
            case Step.WriteBytes(Path path, var content, int mode) -> path.getFileName().toString();
            case Step.MakeFifo(Path path, int mode) -> path.getFileName().toString();
            case Step.MakeDirectory(Path path, int mode, var removal) -> path.toString();
            case Step.MakeMountPoint point -> point.path().toString();
            case Step.SetValue(Path path, String value) -> path + "=" + value;
            case Step.Mount m -> "mount";
            case Step.ShareValue(Path path, String value, String scope) -> path + "=" + value;
            case Step.Make make -> "make " + make.what();
          });
    }
    return kinds;
  }

  @Test
  void stepsComeInJailsOwnOrder() throws PlanRefusedException {
    for (String hook :
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
      set("exec." + hook, "echo " + hook);
    }
    missing =
        List.of(
            new LinuxFacts.MissingMountPoint(ROOT_DIRECTORY, ROOT_DIRECTORY.resolve("proc"), true));

    Plan plan = plan();

    assertThat(kinds(plan.steps()))
        .containsExactly(
            "owe exec.release",
            "exec.prepare",
            "/srv/web/proc",
            "/sys/fs/cgroup/gaol-web-1a2b",
            "owe exec.poststop",
            "exec.prestart",
            "config.json",
            "go",
            "create",
            "spec.json",
            "await created",
            "exec.created",
            "proceed",
            "await running");
    assertThat(kinds(plan.whenStarted())).containsExactly("exec.poststart");
    assertThat(plan.prestop()).hasSize(1);
    assertThat(plan.stop()).hasSize(1);
  }

  @Test
  void aSharedRootsMountPointsGoWithTheLastTaskThatNeedsThem() throws PlanRefusedException {
    missing =
        List.of(
            new LinuxFacts.MissingMountPoint(ROOT_DIRECTORY, ROOT_DIRECTORY.resolve("proc"), true));

    assertThat(plan().steps())
        .contains(
            new Step.MakeMountPoint(ROOT_DIRECTORY, ROOT_DIRECTORY.resolve("proc"), true, true));
  }

  @Test
  void onVersionOneThereIsAGroupInEachHierarchyAndTheLimitOutlivesTheRuntimes()
      throws PlanRefusedException {
    cgroups = V1;
    resources = limited(64);

    assertThat(kinds(plan().steps()))
        .contains(
            "/cg/cpu/gaol-web-1a2b",
            "/cg/cpuset/gaol-web-1a2b",
            "/cg/memory/gaol-web-1a2b",
            "/cg/pids/gaol-web-1a2b",
            "/cg/memory/gaol-web-1a2b/memory.limit_in_bytes=67108864",
            "/cg/cpu/gaol-web-1a2b/cpu.shares=500");
    assertThat(config().getAsJsonObject("linux").getAsJsonObject("resources").has("memory"))
        .isFalse();
    assertThat(supervised().memoryKills())
        .contains("cd \"/cg/memory/gaol-web-1a2b\"")
        .contains("max_usage_in_bytes");
  }

  @Test
  void onVersionTwoTheRuntimeSetsTheLimitAndTheGroupAroundItCounts() throws PlanRefusedException {
    resources = limited(64);

    assertThat(
            config()
                .getAsJsonObject("linux")
                .getAsJsonObject("resources")
                .getAsJsonObject("memory")
                .get("limit")
                .getAsLong())
        .isEqualTo(64L * 1024 * 1024);
    assertThat(supervised().memoryKills()).contains("/sys/fs/cgroup/gaol-web-1a2b/memory.events");
    assertThat(config().getAsJsonObject("linux").get("cgroupsPath").getAsString())
        .isEqualTo("/gaol-web-1a2b/task");
  }

  @Test
  void onAHybridHostTheRuntimeRunsWhereVersionTwoIsNotMounted() throws PlanRefusedException {
    cgroups = HYBRID;

    assertThat(supervised().runtime())
        .startsWith("unshare", "--mount", "--propagation", "slave")
        .contains("/cg/unified");
    cgroups = V1;
    assertThat(supervised().runtime()).startsWith("/usr/bin/crun");
  }

  private static Resources limited(long mebibytes) {
    return new Resources(
        Optional.of(Bytes.ofMebibytes(mebibytes)),
        Optional.empty(),
        OptionalLong.of(500),
        List.of(0),
        OptionalLong.of(32));
  }

  @Test
  void cpuCoresAndProcessesAreLimited() throws PlanRefusedException {
    resources = limited(64);

    JsonObject limits = config().getAsJsonObject("linux").getAsJsonObject("resources");

    assertThat(config().getAsJsonObject("hooks").getAsJsonArray("createRuntime").toString())
        .contains("echo 19 >'/sys/fs/cgroup/gaol-web-1a2b/cpu.weight'");
    assertThat(limits.getAsJsonObject("cpu").get("cpus").getAsString()).isEqualTo("0");
    assertThat(limits.getAsJsonObject("pids").get("limit").getAsLong()).isEqualTo(32);
  }

  @Test
  void aLimitWhoseControllerIsMissingIsRefused() {
    cgroups = HYBRID;
    resources = limited(64);

    assertThat(refusals())
        .containsExactly(
            "the limit needs the cgroup controller \"cpuset\", which is not mounted",
            "the limit needs the cgroup controller \"pids\", which is not mounted");
  }

  @Test
  void moreCoresThanTheHostHasAreRefused() {
    resources =
        new Resources(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            List.of(0, 1, 2),
            OptionalLong.empty());

    assertThat(refusals()).containsExactly("cores = 3, but this host has 2 CPUs");
  }

  @Test
  void jailsDefaultsKeepEveryNamespaceApart() throws PlanRefusedException {
    assertThat(namespaces())
        .containsExactlyInAnyOrder("pid", "mount", "cgroup", "uts", "ipc", "network");
  }

  @Test
  void whatIsInheritedHasNoNamespace() throws PlanRefusedException {
    set("host", "inherit");
    set("ip4", "inherit");
    set("ip6", "inherit");
    set("allow.sysvipc", "true");

    assertThat(namespaces()).containsExactlyInAnyOrder("pid", "mount", "cgroup");
    assertThat(config().has("hostname")).isFalse();
  }

  @Test
  void theHostNameIsTheJailsUnlessGiven() throws PlanRefusedException {
    assertThat(config().get("hostname").getAsString()).isEqualTo("web-1a2b");
    set("host.hostname", "mwl.io");
    assertThat(config().get("hostname").getAsString()).isEqualTo("mwl.io");
  }

  @Test
  void processOneIsNeverTheTasksOwn() throws PlanRefusedException {
    List<String> arguments =
        config().getAsJsonObject("process").getAsJsonArray("args").asList().stream()
            .map(JsonElement::getAsString)
            .toList();

    assertThat(arguments).startsWith("/dev/init", "--", "/bin/sh", "-c").endsWith("/bin/true");
  }

  @Test
  void aShellThatAStartCommandWritesOutKeepsItsOptions() throws PlanRefusedException {
    command = List.of();
    set("exec.start", "/bin/sh -x script");

    assertThat(
            config().getAsJsonObject("process").getAsJsonArray("args").asList().stream()
                .map(JsonElement::getAsString))
        .endsWith("exec '/bin/sh' '-x' 'script'");
  }

  @Test
  void aRootWithoutAShellRunsItsCommandAllTheSame() throws PlanRefusedException {
    shell = false;

    JsonObject config = config();

    assertThat(config.getAsJsonObject("process").getAsJsonArray("args").toString())
        .isEqualTo("[\"/dev/init\",\"--\",\"/bin/true\"]");
    assertThat(config.getAsJsonObject("hooks").has("poststart")).isTrue();
    assertThat(supervised().runtime()).doesNotContain("--preserve-fds");
  }

  @Test
  void execStartWithoutAShellIsRefusedWithTheWayOut() {
    shell = false;
    command = List.of();
    set("exec.start", "sh /etc/rc");

    assertThat(refusals())
        .containsExactly(
            "Exec_start needs /bin/sh in the jail, and /srv/web has none; use command instead,"
                + " which needs no shell");
  }

  @Test
  void aJailWithNothingToRunIsRefusedAsJailRefusesIt() {
    command = List.of();

    assertThat(refusals())
        .containsExactly(
            "there is nothing to run: set command, or Exec_start, or Persist = true (jail(8): a"
                + " new jail must persist or attach)");
  }

  @Test
  void aLoneMountPointBelowAVolumeIsMountedAfterIt() throws PlanRefusedException {
    mounts =
        List.of(
            new BindMount(Path.of("/a"), Path.of("/local"), false),
            new BindMount(Path.of("/b"), Path.of("/local/data"), true));

    List<String> targets =
        config().getAsJsonArray("mounts").asList().stream()
            .map(mount -> mount.getAsJsonObject().get("destination").getAsString())
            .toList();

    assertThat(targets).containsSubsequence("/proc", "/dev", "/local", "/local/data");
  }

  @ParameterizedTest
  @CsvSource({
    "osrelease, 12.0-RELEASE, 'a jail cannot show another release than the kernel''s,"
        + " 6.1.0-13-amd64; leave it out'",
    "host.hostid, 4294967296, /etc/hostid holds 32 bits; the most is 4294967295",
    "depend, db, another task's jail is not started for this one; use a job's order",
    "allow.set_hostname, true, 'it needs CAP_SYS_ADMIN, which is no longer a jail; use"
        + " host.hostname'",
    "enforce_statfs, 0, it would need the host's own mounts; use 1",
    "children.max, 2, 'a jail in a jail would need a user namespace, which jails may not have'",
    "meta.owner, me, only FreeBSD's kernel has it"
  })
  void whatLinuxCannotHaveIsRefusedWithItsReason(String name, String value, String reason) {
    set(name, value);

    assertThat(refusals())
        .containsExactly(name + " = \"" + value + "\" cannot be had on Linux: " + reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2", ""})
  void aJailThatWouldMountByItselfIsRefusedOnlyWhereFreeBsdWouldLetIt(String enforceStatfs) {
    set("allow.mount", "true");
    set("allow.mount.tmpfs", "true");
    set("allow.mount.nullfs", "false");
    if (!enforceStatfs.isEmpty()) {
      set("enforce_statfs", enforceStatfs);
    }

    assertThat(LinuxSupport.examine(parameters).problems())
        .filteredOn(refusal -> refusal.startsWith("allow.mount"))
        .hasSize(enforceStatfs.equals("0") || enforceStatfs.equals("1") ? 2 : 0)
        .allMatch(refusal -> refusal.endsWith("have them mounted by Mount or Mount_fstab"));
  }

  /** What stands in the configuration of a jail where the parameter is honoured is tested above. */
  @Test
  void everyParameterIsHonouredOrRefusedAsTheCatalogueSays() {
    for (var parameter : JailParameterCatalogue.all()) {
      if (parameter.settable() == JailParameter.Settable.NEVER || parameter.addsTo().isPresent()) {
        continue;
      }
      for (String value : valuesOf(parameter)) {
        JailParameters one = JailParameters.NONE.with(parameter.name(), List.of(value));
        if (parameter.name().equals("ip6") && value.equals("inherit")) {
          one = one.with("ip4", List.of("inherit")); // IPv6 alone is another test's
        }

        assertThat(LinuxSupport.examine(one).problems().isEmpty())
            .as(parameter.name() + " = " + value)
            .isEqualTo(parameter.linux().of(value).honoured());
      }
    }
  }

  private static List<String> valuesOf(JailParameter parameter) {
    return switch (parameter.type()) {
      case ParameterType.Flag f -> List.of("true", "false");
      case ParameterType.Choice choice -> choice.choices();
      case ParameterType.WholeNumber n when parameter.name().equals("host.hostid") ->
          List.of("0", "4294967295");
      case ParameterType.WholeNumber number ->
          List.of(number.least().toString(), number.most().toString(), "1");
      case ParameterType.FilePath p -> List.of("/x");
      case ParameterType.Addresses a ->
          List.of(parameter.name().startsWith("ip4") ? "em0|10.0.0.1" : "em0|fd00::1");
      case ParameterType.Mount m -> List.of("/a /j/b nullfs");
      case ParameterType.Text t when parameter.name().equals("linux.osrelease") -> List.of("4.4.0");
      case ParameterType.Text t when parameter.name().equals("host.hostuuid") ->
          List.of("6F9619FF-8B86-D011-B42D-00C04FC964FF");
      default -> List.of("x");
    };
  }

  private void withInterfaces(String... names) {
    Map<InterfaceName, NetworkFacts.InterfaceFacts> there = new HashMap<>();
    for (String name : names) {
      there.put(new InterfaceName(name), new NetworkFacts.InterfaceFacts(true));
    }
    Optional<Path> tool = Optional.of(Path.of("/sbin/ip"));
    network =
        new NetworkFacts(
            tool, tool, "net:[1]", there, Map.of(), true, true, Optional.empty(), true);
  }

  @Test
  void addressesComeBeforeMountsAndTheirNamespaceIsTheJails() throws PlanRefusedException {
    withInterfaces("em1");
    missing =
        List.of(new LinuxFacts.MissingMountPoint(ROOT_DIRECTORY, Path.of("/srv/web/proc"), true));
    set("exec.prepare", "a");
    set("exec.prestart", "b");
    set("ip4.addr", "em1|10.0.0.5");

    assertThat(kinds(plan().steps()))
        .containsSubsequence(
            "exec.prepare",
            "/proc/sys/net/ipv4/conf/em1/forwarding=1",
            "make network namespace gaol-web-1a2b with 10.0.0.5",
            "/srv/web/proc",
            "exec.prestart",
            "config.json",
            "create");
    JsonObject linux = config().getAsJsonObject("linux");
    assertThat(linux.getAsJsonArray("namespaces").toString())
        .contains("{\"type\":\"network\",\"path\":\"/run/netns/gaol-web-1a2b\"}");
    assertThat(linux.getAsJsonObject("sysctl").toString())
        .isEqualTo(
            "{\"net.ipv4.ip_unprivileged_port_start\":\"1024\",\"net.ipv4.ping_group_range\":\"1"
                + " 0\"}");
  }

  @Test
  void anInterfaceIsHandedInAfterExecCreatedAndBeforeTheStart() throws PlanRefusedException {
    withInterfaces("e0b");
    set("vnet", "new");
    set("vnet.interface", "e0b");
    set("exec.prestart", "b");
    assertThat(kinds(plan().steps()))
        .containsSubsequence(
            "exec.prestart",
            "make network namespace gaol-web-1a2b",
            "make interface e0b in gaol-web-1a2b",
            "create",
            "await running");

    set("exec.created", "c");
    assertThat(kinds(plan().steps()))
        .containsSubsequence(
            "exec.prestart",
            "make network namespace gaol-web-1a2b",
            "create",
            "await created",
            "exec.created",
            "make interface e0b in gaol-web-1a2b",
            "proceed",
            "await running");
    assertThat(config().getAsJsonObject("process").getAsJsonObject("capabilities").toString())
        .contains("CAP_NET_ADMIN", "CAP_NET_RAW");
  }

  @Test
  void aJailWithoutAddressesHasNeitherAStepNorASysctlForItsNetwork() throws PlanRefusedException {
    set("ip4", "disable");
    assertThat(kinds(plan().steps())).noneMatch(kind -> kind.startsWith("make network"));
    assertThat(config().getAsJsonObject("linux").has("sysctl")).isFalse();
    assertThat(config().getAsJsonObject("linux").getAsJsonArray("namespaces").toString())
        .contains("{\"type\":\"network\"}");
  }

  @Test
  void ipv6AloneIsRefusedAsItsSocketsReachIpv4() {
    set("ip6", "inherit");

    assertThat(refusals())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("ip6 = \"inherit\" without ip4");
  }

  @Test
  void theJailsOwnProcessesAreNoneOfTheTasks() throws PlanRefusedException {
    rules = List.of(RctlRule.parse("maxproc:deny=20/jail"));

    assertThat(pids()).as("and its init").isEqualTo(21);

    command = List.of();
    set("persist", "true");

    assertThat(pids()).as("and its init and the shell that waits").isEqualTo(22);
  }

  private int pids() throws PlanRefusedException {
    return config()
        .getAsJsonObject("linux")
        .getAsJsonObject("resources")
        .getAsJsonObject("pids")
        .get("limit")
        .getAsInt();
  }

  @Test
  void theConfigurationWithTheEnvironmentIsForItsOwnerOnly() throws PlanRefusedException {
    Step.WriteFile file =
        (Step.WriteFile)
            plan().steps().stream()
                .filter(step -> step.describe().contains("config.json"))
                .findFirst()
                .orElseThrow();

    assertThat(file.mode()).isEqualTo(0600);
    assertThat(file.content()).contains("TOKEN=s3cret");
    assertThat(file.toString()).doesNotContain("s3cret");
    assertThat(file.path()).isEqualTo(TASK.resolve("config.json"));
  }

  @Test
  void stopTimeoutOfTheJailGoesBeforeTheJobs() throws PlanRefusedException {
    assertThat(plan().killTimeout()).isEqualTo(Duration.ofSeconds(5));
    set("stop.timeout", "0");
    assertThat(plan().killTimeout()).isEqualTo(Duration.ZERO);
  }

  @Test
  void chosenCapabilitiesAreRefusedAndNotIgnored() {
    capabilities = new CapabilityChanges(List.of(), List.of("all"));

    assertThat(refusals()).singleElement().asString().startsWith("cap_add and cap_drop are not");
  }

  @Test
  void whatLinuxComesNearToIsToldWhereItWasAskedForAndNotWhereItIsADefault()
      throws PlanRefusedException {
    set("mount.devfs", "false");
    assertThat(plan().notes()).anyMatch(note -> note.startsWith("mount.devfs: the runtime makes"));

    parameters =
        ((AssignmentReading.Accepted)
                AssignmentReader.ofCatalogue()
                    .read(List.of(Assignment.byDefault("mount.devfs", "true"))))
            .parameters();
    assertThat(plan().notes()).noneMatch(note -> note.startsWith("mount.devfs"));
  }

  @Test
  void aHookOfAnotherUserIsRunAsThatUserWithItsGroups() throws PlanRefusedException {
    asked =
        new Asked(
            "6.1.0-13-amd64",
            Optional.empty(),
            Optional.of(new JailUser("www", 80, 81, List.of(90, 91), "/srv", "/bin/sh")),
            Optional.of(Path.of("/usr/bin/setpriv")),
            Optional.empty(),
            false,
            List.of(),
            List.of());
    set("exec.system_user", "www");
    set("exec.prestart", "echo one");
    set("exec.stop", "echo in the jail");

    Command command =
        plan().steps().stream()
            .filter(Step.Run.class::isInstance)
            .map(step -> ((Step.Run) step).command())
            .findFirst()
            .orElseThrow();
    assertThat(command.arguments())
        .containsExactly(
            "/usr/bin/setpriv", "--reuid=80", "--regid=81", "--groups=90,91", "--", "echo", "one");
    assertThat(command.text()).isEqualTo("echo one");
    assertThat(command.environment().variables())
        .containsEntry("HOME", "/srv")
        .containsEntry("USER", "www");
    assertThat(plan().stop().getFirst().arguments()).containsExactly("echo", "in", "the", "jail");
  }

  @Test
  void aJailThatAsksForNothingHasNoFurtherStepNorProcess() throws PlanRefusedException {
    assertThat(kinds(plan().steps()))
        .containsExactly(
            "/sys/fs/cgroup/gaol-web-1a2b", "config.json", "create", "spec.json", "await running");
    assertThat(supervised().copy()).isEmpty();
    assertThat(config().toString()).doesNotContain("watch()").doesNotContain("sysctl");
  }

  @Test
  void whatIsLeftOutAndDiffersFromFreeBsdIsToldAsTheHostsWishAndIsNoNote()
      throws PlanRefusedException {
    assertThat(plan().settings())
        .contains("allow.set_hostname = false (host)", "enforce_statfs = 1 (host)");
    assertThat(plan().notes()).noneMatch(note -> note.startsWith("allow.set_hostname"));
    set("allow.set_hostname", "false");
    assertThat(plan().settings())
        .contains("allow.set_hostname = false (job)")
        .doesNotContain("allow.set_hostname = false (host)");
  }

  @Test
  void aPlanSaysWhoWantsEachParameter() throws PlanRefusedException {
    parameters =
        ((AssignmentReading.Accepted)
                AssignmentReader.ofCatalogue()
                    .read(
                        List.of(
                            Assignment.byDefault("exec.clean", "true"),
                            Assignment.of("Allow_mlock", true, "", Assignment.Source.JOB_CONFIG))))
            .parameters();
    assertThat(plan().settings())
        .containsExactly(
            "exec.clean = true (default)",
            "allow.mlock = true (job)",
            "host.hostname = web-1a2b (host)",
            "allow.set_hostname = false (host)",
            "enforce_statfs = 1 (host)");
  }
}
