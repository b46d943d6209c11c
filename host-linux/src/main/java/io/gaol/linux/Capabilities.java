package io.gaol.linux;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The capabilities of a jailed root: what FreeBSD's {@code prison_priv_check()} grants, in Linux
 * terms.
 *
 * <p>Never granted, whatever a job asks for:
 *
 * <ul>
 *   <li>{@code CAP_SYS_ADMIN}: with it a fresh procfs has a writable core_pattern, which is the
 *       host;
 *   <li>{@code CAP_SYS_RESOURCE}: it would undo every resource limit;
 *   <li>{@code CAP_MKNOD}: a jail gets its device nodes from outside;
 *   <li>{@code CAP_SYS_PTRACE}: debugging a process of the same user works without it;
 *   <li>{@code CAP_DAC_READ_SEARCH}: {@code open_by_handle_at(2)} reaches files above the root.
 * </ul>
 */
public final class Capabilities {

  private static final List<String> BASELINE =
      List.of(
          "CAP_CHOWN", // PRIV_VFS_CHOWN
          "CAP_DAC_OVERRIDE", // PRIV_VFS_READ, WRITE, EXEC, LOOKUP
          "CAP_FOWNER", // PRIV_VFS_ADMIN, STICKYFILE
          "CAP_FSETID", // PRIV_VFS_SETGID, RETAINSUGID
          "CAP_KILL", // PRIV_SIGNAL_DIFFCRED; the pid namespace bounds it
          "CAP_SETFCAP", // the bounding set bounds it
          "CAP_SETGID", // PRIV_CRED_SETGID and its kin
          "CAP_SETPCAP", // lets a daemon shed capabilities
          "CAP_SETUID", // PRIV_CRED_SETUID and its kin
          "CAP_SYS_CHROOT"); // PRIV_VFS_CHROOT

  private Capabilities() {}

  /**
   * The OCI names, sorted, for the bounding, effective and permitted sets of the task's processes.
   */
  public static List<String> of(Set<Allowance> allowances) {
    requireNonNull(allowances, "allowances");
    var names = new TreeSet<>(BASELINE);
    for (Allowance allowance : allowances) {
      names.addAll(addedBy(allowance));
    }
    return List.copyOf(names);
  }

  private static List<String> addedBy(Allowance allowance) {
    return switch (allowance) {
      case RESERVED_PORTS -> List.of("CAP_NET_BIND_SERVICE"); // PRIV_NETINET_RESERVEDPORT
      case RAW_SOCKETS -> List.of("CAP_NET_RAW"); // PRIV_NETINET_RAW
      case VNET -> List.of("CAP_NET_ADMIN", "CAP_NET_RAW"); // PRIV_NET_*, PRIV_NETINET_*
      case CHANGE_SYSTEM_FLAGS -> List.of("CAP_LINUX_IMMUTABLE"); // PRIV_VFS_SYSFLAGS
      case READ_MESSAGE_BUFFER -> List.of("CAP_SYSLOG"); // PRIV_MSGBUF
      case LOCK_MEMORY -> List.of("CAP_IPC_LOCK"); // PRIV_VM_MLOCK, PRIV_VM_MUNLOCK
      case INET4,
          INET6,
          OTHER_ADDRESS_FAMILIES,
          SYSV_MESSAGES,
          SYSV_SEMAPHORES,
          SYSV_SHARED_MEMORY ->
          List.of(); // the system call filter alone decides
    };
  }
}
