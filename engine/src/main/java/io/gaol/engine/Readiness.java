package io.gaol.engine;

import java.util.List;
import java.util.Map;

/**
 * Whether a host can make jails.
 *
 * @param supported whether it is a kind of host that ever can
 * @param problems what keeps it from it now: what to do about each; empty if nothing does
 * @param attributes what is known of it, by name
 */
public record Readiness(boolean supported, List<String> problems, Map<String, String> attributes) {
  /** Copies. */
  public Readiness {
    problems = List.copyOf(problems);
    attributes = Map.copyOf(attributes);
  }
}
