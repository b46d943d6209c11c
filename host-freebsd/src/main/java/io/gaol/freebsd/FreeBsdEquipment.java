package io.gaol.freebsd;

import io.gaol.engine.Programs;
import io.gaol.engine.ToolLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a FreeBSD has for jails beyond what each start asks for: what {@code gaol doctor} and the
 * attributes of the driver tell. One shell finds it out.
 *
 * @param loaded modules that are in the kernel, or loaded: kldstat(8)
 * @param loadable of {@link #MODULES} those that are not, and whose files are there
 * @param rulesets of devfs(8) that the kernel has; empty if they cannot be looked at
 * @param rulesetsOfFiles those of devfs.rules(5)
 * @param pf whether pf(4) filters; empty if it is not there, or cannot be looked at
 * @param pools of ZFS
 * @param ifconfigJail whether ifconfig(8) takes {@code -j}, for a jail without tools inside
 * @param routeJail whether route(8) does
 * @param interfaces with their addresses, in the order of ifconfig(8)
 */
record FreeBsdEquipment(
    Set<String> loaded,
    Set<String> loadable,
    Optional<Set<Integer>> rulesets,
    Set<Integer> rulesetsOfFiles,
    Optional<Boolean> pf,
    List<String> pools,
    boolean ifconfigJail,
    boolean routeJail,
    Map<String, List<String>> interfaces) {
  /** Those that jails have a use for, by the names of their files. */
  static final List<String> MODULES =
      List.of(
          "nullfs",
          "tmpfs",
          "fdescfs",
          "procfs",
          "if_epair",
          "if_bridge",
          "netgraph",
          "ng_eiface",
          "ng_bridge",
          "linux",
          "linux64",
          "pf",
          "zfs");

  /** Before what each command prints; zpool(8) would load ZFS where it is not. */
  private static final String TITLE = "== ";

  private static final String LOOK =
      """
      exec 2>&1
      modules=$(%s -v)
      echo "== modules"; echo "$modules"
      echo "== rulesets"; %s rule showsets
      echo "== pf"; %s -s info
      echo "== pools"; case $modules in *zfs*) %s list -H -o name;; esac
      echo "== ifconfig"; %s -j
      echo "== route"; %s -j
      echo "== interfaces"; %s -a
      """
          .formatted(
              BaseSystem.KLDSTAT,
              BaseSystem.DEVFS,
              BaseSystem.PFCTL,
              BaseSystem.ZPOOL,
              BaseSystem.IFCONFIG,
              BaseSystem.ROUTE,
              BaseSystem.IFCONFIG);

  /** Copies. */
  FreeBsdEquipment {
    loaded = Set.copyOf(loaded);
    loadable = Set.copyOf(loadable);
    rulesets = rulesets.map(Set::copyOf);
    rulesetsOfFiles = Set.copyOf(rulesetsOfFiles);
    pools = List.copyOf(pools);
  }

  /** Of a host that nothing was done to: every module has its file, and none is loaded. */
  static FreeBsdEquipment asItComes(Set<Integer> rulesets) {
    return new FreeBsdEquipment(
        Set.of(),
        Set.copyOf(MODULES),
        Optional.of(rulesets),
        rulesets,
        Optional.empty(),
        List.of(),
        false,
        false,
        Map.of());
  }

  /** Looks at the host. */
  static FreeBsdEquipment look(FreeBsdSystem system) throws IOException, InterruptedException {
    Programs.Result result =
        Programs.read(List.of(BaseSystem.SH, "-c", LOOK), Map.of(), ToolLimit.TIME);
    Set<String> files = MODULES.stream().filter(system::hasFileOf).collect(Collectors.toSet());
    return read(result.output(), files, FreeBsdProbe.rulesetsOfFiles().keySet());
  }

  /**
   * Reads what the commands have printed.
   *
   * @param files the modules whose files are there
   * @param rulesetsOfFiles the numbers in devfs.rules(5)
   */
  static FreeBsdEquipment read(String output, Set<String> files, Set<Integer> rulesetsOfFiles) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    List<String> part = new ArrayList<>();
    for (String line : output.lines().toList()) {
      if (line.startsWith(TITLE)) {
        part = parts.computeIfAbsent(line.substring(TITLE.length()), _ -> new ArrayList<>());
      } else {
        part.add(line);
      }
    }
    Set<String> loaded = modules(lines(parts, "modules"));
    return new FreeBsdEquipment(
        loaded,
        MODULES.stream()
            .filter(module -> !loaded.contains(module) && files.contains(module))
            .collect(Collectors.toSet()),
        rulesets(lines(parts, "rulesets")),
        rulesetsOfFiles,
        lines(parts, "pf").stream()
            .filter(line -> line.startsWith("Status: "))
            .findFirst()
            .map(line -> line.startsWith("Status: Enabled")),
        lines(parts, "pools").stream().filter(line -> line.matches("[A-Za-z][^ :]*")).toList(),
        takesJail(lines(parts, "ifconfig")),
        takesJail(lines(parts, "route")),
        interfaces(lines(parts, "interfaces")));
  }

  private static List<String> lines(Map<String, List<String>> parts, String title) {
    return parts.getOrDefault(title, List.of());
  }

  /** The last word of a line is a file, or a module in it, such as {@code netgraph/ng_ether}. */
  private static Set<String> modules(List<String> lines) {
    Set<String> names = new HashSet<>();
    for (String line : lines) {
      String text = line.replaceFirst(" \\(.*", "").strip();
      String name = text.substring(text.lastIndexOf(' ') + 1);
      names.add(name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.ko$", ""));
    }
    return names;
  }

  private static Optional<Set<Integer>> rulesets(List<String> lines) {
    if (!lines.stream().allMatch(line -> line.strip().matches("[0-9]{1,5}"))) {
      return Optional.empty();
    }
    return Optional.of(
        lines.stream()
            .map(line -> Integer.valueOf(line.strip()))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** getopt(3) tells an option that lacks its argument from one that there is not. */
  private static boolean takesJail(List<String> lines) {
    return lines.stream().anyMatch(line -> line.contains("option requires an argument -- j"));
  }

  private static Map<String, List<String>> interfaces(List<String> lines) {
    Map<String, List<String>> interfaces = new LinkedHashMap<>();
    List<String> addresses = new ArrayList<>();
    for (String line : lines) {
      if (line.matches("[^\\s:]+: flags=.*")) {
        addresses =
            interfaces.computeIfAbsent(
                line.substring(0, line.indexOf(':')), _ -> new ArrayList<>());
        continue;
      }
      String[] words = line.strip().split("\\s+");
      if (words.length > 1 && (words[0].equals("inet") || words[0].equals("inet6"))) {
        addresses.add(words[1].replaceFirst("%.*", ""));
      }
    }
    return interfaces;
  }

  /** Whether a module is there, or comes when it is needed. */
  boolean has(String module) {
    return loaded.contains(module) || loadable.contains(module);
  }

  /** The rulesets of devfs(8) that a jail can have: those of the files are loaded for it. */
  Set<Integer> allRulesets() {
    return Stream.concat(rulesets.orElse(Set.of()).stream(), rulesetsOfFiles.stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
