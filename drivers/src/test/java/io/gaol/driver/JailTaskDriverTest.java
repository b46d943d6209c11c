package io.gaol.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlRule;
import io.gaol.jail.Resources;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JailTaskDriverTest {
  static TaskRequest request(Map<String, Object> config) {
    return new TaskRequest(
        new JailName("web-1a2b"),
        config,
        new Environment(Map.of("A", "1")),
        Optional.empty(),
        Path.of("/state/alloc/web"),
        Path.of("/state/alloc/alloc"),
        List.of(Path.of("/usr")),
        List.of(),
        List.of(),
        Resources.UNLIMITED);
  }

  private static JailSpec spec(Map<String, Object> config) throws ConfigException {
    return new JailTaskDriver().spec(request(config));
  }

  private static List<ConfigProblem> problems(Map<String, Object> config) {
    return catchThrowableOfType(ConfigException.class, () -> spec(config)).problems();
  }

  @Test
  void commandAndArgsAreTheMainProcess() throws ConfigException {
    JailSpec spec = spec(Map.of("command", "/bin/echo", "args", List.of("a b", "$c")));

    assertThat(spec.command()).containsExactly("/bin/echo", "a b", "$c");
    assertThat(spec.parameters().names()).isEmpty();
  }

  @Test
  void commandWithACapitalIsJailsSynonymOfExecStart() throws ConfigException {
    JailSpec spec = spec(Map.of("Command", "sh /etc/rc"));

    assertThat(spec.command()).isEmpty();
    assertThat(spec.parameters().values("exec.start")).containsExactly("sh /etc/rc");
  }

  @Test
  void theHttpEchoJobOfTheSeedsIsUnderstoodInFull() throws ConfigException {
    JailSpec spec =
        spec(
            Map.of(
                "Path",
                "/zroot/iocage/jails/myjail/root",
                "Allow_raw_sockets",
                true,
                "Allow_chflags",
                true,
                "Ip4_addr",
                "em1|192.168.1.102",
                "Exec_start",
                "/usr/local/bin/http-echo -listen :9999 -text hello",
                "Rctl",
                List.of(
                    Map.of(
                        "Vmemoryuse",
                        Map.of("Action", "deny", "Amount", "1G", "Per", "process"),
                        "Openfiles",
                        Map.of("Action", "deny", "Amount", "500")))));

    assertThat(spec.root())
        .isEqualTo(new JailSpec.Root.Directory(Path.of("/zroot/iocage/jails/myjail/root")));
    assertThat(spec.parameters().flag("allow.raw_sockets")).contains(true);
    assertThat(spec.parameters().values("ip4.addr")).containsExactly("em1|192.168.1.102");
    assertThat(spec.rctlRules())
        .containsExactlyInAnyOrder(
            RctlRule.parse("vmemoryuse:deny=1G/process"), RctlRule.parse("openfiles:deny=500"));
    assertThat(spec.mounts()).hasSize(3);
  }

  @Test
  void paramsTakesJailsOwnNames() throws ConfigException {
    JailSpec spec = spec(Map.of("command", "x", "params", List.of(Map.of("allow.mlock", true))));

    assertThat(spec.parameters().flag("allow.mlock")).contains(true);
  }

  @Test
  void oneCharacterValuesZeroAndFalseAreValues() throws ConfigException {
    JailSpec spec =
        spec(
            Map.of(
                "command",
                "x",
                "Securelevel",
                new BigDecimal("1"),
                "Enforce_statfs",
                "0",
                "Allow_set_hostname",
                false,
                "Stop_timeout",
                0L));

    assertThat(spec.parameters().number("securelevel")).contains(1L);
    assertThat(spec.parameters().number("enforce_statfs")).contains(0L);
    assertThat(spec.parameters().flag("allow.set_hostname")).contains(false);
    assertThat(spec.parameters().number("stop.timeout")).contains(0L);
  }

  @Test
  void withoutAPathTheRootIsTheTaskDirectoryUnderTheHostsSystem() throws ConfigException {
    JailSpec spec = spec(Map.of("command", "x"));

    assertThat(spec.root())
        .isEqualTo(
            new JailSpec.Root.HostSystem(
                Path.of("/state/alloc/web"), List.of(Path.of("/usr")), List.of("private")));
  }

  @Test
  void everyProblemIsToldAtOnceWithItsKey() {
    assertThat(
            problems(
                Map.of(
                    "comand",
                    "x",
                    "args",
                    List.of("y"),
                    "Persist",
                    "perhaps",
                    "Path",
                    List.of("/a", "/b"))))
        .containsExactlyInAnyOrder(
            new ConfigProblem(
                "comand", "no jail parameter is named \"comand\". Did you mean \"command\"?"),
            new ConfigProblem("args", "args needs command, the program that gets them"),
            new ConfigProblem("Persist", "Persist takes true or false, but \"perhaps\" is given"),
            new ConfigProblem("Path", "Path takes one value, but 2 are given"));
  }

  @Test
  void theSameParameterInTwoSpellingsIsAnErrorThatNamesBoth() {
    assertThat(problems(new TreeMap<>(Map.of("Path", "/a", "path", "/b"))))
        .containsExactly(
            new ConfigProblem(
                "path",
                "path and Path are the same parameter (path): keep one",
                Optional.of("Path")));
  }

  @Test
  void argsThatAreNoListAreRefusedWithTheRightWay() {
    assertThat(problems(Map.of("command", "x", "args", "a")))
        .containsExactly(
            new ConfigProblem(
                "args",
                "args takes a list of texts, but the text \"a\" is given: write args = [\"a\"]"));
  }

  @Test
  void anRctlRuleWithoutItsAmountIsRefused() {
    assertThat(
            problems(Map.of("command", "x", "Rctl", Map.of("Maxproc", Map.of("Action", "deny")))))
        .containsExactly(new ConfigProblem("Rctl", "Rctl.Maxproc needs both Action and Amount"));
  }

  @Test
  void whatIsWrongInParamsIsToldAtItsPlace() {
    assertThat(
            problems(
                new TreeMap<>(
                    Map.of(
                        "command",
                        "x",
                        "Allow_mlock",
                        true,
                        "params",
                        List.of(
                            new TreeMap<>(Map.of("allow.nomlock", true, "allow.mlok", true)))))))
        .containsExactly(
            new ConfigProblem(
                "params",
                "no jail parameter is named \"allow.mlok\". Did you mean \"allow.mlock\"?"),
            new ConfigProblem(
                "params",
                "allow.nomlock (in params) and Allow_mlock contradict each other: keep one",
                Optional.of("Allow_mlock")));
  }

  @Test
  void parametersThatContradictEachOtherAreRefused() {
    assertThat(problems(new TreeMap<>(Map.of("command", "x", "Vnet", true, "Ip4", "inherit"))))
        .containsExactly(
            new ConfigProblem(
                "Ip4",
                "Ip4 = \"inherit\" and Vnet = \"new\" contradict each other: a jail with a network"
                    + " stack of its own has no restriction on addresses (jail_set(2))",
                Optional.of("Vnet")));
  }

  @Test
  void aKeyThatIsNullIsNotSet() throws ConfigException {
    Map<String, Object> config = new TreeMap<>(Map.of("command", "x"));
    config.put("Persist", null);
    config.put("params", null);
    config.put("rctl", null);

    assertThat(spec(config).parameters().names()).isEmpty();
  }

  @Test
  void anUnknownKeyIsAnsweredWithTheNearestOne() {
    assertThat(new ExecDriver().unknownKey("agrs"))
        .isEqualTo("the exec driver knows no \"agrs\". Did you mean \"args\"?");
    assertThat(new JailTaskDriver().unknownKey("Persits"))
        .isEqualTo("no jail parameter is named \"Persits\". Did you mean \"Persist\"?");
    assertThat(new JailTaskDriver().unknownKey("ALLOW_MLOCK"))
        .isEqualTo("a job does not spell the parameter allow.mlock so: write Allow_mlock");
  }

  @Test
  void theSchemasAreThoseThatAnAgentIsTold() {
    assertThat(new ExecDriver().schema().names())
        .containsExactly(
            "args", "cap_add", "cap_drop", "command", "ipc_mode", "pid_mode", "work_dir");
    assertThat(new JailTaskDriver().schema().names())
        .contains("command", "Command", "args", "params", "Rctl", "rctl_rules")
        .contains("Ip4Addr", "Ip4_addr", "ip4_addr", "Exec_start", "exec_start", "nic", "Vnet_nic");
  }

  @Test
  void execKnowsLinuxCapabilitiesInEverySpelling() throws ConfigException {
    JailSpec spec =
        new ExecDriver()
            .spec(
                request(
                    Map.of(
                        "command",
                        "x",
                        "cap_add",
                        List.of("CAP_NET_RAW", "sys_time"),
                        "cap_drop",
                        List.of("ALL"))));

    assertThat(spec.capabilities())
        .isEqualTo(new CapabilityChanges(List.of("net_raw", "sys_time"), List.of("all")));
    assertThat(
            catchThrowableOfType(
                    ConfigException.class,
                    () ->
                        new ExecDriver()
                            .spec(request(Map.of("command", "x", "cap_add", List.of("net_rwa")))))
                .problems())
        .containsExactly(
            new ConfigProblem(
                "cap_add",
                "cap_add: Linux has no capability \"net_rwa\". Did you mean \"net_raw\"?"));
  }

  @Test
  void execRunsAsNobodyInTheHostsNetwork() throws ConfigException {
    JailSpec spec = new ExecDriver().spec(request(Map.of("command", "/bin/true")));

    assertThat(spec.user()).contains("nobody");
    assertThat(spec.parameters().value("ip4")).contains("inherit");
    assertThat(spec.parameters().value("ip6")).contains("inherit");
  }
}
