package io.gaol.jail;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a parameter, given, bears on another one.
 *
 * @param kind how
 * @param when the value of this parameter that it is about; empty is any
 * @param other the other parameter's name
 * @param values the other parameter's values that it is about; empty is any
 * @param reason the rule of jail(8) or of the kernel behind it, as part of a sentence
 */
public record Relation(
    Kind kind, Optional<String> when, String other, List<String> values, String reason) {
  /** Checks and copies. */
  public Relation {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(when, "when");
    Objects.requireNonNull(other, "other");
    values = List.copyOf(values);
    Objects.requireNonNull(reason, "reason");
  }

  /** The ways in which a parameter bears on another one. */
  public enum Kind {
    /** The other one has the value then; to give it a different one is a contradiction. */
    IMPLIES("implies"),
    /** Both cannot be had. */
    EXCLUDES("excludes"),
    /** It cannot be had without the other. */
    NEEDS("needs"),
    /** Without the other jail(8) takes it, and it has no effect. */
    WORKS_WITH("has an effect only with"),
    /** The other one has the value then, unless it is given. */
    DEFAULTS("makes the default");

    private final String verb;

    Kind(String verb) {
      this.verb = verb;
    }
  }

  /** As part of a sentence about the parameter: {@code implies ip4 = "new"}. */
  @Override
  public String toString() {
    String values =
        this.values.isEmpty()
            ? ""
            : this.values.stream()
                .map(value -> "\"" + value + "\"")
                .collect(Collectors.joining(" or ", " = ", ""));
    String condition = when.map(value -> ", if it is \"" + value + "\"").orElse("");
    return kind.verb + " " + other + values + condition;
  }
}
