package io.gaol.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Follows symbolic links of this host, also for what is not there yet. */
final class SymbolicLinks {
  /** {@code MAXSYMLINKS}: after so many the kernel says "Too many levels of symbolic links". */
  private static final int MOST_LINKS = 40;

  private SymbolicLinks() {}

  /**
   * Where a path leads.
   *
   * @param path absolute
   * @return a path without symbolic links; of a path that is not there, its nearest directory that
   *     is, and the rest. Of links in a circle, which lead nowhere, the path itself
   */
  static Path follow(Path path) {
    return follow(path, MOST_LINKS);
  }

  private static Path follow(Path path, int links) {
    Path parent = path.getParent();
    try {
      return path.toRealPath();
    } catch (IOException notThere) {
      if (parent == null) {
        return path;
      }
    }
    Path place = follow(parent, links).resolve(path.getFileName());
    if (links == 0 || !Files.isSymbolicLink(place)) {
      return place;
    }
    try {
      // A link to what is not there: whoever opens it makes a file there.
      return follow(place.resolveSibling(Files.readSymbolicLink(place)), links - 1);
    } catch (IOException unreadable) {
      return place;
    }
  }
}
