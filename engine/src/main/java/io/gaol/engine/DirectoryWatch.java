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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes those who wait for a change in a directory: one thread and one kernel object, however many
 * wait. A wake-up is a hint; who is woken looks for himself, and looks again after {@link #longest}
 * anyway.
 */
final class DirectoryWatch implements AutoCloseable {
  /** Where nobody tells of changes, the first look comes after so long, and each later. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(10);

  private final Optional<WatchService> service;
  private final Duration longest;
  private final Map<WatchKey, Semaphore> waiting = new ConcurrentHashMap<>();

  /**
   * Starts to watch.
   *
   * @param longest the longest wait without a look, for hosts whose kernel does not tell
   */
  DirectoryWatch(Path anyDirectory, Duration longest) {
    this(WatchServices.ofKernel(anyDirectory.getFileSystem()), longest);
  }

  /** One that is told of changes by this service; without one it looks more and more seldom. */
  DirectoryWatch(Optional<WatchService> service, Duration longest) {
    this.service = service;
    this.longest = longest;
    service.ifPresent(
        told -> Thread.ofPlatform().daemon().name("directory-watch").start(() -> dispatch(told)));
  }

  private void dispatch(WatchService told) {
    try {
      while (true) {
        WatchKey key = told.take();
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
    Semaphore changes = new Semaphore(0);
    Optional<WatchKey> key = Optional.empty();
    if (service.isPresent()) {
      key =
          Optional.of(directory.register(service.get(), ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE));
      waiting.put(key.get(), changes);
    }
    return new Watched(key, changes);
  }

  /** A watched directory. */
  final class Watched implements AutoCloseable {
    private final Optional<WatchKey> key;
    private final Semaphore changes;
    private Duration nextLook = FIRST_LOOK;

    private Watched(Optional<WatchKey> key, Semaphore changes) {
      this.key = key;
      this.changes = changes;
    }

    /** Waits for a change since the last call, for {@link #longest}, or for the time given. */
    void awaitChange(Duration atMost) throws InterruptedException {
      Duration time = shorter(atMost, key.isPresent() ? longest : pause());
      if (changes.tryAcquire(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS)) {
        changes.drainPermits();
      }
    }

    private synchronized Duration pause() {
      Duration pause = nextLook;
      nextLook = shorter(longest, pause.multipliedBy(5).dividedBy(4));
      return pause;
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }

    /** Wakes who waits, change or not. */
    void wake() {
      changes.release();
    }

    @Override
    public void close() {
      key.ifPresent(
          told -> {
            told.cancel();
            waiting.remove(told);
          });
    }
  }

  @Override
  public void close() throws IOException {
    if (service.isPresent()) {
      service.get().close();
    }
  }
}
