package io.gaol.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was found on the host that limits of a jail depend on; looked for only where a jail has
 * rules of rctl(8).
 *
 * @param hardLimits of this program, by their names in setrlimit(2); what is not limited is not
 *     there
 * @param raisesLimits whether it may raise them: CAP_SYS_RESOURCE
 * @param pageSize in bytes
 * @param controllers of version 2; empty where that is not what the jail gets
 * @param disks on which the file systems of the jail are
 * @param withoutDisk file systems of the jail whose disk nobody can name, in words
 */
record LimitFacts(
    Map<String, Long> hardLimits,
    boolean raisesLimits,
    long pageSize,
    Optional<Set<String>> controllers,
    List<Disk> disks,
    List<String> withoutDisk) {
  /** Nothing was looked for. */
  static final LimitFacts NONE =
      new LimitFacts(Map.of(), true, 4096, Optional.empty(), List.of(), List.of());

  LimitFacts {
    hardLimits = Map.copyOf(hardLimits);
    controllers = controllers.map(Set::copyOf);
    disks = List.copyOf(disks);
    withoutDisk = List.copyOf(withoutDisk);
  }

  /**
   * A disk.
   *
   * @param path a directory that is on it
   * @param major number of the driver
   * @param minor number of the disk
   * @param written whether the jail may write there
   */
  record Disk(Path path, long major, long minor, boolean written) {}
}
