package io.gaol.nomad;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The network of an allocation.
 *
 * @param mode how it is set apart
 * @param path of the network namespace, on Linux
 * @param labels the driver's own
 * @param hosts its name and address for {@code /etc/hosts}
 */
public record NetworkIsolation(
    Mode mode, String path, Map<String, String> labels, Optional<Hosts> hosts) {
  /** How a network is set apart. */
  public enum Mode {
    /** Not at all. */
    HOST,
    /** The tasks of a group share one. */
    GROUP,
    /** Each task has its own. */
    TASK,
    /** There is none. */
    NONE
  }

  /** A name and an address for {@code /etc/hosts}. */
  public record Hosts(String hostname, String address) {}

  /** Checks and copies. */
  public NetworkIsolation {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(path, "path");
    labels = Map.copyOf(labels);
    Objects.requireNonNull(hosts, "hosts");
  }
}
