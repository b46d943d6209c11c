package io.gaol.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a ledger backwards. What fails stays in the ledger, and the rest goes on. */
final class Unwinder {
  /** The exit status of what SIGKILL ended. */
  private static final int KILLED = 128 + 9;

  private static final int CGROUP_ATTEMPTS = 50;
  private static final long CGROUP_PAUSE_MILLIS = 20;

  private final Host host;
  private final TaskDirectory directory;
  private final Ledger ledger;
  private final Claims claims;
  private final SharedValues shared;
  private final CommandRunner commands;
  private final JailRemoval jailRemoval;

  /** How a jail is ended and removed. */
  @FunctionalInterface
  interface JailRemoval {
    /** Ends whatever runs in the jail, and removes it. */
    void remove() throws IOException, InterruptedException;
  }

  Unwinder(
      Host host,
      TaskDirectory directory,
      Ledger ledger,
      Claims claims,
      CommandRunner commands,
      JailRemoval jailRemoval) {
    this.host = host;
    this.directory = directory;
    this.ledger = ledger;
    this.claims = claims;
    this.shared = new SharedValues(host.shared());
    this.commands = commands;
    this.jailRemoval = jailRemoval;
  }

  /**
   * Undoes what is owed.
   *
   * @return what went wrong, in words; empty if nothing is left
   */
  List<String> unwind() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    for (Ledger.Entry entry : ledger.owed()) {
      List<String> failures = undo(entry.undo());
      failures.forEach(
          failure -> problems.add("cannot " + entry.undo().describe() + ": " + failure));
      // Hooks have run, well or not: running them again would not undo more.
      if (failures.isEmpty() || entry.undo() instanceof Undo.RunOwed) {
        try {
          ledger.done(entry);
        } catch (IOException failure) {
          problems.add("cannot write the ledger: " + PlanRunner.reason(failure));
        }
      }
    }
    return problems;
  }

  private List<String> undo(Undo undo) throws InterruptedException {
    try {
      return switch (undo) {
        case Undo.RemoveDirectory(Path path, Step.MakeDirectory.Removal removal) ->
            remove(path, removal);
        case Undo.RemoveMountPoint point -> {
          remove(point);
          yield List.of();
        }
        case Undo.RemoveFile(Path path) -> {
          if (!isDirectory(path)) {
            Files.deleteIfExists(path);
          }
          yield List.of();
        }
        case Undo.RestoreValue(Path path, String value) -> {
          if (Files.exists(path)) {
            Files.writeString(
                path, value, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
          }
          yield List.of();
        }
        case Undo.ReleaseValue(Path path, String value, String scope) -> {
          shared.release(path, value, scope, directory.path());
          yield List.of();
        }
        case Undo.Unmake unmake -> unmake(unmake);
        case Undo.Unmount(String type, Path target) -> unmount(type, target);
        case Undo.RunOwed(String what, List<Command> owed) -> runOwed(owed);
        case Undo.DeleteJail d -> {
          jailRemoval.remove();
          yield List.of();
        }
      };
    } catch (IOException failure) {
      return List.of(PlanRunner.reason(failure));
    } catch (RuntimeException failure) {
      return List.of(failure.toString());
    }
  }

  private List<String> remove(Path path, Step.MakeDirectory.Removal removal)
      throws IOException, InterruptedException {
    if (!isDirectory(path)) {
      // It has gone. A link or a file in its place is somebody else's.
      return List.of();
    }
    return switch (removal) {
      case WITH_CONTENTS -> removeTree(path);
      case CGROUP -> {
        removeCgroup(path);
        yield List.of();
      }
    };
  }

  private void remove(Undo.RemoveMountPoint point) throws IOException {
    LinklessPath place = new LinklessPath(point.base(), point.path());
    if (point.shared()) {
      claims.release(place, point.directory(), directory.name());
    } else if (point.directory()) {
      place.removeEmptyDirectory();
    } else {
      place.removeEmptyFile();
    }
  }

  private List<String> removeTree(Path path) throws IOException, InterruptedException {
    // rm(1) would empty whatever somebody mounted below.
    Path real = path.toRealPath();
    List<Path> mounted =
        host.mounts().stream()
            .map(Host.MountPoint::target)
            .filter(target -> target.startsWith(real))
            .toList();
    if (!mounted.isEmpty()) {
      return List.of(
          "something that is not ours is mounted at " + mounted.getFirst() + "; unmount it");
    }
    Programs.Result result =
        Programs.run(
            directory.path(), host.started(List.of("/bin/rm", "-rf", "--", path.toString())));
    return result.successful() ? List.of() : List.of(result.describe() + wayOut(result, path));
  }

  /** What to do about a file that not even root may remove. */
  private String wayOut(Programs.Result result, Path path) {
    return result.output().contains("Operation not permitted")
        ? " (a file there is protected: "
            + String.join(" ", host.unprotect(path))
            + ", then gaol job stop)"
        : "";
  }

  private void removeCgroup(Path cgroup) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        removeCgroupNow(cgroup);
        return;
      } catch (IOException busy) {
        // A killed process leaves its cgroup a moment later.
        if (attempt == CGROUP_ATTEMPTS) {
          throw busy;
        }
        Thread.sleep(CGROUP_PAUSE_MILLIS);
      }
    }
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static void removeCgroupNow(Path cgroup) throws IOException {
    List<Path> below;
    try (var children = Files.newDirectoryStream(cgroup, Unwinder::isDirectory)) {
      below = new ArrayList<>();
      children.forEach(below::add);
    } catch (NoSuchFileException gone) {
      return;
    }
    for (Path child : below) {
      removeCgroupNow(child);
    }
    try {
      for (String process : Files.readAllLines(cgroup.resolve("cgroup.procs"))) {
        ProcessHandle.of(Long.parseLong(process.strip())).ifPresent(ProcessHandle::destroyForcibly);
      }
    } catch (NoSuchFileException notACgroup) {
      // Only in a directory that stands in for one.
    }
    Files.deleteIfExists(cgroup);
  }

  private List<String> unmake(Undo.Unmake unmake) throws IOException, InterruptedException {
    if (!unmake.probe().isEmpty()
        && commands.tool(unmake.probe()).status().equals(Optional.of(CommandRunner.NOT_THERE))) {
      return List.of();
    }
    Programs.Result result = commands.tool(unmake.remove());
    if (result.status().equals(Optional.of(KILLED))) {
      // Whoever cannot wait for a stop kills what runs for it; then it has done one half.
      result = commands.tool(unmake.remove());
    }
    return CommandRunner.problem(unmake.remove(), result).stream().toList();
  }

  private List<String> unmount(String type, Path target) throws IOException, InterruptedException {
    Optional<Path> link = link(target);
    if (link.isPresent()) {
      return List.of(
          link.get()
              + " is a symbolic link now, and what is mounted where it leads is not ours: remove the"
              + " link, and unmount our "
              + type
              + " by hand if mount(8) still shows one");
    }
    List<Host.MountPoint> there =
        host.mounts().stream().filter(point -> point.target().equals(target)).toList();
    if (there.isEmpty() || !isOfType(there.getFirst(), type)) {
      return List.of();
    }
    if (there.size() > 1) {
      // We mount where nothing is mounted, so ours is the lowest.
      return List.of("something that is not ours is mounted over it; unmount that first");
    }
    List<String> command = host.unmount(type, target);
    return CommandRunner.problem(command, commands.tool(command)).stream().toList();
  }

  /** What is mounted as nfs may show as nfs4: the other host chooses. */
  private static boolean isOfType(Host.MountPoint there, String type) {
    return there.type().equals(type) || (type.equals("nfs") && there.type().startsWith("nfs"));
  }

  /** The first link on the way to a path that had none when it was recorded. */
  private static Optional<Path> link(Path path) {
    Path reached = path.getRoot();
    for (Path name : path) {
      reached = reached.resolve(name);
      if (Files.isSymbolicLink(reached)) {
        return Optional.of(reached);
      }
    }
    return Optional.empty();
  }

  /** One that is interrupted has failed; the rest is undone all the same. */
  private List<String> runOwed(List<Command> owed) {
    List<String> failures = new ArrayList<>();
    for (Command command : owed) {
      try {
        commands.run(command).ifPresent(failures::add);
      } catch (InterruptedException interrupted) {
        failures.add(command.name() + " \"" + command.text() + "\" was interrupted");
      }
    }
    return failures;
  }
}
