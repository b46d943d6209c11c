package io.gaol.linux;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One thing that a jail(8) parameter lets a task do beyond what every jailed root may.
 *
 * <p>A set of them is all that {@link SeccompProfile} and {@link Capabilities} need to know of a
 * jail; what is not in the set is refused.
 */
public enum Allowance {
  /** IPv4 sockets: {@code ip4} is {@code inherit} or {@code new}. */
  INET4,
  /** IPv6 sockets: {@code ip6} is {@code inherit} or {@code new}. */
  INET6,
  /**
   * {@code allow.socket_af}: address families besides UNIX, IPv4, IPv6 and the routing socket. The
   * families that see whole frames of an interface stay with {@link #VNET}.
   */
  OTHER_ADDRESS_FAMILIES,
  /** {@code allow.raw_sockets}. */
  RAW_SOCKETS,
  /**
   * {@code vnet=new}: a network stack of its own, to be managed from within. Implies IPv4, IPv6 and
   * raw sockets, as in jail(8).
   */
  VNET,
  /** {@code sysvmsg} is {@code inherit} or {@code new}. */
  SYSV_MESSAGES,
  /** {@code sysvsem} is {@code inherit} or {@code new}. */
  SYSV_SEMAPHORES,
  /** {@code sysvshm} is {@code inherit} or {@code new}. */
  SYSV_SHARED_MEMORY,
  /** {@code allow.read_msgbuf}: the kernel's message buffer can be read, never changed. */
  READ_MESSAGE_BUFFER,
  /** {@code allow.chflags}: the immutable and append-only file attributes. */
  CHANGE_SYSTEM_FLAGS,
  /** {@code allow.reserved_ports}: ports below 1024. */
  RESERVED_PORTS,
  /**
   * {@code allow.mlock} without an amount. With an rctl amount of {@code memorylocked} a limit on
   * the process says the same and counts.
   */
  LOCK_MEMORY;

  /** What jail(8) allows when no parameter is given: reserved ports, nothing else. */
  public static Set<Allowance> jailDefaults() {
    return Collections.unmodifiableSet(EnumSet.of(RESERVED_PORTS));
  }
}
