package io.gaol.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directory that an operator gives a jail for its root. */
public final class JailRoot {
  private JailRoot() {}

  /** Why no directory of this name can be the root of a jail; empty if one can. */
  public static List<String> neverRoots(Path root) {
    if (!root.isAbsolute()) {
      return List.of("the root of a jail must be an absolute path, but Path is \"" + root + "\"");
    }
    if (root.normalize().equals(Path.of("/"))) {
      return List.of(
          "the root of the jail may not be /, the host's own: leave Path out, and the task sees"
              + " the host's system read-only");
    }
    return List.of();
  }

  /** Why a directory cannot be the root of a jail; empty if it can. */
  public static List<String> problems(Path root) {
    List<String> never = neverRoots(root);
    if (!never.isEmpty()) {
      return never;
    }
    if (!Files.exists(root)) {
      return List.of("the root of the jail, " + root + ", does not exist: make it, or change Path");
    }
    if (!Files.isDirectory(root)) {
      return List.of("the root of the jail, " + root + ", is not a directory: change Path");
    }
    return List.of();
  }
}
