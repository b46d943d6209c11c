package io.gaol.freebsd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether a FreeBSD can make jails. */
final class FreeBsdReadiness {
  private FreeBsdReadiness() {}

  /** What keeps a host from it, and what to do about each. */
  static List<String> problems(FreeBsdSystem system) {
    List<String> problems = new ArrayList<>();
    if (!system.administrator()) {
      problems.add("jails need root: run gaol as root");
    }
    if (system.jailed()) {
      problems.add(
          "this is a jail itself, where rctl(8) and much of mount(8) do not work: run gaol on the"
              + " host");
    }
    return problems;
  }

  /** What jobs can be constrained on: {@code driver.jail-task-driver.*}. */
  static Map<String, String> attributes(FreeBsdSystem system) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("release", system.release().toString());
    attributes.put("racct", Boolean.toString(system.racct().orElse(false)));
    attributes.put("vnet", Boolean.toString(system.vimage()));
    return attributes;
  }
}
