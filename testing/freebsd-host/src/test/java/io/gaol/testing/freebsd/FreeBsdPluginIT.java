package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DriverGrpc.DriverBlockingStub;
import io.gaol.nomad.proto.driver.ExecTaskRequest;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.nomad.proto.driver.RecoverTaskRequest;
import io.gaol.nomad.proto.driver.SignalTaskRequest;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.StopTaskRequest;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.TaskHandle;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.TaskLogs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plugin on a FreeBSD host, through its socket, as an agent drives it. */
class FreeBsdPluginIT {
  private static FreeBsd host;
  private AgentStart agent;

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(
        FreeBsd.isPossible(), "needs root, and on Linux python3: apt-get install python3");
    host = FreeBsd.open();
  }

  @AfterAll
  static void close() {
    if (host != null) {
      host.close();
    }
  }

  @BeforeEach
  void launch() {
    agent = AgentStart.again(host.plugin(), Map.of("state_dir", FreeBsd.STATE));
  }

  @AfterEach
  void nothingIsLeft() {
    agent.plugin().kill();
    agent.close();
    assertThat(host.changes()).isEmpty();
  }

  private DriverBlockingStub driver() {
    return agent.plugin().driver().withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  /** A task that was started. */
  private final class Started implements AutoCloseable {
    private final TaskConfig config;
    private final TaskLogs logs;
    private final TaskHandle handle;

    Started(Map<String, ?> config) {
      AllocationDirectory allocation =
          AllocationDirectory.make(host.folder().resolve("allocations"), "web");
      logs = allocation.startLogs();
      ByteString encoded =
          ConfigSpec.encode(
              driver().taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance()).getSpec(),
              config);
      this.config = allocation.taskConfig(encoded, logs).build();
      handle =
          driver()
              .startTask(StartTaskRequest.newBuilder().setTask(this.config).build())
              .getHandle();
    }

    String id() {
      return config.getId();
    }

    ExitResult result() {
      return driver().waitTask(WaitTaskRequest.newBuilder().setTaskId(id()).build()).getResult();
    }

    ExecTaskResponse sh(String script) {
      return driver()
          .execTask(
              ExecTaskRequest.newBuilder()
                  .setTaskId(id())
                  .addAllCommand(List.of("/bin/sh", "-c", script))
                  .setTimeout(Duration.newBuilder().setSeconds(30))
                  .build());
    }

    @Override
    public void close() {
      driver().destroyTask(DestroyTaskRequest.newBuilder().setTaskId(id()).setForce(true).build());
      logs.close();
    }
  }

  private Started start(String script) {
    return new Started(Map.of("command", "/bin/sh", "args", List.of("-c", script)));
  }

  @Test
  void theExitCodeAndTheOutputAreTheTasksOwn() {
    try (Started task = start("echo out; echo err >&2; exit 7")) {
      assertThat(task.result().getExitCode()).isEqualTo(7);
      assertThat(task.logs.awaitEnd().stdout()).isEqualTo("out\n");
      assertThat(task.logs.stderr()).isEqualTo("err\n");
    }
  }

  @Test
  void theSignalThatEndedATaskIsTold() {
    try (Started task = start("kill -KILL $$")) {
      ExitResult result = task.result();
      assertThat(result.getSignal()).isEqualTo(9);
      assertThat(result.getOomKilled()).isFalse();
    }
  }

  @Test
  void aTaskIsSignalledAndStopped() {
    try (Started task =
        start(
            "trap 'echo got' USR1; trap 'exit 4' TERM; echo ready; while :; do sleep 0.1; done")) {
      task.logs.awaitStdout("ready");
      driver()
          .signalTask(
              SignalTaskRequest.newBuilder().setTaskId(task.id()).setSignal("SIGUSR1").build());
      task.logs.awaitStdout("got");
      driver()
          .stopTask(
              StopTaskRequest.newBuilder()
                  .setTaskId(task.id())
                  .setTimeout(Duration.newBuilder().setSeconds(20))
                  .setSignal("SIGTERM")
                  .build());
      assertThat(task.result().getExitCode()).isEqualTo(4);
    }
  }

  @Test
  void aCommandRunsInTheJailOfATask() {
    try (Started task = start("echo ready; sleep 1000")) {
      task.logs.awaitStdout("ready");
      ExecTaskResponse answer =
          task.sh("sysctl -n security.jail.jailed; echo $NOMAD_TASK_NAME; exit 3");
      assertThat(answer.getStdout().toStringUtf8()).isEqualTo("1\nweb\n");
      assertThat(answer.getResult().getExitCode()).isEqualTo(3);
    }
  }

  @Test
  void aTaskLivesOnWithoutThePluginAndIsTakenOverWithItsExitCode() throws InterruptedException {
    Started task = start("echo ready; while [ ! -e /alloc/end ]; do sleep 0.1; done; exit 6");
    task.logs.awaitStdout("ready");
    agent.plugin().killHard();
    assertThat(host.sh("jls -n name").stdout()).contains("web");
    agent.close();
    agent = AgentStart.again(host.plugin(), Map.of("state_dir", FreeBsd.STATE));
    driver()
        .recoverTask(
            RecoverTaskRequest.newBuilder()
                .setHandle(AllocationDirectory.persisted(task.handle))
                .build());
    assertThat(task.sh("touch /alloc/end").getResult().getExitCode()).isZero();
    assertThat(task.result().getExitCode()).isEqualTo(6);
    task.close();
  }

  @Test
  void aTaskThatEndedWithoutThePluginHasItsExitCodeAllTheSame() throws InterruptedException {
    Started task = start("echo ready; while [ ! -e /alloc/end ]; do sleep 0.1; done; exit 6");
    task.logs.awaitStdout("ready");
    agent.plugin().killHard();
    agent.close();
    host.sh("touch " + task.config.getAllocDir() + "/alloc/end");
    host.until("ls " + FreeBsd.STATE + "/tasks/*/status");
    agent = AgentStart.again(host.plugin(), Map.of("state_dir", FreeBsd.STATE));
    driver()
        .recoverTask(
            RecoverTaskRequest.newBuilder()
                .setHandle(AllocationDirectory.persisted(task.handle))
                .build());
    assertThat(task.result().getExitCode()).isEqualTo(6);
    task.close();
  }

  @Test
  void memoryOverNomadsLimitEndsATask() {
    try (Started task =
        new Started(
            Map.of(
                "command",
                "/usr/bin/python3",
                "args",
                List.of("-c", "x = bytearray(200 << 20); import time; time.sleep(60)")))) {
      assertThat(task.result().getSignal()).isEqualTo(9);
    }
  }

  @Test
  void whatAPolicyDoesNotPermitIsRefusedWithTheOptionThatDoes() {
    assertThatThrownBy(
            () ->
                new Started(
                    Map.of("command", "/bin/true", "Exec_prestart", List.of("touch /tmp/owned"))))
        .hasMessageContaining("Exec_prestart");
    assertThat(host.sh("test -e /tmp/owned").status()).isEqualTo(1);
  }
}
