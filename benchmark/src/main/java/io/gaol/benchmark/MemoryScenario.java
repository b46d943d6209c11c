package io.gaol.benchmark;

import io.gaol.driver.ConfigException;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The memory of what supervises a task while it runs: the supervisor's shell, the runtime that
 * waits for the jail, and the jail's init. Neither the task itself nor this program.
 */
final class MemoryScenario {
  private static final double AIM_MEBIBYTES = 1.5;
  private static final String TASK = "task";

  private final Session session;

  private MemoryScenario(Session session) {
    this.session = session;
  }

  static void run(Session session, Report report)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    report.title("Memory of the supervision of one running task (sleep), PSS in KiB");
    new MemoryScenario(session).measure(1, report);
    double mebibytes = new MemoryScenario(session).measure(10, report);
    report.verdict(
        "at most %.1f MiB a task at 10 tasks".formatted(AIM_MEBIBYTES),
        mebibytes <= AIM_MEBIBYTES,
        mebibytes,
        "MiB");
    report.line("measured elsewhere: the executor of Nomad's exec, 6.9 MiB a task at 10 tasks");
  }

  private double measure(int count, Report report)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    List<Task> tasks = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Place place = Place.make(session.places(), "memory-" + count + "-" + i);
      JailSpec spec = place.spec(new JailName("benchmark-memory-" + i), "/bin/sleep", "600");
      tasks.add(session.start(place.plan(spec, place.probe(spec))));
    }
    // All of them have become what they stay: "running" is told a moment before.
    Thread.sleep(1000);
    Map<String, Long> kinds = new TreeMap<>();
    for (Task task : tasks) {
      add(task, kinds);
    }
    for (Task task : tasks) {
      task.kill();
      task.await();
      session.destroy(task);
    }
    long sum = 0;
    for (Map.Entry<String, Long> kind : kinds.entrySet()) {
      boolean ours = !kind.getKey().equals(TASK);
      sum += ours ? kind.getValue() : 0;
      report.line(
          "%2d tasks: %-24s %7d a task%s"
              .formatted(
                  count, kind.getKey(), kind.getValue() / count, ours ? "" : "   (not counted)"));
    }
    report.line("%2d tasks: %-24s %7d a task".formatted(count, "sum", sum / count));
    return sum / 1024.0 / count;
  }

  private void add(Task task, Map<String, Long> kinds) throws IOException {
    String up = Files.readString(task.directory().file("up"));
    ProcessHandle supervisor = ProcessHandle.of(Long.parseLong(up.split(" ")[0])).orElseThrow();
    kinds.merge("supervisor (sh)", MemoryUse.of(supervisor.pid()).share(), Long::sum);
    for (ProcessHandle process : supervisor.descendants().toList()) {
      String name = Files.readString(proc(process).resolve("comm")).strip();
      String kind =
          switch (name) {
            case "crun" -> "runtime (crun)";
            case "init", "catatonit", "tini-static" -> "init (" + name + ")";
            case "sleep" -> TASK;
            default -> "other (" + name + ")";
          };
      kinds.merge(kind, MemoryUse.of(process.pid()).share(), Long::sum);
    }
  }

  private static Path proc(ProcessHandle process) {
    return Path.of("/proc", Long.toString(process.pid()));
  }
}
