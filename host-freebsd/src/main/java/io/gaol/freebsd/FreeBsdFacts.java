package io.gaol.freebsd;

import io.gaol.engine.JailUser;
import io.gaol.jail.JailAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What was found on the host that a plan depends on. With it, planning needs no host.
 *
 * @param system what the host is
 * @param problems why the jail cannot be: an absent root, a symbolic link in the way
 * @param root the directory that becomes the root
 * @param missing mount points that are not there, or may not be by then, parents first
 * @param mounts what is mounted in it, in order
 * @param program the main process's program, in the jail; empty if there is none
 * @param shell whether the jail has a /bin/sh
 * @param user whom the main process runs as, if the job names somebody
 * @param systemUser whom hooks on the host run as: {@code exec.system_user}
 * @param copy the file of {@code exec.consolelog}
 * @param resolved addresses of {@code host.hostname}: {@code ip_hostname}
 * @param rulesets of devfs(8) that the kernel has; empty if no devfs is mounted
 * @param rulesetsOfFiles the rules of those that the host's files have: devfs.rules(5)
 * @param modules of the kernel's modules that would bring a parameter that it does not list yet,
 *     those whose files are there
 */
public record FreeBsdFacts(
    FreeBsdSystem system,
    List<String> problems,
    Path root,
    List<MissingMountPoint> missing,
    List<JailMount> mounts,
    Optional<Path> program,
    boolean shell,
    Optional<JailUser> user,
    Optional<JailUser> systemUser,
    Optional<Path> copy,
    List<JailAddress> resolved,
    Set<Integer> rulesets,
    Map<Integer, List<String>> rulesetsOfFiles,
    Set<String> modules) {
  /** Copies. */
  public FreeBsdFacts {
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(systemUser, "systemUser");
    Objects.requireNonNull(copy, "copy");
    problems = List.copyOf(problems);
    missing = List.copyOf(missing);
    mounts = List.copyOf(mounts);
    resolved = List.copyOf(resolved);
    rulesets = Set.copyOf(rulesets);
    rulesetsOfFiles = Map.copyOf(rulesetsOfFiles);
    modules = Set.copyOf(modules);
  }

  /**
   * A directory that must be made to mount on.
   *
   * @param base a directory of the host that no task can replace
   * @param path below it
   */
  record MissingMountPoint(Path base, Path path) {}
}
