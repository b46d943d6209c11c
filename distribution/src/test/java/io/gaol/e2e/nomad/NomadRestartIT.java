package io.gaol.e2e.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks outlive the agent and the plugin that started them, and how they end is not lost. */
@RequiresNomad
class NomadRestartIT {
  @RegisterExtension static final NomadAgent AGENT = new NomadAgent();

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "KILL"})
  void aTaskRunsOnWhenItsAgentIsStartedAnew(String signal) {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    List<Long> before = allocation.processes();
    AGENT.stop(signal);
    assertThat(allocation.processes()).isEqualTo(before);
    AGENT.start();
    allocation.awaitRunning();
    assertThat(allocation.processes()).isNotEmpty().isEqualTo(before);
    assertThat(allocation.exec("", "/bin/echo", "hello").stdout()).isEqualTo("hello\n");
    assertEndsAsItSays(allocation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "KILL"})
  void theEndOfATaskThatNoAgentSawIsToldByTheNextOne(String signal) {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    List<Long> processes = allocation.processes();
    AGENT.stop(signal);
    allocation.letEnd();
    awaitEndOf(processes);
    AGENT.start();
    assertEnded(allocation);
  }

  @Test
  void aTaskRunsOnWhenThePluginIsKilled() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    List<Long> before = allocation.processes();
    killPlugin();
    assertThat(allocation.processes()).isNotEmpty().isEqualTo(before);
    // Until the agent has handed the task over, the plugin does not know it.
    Waiting.until("a command in the task", () -> allocation.exec("", "/bin/true").status() == 0);
    assertEndsAsItSays(allocation);
  }

  @Test
  void theEndOfATaskThatNoPluginSawIsToldByTheNextOne() {
    Allocation allocation = AGENT.run("waiting").awaitLine("ready");
    List<Long> processes = allocation.processes();
    long plugin = Waiting.forThe("the plugin", AGENT::plugin);
    // It does nothing from here on, also not when the task ends.
    NomadAgent.signal(plugin, "STOP");
    allocation.letEnd();
    awaitEndOf(processes);
    kill(plugin);
    assertEnded(allocation);
  }

  @Test
  void tasksAreStartedAfterThePluginWasKilled() {
    killPlugin();
    assertThat(AGENT.run("output").awaitEnd().stdout()).isEqualTo("to stdout\n");
  }

  private static void killPlugin() {
    kill(Waiting.forThe("the plugin", AGENT::plugin));
  }

  private static void kill(long plugin) {
    NomadAgent.signal(plugin, "KILL");
    Waiting.forThe("a new plugin", () -> AGENT.plugin().filter(pid -> pid != plugin));
  }

  private static void awaitEndOf(List<Long> processes) {
    Waiting.until(
        "the end of the task",
        () -> processes.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
  }

  private static void assertEndsAsItSays(Allocation allocation) {
    allocation.letEnd();
    assertEnded(allocation);
  }

  private static void assertEnded(Allocation allocation) {
    allocation.awaitEnd();
    assertThat(allocation.awaitEvent("Terminated").details())
        .containsEntry("exit_code", "23")
        .containsEntry("signal", "0");
    assertThat(allocation.restarts()).isZero();
    assertThat(allocation.stdout()).isEqualTo("ready\nended\n");
  }
}
