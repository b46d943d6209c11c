package io.gaol.cli.job;

import io.gaol.cli.job.PlannedAllocation.PlannedTask;
import io.gaol.engine.Exit;
import io.gaol.engine.Owner;
import io.gaol.engine.Plan;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.engine.TaskEngine;
import io.gaol.linux.LinuxHost;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** One allocation from its directories to its removal, with every start of its tasks. */
final class AllocationRun implements Runnable {
  static final String PROGRAM = "gaol job run";
  static final String TASK_ROLE = "task";
  static final String ALLOCATION_ROLE = "allocation";

  /** After a task has ended, how long its last output may take to come through. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private static final int UNKNOWN_STATUS = 1;

  private final PlannedAllocation planned;
  private final Job job;
  private final TaskEngine engine;
  private final LinuxHost host;
  private final JobPlanner planner;
  private final RunningTasks running;
  private final JobOutput output;
  private final ConcurrentHashMap<JobPlanner.Placed, Task> siblings = new ConcurrentHashMap<>();
  private volatile boolean taskFailed;

  AllocationRun(
      PlannedAllocation planned,
      Job job,
      TaskEngine engine,
      LinuxHost host,
      JobPlanner planner,
      RunningTasks running,
      JobOutput output) {
    this.planned = planned;
    this.job = job;
    this.engine = engine;
    this.host = host;
    this.planner = planner;
    this.running = running;
    this.output = output;
  }

  @Override
  public void run() {
    String title = "allocation " + planned.allocation().shortId();
    running.name(planned.allocation().name(), title);
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
      for (PlannedTask task : planned.tasks()) {
        threads.add(Thread.ofVirtual().start(() -> runTask(task)));
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

  private Owner owner(String role) {
    return Owner.self(host, PROGRAM, role, job.name());
  }

  private void runTask(PlannedTask task) {
    JobPlanner.Placed placed = task.placed();
    RestartTracker restarts = new RestartTracker(placed.task().restart());
    try {
      Plan plan = task.plan();
      for (int start = 1; mayRun(); start++) {
        Optional<Exit> exit = runOnce(placed, plan);
        boolean done = exit.isPresent() && exit.get().successful() && job.isBatch();
        if (done || !mayRun()) {
          return;
        }
        Optional<Duration> delay = restarts.next(Instant.now());
        if (delay.isEmpty()) {
          giveUp(placed, exit);
          return;
        }
        output.event(placed.title(), "restarting in " + delay.get().toSeconds() + " s");
        if (running.awaitStopRequest(delay.get()) || !mayRun()) {
          return;
        }
        plan = planner.plan(placed, start);
      }
    } catch (JobException wrong) {
      wrong.messages().forEach(message -> output.event(placed.title(), message));
      giveUp(placed, Optional.empty());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean mayRun() {
    return !running.isStopRequested() && !taskFailed;
  }

  /** A task that has failed for good takes the others of its allocation with it, as in Nomad. */
  private void giveUp(JobPlanner.Placed placed, Optional<Exit> exit) {
    if (exit.isPresent() && exit.get().successful()) {
      return;
    }
    running.failed(exit.flatMap(Exit::status).orElse(UNKNOWN_STATUS));
    taskFailed = true;
    siblings.forEach(
        (sibling, task) -> {
          output.event(sibling.title(), "stopping, as " + placed.title() + " has failed");
          RunningTasks.stopInBackground(task);
        });
  }

  /** Runs a task once; empty if it could not be started. */
  private Optional<Exit> runOnce(JobPlanner.Placed placed, Plan plan) throws InterruptedException {
    String title = placed.title();
    running.name(plan.name(), title);
    // What a task says comes after the word that it has started.
    CountDownLatch told = new CountDownLatch(1);
    List<LogReader> readers =
        List.of(
            LogReader.start(placed.stdout(), after(told, line -> output.out(title, line))),
            LogReader.start(placed.stderr(), after(told, line -> output.err(title, line))));
    Optional<Task> started = start(placed, plan);
    if (started.isPresent()) {
      output.event(title, "started");
    }
    told.countDown();
    if (started.isEmpty()) {
      readers.forEach(LogReader::cancel);
      return Optional.empty();
    }
    Task task = started.get();
    siblings.put(placed, task);
    if (!mayRun()) {
      task.stop();
    }
    Exit exit = task.await();
    siblings.remove(placed);
    running.ended(task);
    for (LogReader reader : readers) {
      if (!reader.finish(DRAIN)) {
        output.event(title, "warning: its output did not end with it");
      }
    }
    output.event(title, exit.describe());
    try {
      task.destroy().forEach(problem -> output.event(title, "left behind: " + problem));
    } catch (IOException failure) {
      output.event(title, "left behind: " + failure.getMessage());
    }
    return Optional.of(exit);
  }

  private static LogReader.Lines after(CountDownLatch told, LogReader.Lines lines) {
    return line -> {
      try {
        told.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      lines.line(line);
    };
  }

  private Optional<Task> start(JobPlanner.Placed placed, Plan plan) {
    Optional<Task> task = Optional.empty();
    try {
      running.beginStart();
      task = Optional.of(engine.start(plan, owner(TASK_ROLE)));
    } catch (StepFailedException failure) {
      output.event(placed.title(), "not started: " + failure.getMessage());
    } catch (InterruptedException stopped) {
      output.event(placed.title(), "not started: the job is being stopped");
    } finally {
      running.endStart(task);
    }
    return task;
  }
}
