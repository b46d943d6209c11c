package io.gaol.jail;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which group an operator has to open for a job to set a parameter, value by value.
 *
 * @param particular the groups of single values, as {@link ParameterType#read} writes them
 * @param group the group of the parameter, and of every other value
 */
public record ParameterPolicy(Map<String, PolicyGroup> particular, PolicyGroup group) {
  /** Checks and copies. */
  public ParameterPolicy {
    particular = Collections.unmodifiableMap(new LinkedHashMap<>(particular));
    Objects.requireNonNull(group, "group");
  }

  /** The same group for every value. */
  static ParameterPolicy always(PolicyGroup group) {
    return new ParameterPolicy(Map.of(), group);
  }

  /** This, but for one value another group. */
  ParameterPolicy but(String value, PolicyGroup other) {
    Map<String, PolicyGroup> more = new LinkedHashMap<>(particular);
    more.put(value, other);
    return new ParameterPolicy(more, group);
  }

  /**
   * The group that a value needs.
   *
   * @param value as {@link JailParameters} holds it
   */
  public PolicyGroup of(String value) {
    return particular.getOrDefault(value, group);
  }
}
