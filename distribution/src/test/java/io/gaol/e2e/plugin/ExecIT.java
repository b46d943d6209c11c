package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.ExecSession;
import io.grpc.Status;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands in a task that runs. */
@RequiresLinuxRoot
class ExecIT {
  private static final int MEBIBYTE = 1024 * 1024;

  @RegisterExtension private final Stage stage = new Stage();

  private static ByteString random(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  // ---- all at once

  @Test
  void aCommandsStreamsAndExitStatusComeApart() {
    ExecTaskResponse answer = stage.startSleeper().sh("echo out; echo err >&2; exit 23");
    assertThat(answer.getStdout().toStringUtf8()).isEqualTo("out\n");
    assertThat(answer.getStderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(answer.getResult().getExitCode()).isEqualTo(23);
  }

  @Test
  void aCommandSeesTheTaskAndItsVariables() {
    DriverTask task = stage.start("touch /local/here; echo ready; exec sleep 1000");
    task.logs().awaitStdout("ready");
    ExecTaskResponse answer = task.sh("ls /local; echo $NOMAD_TASK_NAME");
    assertThat(answer.getStdout().toStringUtf8()).isEqualTo("here\n" + stage.token() + "\n");
  }

  @Test
  void aCommandThatIsNotThereIsNoErrorOfTheCall() {
    ExecTaskResponse answer = stage.startSleeper().exec(Stage.PATIENCE, "/bin/none-such");
    assertThat(answer.getResult().getExitCode()).isIn(1, 126, 127, 255);
    assertThat(answer.getStdout().concat(answer.getStderr()).toStringUtf8()).contains("none-such");
  }

  private void assertOnlyTheCommandEnds(DriverTask task) {
    Stage.await(
        "the end of the command",
        () ->
            stage.processes().stream()
                .map(Stage::commandLine)
                .noneMatch(line -> line.endsWith("sleep 999")));
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aCommandThatTakesTooLongIsKilledAndTheTaskRunsOn() {
    DriverTask task = stage.startSleeper();
    refusal(() -> task.exec(Duration.ofSeconds(1), "/bin/sleep", "999"));
    assertOnlyTheCommandEnds(task);
  }

  @Test
  void noCommandIsRefused() {
    DriverTask task = stage.startSleeper();
    assertThat(refusal(() -> task.exec(Stage.PATIENCE)).getDescription())
        .contains("error cmd must have at least one value");
  }

  @Test
  void aCommandInATaskThatHasEndedIsRefused() {
    DriverTask task = stage.start("exit 3");
    task.await();
    assertThat(refusal(() -> task.sh("true")).getDescription()).contains("ended");
  }

  // ---- as a stream

  @Test
  void aStreamEndsWithTheExitStatusAfterAllOutput() {
    ExecSession session =
        ExecSession.of(stage.startSleeper(), "/bin/sh", "-c", "echo out; echo err >&2; exit 43");
    assertThat(session.awaitEnd().getCode()).isEqualTo(Status.Code.OK);
    assertThat(session.stdout().toStringUtf8()).isEqualTo("out\n");
    assertThat(session.stderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(session.result().getExitCode()).isEqualTo(43);
    assertThat(session.messages().stream().filter(ExecTaskStreamingResponse::getExited)).hasSize(1);
  }

  @Test
  void aMebibyteGoesThroughACommandAndComesBackIntact() {
    DriverTask task = stage.startSleeper();
    ByteString data = random(MEBIBYTE);
    ExecSession session = ExecSession.of(task, "/bin/cat");
    for (int start = 0; start < MEBIBYTE; start += 4096) {
      session.input(data.substring(start, start + 4096));
    }
    session.closeInput();
    assertThat(session.awaitEnd().getCode()).isEqualTo(Status.Code.OK);
    assertThat(session.stdout()).isEqualTo(data);
    assertThat(session.result().getExitCode()).isZero();
  }

  @Test
  void whatIsWrittenInTurnsIsAnsweredInTurns() {
    ExecSession session = ExecSession.of(stage.startSleeper(), "/bin/cat");
    session.input("one\n");
    session.awaitStdout("one\n");
    session.heartbeat();
    session.input("two\n");
    session.awaitStdout("two\n");
    session.closeInput();
    session.awaitEnd();
    assertThat(session.stdout().toStringUtf8()).isEqualTo("one\ntwo\n");
  }

  @Test
  void aCommandWhoseUserHasGoneIsEndedAndTheTaskRunsOn() {
    DriverTask task = stage.startSleeper();
    ExecSession session =
        ExecSession.of(task, "/bin/sh", "-c", "echo here; sleep 998 & exec sleep 999");
    session.awaitStdout("here");
    session.cancel();
    assertOnlyTheCommandEnds(task);
  }

  @Test
  void aCommandThatRunsWhenTheTaskIsDestroyedEnds() {
    DriverTask task = stage.startSleeper();
    ExecSession session = ExecSession.of(task, "/bin/sh", "-c", "echo here; exec sleep 999");
    session.awaitStdout("here");
    task.destroy();
    session.awaitEnd();
  }

  @Test
  void aStreamThatDoesNotBeginWithItsSetupIsRefused() {
    stage.agent();
    ExecSession session = new ExecSession(stage.agent().plugin());
    session.input("x");
    assertThat(session.awaitEnd().getDescription())
        .contains("first message should always be setup");
  }

  @Test
  void manyCommandsAtOnceDoNotMixTheirOutput() {
    DriverTask task = stage.startSleeper();
    var sessions =
        IntStream.range(0, 8)
            .mapToObj(i -> ExecSession.of(task, "/bin/sh", "-c", "echo mine " + i + "; exit " + i))
            .toList();
    for (int i = 0; i < sessions.size(); i++) {
      sessions.get(i).awaitEnd();
      assertThat(sessions.get(i).stdout().toStringUtf8()).isEqualTo("mine " + i + "\n");
      assertThat(sessions.get(i).result().getExitCode()).isEqualTo(i);
    }
  }
}
