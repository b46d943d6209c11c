package io.gaol.cli.job;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths in a job that are meant within a task's directory. */
final class TaskPaths {
  /** Stands for an allocation's directory: the number of names is not important. */
  private static final Path ALLOCATION = Path.of("/allocation");

  private TaskPaths() {}

  /** Whether a text has references in it that only a running task can answer. */
  static boolean hasReferences(String text) {
    return text.contains("${");
  }

  /**
   * Complains of a path that leads out of the allocation's directory, or is none. A path with
   * references is looked at when they are answered.
   */
  static void check(BodyReader reader, String attribute, String path) {
    if (hasReferences(path)) {
      return;
    }
    try {
      if (escapes(path)) {
        reader.problem(
            reader.place(attribute),
            attribute + " leads out of the allocation's directory: \"" + path + "\"",
            "Name a path below the task's directory, such as local/.");
      }
    } catch (InvalidPathException wrong) {
      reader.problem(reader.place(attribute), attribute + " is no path: " + wrong.getReason(), "");
    }
  }

  /** Whether a path, taken within a task's directory, leads out of the allocation's. */
  static boolean escapes(String path) {
    return !ALLOCATION.resolve("task").resolve("./" + path).normalize().startsWith(ALLOCATION);
  }
}
