package io.gaol.jail;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What Linux makes of a parameter, value by value.
 *
 * @param particular verdicts on single values, as {@link ParameterType#read} writes them
 * @param otherwise the verdict on every other value
 */
public record LinuxRealisation(Map<String, LinuxVerdict> particular, LinuxVerdict otherwise) {
  /** Checks and copies. */
  public LinuxRealisation {
    particular = Collections.unmodifiableMap(new LinkedHashMap<>(particular));
    Objects.requireNonNull(otherwise, "otherwise");
  }

  /** The same verdict on every value. */
  static LinuxRealisation always(LinuxVerdict verdict) {
    return new LinuxRealisation(Map.of(), verdict);
  }

  /** This, but for one value another verdict. */
  LinuxRealisation but(String value, LinuxVerdict verdict) {
    Map<String, LinuxVerdict> more = new LinkedHashMap<>(particular);
    more.put(value, verdict);
    return new LinuxRealisation(more, otherwise);
  }

  /**
   * The verdict on a value.
   *
   * @param value as {@link JailParameters} holds it
   */
  public LinuxVerdict on(String value) {
    return particular.getOrDefault(value, otherwise);
  }
}
