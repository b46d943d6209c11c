package io.gaol.jail;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment variables of a task, sorted by name. Values may be secrets: {@link #toString}
 * shows names only.
 *
 * @param variables names to values
 */
public record Environment(Map<String, String> variables) {
  /** No variables. */
  public static final Environment EMPTY = new Environment(Map.of());

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a name is empty or holds {@code =} or NUL, or a value NUL
   */
  public Environment {
    variables.forEach(
        (name, value) -> {
          if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                "not a name of an environment variable: \"" + name.replace("\0", "\\0") + "\"");
          }
          if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                "the environment variable " + name + " may not hold a NUL character");
          }
        });
    variables = Collections.unmodifiableMap(new TreeMap<>(variables));
  }

  /** These variables and others; where both have one, the other's value. */
  public Environment and(Map<String, String> others) {
    Map<String, String> both = new TreeMap<>(variables);
    both.putAll(others);
    return new Environment(both);
  }

  /**
   * Whether a variable tells a dynamic linker what to load: rtld(1) of FreeBSD, ld.so(8) of Linux.
   * What a job means with it is in the jail, and is nothing for a program of the host.
   */
  public static boolean isDynamicLinkers(String name) {
    return name.startsWith("LD_");
  }

  /** These variables without those of a dynamic linker: for programs of the host. */
  public Environment onHost() {
    Map<String, String> others = new TreeMap<>(variables);
    others.keySet().removeIf(Environment::isDynamicLinkers);
    return new Environment(others);
  }

  @Override
  public String toString() {
    return "Environment" + variables.keySet();
  }
}
