package io.gaol.engine;

import io.gaol.engine.Step.MakeDirectory.Removal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Carries steps out, in order. The undo of each is in the ledger, on the disk, before it runs;
 * steps that need no answer of the host are recorded together, so that the disk is waited for once.
 */
final class PlanRunner {
  /** Options that make a mount safe: all but the last are told of it by mount(8). */
  private static final Pattern SAFETY =
      Pattern.compile("ro|nosuid|noexec|nodev|nosymfollow|ruleset=0*[1-9][0-9]*");

  private final Host host;
  private final TaskDirectory directory;
  private final Ledger ledger;
  private final Claims claims;
  private final SharedValues shared;
  private final CommandRunner commands;
  private final Waiting waiting;

  /** Where a jail that waits after its creation hears that it may go on. */
  private Optional<RandomAccessFile> word = Optional.empty();

  /** The supervisor of a jail that is among the steps: it comes up while they are carried out. */
  private Optional<SupervisorLaunch> launch = Optional.empty();

  /** What we make and remove with all that is in it. */
  private final List<Path> removedWhole = new ArrayList<>();

  /** What was mounted when a mount was looked for last. */
  private List<Host.MountPoint> mounted = List.of();

  /** Directories that were made, or will be when the batch runs. */
  private final Set<Path> made = new HashSet<>();

  /** How the runner waits for the jail. */
  @FunctionalInterface
  interface Waiting {
    /**
     * Returns when the jail has got so far.
     *
     * @throws StepFailedException if it ended before
     */
    void until(Progress progress) throws IOException, InterruptedException, StepFailedException;
  }

  PlanRunner(
      Host host,
      TaskDirectory directory,
      Ledger ledger,
      Claims claims,
      CommandRunner commands,
      Waiting waiting) {
    this.host = host;
    this.directory = directory;
    this.ledger = ledger;
    this.claims = claims;
    this.shared = new SharedValues(host.shared());
    this.commands = commands;
    this.waiting = waiting;
  }

  /**
   * Carries steps out.
   *
   * @throws StepFailedException at the first that fails; what was done stays until the ledger is
   *     unwound
   */
  void run(List<Step> steps) throws StepFailedException, InterruptedException {
    run(steps, Optional.empty());
  }

  /**
   * As {@link #run(List)}, with a supervisor that comes up already, for the jail among the steps.
   */
  void run(List<Step> steps, Optional<SupervisorLaunch> supervisor)
      throws StepFailedException, InterruptedException {
    launch = supervisor;
    try {
      for (Step step : steps) {
        if (step instanceof Step.Supervise(Supervised supervised)) {
          launch.orElseThrow().brief(supervised);
        }
      }
      runAll(steps);
    } finally {
      closeWord();
      launch = Optional.empty();
    }
  }

  private void runAll(List<Step> steps) throws StepFailedException, InterruptedException {
    List<Step> batch = new ArrayList<>();
    for (Step step : steps) {
      if (isQuiet(step)) {
        batch.add(step);
        continue;
      }
      runBatch(batch);
      runBatch(List.of(step));
      batch.clear();
    }
    runBatch(batch);
  }

  /** Whether a step's undo asks nothing of the host, so that it is recorded with its neighbours. */
  private static boolean isQuiet(Step step) {
    return switch (step) {
      case Step.MakeDirectory m -> true;
      case Step.MakeMountPoint m -> true;
      case Step.WriteFile w -> true;
      case Step.WriteBytes w -> true;
      case Step.SetValue s -> true;
      case Step.ShareValue s -> true;
      // What has a probe asks the host.
      case Step.Make m -> m.probe().isEmpty();
      case Step.MakeFifo m -> true;
      case Step.Owe o -> true;
      case Step.Mount m -> false;
      case Step.Run r -> false;
      case Step.Supervise s -> true;
      case Step.Await a -> false;
      case Step.Proceed p -> false;
    };
  }

  private void runBatch(List<Step> steps) throws StepFailedException, InterruptedException {
    List<Undo> undos = new ArrayList<>();
    List<Step> needed = new ArrayList<>();
    for (Step step : steps) {
      attempt(
          step,
          () -> {
            Probed probed = probe(step);
            if (probed.needed()) {
              needed.add(step);
            }
            probed.undo().ifPresent(undos::add);
          });
    }
    if (!undos.isEmpty()) {
      try {
        ledger.owe(undos);
      } catch (IOException failure) {
        throw new StepFailedException(
            "cannot write " + directory.file(TaskFiles.LEDGER) + ": " + reason(failure), failure);
      }
    }
    for (Step step : needed) {
      attempt(step, () -> carryOut(step));
    }
  }

  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException, InterruptedException, StepFailedException;
  }

  private static void attempt(Step step, Attempt attempt)
      throws StepFailedException, InterruptedException {
    try {
      attempt.run();
    } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while it should " + step.describe());
    } catch (IOException failure) {
      throw new StepFailedException("cannot " + step.describe() + ": " + reason(failure), failure);
    }
  }

  /**
   * What there is to do.
   *
   * @param needed whether the step must run at all
   * @param undo what to record before it does
   */
  private record Probed(boolean needed, Optional<Undo> undo) {
    static final Probed THERE_ALREADY = new Probed(false, Optional.empty());

    static Probed undoneBy(Undo undo) {
      return new Probed(true, Optional.of(undo));
    }

    static Probed undoneByItself() {
      return new Probed(true, Optional.empty());
    }
  }

  private Probed probe(Step step) throws IOException, InterruptedException, StepFailedException {
    return switch (step) {
      case Step.MakeDirectory make -> probe(make);
      case Step.MakeMountPoint make -> probe(make);
      case Step.WriteFile write -> probeNew(write.path());
      case Step.WriteBytes write -> probeNew(write.path());
      case Step.MakeFifo make -> probeNew(make.path());
      case Step.SetValue set ->
          goesWithOurs(set.path())
              ? Probed.undoneByItself()
              : Probed.undoneBy(
                  new Undo.RestoreValue(set.path(), Files.readString(set.path()).strip()));
      case Step.ShareValue(Path path, String value, String scope) ->
          Probed.undoneBy(new Undo.ReleaseValue(path, value, scope));
      case Step.Make make -> probe(make);
      case Step.Mount mount -> probe(mount);
      case Step.Owe owe ->
          owe.commands().isEmpty()
              ? Probed.THERE_ALREADY
              : new Probed(false, Optional.of(new Undo.RunOwed(owe.what(), owe.commands())));
      case Step.Supervise s -> Probed.undoneBy(new Undo.DeleteJail(directory.name()));
      case Step.Run r -> Probed.undoneByItself();
      case Step.Await a -> Probed.undoneByItself();
      case Step.Proceed p -> Probed.undoneByItself();
    };
  }

  private Probed probe(Step.MakeDirectory make) throws IOException, StepFailedException {
    if (Files.isDirectory(make.path(), LinkOption.NOFOLLOW_LINKS) || !made.add(make.path())) {
      return Probed.THERE_ALREADY;
    }
    requireNoLink(make.path());
    boolean goesAlong = goesWithOurs(make.path());
    removedWhole.add(make.path());
    return goesAlong
        ? Probed.undoneByItself()
        : Probed.undoneBy(new Undo.RemoveDirectory(make.path(), make.removal()));
  }

  private Probed probe(Step.MakeMountPoint make) throws IOException, StepFailedException {
    LinklessPath place = new LinklessPath(make.base(), make.path());
    if (make.directory()) {
      boolean there = place.isDirectory();
      // Of one that tasks share, their claims tell whether it is an operator's.
      if (!make.shared() && (there || !made.add(make.path()))) {
        return Probed.THERE_ALREADY;
      }
    } else if (make.shared()) {
      // Of one that tasks share, their claims tell whether it is an operator's.
      place.isFile();
    } else if (place.exists()) {
      throw alreadyThere(make.path());
    }
    return Probed.undoneBy(
        new Undo.RemoveMountPoint(make.base(), make.path(), make.directory(), make.shared()));
  }

  private Probed probe(Step.Make make)
      throws IOException, InterruptedException, StepFailedException {
    if (make.probe().isEmpty()) {
      return Probed.undoneBy(make.undo());
    }
    Programs.Result there = commands.tool(make.probe());
    if (there.status().equals(Optional.of(CommandRunner.NOT_THERE))) {
      return Probed.undoneBy(make.undo());
    }
    Optional<String> problem = CommandRunner.problem(make.probe(), there);
    if (problem.isPresent()) {
      throw new IOException("it cannot be found out whether it is there: " + problem.get());
    }
    if (make.refusedIfThere()) {
      throw new StepFailedException(
          make.what() + " is there already and is not ours: it was left as it is");
    }
    return Probed.THERE_ALREADY;
  }

  private static void requireNoLink(Path path) throws StepFailedException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new StepFailedException(
          path
              + " is "
              + (Files.isSymbolicLink(path) ? "a symbolic link" : "not a directory")
              + ", but a directory is needed there: remove it, or make it a directory");
    }
  }

  private Probed probeNew(Path path) throws StepFailedException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw alreadyThere(path);
    }
    // The files of a task's directory go with it; a directory in it must be empty by then.
    return goesWithOurs(path) || directory.path().equals(path.getParent())
        ? Probed.undoneByItself()
        : Probed.undoneBy(new Undo.RemoveFile(path));
  }

  private static StepFailedException alreadyThere(Path path) {
    return new StepFailedException(
        path + " is there already and is not ours: it was left as it is");
  }

  /** Whether a path goes with a directory that goes with all that is in it. */
  private boolean goesWithOurs(Path path) {
    return removedWhole.stream().anyMatch(path::startsWith);
  }

  private Probed probe(Step.Mount mount) throws IOException, StepFailedException {
    Path target = linkless(mount);
    mounted = host.mounts();
    Optional<Host.MountPoint> there =
        mounted.stream().filter(point -> point.target().equals(target)).reduce((a, b) -> b);
    if (there.isEmpty()) {
      return Probed.undoneBy(new Undo.Unmount(mount.type(), target));
    }
    boolean same =
        there.get().type().equals(mount.type()) && there.get().source().equals(mount.source());
    List<String> lacking = same ? lacking(mount, there.get()) : List.of();
    if (same && lacking.isEmpty()) {
      return Probed.THERE_ALREADY;
    }
    throw new StepFailedException(
        "cannot mount "
            + mount.type()
            + " on "
            + mount.target()
            + ": "
            + there.get().type()
            + " of "
            + there.get().source()
            + " is mounted there"
            + (same ? ", which does not tell of " + String.join(", ", lacking) : "")
            + "; unmount it first");
  }

  /** Where it is mounted: below its base no link leads there. */
  private static Path linkless(Step.Mount mount) throws IOException, StepFailedException {
    Path base = mount.base().toRealPath();
    Path target = base.resolve(mount.base().relativize(mount.target())).normalize();
    Path leads = target.toRealPath();
    if (!leads.equals(target)) {
      throw new StepFailedException(
          "cannot mount "
              + mount.type()
              + " on "
              + mount.target()
              + ": a symbolic link leads from there to "
              + leads
              + "; name a directory that is reached without one");
    }
    return target;
  }

  /**
   * Mounts. What is mounted within a jail's root can be written by other tasks: one may put a link
   * in the place of a directory while mount(8) goes there.
   */
  private void mount(Step.Mount mount)
      throws IOException, InterruptedException, StepFailedException {
    Path target = linkless(mount);
    Path base = mount.base().toRealPath();
    commands.toolMustSucceed(mount(host, mount));
    boolean changeable =
        mounted.stream()
            .map(Host.MountPoint::target)
            .anyMatch(
                around ->
                    target.startsWith(around)
                        && !target.equals(around)
                        && around.startsWith(base)
                        && !around.equals(base));
    if (!changeable) {
      return;
    }
    List<Host.MountPoint> now = host.mounts();
    if (now.stream().anyMatch(point -> point.target().equals(target))) {
      return;
    }
    for (Host.MountPoint point : now) {
      if (!mounted.contains(point)
          && point.type().equals(mount.type())
          && point.source().equals(mount.source())) {
        commands.toolMustSucceed(host.unmount(point.type(), point.target()));
      }
    }
    throw new StepFailedException(
        "cannot mount "
            + mount.type()
            + " on "
            + mount.target()
            + ": a symbolic link came in its place meanwhile");
  }

  /** What was asked of a mount that is there already, as far as it does not say that it has it. */
  private static List<String> lacking(Step.Mount wanted, Host.MountPoint there) {
    List<String> lacking =
        wanted.options().stream()
            .filter(option -> SAFETY.matcher(option).matches() && !there.options().contains(option))
            .collect(Collectors.toCollection(ArrayList::new));
    if (there.options().contains("ro") && !wanted.options().contains("ro")) {
      lacking.add("rw");
    }
    return lacking;
  }

  private void carryOut(Step step) throws IOException, InterruptedException, StepFailedException {
    switch (step) {
      case Step.MakeDirectory make -> {
        Files.createDirectory(make.path());
        if (make.removal() != Removal.CGROUP) {
          Files.setAttribute(make.path(), "unix:mode", make.mode());
        }
      }
      case Step.MakeMountPoint make -> {
        LinklessPath place = new LinklessPath(make.base(), make.path());
        if (make.shared()) {
          claims.make(place, make.directory(), directory.name());
        } else if (make.directory()) {
          place.makeDirectory();
        } else {
          place.makeFile();
        }
      }
      case Step.WriteFile write ->
          write(write.path(), write.content().getBytes(StandardCharsets.UTF_8), write.mode());
      case Step.WriteBytes write ->
          write(write.path(), HexFormat.of().parseHex(write.hexadecimal()), write.mode());
      case Step.SetValue set ->
          Files.writeString(
              set.path(),
              set.value(),
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
      case Step.ShareValue(Path path, String value, String scope) ->
          shared.set(path, value, scope, directory.path());
      case Step.Make make -> commands.toolMustSucceed(make.make());
      case Step.MakeFifo make ->
          commands.toolMustSucceed(
              List.of(
                  "/usr/bin/mkfifo",
                  "-m",
                  Integer.toOctalString(make.mode()),
                  make.path().toString()));
      case Step.Mount mount -> mount(mount);
      case Step.Owe o -> {
        // Recorded in the ledger: that is all.
      }
      case Step.Run run -> commands.mustSucceed(run.command());
      case Step.Supervise s -> launch.orElseThrow().begin();
      case Step.Await await -> waiting.until(await.progress());
      case Step.Proceed proceed -> proceed(proceed.fifo());
    }
  }

  /** The argument vector that mounts. */
  static List<String> mount(Host host, Step.Mount mount) {
    List<String> arguments = new ArrayList<>(List.of(host.mountProgram(), "-t", mount.type()));
    if (!mount.options().isEmpty()) {
      arguments.addAll(List.of("-o", String.join(",", mount.options())));
    }
    arguments.addAll(List.of(mount.source(), mount.target().toString()));
    return arguments;
  }

  private static void write(Path path, byte[] content, int mode) throws IOException {
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(path, content);
    Files.setAttribute(path, "unix:mode", mode);
  }

  /**
   * Opens the FIFO to read too: if the jail has died, nobody else does, and the open would wait for
   * ever. It stays open until the jail has had time to read.
   */
  private void proceed(Path fifo) throws IOException {
    word = Optional.of(new RandomAccessFile(fifo.toFile(), "rw"));
    word.get().writeBytes("go\n");
  }

  private void closeWord() {
    try {
      if (word.isPresent()) {
        word.get().close();
      }
    } catch (IOException closed) {
      // Nothing was left to write.
    }
    word = Optional.empty();
  }

  /** What an exception of the file system means, with the way out where there is one. */
  static String reason(IOException failure) {
    String text =
        switch (failure) {
          case NoSuchFileException missing -> missing.getFile() + " does not exist";
          case FileAlreadyExistsException there -> there.getFile() + " is there already";
          case FileSystemException other ->
              other.getReason() == null
                  ? String.valueOf(other.getMessage())
                  : other.getFile() + ": " + other.getReason();
          default -> String.valueOf(failure.getMessage());
        };
    if (text.contains("No space left on device")) {
      return text + " (make room, or choose another state directory with --state-dir)";
    }
    return text;
  }
}
