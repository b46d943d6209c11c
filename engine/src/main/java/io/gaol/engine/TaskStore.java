package io.gaol.engine;

import com.google.gson.JsonParseException;
import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tasks of a host, one directory each below the state directory. Several programs share it; a
 * lock on each task's directory, which dies with its holder, says whose a task is.
 */
public final class TaskStore {
  private final Path tasks;
  private final Path claims;

  /** Locks are the process's, not the channel's: closing another channel would drop ours. */
  private final Set<JailName> held = ConcurrentHashMap.newKeySet();

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
    } catch (FileSystemException other) {
      throw new IOException(
          "the state directory " + stateDirectory + " cannot be made: " + PlanRunner.reason(other),
          other);
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
    if (!held.add(name)) {
      return Optional.empty();
    }
    Path directory = path(name);
    Path lockFile = directory.resolve("lock");
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(lockFile, options);
      // Whoever held it before us may have removed the directory with the lock in it.
      taken = channel.tryLock() != null && Files.exists(lockFile);
      return taken
          ? Optional.of(new TaskDirectory(name, directory, channel, () -> held.remove(name)))
          : Optional.empty();
    } catch (NoSuchFileException gone) {
      // A program that died between making the directory and its lock left an empty one.
      Files.deleteIfExists(directory);
      return Optional.empty();
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        held.remove(name);
      }
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
    } catch (NoSuchFileException | JsonParseException | IllegalStateException unfinished) {
      return Optional.empty();
    } catch (NullPointerException incomplete) {
      return Optional.empty();
    }
  }

  /** Where the directory of a task is, or would be. */
  public Path path(JailName name) {
    return tasks.resolve(name.value());
  }
}
