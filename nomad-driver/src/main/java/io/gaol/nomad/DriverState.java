package io.gaol.nomad;

import java.util.Objects;

/**
 * What a driver needs to find a task again; the agent keeps it, and does not look into it.
 *
 * @param version of its form; at least 1
 * @param text whatever the driver wants
 */
public record DriverState(int version, String text) {
  /** Checks. */
  public DriverState {
    Objects.requireNonNull(text, "text");
    if (version < 1) {
      throw new IllegalArgumentException("the version must be at least 1, but is " + version);
    }
  }
}
