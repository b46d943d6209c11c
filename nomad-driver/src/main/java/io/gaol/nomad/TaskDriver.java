package io.gaol.nomad;

import io.gaol.nomad.config.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task driver, as its author writes it: what a Nomad agent asks, in plain types. {@link
 * DriverPlugin#serve} makes a plugin of it.
 *
 * <p>Every method may be called at any time, by several threads at once, each a virtual one of its
 * own: a method that waits keeps nothing else from being done. A thread is interrupted when the
 * agent gives the call up.
 *
 * <p>A task is known by the id that its {@link TaskConfig} has. What is thrown reaches the operator
 * as text, so it should say what to do.
 */
public interface TaskDriver {

  /** Its name and version. */
  DriverInfo info();

  /** What may be in the {@code config} of the agent's {@code plugin} block. */
  default Schema.Fields configSchema() {
    return new Schema.Fields(Map.of());
  }

  /**
   * Takes the operator's config.
   *
   * <p>An agent that starts does so in two processes of the plugin which it ends at once, only to
   * see whether the config is right, while tasks of an earlier process run. So this must touch
   * nothing but its own memory unless the config {@linkplain PluginConfig#validation says
   * otherwise}.
   *
   * @throws DriverException if it is wrong: the agent does not start
   */
  default void configure(PluginConfig config) throws DriverException, InterruptedException {}

  /** What may be in a task's {@code config}. */
  Schema.Fields taskConfigSchema();

  /** What it can do. */
  Capabilities capabilities();

  /**
   * Tells whether it can run tasks here: at once, and whenever that changes.
   *
   * @param fingerprints take what it tells; returning ends nothing, the last word holds
   * @throws InterruptedException when nobody listens any more
   */
  void fingerprint(Listener<Fingerprint> fingerprints) throws InterruptedException;

  /**
   * Starts a task; returns when it runs. When this throws, nothing of it may be left: the agent
   * does not call {@link #destroyTask} then.
   *
   * @throws DriverException if it cannot be started; {@link DriverException#recoverable} lets the
   *     job's restart policy try again
   */
  StartedTask startTask(TaskConfig task) throws DriverException, InterruptedException;

  /**
   * Takes a task over that an earlier process of the plugin started. Of one that is known already,
   * nothing is done.
   *
   * @param task without its {@link TaskConfig#config}, which an agent does not keep
   * @param driverState what {@link #startTask} gave
   * @throws DriverException if there is no way to know any more how it ends
   */
  void recoverTask(TaskConfig task, DriverState driverState)
      throws DriverException, InterruptedException;

  /**
   * Waits for the end of a task, which may have come long ago; until it is destroyed, the answer is
   * the same each time.
   *
   * @throws TaskNotFoundException if there is none of this id
   */
  TaskExit awaitTask(String taskId) throws DriverException, InterruptedException;

  /**
   * Ends a task, and returns when it has ended. One that has ended already, or is not known, is no
   * mistake.
   *
   * @param timeout how long it has after the signal; zero: it is killed at once
   * @param signal such as {@code SIGTERM}; empty is the driver's default
   */
  void stopTask(String taskId, Duration timeout, Optional<String> signal)
      throws DriverException, InterruptedException;

  /**
   * Removes all traces of a task. One that is not known is no mistake.
   *
   * @param force ends it first if it runs; without it, such a one is refused
   */
  void destroyTask(String taskId, boolean force) throws DriverException, InterruptedException;

  /** How a task is. */
  TaskStatus inspectTask(String taskId) throws DriverException, InterruptedException;

  /**
   * What a task has used up to now.
   *
   * @return empty once it has ended
   */
  Optional<TaskUsage> taskUsage(String taskId) throws DriverException, InterruptedException;

  /**
   * Sends a signal to a task.
   *
   * @param signal such as {@code SIGHUP}
   */
  void signalTask(String taskId, String signal) throws DriverException, InterruptedException;

  /**
   * Runs a command in a task until it ends. What it reads from {@link ExecStreams#stdin} ends where
   * its input does.
   *
   * @param command with its arguments; at least one
   * @param streams its input and output; closing them is the caller's
   * @param terminal whether it gets a terminal of its own
   * @throws DriverException if it could not be run; one that ran and failed is a {@link TaskExit}
   */
  TaskExit exec(String taskId, List<String> command, boolean terminal, ExecStreams streams)
      throws DriverException, InterruptedException;

  /**
   * Listens to what happens to tasks, for their authors to see.
   *
   * @param events take it
   * @throws InterruptedException when nobody listens any more
   */
  default void taskEvents(Listener<TaskEvent> events) throws InterruptedException {}

  /**
   * Makes the network of an allocation. Only where {@link Capabilities#mustCreateNetwork}, and on
   * Linux alone.
   *
   * @return whether it was made now; an allocation that has one keeps it
   */
  default CreatedNetwork createNetwork(String allocId, Optional<String> hostname)
      throws DriverException, InterruptedException {
    throw new DriverException("the driver makes no networks");
  }

  /** Removes what {@link #createNetwork} made. */
  default void destroyNetwork(String allocId, NetworkIsolation network)
      throws DriverException, InterruptedException {
    throw new DriverException("the driver makes no networks");
  }

  /**
   * Begins its work, after {@link #configure}; Nomad 2.0.4 and later. May be called several times.
   */
  default void init() throws DriverException, InterruptedException {}

  /**
   * The process is about to be ended. Tasks run on. Two seconds are left; Nomad 2.0.4 and later.
   */
  default void shutdown() throws InterruptedException {}
}
