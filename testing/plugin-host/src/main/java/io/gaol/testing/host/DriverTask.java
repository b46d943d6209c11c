package io.gaol.testing.host;

import com.google.protobuf.Duration;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DriverGrpc.DriverBlockingStub;
import io.gaol.nomad.proto.driver.ExecTaskRequest;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.nomad.proto.driver.InspectTaskRequest;
import io.gaol.nomad.proto.driver.InspectTaskResponse;
import io.gaol.nomad.proto.driver.RecoverTaskRequest;
import io.gaol.nomad.proto.driver.SignalTaskRequest;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.StopTaskRequest;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskHandle;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A task of an allocation of its own, driven by the plugin that there is at the moment. */
public final class DriverTask {
  private static final long NANOS = 1_000_000_000;

  /** On a busy machine anything can take long; only what hangs takes this long. */
  private static final java.time.Duration PATIENCE = java.time.Duration.ofMinutes(2);

  private final Supplier<Plugin> plugin;
  private final AllocationDirectory allocation;
  private final TaskLogs logs;
  private final TaskConfig config;
  private TaskHandle handle = TaskHandle.getDefaultInstance();

  /**
   * A task that is not started yet.
   *
   * @param plugin that there is at the moment
   * @param allocation its allocation
   * @param logs of the allocation
   * @param config what the agent says of it
   */
  public DriverTask(
      Supplier<Plugin> plugin, AllocationDirectory allocation, TaskLogs logs, TaskConfig config) {
    this.plugin = plugin;
    this.allocation = allocation;
    this.logs = logs;
    this.config = config;
  }

  /** The id of this start. */
  public String id() {
    return config.getId();
  }

  /** What the agent says of it. */
  public TaskConfig config() {
    return config;
  }

  /** Its allocation. */
  public AllocationDirectory allocation() {
    return allocation;
  }

  /** Its output. */
  public TaskLogs logs() {
    return logs;
  }

  /** What {@code StartTask} gave. */
  public TaskHandle handle() {
    return handle;
  }

  /** The plugin that there is at the moment. */
  Plugin plugin() {
    return plugin.get();
  }

  private DriverBlockingStub driver() {
    return plugin().driver().withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  // ---- calls

  /** {@code StartTask}. */
  public DriverTask start() {
    handle = driver().startTask(StartTaskRequest.newBuilder().setTask(config).build()).getHandle();
    return this;
  }

  /** As an agent does that was started again: it has no config of the driver any more. */
  public DriverTask recover() {
    driver()
        .recoverTask(
            RecoverTaskRequest.newBuilder()
                .setHandle(AllocationDirectory.persisted(handle))
                .build());
    return this;
  }

  /** {@code WaitTask}. */
  public WaitTaskResponse await() {
    return driver().waitTask(waitRequest());
  }

  /** What {@code WaitTask} is asked. */
  public WaitTaskRequest waitRequest() {
    return WaitTaskRequest.newBuilder().setTaskId(id()).build();
  }

  /** How it ended, once it has. */
  public ExitResult result() {
    return await().getResult();
  }

  /** {@code StopTask}. */
  public void stop(java.time.Duration timeout, String signal) {
    driver()
        .stopTask(
            StopTaskRequest.newBuilder()
                .setTaskId(id())
                .setTimeout(proto(timeout))
                .setSignal(signal)
                .build());
  }

  /** {@code DestroyTask}, by force. */
  public void destroy() {
    driver().destroyTask(DestroyTaskRequest.newBuilder().setTaskId(id()).setForce(true).build());
  }

  /** {@code SignalTask}. */
  public void signal(String signal) {
    driver().signalTask(SignalTaskRequest.newBuilder().setTaskId(id()).setSignal(signal).build());
  }

  /** {@code InspectTask}. */
  public InspectTaskResponse inspect() {
    return driver().inspectTask(InspectTaskRequest.newBuilder().setTaskId(id()).build());
  }

  /** {@code ExecTask}. */
  public ExecTaskResponse exec(java.time.Duration timeout, String... command) {
    return driver()
        .execTask(
            ExecTaskRequest.newBuilder()
                .setTaskId(id())
                .addAllCommand(List.of(command))
                .setTimeout(proto(timeout))
                .build());
  }

  /** {@code ExecTask} of a script of sh(1). */
  public ExecTaskResponse sh(String script) {
    return exec(PATIENCE, "/bin/sh", "-c", script);
  }

  /** The same as a message. */
  public static Duration proto(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.toNanos() / NANOS)
        .setNanos((int) (duration.toNanos() % NANOS))
        .build();
  }
}
