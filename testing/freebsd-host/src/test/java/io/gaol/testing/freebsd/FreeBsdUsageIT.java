package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.TaskStatsRequest;
import io.gaol.nomad.proto.driver.TaskStatsResponse;
import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.freebsd.FreeBsd.Ran;
import io.gaol.testing.freebsd.FreeBsd.Running;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.TaskLogs;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What it costs to measure the tasks of a FreeBSD host. */
class FreeBsdUsageIT {
  private static final int TASKS = Boolean.getBoolean("gaol.full") ? 40 : 6;
  private static final int SECONDS = 6;

  @AutoClose private static FreeBsd host;

  private final List<DriverTask> tasks = new ArrayList<>();
  private final List<TaskLogs> logs = new ArrayList<>();

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(FreeBsd.canFail(), "needs commands that are written down");
    host = FreeBsd.open();
  }

  private DriverTask start(AgentStart agent) {
    AllocationDirectory allocation =
        AllocationDirectory.make(host.folder().resolve("allocations"), "web");
    TaskLogs log = allocation.startLogs();
    logs.add(log);
    DriverTask task =
        new DriverTask(
            agent::plugin,
            allocation,
            log,
            allocation
                .taskConfig(
                    ConfigSpec.encode(
                        agent
                            .plugin()
                            .driver()
                            .taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance())
                            .getSpec(),
                        Map.of("command", "/bin/sh", "args", List.of("-c", "exec sleep 1000"))),
                    log)
                .build());
    task.start();
    tasks.add(task);
    return task;
  }

  /** Tells of a task each second, and counts. */
  private static AtomicInteger listen(AgentStart agent, DriverTask task) {
    AtomicInteger heard = new AtomicInteger();
    Iterator<TaskStatsResponse> stream =
        agent
            .plugin()
            .driver()
            .taskStats(
                TaskStatsRequest.newBuilder()
                    .setTaskId(task.id())
                    .setCollectionInterval(DriverTask.proto(Duration.ofSeconds(1)))
                    .build());
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (stream.hasNext()) {
                  stream.next();
                  heard.incrementAndGet();
                }
              } catch (StatusRuntimeException over) {
                // The plugin was ended.
              }
            });
    return heard;
  }

  private static long ran(String beginning) {
    return host.commands().stream()
        .map(Ran::line)
        .filter(line -> line.startsWith(beginning))
        .count();
  }

  @Test
  void allTasksAreMeasuredByTheSameCommands() throws InterruptedException {
    AgentStart agent = AgentStart.again(host.plugin(), Map.of("state_dir", FreeBsd.STATE));
    try {
      List<AtomicInteger> heard = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        heard.add(listen(agent, start(agent)));
      }
      await(heard, 2);
      host.forgetCommands();
      heard.forEach(count -> count.set(0));
      Thread.sleep(Duration.ofSeconds(SECONDS));
      List<Integer> counts = heard.stream().map(AtomicInteger::get).toList();
      assertThat(counts).allSatisfy(count -> assertThat(count).isPositive());
      // Each moment at which streams wake has one of each, however many they are.
      assertThat(ran("ps -axwwS")).isBetween(1L, SECONDS + 2L);
      assertThat(ran("rctl -u")).isBetween(1L, SECONDS + 2L);
      assertThat(ran("jls") + ran("pgrep")).isZero();
    } finally {
      tasks.forEach(DriverTask::destroy);
      agent.plugin().kill();
      agent.close();
      logs.forEach(TaskLogs::close);
    }
    assertThat(host.changes()).isEmpty();
  }

  private static void await(List<AtomicInteger> heard, int least) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (heard.stream().anyMatch(count -> count.get() < least)) {
      assertThat(System.nanoTime()).as("%s", heard).isLessThan(end);
      Thread.sleep(100);
    }
  }

  @Test
  void whatJailsUseIsPrintedAsTheKernelCountsIt() throws InterruptedException {
    try (Running running =
        host.begin("run", "-n", "used", "/jails/base", "/bin/sh", "-c", "echo ready; sleep 60")) {
      running.until("ready");
      Outcome usage = host.gaol("usage");
      assertThat(usage.status()).as("%s", usage).isZero();
      assertThat(usage.stdout()).contains("maxproc=", "memoryuse=", "wallclock=", "readbps=");
      assertThat(host.gaol("usage", "nobody").stderr()).contains("no jail \"nobody\" runs");
    }
    assertThat(host.changes()).isEmpty();
  }
}
