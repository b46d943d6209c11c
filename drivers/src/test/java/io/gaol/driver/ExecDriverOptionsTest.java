package io.gaol.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.jail.CapabilityChanges;
import io.gaol.nomad.config.ConfigDecoder;
import io.gaol.nomad.config.ConfigRefusedException;
import io.gaol.nomad.config.Evaluation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecDriverOptionsTest {
  private static ExecDriverOptions options(Map<String, Object> config)
      throws ConfigException, ConfigRefusedException {
    return ExecDriverOptions.of(
        ConfigDecoder.decode(ExecDriverOptions.schema(), config, Evaluation.NONE));
  }

  private static List<String> problems(Map<String, Object> config) {
    return catchThrowableOfType(ConfigException.class, () -> options(config)).problems().stream()
        .map(ConfigProblem::message)
        .toList();
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : Arrays.asList(text.split(" "));
  }

  @Test
  void anEmptyConfigIsNomadsDefaults() throws Exception {
    ExecDriverOptions options = options(Map.of());

    assertThat(options).isEqualTo(ExecDriverOptions.DEFAULT);
    assertThat(options.noPivotRoot()).isFalse();
    assertThat(options.sharesProcesses()).isFalse();
    assertThat(options.sharesIpc()).isFalse();
    assertThat(options.allowCaps())
        .containsExactly(
            "audit_write",
            "chown",
            "dac_override",
            "fowner",
            "fsetid",
            "kill",
            "mknod",
            "net_bind_service",
            "setfcap",
            "setgid",
            "setpcap",
            "setuid",
            "sys_chroot");
  }

  @Test
  void theHostIsOneOfTwoAndTheMachinesOwnUnlessItIsGiven() throws Exception {
    assertThat(options(Map.of()).host()).isEmpty();
    assertThat(options(Map.of("host", "linux")).host()).contains("linux");
    assertThat(problems(Map.of("host", "freebs")))
        .containsExactly(
            "host takes freebsd or linux, but \"freebs\" is given. Did you mean \"freebsd\"?");
  }

  @Test
  void everyOptionOfNomadsExecIsRead() throws Exception {
    ExecDriverOptions options =
        options(
            Map.of(
                "no_pivot_root", true,
                "default_pid_mode", "host",
                "default_ipc_mode", "host",
                "allow_caps", List.of("CAP_NET_RAW", "chown"),
                "denied_host_uids", "0,10-15",
                "denied_host_gids", "20"));

    assertThat(options.noPivotRoot()).isTrue();
    assertThat(options.sharesProcesses()).isTrue();
    assertThat(options.sharesIpc()).isTrue();
    assertThat(options.allowCaps()).containsExactly("chown", "net_raw");
    assertThat(options.deniedIds(12, List.of(20L, 100L)))
        .containsExactly("running as uid 12 is disallowed", "running as gid 20 is disallowed");
    assertThat(options.deniedIds(16, List.of(19L))).isEmpty();
    assertThat(options.deniedIds(0, List.of())).containsExactly("running as uid 0 is disallowed");
  }

  @Test
  void allThatIsWrongIsToldInNomadsWords() {
    assertThat(
            problems(
                Map.of(
                    "default_pid_mode", "shared",
                    "default_ipc_mode", "",
                    "allow_caps", List.of("chown", "NET_RWA", "fly"),
                    "denied_host_uids", "1,20-10",
                    "denied_host_gids", "1, 2")))
        .containsExactlyInAnyOrder(
            "default_pid_mode must be \"private\" or \"host\", got \"shared\"",
            "default_ipc_mode must be \"private\" or \"host\", got \"\"",
            "allow_caps configured with capabilities not supported by system: fly, net_rwa",
            "unable to start validator: invalid range deniedHostUIDs \"20-10\": lower bound cannot"
                + " be greater than upper bound",
            "unable to start validator: invalid range deniedHostGIDs \" 2\": range bound not"
                + " valid");
  }

  @ParameterizedTest
  @CsvSource({"-1", "1-", "-", "1-2-3", "4294967296", "a", "'1,'"})
  void aRangeThatIsNoneIsRefused(String range) {
    assertThat(problems(Map.of("denied_host_uids", range)))
        .singleElement()
        .asString()
        .endsWith("range bound not valid");
  }

  @Test
  void aMisspeltOptionIsAnsweredWithTheNearestOne() {
    assertThat(
            catchThrowableOfType(
                    ConfigException.class,
                    () -> ExecDriverOptions.of(Map.of("alow_caps", List.of())))
                .problems())
        .containsExactly(
            new ConfigProblem(
                "alow_caps",
                "the plugin exec knows no option \"alow_caps\". Did you mean \"allow_caps\"?"));
  }

  @ParameterizedTest
  @CsvSource({
    // allow_caps, cap_add, cap_drop, what the task has
    "chown net_raw, net_raw, , chown net_raw",
    "chown kill, , kill, chown",
    "chown kill, kill, kill, chown kill",
    "chown kill, kill, all, kill",
    "all, sys_time, all, sys_time",
    "net_raw, , , "
  })
  void aTaskHasTheAllowedDefaultsWithoutWhatItDropsAndWithWhatItAdds(
      String allow, String add, String drop, String has) throws Exception {
    ExecDriverOptions options = options(Map.of("allow_caps", words(allow)));

    assertThat(options.capabilities(new CapabilityChanges(words(add), words(drop))))
        .containsExactlyElementsOf(words(has));
  }

  @Test
  void aCapabilityThatIsNotAllowedIsNamed() throws Exception {
    TaskRequest request =
        JailTaskDriverTest.request(
            Map.of("command", "x", "cap_add", List.of("sys_time", "NET_RAW", "chown")));

    assertThat(ExecDriverOptions.DEFAULT.refusals(new ExecDriver().spec(request)))
        .containsExactly(
            new ConfigProblem(
                "cap_add",
                "driver does not allow the following capabilities: net_raw, sys_time (allow_caps in"
                    + " the plugin's config permits them)"));
    assertThat(
            options(Map.of("allow_caps", List.of("all"))).refusals(new ExecDriver().spec(request)))
        .isEmpty();
  }

  @Test
  void aTaskWithoutAModeHasThatOfThePlugin() throws Exception {
    ExecDriver driver = new ExecDriver(options(Map.of("default_ipc_mode", "host")));

    assertThat(driver.spec(JailTaskDriverTest.request(Map.of("command", "x"))).sharesIpc())
        .isTrue();
    assertThat(
            driver
                .spec(JailTaskDriverTest.request(Map.of("command", "x", "ipc_mode", "private")))
                .sharesIpc())
        .isFalse();
  }
}
