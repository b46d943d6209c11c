package io.gaol.nomad;

import java.util.Map;
import java.util.Objects;

/**
 * Whether a driver can run tasks on its node.
 *
 * @param health whether it can
 * @param description for the operator: what to do, if it cannot. A change is an event of the node,
 *     so nothing that always changes may be in it
 * @param attributes of the node, as {@code driver.NAME.what}: strings, numbers and booleans. An
 *     empty string removes one that was told before
 */
public record Fingerprint(Health health, String description, Map<String, Object> attributes) {
  /** Whether a driver can run tasks. */
  public enum Health {
    /** It is not for this kind of node. */
    UNDETECTED,
    /** Not now. */
    UNHEALTHY,
    /** It can. */
    HEALTHY
  }

  /** Checks and copies. */
  public Fingerprint {
    Objects.requireNonNull(health, "health");
    Objects.requireNonNull(description, "description");
    attributes = Map.copyOf(attributes);
    attributes.forEach(
        (name, value) -> {
          if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new IllegalArgumentException(
                "the attribute " + name + " is neither a string, a number nor a boolean: " + value);
          }
        });
  }
}
