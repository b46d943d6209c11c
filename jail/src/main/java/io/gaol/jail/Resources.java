package io.gaol.jail;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a task may use, in Nomad's terms.
 *
 * @param memory the hard limit; empty is no limit. What goes over it is killed
 * @param memoryReservation the soft limit, when it differs from the hard one ({@code memory} beside
 *     {@code memory_max})
 * @param cpuShares the weight against other tasks, Nomad's MHz
 * @param cores the CPUs the task runs on; empty is all
 * @param processes the most processes and threads at once; empty is no limit
 */
public record Resources(
    Optional<Bytes> memory,
    Optional<Bytes> memoryReservation,
    OptionalLong cpuShares,
    List<Integer> cores,
    OptionalLong processes) {
  /** No limit on anything. */
  public static final Resources UNLIMITED =
      new Resources(
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          List.of(),
          OptionalLong.empty());

  /** Checks and copies. */
  public Resources {
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(memoryReservation, "memoryReservation");
    Objects.requireNonNull(cpuShares, "cpuShares");
    Objects.requireNonNull(processes, "processes");
    cores = List.copyOf(cores);
  }
}
