package io.gaol.jail;

import static io.gaol.jail.ParameterType.BOOLEAN;
import static io.gaol.jail.ParameterType.COMMAND;
import static io.gaol.jail.ParameterType.INTEGER;
import static io.gaol.jail.ParameterType.JAILSYS;
import static io.gaol.jail.ParameterType.READ_ONLY;
import static io.gaol.jail.ParameterType.TEXT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of jail(8), FreeBSD 12.0 to 15.1: the one table that everything else is read from.
 */
public final class JailParameterCatalogue {
  private static final List<JailParameter> ALL = table();
  private static final Map<String, JailParameter> BY_SPELLING = bySpelling();

  private JailParameterCatalogue() {}

  /** Every parameter, in the order of the manual. */
  public static List<JailParameter> all() {
    return ALL;
  }

  /**
   * The parameter of a spelling: jail(8)'s own name or a Nomad job's, in any letter case, with dots
   * or underscores. An extensible family ({@code allow.mount.<fs>}, {@code meta.<key>}, {@code
   * env.<key>}) is known by its jail(8) name only.
   *
   * @return empty if no parameter is spelled so
   */
  public static Optional<JailParameter> find(String spelling) {
    JailParameter known = BY_SPELLING.get(key(spelling));
    if (known != null) {
      return Optional.of(known);
    }
    String name = spelling.toLowerCase(Locale.ROOT);
    if (name.matches("allow\\.mount\\.[a-z0-9_]+")) {
      return Optional.of(new JailParameter(name, BOOLEAN, false, List.of()));
    }
    if (name.matches("(meta|env)\\..+")) {
      return Optional.of(new JailParameter(spelling, TEXT, false, List.of()));
    }
    return Optional.empty();
  }

  /** The spellings that a Nomad job may use, for suggestions. */
  public static List<String> nomadSpellings() {
    List<String> names = new ArrayList<>();
    for (JailParameter parameter : ALL) {
      names.add(parameter.nomadName());
      names.addAll(parameter.otherNames());
    }
    return names;
  }

  private static String key(String spelling) {
    return spelling.toLowerCase(Locale.ROOT).replace('.', '_');
  }

  private static Map<String, JailParameter> bySpelling() {
    Map<String, JailParameter> map = new HashMap<>();
    for (JailParameter parameter : ALL) {
      map.put(key(parameter.name()), parameter);
      for (String other : parameter.otherNames()) {
        map.put(key(other), parameter);
      }
    }
    return Map.copyOf(map);
  }

  private static List<JailParameter> table() {
    return List.of(
        // Kernel parameters.
        one("jid", INTEGER),
        one("name", TEXT),
        one("path", TEXT),
        one("host", JAILSYS),
        one("host.hostname", TEXT),
        one("host.domainname", TEXT),
        one("host.hostuuid", TEXT),
        one("host.hostid", INTEGER),
        one("ip4", JAILSYS),
        many("ip4.addr", TEXT, "Ip4Addr"),
        one("ip4.saddrsel", BOOLEAN),
        one("ip6", JAILSYS),
        many("ip6.addr", TEXT, "Ip6Addr"),
        one("ip6.saddrsel", BOOLEAN),
        one("vnet", JAILSYS),
        one("securelevel", INTEGER),
        one("devfs_ruleset", INTEGER),
        one("children.max", INTEGER),
        one("children.cur", READ_ONLY),
        one("enforce_statfs", INTEGER),
        one("persist", BOOLEAN),
        one("cpuset.id", READ_ONLY),
        one("dying", READ_ONLY),
        one("parent", READ_ONLY),
        one("osrelease", TEXT),
        one("osreldate", INTEGER),
        one("meta", TEXT),
        one("env", TEXT),
        one("mac.label", TEXT),
        one("mac.do", JAILSYS),
        one("mac.do.rules", TEXT),
        one("mac.do.exec_paths", TEXT),
        one("allow.set_hostname", BOOLEAN),
        one("allow.sysvipc", BOOLEAN),
        one("allow.raw_sockets", BOOLEAN),
        one("allow.chflags", BOOLEAN),
        one("allow.quotas", BOOLEAN),
        one("allow.read_msgbuf", BOOLEAN),
        one("allow.socket_af", BOOLEAN),
        one("allow.mlock", BOOLEAN),
        one("allow.reserved_ports", BOOLEAN),
        one("allow.unprivileged_proc_debug", BOOLEAN),
        one("allow.suser", BOOLEAN),
        one("allow.nfsd", BOOLEAN),
        one("allow.extattr", BOOLEAN),
        one("allow.adjtime", BOOLEAN),
        one("allow.settime", BOOLEAN),
        one("allow.routing", BOOLEAN),
        one("allow.unprivileged_parent_tampering", BOOLEAN),
        one("allow.setaudit", BOOLEAN),
        one("allow.mount", BOOLEAN),
        one("allow.mount.devfs", BOOLEAN),
        one("allow.mount.fdescfs", BOOLEAN),
        one("allow.mount.fusefs", BOOLEAN),
        one("allow.mount.nullfs", BOOLEAN),
        one("allow.mount.procfs", BOOLEAN),
        one("allow.mount.linprocfs", BOOLEAN),
        one("allow.mount.linsysfs", BOOLEAN),
        one("allow.mount.tmpfs", BOOLEAN),
        one("allow.mount.zfs", BOOLEAN),
        one("allow.vmm", BOOLEAN),
        one("allow.vmm_ppt", BOOLEAN),
        one("linux", JAILSYS),
        one("linux.osname", TEXT),
        one("linux.osrelease", TEXT),
        one("linux.oss_version", INTEGER),
        one("sysvmsg", JAILSYS),
        one("sysvsem", JAILSYS),
        one("sysvshm", JAILSYS),
        one("zfs.mount_snapshot", INTEGER),
        // Pseudo-parameters, carried out by jail(8) itself.
        many("exec.prepare", COMMAND),
        many("exec.prestart", COMMAND),
        many("exec.created", COMMAND),
        // "Command" is the manual's synonym of exec.start; a job's own "command" is the main
        // process and never comes here.
        many("exec.start", COMMAND, "Command"),
        many("exec.poststart", COMMAND),
        many("exec.prestop", COMMAND),
        many("exec.stop", COMMAND),
        many("exec.poststop", COMMAND),
        many("exec.release", COMMAND),
        one("exec.clean", BOOLEAN),
        one("exec.jail_user", TEXT),
        one("exec.system_jail_user", BOOLEAN),
        one("exec.system_user", TEXT),
        one("exec.timeout", INTEGER),
        one("exec.consolelog", TEXT),
        one("exec.fib", INTEGER),
        one("stop.timeout", INTEGER),
        one("interface", TEXT, "nic"),
        many("vnet.interface", TEXT, "Vnet_nic"),
        many("zfs.dataset", TEXT),
        one("ip_hostname", BOOLEAN),
        many("mount", TEXT),
        many("mount.fstab", TEXT),
        one("mount.devfs", BOOLEAN),
        one("mount.fdescfs", BOOLEAN),
        one("mount.procfs", BOOLEAN),
        one("allow.dying", BOOLEAN),
        many("depend", TEXT));
  }

  private static JailParameter one(String name, ParameterType type, String... otherNames) {
    return new JailParameter(name, type, false, Arrays.asList(otherNames));
  }

  private static JailParameter many(String name, ParameterType type, String... otherNames) {
    return new JailParameter(name, type, true, Arrays.asList(otherNames));
  }
}
