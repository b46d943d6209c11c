package io.gaol.jail.conf;

import java.util.Set;

/** How jail(8) compares names of parameters and jails (usr.sbin/jail/config.c). */
final class ParameterName {
  /** What jail(8) itself knows, and no variable may be called. */
  private static final Set<String> KNOWN_TO_JAIL =
      Set.of(
          "allow.dying",
          "command",
          "depend",
          "exec.clean",
          "exec.consolelog",
          "exec.created",
          "exec.fib",
          "exec.jail_user",
          "exec.poststart",
          "exec.poststop",
          "exec.prepare",
          "exec.prestart",
          "exec.prestop",
          "exec.release",
          "exec.start",
          "exec.stop",
          "exec.system_jail_user",
          "exec.system_user",
          "exec.timeout",
          "interface",
          "ip_hostname",
          "mount",
          "mount.devfs",
          "mount.fdescfs",
          "mount.fstab",
          "mount.procfs",
          "stop.timeout",
          "vnet.interface",
          "zfs.dataset",
          "allow.chflags",
          "allow.mount",
          "allow.raw_sockets",
          "allow.set_hostname",
          "allow.socket_af",
          "allow.sysvipc",
          "devfs_ruleset",
          "host.hostname",
          "ip4.addr",
          "ip6.addr",
          "jid",
          "name",
          "path",
          "persist",
          "securelevel",
          "vnet");

  private ParameterName() {}

  /** Whether two names mean the same parameter: one may have {@code no} before a component. */
  static boolean same(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    int at = 0;
    while (true) {
      if (isNegation(one, other, at) || isNegation(other, one, at)) {
        return true;
      }
      int dot = one.indexOf('.', at);
      if (dot < 0 || !other.regionMatches(at, one, at, dot + 1 - at)) {
        return false;
      }
      at = dot + 1;
    }
  }

  private static boolean isNegation(String negated, String plain, int at) {
    return negated.length() == plain.length() + 2
        && negated.startsWith("no", at)
        && negated.regionMatches(at + 2, plain, at, plain.length() - at);
  }

  /** The same text for all names that {@link #same} may hold for the same. */
  static String key(String name) {
    if (!name.contains("no")) {
      return name;
    }
    StringBuilder key = new StringBuilder(name.length());
    boolean start = true;
    for (int i = 0; i < name.length(); ) {
      if (start && name.startsWith("no", i)) {
        i += 2;
      } else {
        start = name.charAt(i) == '.';
        key.append(name.charAt(i));
        i++;
      }
    }
    return key.toString();
  }

  /** Whether jail(8) has a parameter of its own that is called so. */
  static boolean isKnownToJail(String name) {
    return KNOWN_TO_JAIL.contains(name)
        || (name.contains("no") && KNOWN_TO_JAIL.stream().anyMatch(known -> same(name, known)));
  }

  /** Whether it is one of the two that say which jail is meant, and can be given once. */
  static boolean isIdentity(String name) {
    return same(name, "name") || same(name, "jid");
  }

  /** Whether a block's name is the number of a jail, its {@code jid}, as strtol(3) reads it. */
  static boolean isNumber(String jail) {
    int at = 0;
    while (at < jail.length() && " \t\n\u000b\f\r".indexOf(jail.charAt(at)) >= 0) {
      at++;
    }
    if (at < jail.length() && (jail.charAt(at) == '+' || jail.charAt(at) == '-')) {
      at++;
    }
    boolean zero = true;
    for (; at < jail.length(); at++) {
      char c = jail.charAt(at);
      if (c < '0' || c > '9') {
        return false;
      }
      zero &= c == '0';
    }
    return !zero;
  }

  /** Whether a block is for other jails: one of its name's components is {@code *}. */
  static boolean isWild(String jail) {
    for (int at = jail.indexOf('*'); at >= 0; at = jail.indexOf('*', at + 1)) {
      boolean starts = at == 0 || jail.charAt(at - 1) == '.';
      boolean ends = at + 1 == jail.length() || jail.charAt(at + 1) == '.';
      if (starts && ends) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a jail is meant by a wild card: a component {@code *} stands for any one, the last one
   * for one or more.
   */
  static boolean matches(String jail, String wild) {
    int j = 0;
    int w = 0;
    while (true) {
      int jailDot = jail.indexOf('.', j);
      int wildDot = wild.indexOf('.', w);
      if (jailDot < 0 || wildDot < 0) {
        break;
      }
      int length = jailDot + 1 - j;
      if (!jail.regionMatches(j, wild, w, length) && !wild.startsWith("*.", w)) {
        return false;
      }
      j = jailDot + 1;
      w = wildDot + 1;
    }
    int rest = wild.length() - w;
    return (rest == jail.length() - j && wild.regionMatches(w, jail, j, rest))
        || (rest == 1 && wild.charAt(w) == '*');
  }
}
