package io.gaol.hcl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The job files that Gaol has as examples: texts as people write them. */
final class JobFiles {
  private static final Path EXAMPLES = Path.of("..", "examples");

  private JobFiles() {}

  static List<Path> paths() {
    try (var files = Files.walk(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".hcl")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> texts() {
    return paths().stream().map(JobFiles::text).toList();
  }
}
