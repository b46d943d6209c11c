package io.gaol.jail;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What holds of a parameter, value by value.
 *
 * @param <T> what is said of a value
 * @param particular of single values, as {@link ParameterType#read} writes them
 * @param otherwise of the parameter, and of every other value
 */
public record ByValue<T>(Map<String, T> particular, T otherwise) {
  /** Checks and copies. */
  public ByValue {
    particular = Collections.unmodifiableMap(new LinkedHashMap<>(particular));
    Objects.requireNonNull(otherwise, "otherwise");
  }

  /** The same of every value. */
  static <T> ByValue<T> always(T of) {
    return new ByValue<>(Map.of(), of);
  }

  /** This, but of one value something else. */
  ByValue<T> but(String value, T of) {
    Map<String, T> more = new LinkedHashMap<>(particular);
    more.put(value, of);
    return new ByValue<>(more, otherwise);
  }

  /**
   * What holds of a value.
   *
   * @param value as {@link JailParameters} holds it
   */
  public T of(String value) {
    return particular.getOrDefault(value, otherwise);
  }
}
