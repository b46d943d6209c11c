package io.gaol.jail;

import java.util.Objects;

/**
 * Something wrong with the parameters that were set.
 *
 * @param name the parameter, as it was written
 * @param place where it was written; may be empty
 * @param message what is wrong, and what would be right
 */
public record ParameterProblem(String name, String place, String message) {
  /** Checks. */
  public ParameterProblem {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(message, "message");
  }

  static ParameterProblem of(Assignment assignment, String message) {
    return new ParameterProblem(assignment.name(), assignment.place(), message);
  }
}
