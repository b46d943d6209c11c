package io.gaol.e2e.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gaol that was started. Its output goes to files: what it leaves running cannot hold us up. */
final class Gaol {
  private static final Path PROGRAM = Path.of(System.getProperty("gaol.home"), "bin/gaol");
  private static final int LIMIT_SECONDS = 120;

  private final Process process;
  private final Path stdout;
  private final Path stderr;

  private Gaol(Process process, Path stdout, Path stderr) {
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** How it ended, and what it printed. */
  record Outcome(int status, String stdout, String stderr) {
    boolean killed() {
      return status == 137;
    }
  }

  /** What to start. */
  static final class Builder {
    private final Scene scene;
    private final List<String> words;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> wrapper = List.of();

    Builder(Scene scene, List<String> words) {
      this.scene = scene;
      this.words = words;
      // A temporary file that stays is seen.
      environment.put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + scene.temporary());
    }

    Builder with(String variable, Object value) {
      environment.put(variable, value.toString());
      return this;
    }

    /** Run by another program, which gets the whole command as its last words. */
    Builder behind(String... program) {
      wrapper = List.of(program);
      return this;
    }

    Gaol start() {
      try {
        Path stdout = scene.base().resolve("out-" + scene.countStarted());
        Path stderr = scene.base().resolve("err-" + scene.countStarted());
        // Whoever starts the tests in the background has SIGINT ignored, and gaol honours that.
        List<String> all = new ArrayList<>(List.of("env", "--default-signal"));
        all.addAll(wrapper);
        all.add(PROGRAM.toString());
        all.addAll(words);
        ProcessBuilder builder =
            new ProcessBuilder(all)
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        Gaol gaol = new Gaol(builder.start(), stdout, stderr);
        scene.started(gaol);
        return gaol;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String stderr() {
    return Scene.read(stderr);
  }

  String stdout() {
    return Scene.read(stdout);
  }

  /** SIGKILL, and only to it. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  void signal(String signal) {
    Processes.signal(process.pid(), signal);
  }

  /** Waits for a text; one that ends without it fails the test. */
  Gaol untilSays(String text) {
    Scene.until(
        "gaol says \"" + text + "\"",
        () -> {
          boolean ended = !isAlive();
          boolean said = stderr().contains(text) || stdout().contains(text);
          if (ended && !said) {
            throw new AssertionError("gaol ended, and did not say " + text + ":\n" + stderr());
          }
          return said;
        });
    return this;
  }

  Outcome await() {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        String said = stderr();
        String stacks = Host.must("jstack", Long.toString(process.pid()));
        kill();
        throw new AssertionError(
            "gaol did not end within " + LIMIT_SECONDS + " s. It said:\n" + said + "\n" + stacks);
      }
      return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
