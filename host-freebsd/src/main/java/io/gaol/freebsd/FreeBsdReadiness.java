package io.gaol.freebsd;

import io.gaol.engine.HostCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether a FreeBSD can make jails, and what they can have. */
final class FreeBsdReadiness {
  /** What to add to loader.conf(5) so that rctl(8) works. */
  static final String ENABLE_RACCT = "add kern.racct.enable=1 to /boot/loader.conf and boot again";

  /** And where there is no such switch. */
  static final String BUILD_RACCT = "boot GENERIC, or a kernel with options RACCT and RCTL";

  /** What rc(8) loads the rulesets with. */
  private static final String LOAD_RULESETS =
      "sysrc devfs_load_rulesets=YES && service devfs restart";

  private FreeBsdReadiness() {}

  /** What keeps a host from it, and what to do about each. */
  static List<String> problems(FreeBsdSystem system) {
    return HostCheck.problems(needed(system));
  }

  /** What no jail can be without. */
  private static List<HostCheck> needed(FreeBsdSystem system) {
    List<HostCheck> checks = new ArrayList<>();
    checks.add(HostCheck.ok("release", "FreeBSD " + system.release()));
    checks.add(
        system.administrator()
            ? HostCheck.ok("root", "yes")
            : HostCheck.missing("root", "jails need root", "run gaol as root"));
    checks.add(
        system.jailed()
            ? HostCheck.missing(
                "host",
                "this is a jail itself, where rctl(8) and much of mount(8) do not work",
                "run gaol on the host")
            : HostCheck.ok("host", "no jail itself"));
    checks.add(
        system.absent().isEmpty()
            ? HostCheck.ok("jail(8)", BaseSystem.JAIL)
            : HostCheck.missing(
                "jail(8)",
                system.absent().stream().map(Path::toString).collect(Collectors.joining(", "))
                    + (system.absent().size() == 1 ? " is" : " are")
                    + " not there, and jails need the base system's",
                "install the base system whole (with pkgbase: pkg install FreeBSD-jail"
                    + " FreeBSD-utilities)"));
    return checks;
  }

  /** All that is looked at, the needed first. */
  static List<HostCheck> checks(FreeBsdSystem system, FreeBsdEquipment equipment) {
    List<HostCheck> checks = new ArrayList<>(needed(system));
    checks.add(HostCheck.ok("parameters", system.parameters().size() + " in the kernel"));
    checks.add(
        system.vimage()
            ? HostCheck.ok("VIMAGE", "in the kernel")
            : HostCheck.warning(
                "VIMAGE",
                "not in the kernel: no jail can have vnet",
                "boot GENERIC, or a kernel with options VIMAGE"));
    checks.add(racct(system.racct()));
    checks.add(rulesets(system, equipment));
    checks.add(module(equipment, "nullfs", "volumes, and tasks without a root of their own"));
    checks.add(module(equipment, "tmpfs", "mounts of tmpfs(5)"));
    checks.add(module(equipment, "fdescfs", "mount.fdescfs"));
    checks.add(module(equipment, "procfs", "mount.procfs"));
    checks.add(module(equipment, "if_epair", "pairs of interfaces for vnet, epair(4)"));
    checks.add(module(equipment, "if_bridge", "bridges for vnet, bridge(4)"));
    checks.add(module(equipment, "ng_eiface", "interfaces of netgraph(4) for vnet"));
    checks.add(module(equipment, "ng_bridge", "bridges of netgraph(4) for vnet"));
    checks.add(linux(equipment));
    checks.add(pf(system, equipment));
    checks.add(pools(equipment));
    checks.add(inJails("ifconfig -j", equipment.ifconfigJail()));
    checks.add(inJails("route -j", equipment.routeJail()));
    checks.add(interfaces(equipment.interfaces()));
    return checks;
  }

  private static HostCheck racct(Optional<Boolean> racct) {
    if (racct.isEmpty()) {
      return HostCheck.warning(
          "limits (racct)",
          "not in the kernel: no limits of rctl(8), and figures from ps(1) alone",
          BUILD_RACCT);
    }
    return racct.get()
        ? HostCheck.ok("limits (racct)", "kern.racct.enable=1")
        : HostCheck.warning(
            "limits (racct)",
            "kern.racct.enable=0: no limits of rctl(8), and figures from ps(1) alone",
            ENABLE_RACCT);
  }

  /** Without its ruleset a jail would see every device. */
  private static HostCheck rulesets(FreeBsdSystem system, FreeBsdEquipment equipment) {
    String what = "devfs rulesets";
    if (equipment.rulesets().isEmpty()) {
      return HostCheck.warning(
          what,
          "cannot be looked at" + (system.administrator() ? "" : " without root"),
          system.administrator() ? "devfs rule showsets" : "run gaol doctor as root");
    }
    Set<Integer> kernels = equipment.rulesets().get();
    String found = (kernels.isEmpty() ? "none" : numbers(kernels)) + " in the kernel";
    if (kernels.contains(JailMount.DEFAULT_RULESET)) {
      return HostCheck.ok(what, found);
    }
    return equipment.rulesetsOfFiles().contains(JailMount.DEFAULT_RULESET)
        ? HostCheck.warning(
            what, found + "; a jail with devfs loads its own from devfs.rules(5)", LOAD_RULESETS)
        : HostCheck.warning(
            what,
            found + ", and no 4 in devfs.rules(5): no jail can have devfs",
            "restore /etc/defaults/devfs.rules, then " + LOAD_RULESETS);
  }

  private static String numbers(Set<Integer> numbers) {
    return numbers.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static HostCheck module(FreeBsdEquipment equipment, String module, String what) {
    if (equipment.loaded().contains(module)) {
      return HostCheck.ok(module, "in the kernel");
    }
    return equipment.loadable().contains(module)
        ? HostCheck.ok(module, "comes when it is needed")
        : HostCheck.warning(
            module,
            "not there: needed for " + what,
            "install the kernel's modules (" + module + ".ko)");
  }

  /** Linux programs in a jail need one of the two, and nothing loads them for a program. */
  private static HostCheck linux(FreeBsdEquipment equipment) {
    String what = "linux";
    List<String> loaded =
        List.of("linux", "linux64").stream().filter(equipment.loaded()::contains).toList();
    if (!loaded.isEmpty()) {
      return HostCheck.ok(what, String.join(" and ", loaded) + " in the kernel");
    }
    String found = "not loaded: no Linux programs in jails";
    return equipment.has("linux") || equipment.has("linux64")
        ? HostCheck.warning(what, found, "sysrc linux_enable=YES && service linux start")
        : HostCheck.warning(what, found, "install the kernel's modules (linux.ko, linux64.ko)");
  }

  private static HostCheck pf(FreeBsdSystem system, FreeBsdEquipment equipment) {
    if (equipment.pf().isPresent()) {
      return equipment.pf().get()
          ? HostCheck.ok("pf", "filters")
          : HostCheck.warning(
              "pf",
              "loaded, and off: no filter and no NAT for jails",
              "sysrc pf_enable=YES && service pf start");
    }
    if (equipment.loaded().contains("pf") && !system.administrator()) {
      return HostCheck.warning(
          "pf", "loaded, and cannot be looked at without root", "run gaol doctor as root");
    }
    return HostCheck.warning(
        "pf",
        "not loaded: no filter and no NAT for jails",
        "sysrc pf_enable=YES && service pf start");
  }

  private static HostCheck pools(FreeBsdEquipment equipment) {
    if (!equipment.pools().isEmpty()) {
      return HostCheck.ok("ZFS pools", String.join(" ", equipment.pools()));
    }
    return HostCheck.warning(
        "ZFS pools",
        "none: zfs.dataset has nothing to give to a jail",
        (equipment.loaded().contains("zfs") ? "" : "sysrc zfs_enable=YES && service zfs start; ")
            + "zpool create");
  }

  private static HostCheck inJails(String what, boolean there) {
    return there
        ? HostCheck.ok(what, "yes")
        : HostCheck.warning(
            what,
            "not in this release: a jail with vnet needs the program in its root",
            "FreeBSD 14 has it");
  }

  private static HostCheck interfaces(Map<String, List<String>> interfaces) {
    return HostCheck.ok(
        "interfaces",
        interfaces.entrySet().stream()
            .map(
                entry ->
                    entry.getKey()
                        + (entry.getValue().isEmpty()
                            ? ""
                            : " (" + String.join(" ", entry.getValue()) + ")"))
            .collect(Collectors.joining(", ")));
  }

  /** What jobs can be constrained on: {@code driver.jail-task-driver.*}. */
  static Map<String, String> attributes(FreeBsdSystem system, FreeBsdEquipment equipment) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("release", system.release().toString());
    attributes.put("racct", Boolean.toString(system.racct().orElse(false)));
    attributes.put("vnet", Boolean.toString(system.vimage()));
    attributes.put("epair", Boolean.toString(equipment.has("if_epair")));
    attributes.put("bridge", Boolean.toString(equipment.has("if_bridge")));
    attributes.put(
        "netgraph", Boolean.toString(equipment.has("ng_eiface") && equipment.has("ng_bridge")));
    attributes.put("nullfs", Boolean.toString(equipment.has("nullfs")));
    attributes.put("tmpfs", Boolean.toString(equipment.has("tmpfs")));
    attributes.put(
        "linux",
        Boolean.toString(
            equipment.loaded().contains("linux") || equipment.loaded().contains("linux64")));
    attributes.put("pf", Boolean.toString(equipment.pf().orElse(false)));
    attributes.put("zfs", Boolean.toString(!equipment.pools().isEmpty()));
    attributes.put("zfs_pools", String.join(",", equipment.pools()));
    attributes.put("devfs_rulesets", numbers(equipment.allRulesets()));
    attributes.put("ifconfig_jail", Boolean.toString(equipment.ifconfigJail()));
    attributes.put("route_jail", Boolean.toString(equipment.routeJail()));
    return attributes;
  }
}
