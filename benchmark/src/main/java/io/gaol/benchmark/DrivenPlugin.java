package io.gaol.benchmark;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DriverGrpc.DriverBlockingStub;
import io.gaol.nomad.proto.driver.DriverGrpc.DriverStub;
import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.nomad.proto.driver.ExecTaskRequest;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.nomad.proto.driver.FingerprintRequest;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.StartTaskResponse;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.TaskEventsRequest;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.nomad.proto.hclspec.Spec;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.Plugin;
import io.gaol.testing.host.PluginCommand;
import io.gaol.testing.host.Received;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A plugin as an agent has it at work: launched, configured, with the streams of what it tells of
 * itself and its tasks open. Its tasks end with it.
 */
final class DrivenPlugin implements AutoCloseable {
  /** Nothing takes this long but what hangs. */
  private static final int PATIENCE_SECONDS = 120;

  private static final String ALLOCATION = "be9c43a2-0000-4000-8000-000000000001";

  private final Plugin plugin;
  private final Path state;
  private final Spec schema;
  private final Set<String> tasks = ConcurrentHashMap.newKeySet();
  private int starts;
  private boolean closed;

  private DrivenPlugin(Plugin plugin, Path state) {
    this.plugin = plugin;
    this.state = state;
    plugin.base().pluginInfo(PluginInfoRequest.getDefaultInstance());
    Spec options = plugin.base().configSchema(ConfigSchemaRequest.getDefaultInstance()).getSpec();
    ByteString config = ConfigSpec.encode(options, Map.of("state_dir", state.toString()));
    plugin.base().setConfig(AgentStart.forWork(config));
    Received<FingerprintRequest, FingerprintResponse> fingerprints = new Received<>();
    plugin.driverAsync().fingerprint(FingerprintRequest.getDefaultInstance(), fingerprints);
    fingerprints.await(any -> true);
    Received<TaskEventsRequest, DriverTaskEvent> events = new Received<>();
    plugin.driverAsync().taskEvents(TaskEventsRequest.getDefaultInstance(), events);
    schema = driver().taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance()).getSpec();
  }

  /**
   * Launches it.
   *
   * @param directory for its state
   */
  static DrivenPlugin launch(Path program, Path directory) {
    Plugin launched = PluginCommand.of(program).launch();
    try {
      return new DrivenPlugin(launched, directory.resolve("state"));
    } catch (RuntimeException refused) {
      launched.close();
      throw refused;
    }
  }

  /** Its state directory. */
  Path state() {
    return state;
  }

  /** The memory of its process. */
  MemoryUse memory() throws IOException {
    return MemoryUse.of(plugin.pid());
  }

  /** The driver; calls return at once. */
  DriverStub driverAsync() {
    return plugin.driverAsync();
  }

  private DriverBlockingStub driver() {
    return plugin.driver().withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** A task as an agent hands it over, not started yet. */
  TaskConfig task(Place place, String program, String... arguments) {
    return TaskConfig.newBuilder()
        .setId("%s/%s/%08x".formatted(ALLOCATION, Place.TASK, ++starts))
        .setName(Place.TASK)
        .setMsgpackDriverConfig(
            ConfigSpec.encode(schema, Map.of("command", program, "args", List.of(arguments))))
        // The same as the bare runtime has: AllocationDirectory would add a CPU weight.
        .setResources(place.agentResources())
        .setAllocDir(place.directory().toString())
        .setStdoutPath(place.stdout().toString())
        .setStderrPath(place.stderr().toString())
        .setTaskGroupName("group")
        .setJobName("benchmark")
        .setJobId("benchmark")
        .setAllocId(ALLOCATION)
        .setNamespace("default")
        .build();
  }

  /** {@code StartTask}; returns when it does. */
  synchronized void start(TaskConfig task) throws IOException {
    if (closed) {
      throw new IllegalStateException("the plugin has been ended");
    }
    tasks.add(task.getId());
    StartTaskResponse answer =
        driver().startTask(StartTaskRequest.newBuilder().setTask(task).build());
    if (answer.getResult() != StartTaskResponse.Result.SUCCESS) {
      throw new IOException("StartTask: " + answer);
    }
  }

  /** {@code WaitTask}; fails unless the task succeeded. */
  void await(TaskConfig task) throws IOException {
    succeeded(
        "the task",
        driver()
            .waitTask(WaitTaskRequest.newBuilder().setTaskId(task.getId()).build())
            .getResult());
  }

  /** {@code DestroyTask}, of one that may still run. */
  void destroy(TaskConfig task) {
    destroy(task.getId());
    tasks.remove(task.getId());
  }

  private void destroy(String id) {
    driver().destroyTask(DestroyTaskRequest.newBuilder().setTaskId(id).setForce(true).build());
  }

  /** {@code ExecTask}; fails unless the command succeeded. */
  void exec(TaskConfig task, String... command) throws IOException {
    succeeded(
        "the command",
        driver()
            .execTask(
                ExecTaskRequest.newBuilder()
                    .setTaskId(task.getId())
                    .addAllCommand(List.of(command))
                    .setTimeout(Duration.newBuilder().setSeconds(PATIENCE_SECONDS))
                    .build())
            .getResult());
  }

  static void succeeded(String what, ExitResult result) throws IOException {
    if (result.getExitCode() != 0 || result.getSignal() != 0) {
      throw new IOException(what + " ended with " + result);
    }
  }

  /** Destroys its tasks, and ends it as an agent does. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (plugin) {
      for (String id : tasks) {
        try {
          destroy(id);
        } catch (StatusRuntimeException refused) {
          // One whose start failed is not known.
          if (refused.getStatus().getCode() == Status.Code.UNAVAILABLE) {
            throw refused;
          }
        }
      }
      plugin.kill(java.time.Duration.ofSeconds(PATIENCE_SECONDS));
    }
  }
}
