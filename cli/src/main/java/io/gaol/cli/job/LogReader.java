package io.gaol.cli.job;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Reads what a task writes into a FIFO, and hands it on line by line, no byte changed. */
final class LogReader {
  /** A line longer than this is handed on in pieces. */
  private static final int LONGEST_LINE = 1024 * 1024;

  /** Takes lines. */
  @FunctionalInterface
  interface Lines {
    /** A line without its end. */
    void line(byte[] line);
  }

  private final Path fifo;
  private final Lines lines;
  private final Thread thread;

  private LogReader(Path fifo, Lines lines) {
    this.fifo = fifo;
    this.lines = lines;
    // A blocking read of a file holds its thread: a virtual one would gain nothing.
    this.thread =
        Thread.ofPlatform().daemon().name("log-" + fifo.getFileName()).unstarted(this::read);
  }

  /** Starts to read; the reader waits for somebody to write. */
  static LogReader start(Path fifo, Lines lines) {
    LogReader reader = new LogReader(fifo, lines);
    reader.thread.start();
    return reader;
  }

  private void read() {
    try (InputStream in = new FileInputStream(fifo.toFile())) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        int start = 0;
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            line.write(buffer, start, i - start);
            lines.line(line.toByteArray());
            line.reset();
            start = i + 1;
          }
        }
        line.write(buffer, start, count - start);
        if (line.size() > LONGEST_LINE) {
          lines.line(line.toByteArray());
          line.reset();
        }
      }
      if (line.size() > 0) {
        lines.line(line.toByteArray());
      }
    } catch (IOException failure) {
      lines.line(
          ("(cannot read the log: " + failure.getMessage() + ")").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Waits until all that was written is read: nobody has the FIFO open for writing any more. */
  boolean finish(Duration atMost) throws InterruptedException {
    return thread.join(atMost);
  }

  /** Ends a reader whose writer never came. */
  void cancel() {
    try {
      new RandomAccessFile(fifo.toFile(), "rw").close();
    } catch (IOException gone) {
      // Then the reader has seen that too.
    }
  }
}
