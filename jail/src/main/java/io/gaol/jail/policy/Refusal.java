package io.gaol.jail.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * Something that a job asks for and the operator does not permit.
 *
 * @param name the parameter, as its author wrote it
 * @param place where it was written; may be empty
 * @param message what is refused, why, and the option that permits it
 * @param grant what permits it; empty if no option does
 */
public record Refusal(String name, String place, String message, Optional<Grant> grant) {
  /** Checks. */
  public Refusal {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(grant, "grant");
  }
}
