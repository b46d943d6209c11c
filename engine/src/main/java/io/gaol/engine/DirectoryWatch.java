package io.gaol.engine;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes those who wait for a change in a directory: one thread and one kernel object, however many
 * wait. A wake-up is a hint; who is woken looks for himself, and looks again after {@link #longest}
 * anyway.
 */
final class DirectoryWatch implements AutoCloseable {
  private final WatchService service;
  private final Duration longest;
  private final Map<WatchKey, Semaphore> waiting = new ConcurrentHashMap<>();

  /**
   * Starts to watch.
   *
   * @param longest the longest wait without a look, for hosts whose kernel does not tell
   */
  DirectoryWatch(Path anyDirectory, Duration longest) throws IOException {
    this.service = anyDirectory.getFileSystem().newWatchService();
    this.longest = longest;
    Thread.ofPlatform().daemon().name("directory-watch").start(this::dispatch);
  }

  private void dispatch() {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        key.reset();
        Semaphore waiter = waiting.get(key);
        if (waiter != null) {
          waiter.release();
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException end) {
      // The program ends.
    }
  }

  /** Watches one directory. */
  Watched watch(Path directory) throws IOException {
    WatchKey key = directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    Semaphore changes = new Semaphore(0);
    waiting.put(key, changes);
    return new Watched(key, changes);
  }

  /** A watched directory. */
  final class Watched implements AutoCloseable {
    private final WatchKey key;
    private final Semaphore changes;

    private Watched(WatchKey key, Semaphore changes) {
      this.key = key;
      this.changes = changes;
    }

    /** Waits for a change since the last call, for {@link #longest}, or for the time given. */
    void awaitChange(Duration atMost) throws InterruptedException {
      Duration time = atMost.compareTo(longest) < 0 ? atMost : longest;
      if (changes.tryAcquire(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS)) {
        changes.drainPermits();
      }
    }

    /** Wakes who waits, change or not. */
    void wake() {
      changes.release();
    }

    @Override
    public void close() {
      key.cancel();
      waiting.remove(key);
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
