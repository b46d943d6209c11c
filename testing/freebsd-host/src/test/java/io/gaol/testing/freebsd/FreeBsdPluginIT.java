package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DriverGrpc.DriverBlockingStub;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.nomad.proto.driver.Mount;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.TaskStats;
import io.gaol.nomad.proto.driver.TaskStatsRequest;
import io.gaol.nomad.proto.driver.TaskStatsResponse;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.ExecSession;
import io.gaol.testing.host.TaskLogs;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plugin on a FreeBSD host, through its socket, as an agent drives it. */
class FreeBsdPluginIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Runs until the file is there. */
  private static final String UNTIL_TOLD =
      "echo ready; while [ ! -e /local/end ]; do sleep 0.1; done; echo done; exit 7";

  /** The jails of all tasks, for sh(1). */
  private static final String JAILS = "$(ls " + FreeBsd.STATE + "/tasks)";

  private static FreeBsd host;
  private static AgentStart agent;

  private final List<DriverTask> tasks = new ArrayList<>();

  @BeforeAll
  static void open() {
    host = FreeBsd.open();
    launch();
  }

  @AfterAll
  static void close() {
    if (agent != null) {
      agent.plugin().kill(PATIENCE);
      agent.close();
    }
    if (host != null) {
      host.close();
    }
  }

  @AfterEach
  void nothingIsLeft() {
    if (!agent.plugin().isAlive()) {
      launch();
    }
    for (DriverTask task : tasks) {
      task.destroy();
      task.logs().close();
    }
    assertThat(host.changes()).isEmpty();
  }

  private static void launch() {
    launch(false);
  }

  private static void launch(boolean withHooksOnTheHost) {
    agent =
        AgentStart.again(
            host.plugin(),
            Map.of(
                "state_dir",
                FreeBsd.STATE,
                "allow_host_hooks",
                withHooksOnTheHost,
                "allow_roots",
                List.of("/jails"),
                "allow_host_paths",
                List.of("/")));
  }

  private static void kill() {
    agent.plugin().killHard();
    agent.close();
  }

  private static DriverBlockingStub driver() {
    return agent.plugin().driver().withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private DriverTask task(Map<String, ?> config, UnaryOperator<TaskConfig.Builder> more) {
    AllocationDirectory allocation =
        AllocationDirectory.make(host.folder().resolve("allocations"), "web");
    TaskLogs logs = allocation.startLogs();
    ByteString encoded =
        ConfigSpec.encode(
            driver().taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance()).getSpec(),
            config);
    DriverTask task =
        new DriverTask(
            () -> agent.plugin(),
            allocation,
            logs,
            more.apply(allocation.taskConfig(encoded, logs)).build());
    tasks.add(task);
    return task;
  }

  private static Map<String, Object> shell(String script) {
    return Map.of("command", "/bin/sh", "args", List.of("-c", script));
  }

  private DriverTask start(String script) {
    return task(shell(script), task -> task).start();
  }

  private DriverTask ready(String script) {
    DriverTask task = start(script);
    task.logs().awaitStdout("ready");
    return task;
  }

  private DriverTask sleeper() {
    return ready("echo ready; exec sleep 1000");
  }

  private static void tell(DriverTask task) {
    try {
      Files.createFile(task.allocation().taskDirectory().resolve("local/end"));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  // ---- output and end

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 126, 255})
  void theExitCodeIsTheTasksOwn(int code) {
    assertThat(start("exit " + code).result())
        .isEqualTo(ExitResult.newBuilder().setExitCode(code).build());
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9", "TERM, 15", "SEGV, 11", "HUP, 1"})
  void theSignalThatEndedATaskIsTold(String name, int number) {
    ExitResult result = start("kill -s " + name + " $$; exit 0").result();
    assertThat(result.getSignal()).isEqualTo(number);
    assertThat(result.getExitCode()).isEqualTo(128 + number);
    assertThat(result.getOomKilled()).isFalse();
  }

  @Test
  void bothStreamsComeCompleteAndApart() {
    DriverTask task =
        start("i=0; while [ $i -lt 5000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done");
    assertThat(task.result().getExitCode()).isZero();
    task.logs().awaitEnd();
    assertThat(task.logs().stdout().lines()).hasSize(5000).allMatch(line -> line.startsWith("out"));
    assertThat(task.logs().stderr().lines()).hasSize(5000).allMatch(line -> line.startsWith("err"));
    assertThat(task.logs().stdout()).endsWith("out 4999\n");
  }

  @Test
  void memoryOverNomadsLimitEndsATask() {
    DriverTask task =
        task(
            Map.of(
                "command",
                "/usr/bin/awk",
                "args",
                List.of("BEGIN { x = \"x\"; while (1) x = x x }")),
            more -> more);
    Assumptions.assumeTrue(host.accounts(), "nothing is accounted");
    assertThat(task.start().result().getSignal()).isEqualTo(9);
  }

  @Test
  void whatNobodyReadsWaitsForAReader() {
    DriverTask task = start("sleep 1; echo late; exit 3");
    task.logs().close();
    assertThat(task.result().getExitCode()).isEqualTo(3);
  }

  // ---- what a task sees

  @Test
  void theVariablesTheFoldersAndTheUserAreThoseOfTheAgent() {
    DriverTask task =
        task(
            shell(
                "echo $NOMAD_TASK_NAME $EXTRA; id -un; for d in /alloc /local; do touch $d/x && echo"
                    + " $d; done; touch /bin/x 2>/dev/null || echo read-only"),
            more -> more.setUser("nobody").putEnv("EXTRA", "a b'\"$c"));
    task.start();
    assertThat(task.result().getExitCode()).isZero();
    assertThat(task.logs().awaitEnd().stdout())
        .isEqualTo("web a b'\"$c\nnobody\n/alloc\n/local\nread-only\n");
    assertThat(task.allocation().taskDirectory().resolve("local/x")).exists();
  }

  @Test
  void whatIsSecretInTheEnvironmentIsInNobodysArguments() {
    DriverTask task =
        task(shell("echo ready; exec sleep 1000"), more -> more.putEnv("PASSWORD", "geheim4711"));
    task.start().logs().awaitStdout("ready");
    assertThat(host.sh("ps -axww -o command=").stdout()).doesNotContain("geheim4711");
    assertThat(task.sh("echo $PASSWORD").getStdout().toStringUtf8()).isEqualTo("geheim4711\n");
  }

  @Test
  void volumesAreMountedAndThoseThatAreReadOnlyAreSo() throws IOException {
    Path volume = Files.createDirectory(host.folder().resolve("volume-" + System.nanoTime()));
    Files.writeString(volume.resolve("there"), "here\n");
    DriverTask task =
        task(
            shell("cat /a/there /b/there; touch /a/made; touch /b/made || echo refused"),
            more ->
                more.addMounts(Mount.newBuilder().setHostPath(volume.toString()).setTaskPath("/a"))
                    .addMounts(
                        Mount.newBuilder()
                            .setHostPath(volume.toString())
                            .setTaskPath("/b")
                            .setReadonly(true)));
    task.start();
    assertThat(task.result().getExitCode()).isZero();
    assertThat(task.logs().awaitEnd().stdout()).isEqualTo("here\nhere\nrefused\n");
    assertThat(volume.resolve("made")).exists();
  }

  @Test
  void aRootOfTheOperatorsIsTheTasks() {
    Map<String, Object> config = new HashMap<>(shell("ls -d /home/nobodyjob; jls; ls -d /alloc"));
    config.put("Path", "/jails/base");
    DriverTask task = task(config, more -> more).start();
    task.result();
    assertThat(task.logs().awaitEnd().stdout()).contains("JID").endsWith("/alloc\n");
  }

  // ---- signals and stops

  @Test
  void aTaskIsSignalledAndStopped() {
    DriverTask task =
        ready("trap 'echo got' USR1; trap 'exit 4' TERM; echo ready; while :; do sleep 0.1; done");
    task.signal("SIGUSR1");
    task.logs().awaitStdout("got");
    task.stop(Duration.ofSeconds(20), "SIGTERM");
    assertThat(task.result().getExitCode()).isEqualTo(4);
  }

  @Test
  void whatDoesNotEndInTimeIsKilled() {
    DriverTask task = ready("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    task.stop(Duration.ofSeconds(1), "SIGTERM");
    assertThat(task.result().getSignal()).isEqualTo(9);
  }

  @Test
  void aStopWithoutTimeKillsAtOnce() {
    DriverTask task = ready("trap 'exit 4' TERM; echo ready; while :; do sleep 0.1; done");
    task.stop(Duration.ZERO, "SIGTERM");
    assertThat(task.result().getSignal()).isEqualTo(9);
  }

  @Test
  void anotherNameOfASignalIsThatSignal() {
    DriverTask task = ready("trap 'echo got' ABRT; echo ready; while :; do sleep 0.1; done");
    task.signal("SIGIOT");
    task.logs().awaitStdout("got");
  }

  @Test
  void aJailThatPersistsEndsByWhicheverSignalItIsStoppedBy() {
    DriverTask task =
        task(Map.of("Persist", true, "Exec_start", List.of("echo ready")), one -> one);
    task.start().logs().awaitStdout("ready");
    task.stop(Duration.ofSeconds(30), "SIGINT");
    assertThat(task.result().getSignal()).isNotEqualTo(9);
    assertThat(task.result().getExitCode()).isZero();
  }

  @Test
  void aSignalThatIsNoneIsRefusedWithTheNearest() {
    DriverTask task = sleeper();
    assertThatThrownBy(() -> task.signal("SIGTREM")).hasMessageContaining("SIGTERM");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aRunningTaskIsDestroyedByForceAlone() {
    DriverTask task = sleeper();
    assertThatThrownBy(
            () ->
                driver().destroyTask(DestroyTaskRequest.newBuilder().setTaskId(task.id()).build()))
        .hasMessageContaining("cannot destroy running task");
    task.destroy();
    assertThat(host.sh("jls name").stdout()).isEmpty();
  }

  // ---- questions

  @Test
  void whatATaskUsesIsTold() {
    Assumptions.assumeTrue(host.accounts(), "nothing is accounted");
    DriverTask task = ready("echo ready; while :; do :; done");
    Iterator<TaskStatsResponse> samples =
        driver()
            .taskStats(
                TaskStatsRequest.newBuilder()
                    .setTaskId(task.id())
                    .setCollectionInterval(DriverTask.proto(Duration.ofSeconds(1)))
                    .build());
    TaskStats stats = samples.next().getStats();
    // How much of the time it ran is known from the second on.
    while (stats.getAggResourceUsage().getCpu().getPercent() < 1) {
      stats = samples.next().getStats();
    }
    assertThat(stats.getAggResourceUsage().getMemory().getRss()).isPositive();
    assertThat(stats.getResourceUsageByPidMap()).isNotEmpty();
  }

  @Test
  void aTaskIsInspectedWhileItRunsAndAfterItsEnd() {
    DriverTask task = ready(UNTIL_TOLD);
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    assertThat(task.inspect().getDriver().getAttributesMap().get("jail"))
        .isEqualTo(host.sh("jls name").stdout().strip());
    tell(task);
    task.await();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.EXITED);
    assertThat(task.inspect().getTask().getResult().getExitCode()).isEqualTo(7);
  }

  // ---- commands in a task

  @Test
  void aCommandRunsInTheJailOfATask() {
    ExecTaskResponse answer =
        sleeper()
            .sh(
                "sysctl -n security.jail.jailed; echo $NOMAD_TASK_NAME; echo err >&2; pwd; exit 23");
    assertThat(answer.getStdout().toStringUtf8()).isEqualTo("1\nweb\n/\n");
    assertThat(answer.getStderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(answer.getResult().getExitCode()).isEqualTo(23);
  }

  @Test
  void aCommandRunsAsTheUserOfTheTask() {
    DriverTask task =
        task(shell("echo ready; exec sleep 1000"), more -> more.setUser("nobody")).start();
    task.logs().awaitStdout("ready");
    assertThat(task.sh("id -un").getStdout().toStringUtf8()).isEqualTo("nobody\n");
  }

  @Test
  void aCommandThatIsNotThereIsNoErrorOfTheCall() {
    ExecTaskResponse answer = sleeper().exec(PATIENCE, "/bin/none-such");
    assertThat(answer.getResult().getExitCode()).isIn(1, 126, 127, 255);
    assertThat(answer.getStdout().concat(answer.getStderr()).toStringUtf8()).contains("none-such");
  }

  @Test
  void aCommandThatTakesTooLongIsKilledAndTheTaskRunsOn() throws InterruptedException {
    DriverTask task = sleeper();
    assertThatThrownBy(() -> task.exec(Duration.ofSeconds(1), "/bin/sleep", "4718"))
        .isInstanceOf(StatusRuntimeException.class);
    host.until("! pgrep -f 'sleep 4718'");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aStreamGoesThroughACommandBothWaysAndEndsWithItsStatus() {
    ExecSession session = ExecSession.of(sleeper(), "/bin/sh", "-c", "cat; echo err >&2; exit 43");
    session.input("one\n");
    session.awaitStdout("one\n");
    session.input("two\n");
    session.closeInput();
    assertThat(session.awaitEnd().getCode()).isEqualTo(Status.Code.OK);
    assertThat(session.stdout().toStringUtf8()).isEqualTo("one\ntwo\n");
    assertThat(session.stderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(session.result().getExitCode()).isEqualTo(43);
  }

  @Test
  void aCommandWhoseUserHasGoneIsEnded() throws InterruptedException {
    DriverTask task = sleeper();
    ExecSession session = ExecSession.of(task, "/bin/sh", "-c", "echo here; exec sleep 4719");
    session.awaitStdout("here");
    session.cancel();
    host.until("! pgrep -f 'sleep 4719'");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  // ---- a plugin that dies

  @Test
  void aTaskThatWasTakenOverRunsOnAndEndsWithItsOwnExitCode() {
    DriverTask task = ready(UNTIL_TOLD);
    kill();
    assertThat(host.sh("jls name").stdout()).contains("web");
    launch();
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    assertThat(task.sh("exit 5").getResult().getExitCode()).isEqualTo(5);
    tell(task);
    assertThat(task.result().getExitCode()).isEqualTo(7);
    assertThat(task.logs().awaitEnd().stdout()).isEqualTo("ready\ndone\n");
  }

  @Test
  void aPoststartThatWasStillToComeRunsAfterATakeover() throws InterruptedException {
    Path trace = host.folder().resolve("poststart");
    kill();
    launch(true);
    try {
      DriverTask task =
          task(
                  Map.of(
                      "command",
                      "/bin/sh",
                      "args",
                      List.of("-c", "echo ready; exec sleep 1000"),
                      "Exec_start",
                      List.of("echo begun; until [ -e /local/end ]; do sleep 0.1; done"),
                      "Exec_poststart",
                      List.of("echo ran >>" + trace)),
                  one -> one)
              .start();
      task.logs().awaitStdout("begun");
      kill();
      launch(true);
      task.recover();
      tell(task);
      task.logs().awaitStdout("ready");
      host.until("[ -s " + trace + " ]");
      kill();
      launch(true);
      task.recover();
      assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
      assertThat(host.sh("cat " + trace).stdout()).isEqualTo("ran\n");
    } finally {
      kill();
      launch();
    }
  }

  @Test
  void aTakeoverDoesNotWaitForAHookThatHangs() throws InterruptedException {
    Path goOn = host.folder().resolve("go-on");
    kill();
    launch(true);
    try {
      DriverTask task =
          task(
                  Map.of(
                      "command",
                      "/bin/sh",
                      "args",
                      List.of("-c", UNTIL_TOLD),
                      "Exec_poststop",
                      List.of("until [ -e %s ]; do sleep 0.1; done".formatted(goOn))),
                  one -> one)
              .start();
      task.logs().awaitStdout("ready");
      kill();
      tell(task);
      host.until("ls " + FreeBsd.STATE + "/tasks/*/status");
      launch(true);
      task.recover();
      assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
      host.sh("touch " + goOn);
      assertThat(task.result().getExitCode()).isEqualTo(7);
    } finally {
      kill();
      launch();
    }
  }

  @Test
  void aTaskThatEndedWithoutThePluginHasItsExitCodeAllTheSame() throws InterruptedException {
    DriverTask task = ready(UNTIL_TOLD);
    kill();
    tell(task);
    host.until("ls " + FreeBsd.STATE + "/tasks/*/status");
    launch();
    task.recover();
    assertThat(task.result().getExitCode()).isEqualTo(7);
  }

  @Test
  void aTaskWhoseJailSomebodyRemovedHasEnded() {
    DriverTask task = ready(UNTIL_TOLD);
    kill();
    assertThat(host.sh("jail -R " + JAILS).status()).isZero();
    launch();
    task.recover();
    ExitResult result = task.result();
    assertThat(result.getSignal() > 0 || result.getExitCode() != 0).as("%s", result).isTrue();
  }

  @Test
  void aTaskThatRunsWhileSomebodyRemovesItsJailHasEnded() {
    DriverTask task = ready(UNTIL_TOLD);
    assertThat(host.sh("jail -R " + JAILS).status()).isZero();
    ExitResult result = task.result();
    assertThat(result.getSignal() > 0 || result.getExitCode() != 0).as("%s", result).isTrue();
  }

  @Test
  void aTaskOfADeadPluginIsDestroyedWithoutBeingTakenOver() {
    DriverTask task = sleeper();
    kill();
    launch();
    task.destroy();
    assertThat(host.sh("jls name").stdout()).isEmpty();
    assertThatThrownBy(task::recover).isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void aStartThatIsRepeatedAfterThePluginDiedIsTheSameTask() {
    DriverTask task = ready(UNTIL_TOLD);
    kill();
    launch();
    task.start();
    tell(task);
    assertThat(task.result().getExitCode()).isEqualTo(7);
    assertThat(task.logs().awaitEnd().stdout()).isEqualTo("ready\ndone\n");
  }

  @Test
  void aTaskThatAnotherPluginHasIsNotTakenFromIt() {
    DriverTask task = sleeper();
    AgentStart first = agent;
    launch();
    try {
      assertThatThrownBy(task::recover).isInstanceOf(StatusRuntimeException.class);
    } finally {
      first.plugin().kill(PATIENCE);
      first.close();
    }
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aTaskThatIsStartedAgainHasANewJailInTheSameAllocation() {
    DriverTask first = start("echo one >/local/kept; exit 1");
    first.await();
    first.destroy();
    try (TaskLogs logs = first.allocation().startLogs()) {
      DriverTask second =
          new DriverTask(
              () -> agent.plugin(),
              first.allocation(),
              logs,
              first.allocation().taskConfig(first.config().getMsgpackDriverConfig(), logs).build());
      tasks.add(second);
      assertThat(second.start().result().getExitCode()).isEqualTo(1);
      assertThat(second.id()).isNotEqualTo(first.id());
    }
  }

  // ---- refusals

  @Test
  void whatAPolicyDoesNotPermitIsRefusedWithTheOptionThatDoes() {
    DriverTask task =
        task(
            Map.of("command", "/bin/true", "Exec_prestart", List.of("touch /tmp/owned")),
            more -> more);
    assertThatThrownBy(task::start)
        .hasMessageContaining("Exec_prestart")
        .hasMessageContaining("allow_host_hooks");
    assertThat(host.sh("test -e /tmp/owned").status()).isEqualTo(1);
  }

  @Test
  void whatCannotBeIsRefusedAndThePluginGoesOnServing() {
    for (Map<String, ?> config :
        List.of(
            Map.of("command", "/bin/true", "Path", "/jails/nosuch"),
            Map.of("command", "/bin/none-such"),
            Map.of("command", "/bin/true", "Exec_jail_user", "nosuch"),
            Map.of("command", "/bin/true", "Allow_nosuch", true))) {
      try {
        DriverTask task = task(config, more -> more);
        assertThatThrownBy(task::start).isInstanceOf(StatusRuntimeException.class);
      } catch (RuntimeException refused) {
        // An agent refuses what the schema does not have.
        assertThat(refused).hasMessageContaining("Allow_nosuch");
      }
      assertThat(host.changes()).isEmpty();
    }
    assertThat(start("exit 7").result().getExitCode()).isEqualTo(7);
  }
}
