package io.gaol.e2e.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.Proc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator does with tasks through a Nomad agent, and what they are told. */
@RequiresNomad
class NomadOperatorIT {
  @RegisterExtension static final NomadAgent AGENT = new NomadAgent();

  // ---- stop, signal, restart

  @Test
  void aStoppedTaskGetsItsKillSignalAndTheTimeToEndByItself() {
    Allocation allocation = AGENT.run("kill-signal").awaitLine("ready");
    AGENT.stopJob(allocation);
    assertThat(allocation.stdout()).isEqualTo("ready\nasked\n");
    assertThat(allocation.awaitEvent("Terminated").details())
        .containsEntry("exit_code", "7")
        .containsEntry("signal", "0");
  }

  @Test
  void aTaskThatDoesNotEndWithinItsKillTimeoutIsKilled() {
    Allocation allocation = AGENT.run("deaf").awaitLine("ready");
    AGENT.stopJob(allocation);
    assertThat(allocation.awaitEvent("Terminated").details())
        .containsEntry("exit_code", "137")
        .containsEntry("signal", "9");
  }

  @Test
  void aTaskGetsTheSignalsThatAreSentToIt() {
    Allocation allocation = AGENT.run("signal").awaitLine("ready");
    allocation.signal("SIGHUP");
    allocation.awaitLine("hangup");
    allocation.signal("SIGUSR1");
    allocation.awaitLine("user1");
    allocation.signal("SIGKILL");
    assertThat(allocation.awaitEvent("Terminated").details())
        .containsEntry("exit_code", "137")
        .containsEntry("signal", "9");
  }

  @Test
  void aRestartedTaskRunsAnewInTheSameAllocation() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    List<Long> before = allocation.processes();
    allocation.restart();
    Waiting.until(
        "a second start", () -> allocation.stdout().lines().filter("ready"::equals).count() == 2);
    assertThat(allocation.processes()).isNotEmpty().doesNotContainAnyElementsOf(before);
    allocation.letEnd();
    allocation.awaitEnd();
    assertThat(allocation.stdout()).isEqualTo("ready\nready\nended\n");
  }

  // ---- exec

  @Test
  void aCommandInATaskHasItsOwnOutputAndExitStatus() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    assertThat(allocation.exec("", "/bin/sh", "-c", "echo out; echo err >&2; exit 43"))
        .isEqualTo(new Outcome(43, "out\n", "err\n"));
    assertThat(allocation.exec("", "/bin/sh", "-c", "echo $MINE, $NOMAD_TASK_NAME, $(pwd)"))
        .isEqualTo(new Outcome(0, "of the task, task, /\n", ""));
    assertThat(allocation.state()).isEqualTo("running");
  }

  @Test
  void aCommandInATaskReadsItsInputToTheEnd() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    String input = "one\ntwo\n" + "x".repeat(200_000) + "\n";
    assertThat(allocation.exec(input, "/bin/cat")).isEqualTo(new Outcome(0, input, ""));
  }

  @Test
  @Disabled("commands in a jail have no terminal yet")
  void aCommandInATaskCanHaveATerminal() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    Outcome outcome =
        allocation.execInTerminal(
            "/bin/sh", "-c", "until [ \"$(stty size)\" = \"31 97\" ]; do :; done; tty; exit 5");
    assertThat(outcome.stdout()).matches("/dev/pts/[0-9]+\r\n");
    assertThat(outcome.status()).isEqualTo(5);
  }

  @Test
  void aCommandThatWantsATerminalIsToldThatThereIsNone() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    assertThat(allocation.execInTerminal("/bin/true").stdout())
        .contains("commands in a jail have no terminal yet")
        .contains("-t=false");
    assertThat(allocation.exec("", "/usr/bin/tty")).isEqualTo(new Outcome(1, "not a tty\n", ""));
  }

  @Test
  void aProgramThatIsNotInTheJailCannotBeRunInATask() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    Outcome outcome = allocation.exec("", "/bin/no-such-program");
    assertThat(outcome.stderr()).contains("/bin/no-such-program");
    assertThat(outcome.status()).isNotZero();
    assertThat(allocation.state()).isEqualTo("running");
  }

  // ---- what is told

  @Test
  void theUseOfCpuAndMemoryIsTold() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    JsonObject usage =
        Waiting.forThe(
            "its use of memory",
            () ->
                Optional.ofNullable(allocation.usage())
                    .filter(
                        found ->
                            found.getAsJsonObject("MemoryStats").get("RSS").getAsLong() > 0
                                || found.getAsJsonObject("MemoryStats").get("Usage").getAsLong()
                                    > 0));
    assertThat(usage.getAsJsonObject("CpuStats").get("Percent").getAsDouble())
        .isGreaterThanOrEqualTo(0);
  }

  @Test
  void aKeyThatTheDriverDoesNotKnowIsNamed() {
    Allocation allocation = AGENT.run("unknown-key").awaitEnd();
    assertThat(allocation.awaitEvent("Failed Validation").message()).contains("Exec_strat");
    assertThat(allocation.failed()).isTrue();
  }

  @Test
  void aValueThatAParameterDoesNotTakeIsNamed() {
    Allocation allocation = AGENT.run("wrong-value").awaitEnd();
    assertThat(allocation.awaitEvent("Driver Failure").message()).contains("Persist", "perhaps");
  }

  @Test
  void aCommandThatIsNotInTheJailIsNamed() {
    Allocation allocation = AGENT.run("missing-command").awaitEnd();
    assertThat(allocation.awaitEvent("Driver Failure").message()).contains("/bin/no-such-program");
  }

  @Test
  void whatTheOperatorDoesNotPermitIsRefusedWithTheOptionThatPermitsIt() {
    Path file = AGENT.writableVolume().resolve("by-a-hook");
    Allocation allocation = AGENT.run("host-hook", Map.of("FILE", file)).awaitEnd();
    assertThat(allocation.awaitEvent("Driver Failure").message())
        .contains("Exec_prestart is not permitted")
        .contains("allow_host_hooks = true");
    assertThat(file).doesNotExist();
    assertThat(AGENT.run("foreign-root").awaitEnd().awaitEvent("Driver Failure").message())
        .contains("Path", "allow_roots");
  }

  // ---- what is left

  @Test
  void nothingIsLeftOfARemovedAllocation() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    List<Long> processes = allocation.processes();
    assertThat(processes).isNotEmpty();
    AGENT.stopJob(allocation);
    assertThat(allocation.processes()).isEmpty();
    allocation.collectGarbage();
    assertThat(Proc.read(ProcessHandle.current().pid(), "mountinfo"))
        .doesNotContain(allocation.id());
    assertThat(allocation.directory()).doesNotExist();
    assertThat(AGENT.left())
        .filteredOn(left -> left.contains(allocation.id().substring(0, 8)))
        .isEmpty();
    assertThat(processes).noneMatch(pid -> Files.exists(Path.of("/proc/" + pid)));
  }
}
