package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.testing.freebsd.FreeBsd.Ran;
import io.gaol.testing.freebsd.FreeBsd.Running;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.TaskLogs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many of the base system's commands a start runs. */
class FreeBsdCountIT {
  private static final int MOST = 6;

  @AutoClose private static FreeBsd host;

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(FreeBsd.canFail(), "needs commands that are written down");
    // Nothing is accounted, so that Nomad's limits are no rules.
    host = FreeBsd.open("racct=false");
  }

  @Test
  void aJailWithoutNetworkAndMountsIsMadeByAtMostSixCommands() throws InterruptedException {
    host.forgetCommands();
    try (Running running =
        host.begin(
            "run", "-J", "mount.nodevfs", "/jails/base", "/bin/sh", "-c", "echo ready; sleep 3")) {
      running.until("ready");
      List<String> ran = commands();
      // What is known of the host from then on.
      ran.removeIf(line -> line.startsWith("sysctl "));
      assertThat(ran).hasSizeLessThanOrEqualTo(MOST);
      running.await();
    }
  }

  @Test
  void aTaskOfThePluginCostsNoMoreBesidesItsMounts() {
    AgentStart agent =
        AgentStart.again(
            host.plugin(), Map.of("state_dir", FreeBsd.STATE, "allow_roots", List.of("/jails")));
    try {
      start(agent);
      List<String> again = start(agent);
      again.removeIf(line -> line.startsWith("mount "));
      assertThat(again).hasSizeLessThanOrEqualTo(MOST);
    } finally {
      agent.plugin().kill();
      agent.close();
    }
  }

  /** What a start runs: Nomad gives each task folders to mount. */
  private static List<String> start(AgentStart agent) {
    AllocationDirectory allocation =
        AllocationDirectory.make(host.folder().resolve("allocations"), "web");
    try (TaskLogs logs = allocation.startLogs()) {
      DriverTask task =
          new DriverTask(
              agent::plugin,
              allocation,
              logs,
              allocation
                  .taskConfig(
                      ConfigSpec.encode(
                          agent
                              .plugin()
                              .driver()
                              .taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance())
                              .getSpec(),
                          Map.of(
                              "Path",
                              "/jails/base",
                              "command",
                              "/bin/sh",
                              "args",
                              List.of("-c", "echo ready; exec sleep 1000"))),
                      logs)
                  .build());
      host.forgetCommands();
      task.start();
      logs.awaitStdout("ready");
      List<String> ran = commands();
      task.destroy();
      return ran;
    }
  }

  private static List<String> commands() {
    return host.commands().stream().map(Ran::line).collect(Collectors.toCollection(ArrayList::new));
  }
}
