package io.gaol.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Values of the kernel's that tasks of any state directory need, such as a sysctl of an interface:
 * the first writes down what was there, the last gives it back. A claim is a file that holds the
 * path of its task's directory; one whose task is gone counts no more, so that a state directory
 * that somebody removed by hand keeps nothing for ever.
 */
final class SharedValues {
  private static final String BEFORE = "before";
  private static final String CLAIM = "claim-";

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** Locks of files are a process's: two of its threads would not hold each other up. */
  private static final ReentrantLock THIS_PROCESS = new ReentrantLock();

  private final Path values;

  /**
   * The values of a host.
   *
   * @param shared {@link Host#shared()}
   */
  SharedValues(Path shared) {
    this.values = shared.resolve("values");
  }

  /** An act under the lock of all values. */
  @FunctionalInterface
  private interface Act {
    void run(Path folder) throws IOException;
  }

  /**
   * Sets a value, or joins those who need it so.
   *
   * @param task the directory of the task that needs it
   */
  void set(Path path, String value, String scope, Path task) throws IOException {
    locked(
        path,
        scope,
        folder -> {
          Files.createDirectories(folder);
          String current = read(path);
          // A crash of the last one leaves what he found, which he has given back.
          if (isUnclaimed(folder)) {
            writeWhole(folder.resolve(BEFORE), current);
          }
          writeWhole(folder.resolve(claim(task)), task.toString());
          if (!current.equals(value)) {
            write(path, value);
          }
        });
  }

  /** Gives a claim up; the last sets the value back, unless it is not ours any more. */
  void release(Path path, String value, String scope, Path task) throws IOException {
    locked(
        path,
        scope,
        folder -> {
          Path claim = folder.resolve(claim(task));
          if (!Files.exists(claim)) {
            removeIfUnclaimed(folder);
            return;
          }
          if (isClaimedByOthers(folder, claim)) {
            Files.delete(claim);
            return;
          }
          // The claim goes last: a crash before that, and all is done again.
          if (Files.exists(path) && read(path).equals(value)) {
            String before = Files.readString(folder.resolve(BEFORE));
            if (!before.equals(value)) {
              write(path, before);
            }
          }
          Files.delete(claim);
          removeIfUnclaimed(folder);
        });
  }

  private void locked(Path path, String scope, Act act) throws IOException {
    THIS_PROCESS.lock();
    try {
      Files.createDirectories(values, PRIVATE);
      try (FileChannel channel =
          FileChannel.open(
              values.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        FileLock lock = channel.lock();
        act.run(values.resolve(Digest.of(scope + "\n" + path, 32)));
        lock.release();
      }
    } finally {
      THIS_PROCESS.unlock();
    }
  }

  private static String claim(Path task) {
    return CLAIM + Digest.of(task.toString(), 32);
  }

  private static boolean isUnclaimed(Path folder) throws IOException {
    return !isClaimedByOthers(folder, folder);
  }

  /** Whether a task that is there claims it, besides one; what the dead have claimed goes. */
  private static boolean isClaimedByOthers(Path folder, Path own) throws IOException {
    boolean claimed = false;
    try (DirectoryStream<Path> claims = Files.newDirectoryStream(folder, CLAIM + "*")) {
      for (Path claim : claims) {
        if (claim.equals(own)) {
          continue;
        }
        if (Files.isDirectory(Path.of(Files.readString(claim)))) {
          claimed = true;
        } else {
          Files.delete(claim);
        }
      }
    } catch (NoSuchFileException none) {
      return false;
    }
    return claimed;
  }

  private static void removeIfUnclaimed(Path folder) throws IOException {
    if (Files.isDirectory(folder) && isUnclaimed(folder)) {
      TaskStore.removeFlat(folder);
    }
  }

  private static String read(Path path) throws IOException {
    return Files.readString(path).strip();
  }

  private static void write(Path path, String value) throws IOException {
    Files.writeString(path, value, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** All of it or nothing: a crash leaves no torn file. */
  private static void writeWhole(Path file, String text) throws IOException {
    Path next = file.resolveSibling("new");
    Files.writeString(next, text, StandardCharsets.UTF_8);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
