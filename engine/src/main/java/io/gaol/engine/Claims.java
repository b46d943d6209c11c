package io.gaol.engine;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Directories and files that several tasks need and one of them made, such as a mount point in a
 * root that tasks share: the last of them removes it. A claim is an empty file named after the
 * task, in a folder named after the directory. What was there without a claim is an operator's and
 * gets none.
 */
final class Claims {
  private final Path claims;
  private final ReentrantLock thisProcess = new ReentrantLock();

  Claims(Path claims) {
    this.claims = claims;
  }

  /** An act under the lock of all claims. */
  @FunctionalInterface
  private interface Act {
    void run(Path folder) throws IOException;
  }

  /** Makes a directory or an empty file, or joins those who need it. */
  void make(LinklessPath place, boolean directory, JailName task) throws IOException {
    locked(
        place,
        folder -> {
          boolean there = directory ? place.isDirectory() : place.isFile();
          if (there && isEmpty(folder)) {
            return; // An operator's.
          }
          Files.createDirectories(folder);
          Files.writeString(folder.resolve(task.value()), "");
          if (!there && directory) {
            place.makeDirectory();
          } else if (!there) {
            place.makeFile();
          }
        });
  }

  /** Gives a claim up, and removes what was made if it was the last and that is empty. */
  void release(LinklessPath place, boolean directory, JailName task) throws IOException {
    locked(
        place,
        folder -> {
          Path claim = folder.resolve(task.value());
          if (Files.exists(claim)) {
            // The claim goes last: a crash before that, and all is done again.
            if (isAlone(claim) && directory) {
              place.removeEmptyDirectory();
            } else if (isAlone(claim)) {
              place.removeEmptyFile();
            }
            Files.delete(claim);
          }
          removeIfEmpty(folder);
        });
  }

  private void locked(LinklessPath place, Act act) throws IOException {
    thisProcess.lock();
    try (FileChannel channel =
        FileChannel.open(
            claims.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock lock = channel.lock();
      act.run(claims.resolve(Digest.of(place.path().toString(), 32)));
      lock.release();
    } catch (OverlappingFileLockException elsewhere) {
      throw new IOException("the claims of " + claims + " are used by another store", elsewhere);
    } finally {
      thisProcess.unlock();
    }
  }

  private static void removeIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException used) {
      // Others claim it.
    }
  }

  private static boolean isAlone(Path claim) throws IOException {
    try (Stream<Path> files = Files.list(claim.getParent())) {
      return files.allMatch(claim::equals);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (NoSuchFileException none) {
      return true;
    }
  }
}
