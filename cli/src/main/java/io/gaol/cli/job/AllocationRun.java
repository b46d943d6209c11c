package io.gaol.cli.job;

import io.gaol.cli.job.PlannedAllocation.PlannedTask;
import io.gaol.cli.job.TaskCoordinator.Ending;
import io.gaol.cli.job.TaskCoordinator.State;
import io.gaol.engine.Host;
import io.gaol.engine.Owner;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.engine.TaskEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One allocation from its directories to its removal, with its tasks. */
final class AllocationRun implements Runnable {
  static final String PROGRAM = "gaol job run";
  static final String TASK_ROLE = "task";
  static final String ALLOCATION_ROLE = "allocation";

  private static final int UNKNOWN_STATUS = 1;

  private final PlannedAllocation planned;
  private final Job job;
  private final TaskEngine engine;
  private final Host host;
  private final RunningTasks running;
  private final JobOutput output;
  private final String title;
  private final Duration shutdownDelay;
  private final List<TaskRun> tasks = new ArrayList<>();
  private final List<State> states = new ArrayList<>();
  private TaskCoordinator coordinator;
  private boolean ending;
  private boolean killed;

  AllocationRun(
      PlannedAllocation planned,
      Job job,
      TaskEngine engine,
      Host host,
      JobPlanner planner,
      RunningTasks running,
      JobOutput output) {
    this.planned = planned;
    this.job = job;
    this.engine = engine;
    this.host = host;
    this.running = running;
    this.output = output;
    this.title = "allocation " + planned.allocation().shortId();
    Job.Group group = planned.group();
    this.shutdownDelay = group.shutdownDelay();
    this.coordinator = TaskCoordinator.of(group.tasks());
    Owner owner = owner(TASK_ROLE);
    for (PlannedTask task : planned.tasks()) {
      states.add(State.PENDING);
      tasks.add(new TaskRun(task, engine, planner, running, output, owner, new Tasks()));
    }
  }

  private Owner owner(String role) {
    return Owner.self(host, PROGRAM, role, job.name());
  }

  @Override
  public void run() {
    running.name(planned.allocation().name(), title);
    if (isEnding()) {
      return;
    }
    Task directories;
    try {
      directories = engine.start(planned.directories(), owner(ALLOCATION_ROLE));
    } catch (StepFailedException failure) {
      output.event(title, failure.getMessage());
      running.failed(UNKNOWN_STATUS);
      return;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      List<Thread> threads = new ArrayList<>();
      for (TaskRun task : tasks) {
        threads.add(Thread.ofVirtual().start(task::run));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      directories.stop();
      directories.destroy().forEach(problem -> output.event(title, "left behind: " + problem));
    } catch (IOException failure) {
      output.event(title, "left behind: " + failure.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- what its tasks are to each other

  /** What a task knows of the others. */
  private final class Tasks implements TaskRun.Group {
    @Override
    public boolean awaitTurn(TaskRun task) throws InterruptedException {
      synchronized (AllocationRun.this) {
        while (!coordinator.allows(task.number()) && !task.isToEnd()) {
          AllocationRun.this.wait();
        }
        return !task.isToEnd();
      }
    }

    @Override
    public void become(TaskRun task, State state) {
      synchronized (AllocationRun.this) {
        states.set(task.number(), state);
        coordinator = coordinator.after(states);
        AllocationRun.this.notifyAll();
        coordinator.ending(states).ifPresent(why -> beginEnding(Optional.of(why)));
      }
    }

    @Override
    public void wake() {
      synchronized (AllocationRun.this) {
        AllocationRun.this.notifyAll();
      }
    }
  }

  // ---- its end

  private synchronized boolean isEnding() {
    return ending;
  }

  /** Ends every task as its job says; then the poststop tasks run. */
  void requestStop() {
    beginEnding(Optional.empty());
  }

  /** Kills every task at once; poststop tasks too. */
  void requestKill() {
    synchronized (this) {
      ending = true;
      killed = true;
      notifyAll();
    }
    tasks.forEach(TaskRun::kill);
  }

  private synchronized void beginEnding(Optional<Ending> why) {
    if (ending) {
      return;
    }
    ending = true;
    why.ifPresent(this::tell);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                end();
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void tell(Ending why) {
    String reason =
        switch (why) {
          case Ending.SiblingFailed(int task) ->
              tasks.get(task).title() + " " + tasks.get(task).failure();
          case Ending.LeaderDead(int task) -> tasks.get(task).title() + ", the leader, has ended";
          case Ending.MainDead() -> "the main tasks have ended";
        };
    for (TaskRun task : tasks) {
      State state = states.get(task.number());
      boolean isEnded = coordinator.stages().get(task.number()) != TaskCoordinator.Stage.POSTSTOP;
      if (isEnded && !state.isDead()) {
        String what = state == State.RUNNING ? "stopping" : "not started";
        output.event(task.title(), what + ", as " + reason);
      }
    }
  }

  private void end() throws InterruptedException {
    awaitShutdownDelay();
    for (List<Integer> together : coordinator.endingOrder()) {
      List<Thread> threads = new ArrayList<>();
      for (int number : together) {
        TaskRun task = tasks.get(number);
        threads.add(Thread.ofVirtual().start(() -> end(task)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void end(TaskRun task) {
    try {
      task.end();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitShutdownDelay() throws InterruptedException {
    if (shutdownDelay.isZero() || !states.contains(State.RUNNING)) {
      return;
    }
    output.event(
        title,
        "waiting "
            + Seconds.text(shutdownDelay)
            + " before its tasks are stopped (shutdown_delay)");
    long deadline = System.nanoTime() + shutdownDelay.toNanos();
    while (!killed && coordinator.phase() != TaskCoordinator.Phase.POSTSTOP) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
