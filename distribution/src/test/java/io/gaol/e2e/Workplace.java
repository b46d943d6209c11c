package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where a test runs jobs: a state directory of its own, and a folder for whatever else it needs.
 * When the test ends, nothing of any job may be left on the machine, or it fails.
 *
 * <pre>{@code
 * @RegisterExtension private final Workplace work = new Workplace();
 *
 * Outcome outcome = work.job("job \"x\" { ... }").run();
 * }</pre>
 */
public final class Workplace implements BeforeEachCallback, AfterEachCallback {
  /** On a busy machine anything can take long; only what hangs takes this long. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What ends by itself has this long to be gone. */
  private static final Duration GONE = Duration.ofSeconds(15);

  private static final int SHORT_ID = 8;

  private final List<GaolJob.Running> started = new ArrayList<>();
  private final TreeSet<String> allocations = new TreeSet<>();
  private Path directory;
  private WatchService watch;
  private int jobs;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    // Not below JUnit's own: a path of a Unix socket in it must fit into 108 bytes.
    directory = Files.createTempDirectory(Path.of("/tmp"), "gaol-");
    Files.setAttribute(directory, "unix:mode", 0755);
    Files.createDirectories(stateDirectory().resolve("allocations"));
    watch = directory.getFileSystem().newWatchService();
    stateDirectory().resolve("allocations").register(watch, StandardWatchEventKinds.ENTRY_CREATE);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    try {
      if (context.getExecutionException().isEmpty()) {
        assertNothingIsLeft();
      }
    } finally {
      cleanUp();
      watch.close();
    }
  }

  /** The command, in a copy of Gaol that every user can read. */
  Path copyOfGaol() throws IOException {
    Path copy = directory.resolve("gaol");
    try (Stream<Path> files = Files.walk(Command.GAOL_HOME)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(Command.GAOL_HOME.relativize(file));
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copy.resolve("bin/gaol");
  }

  /** A folder for the test, removed after it. */
  public Path directory() {
    return directory;
  }

  /** What is given to {@code --state-dir}. */
  public Path stateDirectory() {
    return directory.resolve("state");
  }

  /** Writes a file of the test's folder. */
  public Path write(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code gaol job run} of a job of this text. */
  public GaolJob job(String text) {
    jobs++;
    return jobFile(write("job-" + jobs + ".nomad.hcl", text));
  }

  /** {@code gaol job run} of a job file. */
  public GaolJob jobFile(Path file) {
    return GaolJob.run(this, file.toString());
  }

  /** {@code gaol job} with this subcommand and arguments, on this state directory. */
  public GaolJob gaolJob(String subcommand, String... arguments) {
    return GaolJob.of(this, subcommand, arguments);
  }

  /** {@code gaol run} with these arguments, on this state directory. */
  public GaolJob gaolRun(String... arguments) {
    List<String> all = List.of(arguments);
    if (all.contains("-n")) {
      allocations.add(all.get(all.indexOf("-n") + 1));
    }
    return GaolJob.ofJail(this, arguments);
  }

  /** {@code gaol job stop NAME}, to its end. */
  public Outcome stop(String job) {
    return gaolJob("stop", job).run();
  }

  void started(GaolJob.Running running) {
    started.add(running);
  }

  /** Waits for what must come at some time. */
  public static void await(String what, BooleanSupplier condition) {
    if (!within(PATIENCE, condition)) {
      throw new AssertionError("in vain waited for: " + what);
    }
  }

  /** Waits for what may come; tells whether it did in this time. */
  public static boolean within(Duration time, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(time);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        return false;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
    return true;
  }

  // ---- what is left

  /** Fails if anything of a job of this workplace is on the machine: {@link #left}. */
  public void assertNothingIsLeft() {
    within(GONE, () -> left().isEmpty());
    assertThat(left()).as("what is left").isEmpty();
  }

  /** What is on the machine of the jobs of this workplace, in words. */
  public List<String> left() {
    List<String> left = new ArrayList<>();
    for (long process : processes()) {
      left.add("process " + process + ": " + commandLine(process));
    }
    mounts().forEach(mount -> left.add("mount " + mount));
    cgroups().forEach(cgroup -> left.add("cgroup " + cgroup));
    left.addAll(Leftovers.networks(directory));
    networkNamespaces().forEach(namespace -> left.add("network namespace " + namespace));
    for (String folder : List.of("tasks", "claims", "allocations", "crun")) {
      Leftovers.entries(stateDirectory().resolve(folder)).stream()
          // The lock of all claims stays.
          .filter(file -> !file.endsWith("claims/lock"))
          .forEach(file -> left.add("file " + file));
    }
    return left;
  }

  /** Processes that have the workplace in their environment or arguments, or are in its cgroups. */
  public List<Long> processes() {
    TreeSet<Long> found = new TreeSet<>();
    for (Path process : Leftovers.entries(Path.of("/proc"))) {
      String name = process.getFileName().toString();
      if (name.matches("[0-9]+")
          && (Leftovers.contents(process.resolve("environ")).contains(directory.toString())
              || Leftovers.contents(process.resolve("cmdline")).contains(directory.toString()))) {
        found.add(Long.valueOf(name));
      }
    }
    for (Path cgroup : cgroups()) {
      Leftovers.contents(cgroup.resolve("cgroup.procs"))
          .lines()
          .map(Long::valueOf)
          .forEach(found::add);
    }
    found.remove(ProcessHandle.current().pid());
    return List.copyOf(found);
  }

  private static String commandLine(long process) {
    return Leftovers.contents(Path.of("/proc/" + process + "/cmdline")).replace('\0', ' ').strip();
  }

  /** What is mounted in the workplace, the last first. */
  private List<String> mounts() {
    return Leftovers.mountsBelow(directory);
  }

  /** The cgroups of the workplace's allocations, the innermost first. */
  private List<Path> cgroups() {
    return Leftovers.cgroups(this::isOurs);
  }

  private List<Path> networkNamespaces() {
    return Leftovers.networkNamespaces(this::isOurs);
  }

  /** Whether it is the name of something of a jail of the workplace's. */
  private boolean isOurs(String name) {
    for (WatchKey key = watch.poll(); key != null; key = watch.poll()) {
      for (WatchEvent<?> event : key.pollEvents()) {
        if (event.context() instanceof Path made && made.toString().length() > SHORT_ID) {
          allocations.add(made.toString().substring(0, SHORT_ID));
        }
      }
      key.reset();
    }
    return name.startsWith("gaol-") && allocations.stream().anyMatch(name::contains);
  }

  /** Removes whatever is left; where a test failed that can be a lot. */
  private void cleanUp() throws IOException {
    // A gaol that is killed first cannot start anything anew.
    started.forEach(GaolJob.Running::kill);
    within(
        GONE,
        () -> {
          processes()
              .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
          return processes().isEmpty();
        });
    for (String mount : mounts()) {
      Command.of(Path.of("/bin/umount"), "-l", mount).run();
    }
    for (Path cgroup : cgroups()) {
      Files.deleteIfExists(cgroup);
    }
    for (Path namespace : networkNamespaces()) {
      // With it both ends of a jail's link go.
      Command.of(Path.of("/usr/bin/env"), "ip", "netns", "del", namespace.getFileName().toString())
          .run();
      Files.deleteIfExists(Path.of("/run/gaol/networks").resolve(namespace.getFileName()));
    }
    if (mounts().isEmpty()) {
      Leftovers.delete(directory);
    }
  }

  /** All below a folder: path, type, mode and size, to see whether anything has changed. */
  public static List<String> inventory(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> inventory = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        inventory.add(
            folder.relativize(file)
                + " "
                + Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS));
      }
      return inventory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
