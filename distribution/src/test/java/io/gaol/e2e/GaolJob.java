package io.gaol.e2e;

import static io.gaol.e2e.Command.GAOL_HOME;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A {@code gaol job} or {@code gaol run} command of a {@link Workplace}: built up, then run to its
 * end or started.
 */
public final class GaolJob {
  private final Workplace work;
  private final List<String> wrapper;
  private final List<String> words;
  private final Map<String, String> environment;

  private GaolJob(
      Workplace work, List<String> wrapper, List<String> words, Map<String, String> environment) {
    this.work = work;
    this.wrapper = List.copyOf(wrapper);
    this.words = List.copyOf(words);
    this.environment = Map.copyOf(environment);
  }

  static GaolJob of(Workplace work, String subcommand, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(GAOL_HOME.resolve("bin/gaol").toString());
    words.addAll(List.of("job", subcommand, "--state-dir", work.stateDirectory().toString()));
    words.addAll(List.of(arguments));
    return new GaolJob(work, List.of(), words, Map.of());
  }

  static GaolJob ofJail(Workplace work, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(GAOL_HOME.resolve("bin/gaol").toString());
    words.addAll(List.of("run", "--state-dir", work.stateDirectory().toString()));
    words.addAll(List.of(arguments));
    return new GaolJob(work, List.of(), words, Map.of());
  }

  /** {@code gaol usage} with these arguments. */
  static GaolJob usage(Workplace work, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(GAOL_HOME.resolve("bin/gaol").toString());
    words.addAll(List.of("usage", "--state-dir", work.stateDirectory().toString()));
    words.addAll(List.of(arguments));
    return new GaolJob(work, List.of(), words, Map.of());
  }

  static GaolJob run(Workplace work, String file) {
    return of(work, "run", file);
  }

  /** With more options and arguments at the end. */
  public GaolJob with(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new GaolJob(work, wrapper, all, environment);
  }

  /** With another subcommand: {@code plan} instead of {@code run}. */
  public GaolJob as(String subcommand) {
    List<String> all = new ArrayList<>(words);
    all.set(2, subcommand);
    return new GaolJob(work, wrapper, all, environment);
  }

  /** With another state directory than the workplace's. */
  public GaolJob in(Path stateDirectory) {
    List<String> all = new ArrayList<>(words);
    all.set(all.indexOf("--state-dir") + 1, stateDirectory.toString());
    return new GaolJob(work, wrapper, all, environment);
  }

  /** With another program in place of {@code bin/gaol}. */
  public GaolJob by(Path program) {
    List<String> all = new ArrayList<>(words);
    all.set(0, program.toString());
    return new GaolJob(work, wrapper, all, environment);
  }

  /** Run by another program, which gets the whole command as its last arguments. */
  public GaolJob behind(String... program) {
    List<String> all = new ArrayList<>(List.of(program));
    all.addAll(wrapper);
    return new GaolJob(work, all, words, environment);
  }

  /**
   * In a mount namespace of its own, after a script of sh(1) has run there: what it mounts, the
   * host does not see.
   */
  public GaolJob afterMounting(String script) {
    return behind("unshare", "-m", "sh", "-ec", script + "\nexec \"$@\"", "sh");
  }

  /** With an environment variable. */
  public GaolJob withEnvironment(String variable, Object value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value.toString());
    return new GaolJob(work, wrapper, words, more);
  }

  /** Runs it to its end. */
  public Outcome run() {
    return start().await();
  }

  /** Starts it, with the default action for each signal, as from a terminal. */
  public Running start() {
    try {
      Path stdout = Files.createTempFile(work.directory(), "gaol", ".out");
      Path stderr = Files.createTempFile(work.directory(), "gaol", ".err");
      List<String> all = new ArrayList<>(List.of("env", "--default-signal"));
      all.addAll(wrapper);
      all.addAll(words);
      ProcessBuilder builder =
          new ProcessBuilder(all)
              .directory(Path.of("/").toFile())
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      builder.environment().putAll(environment);
      Running running = new Running(builder.start(), stdout, stderr);
      work.started(running);
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that runs, or has run. */
  public static final class Running {
    private final Process process;
    private final Path stdout;
    private final Path stderr;

    Running(Process process, Path stdout, Path stderr) {
      this.process = process;
      this.stdout = stdout;
      this.stderr = stderr;
    }

    /** The process number of gaol itself: all that is before it replaces itself by it. */
    public long pid() {
      return process.pid();
    }

    /** Whether it still runs. */
    public boolean runs() {
      return process.isAlive();
    }

    /** What it has written so far on standard output. */
    public String stdout() {
      return new String(stdoutBytes(), StandardCharsets.UTF_8);
    }

    /** The same, no byte changed. */
    public byte[] stdoutBytes() {
      return bytes(stdout);
    }

    /** What it has written so far on standard error. */
    public String stderr() {
      return new String(bytes(stderr), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path file) {
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until either stream has a line that is this one. */
    public Running awaitLine(String line) {
      Workplace.await(
          "the line \"" + line + "\"",
          () -> {
            boolean ended = !process.isAlive();
            if (Stream.of(stdout(), stderr()).flatMap(String::lines).anyMatch(line::equals)) {
              return true;
            }
            if (ended) {
              throw new AssertionError(
                  "it ended without the line \"" + line + "\":\n" + stdout() + stderr());
            }
            return false;
          });
      return this;
    }

    /** Sends gaol a signal, such as INT. */
    public Running signal(String signal) {
      Outcome sent =
          Command.of(Path.of("/bin/sh"), "-c", "kill -s " + signal + " " + process.pid()).run();
      if (sent.status() != 0) {
        throw new AssertionError("kill: " + sent.stderr());
      }
      return this;
    }

    /** Waits for the end. */
    public Outcome await() {
      try {
        if (!process.waitFor(Workplace.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("gaol does not end:\n" + stdout() + stderr());
        }
        return new Outcome(process.exitValue(), stdout(), stderr());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    void kill() {
      process.destroyForcibly();
    }
  }
}
