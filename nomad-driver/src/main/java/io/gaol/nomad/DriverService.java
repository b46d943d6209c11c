package io.gaol.nomad;

import com.google.protobuf.ByteString;
import io.gaol.goplugin.PluginLog;
import io.gaol.nomad.config.Schema;
import io.gaol.nomad.proto.driver.CapabilitiesRequest;
import io.gaol.nomad.proto.driver.CapabilitiesResponse;
import io.gaol.nomad.proto.driver.CreateNetworkRequest;
import io.gaol.nomad.proto.driver.CreateNetworkResponse;
import io.gaol.nomad.proto.driver.DestroyNetworkRequest;
import io.gaol.nomad.proto.driver.DestroyNetworkResponse;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DestroyTaskResponse;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.nomad.proto.driver.ExecTaskRequest;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.ExecTaskStreamingRequest;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.gaol.nomad.proto.driver.FingerprintRequest;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.InitRequest;
import io.gaol.nomad.proto.driver.InitResponse;
import io.gaol.nomad.proto.driver.InspectTaskRequest;
import io.gaol.nomad.proto.driver.InspectTaskResponse;
import io.gaol.nomad.proto.driver.RecoverTaskRequest;
import io.gaol.nomad.proto.driver.RecoverTaskResponse;
import io.gaol.nomad.proto.driver.ShutdownRequest;
import io.gaol.nomad.proto.driver.ShutdownResponse;
import io.gaol.nomad.proto.driver.SignalTaskRequest;
import io.gaol.nomad.proto.driver.SignalTaskResponse;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.StartTaskResponse;
import io.gaol.nomad.proto.driver.StopTaskRequest;
import io.gaol.nomad.proto.driver.StopTaskResponse;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.TaskConfigSchemaResponse;
import io.gaol.nomad.proto.driver.TaskEventsRequest;
import io.gaol.nomad.proto.driver.TaskHandle;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.TaskStatsRequest;
import io.gaol.nomad.proto.driver.TaskStatsResponse;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import io.gaol.nomad.wire.ConfigReader;
import io.gaol.nomad.wire.MalformedConfigException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Nomad's service {@code Driver}, answered by a {@link TaskDriver}. */
final class DriverService extends DriverGrpc.DriverImplBase {
  private static final PluginLog LOG = PluginLog.toStderr("nomad-driver");

  /** How long an event waits for an agent that does not take it: as long as in drivers in Go. */
  private static final Duration EVENT_WAITS = Duration.ofSeconds(2);

  private static final Duration USUAL_INTERVAL = Duration.ofSeconds(1);

  /** Streams that tell so seldom need not wake together. */
  private static final Duration LONG_INTERVAL = Duration.ofDays(1);

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

  private final TaskDriver driver;
  private final Supplier<Optional<PluginConfig.Node>> node;
  private final PersistentStream persistence;
  private final SchemaMessage schema;

  /**
   * For a driver.
   *
   * @param node what the agent told of its node
   * @param persistence how a driver that fails is asked again
   */
  DriverService(
      TaskDriver driver, Supplier<Optional<PluginConfig.Node>> node, PersistentStream persistence) {
    this.driver = driver;
    this.node = node;
    this.persistence = persistence;
    this.schema = new SchemaMessage(driver::taskConfigSchema);
  }

  // ---- what the driver is

  @Override
  public void init(InitRequest request, StreamObserver<InitResponse> observer) {
    Calls.answer(
        "Init",
        observer,
        () -> {
          driver.init();
          return InitResponse.getDefaultInstance();
        });
  }

  @Override
  public void taskConfigSchema(
      TaskConfigSchemaRequest request, StreamObserver<TaskConfigSchemaResponse> observer) {
    Calls.answer(
        "TaskConfigSchema",
        observer,
        () -> TaskConfigSchemaResponse.newBuilder().setSpec(schema.message()).build());
  }

  @Override
  public void capabilities(
      CapabilitiesRequest request, StreamObserver<CapabilitiesResponse> observer) {
    Calls.answer(
        "Capabilities",
        observer,
        () ->
            CapabilitiesResponse.newBuilder()
                .setCapabilities(Messages.capabilities(driver.capabilities()))
                .build());
  }

  @Override
  public void fingerprint(
      FingerprintRequest request, StreamObserver<FingerprintResponse> observer) {
    Calls.tell(
        "Fingerprint",
        observer,
        outbox ->
            persistence.<Fingerprint>run(
                "Fingerprint",
                outbox,
                driver::fingerprint,
                fingerprint -> outbox.send(Messages.fingerprint(fingerprint)),
                problem -> outbox.send(Messages.failedFingerprint(problem))));
  }

  @Override
  public void taskEvents(TaskEventsRequest request, StreamObserver<DriverTaskEvent> observer) {
    Calls.tell(
        "TaskEvents",
        observer,
        outbox ->
            persistence.<TaskEvent>run(
                "TaskEvents",
                outbox,
                driver::taskEvents,
                event -> {
                  if (!outbox.send(Messages.event(event), EVENT_WAITS)) {
                    LOG.warn(
                        "the agent did not take an event in time",
                        "task",
                        event.taskId(),
                        "event",
                        event.message());
                  }
                },
                problem -> {
                  // It is in the log; an agent has no place for it.
                }));
  }

  @Override
  public void shutdown(ShutdownRequest request, StreamObserver<ShutdownResponse> observer) {
    Calls.answer(
        "Shutdown",
        observer,
        () -> {
          driver.shutdown();
          return ShutdownResponse.getDefaultInstance();
        });
  }

  // ---- a task's life

  @Override
  public void startTask(StartTaskRequest request, StreamObserver<StartTaskResponse> observer) {
    Calls.tell(
        "StartTask",
        observer,
        outbox -> {
          StartTaskResponse started = start(request.getTask());
          try {
            outbox.send(started);
          } catch (InterruptedException gone) {
            undoStart(request.getTask().getId());
            throw gone;
          }
        });
  }

  /** An agent that has not heard of a start will start the task again. */
  private void undoStart(String taskId) {
    LOG.warn("nobody took the answer to a start, so it is undone", "task", taskId);
    Thread.ofVirtual()
        .name("undo start")
        .start(
            () -> {
              try {
                driver.destroyTask(taskId, true);
              } catch (DriverException | InterruptedException | RuntimeException failure) {
                LOG.error("a start could not be undone", "task", taskId, "error", failure);
              }
            });
  }

  private StartTaskResponse start(io.gaol.nomad.proto.driver.TaskConfig message)
      throws DriverException, InterruptedException {
    TaskConfig task =
        TaskConfigs.task(
            message,
            config("the task's config", schema.schema(), message.getMsgpackDriverConfig()));
    StartedTask started = driver.startTask(task);
    StartTaskResponse.Builder response =
        StartTaskResponse.newBuilder()
            .setHandle(
                TaskHandle.newBuilder()
                    .setVersion(started.state().version())
                    // As it came, with what a later agent has in it: it asks by what is in here.
                    .setConfig(message)
                    .setState(TaskState.RUNNING)
                    .setDriverState(ByteString.copyFromUtf8(started.state().text())));
    started.network().ifPresent(network -> response.setNetworkOverride(Messages.override(network)));
    return response.build();
  }

  /** A config by its schema. */
  static Map<String, Object> config(String what, Schema.Fields schema, ByteString bytes)
      throws DriverException {
    try {
      return ConfigReader.read(schema, bytes.asReadOnlyByteBuffer());
    } catch (MalformedConfigException malformed) {
      throw new DriverException(what + ": " + malformed.getMessage(), malformed);
    }
  }

  @Override
  public void recoverTask(
      RecoverTaskRequest request, StreamObserver<RecoverTaskResponse> observer) {
    Calls.answer(
        "RecoverTask",
        observer,
        () -> {
          recover(request);
          return RecoverTaskResponse.getDefaultInstance();
        });
  }

  private void recover(RecoverTaskRequest request) throws DriverException, InterruptedException {
    if (!request.hasHandle()) {
      throw new DriverException("there is no handle to recover a task by");
    }
    TaskHandle handle = request.getHandle();
    if (handle.getVersion() < 1) {
      throw new DriverException(
          "a handle of the version "
              + handle.getVersion()
              + " is of Nomad before 0.9, and its task cannot be recovered");
    }
    driver.recoverTask(
        TaskConfigs.task(handle.getConfig(), Map.of()),
        new DriverState(handle.getVersion(), stateText(handle.getDriverState())));
  }

  private static String stateText(ByteString state) throws DriverException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(state.asReadOnlyByteBuffer()).toString();
    } catch (CharacterCodingException garbage) {
      throw new DriverException("the state of the task is not of this driver", garbage);
    }
  }

  @Override
  public void waitTask(WaitTaskRequest request, StreamObserver<WaitTaskResponse> observer) {
    Calls.answer("WaitTask", observer, () -> Messages.ended(driver.awaitTask(request.getTaskId())));
  }

  @Override
  public void stopTask(StopTaskRequest request, StreamObserver<StopTaskResponse> observer) {
    Calls.answer(
        "StopTask",
        observer,
        () -> {
          try {
            driver.stopTask(
                request.getTaskId(),
                Messages.duration(request.getTimeout()),
                TaskConfigs.text(request.getSignal()));
          } catch (TaskNotFoundException gone) {
            LOG.debug("nothing to stop", "error", gone);
          }
          return StopTaskResponse.getDefaultInstance();
        });
  }

  @Override
  public void destroyTask(
      DestroyTaskRequest request, StreamObserver<DestroyTaskResponse> observer) {
    Calls.answer(
        "DestroyTask",
        observer,
        () -> {
          try {
            driver.destroyTask(request.getTaskId(), request.getForce());
          } catch (TaskNotFoundException gone) {
            LOG.debug("nothing to destroy", "error", gone);
          }
          return DestroyTaskResponse.getDefaultInstance();
        });
  }

  // ---- a task that runs

  @Override
  public void inspectTask(
      InspectTaskRequest request, StreamObserver<InspectTaskResponse> observer) {
    Calls.answer(
        "InspectTask",
        observer,
        () -> Messages.status(request.getTaskId(), driver.inspectTask(request.getTaskId())));
  }

  @Override
  public void taskStats(TaskStatsRequest request, StreamObserver<TaskStatsResponse> observer) {
    Calls.tell("TaskStats", observer, outbox -> tellUsage(request, outbox));
  }

  private void tellUsage(TaskStatsRequest request, Outbox<TaskStatsResponse> outbox)
      throws DriverException, InterruptedException {
    Duration interval = interval(request.getCollectionInterval());
    UsageReckoner reckoner = new UsageReckoner(node.get());
    while (true) {
      Optional<TaskUsage> usage = usage(request.getTaskId());
      if (usage.isEmpty()) {
        return;
      }
      outbox.send(
          TaskStatsResponse.newBuilder()
              .setStats(reckoner.next(request.getTaskId(), usage.get()))
              .build());
      Thread.sleep(untilNext(System.nanoTime(), interval));
    }
  }

  /**
   * How long a stream of use sleeps: to the next moment that all streams of its interval wake at,
   * so that a driver can measure all its tasks at once; not less than half an interval.
   */
  static Duration untilNext(long nanoTime, Duration interval) {
    if (interval.compareTo(LONG_INTERVAL) > 0) {
      return interval;
    }
    long length = interval.toNanos();
    long rest = length - Math.floorMod(nanoTime, length);
    return Duration.ofNanos(rest < length / 2 ? rest + length : rest);
  }

  /** An agent that asks for a task that is gone is told that there is no more, not an error. */
  private Optional<TaskUsage> usage(String taskId) throws DriverException, InterruptedException {
    try {
      return driver.taskUsage(taskId);
    } catch (TaskNotFoundException gone) {
      LOG.debug("no more to tell of its use", "error", gone);
      return Optional.empty();
    }
  }

  static Duration interval(com.google.protobuf.Duration asked) {
    Duration interval = Messages.duration(asked);
    if (interval.isZero()) {
      return USUAL_INTERVAL;
    }
    return interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval;
  }

  @Override
  public void signalTask(SignalTaskRequest request, StreamObserver<SignalTaskResponse> observer) {
    Calls.answer(
        "SignalTask",
        observer,
        () -> {
          driver.signalTask(request.getTaskId(), request.getSignal());
          return SignalTaskResponse.getDefaultInstance();
        });
  }

  // ---- commands in a task

  /** A command, which is there. */
  static List<String> command(List<String> command) throws DriverException {
    if (command.isEmpty()) {
      throw new DriverException("error cmd must have at least one value");
    }
    return List.copyOf(command);
  }

  @Override
  public void execTask(ExecTaskRequest request, StreamObserver<ExecTaskResponse> observer) {
    Calls.answer("ExecTask", observer, () -> exec(request));
  }

  private ExecTaskResponse exec(ExecTaskRequest request)
      throws DriverException, InterruptedException {
    List<String> command = command(request.getCommandList());
    Tail stdout = new Tail();
    Tail stderr = new Tail();
    ExecStreams streams =
        new ExecStreams(
            InputStream.nullInputStream(),
            stdout,
            stderr,
            _ -> {
              // There is no terminal.
            });
    TaskExit exit =
        within(
            Messages.duration(request.getTimeout()),
            () -> driver.exec(request.getTaskId(), command, false, streams));
    exit.problem().ifPresent(problem -> stderr.writeLine(problem));
    return ExecTaskResponse.newBuilder()
        .setStdout(stdout.kept())
        .setStderr(stderr.kept())
        .setResult(Messages.exit(exit))
        .build();
  }

  /**
   * Runs it on a thread of its own, which is interrupted when its time is over: who waits for it
   * does not depend on whether it heeds that.
   *
   * @param limit none if it is zero
   */
  private static TaskExit within(Duration limit, Calls.Question<TaskExit> command)
      throws DriverException, InterruptedException {
    FutureTask<TaskExit> running = new FutureTask<>(command::answer);
    Thread.ofVirtual().name("exec").start(running);
    try {
      return limit.isZero() ? running.get() : running.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new DriverException(
          "the command did not end within " + limit.toMillis() + " ms and was given up", late);
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case DriverException refused -> throw refused;
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        default -> throw new IllegalStateException(failed.getCause());
      }
    } finally {
      running.cancel(true);
    }
  }

  @Override
  public StreamObserver<ExecTaskStreamingRequest> execTaskStreaming(
      StreamObserver<ExecTaskStreamingResponse> observer) {
    return new ExecSession(driver, (ServerCallStreamObserver<ExecTaskStreamingResponse>) observer);
  }

  // ---- networks

  @Override
  public void createNetwork(
      CreateNetworkRequest request, StreamObserver<CreateNetworkResponse> observer) {
    Calls.answer(
        "CreateNetwork",
        observer,
        () -> {
          CreatedNetwork network =
              driver.createNetwork(request.getAllocId(), TaskConfigs.text(request.getHostname()));
          return CreateNetworkResponse.newBuilder()
              .setIsolationSpec(Messages.network(network.network()))
              .setCreated(network.created())
              .build();
        });
  }

  @Override
  public void destroyNetwork(
      DestroyNetworkRequest request, StreamObserver<DestroyNetworkResponse> observer) {
    Calls.answer(
        "DestroyNetwork",
        observer,
        () -> {
          driver.destroyNetwork(
              request.getAllocId(), TaskConfigs.network(request.getIsolationSpec()));
          return DestroyNetworkResponse.getDefaultInstance();
        });
  }
}
