package io.gaol.jail;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was asked for: one task in one jail. The only thing that the layers above hand to a host.
 *
 * @param name the jail's name
 * @param parameters jail(8)'s parameters as asked, by jail(8)'s names
 * @param command the main process, an argument vector that no shell sees; empty if the {@code
 *     exec.start} commands are the task
 * @param environment variables of the main process and the commands in the jail
 * @param user the user of the main process, a name of the jail's own passwd(5) or {@code uid} or
 *     {@code uid:gid}; empty is root
 * @param workDirectory of the main process, in the jail
 * @param root where the jail's root comes from
 * @param mounts of the host, for the task to see
 * @param devices of the host, for the task to use
 * @param resources what it may use
 * @param rctlRules rules of rctl(8) that the job asks for, beside those of its {@code resources}
 * @param sharesIpc whether it shares the host's IPC: Nomad's {@code ipc_mode = "host"}, which
 *     jail(8) has no word for
 * @param capabilities how its Linux capabilities differ from those of a jail
 */
public record JailSpec(
    JailName name,
    JailParameters parameters,
    List<String> command,
    Environment environment,
    Optional<String> user,
    String workDirectory,
    Root root,
    List<BindMount> mounts,
    List<HostDevice> devices,
    Resources resources,
    List<RctlRule> rctlRules,
    boolean sharesIpc,
    CapabilityChanges capabilities) {

  /** Checks and copies. */
  public JailSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(resources, "resources");
    Objects.requireNonNull(capabilities, "capabilities");
    command = List.copyOf(command);
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    rctlRules = List.copyOf(rctlRules);
    if (!workDirectory.startsWith("/")) {
      throw new IllegalArgumentException(
          "the working directory must be absolute, but is \"" + workDirectory + "\"");
    }
  }

  /** This spec with other parameters and other devices. */
  public JailSpec with(JailParameters otherParameters, List<HostDevice> otherDevices) {
    return new JailSpec(
        name,
        otherParameters,
        command,
        environment,
        user,
        workDirectory,
        root,
        mounts,
        otherDevices,
        resources,
        rctlRules,
        sharesIpc,
        capabilities);
  }

  /** Where a jail's root directory comes from. */
  public sealed interface Root {
    /**
     * A directory of the operator's: jail(8)'s {@code path}.
     *
     * @param path absolute
     */
    record Directory(Path path) implements Root {}

    /**
     * The host's own system, read-only, over the task's directory: what an omitted {@code Path}
     * gives.
     *
     * @param taskDirectory becomes the root; what is in it is seen there
     * @param systemDirectories bound read-only where the host has them: Nomad's {@code chroot_env}
     * @param hidden names below {@code taskDirectory} that the task must not see
     */
    record HostSystem(Path taskDirectory, List<Path> systemDirectories, List<String> hidden)
        implements Root {
      /** Nomad's default {@code chroot_env}. */
      public static final List<Path> DEFAULT_SYSTEM_DIRECTORIES =
          List.of(
              Path.of("/bin"),
              Path.of("/etc"),
              Path.of("/lib"),
              Path.of("/lib32"),
              Path.of("/lib64"),
              Path.of("/run/resolvconf"),
              Path.of("/run/systemd/resolve"),
              Path.of("/sbin"),
              Path.of("/usr"));

      /** Copies. */
      public HostSystem {
        systemDirectories = List.copyOf(systemDirectories);
        hidden = List.copyOf(hidden);
      }
    }
  }

  /** A spec of jail(8)'s defaults: no command, no limits, no mounts, root's own environment. */
  public static JailSpec of(JailName name, Root root) {
    return new JailSpec(
        name,
        JailParameters.NONE,
        List.of(),
        Environment.EMPTY,
        Optional.empty(),
        "/",
        root,
        List.of(),
        List.of(),
        Resources.UNLIMITED,
        List.of(),
        false,
        CapabilityChanges.NONE);
  }
}
