package io.gaol.nomad;

import java.util.List;
import java.util.Objects;

/**
 * What a driver can do.
 *
 * @param sendSignals whether {@link TaskDriver#signalTask} works
 * @param exec whether {@link TaskDriver#exec} works
 * @param fileSystem what a task sees of the host's files, and what the agent prepares for it
 * @param networks how a task's network can be set apart; of interest on Linux alone
 * @param mustCreateNetwork whether the driver makes networks itself; on Linux alone
 * @param mounts whether tasks can have volumes
 * @param collectsLogs whether the agent is to collect what tasks write; since Nomad 1.6
 * @param dynamicUsers whether the agent gives a task without a user one of its own; since Nomad 1.8
 */
public record Capabilities(
    boolean sendSignals,
    boolean exec,
    FileSystemIsolation fileSystem,
    List<NetworkIsolation.Mode> networks,
    boolean mustCreateNetwork,
    boolean mounts,
    boolean collectsLogs,
    boolean dynamicUsers) {

  /** What a task sees of the host's files. */
  public enum FileSystemIsolation {
    /** All of them. */
    NONE,
    /** A directory that the agent fills from the host's. On Linux alone. */
    CHROOT,
    /** What the driver gives it. */
    IMAGE,
    /** What a Landlock rule lets it see. On Linux alone, since Nomad 1.8. */
    UNVEIL
  }

  /** Checks and copies. */
  public Capabilities {
    Objects.requireNonNull(fileSystem, "fileSystem");
    networks = List.copyOf(networks);
  }

  /** Signals, exec and volumes, in the host's network. */
  public static Capabilities of(FileSystemIsolation fileSystem) {
    return new Capabilities(
        true, true, fileSystem, List.of(NetworkIsolation.Mode.HOST), false, true, true, false);
  }
}
