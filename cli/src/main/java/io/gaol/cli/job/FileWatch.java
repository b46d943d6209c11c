package io.gaol.cli.job;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import io.gaol.engine.WatchServices;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells when one of some files changes, is made or goes. */
final class FileWatch implements AutoCloseable {
  /** Where the kernel does not tell, they are looked at so often. */
  private static final long LOOK_MILLIS = 1000;

  private final Optional<WatchService> service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private Set<Path> files = Set.of();

  /**
   * How each of the files was, where the kernel does not tell; of one that was not there nothing.
   */
  private Map<Path, List<Object>> seen = Map.of();

  FileWatch() {
    this(WatchServices.ofKernel(FileSystems.getDefault()));
  }

  /** One that is told of changes by this service; without one it looks. */
  FileWatch(Optional<WatchService> service) {
    this.service = service;
  }

  /** Watches these files from now on, and no others. */
  void watch(Set<Path> wanted) throws IOException {
    Set<Path> before = files;
    files = Set.copyOf(wanted);
    if (service.isEmpty()) {
      // One that is watched already may have changed since it was looked at: that is still to tell.
      Map<Path, List<Object>> now = look();
      before.stream()
          .filter(files::contains)
          .forEach(file -> now.compute(file, (same, is) -> seen.get(file)));
      seen = now;
      return;
    }
    Set<Path> directories = new HashSet<>();
    wanted.forEach(file -> directories.add(file.getParent()));
    for (Path directory : directories) {
      if (!keys.containsKey(directory) && Files.isDirectory(directory)) {
        keys.put(
            directory, directory.register(service.get(), ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE));
      }
    }
  }

  /**
   * Waits until one of the files changes.
   *
   * @return false if this was closed instead
   */
  boolean awaitChange() throws InterruptedException {
    return service.isPresent() ? awaitEvent(service.get()) : awaitDifference();
  }

  private boolean awaitEvent(WatchService told) throws InterruptedException {
    try {
      while (true) {
        WatchKey key = told.take();
        boolean changed = false;
        for (WatchEvent<?> event : key.pollEvents()) {
          changed |=
              event.kind().equals(OVERFLOW)
                  || (key.watchable() instanceof Path directory
                      && event.context() instanceof Path name
                      && files.contains(directory.resolve(name)));
        }
        key.reset();
        if (changed) {
          return true;
        }
      }
    } catch (ClosedWatchServiceException end) {
      return false;
    }
  }

  private boolean awaitDifference() throws InterruptedException {
    while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      Map<Path, List<Object>> now = look();
      if (!now.equals(seen)) {
        seen = now;
        return true;
      }
    }
    return false;
  }

  /** What tells a file from what it was, of those that are there. */
  private Map<Path, List<Object>> look() {
    Map<Path, List<Object>> there = new HashMap<>();
    for (Path file : files) {
      try {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        there.put(file, List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
      } catch (IOException gone) {
        // It is not there.
      }
    }
    return there;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    if (service.isPresent()) {
      service.get().close();
    }
  }
}
