package io.gaol.freebsd;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.LongSupplier;

/**
 * When this host was booted. Who sets the clock moves it: the kernel has one clock that only
 * counts, and adds the time of the boot to it.
 */
final class BootTime {
  private static final long MILLIS = 1000;

  private final long seconds;
  private final LongSupplier aheadMillis;
  private final long ahead;

  /**
   * As it was told just now.
   *
   * @param seconds {@code kern.boottime}
   * @param aheadMillis by how much the clock is ahead of one that only counts
   */
  BootTime(long seconds, LongSupplier aheadMillis) {
    this.seconds = seconds;
    this.aheadMillis = aheadMillis;
    this.ahead = aheadMillis.getAsLong();
  }

  /** As {@link #BootTime(long, LongSupplier)}, by the clocks of this host. */
  static BootTime told(long seconds) {
    return new BootTime(seconds, () -> System.currentTimeMillis() - System.nanoTime() / 1_000_000);
  }

  /** By the clock as it is set now, in seconds since 1970. */
  long now() {
    return seconds + Math.round((double) (aheadMillis.getAsLong() - ahead) / MILLIS);
  }

  /**
   * What tells this boot from others: the time of the boot as the first program said that asked.
   *
   * @param file where it is written down, and the next boot empties
   */
  String identity(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createDirectories(
          file.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path whole = Files.createTempFile(file.getParent(), "boot-", "");
      try {
        // A whole line: sh(1) takes less for the end of the file.
        Files.writeString(whole, now() + "\n");
        Files.createLink(file, whole);
      } catch (FileAlreadyExistsException another) {
        // He was first.
      } finally {
        Files.delete(whole);
      }
    }
    return Files.readString(file).strip();
  }
}
