package io.gaol.cli.job;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells when one of some files changes, is made or goes. */
final class FileWatch implements AutoCloseable {
  private final WatchService service = FileSystems.getDefault().newWatchService();
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private Set<Path> files = Set.of();

  FileWatch() throws IOException {}

  /** Watches these files from now on, and no others. */
  void watch(Set<Path> wanted) throws IOException {
    files = Set.copyOf(wanted);
    Set<Path> directories = new HashSet<>();
    wanted.forEach(file -> directories.add(file.getParent()));
    for (Path directory : directories) {
      if (!keys.containsKey(directory) && Files.isDirectory(directory)) {
        keys.put(directory, directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE));
      }
    }
  }

  /**
   * Waits until one of the files changes.
   *
   * @return false if this was closed instead
   */
  boolean awaitChange() throws InterruptedException {
    try {
      while (true) {
        WatchKey key = service.take();
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
    } catch (ClosedWatchServiceException closed) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
