package io.gaol.cli.job;

import io.gaol.engine.Task;
import io.gaol.engine.TaskEvent;
import io.gaol.jail.JailName;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What runs of a job, for those who stop it. */
final class RunningTasks {
  private final JobOutput output;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final Map<JailName, String> titles = new ConcurrentHashMap<>();
  private final Map<JailName, Task> running = new HashMap<>();
  private final Set<Thread> starting = new HashSet<>();
  private Optional<Integer> firstFailure = Optional.empty();

  RunningTasks(JobOutput output) {
    this.output = output;
  }

  /** Notes how a jail is called in messages. */
  void name(JailName jail, String title) {
    titles.put(jail, title);
  }

  void hear(TaskEvent event) {
    String title = titles.getOrDefault(event.jail(), event.jail().value());
    switch (event.kind()) {
      case HOOK_OUTPUT, STOPPING -> output.event(title, event.message());
      case WARNING -> output.event(title, "warning: " + event.message());
      case STARTED, EXITED -> {
        // Told by who reads the task's output, when that is through.
      }
    }
  }

  /** The calling thread starts a task: a stop interrupts it. */
  synchronized void beginStart() throws InterruptedException {
    if (isStopRequested()) {
      throw new InterruptedException("the job is being stopped");
    }
    starting.add(Thread.currentThread());
  }

  /** The calling thread has started a task, or given up. */
  synchronized void endStart(Optional<Task> task) {
    starting.remove(Thread.currentThread());
    // An interruption that came too late is seen by isStopRequested.
    boolean late = Thread.interrupted();
    if (late && !isStopRequested()) {
      Thread.currentThread().interrupt();
    }
    task.ifPresent(started -> running.put(started.name(), started));
  }

  synchronized void ended(Task task) {
    running.remove(task.name());
  }

  /** Notes that a task has failed for good. */
  synchronized void failed(int status) {
    if (firstFailure.isEmpty()) {
      firstFailure = Optional.of(status);
    }
  }

  /** The exit status of the first task that failed. */
  synchronized Optional<Integer> firstFailure() {
    return firstFailure;
  }

  boolean isStopRequested() {
    return stopRequested.getCount() == 0;
  }

  /** Waits for a time, or until the job is to stop. */
  boolean awaitStopRequest(Duration time) throws InterruptedException {
    return stopRequested.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Stops every task as its job says. */
  synchronized void requestStop() {
    stopRequested.countDown();
    starting.forEach(Thread::interrupt);
    running.values().forEach(RunningTasks::stopInBackground);
  }

  /** Kills every task, at once. */
  synchronized void requestKill() {
    stopRequested.countDown();
    starting.forEach(Thread::interrupt);
    for (Task task : List.copyOf(running.values())) {
      Thread.ofVirtual().start(() -> uninterrupted(task::kill));
    }
  }

  static void stopInBackground(Task task) {
    Thread.ofVirtual().start(() -> uninterrupted(task::stop));
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
