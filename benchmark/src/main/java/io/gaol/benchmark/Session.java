package io.gaol.benchmark;

import io.gaol.engine.Owner;
import io.gaol.engine.Plan;
import io.gaol.engine.Programs;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskStore;
import io.gaol.linux.LinuxHost;
import io.gaol.linux.LinuxPlaces;
import io.gaol.linux.LinuxProbe;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One run of the benchmark: a state directory of its own, and the tasks in it. All of it goes with
 * the session, also when the program is interrupted.
 */
final class Session implements AutoCloseable {
  private final Path state;
  private final LinuxPlaces places;
  private final LinuxHost host;
  private final TaskEngine engine;
  private final Owner owner;
  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
  private final Set<DrivenPlugin> plugins = ConcurrentHashMap.newKeySet();
  private final Set<Process> processes = ConcurrentHashMap.newKeySet();
  private final Set<Path> runtimeRoots = ConcurrentHashMap.newKeySet();
  private final Thread interrupted = new Thread(this::end);
  private boolean ended;

  /**
   * A session.
   *
   * @param parent on the file system that is to be measured
   */
  Session(Path parent) throws IOException {
    Path crun =
        LinuxProbe.program("crun")
            .orElseThrow(() -> new IOException("crun is not installed: apt-get install crun"));
    this.state = Files.createTempDirectory(parent, "gaol-benchmark-");
    this.places = new LinuxPlaces(state);
    this.host = new LinuxHost(places, crun);
    this.engine = new TaskEngine(host, TaskStore.open(state, "--state-dir"), event -> {});
    this.owner = Owner.self(host, "benchmark", "task", "benchmark");
    Runtime.getRuntime().addShutdownHook(interrupted);
  }

  LinuxPlaces places() {
    return places;
  }

  /** A directory for a scenario. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(state.resolve(name));
  }

  /** Where a runtime without Gaol keeps its records; what is in it goes with the session. */
  Path runtimeRoot(String name) {
    Path root = state.resolve(name);
    runtimeRoots.add(root);
    return root;
  }

  /** Starts a task as any user of the engine does. */
  synchronized Task start(Plan plan) throws StepFailedException, InterruptedException {
    if (ended) {
      throw new IllegalStateException("the session has ended");
    }
    Task task = engine.start(plan, owner);
    tasks.add(task);
    return task;
  }

  /** Starts a program that ends with the session at the latest: SIGTERM. */
  synchronized Process start(ProcessBuilder program) throws IOException {
    if (ended) {
      throw new IllegalStateException("the session has ended");
    }
    processes.removeIf(process -> !process.isAlive());
    Process process = program.start();
    processes.add(process);
    return process;
  }

  /**
   * Launches a plugin as an agent does, and configures it for work.
   *
   * @param name of the directory that it keeps its state in, made for it
   */
  synchronized DrivenPlugin launch(Path program, String name) throws IOException {
    if (ended) {
      throw new IllegalStateException("the session has ended");
    }
    DrivenPlugin plugin = DrivenPlugin.launch(program, directory(name));
    plugins.add(plugin);
    return plugin;
  }

  /** Ends a plugin, as an agent does. */
  void end(DrivenPlugin plugin) {
    plugin.close();
    plugins.remove(plugin);
  }

  /** Removes what is left of a task that has ended. */
  void destroy(Task task) throws IOException, InterruptedException {
    List<String> problems = task.destroy();
    tasks.remove(task);
    if (!problems.isEmpty()) {
      throw new IOException(task.name() + ": " + problems);
    }
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(interrupted);
  }

  private synchronized void end() {
    if (ended) {
      return;
    }
    ended = true;
    try (engine) {
      processes.forEach(Process::destroy);
      plugins.forEach(DrivenPlugin::close);
      for (Task task : tasks) {
        task.kill();
        task.stop();
        task.destroy();
      }
      for (Path root : runtimeRoots) {
        deleteContainers(root);
      }
      Programs.run(
          Path.of("/tmp"), List.of("rm", "-rf", "--one-file-system", "--", state.toString()));
    } catch (IOException failure) {
      System.err.println("not all could be removed: " + failure);
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
  }

  private static void deleteContainers(Path root) throws IOException, InterruptedException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (DirectoryStream<Path> containers = Files.newDirectoryStream(root)) {
      for (Path container : containers) {
        String name = container.getFileName().toString();
        Programs.run(
            Path.of("/tmp"), List.of("crun", "--root", root.toString(), "delete", "--force", name));
      }
    }
  }
}
