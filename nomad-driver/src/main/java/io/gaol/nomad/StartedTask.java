package io.gaol.nomad;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A task that runs.
 *
 * @param state what it is found again by
 * @param network where it is reached, if not at the node's address
 */
public record StartedTask(DriverState state, Optional<Network> network) {
  /** Checks. */
  public StartedTask {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(network, "network");
  }

  /** A task that is reached at the node's address. */
  public static StartedTask of(DriverState state) {
    return new StartedTask(state, Optional.empty());
  }

  /**
   * Where a task is reached.
   *
   * @param address its IP address
   * @param ports the ports at that address, by the job's labels
   * @param advertise whether services are registered with it where a job does not say
   */
  public record Network(String address, Map<String, Integer> ports, boolean advertise) {
    /** Checks and copies. */
    public Network {
      Objects.requireNonNull(address, "address");
      ports = Map.copyOf(ports);
    }
  }
}
