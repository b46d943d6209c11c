package io.gaol.jail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The jail(8) parameters of one jail: jail(8)'s names with their values, each checked against its
 * {@link ParameterType}. Immutable; iteration is in the order in which they were given. Two are
 * equal when they have the same values, wherever those came from.
 */
public final class JailParameters {
  /** No parameter at all: jail(8)'s defaults. */
  public static final JailParameters NONE = new JailParameters(Map.of(), Map.of());

  private final Map<String, List<String>> values;
  private final Map<String, Provenance> provenances;

  private JailParameters(Map<String, List<String>> values, Map<String, Provenance> provenances) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.provenances = Map.copyOf(provenances);
  }

  /**
   * Where a value came from.
   *
   * @param origin whose wish it is
   * @param written the parameter's name as it was written
   * @param place where, for people; may be empty
   */
  public record Provenance(Assignment.Origin origin, String written, String place) {
    /** Checks. */
    public Provenance {
      Objects.requireNonNull(origin, "origin");
      Objects.requireNonNull(written, "written");
      Objects.requireNonNull(place, "place");
    }
  }

  /** The names that were given. */
  public Set<String> names() {
    return values.keySet();
  }

  /**
   * All values of a parameter, in order; empty if it was not given.
   *
   * @throws IllegalArgumentException if jail(8) has no such parameter, and none was given
   */
  public List<String> values(String name) {
    List<String> given = values.get(name);
    if (given == null) {
      requireKnown(name);
      return List.of();
    }
    return given;
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

  /**
   * The value of a whole number; empty if it was not given.
   *
   * @throws NumberFormatException if it is beyond a long, as a {@code host.hostid} may be
   */
  public Optional<Long> number(String name) {
    return value(name).map(Long::valueOf);
  }

  /** The commands of a command parameter, in order. */
  public List<HookCommand> commands(String name) {
    return values(name).stream().map(HookCommand::parse).toList();
  }

  /**
   * These parameters as flags, {@code name=value}, as jail(8)'s command line and {@code gaol run
   * -J} take them; of one that has several values each stands alone.
   */
  public List<String> flags() {
    List<String> flags = new ArrayList<>();
    values.forEach((name, given) -> given.forEach(value -> flags.add(name + "=" + value)));
    return flags;
  }

  /** Where the value of a parameter came from; empty if it was not given. */
  public Optional<Provenance> provenance(String name) {
    return Optional.ofNullable(provenances.get(name));
  }

  /**
   * These parameters with one more, asked for by a job.
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
    return switch (ParameterValues.read(parameter, given, false, Assignment.Source.JAIL_CONF)) {
      case ParameterValues.Result.Understood(List<String> read) ->
          with(parameter, read, new Provenance(Assignment.Origin.JOB, name, ""));
      case ParameterValues.Result.Broken(List<String> rules) ->
          throw new IllegalArgumentException(parameter.name() + " " + rules.getFirst());
    };
  }

  /** These with values that were read already; the first provenance of a parameter stays. */
  JailParameters with(JailParameter parameter, List<String> read, Provenance provenance) {
    Map<String, List<String>> copy = new LinkedHashMap<>(values);
    if (parameter.repeatable()) {
      copy.merge(parameter.name(), List.copyOf(read), JailParameters::concat);
    } else {
      copy.put(parameter.name(), List.copyOf(read));
    }
    Map<String, Provenance> origins = new LinkedHashMap<>(provenances);
    origins.putIfAbsent(parameter.name(), provenance);
    return new JailParameters(copy, origins);
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return List.copyOf(both);
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
