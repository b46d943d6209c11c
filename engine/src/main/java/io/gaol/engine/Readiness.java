package io.gaol.engine;

import java.util.List;
import java.util.Map;

/**
 * Whether a host can make jails.
 *
 * @param supported whether it is a kind of host that ever can
 * @param checks all that was looked at
 * @param attributes what is known of it, by name
 */
public record Readiness(boolean supported, List<HostCheck> checks, Map<String, String> attributes) {
  /** Copies. */
  public Readiness {
    checks = List.copyOf(checks);
    attributes = Map.copyOf(attributes);
  }

  /** What keeps it from it now: what to do about each; empty if nothing does. */
  public List<String> problems() {
    return HostCheck.problems(checks);
  }
}
