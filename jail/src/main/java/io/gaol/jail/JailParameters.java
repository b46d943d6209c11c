package io.gaol.jail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The jail(8) parameters of one jail: jail(8)'s names with their values, each checked against its
 * {@link ParameterType}. Immutable; iteration is in the order in which they were given.
 */
public final class JailParameters {
  /** No parameter at all: jail(8)'s defaults. */
  public static final JailParameters NONE = new JailParameters(Map.of());

  private final Map<String, List<String>> values;

  private JailParameters(Map<String, List<String>> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The names that were given. */
  public Set<String> names() {
    return values.keySet();
  }

  /** All values of a parameter, in order; empty if it was not given. */
  public List<String> values(String name) {
    requireKnown(name);
    return values.getOrDefault(name, List.of());
  }

  /** The value of a parameter that takes one; empty if it was not given. */
  public Optional<String> value(String name) {
    List<String> given = values(name);
    return given.isEmpty() ? Optional.empty() : Optional.of(given.getLast());
  }

  /** The value of a boolean parameter; empty if it was not given. */
  public Optional<Boolean> flag(String name) {
    return value(name).map("true"::equals);
  }

  /** The value of a whole number; empty if it was not given. */
  public Optional<Long> number(String name) {
    return value(name).map(Long::valueOf);
  }

  /** The commands of a command parameter, in order. */
  public List<HookCommand> commands(String name) {
    return values(name).stream().map(HookCommand::parse).toList();
  }

  /**
   * These parameters with one more.
   *
   * @param name jail(8)'s name
   * @param given the values, at least one
   * @throws IllegalArgumentException if jail(8) has no such parameter or a value is not of its
   *     type; the message says what is expected
   */
  public JailParameters with(String name, List<String> given) {
    JailParameter parameter =
        JailParameterCatalogue.find(name)
            .orElseThrow(() -> new IllegalArgumentException("no such parameter: " + name));
    if (given.isEmpty()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    if (given.size() > 1 && !parameter.repeatable()) {
      throw new IllegalArgumentException(
          name + " takes one value, but " + given.size() + " are given");
    }
    List<String> checked = new ArrayList<>();
    for (String value : given) {
      checked.add(check(parameter, value));
    }
    Map<String, List<String>> copy = new LinkedHashMap<>(values);
    copy.merge(parameter.name(), List.copyOf(checked), JailParameters::concat);
    return new JailParameters(copy);
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return List.copyOf(both);
  }

  private static String check(JailParameter parameter, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(parameter.name() + " may not hold a NUL character");
    }
    String lower = value.toLowerCase(Locale.ROOT);
    return switch (parameter.type()) {
      case BOOLEAN ->
          switch (lower) {
            case "true", "1" -> "true";
            case "false", "0" -> "false";
            default -> throw wrongType(parameter, value);
          };
      case JAILSYS ->
          switch (lower) {
            case "disable", "new", "inherit" -> lower;
            // jail(8) reads the bare name as "new"; the seeds write Vnet = true.
            case "true", "1" -> "new";
            case "false", "0" -> parameter.name().equals("vnet") ? "inherit" : "disable";
            default -> throw wrongType(parameter, value);
          };
      case INTEGER -> {
        try {
          yield Long.toString(Long.parseLong(value.strip()));
        } catch (NumberFormatException notANumber) {
          throw wrongType(parameter, value);
        }
      }
      case READ_ONLY ->
          throw new IllegalArgumentException(
              parameter.name() + " can only be read: the kernel sets it");
      case TEXT, COMMAND -> value;
    };
  }

  private static IllegalArgumentException wrongType(JailParameter parameter, String value) {
    return new IllegalArgumentException(
        parameter.name()
            + " takes "
            + parameter.type().expectation()
            + ", but \""
            + value
            + "\" is given");
  }

  private static void requireKnown(String name) {
    if (JailParameterCatalogue.find(name).isEmpty()) {
      throw new IllegalArgumentException("no such parameter: " + name);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JailParameters that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(values);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
