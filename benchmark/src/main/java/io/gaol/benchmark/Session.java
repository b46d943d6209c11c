package io.gaol.benchmark;

import io.gaol.engine.Programs;
import io.gaol.engine.Task;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskStore;
import io.gaol.linux.LinuxHost;
import io.gaol.linux.LinuxPlaces;
import io.gaol.linux.LinuxProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One run of the benchmark: a state directory of its own, which goes with it. */
final class Session implements AutoCloseable {
  private final Path state;
  private final LinuxPlaces places;
  private final LinuxHost host;

  /**
   * A session.
   *
   * @param parent on the file system that is to be measured
   */
  Session(Path parent) throws IOException {
    this.state = Files.createTempDirectory(parent, "gaol-benchmark-");
    this.places = new LinuxPlaces(state);
    this.host =
        new LinuxHost(
            places,
            LinuxProbe.program("crun")
                .orElseThrow(() -> new IOException("crun is not installed: apt-get install crun")));
  }

  LinuxPlaces places() {
    return places;
  }

  LinuxHost host() {
    return host;
  }

  /** A directory for a scenario. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(state.resolve(name));
  }

  /** An engine that tells nobody. */
  TaskEngine engine() throws IOException {
    return new TaskEngine(host, TaskStore.open(state), event -> {});
  }

  /** Ends and removes whatever a run that failed half-way has left, then the state directory. */
  @Override
  public void close() throws IOException {
    try {
      endTasks();
      Programs.run(List.of("rm", "-rf", "--one-file-system", "--", state.toString()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void endTasks() throws IOException, InterruptedException {
    try (TaskEngine engine = engine()) {
      for (TaskStore.Listed listed : engine.list()) {
        Optional<Task> task = engine.recover(listed.name());
        if (task.isPresent()) {
          task.get().kill();
          task.get().stop();
          task.get().destroy();
        }
      }
    }
  }
}
