package io.gaol.nomad;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task that an agent wants run.
 *
 * @param id tells it from every other, and from its own earlier starts; has slashes
 * @param name in the job
 * @param job whose it is
 * @param allocation where it runs
 * @param config by the driver's schema: strings, {@link java.math.BigDecimal}, booleans, lists,
 *     maps and nulls; every key of the schema is there. Empty where a task is recovered
 * @param environment all of it
 * @param deviceEnvironment what device plugins gave of it
 * @param user who is to run it; empty is the driver's default
 * @param stdout a FIFO or /dev/null that takes its output
 * @param stderr the same for its errors
 * @param resources what it may use
 * @param mounts volumes and what devices need
 * @param devices of device plugins
 * @param network of its allocation, where it is set apart
 * @param dns what it is to find names by
 */
public record TaskConfig(
    String id,
    String name,
    Job job,
    Allocation allocation,
    Map<String, Object> config,
    Map<String, String> environment,
    Map<String, String> deviceEnvironment,
    Optional<String> user,
    Path stdout,
    Path stderr,
    TaskResources resources,
    List<Mount> mounts,
    List<Device> devices,
    Optional<NetworkIsolation> network,
    Optional<Dns> dns) {
  /** Checks and copies. */
  public TaskConfig {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(allocation, "allocation");
    config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    deviceEnvironment = Map.copyOf(deviceEnvironment);
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(stdout, "stdout");
    Objects.requireNonNull(stderr, "stderr");
    Objects.requireNonNull(resources, "resources");
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(dns, "dns");
  }

  /** On the host: {@code local}, {@code secrets} and {@code tmp} are in it. */
  public Path taskDirectory() {
    return allocation.directory().resolve(name);
  }

  /** On the host: what the tasks of the allocation share. */
  public Path sharedDirectory() {
    return allocation.directory().resolve("alloc");
  }

  /**
   * A job. What an agent does not tell is empty: it tells id and namespace since Nomad 1.3.12.
   *
   * @param group the task's group
   */
  public record Job(String id, String name, String namespace, String group) {}

  /**
   * An allocation.
   *
   * @param id a UUID
   * @param directory on the host
   * @param nodeName empty before Nomad 1.3.12
   * @param nodeId empty before Nomad 1.3.12
   */
  public record Allocation(String id, Path directory, String nodeName, String nodeId) {}

  /**
   * A directory or file of the host in the task.
   *
   * @param source on the host
   * @param target in the task, as the job has it: it may be relative
   * @param propagation {@code private}, {@code host-to-task}, {@code bidirectional}, or empty
   */
  public record Mount(Path source, String target, boolean readOnly, String propagation) {}

  /**
   * A device of the host in the task.
   *
   * @param source on the host
   * @param target in the task
   * @param permissions letters of {@code r}, {@code w}, {@code m}
   */
  public record Device(Path source, String target, String permissions) {}

  /** What a task is to find names by: resolv.conf(5). */
  public record Dns(List<String> servers, List<String> searches, List<String> options) {
    /** Copies. */
    public Dns {
      servers = List.copyOf(servers);
      searches = List.copyOf(searches);
      options = List.copyOf(options);
    }
  }
}
