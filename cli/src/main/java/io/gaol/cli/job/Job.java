package io.gaol.cli.job;

import io.gaol.cli.artifact.Artifact.Mode;
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
 * @param constraints on the host, for every group
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
    List<Constraint> constraints,
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
   * @param constraints on the host, without the job's
   * @param volumes by name
   * @param shutdownDelay how long a stop waits before it touches any task
   * @param tasks in order
   */
  record Group(
      String name,
      int count,
      Map<String, String> meta,
      List<Constraint> constraints,
      Map<String, VolumeRequest> volumes,
      Duration shutdownDelay,
      List<TaskSpec> tasks) {}

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
   * @param lifecycle when it runs; empty for a main task
   * @param leader whether the other tasks of its group end with it
   * @param shutdownDelay how long a stop waits before the kill signal
   * @param constraints on the host, without the group's
   * @param artifacts what is fetched before it starts
   * @param templates what is rendered before it starts
   * @param volumeMounts the group's volumes that it sees
   * @param logs what becomes of its output
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
      Optional<Lifecycle> lifecycle,
      boolean leader,
      Duration shutdownDelay,
      List<Constraint> constraints,
      List<Artifact> artifacts,
      List<Template> templates,
      List<VolumeMount> volumeMounts,
      Logs logs,
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
   * @param rendersTemplates whether a restart renders the templates anew
   */
  record RestartPolicy(
      int attempts, Duration interval, Duration delay, boolean delays, boolean rendersTemplates) {
    static RestartPolicy defaultOf(String type) {
      boolean batch = type.equals("batch") || type.equals("sysbatch");
      return new RestartPolicy(
          batch ? 3 : 2,
          batch ? Duration.ofHours(24) : Duration.ofMinutes(30),
          Duration.ofSeconds(15),
          false,
          false);
    }
  }

  /**
   * Nomad's {@code lifecycle}: a task beside the main ones.
   *
   * @param hook when it starts
   * @param sidecar whether it runs on beside the main tasks, and ends with them
   */
  record Lifecycle(Hook hook, boolean sidecar) {
    /** When a task starts that is not a main task. */
    enum Hook {
      /** Before the main tasks. */
      PRESTART,
      /** Once the main tasks run. */
      POSTSTART,
      /** Once every other task is dead. */
      POSTSTOP
    }
  }

  /**
   * Nomad's {@code template}: a file, or variables, made from a text.
   *
   * @param content the text, or the file that holds it
   * @param destination the file that is made, as a task's path; Nomad's references are still in it
   * @param permissions of the file, such as {@code 0644}
   * @param user the file's owner, a number; empty for root
   * @param group the file's group, a number; empty for root's
   * @param change what is done when the text becomes another
   * @param environment whether its lines are variables of the task
   * @param splay the longest random wait before a change is acted upon
   * @param leftDelimiter what begins an action
   * @param rightDelimiter what ends one
   * @param errorOnMissingKey whether a key that a map does not have is an error
   * @param once whether it is rendered once, and never again
   * @param range where it is in the file
   */
  record Template(
      Content content,
      String destination,
      int permissions,
      OptionalInt user,
      OptionalInt group,
      Change change,
      boolean environment,
      Duration splay,
      String leftDelimiter,
      String rightDelimiter,
      boolean errorOnMissingKey,
      boolean once,
      SourceRange range) {

    /** Where a template's text is. */
    sealed interface Content {}

    /**
     * In the job.
     *
     * @param text the template
     * @param range where its expression is in the file
     */
    record Data(String text, SourceRange range) implements Content {}

    /**
     * In a file.
     *
     * @param path as a task's path; Nomad's references are still in it
     */
    record FromFile(String path) implements Content {}

    /** What is done when a template renders to another text than before. */
    sealed interface Change {}

    /** Nothing. */
    record Noop() implements Change {}

    /** The task is restarted; it counts for no restart policy. */
    record Restart() implements Change {}

    /**
     * The task gets a signal.
     *
     * @param name such as {@code SIGHUP}
     */
    record Signal(String name) implements Change {}

    /**
     * A command runs in the task.
     *
     * @param command absolute, in the task
     * @param arguments of it
     * @param timeout how long it may take
     * @param failOnError whether its failure kills the task
     */
    record Script(String command, List<String> arguments, Duration timeout, boolean failOnError)
        implements Change {}
  }

  /**
   * Nomad's {@code artifact}: what is fetched into a task's directory. Nomad's references are still
   * in all its texts.
   *
   * @param source a URL or a file
   * @param destination as a task's path
   * @param mode what the source is taken for
   * @param options such as {@code checksum} and {@code archive}
   * @param headers of an HTTP request
   * @param chown whether it becomes the task's user's
   * @param insecure whether TLS certificates are not checked
   * @param range where it is in the file
   */
  record Artifact(
      String source,
      String destination,
      Mode mode,
      Map<String, String> options,
      Map<String, String> headers,
      boolean chown,
      boolean insecure,
      SourceRange range) {}

  /**
   * Nomad's {@code volume} of a group.
   *
   * @param name within the group
   * @param source the host's name for it
   * @param readOnly whether no task may write there
   * @param perAllocation whether the instance's index belongs to the source's name
   * @param range where its source is in the file
   */
  record VolumeRequest(
      String name, String source, boolean readOnly, boolean perAllocation, SourceRange range) {
    /** The host's name for the volume of an instance: {@code source}, or {@code source[index]}. */
    String hostVolume(int index) {
      return perAllocation ? source + "[" + index + "]" : source;
    }
  }

  /**
   * Nomad's {@code volume_mount} of a task.
   *
   * @param volume one of the group's
   * @param destination in the task; Nomad's references are still in it
   * @param readOnly whether the task may not write there
   * @param range where the destination is in the file
   */
  record VolumeMount(String volume, String destination, boolean readOnly, SourceRange range) {}

  /**
   * Nomad's {@code constraint}.
   *
   * @param attribute with Nomad's references in it, such as {@code ${attr.kernel.name}}
   * @param operator what must hold between both
   * @param value with Nomad's references in it
   * @param range where it is in the file
   */
  record Constraint(String attribute, Operator operator, String value, SourceRange range) {
    /** What must hold between an attribute and a value. */
    enum Operator {
      EQUAL("="),
      NOT_EQUAL("!="),
      GREATER(">"),
      GREATER_OR_EQUAL(">="),
      LESS("<"),
      LESS_OR_EQUAL("<="),
      REGEXP("regexp"),
      SET_CONTAINS_ALL("set_contains"),
      SET_CONTAINS_ANY("set_contains_any"),
      VERSION("version"),
      SEMVER("semver"),
      IS_SET("is_set"),
      IS_NOT_SET("is_not_set"),
      DISTINCT_HOSTS("distinct_hosts"),
      DISTINCT_PROPERTY("distinct_property");

      private final String symbol;

      Operator(String symbol) {
        this.symbol = symbol;
      }

      /** As it is written in a job. */
      String symbol() {
        return symbol;
      }

      /** Whether it compares hosts with each other, which takes more than one. */
      boolean needsCluster() {
        return this == DISTINCT_HOSTS || this == DISTINCT_PROPERTY;
      }
    }
  }

  /**
   * Nomad's {@code logs}.
   *
   * @param disabled whether a task's output is thrown away
   */
  record Logs(boolean disabled) {}
}
