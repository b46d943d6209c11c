package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.nomad.proto.driver.FingerprintResponse.HealthState;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.Plugin;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The option {@code host} of the plugin's config, and its change while tasks are there. */
@RequiresLinuxRoot
class HostOptionIT {
  @RegisterExtension private final Stage stage = new Stage();

  private void setConfig(Plugin plugin, Map<String, ?> options) {
    var schema = plugin.base().configSchema(ConfigSchemaRequest.getDefaultInstance()).getSpec();
    plugin.base().setConfig(AgentStart.forWork(ConfigSpec.encode(schema, stage.options(options))));
  }

  private String refused(Plugin plugin, Map<String, ?> options) {
    return refusal(() -> setConfig(plugin, options))
        .getDescription()
        .replaceFirst("^SetConfig failed: ", "");
  }

  @Test
  void aHostThatIsNoneIsRefusedWithThoseThatAre() {
    Plugin plugin = stage.launch();
    assertThat(refused(plugin, Map.of("host", "freebsd:14.3")))
        .isEqualTo("host takes freebsd or linux, but \"freebsd:14.3\" is given.");
    setConfig(plugin, Map.of("host", "linux"));
  }

  @Test
  void theConfigGoesBeforeAnEnvironmentThatNamesNoHost() {
    try (Plugin plugin = stage.command().with("GAOL_HOST", "windows").launch()) {
      assertThat(refused(plugin, Map.of()))
          .isEqualTo("GAOL_HOST takes freebsd or linux, but \"windows\" is given.");
      setConfig(plugin, Map.of("host", "linux"));
      plugin.kill(Stage.PATIENCE);
    }
  }

  @Test
  void aProcessOfThePluginKeepsToItsHost() {
    stage.startPlugin(Map.of());
    DriverTask task = stage.startSleeper();
    Plugin plugin = stage.agent().plugin();
    assertThat(refused(plugin, Map.of("host", "freebsd")))
        .isEqualTo(
            "host is linux for this process of the plugin, and cannot become freebsd: stop its"
                + " tasks, and restart the agent");
    setConfig(plugin, Map.of("host", "linux"));
    setConfig(plugin, Map.of());
    assertThat(stage.start("exit 3").result().getExitCode()).isEqualTo(3);
    task.destroy();
  }

  @Test
  void aPluginThatStartsAnewRefusesAnotherHostWhileTasksAreThereAndTheyRunOn() {
    stage.startPlugin(Map.of());
    DriverTask task = stage.startSleeper();
    stage.killPlugin();
    assertThat(refused(stage.launch(), Map.of("host", "freebsd")))
        .contains(
            stage.state() + " has tasks that were made with the host linux",
            "the host is freebsd now",
            "state_dir in the plugin's config");
    stage.startPlugin(Map.of("host", "linux"));
    task.recover();
    assertThat(task.sh("echo still here").getStdout().toStringUtf8()).isEqualTo("still here\n");
    task.destroy();
  }

  @Test
  void withoutTasksTheHostCanBeChangedAndOneThatThisMachineIsNotIsUnhealthy() {
    stage.startPlugin(Map.of());
    DriverTask task = stage.start("exit 3");
    assertThat(task.result().getExitCode()).isEqualTo(3);
    task.destroy();
    stage.agent().plugin().kill(Stage.PATIENCE);
    try (AgentStart other =
        AgentStart.again(stage.command(), stage.options(Map.of("host", "freebsd")))) {
      var fingerprint = other.fingerprints().await(any -> true);
      assertThat(fingerprint.getHealth()).isEqualTo(HealthState.UNHEALTHY);
      assertThat(fingerprint.getHealthDescription()).contains("this is no FreeBSD");
      other.plugin().kill(Stage.PATIENCE);
    }
    stage.startPlugin(Map.of());
    assertThat(stage.start("exit 4").result().getExitCode()).isEqualTo(4);
  }
}
