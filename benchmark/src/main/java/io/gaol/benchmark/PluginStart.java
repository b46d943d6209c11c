package io.gaol.benchmark;

import io.gaol.testing.host.Handshake;
import io.gaol.testing.host.Plugin;
import io.gaol.testing.host.PluginCommand;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * From the launch of the plugin until its handshake is read, with and without its start-up cache,
 * in turn.
 */
final class PluginStart {
  private static final int WARM_UP = 2;
  private static final int SAMPLES = 15;
  private static final double AIM = 150;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Session session;
  private final Installation installed;
  private final Path errors;
  private final Samples handshake = new Samples();
  private final Samples processor = new Samples();
  private final Samples end = new Samples();

  private PluginStart(Session session, Installation installed, Path errors) {
    this.session = session;
    this.installed = installed;
    this.errors = errors;
  }

  static void run(Session session, Installation installed, Report report)
      throws IOException, InterruptedException {
    Path directory = session.directory("plugin-start");
    PluginStart warm = new PluginStart(session, installed, directory.resolve("warm-errors"));
    PluginStart cold =
        new PluginStart(
            session,
            installed.copyWithoutCaches(directory.resolve("gaol")),
            directory.resolve("cold-errors"));
    for (int i = -WARM_UP; i < SAMPLES; i++) {
      if (i == 0) {
        warm.clear();
        cold.clear();
      }
      warm.once();
      cold.once();
    }
    report.title("Start of the plugin jail-task-driver, ms, n = " + SAMPLES);
    report.compare(
        "until its handshake is read",
        "without start-up cache",
        cold.handshake,
        "with it",
        warm.handshake);
    report.compare(
        "processor time until then (by 10 ms)",
        "without start-up cache",
        cold.processor,
        "with it",
        warm.processor);
    report.row("from Shutdown until it has ended", warm.end);
    report.verdictOnMedian("a handshake within %.0f ms".formatted(AIM), warm.handshake, AIM, "ms");
  }

  private void clear() {
    handshake.clear();
    processor.clear();
    end.clear();
  }

  private void once() throws IOException, InterruptedException {
    PluginCommand command = PluginCommand.of(installed.jailTaskDriver());
    // Not by PluginCommand.launch: that makes pipes and a connection, which take time too.
    ProcessBuilder builder =
        new ProcessBuilder(command.program().toString())
            .directory(command.directory().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectError(errors.toFile());
    builder.environment().putAll(command.environment());
    long began = System.nanoTime();
    Process process = session.start(builder);
    try (BufferedReader stdout = process.inputReader(StandardCharsets.UTF_8)) {
      String line = stdout.readLine();
      long read = System.nanoTime();
      if (line == null) {
        throw new IOException("the plugin has ended: " + Files.readString(errors));
      }
      processor.add(ProcessorTime.of(process.pid()));
      handshake.add(began, read);
      try (Plugin plugin = Plugin.reattach(Handshake.parse(line).socket(), process.pid())) {
        end.add(plugin.kill(PATIENCE).time());
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
