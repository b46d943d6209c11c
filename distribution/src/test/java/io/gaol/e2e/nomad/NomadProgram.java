package io.gaol.e2e.nomad;

import io.gaol.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program {@code nomad}.
 *
 * @param file where it is
 * @param major the first number of its version
 * @param minor the second number of its version
 */
record NomadProgram(Path file, int major, int minor) {
  private static final Pattern VERSION = Pattern.compile("Nomad v([0-9]+)\\.([0-9]+)\\.");

  /** The one that a shell would find; empty if there is none. */
  static Optional<NomadProgram> onPath() {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .map(directory -> Path.of(directory, "nomad"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(NomadProgram::of);
  }

  private static NomadProgram of(Path file) {
    Command.Outcome outcome = Command.of(file, "version").run();
    Matcher version = VERSION.matcher(outcome.stdout());
    if (!version.find()) {
      throw new AssertionError(file + " does not say its version: " + outcome);
    }
    return new NomadProgram(
        file, Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)));
  }

  boolean isAtLeast(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
  }
}
