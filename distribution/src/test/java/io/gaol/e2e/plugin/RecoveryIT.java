package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.gaol.e2e.Leftovers;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.RecoverTaskRequest;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.TaskStatsRequest;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import io.gaol.testing.host.DriverTask;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A plugin dies while its task runs; another one takes the task over. */
@RequiresLinuxRoot
class RecoveryIT {
  /** Runs until the file is there. */
  private static final String UNTIL_TOLD =
      "echo ready; while [ ! -e /local/end ]; do sleep 0.05; done; echo done; exit 7";

  @RegisterExtension private final Stage stage = new Stage();

  private DriverTask startUntilTold() {
    DriverTask task = stage.start(UNTIL_TOLD);
    task.logs().awaitStdout("ready");
    return task;
  }

  private List<?> taskDirectories() {
    return Leftovers.entries(stage.state().resolve("tasks"));
  }

  private static void tell(DriverTask task) throws IOException {
    Files.createFile(task.allocation().taskDirectory().resolve("local/end"));
  }

  @Test
  void aTaskThatWasTakenOverEndsWithItsOwnExitCode() throws IOException {
    DriverTask task = startUntilTold();
    stage.killPluginAndStartAnother();
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    tell(task);
    assertThat(task.await()).satisfies(RecoveryIT::exitedWithSeven);
    assertThat(task.logs().awaitEnd().stdout()).isEqualTo("ready\ndone\n");
  }

  @Test
  void aTaskThatEndedWhileNoPluginWasThereStillHasItsExitCode() throws IOException {
    DriverTask task = startUntilTold();
    stage.killPlugin();
    tell(task);
    task.logs().awaitEnd();
    stage.startPlugin(Map.of());
    task.recover();
    assertThat(task.await()).satisfies(RecoveryIT::exitedWithSeven);
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.EXITED);
  }

  @Test
  void aTaskWhoseSupervisorWasKilledHasEndedInAnUnknownWayAndNotWell() throws IOException {
    DriverTask task = startUntilTold();
    long plugin = stage.agent().plugin().pid();
    stage.killPlugin();
    for (long process : stage.processes()) {
      if (process != plugin && Stage.commandLine(process).contains("supervise.sh")) {
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    tell(task);
    stage.startPlugin(Map.of());
    task.recover();
    WaitTaskResponse end = task.await();
    assertThat(end.getErr()).isNotBlank();
    assertThat(end.getResult().getExitCode()).isEqualTo(-1);
  }

  @Test
  void aTaskThatWasTakenOverCanBeStoppedEnteredAndMeasured() {
    DriverTask task = stage.startSleeper();
    stage.killPluginAndStartAnother();
    task.recover();
    assertThat(task.sh("exit 5").getResult().getExitCode()).isEqualTo(5);
    assertThat(
            stage
                .driver()
                .taskStats(
                    TaskStatsRequest.newBuilder()
                        .setTaskId(task.id())
                        .setCollectionInterval(DriverTask.proto(Duration.ofSeconds(1)))
                        .build())
                .next()
                .getStats()
                .hasAggResourceUsage())
        .isTrue();
    task.stop(Duration.ofSeconds(60), "SIGTERM");
    assertThat(task.result().getSignal()).isIn(15, 9);
  }

  @Test
  void whatWaitedWhenThePluginDiedIsToldThatThePluginHasGone() throws Exception {
    DriverTask task = startUntilTold();
    var waiting = stage.agent().plugin().driverFuture().waitTask(task.waitRequest());
    stage.killPluginAndStartAnother();
    assertThat(
            catchThrowable(() -> waiting.get(Stage.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .getCause())
        .isInstanceOf(StatusRuntimeException.class);
    task.recover();
    tell(task);
    assertThat(task.await()).satisfies(RecoveryIT::exitedWithSeven);
  }

  @Test
  void aTaskOfADeadPluginIsDestroyedWithoutBeingTakenOver() {
    DriverTask task = stage.startSleeper();
    stage.killPluginAndStartAnother();
    task.destroy();
    assertThat(stage.processes())
        .noneMatch(process -> Stage.commandLine(process).contains("supervise.sh"));
    refusal(task::recover);
  }

  @Test
  void whatIsLeftOfATaskThatEndedWithoutAPluginIsRemovedWhenNobodyAsksForItAndATaskThatRunsIsNot()
      throws IOException {
    DriverTask running = stage.startSleeper();
    DriverTask ended = startUntilTold();
    stage.killPlugin();
    tell(ended);
    ended.logs().awaitEnd();
    assertThat(taskDirectories()).hasSize(2);
    stage.startPlugin(Map.of("recovery_window", "500ms"));
    Stage.await("one task", () -> taskDirectories().size() == 1);
    refusal(ended::recover);
    running.recover();
    assertThat(running.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aRunningTaskOfADeadPluginIsNotDestroyedWithoutForceAndCanBeTakenOverAfterwards() {
    DriverTask task = stage.startSleeper();
    stage.killPluginAndStartAnother();
    DestroyTaskRequest gently = DestroyTaskRequest.newBuilder().setTaskId(task.id()).build();
    assertThat(refusal(() -> stage.driver().destroyTask(gently)).getDescription())
        .isEqualTo("cannot destroy running task");
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aStartThatIsRepeatedAfterThePluginDiedIsTheSameTask() throws IOException {
    DriverTask task = startUntilTold();
    stage.killPluginAndStartAnother();
    task.start();
    tell(task);
    assertThat(task.await()).satisfies(RecoveryIT::exitedWithSeven);
    assertThat(task.logs().awaitEnd().stdout()).isEqualTo("ready\ndone\n");
  }

  @Test
  void whoReadsTheOutputOfAStartThatIsRepeatedDoesNotFindItsEndWhenTheFirstIsRemoved() {
    Map<String, ?> options = Map.of("allow_host_hooks", true);
    stage.startPlugin(options);
    Path begun = stage.directory().resolve("begun");
    String once = "[ -e " + begun + " ] || { touch " + begun + "; sleep 600; }";
    DriverTask task = stage.task(MappingCase.with(shell("echo ran"), Map.of("Exec_created", once)));
    CompletableFuture<?> starting = CompletableFuture.runAsync(task::start);
    Stage.await("the hook runs", () -> Files.exists(begun));
    stage.killPlugin();
    assertThat(starting).failsWithin(Stage.PATIENCE);
    task.logs().restart();
    stage.startPlugin(options);
    task.start();
    assertThat(task.result().getExitCode()).isZero();
    assertThat(task.logs().awaitEnd().stdout()).isEqualTo("ran\n");
  }

  @Test
  void aTaskThatAnotherPluginHasIsNotTakenFromIt() {
    DriverTask task = stage.startSleeper();
    var first = stage.agent().plugin();
    stage.startPlugin(Map.of());
    refusal(task::recover);
    first.kill(Stage.PATIENCE);
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aHandleWhoseStateIsDamagedIsRefused() {
    DriverTask task = stage.startSleeper();
    stage.killPluginAndStartAnother();
    assertThat(
            refusal(
                    () ->
                        stage
                            .driver()
                            .recoverTask(
                                RecoverTaskRequest.newBuilder()
                                    .setHandle(
                                        task.handle().toBuilder()
                                            .setDriverState(ByteString.copyFromUtf8("{")))
                                    .build()))
                .getDescription())
        .contains("state");
    task.recover();
  }

  private static void exitedWithSeven(WaitTaskResponse end) {
    assertThat(end.getErr()).isEmpty();
    assertThat(end.getResult().getExitCode()).isEqualTo(7);
    assertThat(end.getResult().getSignal()).isZero();
  }
}
