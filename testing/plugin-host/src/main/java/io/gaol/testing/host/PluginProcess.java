package io.gaol.testing.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A plugin's process, and what it writes. */
final class PluginProcess implements AutoCloseable {
  private final Process process;
  private final Path directory;
  private final CompletableFuture<String> firstLine = new CompletableFuture<>();
  private final List<String> laterLines = new CopyOnWriteArrayList<>();
  private final List<LogLine> log = new CopyOnWriteArrayList<>();
  private final Pipe stdout;
  private final Pipe stderr;

  private PluginProcess(PluginCommand command) throws IOException {
    // Not below a folder that a test looks at: the host is no part of what it tests.
    directory = Files.createTempDirectory("plugin-host-");
    Path out = Pipe.make(directory.resolve("stdout"));
    Path err = Pipe.make(directory.resolve("stderr"));
    stdout = Pipe.read(out, new Pipe.Lines(this::printed));
    stderr = Pipe.read(err, new Pipe.Lines(line -> log.add(LogLine.parse(line))));
    try {
      List<String> words = new ArrayList<>();
      words.add(command.program().toString());
      words.addAll(command.arguments());
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(command.directory().toFile())
              .redirectOutput(Redirect.to(out.toFile()))
              .redirectError(Redirect.to(err.toFile()));
      builder.environment().putAll(command.environment());
      process = builder.start();
    } catch (IOException failure) {
      closePipes();
      throw failure;
    }
  }

  static PluginProcess start(PluginCommand command) {
    try {
      return new PluginProcess(command);
    } catch (IOException failure) {
      throw new PluginHostException("cannot start " + command.program(), failure);
    }
  }

  private void printed(String line) {
    if (!firstLine.complete(line)) {
      laterLines.add(line);
    }
  }

  /** The first line of its stdout. */
  String awaitFirstLine(Duration patience) {
    long nanos = patience.toNanos();
    try {
      CompletableFuture.anyOf(firstLine, process.onExit()).get(nanos, TimeUnit.NANOSECONDS);
      // If it has ended, what it wrote before may not have been read yet.
      CompletableFuture.anyOf(firstLine, stdout.end()).get(nanos, TimeUnit.NANOSECONDS);
      if (!firstLine.isDone()) {
        stderr.awaitEnd(patience);
        throw new PluginHostException(
            "plugin exited before we could connect, with exit status "
                + process.exitValue()
                + "; it wrote: "
                + String.join("\n", log.stream().map(LogLine::text).toList()));
      }
      return firstLine.get();
    } catch (TimeoutException silent) {
      throw new PluginHostException("timeout while waiting for plugin to start", silent);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PluginHostException("interrupted", interrupted);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  int exitStatus() {
    return process.exitValue();
  }

  List<String> laterLines() {
    return List.copyOf(laterLines);
  }

  List<LogLine> log() {
    return List.copyOf(log);
  }

  /**
   * Waits until it is gone as an agent sees it: the process has ended, and nobody holds its stdout
   * and stderr any more.
   */
  boolean awaitGone(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)
          && stdout.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))
          && stderr.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PluginHostException("interrupted", interrupted);
    }
  }

  /** Reads no more, as when the agent has died: the plugin lives on. */
  void closePipes() {
    stdout.close();
    stderr.close();
    try {
      Files.deleteIfExists(directory.resolve("stdout"));
      Files.deleteIfExists(directory.resolve("stderr"));
      Files.deleteIfExists(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Ends it, whatever it does. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    closePipes();
  }
}
