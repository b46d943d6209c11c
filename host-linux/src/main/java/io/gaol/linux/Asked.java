package io.gaol.linux;

import io.gaol.engine.JailUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was looked up because a parameter asks for it. A jail that asks for none of it costs nothing
 * of it.
 *
 * @param release the kernel's: {@code uname -r}
 * @param home where a clean environment begins ({@code exec.clean}); empty if the jail has no such
 *     directory, or did not ask
 * @param systemUser whom the commands on the host run as: {@code exec.system_user}
 * @param setpriv the program that makes a process that user's, setpriv(1)
 * @param copy the file that the output is added to, without links: {@code exec.consolelog}
 * @param layeredEtc whether the files that {@code host.hostid} and {@code host.hostuuid} need are
 *     not all in the host's /etc, which is bound read-only and has nothing made in it
 * @param hostMounts what the host has mounted, where that matters to the lines
 * @param mounts the lines of fstab(5) that the jail is given, in order
 */
record Asked(
    String release,
    Optional<Path> home,
    Optional<JailUser> systemUser,
    Optional<Path> setpriv,
    Optional<Path> copy,
    boolean layeredEtc,
    List<MountInfo> hostMounts,
    List<MountLine> mounts) {

  Asked {
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(systemUser, "systemUser");
    Objects.requireNonNull(setpriv, "setpriv");
    Objects.requireNonNull(copy, "copy");
    hostMounts = List.copyOf(hostMounts);
    mounts = List.copyOf(mounts);
  }

  /** Nothing was asked for. */
  static Asked nothing(String release) {
    return new Asked(
        release,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(),
        List.of());
  }
}
