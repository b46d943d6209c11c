package io.gaol.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command to run as a user does: words, a folder to be in, and what the environment has more. */
public record Command(List<String> words, Path directory, Map<String, String> environment) {
  /** What was assembled, and is tested here. */
  public static final Path GAOL_HOME = Path.of(System.getProperty("gaol.home"));

  private static final Duration TIME_LIMIT = Duration.ofMinutes(1);

  /** How a command ended, and what it printed. */
  public record Outcome(int status, String stdout, String stderr) {}

  /** A program with its arguments, in / and with our environment. */
  public static Command of(Path program, String... arguments) {
    return new Command(
        Stream.concat(Stream.of(program.toString()), List.of(arguments).stream()).toList(),
        Path.of("/"),
        Map.of());
  }

  /** The same in another folder. */
  public Command in(Path newDirectory) {
    return new Command(words, newDirectory, environment);
  }

  /** The same with one more environment variable. */
  public Command with(String variable, Object value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value.toString());
    return new Command(words, directory, Map.copyOf(more));
  }

  /**
   * Runs it to its end. Its output goes through files: what it leaves running cannot hold us up.
   */
  public Outcome run() {
    try {
      Path stdout = Files.createTempFile("e2e", ".out");
      Path stderr = Files.createTempFile("e2e", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(TIME_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              words + " did not end within " + TIME_LIMIT + ": " + Files.readString(stderr));
        }
        return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
      } finally {
        Files.delete(stdout);
        Files.delete(stderr);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + words, e);
    }
  }
}
