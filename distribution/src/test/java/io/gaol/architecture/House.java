package io.gaol.architecture;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table of modules in docs/architecture.md, as it is written there. */
record House(Map<String, Module> modules) {

  /**
   * One row.
   *
   * @param name where it is below the root: {@code engine}, {@code testing/plugin-host}
   * @param packageName the package all its classes are in; empty when it has none
   * @param later planned, not there yet
   * @param mayUse names of modules
   */
  record Module(String name, String packageName, boolean later, Set<String> mayUse) {
    private static final String TESTING = "testing/";

    /** Whether only tests and benches may use it. */
    boolean isForTests() {
      return name.startsWith(TESTING);
    }

    /** What poms call it. */
    String artifactId() {
      return artifactId(name);
    }

    /** What poms call the modules it may use. */
    Set<String> artifactsItMayUse() {
      return mayUse.stream().map(Module::artifactId).collect(toSet());
    }

    private static String artifactId(String name) {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  private static final Pattern ROW =
      Pattern.compile(
          "\\| `(?<module>[a-z/-]+)`(?<later> \\(later\\))? "
              + "\\| (–|`(?<package>[a-z.]+)`) \\| [^|]+ \\| (?<use>[^|]+) \\|");

  static House readFrom(Path document) {
    List<Matcher> rows = lines(document).map(ROW::matcher).filter(Matcher::matches).toList();
    Set<String> names = rows.stream().map(row -> row.group("module")).collect(toSet());
    return new House(
        rows.stream()
            .map(row -> module(row, names))
            .collect(toMap(Module::name, m -> m, (a, b) -> a, LinkedHashMap::new)));
  }

  private static Module module(Matcher row, Set<String> names) {
    Set<String> mayUse =
        switch (row.group("use").strip()) {
          case "all" -> names;
          case "–" -> Set.of();
          case String listed -> Arrays.stream(listed.split(", ")).collect(toSet());
        };
    if (!names.containsAll(mayUse)) {
      throw new IllegalArgumentException(
          "row " + row.group("module") + " may use what has no row itself: " + mayUse);
    }
    return new Module(
        row.group("module"),
        row.group("package") == null ? "" : row.group("package"),
        row.group("later") != null,
        mayUse);
  }

  private static Stream<String> lines(Path document) {
    try {
      return Files.readAllLines(document).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
