package io.gaol.cli.job;

import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A job, as far as it is carried out here: job specification of Nomad's.
 *
 * @param name its id
 * @param type {@code service}, {@code batch}, {@code system} or {@code sysbatch}
 * @param datacenter the first that is named
 * @param region where it would run
 * @param namespace it belongs to
 * @param meta its own
 * @param groups in order
 * @param needsCluster what it says that means something to a cluster only
 */
record Job(
    String name,
    String type,
    String datacenter,
    String region,
    String namespace,
    Map<String, String> meta,
    List<Group> groups,
    List<String> needsCluster) {

  /** Whether a task that ends with status 0 is done, and not to be restarted. */
  boolean isBatch() {
    return type.equals("batch") || type.equals("sysbatch");
  }

  /**
   * Tasks that run together.
   *
   * @param name its name
   * @param count how many of it
   * @param meta its own, over the job's
   * @param tasks in order
   */
  record Group(String name, int count, Map<String, String> meta, List<TaskSpec> tasks) {}

  /**
   * One task.
   *
   * @param name its name
   * @param driver who runs it
   * @param config for the driver; Nomad's references are still in it
   * @param env its own variables; Nomad's references are still in them
   * @param user who runs it
   * @param meta its own, over the group's
   * @param resources what it asks for
   * @param killSignal what asks it to end; empty is the driver's default
   * @param killTimeout how long it has then
   * @param restart what to do when it ends
   * @param range where it is in the file
   */
  record TaskSpec(
      String name,
      String driver,
      Config config,
      Map<String, String> env,
      Optional<String> user,
      Map<String, String> meta,
      ResourceSpec resources,
      Optional<String> killSignal,
      Duration killTimeout,
      RestartPolicy restart,
      SourceRange range) {}

  /**
   * A driver's config.
   *
   * @param values by key
   * @param places where each key is in the file
   */
  record Config(Map<String, Value> values, Map<String, SourceRange> places) {}

  /**
   * Nomad's {@code resources}.
   *
   * @param cpu MHz
   * @param cores whole CPUs, instead of {@code cpu}
   * @param memory mebibytes
   * @param memoryMax mebibytes, -1 for no limit
   */
  record ResourceSpec(OptionalLong cpu, OptionalInt cores, long memory, OptionalLong memoryMax) {}

  /**
   * Nomad's {@code restart}.
   *
   * @param attempts how often within the interval
   * @param interval how long they are counted
   * @param delay before each
   * @param delays whether a task goes on being restarted after the interval, instead of failing
   */
  record RestartPolicy(int attempts, Duration interval, Duration delay, boolean delays) {
    static RestartPolicy defaultOf(String type) {
      boolean batch = type.equals("batch") || type.equals("sysbatch");
      return new RestartPolicy(
          batch ? 3 : 2,
          batch ? Duration.ofHours(24) : Duration.ofMinutes(30),
          Duration.ofSeconds(15),
          false);
    }
  }
}
