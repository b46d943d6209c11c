package io.gaol.jail.conf;

import java.util.Objects;

/**
 * What is wrong with a jail.conf, and where.
 *
 * @param place where
 * @param message what, and what would be right
 */
public record JailConfProblem(Place place, String message) {
  /** Checks. */
  public JailConfProblem {
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(message, "message");
  }

  /** {@code file:line:column: message}. */
  @Override
  public String toString() {
    return place + ": " + message;
  }
}
