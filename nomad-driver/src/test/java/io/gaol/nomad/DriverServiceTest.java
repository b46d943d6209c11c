package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.gaol.nomad.proto.driver.CapabilitiesRequest;
import io.gaol.nomad.proto.driver.CreateNetworkRequest;
import io.gaol.nomad.proto.driver.CreateNetworkResponse;
import io.gaol.nomad.proto.driver.DestroyNetworkRequest;
import io.gaol.nomad.proto.driver.DestroyNetworkResponse;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DestroyTaskResponse;
import io.gaol.nomad.proto.driver.DriverCapabilities;
import io.gaol.nomad.proto.driver.ExecTaskRequest;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.InitRequest;
import io.gaol.nomad.proto.driver.InitResponse;
import io.gaol.nomad.proto.driver.InspectTaskRequest;
import io.gaol.nomad.proto.driver.InspectTaskResponse;
import io.gaol.nomad.proto.driver.NetworkIsolationSpec;
import io.gaol.nomad.proto.driver.RecoverTaskRequest;
import io.gaol.nomad.proto.driver.RecoverTaskResponse;
import io.gaol.nomad.proto.driver.ShutdownRequest;
import io.gaol.nomad.proto.driver.ShutdownResponse;
import io.gaol.nomad.proto.driver.SignalTaskRequest;
import io.gaol.nomad.proto.driver.SignalTaskResponse;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.StartTaskResponse;
import io.gaol.nomad.proto.driver.StopTaskRequest;
import io.gaol.nomad.proto.driver.StopTaskResponse;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.TaskHandle;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import io.gaol.nomad.proto.shared.RecoverableError;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Every unary call of Nomad's service Driver, over gRPC as an agent makes it. */
final class DriverServiceTest {
  private static final String ID = "b3d2/web/0a1b2c3d";

  private static Plugin example() throws IOException {
    return Plugin.of(new ExampleDriver());
  }

  private static WaitTaskResponse await(Plugin plugin, String id) {
    return plugin.driver().waitTask(WaitTaskRequest.newBuilder().setTaskId(id).build());
  }

  private static StopTaskResponse stop(Plugin plugin, String id) {
    return plugin
        .driver()
        .stopTask(
            StopTaskRequest.newBuilder()
                .setTaskId(id)
                .setTimeout(Duration.newBuilder().setSeconds(30))
                .build());
  }

  private static DestroyTaskResponse destroy(Plugin plugin, String id, boolean force) {
    return plugin
        .driver()
        .destroyTask(DestroyTaskRequest.newBuilder().setTaskId(id).setForce(force).build());
  }

  private static InspectTaskResponse inspect(Plugin plugin, String id) {
    return plugin.driver().inspectTask(InspectTaskRequest.newBuilder().setTaskId(id).build());
  }

  private static ExecTaskResponse exec(Plugin plugin, String id, String... command) {
    return plugin
        .driver()
        .execTask(
            ExecTaskRequest.newBuilder().setTaskId(id).addAllCommand(List.of(command)).build());
  }

  private static void assertUnknown(StatusRuntimeException failure, String text) {
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(failure.getStatus().getDescription()).contains(text);
  }

  // ---- what the driver is

  @Test
  void initAndShutdownReachTheDriver() throws Exception {
    List<String> calls = new ArrayList<>();
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void init() {
            calls.add("init");
          }

          @Override
          public void shutdown() {
            calls.add("shutdown");
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      InitResponse _ = plugin.driver().init(InitRequest.getDefaultInstance());
      ShutdownResponse _ = plugin.driver().shutdown(ShutdownRequest.getDefaultInstance());
    }
    assertThat(calls).containsExactly("init", "shutdown");
  }

  @Test
  void aDriverThatFailsToBeginSaysWhy() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void init() throws DriverException {
            throw new DriverException("no ZFS");
          }

          @Override
          public void shutdown() {
            throw new IllegalStateException("stuck");
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      assertUnknown(
          Plugin.failure(() -> plugin.driver().init(InitRequest.getDefaultInstance())), "no ZFS");
      assertUnknown(
          Plugin.failure(() -> plugin.driver().shutdown(ShutdownRequest.getDefaultInstance())),
          "stuck");
    }
  }

  @Test
  void theTasksSchemaIsAnObjectWithItsKeys() throws Exception {
    try (Plugin plugin = example()) {
      assertThat(
              plugin
                  .driver()
                  .taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance())
                  .getSpec()
                  .getObject()
                  .getAttributesMap())
          .containsOnlyKeys("command", "args");
    }
  }

  @Test
  void capabilitiesSayAllThatAnAgentReads() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public Capabilities capabilities() {
            return new Capabilities(
                true,
                false,
                Capabilities.FileSystemIsolation.IMAGE,
                List.of(NetworkIsolation.Mode.GROUP, NetworkIsolation.Mode.NONE),
                true,
                false,
                false,
                true);
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      assertThat(
              plugin
                  .driver()
                  .capabilities(CapabilitiesRequest.getDefaultInstance())
                  .getCapabilities())
          .isEqualTo(
              DriverCapabilities.newBuilder()
                  .setSendSignals(true)
                  .setFsIsolation(DriverCapabilities.FSIsolation.IMAGE)
                  .addNetworkIsolationModes(NetworkIsolationSpec.NetworkIsolationMode.GROUP)
                  .addNetworkIsolationModes(NetworkIsolationSpec.NetworkIsolationMode.NONE)
                  .setMustCreateNetwork(true)
                  .setMountConfigs(DriverCapabilities.MountConfigs.NO_MOUNTS)
                  .setDisableLogCollection(true)
                  .setDynamicWorkloadUsers(true)
                  .build());
    }
  }

  // ---- a task's life

  @Test
  void aTaskStartsAndItsExitCodeIsToldEachTime() throws Exception {
    try (Plugin plugin = example()) {
      StartTaskResponse started = plugin.driver().startTask(Plugin.shell(ID, "exit 7"));
      assertThat(started.getHandle().getVersion()).isEqualTo(1);
      assertThat(started.getHandle().getState()).isEqualTo(TaskState.RUNNING);
      assertThat(started.getHandle().getDriverState().toStringUtf8()).isEqualTo("nothing");
      assertThat(started.hasNetworkOverride()).isFalse();
      for (int i = 0; i < 2; i++) {
        WaitTaskResponse ended = await(plugin, ID);
        assertThat(ended.hasResult()).isTrue();
        assertThat(ended.getResult().getExitCode()).isEqualTo(7);
        assertThat(ended.getErr()).isEmpty();
      }
    }
  }

  @Test
  void theHandleHasTheTaskAsItCameWithWhatALaterAgentAdds() throws Exception {
    StartTaskRequest request =
        StartTaskRequest.newBuilder()
            .setTask(
                Plugin.shell(ID, "exit 0").getTask().toBuilder()
                    .putEnv("A", "b")
                    .setUnknownFields(
                        UnknownFieldSet.newBuilder()
                            .addField(4711, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
                            .build()))
            .build();
    try (Plugin plugin = example()) {
      assertThat(plugin.driver().startTask(request).getHandle().getConfig())
          .isEqualTo(request.getTask());
    }
  }

  @Test
  void whereATaskIsReachedIsTold() throws Exception {
    StartedTask.Network network = new StartedTask.Network("10.0.0.5", Map.of("http", 80), true);
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public StartedTask startTask(TaskConfig task) {
            return new StartedTask(new DriverState(3, "é"), Optional.of(network));
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      StartTaskResponse started = plugin.driver().startTask(Plugin.shell(ID, "exit 0"));
      assertThat(started.getNetworkOverride().getAddr()).isEqualTo("10.0.0.5");
      assertThat(started.getNetworkOverride().getPortMapMap()).containsEntry("http", 80);
      assertThat(started.getNetworkOverride().getAutoAdvertise()).isTrue();
      assertThat(started.getHandle().getVersion()).isEqualTo(3);
      assertThat(started.getHandle().getDriverState().toStringUtf8()).isEqualTo("é");
    }
  }

  @Test
  void aTaskThatCannotStartSaysWhyAndIsNotTriedAgain() throws Exception {
    StartTaskRequest request =
        StartTaskRequest.newBuilder()
            .setTask(Plugin.task(ID, Map.of("command", "/no/such/program")))
            .build();
    try (Plugin plugin = example()) {
      StatusRuntimeException failure = Plugin.failure(() -> plugin.driver().startTask(request));
      assertUnknown(failure, "/no/such/program");
      assertThat(StatusProto.fromThrowable(failure).getDetailsList()).isEmpty();
    }
  }

  @Test
  void aFailureThatMayPassIsMarkedSoThatTheTaskIsTriedAgain() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public StartedTask startTask(TaskConfig task) throws DriverException {
            throw DriverException.recoverable("the disk is full", null);
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      StatusRuntimeException failure =
          Plugin.failure(() -> plugin.driver().startTask(Plugin.shell(ID, "exit 0")));
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      com.google.rpc.Status status = StatusProto.fromThrowable(failure);
      assertThat(status.getMessage()).isEqualTo("the disk is full");
      assertThat(status.getDetails(0).getTypeUrl())
          .isEqualTo("type.googleapis.com/hashicorp.nomad.plugins.shared.structs.RecoverableError");
      assertThat(recoverable(status)).isTrue();
    }
  }

  private static boolean recoverable(com.google.rpc.Status status)
      throws InvalidProtocolBufferException {
    return status.getDetails(0).unpack(RecoverableError.class).getRecoverable();
  }

  @Test
  void aBugIsCalledOneAndDoesNotLookLikeADeadPlugin() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public StartedTask startTask(TaskConfig task) {
            throw Status.UNAVAILABLE.withDescription("x".repeat(50_000)).asRuntimeException();
          }

          @Override
          public TaskExit awaitTask(String taskId) {
            throw new StackOverflowError();
          }

          @Override
          public void signalTask(String taskId, String signal) throws InterruptedException {
            throw new InterruptedException();
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      assertUnknown(
          Plugin.failure(() -> plugin.driver().startTask(Plugin.shell(ID, "exit 0"))),
          "a bug in the driver");
      assertUnknown(Plugin.failure(() -> await(plugin, ID)), "StackOverflowError");
      assertUnknown(
          Plugin.failure(() -> plugin.driver().signalTask(SignalTaskRequest.getDefaultInstance())),
          "SignalTask was interrupted");
    }
  }

  @Test
  void aTaskThatIsWrongIsRefusedByWhatIsWrong() throws Exception {
    try (Plugin plugin = example()) {
      Map<String, io.gaol.nomad.proto.driver.TaskConfig> wrong =
          Map.of(
              "the task's config: command: a string is expected, but there is a number",
              Plugin.task(ID, Map.of("command", 5)).build(),
              "the task's config: cmd: the schema has no such key",
              Plugin.task(ID, Map.of("cmd", "x")).build(),
              "stdout_path must be absolute, but is \"out\"",
              Plugin.task(ID, Map.of()).setStdoutPath("out").build(),
              "the task's id is empty",
              Plugin.task("", Map.of()).build());
      wrong.forEach(
          (text, task) ->
              assertUnknown(
                  Plugin.failure(
                      () ->
                          plugin
                              .driver()
                              .startTask(StartTaskRequest.newBuilder().setTask(task).build())),
                  text));
    }
  }

  @Test
  void recoveryGivesTheDriverItsStateBack() throws Exception {
    CompletableFuture<TaskConfig> task = new CompletableFuture<>();
    CompletableFuture<DriverState> state = new CompletableFuture<>();
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void recoverTask(TaskConfig config, DriverState driverState) {
            task.complete(config);
            state.complete(driverState);
          }
        };
    TaskHandle handle =
        TaskHandle.newBuilder()
            .setVersion(2)
            .setConfig(Plugin.task(ID, Map.of()).clearMsgpackDriverConfig())
            .setDriverState(ByteString.copyFromUtf8("{}"))
            .build();
    try (Plugin plugin = Plugin.of(driver)) {
      RecoverTaskResponse _ =
          plugin.driver().recoverTask(RecoverTaskRequest.newBuilder().setHandle(handle).build());
    }
    assertThat(task.join().id()).isEqualTo(ID);
    assertThat(task.join().config()).isEmpty();
    assertThat(state.join()).isEqualTo(new DriverState(2, "{}"));
  }

  @Test
  void whatCannotBeRecoveredSaysWhy() throws Exception {
    TaskHandle handle =
        TaskHandle.newBuilder().setVersion(1).setConfig(Plugin.task(ID, Map.of())).build();
    try (Plugin plugin = example()) {
      assertUnknown(
          Plugin.failure(
              () -> plugin.driver().recoverTask(RecoverTaskRequest.getDefaultInstance())),
          "there is no handle");
      assertRecoveryFails(plugin, handle.toBuilder().setVersion(0), "before 0.9");
      assertRecoveryFails(plugin, handle.toBuilder().clearConfig(), "the task's id is empty");
      assertRecoveryFails(
          plugin,
          handle.toBuilder().setDriverState(ByteString.copyFrom(new byte[] {(byte) 0xff})),
          "the state of the task is not of this driver");
      assertRecoveryFails(plugin, handle.toBuilder(), "does not outlive its plugin");
    }
  }

  private static void assertRecoveryFails(Plugin plugin, TaskHandle.Builder handle, String text) {
    assertUnknown(
        Plugin.failure(
            () ->
                plugin
                    .driver()
                    .recoverTask(RecoverTaskRequest.newBuilder().setHandle(handle).build())),
        text);
  }

  @Test
  void aWaitForATaskWhoseEndNobodyKnowsHasAResultAllTheSame() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public TaskExit awaitTask(String taskId) {
            return TaskExit.unknown("the supervisor is gone");
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      WaitTaskResponse ended = await(plugin, ID);
      assertThat(ended.hasResult()).isTrue();
      assertThat(ended.getResult().getExitCode()).isEqualTo(-1);
      assertThat(ended.getErr()).isEqualTo("the supervisor is gone");
    }
  }

  @Test
  void aTaskIsStoppedAndInspectedAndDestroyed() throws Exception {
    try (Plugin plugin = example()) {
      var _ = plugin.driver().startTask(Plugin.shell(ID, "exec sleep 1000"));
      InspectTaskResponse running = inspect(plugin, ID);
      assertThat(running.getTask().getState()).isEqualTo(TaskState.RUNNING);
      assertThat(running.getTask().hasStartedAt()).isTrue();
      assertThat(running.getTask().hasCompletedAt()).isTrue();
      assertThat(running.getTask().getCompletedAt().getSeconds()).isEqualTo(-62_135_596_800L);
      assertThat(running.getTask().hasResult()).isTrue();
      assertThat(running.getDriver().getAttributesMap()).containsKey("pid");
      assertUnknown(
          Plugin.failure(() -> destroy(plugin, ID, false)), "cannot destroy running task");

      var _ = stop(plugin, ID);
      assertThat(await(plugin, ID).getResult().getSignal()).isEqualTo(15);
      InspectTaskResponse ended = inspect(plugin, ID);
      assertThat(ended.getTask().getState()).isEqualTo(TaskState.EXITED);
      assertThat(ended.getTask().getName()).isEqualTo("web");
      assertThat(ended.getTask().getId()).isEqualTo(ID);
      assertThat(ended.getTask().getResult().getExitCode()).isEqualTo(143);
      assertThat(ended.getTask().getCompletedAt().getSeconds()).isPositive();

      var _ = destroy(plugin, ID, true);
      assertUnknown(Plugin.failure(() -> inspect(plugin, ID)), "task not found for given id");
    }
  }

  @Test
  void toStopOrDestroyWhatIsNotThereIsNoMistake() throws Exception {
    try (Plugin plugin = example()) {
      assertThat(stop(plugin, "none")).isEqualTo(StopTaskResponse.getDefaultInstance());
      assertThat(destroy(plugin, "none", true)).isEqualTo(DestroyTaskResponse.getDefaultInstance());
    }
  }

  @Test
  void everythingElseOfATaskThatIsNotThereSaysSo() throws Exception {
    try (Plugin plugin = example()) {
      String text = "task not found for given id";
      assertUnknown(Plugin.failure(() -> await(plugin, "none")), text);
      assertUnknown(Plugin.failure(() -> inspect(plugin, "none")), text);
      assertUnknown(Plugin.failure(() -> exec(plugin, "none", "true")), text);
      assertUnknown(
          Plugin.failure(
              () ->
                  plugin
                      .driver()
                      .signalTask(SignalTaskRequest.newBuilder().setTaskId("none").build())),
          text);
    }
  }

  @Test
  void aStopThatFailsSaysWhy() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void stopTask(String taskId, java.time.Duration timeout, Optional<String> signal)
              throws DriverException {
            throw new DriverException(signal.isEmpty() + " " + timeout);
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      assertUnknown(Plugin.failure(() -> stop(plugin, ID)), "true PT30S");
      assertUnknown(
          Plugin.failure(
              () ->
                  plugin
                      .driver()
                      .stopTask(
                          StopTaskRequest.newBuilder()
                              .setSignal("SIGINT")
                              .setTimeout(Duration.newBuilder().setSeconds(Long.MIN_VALUE))
                              .build())),
          "false PT0S");
    }
  }

  @Test
  void aSignalReachesTheTask() throws Exception {
    try (Plugin plugin = example()) {
      var _ = plugin.driver().startTask(Plugin.shell(ID, "exec sleep 1000"));
      SignalTaskResponse _ =
          plugin
              .driver()
              .signalTask(
                  SignalTaskRequest.newBuilder().setTaskId(ID).setSignal("SIGKILL").build());
      assertThat(await(plugin, ID).getResult().getSignal()).isEqualTo(9);
    }
  }

  // ---- commands

  @Test
  void aCommandsOutputAndExitCodeAreToldThoughItFails() throws Exception {
    try (Plugin plugin = example()) {
      var _ = plugin.driver().startTask(Plugin.shell(ID, "exec sleep 1000"));
      ExecTaskResponse response =
          exec(plugin, ID, "/bin/sh", "-c", "echo out; echo err >&2; cat; exit 3");
      assertThat(response.getStdout().toStringUtf8()).isEqualTo("out\n");
      assertThat(response.getStderr().toStringUtf8()).isEqualTo("err\n");
      assertThat(response.hasResult()).isTrue();
      assertThat(response.getResult().getExitCode()).isEqualTo(3);
      var _ = destroy(plugin, ID, true);
    }
  }

  @Test
  void ofALongOutputTheEndIsKept() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public TaskExit exec(
              String taskId, List<String> command, boolean terminal, ExecStreams streams)
              throws DriverException {
            try {
              streams.stdout().write("x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
              streams.stdout().write("end".getBytes(StandardCharsets.UTF_8));
            } catch (IOException failed) {
              throw new DriverException("output", failed);
            }
            return TaskExit.unknown("who knows");
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      ExecTaskResponse response = exec(plugin, ID, "x");
      assertThat(response.getStdout().size()).isEqualTo(Tail.KEPT);
      assertThat(response.getStdout().toStringUtf8()).endsWith("xend");
      assertThat(response.getStderr().toStringUtf8()).isEqualTo("who knows\n");
      assertThat(response.getResult().getExitCode()).isEqualTo(-1);
    }
  }

  @Test
  void aCommandWithoutWordsIsRefused() throws Exception {
    try (Plugin plugin = example()) {
      assertUnknown(
          Plugin.failure(() -> exec(plugin, ID)), "error cmd must have at least one value");
    }
  }

  @Test
  void aCommandThatTakesTooLongIsInterruptedAndItsTimeNamed() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public TaskExit exec(
              String taskId, List<String> command, boolean terminal, ExecStreams streams)
              throws InterruptedException {
            try {
              new CountDownLatch(1).await();
            } finally {
              interrupted.countDown();
            }
            return TaskExit.of(0);
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      StatusRuntimeException failure =
          Plugin.failure(
              () ->
                  plugin
                      .driver()
                      .execTask(
                          ExecTaskRequest.newBuilder()
                              .setTaskId(ID)
                              .addCommand("x")
                              .setTimeout(Duration.newBuilder().setNanos(50_000_000))
                              .build()));
      assertUnknown(failure, "did not end within 50 ms");
      assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  // ---- networks

  @Test
  void aNetworkIsMadeAndRemoved() throws Exception {
    NetworkIsolation network =
        new NetworkIsolation(
            NetworkIsolation.Mode.GROUP,
            "/run/netns/a",
            Map.of("k", "v"),
            Optional.of(new NetworkIsolation.Hosts("web", "10.0.0.5")));
    CompletableFuture<NetworkIsolation> removed = new CompletableFuture<>();
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public CreatedNetwork createNetwork(String allocId, Optional<String> hostname) {
            return new CreatedNetwork(network, hostname.isPresent());
          }

          @Override
          public void destroyNetwork(String allocId, NetworkIsolation gone) {
            removed.complete(gone);
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      CreateNetworkResponse created =
          plugin
              .driver()
              .createNetwork(
                  CreateNetworkRequest.newBuilder().setAllocId("a").setHostname("web").build());
      assertThat(created.getCreated()).isTrue();
      DestroyNetworkResponse _ =
          plugin
              .driver()
              .destroyNetwork(
                  DestroyNetworkRequest.newBuilder()
                      .setAllocId("a")
                      .setIsolationSpec(created.getIsolationSpec())
                      .build());
    }
    assertThat(removed.join()).isEqualTo(network);
  }

  @Test
  void aDriverWithoutNetworksSaysSo() throws Exception {
    try (Plugin plugin = example()) {
      assertUnknown(
          Plugin.failure(
              () -> plugin.driver().createNetwork(CreateNetworkRequest.getDefaultInstance())),
          "makes no networks");
      assertUnknown(
          Plugin.failure(
              () -> plugin.driver().destroyNetwork(DestroyNetworkRequest.getDefaultInstance())),
          "makes no networks");
      assertUnknown(
          Plugin.failure(
              () ->
                  plugin
                      .driver()
                      .destroyNetwork(
                          DestroyNetworkRequest.newBuilder()
                              .setIsolationSpec(NetworkIsolationSpec.newBuilder().setModeValue(9))
                              .build())),
          "the network mode 9 is not known");
    }
  }

  // ---- many at once

  @Test
  void aHundredWaitsKeepNothingElseFromBeingAnswered() throws Exception {
    try (Plugin plugin = example()) {
      var _ = plugin.driver().startTask(Plugin.shell(ID, "exec sleep 1000"));
      List<Future<WaitTaskResponse>> waits = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        waits.add(plugin.later().waitTask(WaitTaskRequest.newBuilder().setTaskId(ID).build()));
      }
      for (int i = 0; i < 10; i++) {
        assertThat(inspect(plugin, ID).getTask().getState()).isEqualTo(TaskState.RUNNING);
      }
      assertThat(waits).noneMatch(Future::isDone);
      var _ = stop(plugin, ID);
      for (Future<WaitTaskResponse> wait : waits) {
        assertThat(wait.get(60, TimeUnit.SECONDS).getResult().getSignal()).isEqualTo(15);
      }
    }
  }

  @Test
  void aCallThatIsGivenUpInterruptsTheDriverAndTheTaskRunsOn() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public TaskExit awaitTask(String taskId) throws DriverException, InterruptedException {
            waiting.countDown();
            try {
              return super.awaitTask(taskId);
            } catch (InterruptedException gone) {
              interrupted.countDown();
              throw gone;
            }
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      var _ = plugin.driver().startTask(Plugin.shell(ID, "exec sleep 1000"));
      Future<WaitTaskResponse> wait =
          plugin.later().waitTask(WaitTaskRequest.newBuilder().setTaskId(ID).build());
      assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();
      wait.cancel(true);
      assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(inspect(plugin, ID).getTask().getState()).isEqualTo(TaskState.RUNNING);
      var _ = destroy(plugin, ID, true);
    }
  }
}
