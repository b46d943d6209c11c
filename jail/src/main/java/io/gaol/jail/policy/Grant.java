package io.gaol.jail.policy;

import java.util.Objects;

/**
 * What an operator would have to add to permit something.
 *
 * @param option where
 * @param entry what
 */
public record Grant(PolicyOption option, String entry) {
  /** Checks. */
  public Grant {
    Objects.requireNonNull(option, "option");
    Objects.requireNonNull(entry, "entry");
  }
}
