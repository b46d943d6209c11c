package io.gaol.engine;

import com.google.gson.JsonParseException;
import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
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
  /** Begins the name of a directory that is no task's yet; its maker's mark follows. */
  private static final String UNFINISHED = ".new~";

  /** Begins the name of a directory that is no task's any more. */
  static final String GONE = ".gone~";

  private static final String LOCK = "lock";
  private static final String OWNER = "owner.json";

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path tasks;
  private final Path claims;

  /**
   * The lock files that this process holds, by their file keys, through whichever store: locks are
   * the process's, and closing another channel of the same file would drop ours.
   */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  /**
   * Their channels. One that nobody refers to is closed by the garbage collector: the lock would be
   * lost, and the file's key free for another file.
   */
  private static final Set<FileChannel> OPEN = ConcurrentHashMap.newKeySet();

  private TaskStore(Path stateDirectory) {
    this.tasks = stateDirectory.resolve("tasks");
    this.claims = stateDirectory.resolve("claims");
  }

  /**
   * The store of a state directory, made if it is not there.
   *
   * @param option what a person chooses another with, for messages
   * @throws IOException if it cannot be made, or is another user's, who could change what we run;
   *     the message says why and what to do
   */
  public static TaskStore open(Path stateDirectory, String option) throws IOException {
    TaskStore store = new TaskStore(stateDirectory.toAbsolutePath());
    try {
      Files.createDirectories(stateDirectory);
      requireOurs(stateDirectory, option);
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
              + " cannot be written: run as root, or choose another with "
              + option,
          denied);
    } catch (FileAlreadyExistsException file) {
      throw new IOException(
          "the state directory " + stateDirectory + " is not a directory: " + file.getFile(), file);
    } catch (FileSystemException other) {
      throw new IOException(
          "the state directory "
              + stateDirectory
              + " cannot be made: "
              + PlanRunner.reason(other)
              + "; choose another with "
              + option,
          other);
    }
    return store;
  }

  /**
   * Refuses a store with tasks of another kind of host: what was made on one is seen and undone by
   * its programs alone.
   *
   * @param host that is to be used: {@link Host#name}
   * @param option what a person chooses another store with, for messages
   * @throws IOException if there are any
   */
  public void refuseOtherHosts(String host, String option) throws IOException {
    for (Listed listed : list()) {
      Optional<String> other = listed.owner().map(Owner::host).filter(name -> !name.equals(host));
      if (other.isPresent()) {
        throw new IOException(
            "the state directory "
                + tasks.getParent()
                + " has tasks that were made with the host "
                + other.get()
                + ", and the host is "
                + host
                + " now: stop them with that one first, or choose another directory with "
                + option);
      }
    }
  }

  /** Whoever owns it could put a file of his in the place of one of ours. */
  private static void requireOurs(Path stateDirectory, String option) throws IOException {
    String owner = Files.getOwner(stateDirectory).getName();
    String self = System.getProperty("user.name");
    // Java calls a user that passwd(5) does not know "?", and knows no more of him.
    if (!owner.equals(self) && !self.equals("?")) {
      throw new IOException(
          "the state directory "
              + stateDirectory
              + " belongs to the user "
              + owner
              + ", who could change what runs as "
              + self
              + ": give it to that one (chown "
              + self
              + " "
              + stateDirectory
              + "), or choose another with "
              + option);
    }
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
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    Path unfinished = tasks.resolve(UNFINISHED + owner.mark() + "~" + name);
    FileChannel channel = null;
    try {
      Files.createDirectory(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      channel =
          FileChannel.open(
              Files.createFile(unfinished.resolve(LOCK), PRIVATE), StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw new IOException("the lock of " + directory + " is taken already");
      }
      Files.writeString(Files.createFile(unfinished.resolve(OWNER), PRIVATE), owner.toJson());
      Object key = fileKey(unfinished.resolve(LOCK)).orElseThrow();
      HELD.add(key);
      try {
        // With its owner in it or not at all: a directory of nobody's would stay for ever.
        Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException failure) {
        HELD.remove(key);
        throw failure;
      }
      return held(name, directory, channel, key);
    } catch (IOException | RuntimeException failure) {
      if (channel != null) {
        channel.close();
      }
      removeFlat(unfinished);
      throw failure;
    }
  }

  private static TaskDirectory held(
      JailName name, Path directory, FileChannel channel, Object key) {
    OPEN.add(channel);
    return new TaskDirectory(
        name,
        directory,
        channel,
        () -> {
          OPEN.remove(channel);
          HELD.remove(key);
        });
  }

  /** Removes a directory that holds files alone. Several may do it at once. */
  static void removeFlat(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      return;
    }
    Files.deleteIfExists(directory);
  }

  /** Removes the directories whose making or removal programs began that have died since. */
  void removeUnfinished(Host host) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(tasks, ".*")) {
      for (Path directory : directories) {
        String name = directory.getFileName().toString();
        boolean unfinished = name.startsWith(UNFINISHED) && !Owner.lives(host, markOf(name));
        if (name.startsWith(GONE) || unfinished) {
          removeFlat(directory);
        }
      }
    }
  }

  private static String markOf(String unfinished) {
    int end = unfinished.lastIndexOf('~');
    return unfinished.substring(UNFINISHED.length(), Math.max(UNFINISHED.length(), end));
  }

  /**
   * Takes the lock of a task that nobody holds.
   *
   * @return empty if there is no such task, or its owner lives
   */
  public Optional<TaskDirectory> lock(JailName name) throws IOException {
    Path directory = path(name);
    Path lockFile = directory.resolve(LOCK);
    Optional<Object> key = fileKey(lockFile);
    if (key.isEmpty()) {
      removeIfEmpty(directory);
      return Optional.empty();
    }
    if (!HELD.add(key.get())) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
      // Whoever held it before us may have removed the directory with the lock in it.
      taken = channel.tryLock() != null && fileKey(lockFile).equals(key);
      return taken ? Optional.of(held(name, directory, channel, key.get())) : Optional.empty();
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        HELD.remove(key.get());
      }
    }
  }

  /** What tells a file from all others that are there, whatever its name. */
  private static Optional<Object> fileKey(Path file) throws IOException {
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** A directory without a lock is nobody's; one with something in it is not ours. */
  private static void removeIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException foreign) {
      // Left as it is.
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
      return Optional.of(Owner.fromJson(Files.readString(directory.resolve(OWNER))));
    } catch (NoSuchFileException
        | JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NullPointerException damaged) {
      return Optional.empty();
    }
  }

  /** Where the directory of a task is, or would be. */
  public Path path(JailName name) {
    return tasks.resolve(name.value());
  }
}
