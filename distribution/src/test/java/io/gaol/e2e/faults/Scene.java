package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Leftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A place to break Gaol in: a state directory, a root for jails, a trace that hooks write, and a
 * look at all that is left. What a failed test leaves is removed with it.
 */
final class Scene implements AutoCloseable {
  /** Whether what takes long is wanted too. */
  static final boolean FULL = Boolean.getBoolean("gaol.full");

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private final String token = "f" + UUID.randomUUID().toString().substring(0, 7);
  private final Path base;
  private final List<Gaol> started = new ArrayList<>();

  /** Texts in job files and hooks: @JOB@, @ROOT@, @TRACE@, @STATE@, @BASE@. */
  private Path state;

  private Scene(Path base) {
    this.base = base;
    this.state = base.resolve("state");
  }

  static Scene open() {
    try {
      Scene scene = new Scene(Files.createTempDirectory("gaol-f-"));
      Files.createDirectory(scene.temporary());
      Files.createDirectories(scene.root().resolve("bin"));
      Files.createDirectory(scene.root().resolve("etc"));
      Files.writeString(scene.root().resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
      for (String program : List.of("sh", "busybox")) {
        Files.copy(Path.of("/bin/busybox"), scene.root().resolve("bin").resolve(program));
        scene.root().resolve("bin").resolve(program).toFile().setExecutable(true);
      }
      Files.createFile(scene.trace());
      return scene;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The job's name; in the name of each of its jails and cgroups too. */
  String job() {
    return token;
  }

  Path base() {
    return base;
  }

  /** An operator's own file system tree, with a shell and nothing to mount on. */
  Path root() {
    return base.resolve("root");
  }

  Path trace() {
    return base.resolve("trace");
  }

  Path state() {
    return state;
  }

  /** Where Gaol's programs put temporary files. */
  Path temporary() {
    return base.resolve("tmp");
  }

  /** From now on the state directory is there. */
  void moveStateTo(Path newState) {
    state = newState;
  }

  // ---- jobs

  /** A batch job of one group that is not restarted. */
  Path batch(String tasks) {
    return write(
        """
        job "@JOB@" {
          type = "batch"
          group "g" {
            restart { attempts = 0 }
            %s
          }
        }
        """
            .formatted(tasks));
  }

  /** A task that sees the host's system and runs a shell script. */
  static String task(String name, String script, String... config) {
    return """
           task "@JOB@%s" {
             driver = "jail-task-driver"
             kill_timeout = "1s"
             config {
               command = "/bin/sh"
               args = ["-c", %s]
               %s
             }
             resources { memory = 64 }
           }
           """
        .formatted(name, quote(script), String.join("\n", config));
  }

  /** A text of HCL's. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '$' -> quoted.append("$$");
                default -> quoted.appendCodePoint(character);
              }
            });
    // Only "${" has a meaning.
    return quoted.append('"').toString().replaceAll("\\$\\$(?!\\{)", "\\$");
  }

  Path write(String jobFile) {
    Path file = base.resolve("job-" + started.size() + ".nomad.hcl");
    try {
      return Files.writeString(file, fill(jobFile));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  String fill(String text) {
    return text.replace("@JOB@", token)
        .replace("@ROOT@", root().toString())
        .replace("@TRACE@", trace().toString())
        .replace("@STATE@", state.toString())
        .replace("@BASE@", base.toString());
  }

  // ---- gaol

  Gaol.Builder gaol(String... words) {
    return new Gaol.Builder(this, List.of(words));
  }

  /** Starts a job. */
  Gaol start(Path jobFile) {
    return gaol("job", "run", "--state-dir", state.toString(), jobFile.toString()).start();
  }

  /** Runs a job to its end. */
  Gaol.Outcome run(Path jobFile) {
    return start(jobFile).await();
  }

  /** Stops our job, or removes what is left of it. */
  Gaol.Outcome stop() {
    return gaol("job", "stop", "--state-dir", state.toString(), token).start().await();
  }

  void started(Gaol gaol) {
    started.add(gaol);
  }

  int countStarted() {
    return started.size();
  }

  // ---- what hooks wrote

  List<String> traced() {
    try {
      return Files.readAllLines(trace());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  long traced(String line) {
    return traced().stream().filter(line::equals).count();
  }

  // ---- files of the tasks

  /** The directory of the one task that is there. */
  Path taskDirectory() {
    return only(state.resolve("tasks"), "@JOB@");
  }

  /** The directory of the one allocation that is there. */
  Path allocation() {
    return only(state.resolve("allocations"), "");
  }

  private Path only(Path directory, String prefix) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(fill(prefix)))
          .reduce(
              (a, b) -> {
                throw new AssertionError("both " + a + " and " + b);
              })
          .orElseThrow(() -> new AssertionError("nothing in " + directory));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  // ---- waiting

  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits for something that must come. */
  static void until(String what, Condition condition) {
    Instant deadline = Instant.now().plus(LIMIT);
    while (true) {
      try {
        if (condition.holds()) {
          return;
        }
        Thread.sleep(10);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
      assertThat(Instant.now()).as("waiting until " + what).isBefore(deadline);
    }
  }

  // ---- what is left

  /** The job was stopped, or had died before there was anything to stop. */
  static void assertStopped(Gaol.Outcome stop, String when) {
    assertThat(stop.stderr().contains("no job") ? 0 : stop.status())
        .as("stop " + when + ": " + stop.stderr())
        .isZero();
  }

  void assertNothingLeft() {
    assertNothingLeft("");
  }

  void assertNothingLeft(String when) {
    List<String> left = left();
    // A killed process is gone a moment later.
    for (int attempt = 0; attempt < 100 && !left.isEmpty(); attempt++) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
      left = left();
    }
    assertThat(left).as("left behind " + when).isEmpty();
  }

  /** All that is there of our jails, a line each. */
  List<String> left() {
    try {
      List<String> left = new ArrayList<>();
      for (long process : processes()) {
        left.add("process " + process + ": " + Processes.words(process));
      }
      mounts().forEach(mount -> left.add("mount " + mount));
      cgroups().forEach(cgroup -> left.add("cgroup " + cgroup));
      for (String directory : List.of("tasks", "claims", "allocations", "crun")) {
        files(state.resolve(directory)).stream()
            .filter(file -> !file.endsWith("claims/lock"))
            .forEach(file -> left.add("file " + file));
      }
      files(temporary()).forEach(file -> left.add("temporary file " + file));
      for (Gaol gaol : started) {
        Path statistics = Path.of("/tmp/hsperfdata_root", Long.toString(gaol.pid()));
        if (!gaol.isAlive() && Files.exists(statistics)) {
          left.add("temporary file " + statistics);
        }
      }
      files(root()).stream()
          .map(file -> root().relativize(file).toString())
          .filter(
              file -> !List.of("bin", "bin/sh", "bin/busybox", "etc", "etc/passwd").contains(file))
          .filter(file -> !file.startsWith("his"))
          .forEach(file -> left.add("in the root: " + file));
      Leftovers.networkNamespaces(name -> name.contains(token))
          .forEach(file -> left.add("network namespace " + file));
      left.addAll(Leftovers.networks(base));
      return left;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Processes of our jails: by words, environment or cgroup. */
  List<Long> processes() throws IOException {
    List<Long> found = new ArrayList<>();
    for (long process : Processes.all()) {
      String all = Processes.words(process) + Processes.file(process, "environ");
      boolean ours = all.contains(state + "/") || all.contains("=" + state + "\0");
      if (ours || Processes.file(process, "cgroup").contains("/gaol-" + token)) {
        found.add(process);
      }
    }
    return found;
  }

  private List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .map(line -> line.split(" ")[4])
        .filter(target -> target.startsWith(state + "/") || target.startsWith(root() + "/"))
        .toList();
  }

  List<Path> cgroups() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path hierarchy :
        Stream.concat(Stream.of(CGROUPS), directories(CGROUPS).stream()).toList()) {
      for (Path group : directories(hierarchy)) {
        if (group.getFileName().toString().startsWith("gaol-" + token)) {
          found.add(group);
        }
      }
    }
    return found;
  }

  private static List<Path> directories(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  /** Everything below a directory. */
  static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory, 6, new FileVisitOption[0])) {
      return new ArrayList<>(new TreeSet<>(files.filter(file -> !file.equals(directory)).toList()));
    } catch (UncheckedIOException changing) {
      return List.of(directory.resolve("(changes while it is read)"));
    }
  }

  // ---- the end

  /** Removes all there is, however a test ended. */
  @Override
  public void close() {
    try {
      for (Gaol gaol : started) {
        gaol.kill();
      }
      for (int attempt = 0; attempt < 50 && !processes().isEmpty(); attempt++) {
        processes().forEach(Processes::kill);
        Thread.sleep(20);
      }
      List<String> targets =
          Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
              .map(line -> line.split(" ")[4])
              .filter(target -> target.startsWith(base + "/"))
              .toList();
      for (String target : targets.reversed()) {
        Host.run("umount", "-l", target);
      }
      for (Path group : cgroups()) {
        Host.run("find", group.toString(), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";");
      }
      for (Path namespace : Leftovers.networkNamespaces(name -> name.contains(token))) {
        Host.run("ip", "netns", "del", namespace.getFileName().toString());
        Files.deleteIfExists(Path.of("/run/gaol/networks").resolve(namespace.getFileName()));
      }
      Host.run("chattr", "-R", "-i", base.toString());
      Host.run("rm", "-rf", base.toString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
