package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.driver;
import static io.gaol.e2e.plugin.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.goplugin.proto.health.HealthCheckRequest;
import io.gaol.goplugin.proto.health.HealthCheckResponse.ServingStatus;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.base.PluginInfoResponse;
import io.gaol.nomad.proto.base.PluginType;
import io.gaol.nomad.proto.driver.CapabilitiesRequest;
import io.gaol.nomad.proto.driver.CreateNetworkRequest;
import io.gaol.nomad.proto.driver.DestroyNetworkRequest;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DriverCapabilities;
import io.gaol.nomad.proto.driver.ExecTaskRequest;
import io.gaol.nomad.proto.driver.ExecTaskStreamingRequest;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.FingerprintResponse.HealthState;
import io.gaol.nomad.proto.driver.InitRequest;
import io.gaol.nomad.proto.driver.InspectTaskRequest;
import io.gaol.nomad.proto.driver.RecoverTaskRequest;
import io.gaol.nomad.proto.driver.ShutdownRequest;
import io.gaol.nomad.proto.driver.SignalTaskRequest;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.StopTaskRequest;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.TaskHandle;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.TaskStatsRequest;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.ExecSession;
import io.grpc.Status;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every call that an agent makes, answered and refused. What an answer must have, the host checks.
 */
@RequiresLinuxRoot
class ContractIT {
  private static final String NOBODY = "00000000-0000-4000-8000-000000000000/nobody/00000001";

  @RegisterExtension private final Stage stage = new Stage();

  // ---- the plugin

  @Test
  void thePluginSaysItIsTheJailTaskDriver() {
    PluginInfoResponse info =
        stage.launch().base().pluginInfo(PluginInfoRequest.getDefaultInstance());
    assertThat(info.getType()).isEqualTo(PluginType.DRIVER);
    assertThat(info.getName()).isEqualTo("jail-task-driver");
    assertThat(info.getPluginApiVersionsList()).containsExactly("v0.1.0");
  }

  @Test
  void itServesOnlyForItsOwnerAndSaysSo() throws Exception {
    var plugin = stage.launch();
    assertThat(
            plugin
                .health()
                .check(HealthCheckRequest.newBuilder().setService("plugin").build())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    var socket = plugin.socket();
    assertThat(socket).startsWith(stage.temporary());
    assertThat((int) Files.getAttribute(socket.getParent(), "unix:mode") & 0777)
        .as("the mode of the socket's folder")
        .isEqualTo(0700);
  }

  @Test
  void itsSchemasAreObjectsThatAnAgentCanDecodeBy() {
    AgentStart agent = stage.agent();
    assertThat(agent.schema().getObject().getAttributesMap())
        .containsKeys("state_dir", "allow_host_hooks", "allow_params", "allow_roots");
    var spec =
        stage.driver().taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance()).getSpec();
    assertThat(spec.getObject().getAttributesMap()).containsKeys("command", "args");
    assertThat(ConfigSpec.encode(spec, Map.of("command", "/bin/true"))).isNotEmpty();
  }

  @Test
  void itMakesItsOwnRootAndRunsCommandsAndSendsSignals() {
    DriverCapabilities capabilities =
        stage.driver().capabilities(CapabilitiesRequest.getDefaultInstance()).getCapabilities();
    assertThat(capabilities.getFsIsolation()).isEqualTo(DriverCapabilities.FSIsolation.IMAGE);
    assertThat(capabilities.getExec()).isTrue();
    assertThat(capabilities.getSendSignals()).isTrue();
    assertThat(capabilities.getMustCreateNetwork()).isFalse();
    assertThat(capabilities.getDisableLogCollection()).isFalse();
  }

  @Test
  void itIsHealthyOnThisHostAndGoesOnSayingSo() {
    AgentStart agent = stage.agent();
    FingerprintResponse first = agent.fingerprints().await(any -> true);
    assertThat(first.getHealth()).as(first.getHealthDescription()).isEqualTo(HealthState.HEALTHY);
    assertThat(first.getErr()).isEmpty();
    assertThat(first.getAttributesMap().keySet())
        .isNotEmpty()
        .allMatch(name -> name.startsWith("driver.jail-task-driver"));
    assertThat(agent.fingerprints().hasEnded()).isFalse();
    assertThat(agent.events().hasEnded()).isFalse();
  }

  @Test
  void aWrongOptionIsRefusedAndThePluginServesOn() {
    var plugin = stage.launch();
    AgentStart agent = stage.agent();
    var wrong =
        AgentStart.forWork(
            ConfigSpec.encode(
                agent.schema(), stage.options(Map.of("allow_roots", List.of("here")))));
    Status status = refusal(() -> plugin.base().setConfig(wrong));
    assertThat(status.getDescription()).contains("allow_roots", "here");
    plugin
        .base()
        .setConfig(AgentStart.forWork(ConfigSpec.encode(agent.schema(), stage.options(Map.of()))));
    assertThat(driver(plugin).init(InitRequest.getDefaultInstance())).isNotNull();
  }

  @Test
  void aTaskBeforeTheConfigIsRefused() {
    DriverTask task = stage.task(Stage.shell("true"));
    var plugin = stage.launch();
    Status status =
        refusal(
            () ->
                driver(plugin)
                    .startTask(StartTaskRequest.newBuilder().setTask(task.config()).build()));
    assertThat(status.getDescription()).containsIgnoringCase("SetConfig");
  }

  @Test
  void initMayComeTwiceAndShutdownLeavesTasksAlone() {
    DriverTask task = stage.startSleeper();
    stage.driver().init(InitRequest.getDefaultInstance());
    stage.driver().shutdown(ShutdownRequest.getDefaultInstance());
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  // ---- a task that is there

  @Test
  void aStartedTasksHandleHasItsConfigUnchanged() {
    DriverTask task = stage.startSleeper();
    assertThat(task.handle().getConfig()).isEqualTo(task.config());
    assertThat(task.handle().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aTaskIsRunningAndThenHasEndedAsItDid() {
    DriverTask task = stage.start("echo ready; exec sleep 600");
    task.logs().awaitStdout("ready");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    assertThat(task.inspect().getTask().getId()).isEqualTo(task.id());
    assertThat(task.inspect().getTask().getName()).isEqualTo(stage.token());
    task.stop(Duration.ZERO, "");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.EXITED);
    assertThat(task.inspect().getTask().getResult()).isEqualTo(task.result());
  }

  @Test
  void waitingIsAnsweredAgainAndAgainUntilTheTaskIsDestroyed() {
    DriverTask task = stage.start("exit 3");
    assertThat(task.await()).isEqualTo(task.await());
    assertThat(task.result().getExitCode()).isEqualTo(3);
    task.destroy();
    refusal(task::await);
  }

  @Test
  void aTaskThatRunsIsNotDestroyedWithoutForce() {
    DriverTask task = stage.startSleeper();
    Status status =
        refusal(
            () ->
                stage
                    .driver()
                    .destroyTask(DestroyTaskRequest.newBuilder().setTaskId(task.id()).build()));
    assertThat(status.getDescription()).contains("cannot destroy running task");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aSecondTaskOfTheSameIdIsRefusedAndTheFirstRunsOn() {
    DriverTask task = stage.startSleeper();
    assertThat(refusal(task::start).getDescription())
        .contains("task with ID \"" + task.id() + "\" already started");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void recoveringATaskThatIsKnownChangesNothing() {
    DriverTask task = stage.startSleeper();
    task.recover().recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  // ---- a task that is not there

  @Test
  void stoppingAndDestroyingWhatIsNotThereIsNoMistake() {
    stage.driver().stopTask(StopTaskRequest.newBuilder().setTaskId(NOBODY).build());
    stage
        .driver()
        .destroyTask(DestroyTaskRequest.newBuilder().setTaskId(NOBODY).setForce(true).build());
    stage.driver().destroyTask(DestroyTaskRequest.newBuilder().setTaskId(NOBODY).build());
  }

  @TestFactory
  Stream<DynamicTest> whatAsksForATaskThatIsNotThereIsRefused() {
    return Stream.of(
        refused(
            "WaitTask",
            () -> stage.driver().waitTask(WaitTaskRequest.newBuilder().setTaskId(NOBODY).build())),
        refused(
            "InspectTask",
            () ->
                stage
                    .driver()
                    .inspectTask(InspectTaskRequest.newBuilder().setTaskId(NOBODY).build())),
        refused(
            "SignalTask",
            () ->
                stage
                    .driver()
                    .signalTask(
                        SignalTaskRequest.newBuilder()
                            .setTaskId(NOBODY)
                            .setSignal("SIGHUP")
                            .build())),
        refused(
            "ExecTask",
            () ->
                stage
                    .driver()
                    .execTask(
                        ExecTaskRequest.newBuilder()
                            .setTaskId(NOBODY)
                            .addCommand("/bin/true")
                            .build())));
  }

  /** An agent asks again at its next interval; an error it would log each time. */
  @Test
  void theStatisticsOfATaskThatIsNotThereEndAtOnce() {
    assertThat(stage.driver().taskStats(TaskStatsRequest.newBuilder().setTaskId(NOBODY).build()))
        .isExhausted();
  }

  private static DynamicTest refused(String name, ThrowingCallable call) {
    return dynamicTest(
        name,
        () -> assertThat(refusal(call).getDescription()).contains("task not found for given id"));
  }

  @Test
  void aStreamOfExecForATaskThatIsNotThereIsRefused() {
    stage.agent();
    ExecSession session = new ExecSession(stage.agent().plugin());
    session.send(
        ExecTaskStreamingRequest.newBuilder()
            .setSetup(
                ExecTaskStreamingRequest.Setup.newBuilder()
                    .setTaskId(NOBODY)
                    .addCommand("/bin/true"))
            .build());
    assertThat(session.awaitEnd().getDescription()).contains("task not found for given id");
  }

  // ---- calls without what they need

  @TestFactory
  Stream<DynamicTest> aCallWithoutWhatItNeedsIsRefusedWithTheReason() {
    return Stream.of(
        refusedSaying(
            "StartTask without a task",
            () -> stage.driver().startTask(StartTaskRequest.getDefaultInstance()),
            "task"),
        refusedSaying(
            "RecoverTask without a handle",
            () -> stage.driver().recoverTask(RecoverTaskRequest.getDefaultInstance()),
            "handle"),
        refusedSaying(
            "RecoverTask with the handle of another age",
            () ->
                stage
                    .driver()
                    .recoverTask(
                        RecoverTaskRequest.newBuilder()
                            .setHandle(
                                TaskHandle.newBuilder()
                                    .setVersion(0)
                                    .setConfig(TaskConfig.newBuilder().setId(NOBODY)))
                            .build()),
            "version"),
        refusedSaying(
            "CreateNetwork",
            () ->
                stage
                    .driver()
                    .createNetwork(CreateNetworkRequest.newBuilder().setAllocId("a").build()),
            "network"),
        refusedSaying(
            "DestroyNetwork",
            () ->
                stage
                    .driver()
                    .destroyNetwork(DestroyNetworkRequest.newBuilder().setAllocId("a").build()),
            "network"));
  }

  private static DynamicTest refusedSaying(String name, ThrowingCallable call, String word) {
    return dynamicTest(
        name, () -> assertThat(refusal(call).getDescription()).containsIgnoringCase(word));
  }
}
