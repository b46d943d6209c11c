package io.gaol.testing.host;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Reads what a task writes, as an agent's {@code logmon} does: a named pipe for each stream, made
 * before the task starts, opened at once, read until the last writer has closed it.
 */
public final class TaskLogs implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Stream stdout;
  private final Stream stderr;

  private TaskLogs(Path stdoutPipe, Path stderrPipe) {
    stdout = new Stream(stdoutPipe);
    stderr = new Stream(stderrPipe);
  }

  static TaskLogs start(Path directory, String task) {
    return new TaskLogs(
        directory.resolve("." + task + ".stdout.fifo"),
        directory.resolve("." + task + ".stderr.fifo"));
  }

  /** For {@code TaskConfig.stdout_path}. */
  public Path stdoutPath() {
    return stdout.file;
  }

  /** For {@code TaskConfig.stderr_path}. */
  public Path stderrPath() {
    return stderr.file;
  }

  /** What the task has written up to now. */
  public String stdout() {
    return stdout.text();
  }

  /** The same, no byte changed. */
  public byte[] stdoutBytes() {
    return stdout.bytes();
  }

  /** What the task has written up to now. */
  public String stderr() {
    return stderr.text();
  }

  /**
   * Waits until nobody can write any more.
   *
   * @throws PluginHostException if somebody holds a pipe for ever
   */
  public TaskLogs awaitEnd() {
    stdout.awaitEnd();
    stderr.awaitEnd();
    return this;
  }

  /**
   * Waits for a text on stdout.
   *
   * @throws PluginHostException if it does not come
   */
  public TaskLogs awaitStdout(String text) {
    stdout.await(text);
    return this;
  }

  /** Opens both anew, as before the task is started again; what was read stays. */
  public void restart() {
    stdout.open();
    stderr.open();
  }

  /** Stops reading, as when {@code logmon} dies. */
  @Override
  public void close() {
    stdout.close();
    stderr.close();
  }

  private static final class Stream {
    private final Path file;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private Pipe pipe;

    Stream(Path file) {
      this.file = Files.exists(file) ? file : Pipe.make(file);
      open();
    }

    void open() {
      close();
      pipe = Pipe.read(file, this::append);
    }

    private void append(byte[] bytes) {
      synchronized (read) {
        read.writeBytes(bytes);
        read.notifyAll();
      }
    }

    byte[] bytes() {
      synchronized (read) {
        return read.toByteArray();
      }
    }

    String text() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    void awaitEnd() {
      if (!pipe.awaitEnd(PATIENCE)) {
        throw new PluginHostException("somebody still holds " + file + "; read: " + text());
      }
    }

    void await(String wanted) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      synchronized (read) {
        while (!text().contains(wanted)) {
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            throw new PluginHostException("in vain waited for " + wanted + "; read: " + text());
          }
          try {
            read.wait(left);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PluginHostException("interrupted", interrupted);
          }
        }
      }
    }

    void close() {
      if (pipe != null) {
        pipe.close();
      }
    }
  }
}
