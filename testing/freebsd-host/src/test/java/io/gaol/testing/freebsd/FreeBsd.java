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
import org.junit.jupiter.api.Assumptions;

/**
 * A FreeBSD to run commands on: the machine itself, or on any other the stand-in. It has a base
 * system for jails at {@code /jails/base}.
 */
final class FreeBsd implements AutoCloseable {
  /** A Java of Linux that runs on FreeBSD says that it is on Linux. */
  private static final boolean REAL = Files.isExecutable(Path.of("/usr/sbin/jail"));

  static final Path GAOL = Path.of(System.getProperty("gaol.home")).normalize().resolve("bin/gaol");
  private static final Path STAND_IN = Path.of("../freebsd-stand-in").toAbsolutePath().normalize();
  static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Where tasks and their files are, on the host. */
  static final String STATE = "/var/db/gaol-test";

  private final List<String> prefix;
  private final Path directory;
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>(environment());
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
    Outcome made =
        sh(
            REAL
                ? REPOSITORY.resolve("testing/freebsd-host/src/test/sh/base.sh").toString()
                : "[ -d /jails/base ] || . " + STAND_IN.resolve("transcripts/base.sh"));
    if (made.status() != 0) {
      throw new AssertionError("no base for jails: " + made);
    }
    this.before = state();
  }

  /**
   * A host. Where there can be none, who wants one is skipped: the stand-in needs a Linux, and
   * root.
   *
   * @param settings of the stand-in, such as {@code racct=false}; a real machine is as it is
   */
  static FreeBsd open(String... settings) {
    Assumptions.assumeTrue(
        // Not as Java has it: one of Linux may not know the users of a FreeBSD.
        run(List.of("/bin/sh", "-c", "id -u")).stdout().equals("0\n")
            && (REAL || Files.isExecutable(Path.of("/usr/bin/python3"))),
        "needs root, and on Linux python3: apt-get install python3");
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
    require(
        standIn(
            "fault", Stream.concat(Stream.of(command), Stream.of(kind)).toArray(String[]::new)));
  }

  /** All commands are as they should be. */
  void noFaults() {
    require(standIn("no-faults"));
  }

  /** Changes what the host is, such as {@code racct=false}. */
  void set(String... settings) {
    require(standIn("set", settings));
  }

  /** A command of the base system that ran: its process, and its name and arguments. */
  record Ran(long process, String line) {}

  /** What ran since {@link #forgetCommands}, in jails too. */
  List<Ran> commands() {
    Outcome log = standIn("log");
    require(log);
    return log.stdout()
        .lines()
        .map(line -> line.split(" ", 2))
        .map(words -> new Ran(Long.parseLong(words[0]), words[1]))
        .toList();
  }

  void forgetCommands() {
    require(standIn("log", "--clear"));
  }

  private Outcome standIn(String command, String... words) {
    List<String> all = new ArrayList<>();
    all.add(STAND_IN.resolve("stand-in").toString());
    all.add(command);
    all.add(directory.toString());
    all.addAll(Arrays.asList(words));
    return run(all);
  }

  /** From now on what is started has this variable. */
  void setVariable(String name, String value) {
    environment.put(name, value);
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
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    return command.with("TMPDIR", folder);
  }

  /** The command gaol, on the host. */
  static Path gaolProgram() {
    return GAOL;
  }

  /** What a line of sh(1) on the host makes. */
  Outcome sh(String line) {
    return run(
        Stream.concat(prefix.stream(), Stream.of("/bin/sh", "-c", line)).toList(), environment);
  }

  /** Whether its kernel accounts resources: rctl(8). */
  boolean accounts() {
    return sh("sysctl -n kern.racct.enable").stdout().equals("1\n");
  }

  /** What the command gaol makes on the host. */
  Outcome gaol(String... arguments) {
    return run(words(arguments), environment);
  }

  /** What it makes as a user of the host. */
  Outcome gaolAs(String user, String... arguments) {
    // By sh(1): a Java of Linux would take the chroot(8) of its own.
    String chroot = "exec /usr/sbin/chroot -u \"$0\" -g \"$0\" / \"$@\"";
    return run(behind(List.of("/bin/sh", "-c", chroot, user), arguments));
  }

  /** What it makes in a jail whose root is the host's. */
  Outcome gaolIn(String jail, String... arguments) {
    return run(behind(List.of("/usr/sbin/jexec", jail), arguments));
  }

  private List<String> behind(List<String> program, String... arguments) {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(program);
    words.add(GAOL.toString());
    words.addAll(Arrays.asList(arguments));
    return words;
  }

  /** Starts the command gaol on the host. */
  Process start(String... arguments) throws IOException {
    return builder(words(arguments), environment)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Starts the command gaol on the host, and keeps what it prints. */
  Running begin(String... arguments) {
    try {
      Path stdout = Files.createTempFile(folder, "running", ".out");
      Path stderr = Files.createTempFile(folder, "running", ".err");
      return new Running(
          builder(words(arguments), environment)
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile())
              .start(),
          stdout,
          stderr);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A gaol that was started. Nothing is left running when it is closed. */
  record Running(Process process, Path stdout, Path stderr) implements AutoCloseable {
    /** All that it has printed. */
    String said() {
      try {
        return Files.readString(stdout) + Files.readString(stderr);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** Waits until it has printed this. */
    Running until(String text) throws InterruptedException {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (!said().contains(text)) {
        if (System.nanoTime() > end || (!process.isAlive() && !said().contains(text))) {
          throw new AssertionError("it has not said \"" + text + "\": " + said());
        }
        Thread.sleep(50);
      }
      return this;
    }

    /**
     * Asks it to stop, once more to kill, as Ctrl-C does. SIGTERM: whoever starts the tests in the
     * background has SIGINT ignored, and gaol honours that.
     */
    Running stop() {
      process.destroy();
      return this;
    }

    /** Waits for its end. */
    Outcome await() throws InterruptedException {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it did not end within " + LIMIT + ": " + said());
      }
      try {
        return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
      killGaol(process);
    }

    /** Ends it as a second Ctrl-C does, if it still runs. */
    @Override
    public void close() {
      try {
        for (int attempt = 0; attempt < 20 && process.isAlive(); attempt++) {
          process.destroy();
          process.waitFor(1, TimeUnit.SECONDS);
        }
        process.destroyForcibly().waitFor();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<String> words(String... arguments) {
    return behind(List.of(), arguments);
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
    run(List.of("rm", "-rf", "--", folder.toString(), directory.toString()));
  }

  private static ProcessBuilder builder(List<String> words, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.redirectInput(Path.of("/dev/null").toFile());
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("GAOL_HOST", "freebsd");
    environment.put("GAOL_STATE_DIR", STATE);
    // Where FreeBSD has it, which is not where a Java of Linux sees itself.
    environment.put(
        "JAVA_HOME", System.getenv().getOrDefault("JAVA_HOME", System.getProperty("java.home")));
    environment.put("HOME", "/root");
    environment.put("PATH", "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin");
    return environment;
  }

  private static Outcome run(List<String> words) {
    return run(words, environment());
  }

  /** Its output goes through files: what it leaves running cannot hold us up. */
  private static Outcome run(List<String> words, Map<String, String> environment) {
    try {
      Path stdout = Files.createTempFile("freebsd", ".out");
      Path stderr = Files.createTempFile("freebsd", ".err");
      try {
        Process process =
            builder(words, environment)
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile())
                .start();
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
