package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.e2e.Workplace;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.nomad.proto.driver.NetworkIsolationSpec;
import io.gaol.nomad.proto.driver.PortMapping;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.TaskStats;
import io.gaol.nomad.proto.driver.TaskStatsRequest;
import io.gaol.nomad.proto.driver.TaskStatsResponse;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.Received;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A task's life: its output, its end, its stop, its resources, and what it may not ask for. */
@RequiresLinuxRoot
class TaskIT {
  @RegisterExtension private final Stage stage = new Stage();

  private static Map<String, Object> with(Map<String, Object> config, String key, Object value) {
    Map<String, Object> more = new HashMap<>(config);
    more.put(key, value);
    return more;
  }

  // ---- output and end

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 126, 255})
  void theExitCodeIsTheTasksOwn(int code) {
    ExitResult result = stage.start("exit " + code).result();
    assertThat(result).isEqualTo(ExitResult.newBuilder().setExitCode(code).build());
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9", "TERM, 15", "SEGV, 11"})
  void aSignalThatEndsATaskIsToldAsOne(String name, int number) {
    ExitResult result = stage.start("kill -s " + name + " $$; exit 0").result();
    assertThat(result.getSignal()).isEqualTo(number);
    assertThat(result.getExitCode()).isEqualTo(128 + number);
    assertThat(result.getOomKilled()).isFalse();
  }

  @Test
  void aTaskThatTakesTooMuchMemoryIsToldToBeKilledForIt() {
    DriverTask task = stage.start("x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo never $x");
    assertThat(task.result().getOomKilled()).isTrue();
    assertThat(task.result().getSignal()).isEqualTo(9);
    assertThat(task.logs().stdout()).isEmpty();
  }

  @Test
  void bothStreamsComeCompleteAndApart() {
    DriverTask task =
        stage.start(
            "i=0; while [ $i -lt 20000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done");
    assertThat(task.result().getExitCode()).isZero();
    task.logs().awaitEnd();
    assertThat(task.logs().stdout().lines())
        .hasSize(20_000)
        .allMatch(line -> line.startsWith("out"));
    assertThat(task.logs().stderr().lines())
        .hasSize(20_000)
        .allMatch(line -> line.startsWith("err"));
    assertThat(task.logs().stdout()).endsWith("out 19999\n");
  }

  @Test
  void aTaskThatIsStartedAgainHasANewIdAndTheSameFolder() {
    DriverTask first = stage.start("echo one; touch /local/was-here");
    assertThat(first.result().getExitCode()).isZero();
    first.logs().awaitEnd();
    first.destroy();
    first.logs().restart();
    DriverTask second =
        new DriverTask(
            () -> stage.agent().plugin(),
            first.allocation(),
            first.logs(),
            first
                .allocation()
                .taskConfig(stage.encode(shell("ls /local; exit 4")), first.logs())
                .build());
    second.start();
    assertThat(second.result().getExitCode()).isEqualTo(4);
    assertThat(first.logs().awaitEnd().stdout()).isEqualTo("one\nwas-here\n");
    second.destroy();
  }

  @Test
  void nothingOfADestroyedTaskIsInItsAllocation() {
    DriverTask task = stage.task(shell("true"));
    List<String> before = Workplace.inventory(task.allocation().path());
    task.start();
    task.await();
    task.destroy();
    assertThat(Workplace.inventory(task.allocation().path())).isEqualTo(before);
    assertThat(stage.left())
        .noneMatch(line -> !line.startsWith("process") && !line.startsWith("temp"));
  }

  @Test
  void theVariablesUserAndFoldersAreThoseOfTheAgent() {
    DriverTask task =
        stage
            .task(
                shell(
                    "echo \"$COLOUR\"; echo \"$NOMAD_TASK_DIR $NOMAD_ALLOC_DIR $NOMAD_SECRETS_DIR\";"
                        + " id -u; for d in /local /alloc /secrets; do test -d $d && echo $d; done"),
                config -> config.putEnv("COLOUR", "two words $ \" é").setUser("nobody"))
            .start();
    assertThat(task.result().getExitCode()).isZero();
    assertThat(task.logs().awaitEnd().stdout())
        .isEqualTo("two words $ \" é\n/local /alloc /secrets\n65534\n/local\n/alloc\n/secrets\n");
  }

  @Test
  void whatIsSecretInTheEnvironmentIsInNobodysArguments() {
    DriverTask task =
        stage
            .task(
                shell("echo ready; exec sleep 1000"),
                config -> config.putEnv("PASSWORD", "geheim-" + stage.token()))
            .start();
    task.logs().awaitStdout("ready");
    assertThat(stage.processes().stream().map(Stage::commandLine))
        .isNotEmpty()
        .noneMatch(line -> line.contains("geheim"));
    task.sh("true");
    assertThat(stage.agent().plugin().log()).noneMatch(line -> line.text().contains("geheim"));
  }

  // ---- stop and signals

  @Test
  void aStopSendsTheSignalAndWaits() {
    DriverTask task =
        stage.start("trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done");
    task.logs().awaitStdout("ready");
    task.stop(Duration.ofSeconds(60), "SIGINT");
    assertThat(task.result().getExitCode()).isEqualTo(5);
    assertThat(task.logs().awaitEnd().stdout()).contains("caught");
  }

  @Test
  void whatDoesNotEndInTimeIsKilled() {
    DriverTask task = stage.start("trap '' TERM; echo ready; while :; do sleep 0.05; done");
    task.logs().awaitStdout("ready");
    task.stop(Duration.ofSeconds(1), "SIGTERM");
    assertThat(task.result().getSignal()).isEqualTo(9);
  }

  @Test
  void aStopWithoutTimeKillsAtOnce() {
    DriverTask task =
        stage.start(
            "trap 'echo caught; exit 5' TERM INT; echo ready; while :; do sleep 0.05; done");
    task.logs().awaitStdout("ready");
    task.stop(Duration.ZERO, "SIGTERM");
    assertThat(task.result().getSignal()).isEqualTo(9);
    assertThat(task.logs().awaitEnd().stdout()).doesNotContain("caught");
  }

  @Test
  void aStopWithASignalThatIsNoneIsRefusedAndTheTaskRunsOn() {
    DriverTask task = stage.startSleeper();
    assertThat(refusal(() -> task.stop(Duration.ofSeconds(1), "SIGNONE")).getDescription())
        .contains("error unknown signal given for shutdown: SIGNONE");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aStopOfATaskThatHasEndedIsNoMistake() {
    DriverTask task = stage.start("exit 3");
    task.await();
    task.stop(Duration.ofSeconds(1), "SIGTERM");
    assertThat(task.result().getExitCode()).isEqualTo(3);
  }

  @Test
  void aSignalReachesTheTask() {
    DriverTask task =
        stage.start("trap 'echo hup; exit 6' HUP; echo ready; while :; do sleep 0.05; done");
    task.logs().awaitStdout("ready");
    task.signal("SIGHUP");
    assertThat(task.result().getExitCode()).isEqualTo(6);
  }

  @Test
  void aSignalThatIsNoneIsRefusedWithTheNearest() {
    DriverTask task = stage.startSleeper();
    assertThat(refusal(() -> task.signal("SIGHOP")).getDescription()).contains("SIGHOP", "SIGHUP");
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  // ---- statistics

  @Test
  void whatATaskUsesComesAtOnceAndAgainUntilItEnds() {
    DriverTask task = stage.startSleeper();
    Received<TaskStatsRequest, TaskStatsResponse> stats = new Received<>();
    stage
        .driverAsync()
        .taskStats(
            TaskStatsRequest.newBuilder()
                .setTaskId(task.id())
                .setCollectionInterval(DriverTask.proto(Duration.ofMillis(200)))
                .build(),
            stats);
    TaskStats first = stats.await(any -> true).getStats();
    assertThat(first.getAggResourceUsage().getMemory().getMeasuredFieldsList()).isNotEmpty();
    assertThat(
            first.getAggResourceUsage().getMemory().getUsage()
                + first.getAggResourceUsage().getMemory().getRss())
        .isPositive();
    assertThat(first.getResourceUsageByPidMap().keySet())
        .isNotEmpty()
        .allMatch(pid -> pid.matches("[0-9]+"));
    stats.awaitAfter(1, any -> true);
    task.stop(Duration.ZERO, "");
    assertThat(stats.awaitEnd().getCode()).isEqualTo(Status.Code.OK);
  }

  // ---- what is refused

  @Test
  void aHookOnTheHostIsRefusedWithTheOptionThatPermitsIt() {
    DriverTask task = stage.task(with(shell("true"), "Exec_prestart", "touch /tmp/never"));
    assertThat(refusal(task::start).getDescription())
        .contains("Exec_prestart", "allow_host_hooks = true");
    assertNothingWasMade(task);
  }

  @Test
  void aHookOnTheHostRunsWhereTheOperatorPermitsIt() {
    stage.startPlugin(Map.of("allow_host_hooks", true));
    Path trace = stage.directory().resolve("trace");
    DriverTask task = stage.task(with(shell("exit 2"), "Exec_prestart", "touch " + trace)).start();
    assertThat(task.result().getExitCode()).isEqualTo(2);
    assertThat(trace).exists();
  }

  @Test
  void aRootThatTheOperatorHasNotPermittedIsRefused() {
    DriverTask task = stage.task(with(shell("true"), "Path", "/srv"));
    assertThat(refusal(task::start).getDescription()).contains("allow_roots");
    assertNothingWasMade(task);
  }

  @Test
  void aConfigThatMeansNothingIsRefusedWithAllThatIsWrong() {
    DriverTask task =
        stage.task(
            Map.of(
                "command", "relative/but not found", "params", Map.of("allow.raw_socket", true)));
    assertThat(refusal(task::start).getDescription()).contains("allow.raw_socket");
    assertNothingWasMade(task);
  }

  @Test
  void aCommandThatIsNotThereFailsTheStartOrTheTaskAndLeavesNothing() {
    DriverTask task = stage.task(Map.of("command", "/bin/none-such"));
    assertThat(refusal(task::start).getDescription()).contains("none-such");
    assertNothingWasMade(task);
  }

  @Test
  void aUserThatIsNotThereFailsTheStart() {
    DriverTask task = stage.task(shell("true"), config -> config.setUser("alice-is-not-here"));
    assertThat(refusal(task::start).getDescription()).contains("alice-is-not-here");
    assertNothingWasMade(task);
  }

  @Test
  void aNetworkOfTheGroupsOwnIsRefused() {
    DriverTask task =
        stage.task(
            shell("true"),
            config ->
                config.setNetworkIsolationSpec(
                    NetworkIsolationSpec.newBuilder()
                        .setMode(NetworkIsolationSpec.NetworkIsolationMode.GROUP)
                        .setPath("/run/netns/none")));
    assertThat(refusal(task::start).getDescription()).contains("network");
    assertNothingWasMade(task);
  }

  @Test
  void theHostsNetworkAndItsPortsAreTaken() {
    DriverTask task =
        stage
            .task(
                shell("exit 0"),
                config ->
                    config
                        .setNetworkIsolationSpec(
                            NetworkIsolationSpec.newBuilder()
                                .setMode(NetworkIsolationSpec.NetworkIsolationMode.HOST))
                        .setResources(
                            config.getResources().toBuilder()
                                .addPorts(
                                    PortMapping.newBuilder()
                                        .setLabel("http")
                                        .setValue(23_456)
                                        .setTo(8_080)
                                        .setHostIp("127.0.0.1"))))
            .start();
    assertThat(task.result().getExitCode()).isZero();
  }

  private void assertNothingWasMade(DriverTask task) {
    List<String> left = new ArrayList<>(stage.left());
    left.removeIf(line -> line.startsWith("temporary file"));
    left.removeIf(line -> line.startsWith("process " + stage.agent().plugin().pid() + ":"));
    assertThat(left).isEmpty();
    assertThat(refusal(task::inspect).getDescription()).contains("task not found");
  }
}
