package io.gaol.nomad;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a task may use.
 *
 * @param cpuMegahertz its share, as a weight against other tasks
 * @param memoryMebibytes its memory: the limit, or what it is granted where there is a {@code
 *     memoryMax}
 * @param memoryMaxMebibytes the limit, where it differs; {@link #NO_LIMIT} is none
 * @param cores reserved for it, by number; empty is all
 * @param ports of its group
 * @param cgroup where the agent wants it, on Linux; empty elsewhere
 */
public record TaskResources(
    long cpuMegahertz,
    long memoryMebibytes,
    OptionalLong memoryMaxMebibytes,
    List<Integer> cores,
    List<Port> ports,
    String cgroup) {
  /** As {@code memoryMaxMebibytes}: no limit. */
  public static final long NO_LIMIT = -1;

  /** Copies. */
  public TaskResources {
    cores = List.copyOf(cores);
    ports = List.copyOf(ports);
  }

  /**
   * A port.
   *
   * @param label in the job
   * @param host the host's port
   * @param task the task's port
   * @param hostAddress the host's address
   */
  public record Port(String label, int host, int task, String hostAddress) {}
}
