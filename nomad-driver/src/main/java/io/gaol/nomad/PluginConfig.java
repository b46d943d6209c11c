package io.gaol.nomad;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the agent tells a plugin.
 *
 * @param config of the agent's {@code plugin} block, by the driver's schema: strings, {@link
 *     java.math.BigDecimal}, booleans, lists, maps and nulls
 * @param node what is known of the agent's node; empty while the agent only looks whether the
 *     config is right
 */
public record PluginConfig(Map<String, Object> config, Optional<Node> node) {
  /** Checks and copies. */
  public PluginConfig {
    config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    Objects.requireNonNull(node, "node");
  }

  /** Whether the agent only looks whether the config is right: nothing may be touched. */
  public boolean validation() {
    return node.isEmpty();
  }

  /**
   * The node.
   *
   * @param minPort the first port that drivers may use for themselves
   * @param maxPort the last one
   * @param cores how many processors it has; 0 where the agent (before Nomad 1.7) does not say
   * @param megahertz of all of them together; 0 where the agent does not say
   */
  public record Node(int minPort, int maxPort, int cores, long megahertz) {}
}
