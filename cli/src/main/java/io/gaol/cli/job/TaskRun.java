package io.gaol.cli.job;

import io.gaol.cli.job.PlannedAllocation.PlannedTask;
import io.gaol.cli.job.TaskCoordinator.State;
import io.gaol.engine.Command;
import io.gaol.engine.Exit;
import io.gaol.engine.Owner;
import io.gaol.engine.Plan;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.engine.TaskEngine;
import io.gaol.jail.Environment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One task of an allocation, with every start of it, until it is dead. */
final class TaskRun {
  /** After a task has ended, how long its last output may take to come through. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private static final int UNKNOWN_STATUS = 1;

  /** What the other tasks of the allocation have to do with it. */
  interface Group {
    /**
     * Waits until the task may start.
     *
     * @return false if it is to end instead
     */
    boolean awaitTurn(TaskRun task) throws InterruptedException;

    /** Notes how the task is now. */
    void become(TaskRun task, State state);

    /** Wakes who waits for a turn: the task is to end. */
    void wake();
  }

  /** What a change of a template asks for beyond the end of the run. */
  private enum Demand {
    NONE,
    RESTART,
    FAILURE
  }

  private final PlannedTask planned;
  private final JobPlanner.Placed placed;
  private final String title;
  private final TaskEngine engine;
  private final JobPlanner planner;
  private final RunningTasks running;
  private final JobOutput output;
  private final Owner owner;
  private final Group group;
  private final RestartTracker restarts;

  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch hurry = new CountDownLatch(1);
  private final CountDownLatch dead = new CountDownLatch(1);
  private Optional<TaskArtifacts> artifacts = Optional.empty();
  private Optional<TaskTemplates> templates = Optional.empty();
  private volatile Demand demand = Demand.NONE;
  private Optional<Thread> starting = Optional.empty();
  private Optional<Task> current = Optional.empty();
  private volatile boolean killed;
  private volatile Optional<Exit> lastExit = Optional.empty();

  TaskRun(
      PlannedTask planned,
      TaskEngine engine,
      JobPlanner planner,
      RunningTasks running,
      JobOutput output,
      Owner owner,
      Group group) {
    this.planned = planned;
    this.placed = planned.placed();
    this.title = placed.title();
    this.engine = engine;
    this.planner = planner;
    this.running = running;
    this.output = output;
    this.owner = owner;
    this.group = group;
    this.restarts = new RestartTracker(placed.task().restart());
  }

  /** Its place in the group. */
  int number() {
    return placed.number();
  }

  /** What a person calls it. */
  String title() {
    return title;
  }

  // ---- its life

  /** Runs it until it is dead. */
  void run() {
    State end = State.DEAD;
    try {
      end = live();
    } catch (JobException wrong) {
      wrong.messages().forEach(this::event);
      lastExit = Optional.empty();
      end = fail();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      hurry.countDown();
      group.become(this, end);
      dead.countDown();
    }
  }

  private State live() throws JobException, InterruptedException {
    boolean again = TaskCoordinator.restartsOnSuccess(placed.task(), placed.job().isBatch());
    for (int start = 0; group.awaitTurn(this); start++) {
      lastExit = prepare() ? runOnce(plan(start)) : Optional.empty();
      if (isEnding()) {
        return State.DEAD;
      }
      if (demand == Demand.FAILURE) {
        lastExit = Optional.empty();
        return fail();
      }
      if (demand == Demand.RESTART) {
        demand = Demand.NONE;
        group.become(this, State.PENDING);
        continue;
      }
      if (succeeded() && !again) {
        return State.DEAD;
      }
      Optional<Duration> delay = restarts.next(Instant.now());
      if (delay.isEmpty()) {
        return fail();
      }
      group.become(this, State.PENDING);
      event("restarting in " + Seconds.text(delay.get()));
      if (ending.await(delay.get().toNanos(), TimeUnit.NANOSECONDS)) {
        return State.DEAD;
      }
    }
    return State.DEAD;
  }

  private boolean succeeded() {
    return lastExit.filter(Exit::successful).isPresent();
  }

  private State fail() {
    if (!succeeded()) {
      running.failed(lastExit.flatMap(Exit::status).orElse(UNKNOWN_STATUS));
    }
    return State.FAILED;
  }

  /** Why others must end that depend on it. */
  String failure() {
    return succeeded() ? "may not be started again" : "has failed";
  }

  private Plan plan(int start) throws JobException {
    return start == 0 && !planned.provisional()
        ? planned.plan()
        : planner.plan(placed, start, templates.map(TaskTemplates::variables).orElse(Map.of()));
  }

  /** Does what goes before a start; false if it could not be done. */
  private boolean prepare() throws JobException {
    if (placed.task().artifacts().isEmpty() && placed.task().templates().isEmpty()) {
      return true;
    }
    if (artifacts.isEmpty()) {
      artifacts = Optional.of(planner.artifacts(placed));
      templates = Optional.of(planner.templates(placed));
    }
    try {
      beginStart();
      artifacts.get().fetch(this::event);
      templates.get().render();
      return true;
    } catch (JobException failure) {
      event("not started: " + failure.getMessage());
    } catch (InterruptedException stopped) {
      event("not started: it is being stopped");
    } finally {
      endStart(Optional.empty());
    }
    return false;
  }

  /** Runs a task once; empty if it could not be started. */
  private Optional<Exit> runOnce(Plan plan) throws InterruptedException {
    running.name(plan.name(), title);
    // What a task says comes after the word that it has started.
    CountDownLatch told = new CountDownLatch(1);
    List<LogReader> readers =
        List.of(
            LogReader.start(placed.stdout(), after(told, line -> output.out(title, line))),
            LogReader.start(placed.stderr(), after(told, line -> output.err(title, line))));
    Optional<Task> started = start(plan);
    if (started.isPresent()) {
      event("started");
    }
    told.countDown();
    if (started.isEmpty()) {
      readers.forEach(LogReader::cancel);
      return Optional.empty();
    }
    Task task = started.get();
    group.become(this, State.RUNNING);
    if (killed) {
      task.kill();
    } else if (isEnding()) {
      task.stop();
    }
    Optional<TemplateChanges> changes = followTemplates(task);
    Exit exit = task.await();
    if (changes.isPresent()) {
      changes.get().close();
    }
    forget();
    for (LogReader reader : readers) {
      if (!reader.finish(DRAIN)) {
        event("warning: its output did not end with it");
      }
    }
    event(exit.describe());
    try {
      task.destroy().forEach(problem -> event("left behind: " + problem));
    } catch (IOException failure) {
      event("left behind: " + failure.getMessage());
    }
    return Optional.of(exit);
  }

  private Optional<TemplateChanges> followTemplates(Task task) {
    if (templates.isEmpty() || templates.get().inputs().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          TemplateChanges.follow(templates.get(), changed -> obey(task, changed), this::event));
    } catch (IOException failure) {
      event("warning: changes of its templates cannot be watched: " + failure.getMessage());
      return Optional.empty();
    }
  }

  /** Does what templates ask for that have changed. A restart makes all else needless. */
  private void obey(Task task, List<Job.Template> changed) throws InterruptedException {
    if (changed.stream()
        .map(Job.Template::change)
        .anyMatch(Job.Template.Restart.class::isInstance)) {
      demand = Demand.RESTART;
      event("restarting, as a template has changed");
      task.stop();
      return;
    }
    Set<Job.Template.Change> changes = new LinkedHashSet<>();
    changed.forEach(template -> changes.add(template.change()));
    for (Job.Template.Change change : changes) {
      switch (change) {
        case Job.Template.Signal(String signal) -> {
          event("sending " + signal + ", as a template has changed");
          try {
            task.signal(signal);
          } catch (IOException failure) {
            event("warning: cannot send " + signal + ": " + failure.getMessage());
          }
        }
        case Job.Template.Script script -> obey(task, script);
        case Job.Template.Noop _, Job.Template.Restart _ -> {
          // Nothing to do, or done.
        }
      }
    }
  }

  private void obey(Task task, Job.Template.Script script) throws InterruptedException {
    List<String> words = new ArrayList<>(List.of(script.command()));
    words.addAll(script.arguments());
    Command command =
        new Command(
            "change_script",
            String.join(" ", words),
            words,
            Command.Where.JAIL,
            Optional.of(script.timeout()),
            false,
            Environment.EMPTY);
    Optional<String> failure = task.run(command);
    failure.ifPresent(this::event);
    if (failure.isPresent() && script.failOnError()) {
      demand = Demand.FAILURE;
      task.stop();
    }
  }

  private LogReader.Lines after(CountDownLatch told, LogReader.Lines lines) {
    if (placed.task().logs().disabled()) {
      return line -> {};
    }
    return line -> {
      try {
        told.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      lines.line(line);
    };
  }

  private Optional<Task> start(Plan plan) {
    Optional<Task> task = Optional.empty();
    try {
      beginStart();
      task = Optional.of(engine.start(plan, owner));
    } catch (StepFailedException failure) {
      event("not started: " + failure.getMessage());
    } catch (InterruptedException stopped) {
      event("not started: it is being stopped");
    } finally {
      endStart(task);
    }
    return task;
  }

  /** An end interrupts the calling thread from here on. */
  private synchronized void beginStart() throws InterruptedException {
    if (isEnding()) {
      throw new InterruptedException("it is being stopped");
    }
    starting = Optional.of(Thread.currentThread());
  }

  private synchronized void endStart(Optional<Task> task) {
    starting = Optional.empty();
    current = task;
    // An interruption that came too late is seen by isEnding.
    boolean late = Thread.interrupted();
    if (late && !isEnding()) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void forget() {
    current = Optional.empty();
    if (isEnding()) {
      hurry.countDown();
    }
  }

  private void event(String message) {
    output.event(title, message);
  }

  // ---- its end

  private boolean isEnding() {
    return ending.getCount() == 0;
  }

  /** Ends it, however far it is, as its job says; returns when it is dead. */
  void end() throws InterruptedException {
    Optional<Task> task = beginEnding();
    if (task.isPresent()) {
      Duration delay = placed.task().shutdownDelay();
      if (!delay.isZero()) {
        event("waiting " + Seconds.text(delay) + " before it is stopped (shutdown_delay)");
        hurry.await(delay.toNanos(), TimeUnit.NANOSECONDS);
      }
      task.get().stop();
    }
    dead.await();
  }

  /** Kills it at once. */
  void kill() {
    killed = true;
    Optional<Task> task = beginEnding();
    hurry.countDown();
    task.ifPresent(live -> Thread.ofVirtual().start(() -> uninterrupted(live::kill)));
  }

  private Optional<Task> beginEnding() {
    Optional<Task> task;
    synchronized (this) {
      ending.countDown();
      starting.ifPresent(Thread::interrupt);
      task = current;
    }
    group.wake();
    return task;
  }

  /** Whether it is to end: {@link Group#awaitTurn} lets it go then. */
  boolean isToEnd() {
    return isEnding();
  }

  /** What may be interrupted, but is not here. */
  @FunctionalInterface
  private interface Interruptible {
    void run() throws InterruptedException;
  }

  private static void uninterrupted(Interruptible act) {
    try {
      act.run();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
