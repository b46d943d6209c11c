package io.gaol.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Follows symbolic links of this host, also for what is not there yet. */
final class SymbolicLinks {
  /** {@code MAXSYMLINKS}: after so many the kernel says "Too many levels of symbolic links". */
  private static final int MOST_LINKS = 40;

  private int links;

  private SymbolicLinks() {}

  /**
   * Where a path leads.
   *
   * @param path absolute
   * @return a path without symbolic links; of a path that is not there, its nearest directory that
   *     is, and the rest. Of links in a circle, and of more links than the kernel follows, which
   *     lead nowhere, the path itself
   */
  static Path follow(Path path) {
    SymbolicLinks followed = new SymbolicLinks();
    Path place = followed.place(path);
    return followed.links > MOST_LINKS ? path : place;
  }

  private Path place(Path path) {
    Path parent = path.getParent();
    try {
      return path.toRealPath();
    } catch (IOException notThere) {
      if (parent == null || links > MOST_LINKS) {
        return path;
      }
    }
    Path place = place(parent).resolve(path.getFileName());
    if (!Files.isSymbolicLink(place) || ++links > MOST_LINKS) {
      return place;
    }
    try {
      // A link to what is not there: whoever opens it makes a file there.
      return place(place.resolveSibling(Files.readSymbolicLink(place)));
    } catch (IOException unreadable) {
      return place;
    }
  }
}
