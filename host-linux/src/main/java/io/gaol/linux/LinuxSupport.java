package io.gaol.linux;

import io.gaol.jail.JailParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Linux makes of each jail(8) parameter: done, already so, or refused with the reason. Nothing
 * is dropped in silence: a parameter without a row is refused.
 */
final class LinuxSupport {

  /** A verdict on one value of a parameter. */
  private sealed interface Verdict {
    /** It is carried out. */
    record Done() implements Verdict {}

    /** Linux cannot, or must not. */
    record Refused(String reason) implements Verdict {}

    /** It is carried out with a difference that the person should know. */
    record Near(String difference) implements Verdict {}
  }

  /** Gives the verdict on a value. */
  @FunctionalInterface
  private interface Row {
    Verdict on(String value);
  }

  private static final Verdict DONE = new Verdict.Done();
  private static final Map<String, Row> ROWS = rows();

  private LinuxSupport() {}

  /**
   * What a person must know of the parameters.
   *
   * @param problems why the jail cannot be
   * @param notes where it will differ from jail(8)'s
   */
  record Findings(List<String> problems, List<String> notes) {}

  static Findings examine(JailParameters parameters) {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String name : parameters.names()) {
      for (String value : parameters.values(name)) {
        switch (row(name).on(value)) {
          case Verdict.Done d -> {
            // Nothing to tell.
          }
          case Verdict.Refused(String reason) ->
              problems.add(name + " = \"" + value + "\" cannot be had on Linux: " + reason);
          case Verdict.Near(String difference) -> notes.add(name + ": " + difference);
        }
      }
    }
    examineTogether(parameters, problems);
    return new Findings(problems, notes.stream().distinct().toList());
  }

  private static void examineTogether(JailParameters parameters, List<String> problems) {
    Optional<String> ip4 = parameters.value("ip4");
    Optional<String> ip6 = parameters.value("ip6");
    if (ip6.filter("inherit"::equals).isPresent() && ip4.filter("inherit"::equals).isEmpty()) {
      problems.add(
          "ip6 = \"inherit\" without ip4 = \"inherit\" cannot be had on Linux: an IPv6 socket"
              + " reaches IPv4 addresses too; set both, or neither");
    }
    boolean inheritsHost = parameters.value("host").filter("inherit"::equals).isPresent();
    if (inheritsHost && parameters.value("host.hostname").isPresent()) {
      problems.add("host = \"inherit\" and host.hostname exclude each other: drop one");
    }
    Set<String> sysv = Set.of("sysvmsg", "sysvsem", "sysvshm");
    boolean inherited =
        sysv.stream().anyMatch(p -> parameters.value(p).filter("inherit"::equals).isPresent())
            || parameters.flag("allow.sysvipc").orElse(false);
    boolean own =
        sysv.stream().anyMatch(p -> parameters.value(p).filter("new"::equals).isPresent());
    if (inherited && own) {
      problems.add(
          "sysvmsg, sysvsem and sysvshm cannot be \"new\" and \"inherit\" side by side on Linux:"
              + " one namespace holds all three");
    }
  }

  private static Row row(String name) {
    Row row = ROWS.get(name);
    if (row != null) {
      return row;
    }
    if (name.startsWith("allow.mount.")) {
      return ROWS.get("allow.mount");
    }
    return value -> new Verdict.Refused("no such thing is known here");
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new HashMap<>();
    for (String name :
        List.of(
            "path",
            "persist",
            "host.hostname",
            "exec.prepare",
            "exec.prestart",
            "exec.created",
            "exec.start",
            "exec.poststart",
            "exec.prestop",
            "exec.stop",
            "exec.poststop",
            "exec.release",
            "exec.clean",
            "exec.jail_user",
            "exec.timeout",
            "stop.timeout",
            "allow.raw_sockets",
            "allow.chflags",
            "allow.socket_af",
            "allow.reserved_ports",
            "allow.read_msgbuf",
            "allow.mlock",
            "allow.sysvipc",
            "sysvmsg",
            "sysvsem",
            "sysvshm")) {
      rows.put(name, value -> DONE);
    }
    rows.put(
        "name", refused("Gaol names each jail itself, a new name for each start; leave it out"));
    rows.put(
        "jid", refused("Gaol numbers no jails: a number could be taken already; leave it out"));
    rows.put(
        "host", only("a host name is \"new\" or \"inherit\" (jail(8))", Set.of("new", "inherit")));
    for (String family : List.of("ip4", "ip6")) {
      rows.put(
          family, value -> value.equals("new") ? notBuilt("addresses of its own").on(value) : DONE);
    }
    for (String address :
        List.of(
            "ip4.addr", "ip6.addr", "ip4.saddrsel", "ip6.saddrsel", "interface", "ip_hostname")) {
      rows.put(address, notBuilt("addresses of its own"));
    }
    rows.put(
        "vnet",
        value -> value.equals("inherit") ? DONE : notBuilt("a network stack of its own").on(value));
    rows.put("vnet.interface", notBuilt("handing an interface in"));
    rows.put("exec.fib", notBuilt("choosing a routing table"));
    rows.put("exec.consolelog", notBuilt("a copy of the output in a file"));
    rows.put("exec.system_user", notBuilt("hooks as another user"));
    rows.put("exec.system_jail_user", notBuilt("looking a user up on the host"));
    for (String identity : List.of("host.domainname", "host.hostuuid", "host.hostid")) {
      rows.put(identity, notBuilt("setting it"));
    }
    rows.put("mount", notBuilt("mounting fstab(5) lines"));
    rows.put("mount.fstab", notBuilt("mounting an fstab(5) file"));
    rows.put("securelevel", notBuilt("checking what a level promises"));
    rows.put(
        "mount.devfs",
        value ->
            value.equals("true")
                ? new Verdict.Near("a tmpfs with the standard devices stands for devfs")
                : new Verdict.Refused("the runtime needs a /dev; leave the parameter out"));
    rows.put(
        "mount.procfs",
        value ->
            value.equals("true")
                ? DONE
                : new Verdict.Refused("the runtime needs a /proc; leave the parameter out"));
    rows.put("mount.fdescfs", value -> DONE);
    rows.put(
        "devfs_ruleset",
        only(
            "the standard devices are ruleset 4, and no other ruleset is known here; use 4 or"
                + " leave it out",
            Set.of("4")));
    rows.put(
        "enforce_statfs",
        value ->
            switch (value) {
              case "1" -> DONE;
              case "0" -> new Verdict.Refused("it would need the host's own mounts; use 1");
              default ->
                  new Verdict.Refused(
                      "mounts cannot be hidden from those who live among them; use 1, or leave it"
                          + " out, which is 1 here");
            });
    rows.put(
        "children.max",
        only(
            "a jail in a jail would need a user namespace, which jails may not have", Set.of("0")));
    rows.put(
        "depend", refused("another task's jail is not started for this one; use a job's order"));
    rows.put("osrelease", refused("a jail cannot show another release than the kernel's"));
    rows.put("osreldate", refused("a jail cannot show another release than the kernel's"));
    rows.put(
        "allow.set_hostname",
        onlyFalse("it needs CAP_SYS_ADMIN, which is no longer a jail; use host.hostname"));
    rows.put("allow.quotas", onlyFalse("it needs CAP_SYS_ADMIN and the disk itself"));
    rows.put("allow.vmm", onlyFalse("there is no vmm(4)"));
    rows.put("allow.vmm_ppt", onlyFalse("there is no vmm(4)"));
    rows.put(
        "allow.mount",
        value ->
            value.equals("true")
                ? new Verdict.Near(
                    "no effect: jail(8) allows mounts only with enforce_statfs below 2, and Linux"
                        + " never does in a jail")
                : DONE);
    for (String privilege :
        List.of(
            "allow.nfsd",
            "allow.extattr",
            "allow.adjtime",
            "allow.settime",
            "allow.routing",
            "allow.setaudit")) {
      rows.put(privilege, onlyFalse("jailed root never has that privilege here"));
    }
    rows.put("allow.suser", only("uid 0 always has a jailed root's privileges", Set.of("true")));
    rows.put("allow.unprivileged_proc_debug", only("it cannot be taken away", Set.of("true")));
    rows.put("allow.unprivileged_parent_tampering", onlyFalse("the jail's processes are its own"));
    rows.put("allow.dying", value -> DONE);
    for (String freebsd :
        List.of(
            "meta",
            "env",
            "mac.label",
            "mac.do",
            "mac.do.rules",
            "mac.do.exec_paths",
            "zfs.mount_snapshot",
            "zfs.dataset")) {
      rows.put(freebsd, refused("only FreeBSD's kernel has it"));
    }
    rows.put(
        "linux",
        only("the jail is Linux already; use \"inherit\" or leave it out", Set.of("inherit")));
    rows.put("linux.osname", only("the jail is Linux already", Set.of("Linux")));
    rows.put("linux.osrelease", refused("a jail cannot show another release than the kernel's"));
    rows.put("linux.oss_version", refused("only FreeBSD's Linux emulation has it"));
    return Map.copyOf(rows);
  }

  private static Row refused(String reason) {
    return value -> new Verdict.Refused(reason);
  }

  private static Row notBuilt(String what) {
    return value -> new Verdict.Refused(what + " is not built yet");
  }

  private static Row only(String otherwise, Set<String> accepted) {
    return value -> accepted.contains(value) ? DONE : new Verdict.Refused(otherwise);
  }

  private static Row onlyFalse(String otherwise) {
    return only(otherwise, Set.of("false"));
  }
}
