package io.gaol.linux;

import io.gaol.jail.FstabLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A line of fstab(5) that a jail is given, and what was found of it on the host.
 *
 * @param line as it stands there
 * @param target the mount point, in the jail
 * @param source the first field without links, where it is a path
 * @param mountedBelow what the host has mounted below the source, outermost first
 * @param covered the directory of the host that the mount point will be, or is
 * @param coveredIsReadOnly whether the jail may not write there
 * @param owner of the mount point, which a file system in memory takes over, as tmpfs(5) does
 * @param known whether the host can mount the type
 */
record MountLine(
    FstabLine line,
    Path target,
    Optional<Path> source,
    List<Path> mountedBelow,
    Path covered,
    boolean coveredIsReadOnly,
    Owner owner,
    boolean known) {

  MountLine {
    Objects.requireNonNull(line, "line");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(source, "source");
    mountedBelow = List.copyOf(mountedBelow);
    Objects.requireNonNull(covered, "covered");
    Objects.requireNonNull(owner, "owner");
  }

  /**
   * Who may do what in a directory.
   *
   * @param mode permission bits
   * @param uid its owner
   * @param gid its group
   */
  record Owner(int mode, int uid, int gid) {
    /** Of a mount point that we make. */
    static final Owner OURS = new Owner(0755, 0, 0);
  }
}
