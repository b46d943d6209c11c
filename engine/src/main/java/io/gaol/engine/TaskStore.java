package io.gaol.engine;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The tasks of a host, one directory each below the state directory. Several programs share it; a
 * lock on each task's directory, which dies with its holder, says whose a task is.
 */
public final class TaskStore {
  private final Path tasks;
  private final Path claims;

  /**
   * The lock files that this program holds, by their file keys. Locks are the process's, not the
   * channel's: closing another channel on the file would drop ours, so no store may open one.
   */
  private static final Map<Object, FileChannel> HELD = new HashMap<>();

  private TaskStore(Path stateDirectory) {
    this.tasks = stateDirectory.resolve("tasks");
    this.claims = stateDirectory.resolve("claims");
  }

  /**
   * The store of a state directory, made if it is not there.
   *
   * @throws IOException if it cannot be made; the message says why and what to do
   */
  public static TaskStore open(Path stateDirectory) throws IOException {
    TaskStore store = new TaskStore(stateDirectory.toAbsolutePath());
    try {
      Files.createDirectories(stateDirectory);
      for (Path directory : List.of(store.tasks, store.claims)) {
        if (!Files.isDirectory(directory)) {
          Files.createDirectories(
              directory,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
      }
    } catch (AccessDeniedException denied) {
      throw new IOException(
          "the state directory "
              + stateDirectory
              + " cannot be written: run as root, or choose another with --state-dir",
          denied);
    } catch (FileAlreadyExistsException file) {
      throw new IOException(
          "the state directory " + stateDirectory + " is not a directory: " + file.getFile(), file);
    }
    return store;
  }

  /** The directory of claims on what several tasks need. */
  Path claims() {
    return claims;
  }

  /**
   * Makes a task's directory and takes its lock.
   *
   * @throws FileAlreadyExistsException if there is a task of this name
   */
  public TaskDirectory create(JailName name, Owner owner) throws IOException {
    Path directory = path(name);
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    TaskDirectory task =
        lock(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
            .orElseThrow(() -> new IOException("the lock of " + directory + " is taken already"));
    try {
      task.write("owner.json", owner.toJson());
    } catch (IOException failure) {
      task.delete();
      throw failure;
    }
    return task;
  }

  /**
   * Takes the lock of a task that nobody holds.
   *
   * @return empty if there is no such task, or its owner lives
   */
  public Optional<TaskDirectory> lock(JailName name) throws IOException {
    return lock(name, StandardOpenOption.WRITE);
  }

  private Optional<TaskDirectory> lock(JailName name, StandardOpenOption... options)
      throws IOException {
    Path directory = path(name);
    Path lockFile = directory.resolve("lock");
    synchronized (HELD) {
      Optional<Object> there = fileKey(lockFile);
      if (there.filter(HELD::containsKey).isPresent()) {
        return Optional.empty();
      }
      FileChannel channel = null;
      boolean taken = false;
      try {
        channel =
            FileChannel.open(
                lockFile,
                Set.of(options),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        taken = channel.tryLock() != null;
        // Whoever held it before us may have removed the directory with the lock in it.
        Optional<Object> key = fileKey(lockFile);
        taken = taken && key.isPresent() && HELD.putIfAbsent(key.get(), channel) == null;
        return taken
            ? Optional.of(new TaskDirectory(name, directory, channel, () -> release(key.get())))
            : Optional.empty();
      } catch (NoSuchFileException gone) {
        // A program that died between making the directory and its lock left an empty one.
        Files.deleteIfExists(directory);
        return Optional.empty();
      } finally {
        if (!taken && channel != null) {
          channel.close();
        }
      }
    }
  }

  private static void release(Object key) {
    synchronized (HELD) {
      HELD.remove(key);
    }
  }

  private static Optional<Object> fileKey(Path file) throws IOException {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /**
   * A task that is there, with its owner.
   *
   * @param name its jail's
   * @param owner who made it; empty if he died while he made it
   */
  public record Listed(JailName name, Optional<Owner> owner) {
    /** Checks. */
    public Listed {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(owner, "owner");
    }
  }

  /** Every task that is there, by name. */
  public List<Listed> list() throws IOException {
    List<Listed> all = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(tasks)) {
      for (Path directory : directories) {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
          String name = directory.getFileName().toString();
          try {
            all.add(new Listed(new JailName(name), owner(directory)));
          } catch (IllegalArgumentException foreign) {
            // Not a directory of ours.
          }
        }
      }
    }
    all.sort((a, b) -> a.name().value().compareTo(b.name().value()));
    return all;
  }

  private static Optional<Owner> owner(Path directory) throws IOException {
    try {
      return Optional.of(Owner.fromJson(Files.readString(directory.resolve("owner.json"))));
    } catch (NoSuchFileException | RuntimeException unfinished) {
      return Optional.empty();
    }
  }

  /** Where the directory of a task is, or would be. */
  public Path path(JailName name) {
    return tasks.resolve(name.value());
  }
}
