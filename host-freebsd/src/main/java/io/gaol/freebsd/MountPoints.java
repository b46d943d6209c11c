package io.gaol.freebsd;

import io.gaol.engine.JailUser;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The directories that a jail needs and that are not there yet.
 *
 * @param root of the jail
 * @param toBeMade a directory that need not be there yet, nor what is below it
 * @param isDirectory of the host, no link
 * @param isLink of the host
 */
record MountPoints(Path root, Path toBeMade, Predicate<Path> isDirectory, Predicate<Path> isLink) {

  /** Where a path of the jail is on the host, as far as nothing is mounted over it. */
  Path onHost(Path inJail) {
    return root.resolve(Path.of("/").relativize(inJail));
  }

  /** Where the commands of a user begin. */
  static Path home(Optional<JailUser> user) {
    return Path.of(user.map(JailUser::home).orElse("/root"));
  }

  /**
   * The directory where commands with a clean environment begin, if it is to be made: jail(8) and
   * jexec(8) fail where it is not there. A jail with the host's own system gets one.
   *
   * @param there whether it is there
   * @param problems gets why it will not be
   */
  static Optional<Path> missingHome(
      JailSpec spec, Path home, boolean there, List<String> problems) {
    if (there || !spec.parameters().flag("exec.clean").orElse(false)) {
      return Optional.empty();
    }
    if (spec.root() instanceof JailSpec.Root.HostSystem
        && !home.toString().equals("/nonexistent")) {
      return Optional.of(home);
    }
    problems.add(
        "exec.clean: commands begin in the home directory of their user, and there is no "
            + home
            + " in the jail: make it, or drop exec.clean");
    return Optional.empty();
  }

  /**
   * What is to be made, parents first.
   *
   * @param home in the jail, if it is to be made
   * @param problems gets mount points that cannot be
   */
  List<FreeBsdFacts.MissingMountPoint> missing(
      List<JailMount> mounts, Optional<Path> home, List<String> problems) {
    List<FreeBsdFacts.MissingMountPoint> missing = new ArrayList<>();
    Path base = root.startsWith(toBeMade) ? toBeMade : root;
    Set<Path> known = new HashSet<>();
    home.ifPresent(path -> addMissing(onHost(path), base, known, missing));
    for (JailMount mount : mounts) {
      if (!mount.target().startsWith(root)) {
        problems.add(
            "the mount point " + mount.target() + " is not below the jail's root, " + root);
        continue;
      }
      // What is below another mount is in what is mounted there.
      Optional<JailMount> around =
          mounts.stream()
              .filter(other -> !other.target().equals(mount.target()))
              .filter(other -> mount.target().startsWith(other.target()))
              .findFirst();
      if (around.isPresent()) {
        continue;
      }
      Path reached = root;
      for (Path name : root.relativize(mount.target())) {
        reached = reached.resolve(name);
        if (isLink.test(reached)) {
          problems.add(
              "the mount point "
                  + mount.target()
                  + " goes through the symbolic link "
                  + reached
                  + ": name the directory that it leads to");
          break;
        }
      }
      addMissing(mount.target(), base, known, missing);
    }
    return missing;
  }

  /** It and what is missing on the way to it. */
  private void addMissing(
      Path directory, Path base, Set<Path> known, List<FreeBsdFacts.MissingMountPoint> missing) {
    Path reached = root;
    for (Path name : root.relativize(directory)) {
      reached = reached.resolve(name);
      if (!isDirectory.test(reached) && known.add(reached)) {
        missing.add(new FreeBsdFacts.MissingMountPoint(base, reached));
      }
    }
  }
}
