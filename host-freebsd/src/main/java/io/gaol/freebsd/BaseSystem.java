package io.gaol.freebsd;

import java.util.List;

/** Where the base system has the programs that jails are made with: hier(7). */
final class BaseSystem {
  static final String DATE = "/bin/date";
  static final String SH = "/bin/sh";
  static final String SLEEP = "/bin/sleep";
  static final String PS = "/bin/ps";
  static final String PGREP = "/bin/pgrep";
  static final String PKILL = "/bin/pkill";
  static final String KILL = "/bin/kill";
  static final String DEVFS = "/sbin/devfs";
  static final String DMESG = "/sbin/dmesg";
  static final String IFCONFIG = "/sbin/ifconfig";
  static final String KLDLOAD = "/sbin/kldload";
  static final String KLDSTAT = "/sbin/kldstat";
  static final String MOUNT = "/sbin/mount";
  static final String UMOUNT = "/sbin/umount";
  static final String PFCTL = "/sbin/pfctl";
  static final String ROUTE = "/sbin/route";
  static final String SYSCTL = "/sbin/sysctl";
  static final String ZPOOL = "/sbin/zpool";
  static final String CPUSET = "/usr/bin/cpuset";
  static final String GETENT = "/usr/bin/getent";
  static final String GREP = "/usr/bin/grep";
  static final String ID = "/usr/bin/id";
  static final String SED = "/usr/bin/sed";
  static final String RCTL = "/usr/bin/rctl";
  static final String TIMEOUT = "/usr/bin/timeout";
  static final String CHROOT = "/usr/sbin/chroot";
  static final String DAEMON = "/usr/sbin/daemon";
  static final String JAIL = "/usr/sbin/jail";
  static final String JEXEC = "/usr/sbin/jexec";
  static final String JLS = "/usr/sbin/jls";
  static final String SETFIB = "/usr/sbin/setfib";
  static final String ZFS = "/sbin/zfs";

  /** What no jail can be without: each is in the base system of every release. */
  static final List<String> OF_EVERY_JAIL =
      List.of(JAIL, JEXEC, JLS, IFCONFIG, MOUNT, UMOUNT, PS, PGREP, PKILL, DAEMON, TIMEOUT);

  private BaseSystem() {}
}
