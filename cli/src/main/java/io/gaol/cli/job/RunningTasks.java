package io.gaol.cli.job;

import io.gaol.engine.TaskEvent;
import io.gaol.jail.JailName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What runs of a job, for those who stop it. */
final class RunningTasks {
  private final JobOutput output;
  private final Map<JailName, String> titles = new ConcurrentHashMap<>();
  private final List<AllocationRun> allocations = new ArrayList<>();
  private Optional<Integer> firstFailure = Optional.empty();
  private boolean stopRequested;

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
      case HOOK_OUTPUT, LIMIT, STOPPING -> output.event(title, event.message());
      case WARNING -> output.event(title, "warning: " + event.message());
      case STARTED, EXITED -> {
        // Told by who reads the task's output, when that is through.
      }
    }
  }

  /** Notes an allocation that is about to run; if the job is to stop already, it does not. */
  synchronized void add(AllocationRun allocation) {
    allocations.add(allocation);
    if (stopRequested) {
      allocation.requestStop();
    }
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

  /** Stops every task as its job says. */
  synchronized void requestStop() {
    stopRequested = true;
    allocations.forEach(AllocationRun::requestStop);
  }

  /** Kills every task, at once. */
  synchronized void requestKill() {
    stopRequested = true;
    allocations.forEach(AllocationRun::requestKill);
  }
}
