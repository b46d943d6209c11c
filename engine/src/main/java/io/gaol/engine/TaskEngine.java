package io.gaol.engine;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Starts tasks, and finds again those that were started before. */
public final class TaskEngine implements AutoCloseable {
  private static final int HOLD_ATTEMPTS = 10;

  private final Host host;
  private final TaskStore store;
  private final TaskListener listener;
  private final Claims claims;
  private final DirectoryWatch watch;

  /**
   * An engine.
   *
   * @param host what it works on
   * @param store where the tasks are
   * @param listener hears of what happens
   * @throws IOException if changes of the store cannot be watched
   */
  public TaskEngine(Host host, TaskStore store, TaskListener listener) throws IOException {
    this.host = Objects.requireNonNull(host, "host");
    this.store = Objects.requireNonNull(store, "store");
    this.listener = Objects.requireNonNull(listener, "listener");
    store.removeUnfinished(host);
    this.claims = new Claims(store.claims());
    this.watch = new DirectoryWatch(store.claims(), Duration.ofSeconds(1));
  }

  /**
   * Carries a plan out until the task's first command runs.
   *
   * @return the task; what fails from now on ends it
   * @throws StepFailedException if a step failed. Everything is undone; the message says what could
   *     not be
   */
  public Task start(Plan plan, Owner owner) throws StepFailedException, InterruptedException {
    TaskDirectory directory = create(plan.name(), owner);
    boolean supervised = plan.steps().stream().anyMatch(Step.Supervise.class::isInstance);
    return start(
        directory,
        supervised ? Optional.of(SupervisorLaunch.of(host, directory)) : Optional.empty(),
        plan);
  }

  /**
   * Begins a start whose plan is still to be made: takes the name, and has a supervisor come up
   * meanwhile.
   *
   * @throws StepFailedException if the name is taken, or the store cannot be written
   */
  public TaskStart begin(JailName name, Owner owner) throws StepFailedException {
    TaskDirectory directory = create(name, owner);
    return new TaskStart(this, directory, SupervisorLaunch.of(host, directory));
  }

  private TaskDirectory create(JailName name, Owner owner) throws StepFailedException {
    try {
      return store.create(name, owner);
    } catch (IOException failure) {
      throw new StepFailedException(
          "cannot make the directory of task " + name + ": " + PlanRunner.reason(failure), failure);
    }
  }

  Task start(TaskDirectory directory, Optional<SupervisorLaunch> launch, Plan plan)
      throws StepFailedException, InterruptedException {
    Task task = null;
    try {
      StopOrder stopOrder = StopOrder.of(plan);
      directory.write(TaskFiles.STOP, stopOrder.toJson());
      if (!plan.watched().isEmpty()) {
        directory.write(TaskFiles.LIMITS, WatchedRules.toJson(plan.watched()));
      }
      task = new Task(host, directory, claims, watch, listener, stopOrder);
      task.start(plan, launch);
      return task;
    } catch (IOException failure) {
      discard(task, directory);
      throw new StepFailedException(
          "cannot write in " + directory.path() + ": " + PlanRunner.reason(failure), failure);
    } catch (RuntimeException failure) {
      discard(task, directory);
      throw failure;
    } catch (StepFailedException failure) {
      List<String> problems = task.abandon();
      if (problems.isEmpty()) {
        throw failure;
      }
      throw new StepFailedException(
          failure.getMessage()
              + "\n  and "
              + (Files.exists(directory.path())
                  ? "not all could be undone (gaol job stop tries again): "
                  : "when it was undone: ")
              + String.join("; ", problems),
          failure);
    } catch (InterruptedException interrupted) {
      List<String> problems = task.abandon();
      if (!problems.isEmpty()) {
        throw new StepFailedException(
            "it is being stopped, and not all could be undone (gaol job stop tries again): "
                + String.join("; ", problems),
            interrupted);
      }
      throw interrupted;
    } finally {
      launch.ifPresent(SupervisorLaunch::close);
    }
  }

  /**
   * Takes a name that nobody else can take until it is given up. It is listed as a task is; when
   * this program dies, {@link #recover} and {@link Task#destroy} remove it.
   *
   * @return empty if it is taken, by the living or the dead
   * @throws IOException if the store cannot be written
   */
  public Optional<HeldName> hold(JailName name, Owner owner) throws IOException {
    IOException last = null;
    for (int attempt = 0; attempt < HOLD_ATTEMPTS; attempt++) {
      try {
        return Optional.of(new HeldName(store.create(name, owner)));
      } catch (FileSystemException failure) {
        if (Files.exists(store.path(name), LinkOption.NOFOLLOW_LINKS)) {
          return Optional.empty();
        }
        // Who was in the way has given it up in this moment; or it is something else.
        last = failure;
      } catch (IOException failure) {
        last = failure;
        break;
      }
    }
    throw new IOException("cannot make " + store.path(name) + ": " + PlanRunner.reason(last), last);
  }

  private static void discard(Task task, TaskDirectory directory) throws InterruptedException {
    try {
      if (task == null) {
        directory.delete();
      } else {
        task.abandon();
      }
    } catch (IOException failure) {
      // The first failure is the one to tell: the disk is full, most likely. What is left has no
      // ledger, and goes with the job's next removal.
    }
  }

  /** Whether there is a task of this name, or what is left of one, whoever's it is. */
  public boolean has(JailName name) {
    return Files.exists(store.path(name));
  }

  /**
   * Takes over a task whose owner is gone. If it still runs, it runs on; if its start or its
   * removal was interrupted, that is finished.
   *
   * @return empty if there is no such task, or its owner lives
   */
  public Optional<Task> recover(JailName name) throws IOException, InterruptedException {
    Optional<TaskDirectory> directory = store.lock(name);
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    Task task = null;
    try {
      task = new Task(host, directory.get(), claims, watch, listener, stopOrder(directory.get()));
      task.resume(watched(directory.get()));
      return Optional.of(task);
    } catch (IOException | RuntimeException | InterruptedException failure) {
      if (task == null) {
        directory.get().close();
      } else {
        task.leave();
      }
      throw failure;
    }
  }

  private StopOrder stopOrder(TaskDirectory directory) throws IOException {
    Optional<String> written = directory.read(TaskFiles.STOP);
    if (written.isEmpty()) {
      return StopOrder.DEFAULT;
    }
    try {
      return StopOrder.fromJson(written.get());
    } catch (RuntimeException damaged) {
      // What is owed must be undone all the same.
      listener.event(
          new TaskEvent(
              directory.name(),
              TaskEvent.Kind.WARNING,
              directory.file(TaskFiles.STOP) + " is damaged, no stop hooks run: " + damaged));
      return new StopOrder(
          false,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          StopOrder.DEFAULT.signal(),
          StopOrder.DEFAULT.timeout());
    }
  }

  private List<WatchedRule> watched(TaskDirectory directory) throws IOException {
    Optional<String> written = directory.read(TaskFiles.LIMITS);
    if (written.isEmpty()) {
      return List.of();
    }
    try {
      return WatchedRules.fromJson(written.get());
    } catch (RuntimeException damaged) {
      // What the kernel holds it holds on; the task must be taken over all the same.
      listener.event(
          new TaskEvent(
              directory.name(),
              TaskEvent.Kind.WARNING,
              directory.file(TaskFiles.LIMITS)
                  + " is damaged, no rctl rule is watched any more: "
                  + damaged));
      return List.of();
    }
  }

  /** Whether a task's jail has a process, whoever owns the task. */
  public boolean isAlive(JailName name) throws IOException {
    return host.jail(name).alive();
  }

  /** The tasks that are there, of all owners. */
  public List<TaskStore.Listed> list() throws IOException {
    return store.list();
  }

  /** Lets go. Tasks run on. */
  @Override
  public void close() throws IOException {
    watch.close();
  }
}
