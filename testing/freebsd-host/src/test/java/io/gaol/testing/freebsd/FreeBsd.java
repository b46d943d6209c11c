package io.gaol.testing.freebsd;

import io.gaol.testing.host.PluginCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A FreeBSD to run commands on: the machine itself, or on any other the stand-in. It has a base
 * system for jails at {@code /jails/base}.
 */
final class FreeBsd implements AutoCloseable {
  private static final boolean REAL = System.getProperty("os.name").equals("FreeBSD");
  private static final Path GAOL =
      Path.of(System.getProperty("gaol.home")).normalize().resolve("bin/gaol");
  private static final Path STAND_IN = Path.of("../freebsd-stand-in").toAbsolutePath().normalize();
  static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Where tasks and their files are, on the host. */
  static final String STATE = "/var/db/gaol-test";

  private final List<String> prefix;
  private final Path directory;
  private final Path folder;
  private String before;

  /** How a command ended, and what it printed. */
  record Outcome(int status, String stdout, String stderr) {
    /** All that it printed. */
    String said() {
      return stdout + stderr;
    }
  }

  private FreeBsd(List<String> prefix, Path directory, Path folder) {
    this.prefix = List.copyOf(prefix);
    this.directory = directory;
    this.folder = folder;
    Outcome made = sh("[ -d /jails/base ] || . " + STAND_IN.resolve("transcripts/base.sh"));
    if (made.status() != 0) {
      throw new AssertionError("no base for jails: " + made);
    }
    this.before = state();
  }

  /** Whether there is one here: the stand-in needs a Linux, and root. */
  static boolean isPossible() {
    return System.getProperty("user.name").equals("root")
        && (REAL || Files.isExecutable(Path.of("/usr/bin/python3")));
  }

  /**
   * A host.
   *
   * @param settings of the stand-in, such as {@code racct=false}; a real machine is as it is
   */
  static FreeBsd open(String... settings) {
    try {
      Path directory = Files.createTempDirectory("gaol-freebsd");
      // The path of a Unix socket in it must fit into 104 bytes.
      Path folder = Files.createTempDirectory(Path.of("/tmp"), "gaolfb");
      Files.setAttribute(folder, "unix:mode", 0755);
      if (REAL) {
        return new FreeBsd(List.of(), directory, folder);
      }
      String standIn = STAND_IN.resolve("stand-in").toString();
      List<String> make = new ArrayList<>(List.of(standIn, "make", directory.toString()));
      make.add("shared=[\"" + REPOSITORY + "\",\"" + folder + "\"]");
      make.addAll(Arrays.asList(settings));
      Outcome made = run(make);
      if (made.status() != 0) {
        throw new AssertionError("no host: " + made);
      }
      return new FreeBsd(List.of(standIn, "run", directory.toString(), "--"), directory, folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Whether its commands can be told to fail: those of a real machine cannot. */
  static boolean canFail() {
    return !REAL;
  }

  /**
   * From now on a command fails, or is slow.
   *
   * @param command a regular expression of its name and arguments
   * @param kind of fault, and its options
   */
  void fault(String command, String... kind) {
    List<String> words =
        new ArrayList<>(
            List.of(
                STAND_IN.resolve("stand-in").toString(), "fault", directory.toString(), command));
    words.addAll(Arrays.asList(kind));
    require(run(words));
  }

  /** All commands are as they should be. */
  void noFaults() {
    require(
        run(List.of(STAND_IN.resolve("stand-in").toString(), "no-faults", directory.toString())));
  }

  private static void require(Outcome outcome) {
    if (outcome.status() != 0) {
      throw new AssertionError(outcome.toString());
    }
  }

  /** SIGKILL for a gaol that was started, and for the commands that it runs; not for jails. */
  static void killGaol(Process started) throws InterruptedException {
    List<ProcessHandle> all = started.descendants().toList();
    all.stream()
        .filter(process -> process.info().command().orElse("").endsWith("/java"))
        .forEach(ProcessHandle::destroyForcibly);
    started.destroyForcibly().waitFor();
  }

  /** A folder that is the same here and on the host. */
  Path folder() {
    return folder;
  }

  /** How the plugin is started on the host. */
  PluginCommand plugin() {
    List<String> words = new ArrayList<>(prefix);
    words.add(GAOL.resolveSibling("../plugins/jail-task-driver").normalize().toString());
    PluginCommand command =
        PluginCommand.of(
            Path.of(words.getFirst()), words.subList(1, words.size()).toArray(String[]::new));
    for (Map.Entry<String, String> variable : environment().entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    return command.with("TMPDIR", folder);
  }

  /** What a line of sh(1) on the host makes. */
  Outcome sh(String line) {
    return run(Stream.concat(prefix.stream(), Stream.of("/bin/sh", "-c", line)).toList());
  }

  /** What the command gaol makes on the host. */
  Outcome gaol(String... arguments) {
    return run(words(arguments));
  }

  /** Starts the command gaol on the host. */
  Process start(String... arguments) throws IOException {
    return builder(words(arguments))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> words(String... arguments) {
    List<String> words = new ArrayList<>(prefix);
    words.add(GAOL.toString());
    words.addAll(Arrays.asList(arguments));
    return words;
  }

  /** A file with this text, which the host sees too. */
  Path file(String name, String text) {
    try {
      return Files.writeString(Files.createTempDirectory(folder, "job").resolve(name), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits until a line of sh(1) succeeds. */
  void until(String line) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (sh(line).status() != 0) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + LIMIT + ": " + line);
      }
      Thread.sleep(200);
    }
  }

  /** From now on what is there now is how the host was at first. */
  void remember() {
    before = state();
  }

  /** What is on the host now and was not at first, or was and is not: a line each. */
  List<String> changes() {
    List<String> then = before.lines().toList();
    List<String> now = state().lines().toList();
    return Stream.concat(
            now.stream().filter(line -> !then.contains(line)).map(line -> "+ " + line),
            then.stream().filter(line -> !now.contains(line)).map(line -> "- " + line))
        .toList();
  }

  private String state() {
    return sh("jls -n name path; mount -p; ifconfig -l; ifconfig lo0 | grep inet; rctl;"
            + " ls -d "
            + STATE
            + "/*/* 2>/dev/null | grep -v '/lock$'; true")
        .stdout();
  }

  @Override
  public void close() {
    if (!REAL) {
      run(List.of(STAND_IN.resolve("stand-in").toString(), "remove", directory.toString()));
    }
    run(List.of("rm", "-rf", "--", folder.toString()));
  }

  private static ProcessBuilder builder(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment());
    return builder.redirectInput(Path.of("/dev/null").toFile());
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("GAOL_HOST", "freebsd");
    environment.put("GAOL_STATE_DIR", STATE);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("HOME", "/root");
    environment.put("PATH", "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin");
    return environment;
  }

  /** Its output goes through files: what it leaves running cannot hold us up. */
  private static Outcome run(List<String> words) {
    try {
      Path stdout = Files.createTempFile("freebsd", ".out");
      Path stderr = Files.createTempFile("freebsd", ".err");
      try {
        Process process =
            builder(words).redirectOutput(stdout.toFile()).redirectError(stderr.toFile()).start();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw new AssertionError(
              words + " did not end within " + LIMIT + ": " + Files.readString(stderr));
        }
        return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
      } finally {
        Files.delete(stdout);
        Files.delete(stderr);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + words, interrupted);
    }
  }
}
