package io.gaol.e2e.plugin;

import com.google.protobuf.Duration;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
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
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.TaskLogs;
import java.util.List;

/** A task of an allocation of its own, driven by the plugin that the stage has at the moment. */
final class DriverTask {
  private static final long NANOS = 1_000_000_000;

  private final Stage stage;
  private final AllocationDirectory allocation;
  private final TaskLogs logs;
  private final TaskConfig config;
  private TaskHandle handle = TaskHandle.getDefaultInstance();

  DriverTask(Stage stage, AllocationDirectory allocation, TaskLogs logs, TaskConfig config) {
    this.stage = stage;
    this.allocation = allocation;
    this.logs = logs;
    this.config = config;
  }

  String id() {
    return config.getId();
  }

  TaskConfig config() {
    return config;
  }

  AllocationDirectory allocation() {
    return allocation;
  }

  TaskLogs logs() {
    return logs;
  }

  /** What {@code StartTask} gave. */
  TaskHandle handle() {
    return handle;
  }

  // ---- calls

  DriverTask start() {
    handle =
        stage.driver().startTask(StartTaskRequest.newBuilder().setTask(config).build()).getHandle();
    return this;
  }

  /** As an agent does that was started again: it has no config of the driver any more. */
  DriverTask recover() {
    stage
        .driver()
        .recoverTask(
            RecoverTaskRequest.newBuilder()
                .setHandle(AllocationDirectory.persisted(handle))
                .build());
    return this;
  }

  WaitTaskResponse await() {
    return stage.driver().waitTask(waitRequest());
  }

  WaitTaskRequest waitRequest() {
    return WaitTaskRequest.newBuilder().setTaskId(id()).build();
  }

  ExitResult result() {
    return await().getResult();
  }

  void stop(java.time.Duration timeout, String signal) {
    stage
        .driver()
        .stopTask(
            StopTaskRequest.newBuilder()
                .setTaskId(id())
                .setTimeout(proto(timeout))
                .setSignal(signal)
                .build());
  }

  void destroy() {
    stage
        .driver()
        .destroyTask(DestroyTaskRequest.newBuilder().setTaskId(id()).setForce(true).build());
  }

  void signal(String signal) {
    stage
        .driver()
        .signalTask(SignalTaskRequest.newBuilder().setTaskId(id()).setSignal(signal).build());
  }

  InspectTaskResponse inspect() {
    return stage.driver().inspectTask(InspectTaskRequest.newBuilder().setTaskId(id()).build());
  }

  ExecTaskResponse exec(java.time.Duration timeout, String... command) {
    return stage
        .driver()
        .execTask(
            ExecTaskRequest.newBuilder()
                .setTaskId(id())
                .addAllCommand(List.of(command))
                .setTimeout(proto(timeout))
                .build());
  }

  ExecTaskResponse sh(String script) {
    return exec(Stage.PATIENCE, "/bin/sh", "-c", script);
  }

  static Duration proto(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.toNanos() / NANOS)
        .setNanos((int) (duration.toNanos() % NANOS))
        .build();
  }
}
