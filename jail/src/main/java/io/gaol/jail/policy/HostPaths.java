package io.gaol.jail.policy;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Where paths of the host lead. */
final class HostPaths {
  private HostPaths() {}

  /** Without what changes nothing: {@code .} and doubled slashes. */
  static Path plain(Path path) {
    return path.normalize();
  }

  /** Whether a path says {@code ..}: where that leads depends on symbolic links. */
  static boolean goesUp(Path path) {
    for (Path name : path) {
      if (name.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a path is a directory, or below it: as it is written, and once symbolic links are
   * followed too, for a link can be changed by whoever may write to its directory.
   */
  static boolean isBelow(Path path, Path directory, UnaryOperator<Path> real) {
    Path written = plain(path);
    Path place = plain(real.apply(directory));
    boolean asWritten = written.startsWith(plain(directory)) || written.startsWith(place);
    return asWritten && plain(real.apply(path)).startsWith(place);
  }
}
