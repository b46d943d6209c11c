package io.gaol.engine;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An engine on a fake host, with a state directory and what its tests need around it. */
final class Shop {
  static final Path NULL = Path.of("/dev/null");
  static final JailName NAME = new JailName("web");

  /** What a jail says when its first command runs. */
  static final String RUNNING = "echo running >&3; echo started >&3; ";

  final FakeHost host = new FakeHost();
  final List<TaskEvent> events = new CopyOnWriteArrayList<>();
  final Path folder;
  volatile Consumer<TaskEvent> listener = events::add;
  TaskStore store;
  TaskEngine engine;

  Shop(Path folder) throws IOException {
    this.folder = folder;
    open();
  }

  private void open() throws IOException {
    store = TaskStore.open(folder.resolve("state"), "--state-dir");
    engine = new TaskEngine(host, store, event -> listener.accept(event));
  }

  /**
   * A new program on the same state directory, after the old one died: its locks died with it. (A
   * lock is on a file, not on its name, so a copy of the file under that name is not locked.)
   */
  void restart() throws IOException {
    engine.close();
    listener = events::add;
    for (TaskStore.Listed task : store.list()) {
      Path lock = store.path(task.name()).resolve("lock");
      if (Files.exists(lock)) {
        Files.copy(lock, lock.resolveSibling("lock.new"));
        Files.move(lock.resolveSibling("lock.new"), lock, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    open();
  }

  /** A hook that writes its name into the file {@code log}. */
  static Command appends(Path folder, String name) {
    return appends(folder, name, "");
  }

  static Command appends(Path folder, String name, String more) {
    return Samples.shell(
        "exec." + name, "echo " + name + " >>" + folder.resolve("log") + "; echo " + name + more);
  }

  List<String> logged() throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** A plan whose main process is a script of sh(1)'s. */
  static Plan plan(JailName name, Path stdout, Path stderr, String script, Step... before) {
    return plan(name, stdout, stderr, script, List.of(before), List.of(), List.of(), List.of());
  }

  static Plan plan(
      JailName name,
      Path stdout,
      Path stderr,
      String script,
      List<Step> before,
      List<Step> whenStarted,
      List<Command> prestop,
      List<Command> stop) {
    return planOfAll(name, stdout, stderr, RUNNING + script, before, whenStarted, prestop, stop);
  }

  /** As {@link #plan}, of a script that says itself, by {@link #RUNNING}, that it runs. */
  static Plan planOfAll(
      JailName name,
      Path stdout,
      Path stderr,
      String script,
      List<Step> before,
      List<Step> whenStarted,
      List<Command> prestop,
      List<Command> stop) {
    List<Step> steps = new ArrayList<>(before);
    steps.add(
        new Step.Supervise(
            new Supervised(
                FakeHost.inJail(name, "/bin/sh", "-c", script), stdout, stderr, "echo no")));
    steps.add(new Step.Await(Progress.RUNNING));
    return new Plan(
        name, steps, whenStarted, prestop, stop, "SIGTERM", Duration.ofSeconds(10), List.of());
  }

  Task start(String script, Step... before) throws StepFailedException, InterruptedException {
    return engine.start(plan(NAME, NULL, NULL, script, before), Bench.OWNER);
  }

  Task start(Plan plan) throws StepFailedException, InterruptedException {
    return engine.start(plan, Bench.OWNER);
  }

  Path fifo(String name) throws IOException, InterruptedException {
    Path path = folder.resolve(name);
    Programs.run(folder, List.of("mkfifo", path.toString()));
    return path;
  }

  /** The supervisor of a task. */
  long supervisor(Task task) throws IOException {
    return Long.parseLong(
        new TaskFiles(task.directory()).supervisorIdentity().orElseThrow().split(" ")[0]);
  }

  /** Every process that a task's supervisor started, and itself. */
  List<Long> processes(JailName name) throws IOException {
    return host.processesWith(CommandRunner.TASK_MARK, store.path(name).toString());
  }

  /** Tells that nothing of any task is there any more. */
  boolean isEmpty() throws IOException {
    return store.list().isEmpty() && processes(NAME).isEmpty() && !host.jail(NAME).alive();
  }

  /** A condition that may take a moment. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static void eventually(String what, Condition condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(20);
    while (!condition.holds()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("not within 20 s: " + what);
      }
      Thread.sleep(10);
    }
  }

  Optional<Long> number(String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.exists(path)
        ? Optional.of(Files.readString(path).strip())
            .filter(text -> !text.isEmpty())
            .map(Long::valueOf)
        : Optional.empty();
  }

  void close() throws IOException, InterruptedException {
    for (TaskStore.Listed task : store.list()) {
      host.jail(task.name()).kill();
      CommandRunner.killAll(host, CommandRunner.TASK_MARK, store.path(task.name()).toString());
    }
    engine.close();
  }
}
