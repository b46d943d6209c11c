package io.gaol.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.e2e.Leftovers;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.driver.InspectTaskRequest;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.Killed;
import io.gaol.testing.host.LogLine;
import io.gaol.testing.host.Plugin;
import io.gaol.testing.host.PluginCommand;
import io.gaol.testing.host.PluginHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The launches of an agent that starts, ends and comes back. */
@RequiresLinuxRoot
class AgentStartIT {
  @RegisterExtension private final Stage stage = new Stage();

  @Test
  void theThreeLaunchesOfAnAgentEndByThemselvesAndSayNothingButTheHandshake() {
    AgentStart agent = stage.startAgent(Map.of());
    assertThat(agent.validations()).hasSize(2).allMatch(Killed::byItself);
    assertThat(agent.plugin().handshake().line()).matches("1\\|2\\|unix\\|/[^|]+\\|grpc\\|?");
    assertThat(agent.plugin().laterOutput()).isEmpty();
    assertThat(agent.plugin().log()).allMatch(LogLine.Entry.class::isInstance);
  }

  @Test
  void theLaunchesThatOnlyValidateTouchNothing() {
    AgentStart agent = stage.startAgent(Map.of());
    agent.plugin().kill(Stage.PATIENCE);
    Path untouched = stage.directory().resolve("untouched");
    stage.moveStateTo(untouched);
    Plugin plugin = stage.launch();
    plugin
        .base()
        .setConfig(
            AgentStart.validation(ConfigSpec.encode(agent.schema(), stage.options(Map.of()))));
    assertThat(plugin.kill(Stage.PATIENCE).byItself()).isTrue();
    assertThat(untouched).doesNotExist();
  }

  @Test
  void aTaskOfAnOlderPluginIsNotDisturbedWhileAnAgentStarts() {
    DriverTask task = stage.startSleeper();
    long pid = Long.parseLong(task.inspect().getDriver().getAttributesOrThrow("pid"));
    AgentStart old = stage.agent();
    AgentStart young = stage.startAgent(Map.of());
    assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);
    assertThat(young.validations()).allMatch(Killed::byItself);
    assertThat(
            Stage.driver(old.plugin())
                .inspectTask(InspectTaskRequest.newBuilder().setTaskId(task.id()).build())
                .getTask()
                .getState())
        .isEqualTo(TaskState.RUNNING);
    // Nobody but the older one may have it.
    old.plugin().kill(Stage.PATIENCE);
    assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void anAgentThatCrashedFindsThePluginAndItsTasksAgain() {
    DriverTask task = stage.startSleeper();
    stage.reattach();
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    task.stop(Duration.ZERO, "");
    assertThat(task.result().getSignal()).isEqualTo(9);
  }

  @Test
  void ctrlCInATerminalDoesNotEndThePlugin() {
    DriverTask task = stage.startSleeper();
    Stage.must("kill", "-s", "INT", Long.toString(stage.agent().plugin().pid()));
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    assertThat(stage.agent().plugin().isAlive()).isTrue();
  }

  @Test
  void runByHandItSaysWhatItIsForAndEnds() {
    PluginCommand byHand = stage.command().with(PluginCommand.COOKIE, "another");
    assertThatThrownBy(byHand::launch)
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("plugin exited before we could connect, with exit status 1")
        .hasMessageContaining("Nomad");
  }

  @Test
  void aPluginThatIsEndedLeavesNoSocketBehind() throws Exception {
    Plugin plugin = stage.launch();
    assertThat(Leftovers.entries(stage.temporary())).isNotEmpty();
    assertThat(plugin.kill(Stage.PATIENCE).byItself()).isTrue();
    assertThat(Leftovers.entries(stage.temporary())).isEmpty();
    assertThat(Files.exists(stage.temporary())).isTrue();
  }

  @Test
  void severalPluginsServeSideBySide() {
    List<Plugin> plugins = List.of(stage.launch(), stage.launch(), stage.launch());
    assertThat(plugins.stream().map(Plugin::socket).distinct()).hasSize(3);
    assertThat(plugins)
        .allMatch(
            plugin ->
                plugin
                    .base()
                    .pluginInfo(PluginInfoRequest.getDefaultInstance())
                    .getName()
                    .equals("jail-task-driver"));
  }
}
