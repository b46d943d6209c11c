package io.gaol.engine;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The directory of one task, with its lock held: plain files that an operator can read. All of them
 * are mode 0600: some hold the task's environment.
 */
public final class TaskDirectory implements AutoCloseable {
  private final JailName name;
  private final Path path;
  private final FileChannel lock;
  private final Runnable released;
  private final AtomicBoolean closed = new AtomicBoolean();

  TaskDirectory(JailName name, Path path, FileChannel lock, Runnable released) {
    this.name = name;
    this.path = path;
    this.lock = lock;
    this.released = released;
  }

  /** The jail's name. */
  public JailName name() {
    return name;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** A file in it. */
  public Path file(String fileName) {
    return path.resolve(fileName);
  }

  /** Writes a file, all of it or nothing. */
  void write(String fileName, String content) throws IOException {
    Path next = file(fileName + ".new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(next, content, StandardCharsets.UTF_8);
      Files.move(next, file(fileName), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      Files.deleteIfExists(next);
      throw failure;
    }
  }

  /** Reads a file; empty if it is not there. */
  Optional<String> read(String fileName) throws IOException {
    try {
      return Optional.of(new String(Files.readAllBytes(file(fileName)), StandardCharsets.UTF_8));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  /**
   * Removes the directory with all that is in it, and gives the lock up. At one blow it is no
   * task's any more: a crash after that leaves what {@link TaskStore#removeUnfinished} removes.
   */
  void delete() throws IOException {
    Path gone = path.resolveSibling(TaskStore.GONE + name);
    try (TaskDirectory self = this) {
      Files.move(self.path, gone, StandardCopyOption.ATOMIC_MOVE);
    }
    // The lock is given up first: a file made later may be given the lock file's number.
    TaskStore.removeFlat(gone);
  }

  /** Gives the lock up. */
  @Override
  public void close() throws IOException {
    // Once: after that the lock file's number may be another's.
    if (closed.compareAndSet(false, true)) {
      lock.close();
      released.run();
    }
  }
}
