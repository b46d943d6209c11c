package io.gaol.benchmark;

import io.gaol.nomad.proto.driver.TaskConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The memory of the plugin's own process: idle, after many tasks, and beside tasks that run. */
final class PluginMemory {
  private static final int PLUGINS = 5;
  private static final int TASKS_ONE_BY_ONE = 100;
  private static final int TASKS_AT_ONCE = 20;
  private static final double AIM_MEGABYTES = 65;
  private static final double MEGABYTE = 1e6;
  private static final int KIBIBYTE = 1024;

  private final String when;
  private final Samples resident = new Samples();
  private final Samples share = new Samples();
  private final Samples ownWritten = new Samples();

  private PluginMemory(String when) {
    this.when = when;
  }

  static void run(Session session, Installation installed, Report report)
      throws IOException, InterruptedException {
    PluginMemory idle = new PluginMemory("idle");
    PluginMemory after = new PluginMemory("after %d tasks".formatted(TASKS_ONE_BY_ONE));
    PluginMemory beside = new PluginMemory("with %d tasks running".formatted(TASKS_AT_ONCE));
    for (int i = 1; i <= PLUGINS; i++) {
      DrivenPlugin plugin = session.launch(installed.jailTaskDriver(), "plugin-memory-" + i);
      idle.look(plugin);
      if (i == PLUGINS) {
        oneByOne(session, plugin);
        after.look(plugin);
        atOnce(session, plugin, beside);
      }
      session.end(plugin);
    }
    report.title("Memory of the plugin's process, MB (million bytes): p50");
    report.line("%-44s %7s %7s %14s".formatted("", "Rss", "Pss", "private dirty"));
    for (PluginMemory each : List.of(idle, after, beside)) {
      report.line(
          "%-44s %7.1f %7.1f %14.1f"
              .formatted(
                  "%s, n = %d".formatted(each.when, each.resident.count()),
                  each.resident.median(),
                  each.share.median(),
                  each.ownWritten.median()));
    }
    report.verdictOnMedian(
        "at most %.0f MB resident when idle".formatted(AIM_MEGABYTES),
        idle.resident,
        AIM_MEGABYTES,
        "MB");
  }

  private void look(DrivenPlugin plugin) throws IOException, InterruptedException {
    // What the last call has left to do is done: no condition tells.
    Thread.sleep(1000);
    MemoryUse use = plugin.memory();
    resident.add(use.resident() * KIBIBYTE / MEGABYTE);
    share.add(use.share() * KIBIBYTE / MEGABYTE);
    ownWritten.add(use.ownWritten() * KIBIBYTE / MEGABYTE);
  }

  private static void oneByOne(Session session, DrivenPlugin plugin)
      throws IOException, InterruptedException {
    Place place = Place.make(session.places(), "plugin-one-by-one");
    for (int i = 0; i < TASKS_ONE_BY_ONE; i++) {
      FirstByte output = FirstByte.of(place.stdout());
      FirstByte errors = FirstByte.of(place.stderr());
      TaskConfig task = plugin.task(place, "/bin/echo", "x");
      plugin.start(task);
      plugin.await(task);
      plugin.destroy(task);
      output.await();
      errors.drain();
    }
  }

  private static void atOnce(Session session, DrivenPlugin plugin, PluginMemory memory)
      throws IOException, InterruptedException {
    List<TaskConfig> tasks = new ArrayList<>();
    for (int i = 1; i <= TASKS_AT_ONCE; i++) {
      Place place = Place.make(session.places(), "plugin-at-once-" + i);
      TaskConfig task = plugin.task(place, "/bin/sleep", "600");
      plugin.start(task);
      tasks.add(task);
    }
    memory.look(plugin);
    for (TaskConfig task : tasks) {
      plugin.destroy(task);
    }
  }
}
