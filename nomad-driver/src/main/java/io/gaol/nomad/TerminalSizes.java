package io.gaol.nomad;

import io.gaol.goplugin.PluginLog;
import io.gaol.nomad.ExecStreams.TerminalSize;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The size of a client's terminal. A driver is told on a thread of its own, so that the client's
 * input does not wait for it; of several changes it is told the last.
 */
final class TerminalSizes implements Consumer<Consumer<TerminalSize>>, AutoCloseable {
  private static final PluginLog LOG = PluginLog.toStderr("nomad-driver");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Optional<TerminalSize> untold = Optional.empty();
  private Optional<TerminalSize> known = Optional.empty();
  private Optional<Thread> teller = Optional.empty();
  private boolean closed;

  /** The terminal has this size now. */
  void change(TerminalSize size) {
    lock.lock();
    try {
      known = Optional.of(size);
      untold = known;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Who is to be told; told at once if a size is known. There is one: a later one replaces it. */
  @Override
  public void accept(Consumer<TerminalSize> listener) {
    Optional<TerminalSize> now;
    lock.lock();
    try {
      now = known;
      untold = Optional.empty();
    } finally {
      lock.unlock();
    }
    now.ifPresent(listener);
    lock.lock();
    try {
      teller.ifPresent(Thread::interrupt);
      if (!closed) {
        teller = Optional.of(Thread.ofVirtual().name("terminal size").start(() -> tell(listener)));
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell(Consumer<TerminalSize> listener) {
    try {
      while (true) {
        listener.accept(next());
      }
    } catch (InterruptedException over) {
      // The command has ended.
    } catch (RuntimeException bug) {
      LOG.error("a bug in the driver: it failed to change a terminal's size", "error", bug);
    }
  }

  private TerminalSize next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (untold.isEmpty()) {
        changed.await();
      }
      TerminalSize size = untold.get();
      untold = Optional.empty();
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody is told any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      teller.ifPresent(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }
}
