package io.gaol.cli.job;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;

/** Hands on what a command writes into a FIFO as soon as it is there, no byte changed. */
final class OutputPump {
  private final Path fifo;
  private final OutputStream out;
  private final Runnable whenNobodyReads;
  private final Thread thread;

  private OutputPump(Path fifo, OutputStream out, Runnable whenNobodyReads) {
    this.fifo = fifo;
    this.out = out;
    this.whenNobodyReads = whenNobodyReads;
    // A blocking read of a file holds its thread: a virtual one would gain nothing.
    this.thread =
        Thread.ofPlatform().daemon().name("output-" + fifo.getFileName()).unstarted(this::pump);
  }

  /**
   * Starts; it waits for somebody to write.
   *
   * @param whenNobodyReads called once, when there is nobody any more who takes the output
   */
  static OutputPump start(Path fifo, OutputStream out, Runnable whenNobodyReads) {
    OutputPump pump = new OutputPump(fifo, out, whenNobodyReads);
    pump.thread.start();
    return pump;
  }

  private void pump() {
    byte[] buffer = new byte[64 * 1024];
    boolean taken = true;
    try (InputStream in = new FileInputStream(fifo.toFile())) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (taken && !hand(buffer, count)) {
          taken = false;
          whenNobodyReads.run();
        }
      }
    } catch (IOException gone) {
      // The FIFO goes with the jail.
    }
  }

  private boolean hand(byte[] buffer, int count) {
    try {
      out.write(buffer, 0, count);
      out.flush();
      return true;
    } catch (IOException nobodyReads) {
      return false;
    }
  }

  /** Waits until all that was written is handed on. */
  boolean finish(Duration atMost) throws InterruptedException {
    return thread.join(atMost);
  }

  /** Ends one whose writer never came. */
  void cancel() {
    try {
      new RandomAccessFile(fifo.toFile(), "rw").close();
    } catch (IOException gone) {
      // Then it has seen that too.
    }
  }
}
