package io.gaol.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.jail.HostDevice;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.policy.Policy;
import io.gaol.jail.policy.PolicyOption;
import io.gaol.nomad.config.ConfigDecoder;
import io.gaol.nomad.config.Evaluation;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JailTaskDriverOptionsTest {
  private static Policy policy(Map<String, Object> config) throws Exception {
    return JailTaskDriverOptions.of(
            ConfigDecoder.decode(JailTaskDriverOptions.schema(), config, Evaluation.NONE))
        .policy();
  }

  private static List<ConfigProblem> problems(Map<String, Object> config) {
    return catchThrowableOfType(
            ConfigException.class, () -> JailTaskDriverOptions.of(config).policy())
        .problems();
  }

  private static List<ConfigProblem> refusals(Policy policy, Map<String, Object> config)
      throws ConfigException {
    TaskRequest request = JailTaskDriverTest.request(config);
    return JailTaskDriverOptions.refusals(policy, request, new JailTaskDriver().spec(request));
  }

  @Test
  void aParameterThatOnlyTheKernelKnowsIsForOperatorsWhoOpenAll() throws Exception {
    TaskRequest request =
        JailTaskDriverTest.request(Map.of("command", "/bin/x", "params", Map.of("newest.one", 1)));
    JailSpec spec =
        new JailTaskDriver(() -> JailParameterCatalogue.besides(List.of("newest.one")))
            .spec(request);
    assertThat(spec.parameters().values("newest.one")).containsExactly("1");
    assertThat(JailTaskDriverOptions.refusals(Policy.DEFAULT, request, spec))
        .singleElement()
        .satisfies(
            refusal ->
                assertThat(refusal.message())
                    .startsWith("newest.one is not permitted")
                    .contains("allow_params = [\"safe\", \"all\"]"));
    Policy all = policy(Map.of("allow_params", List.of("all")));
    assertThat(JailTaskDriverOptions.refusals(all, request, spec)).isEmpty();
    assertThat(
            catchThrowableOfType(ConfigException.class, () -> new JailTaskDriver().spec(request)))
        .hasMessageContaining("no jail parameter is named \"newest.one\"");
  }

  @Test
  void anEmptyConfigPermitsWhatStaysInTheJail() throws Exception {
    assertThat(policy(Map.of())).isEqualTo(Policy.DEFAULT);
    assertThat(JailTaskDriverOptions.of(Map.of()).policy()).isEqualTo(Policy.DEFAULT);
  }

  @Test
  void theSchemaListsEveryOption() {
    assertThat(JailTaskDriverOptions.schema().names())
        .contains("host", "state_dir", "chroot_env", "recovery_window", "devfs_rulesets")
        .contains("limits_without_racct")
        .containsAll(Arrays.stream(PolicyOption.values()).map(PolicyOption::key).toList())
        .hasSize(PolicyOption.values().length + 6);
  }

  @Test
  void limitsThatCannotBeHeldAreRefusedUnlessTheOperatorSaysOtherwise() throws Exception {
    assertThat(JailTaskDriverOptions.of(Map.of()).limitsWithoutRacct())
        .isEqualTo(LimitsWithoutRacct.REFUSE);
    assertThat(
            JailTaskDriverOptions.of(Map.of("limits_without_racct", "ignore")).limitsWithoutRacct())
        .isEqualTo(LimitsWithoutRacct.IGNORE);
    assertThat(problems(Map.of("limits_without_racct", "ignored")))
        .extracting(ConfigProblem::message)
        .containsExactly(
            "limits_without_racct takes \"refuse\" or \"ignore\", but \"ignored\" is given."
                + " Did you mean \"ignore\"?");
  }

  @Test
  void theDirectoriesAreAbsolutePathsAndHaveTheHostsDefaults() throws Exception {
    JailTaskDriverOptions defaults = JailTaskDriverOptions.of(Map.of());
    assertThat(defaults.stateDirectory()).isEmpty();
    assertThat(defaults.systemDirectories())
        .isEqualTo(JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES);
    JailTaskDriverOptions given =
        JailTaskDriverOptions.of(
            Map.of("state_dir", "/var/tasks", "chroot_env", List.of("/bin", "/lib")));
    assertThat(given.stateDirectory()).contains(Path.of("/var/tasks"));
    assertThat(given.systemDirectories()).containsExactly(Path.of("/bin"), Path.of("/lib"));
    assertThat(problems(Map.of("state_dir", "tasks", "chroot_env", List.of("bin"))))
        .extracting(ConfigProblem::message)
        .containsExactly(
            "state_dir takes absolute paths, but \"tasks\" is given",
            "chroot_env takes absolute paths, but \"bin\" is given");
  }

  @Test
  void theHostIsOneOfTwoAndTheMachinesOwnUnlessItIsGiven() throws Exception {
    assertThat(JailTaskDriverOptions.of(Map.of()).host()).isEmpty();
    assertThat(JailTaskDriverOptions.of(Map.of("host", "")).host()).isEmpty();
    assertThat(JailTaskDriverOptions.of(Map.of("host", "freebsd")).host()).contains("freebsd");
    assertThat(problems(Map.of("host", "freebsd:14.3")))
        .extracting(ConfigProblem::message)
        .containsExactly("host takes freebsd or linux, but \"freebsd:14.3\" is given.");
    assertThat(problems(Map.of("host", "Linux")))
        .extracting(ConfigProblem::message)
        .containsExactly(
            "host takes freebsd or linux, but \"Linux\" is given. Did you mean \"linux\"?");
  }

  @Test
  void theRecoveryWindowIsATimeAsNomadWritesIt() throws Exception {
    assertThat(JailTaskDriverOptions.of(Map.of()).recoveryWindow())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(JailTaskDriverOptions.of(Map.of("recovery_window", "1m30s")).recoveryWindow())
        .isEqualTo(Duration.ofSeconds(90));
    for (String wrong : List.of("10", "soon", "-1m")) {
      assertThat(problems(Map.of("recovery_window", wrong)))
          .extracting(ConfigProblem::message)
          .containsExactly(
              "recovery_window takes a time such as \"10m\", but \"" + wrong + "\" is given");
    }
  }

  @Test
  void everyOptionIsRead() throws Exception {
    assertThat(
            policy(
                Map.of(
                    "allow_params", List.of("safe", "Allow_chflags"),
                    "allow_host_hooks", true,
                    "allow_roots", List.of("/jails/"),
                    "allow_host_paths", List.of("/data"),
                    "allow_fstabs", List.of("/etc/fstab.web"),
                    "allow_datasets", List.of("zroot/jobs"),
                    "allow_interfaces", List.of("em0", "epair*"),
                    "allow_devfs_rulesets", List.of(new BigDecimal("5")),
                    "allow_users", List.of("nobody"),
                    "allow_rctl_actions", List.of("deny"))))
        .hasToString(
            """
            allow_params = ["safe", "allow.chflags"]
            allow_host_hooks = true
            allow_roots = ["/jails"]
            allow_host_paths = ["/data"]
            allow_fstabs = ["/etc/fstab.web"]
            allow_datasets = ["zroot/jobs"]
            allow_interfaces = ["em0", "epair*"]
            allow_devfs_rulesets = ["5"]
            allow_users = ["nobody"]
            allow_rctl_actions = ["deny"]""");
  }

  @Test
  void rulesetsOfDevicesAreReadByTheirNumbers() throws Exception {
    DevfsRulesets rulesets =
        JailTaskDriverOptions.of(
                Map.of("devfs_rulesets", Map.of("10", List.of("/dev/fuse", "/dev/net/tun"))))
            .devfsRulesets();
    JailSpec spec =
        JailSpec.of(
            new JailName("web"),
            new JailSpec.Root.HostSystem(Path.of("/nomad/web"), List.of(), List.of()));
    JailSpec asking =
        spec.with(JailParameters.NONE.with("devfs_ruleset", List.of("10")), List.of());

    assertThat(rulesets.applied(asking).devices())
        .extracting(HostDevice::taskPath)
        .containsExactly(Path.of("/dev/fuse"), Path.of("/dev/net/tun"));
    assertThat(rulesets.applied(asking).parameters().value("devfs_ruleset")).contains("4");
    assertThat(rulesets.applied(spec)).isEqualTo(spec);
  }

  @Test
  void wrongRulesetsOfDevicesAreToldWithTheirNumbers() {
    for (Object wrong :
        List.of(
            "/dev/fuse",
            Map.of("4", List.of("/dev/fuse")),
            Map.of("ten", List.of("/dev/fuse")),
            Map.of("70000", List.of("/dev/fuse")),
            Map.of("10", "/dev/fuse"),
            Map.of("10", List.of("/etc/shadow")),
            Map.of("10", List.of("/dev/../etc/shadow")),
            Map.of("10", List.of("fuse")))) {
      assertThat(problems(Map.of("devfs_rulesets", wrong)))
          .as(wrong.toString())
          .singleElement()
          .extracting(ConfigProblem::message)
          .asString()
          .startsWith("devfs_rulesets");
    }
  }

  @Test
  void allProblemsAreToldWithTheirOptions() {
    assertThat(
            problems(
                Map.of(
                    "allow_parms", List.of("safe"),
                    "allow_host_hooks", "maybe",
                    "allow_roots", "/jails",
                    "allow_params", List.of("networks"),
                    "allow_host_paths", List.of("data"))))
        .containsExactlyInAnyOrder(
            new ConfigProblem(
                "allow_parms",
                "the plugin jail-task-driver knows no option \"allow_parms\". Did you mean"
                    + " \"allow_params\"?"),
            new ConfigProblem(
                "allow_host_hooks", "allow_host_hooks takes true or false, but \"maybe\" is given"),
            new ConfigProblem(
                "allow_roots",
                "allow_roots takes a list of texts, but the text \"/jails\" is given: write"
                    + " allow_roots = [\"/jails\"]"),
            new ConfigProblem(
                "allow_params",
                "allow_params: \"networks\" is neither a group of parameters (safe, network, mount,"
                    + " all) nor a parameter of jail(8). Did you mean \"network\"?"),
            new ConfigProblem(
                "allow_host_paths",
                "allow_host_paths: \"data\" must be absolute: a path of the host that begins with"
                    + " /"));
  }

  @Test
  void aRefusalIsAboutTheKeyThatItsAuthorWrote() throws Exception {
    assertThat(
            refusals(
                Policy.DEFAULT,
                Map.of(
                    "Exec_prestart",
                    "id",
                    "params",
                    List.of(Map.of("allow.chflags", true)),
                    "rctl_rules",
                    List.of("openfiles:log=10"))))
        .extracting(ConfigProblem::key)
        .containsExactlyInAnyOrder("Exec_prestart", "params", "");
  }

  @Test
  void nomadsOwnDirectoriesVolumesAndUserNeedNoPermission() throws Exception {
    assertThat(refusals(Policy.DEFAULT, Map.of("command", "/bin/true"))).isEmpty();
  }

  @Test
  void aLinkOutOfAPermittedDirectoryIsFollowed(@TempDir Path temporary) throws Exception {
    Path place = temporary.toRealPath();
    Path roots = Files.createDirectory(place.resolve("roots"));
    Path outside = Files.createDirectory(place.resolve("outside"));
    Files.createSymbolicLink(roots.resolve("evil"), outside);
    Policy policy = policy(Map.of("allow_roots", List.of(roots.toString())));

    assertThat(refusals(policy, Map.of("Path", roots.resolve("web").toString()))).isEmpty();
    assertThat(refusals(policy, Map.of("Path", roots.resolve("evil").toString())))
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("leads to \"" + outside + "\""));
  }

  @Test
  void aLinkToAFileThatIsNotThereIsFollowedToo(@TempDir Path temporary) throws IOException {
    Path place = temporary.toRealPath();
    Path link = Files.createSymbolicLink(place.resolve("log"), place.resolve("not/there"));
    Path loop = Files.createSymbolicLink(place.resolve("loop"), place.resolve("loop"));

    assertThat(SymbolicLinks.follow(link)).isEqualTo(place.resolve("not/there"));
    assertThat(SymbolicLinks.follow(link.resolve("a/b"))).isEqualTo(place.resolve("not/there/a/b"));
    assertThat(SymbolicLinks.follow(place.resolve("new/file")))
        .isEqualTo(place.resolve("new/file"));
    assertThat(SymbolicLinks.follow(loop)).isEqualTo(loop);
    assertThat(SymbolicLinks.follow(Path.of("/"))).isEqualTo(Path.of("/"));
  }
}
