package io.gaol.nomad;

import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What an author writes: a driver whose tasks are processes of the host. */
class ExampleDriver implements TaskDriver {
  private record Running(TaskConfig task, Process process, Instant started) {}

  private final Map<String, Running> tasks = new ConcurrentHashMap<>();

  @Override
  public DriverInfo info() {
    return new DriverInfo("example", "0.1.0");
  }

  @Override
  public Schema.Fields taskConfigSchema() {
    return new Schema.Fields(
        Map.of(
            "command", new Schema.Attr("command", ConfigType.string(), true),
            "args", new Schema.Attr("args", ConfigType.listOf(ConfigType.string()), false)));
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(Capabilities.FileSystemIsolation.NONE);
  }

  @Override
  public void fingerprint(Listener<Fingerprint> fingerprints) throws InterruptedException {
    fingerprints.tell(
        new Fingerprint(
            Fingerprint.Health.HEALTHY, "Healthy", Map.of("driver.example.version", "0.1.0")));
  }

  @Override
  public StartedTask startTask(TaskConfig task) throws DriverException, InterruptedException {
    List<String> command = new ArrayList<>(List.of((String) task.config().get("command")));
    if (task.config().get("args") instanceof List<?> args) {
      args.forEach(arg -> command.add((String) arg));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.to(task.stdout().toFile()))
            .redirectError(ProcessBuilder.Redirect.to(task.stderr().toFile()));
    builder.environment().putAll(task.environment());
    try {
      tasks.put(task.id(), new Running(task, builder.start(), Instant.now()));
    } catch (IOException failed) {
      throw new DriverException(failed.getMessage(), failed);
    }
    return StartedTask.of(new DriverState(1, "nothing"));
  }

  @Override
  public void recoverTask(TaskConfig task, DriverState driverState) throws DriverException {
    if (!tasks.containsKey(task.id())) {
      throw new DriverException("a task of the example does not outlive its plugin");
    }
  }

  private Running running(String taskId) throws TaskNotFoundException {
    return Optional.ofNullable(tasks.get(taskId))
        .orElseThrow(() -> new TaskNotFoundException(taskId));
  }

  @Override
  public TaskExit awaitTask(String taskId) throws DriverException, InterruptedException {
    return exit(running(taskId).process().waitFor());
  }

  private static TaskExit exit(int status) {
    return status > 128 ? TaskExit.bySignal(status - 128, false) : TaskExit.of(status);
  }

  @Override
  public void stopTask(String taskId, Duration timeout, Optional<String> signal)
      throws DriverException, InterruptedException {
    Process process = running(taskId).process();
    if (!timeout.isZero()) {
      process.destroy();
      process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly().waitFor();
  }

  @Override
  public void destroyTask(String taskId, boolean force)
      throws DriverException, InterruptedException {
    if (!force && running(taskId).process().isAlive()) {
      throw new DriverException("cannot destroy running task");
    }
    running(taskId).process().destroyForcibly().waitFor();
    tasks.remove(taskId);
  }

  @Override
  public TaskStatus inspectTask(String taskId) throws DriverException {
    Running running = running(taskId);
    boolean alive = running.process().isAlive();
    return new TaskStatus(
        running.task().name(),
        alive ? TaskStatus.State.RUNNING : TaskStatus.State.EXITED,
        running.started(),
        alive ? Optional.empty() : Optional.of(Instant.now()),
        alive ? Optional.empty() : Optional.of(exit(running.process().exitValue())),
        Map.of("pid", Long.toString(running.process().pid())),
        Optional.empty());
  }

  @Override
  public Optional<TaskUsage> taskUsage(String taskId) throws DriverException {
    ProcessHandle process = running(taskId).process().toHandle();
    if (!process.isAlive()) {
      return Optional.empty();
    }
    TaskUsage.Cpu none = TaskUsage.Cpu.UNKNOWN;
    TaskUsage.Cpu cpu =
        new TaskUsage.Cpu(
            process.info().totalCpuDuration(),
            none.user(),
            none.system(),
            none.throttledPeriods(),
            none.throttledTime());
    return Optional.of(
        new TaskUsage(
            Instant.now(),
            cpu,
            TaskUsage.Memory.UNKNOWN,
            Map.of(process.pid(), new TaskUsage.ProcessUsage(cpu, TaskUsage.Memory.UNKNOWN))));
  }

  @Override
  public void signalTask(String taskId, String signal)
      throws DriverException, InterruptedException {
    String pid = Long.toString(running(taskId).process().pid());
    String name = signal.startsWith("SIG") ? signal.substring(3) : signal;
    try {
      if (new ProcessBuilder("/bin/kill", "-s", name, pid).start().waitFor() != 0) {
        throw new DriverException("the signal " + signal + " could not be sent");
      }
    } catch (IOException failed) {
      throw new DriverException(failed.getMessage(), failed);
    }
  }

  @Override
  public TaskExit exec(String taskId, List<String> command, boolean terminal, ExecStreams streams)
      throws DriverException, InterruptedException {
    running(taskId);
    if (terminal) {
      throw new DriverException("the example has no terminals");
    }
    try {
      Process process = new ProcessBuilder(command).start();
      Thread in = pump(streams.stdin(), process.getOutputStream(), true);
      Thread out = pump(process.getInputStream(), streams.stdout(), false);
      Thread err = pump(process.getErrorStream(), streams.stderr(), false);
      try {
        int status = process.waitFor();
        out.join();
        err.join();
        return exit(status);
      } finally {
        process.destroyForcibly();
        in.interrupt();
      }
    } catch (IOException failed) {
      throw new DriverException(failed.getMessage(), failed);
    }
  }

  private static Thread pump(InputStream from, OutputStream to, boolean close) {
    return Thread.startVirtualThread(
        () -> {
          try {
            byte[] buffer = new byte[8192];
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
              to.write(buffer, 0, count);
              to.flush();
            }
            if (close) {
              to.close();
            }
          } catch (IOException ended) {
            // Whoever reads or writes at the other end has gone.
          }
        });
  }
}
