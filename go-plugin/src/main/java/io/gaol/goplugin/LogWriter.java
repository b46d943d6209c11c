package io.gaol.goplugin;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes lines to a pipe whose reader may be slow, stuck or gone, in a thread of its own: whoever
 * logs is never held up. What does not fit into the memory set aside for it is dropped and counted,
 * and the count is written as soon as something is read again.
 */
final class LogWriter {
  /** What may wait to be written, in bytes. */
  private static final int LARGEST_BACKLOG_BYTES = 4 << 20;

  private final OutputStream stream;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> lines = new ArrayDeque<>();
  private int waitingBytes;
  private long dropped;
  private boolean writing;
  private boolean started;

  /**
   * Writes to a stream; the thread is started with the first line.
   *
   * @param stream not buffered; its errors are passed over, for a host that died reads no more
   */
  LogWriter(OutputStream stream) {
    this.stream = stream;
  }

  /** Takes a line, with its newline. Returns at once. */
  void write(byte[] line) {
    lock.lock();
    try {
      if (waitingBytes + line.length > LARGEST_BACKLOG_BYTES) {
        dropped++;
        return;
      }
      lines.add(line);
      waitingBytes += line.length;
      changed.signalAll();
      if (!started) {
        started = true;
        // A platform thread: a full pipe blocks in the kernel, which would hold a carrier.
        Thread.ofPlatform().daemon().name("log").start(this::writeForEver);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all is written, but not longer than that. */
  void flush(Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while ((writing || !lines.isEmpty()) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void writeForEver() {
    while (true) {
      byte[] line = next();
      try {
        stream.write(line);
      } catch (IOException nobodyReads) {
        // The host is gone; the plugin serves on, and may be found again by the next host.
      }
    }
  }

  private byte[] next() {
    lock.lock();
    try {
      writing = false;
      changed.signalAll();
      while (lines.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      writing = true;
      if (dropped > 0) {
        long count = dropped;
        dropped = 0;
        return LogLine.of(
            PluginLog.Level.WARN,
            "log",
            "lines of the log were dropped, for nobody read them",
            "dropped",
            count);
      }
      byte[] line = lines.remove();
      waitingBytes -= line.length;
      return line;
    } finally {
      lock.unlock();
    }
  }

  /** How long the end of a process waits for its last words. */
  static final Duration LAST_WORDS = Duration.ofNanos(TimeUnit.MILLISECONDS.toNanos(200));
}
