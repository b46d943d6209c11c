package io.gaol.linux;

import io.gaol.engine.JailUser;
import io.gaol.jail.BindMount;
import io.gaol.jail.HostDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was found on the host that a plan depends on. With it, planning needs no host.
 *
 * @param machine the processor, as {@code uname -m} or Java names it
 * @param administrator whether this program may make jails: uid 0
 * @param cgroups how control groups are mounted
 * @param swapLimits whether a control group can limit swap
 * @param processors how many CPUs there are
 * @param crun the runtime
 * @param init the small program that is process 1 of each jail
 * @param network what was found of the host's network
 * @param jail what was found of the one jail
 * @param limits what was found for the limits of it
 */
public record LinuxFacts(
    String machine,
    boolean administrator,
    CgroupLayout cgroups,
    boolean swapLimits,
    int processors,
    Optional<Path> crun,
    Optional<Path> init,
    NetworkFacts network,
    JailFacts jail,
    LimitFacts limits) {

  /** Checks. */
  public LinuxFacts {
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(cgroups, "cgroups");
    Objects.requireNonNull(crun, "crun");
    Objects.requireNonNull(init, "init");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(jail, "jail");
    Objects.requireNonNull(limits, "limits");
  }

  /**
   * What was found of a jail's root and of what goes in it.
   *
   * @param problems why the jail cannot be: an absent root, a symbolic link in the way
   * @param root the directory that becomes the root
   * @param system directories of the host that are bound read-only
   * @param missing mount points that are not there yet, parents first; in an operator's root also
   *     directories and empty files that are, as another task may have made them and may remove
   *     them
   * @param user whom the main process runs as; empty if there is no such user
   * @param program the main process's program, in the jail; empty if there is none
   * @param shell whether the jail has a /bin/sh
   * @param devices type and numbers of the devices
   * @param asked what was looked up because a parameter asks for it
   */
  record JailFacts(
      List<String> problems,
      Path root,
      List<BindMount> system,
      List<MissingMountPoint> missing,
      Optional<JailUser> user,
      Optional<Path> program,
      boolean shell,
      Map<HostDevice, DeviceNode> devices,
      Asked asked) {
    /** Copies. */
    JailFacts {
      problems = List.copyOf(problems);
      system = List.copyOf(system);
      missing = List.copyOf(missing);
      devices = Map.copyOf(devices);
      Objects.requireNonNull(asked, "asked");
    }
  }

  /**
   * A mount point that must be made.
   *
   * @param base a directory of the host that no task can replace
   * @param path below it
   * @param directory whether it is a directory, not a file
   */
  record MissingMountPoint(Path base, Path path, boolean directory) {}

  /**
   * A device's type and numbers.
   *
   * @param type {@code b} or {@code c}
   * @param major number of the driver
   * @param minor number of the device
   */
  record DeviceNode(char type, int major, int minor) {}
}
