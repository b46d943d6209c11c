package io.gaol.jail;

import java.util.Objects;
import java.util.Optional;

/**
 * Something wrong with the parameters that were set.
 *
 * @param name the parameter, as it was written
 * @param place where it was written; may be empty
 * @param message what is wrong, and what would be right
 * @param other what it does not go together with, if it is wrong only beside that
 */
public record ParameterProblem(String name, String place, String message, Optional<Other> other) {
  /**
   * What something does not go together with.
   *
   * @param name the parameter, as it was written
   * @param place where it was written; may be empty
   */
  public record Other(String name, String place) {
    /** Checks. */
    public Other {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(place, "place");
    }
  }

  /** Checks. */
  public ParameterProblem {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(other, "other");
  }

  /** Something that is wrong by itself. */
  public ParameterProblem(String name, String place, String message) {
    this(name, place, message, Optional.empty());
  }

  static ParameterProblem of(Assignment assignment, String message) {
    return new ParameterProblem(assignment.name(), assignment.place(), message);
  }

  static ParameterProblem of(Assignment assignment, Assignment other, String message) {
    return new ParameterProblem(
        assignment.name(),
        assignment.place(),
        message,
        Optional.of(new Other(other.name(), other.place())));
  }
}
