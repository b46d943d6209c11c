package io.gaol.jail;

/** What parameters are about, in the order in which a reference page shows them. */
public enum ParameterGroup {
  /** Which jail it is, its root and its life. */
  IDENTITY("Identity, root and life"),
  /** What it takes for its host. */
  HOST("Host name and identity"),
  /** The commands run when it starts and stops. */
  COMMANDS("Commands and times"),
  /** Its addresses and its network. */
  NETWORK("Network"),
  /** What is mounted for it. */
  MOUNTS("Mounts and devices"),
  /** What its processes may do. */
  PERMISSIONS("Permissions"),
  /** Which file systems its processes may mount. */
  MOUNT_PERMISSIONS("Permissions to mount"),
  /** What it sees of System V IPC. */
  IPC("System V IPC"),
  /** Limits on jails and their security. */
  LIMITS("Security level and child jails"),
  /** Which system it shows. */
  EMULATION("Release and Linux emulation"),
  /** What operators note on it, and mandatory access control. */
  LABELS("Notes and labels");

  private final String title;

  ParameterGroup(String title) {
    this.title = title;
  }

  /** For a heading. */
  public String title() {
    return title;
  }
}
