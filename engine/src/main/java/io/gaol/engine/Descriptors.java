package io.gaol.engine;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What this program has open, and what it starts must not. Java opens files without {@code
 * O_CLOEXEC}; between fork and exec it closes those that a directory lists. On a FreeBSD without
 * fdescfs(5) that directory lists no more than 0 to 2, and nothing is closed: a ledger, a lock, a
 * socket would reach the jail.
 */
final class Descriptors {
  /** Where Java looks for them: of Linux, and of a BSD. */
  private static final List<Path> DIRECTORIES =
      List.of(Path.of("/proc/self/fd"), Path.of("/dev/fd"));

  /** Above so many that are not open none is. */
  private static final int GAP = 1024;

  /** fcntl(2): the same numbers on Linux and FreeBSD. */
  private static final int F_SETFD = 2;

  private static final int FD_CLOEXEC = 1;

  /** Whether Java sees them. */
  static final boolean LISTED = areListed(DIRECTORIES);

  private static final Optional<MethodHandle> FCNTL = LISTED ? Optional.empty() : fcntl();

  private Descriptors() {}

  /**
   * Lets what is started next have none of them. Nothing may be started meanwhile: its pipes are
   * among them.
   */
  static void keep() {
    FCNTL.ifPresent(Descriptors::markAll);
  }

  /** Whether one of the directories, the first that is there, has more than 0 to 2. */
  static boolean areListed(List<Path> directories) {
    for (Path directory : directories) {
      if (Files.isDirectory(directory)) {
        // One is open while it is read.
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(directory)) {
          for (Path one : listed) {
            if (!one.getFileName().toString().matches("[012]|\\.*")) {
              return true;
            }
          }
          return false;
        } catch (IOException unreadable) {
          return false;
        }
      }
    }
    // Then Java tries every number.
    return true;
  }

  /** Where there is none, all stays as Java does it. */
  @SuppressWarnings("restricted")
  static Optional<MethodHandle> fcntl() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("fcntl")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2)));
  }

  static void markAll(MethodHandle fcntl) {
    int missing = 0;
    for (int number = 3; missing < GAP; number++) {
      missing = mark(fcntl, number) ? 0 : missing + 1;
    }
  }

  private static boolean mark(MethodHandle fcntl, int number) {
    try {
      return (int) fcntl.invokeExact(number, F_SETFD, FD_CLOEXEC) == 0;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
