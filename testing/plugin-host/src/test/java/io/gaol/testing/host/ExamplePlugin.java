package io.gaol.testing.host;

import io.gaol.goplugin.GoPlugin;
import io.gaol.goplugin.Handshake;
import io.gaol.nomad.Capabilities;
import io.gaol.nomad.DriverException;
import io.gaol.nomad.DriverInfo;
import io.gaol.nomad.DriverPlugin;
import io.gaol.nomad.DriverState;
import io.gaol.nomad.ExecStreams;
import io.gaol.nomad.Fingerprint;
import io.gaol.nomad.Listener;
import io.gaol.nomad.PluginConfig;
import io.gaol.nomad.StartedTask;
import io.gaol.nomad.TaskConfig;
import io.gaol.nomad.TaskDriver;
import io.gaol.nomad.TaskExit;
import io.gaol.nomad.TaskNotFoundException;
import io.gaol.nomad.TaskStatus;
import io.gaol.nomad.TaskUsage;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plugin whose tasks do nothing: each ends as its config says. Its option {@code trace} names a
 * file in which it writes down what it is called for.
 */
final class ExamplePlugin implements TaskDriver {
  private Optional<Path> trace = Optional.empty();

  private ExamplePlugin() {}

  /** Serves the host that started it. */
  public static void main(String[] arguments) {
    ExamplePlugin driver = new ExamplePlugin();
    GoPlugin.of(
            new Handshake(
                "NOMAD_PLUGIN_MAGIC_COOKIE",
                "e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255",
                2),
            "An example.")
        .serving(DriverPlugin.services(driver))
        .serve();
  }

  private void note(String what) {
    if (trace.isPresent()) {
      try {
        Files.writeString(
            trace.get(), what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Override
  public DriverInfo info() {
    return new DriverInfo("example", "0.1.0");
  }

  @Override
  public Schema.Fields configSchema() {
    return new Schema.Fields(Map.of("trace", new Schema.Attr("trace", ConfigType.string(), false)));
  }

  @Override
  public void configure(PluginConfig config) throws DriverException {
    trace = Optional.ofNullable((String) config.config().get("trace")).map(Path::of);
    note(config.validation() ? "validate" : "configure");
    if (trace.filter(Path::isAbsolute).isEmpty()) {
      throw new DriverException("trace has to be an absolute path");
    }
  }

  @Override
  public void init() {
    note("init");
  }

  @Override
  public Schema.Fields taskConfigSchema() {
    return new Schema.Fields(Map.of("code", new Schema.Attr("code", ConfigType.number(), true)));
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(Capabilities.FileSystemIsolation.IMAGE);
  }

  @Override
  public void fingerprint(Listener<Fingerprint> fingerprints) throws InterruptedException {
    fingerprints.tell(
        new Fingerprint(Fingerprint.Health.HEALTHY, "Healthy", Map.of("driver.example", true)));
  }

  @Override
  public StartedTask startTask(TaskConfig task) {
    return StartedTask.of(new DriverState(1, task.config().get("code").toString()));
  }

  @Override
  public void recoverTask(TaskConfig task, DriverState driverState) {}

  @Override
  public TaskExit awaitTask(String taskId) throws TaskNotFoundException {
    if (taskId.isEmpty()) {
      throw new TaskNotFoundException(taskId);
    }
    return TaskExit.of(7);
  }

  @Override
  public void stopTask(String taskId, Duration timeout, Optional<String> signal) {}

  @Override
  public void destroyTask(String taskId, boolean force) {}

  @Override
  public TaskStatus inspectTask(String taskId) throws DriverException {
    throw new TaskNotFoundException(taskId);
  }

  @Override
  public Optional<TaskUsage> taskUsage(String taskId) {
    return Optional.empty();
  }

  @Override
  public void signalTask(String taskId, String signal) {}

  @Override
  public TaskExit exec(String taskId, List<String> command, boolean terminal, ExecStreams streams) {
    return TaskExit.of(0);
  }
}
