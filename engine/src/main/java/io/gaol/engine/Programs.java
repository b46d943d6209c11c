package io.gaol.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the host's programs to their end. Their output goes to a file, not to a pipe: a daemon that
 * one leaves behind would keep a pipe open for ever.
 */
public final class Programs {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int MAXIMUM_OUTPUT = 64 * 1024;

  /** Between SIGTERM and SIGKILL to a program whose time is over. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final Object LAUNCH = new Object();

  private Programs() {}

  /**
   * How a program ended.
   *
   * @param status its exit status; empty if its time ran out and it was killed
   * @param output what it wrote, both streams; of {@link #run} at most the last 64 KiB
   */
  public record Result(Optional<Integer> status, String output) {
    /** Whether it exited with status 0. */
    public boolean successful() {
      return status.isPresent() && status.get() == 0;
    }

    /** For a person: "exit status 1: its last line". */
    public String describe() {
      String how = status.map(number -> "exit status " + number).orElse("timed out and was killed");
      String said = output.strip();
      return said.isEmpty() ? how : how + ": " + said;
    }
  }

  /** Runs a program with no variables but PATH. */
  public static Result run(Path scratch, List<String> arguments)
      throws IOException, InterruptedException {
    return run(scratch, arguments, Map.of(), Optional.empty());
  }

  /**
   * Runs a program and waits for it, and for it alone.
   *
   * @param scratch a directory for the output, for as long as it runs: one that is removed after a
   *     crash. Where no file can be made, as on a full disk, the program runs and is not heard
   * @param arguments the program and its arguments
   * @param environment its variables; PATH has a default
   * @param limit after this it and its descendants get SIGTERM, and what is left of them a moment
   *     later SIGKILL
   * @throws IOException if it cannot be started
   */
  public static Result run(
      Path scratch,
      List<String> arguments,
      Map<String, String> environment,
      Optional<Duration> limit)
      throws IOException, InterruptedException {
    Optional<Path> output = outputFile(scratch);
    try {
      ProcessBuilder builder = builder(arguments, environment);
      builder.redirectInput(new File("/dev/null"));
      builder.redirectErrorStream(true);
      builder.redirectOutput(
          output
              .map(file -> ProcessBuilder.Redirect.appendTo(file.toFile()))
              .orElse(ProcessBuilder.Redirect.DISCARD));
      Process process = launch(builder);
      boolean ended;
      try {
        ended = await(process, limit);
      } catch (InterruptedException interrupted) {
        kill(process);
        throw interrupted;
      }
      if (!ended) {
        end(process);
        return new Result(Optional.empty(), tail(output));
      }
      return new Result(Optional.of(process.exitValue()), tail(output));
    } finally {
      if (output.isPresent()) {
        Files.deleteIfExists(output.get());
      }
    }
  }

  /**
   * Runs a program that only tells something, and takes all that it says, both streams. By a pipe,
   * for a disk may be full: so not one that leaves a daemon behind.
   *
   * @param environment its variables; PATH has a default
   * @param limit after this it and its descendants get SIGKILL
   * @throws IOException if it cannot be started
   */
  public static Result read(List<String> arguments, Map<String, String> environment, Duration limit)
      throws IOException, InterruptedException {
    Process process =
        launch(
            builder(arguments, environment)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true));
    AtomicBoolean late = new AtomicBoolean();
    Thread clock =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (!await(process, Optional.of(limit))) {
                      late.set(true);
                      kill(process);
                    }
                  } catch (InterruptedException inTime) {
                    Thread.currentThread().interrupt();
                  }
                });
    String output;
    try (InputStream stream = process.getInputStream()) {
      output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    int status = process.waitFor();
    clock.interrupt();
    return new Result(late.get() ? Optional.empty() : Optional.of(status), output);
  }

  /** Whether Java sees what it has open, and so keeps it from what it starts. */
  public static boolean seesDescriptors() {
    return Descriptors.LISTED;
  }

  /**
   * Starts a program and waits for nothing. Its standard input is ours to write; what it says is
   * not heard.
   *
   * @throws IOException if it cannot be started
   */
  static Process start(List<String> arguments, Map<String, String> environment) throws IOException {
    return launch(
        builder(arguments, environment)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD));
  }

  /**
   * Starts a program whose input and output are ours.
   *
   * @throws IOException if it cannot be started
   */
  static Process connect(List<String> arguments) throws IOException {
    return launch(builder(arguments, Map.of()));
  }

  /**
   * One at a time. Java starts a program by a helper, which inherits the pipes of every other
   * helper that is just waiting for its orders; if this process is killed then, two of them hold
   * each other's pipe open, and wait for ever.
   */
  private static Process launch(ProcessBuilder builder) throws IOException {
    synchronized (LAUNCH) {
      Descriptors.keep();
      return builder.start();
    }
  }

  private static ProcessBuilder builder(List<String> arguments, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.environment().clear();
    builder.environment().put("PATH", PATH);
    builder.environment().putAll(environment);
    builder.directory(new File("/"));
    return builder;
  }

  private static Optional<Path> outputFile(Path scratch) {
    try {
      return Optional.of(Files.createTempFile(scratch, "output-", ""));
    } catch (IOException noRoom) {
      // What undoes things must run also where nothing can be written.
      return Optional.empty();
    }
  }

  private static boolean await(Process process, Optional<Duration> limit)
      throws InterruptedException {
    if (limit.isEmpty()) {
      process.waitFor();
      return true;
    }
    return process.waitFor(limit.get().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Asks a program and what it started to end, and kills what is left after a moment. */
  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroy();
    descendants.forEach(ProcessHandle::destroy);
    try {
      process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      kill(process);
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Kills a program and what it started. */
  static void kill(Process process) {
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  private static String tail(Optional<Path> output) throws IOException {
    if (output.isEmpty()) {
      return "";
    }
    try (InputStream stream = Files.newInputStream(output.get())) {
      stream.skipNBytes(Math.max(0, Files.size(output.get()) - MAXIMUM_OUTPUT));
      return new String(stream.readNBytes(MAXIMUM_OUTPUT), StandardCharsets.UTF_8);
    }
  }
}
