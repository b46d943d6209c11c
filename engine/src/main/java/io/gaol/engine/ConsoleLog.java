package io.gaol.engine;

import io.gaol.jail.JailParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file of the host that {@code exec.consolelog} names. */
public final class ConsoleLog {
  private ConsoleLog() {}

  /**
   * Its name.
   *
   * @param problems gets why it can be no file's
   * @return empty if there is none, or a problem
   */
  public static Optional<Path> named(JailParameters parameters, List<String> problems) {
    Optional<Path> file =
        parameters.value("exec.consolelog").map(text -> Path.of(text).normalize());
    if (file.isPresent() && (!file.get().isAbsolute() || file.get().getFileName() == null)) {
      problems.add(called(parameters) + "name a file of the host by its whole path");
      return Optional.empty();
    }
    return file;
  }

  private static String called(JailParameters parameters) {
    return "exec.consolelog = \"" + parameters.value("exec.consolelog").orElse("") + "\": ";
  }

  /**
   * Finds it, with the links on the way to it followed.
   *
   * @param problems gets why it cannot be written to
   * @return empty if there is none, or a problem
   */
  public static Optional<Path> find(JailParameters parameters, List<String> problems)
      throws IOException {
    Optional<Path> named = named(parameters, problems);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    Path file = named.get();
    String called = called(parameters);
    if (!Files.isDirectory(file.getParent())) {
      problems.add(called + "the directory " + file.getParent() + " is not there: make it");
      return Optional.empty();
    }
    if (Files.isSymbolicLink(file)) {
      problems.add(
          called + "it is a symbolic link: name the file it leads to, " + file.toRealPath());
      return Optional.empty();
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      problems.add(called + "it is no regular file");
      return Optional.empty();
    }
    return Optional.of(file.getParent().toRealPath().resolve(file.getFileName()));
  }
}
