package io.gaol.cli.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Counts the restarts of a task, by Nomad's rule (client/allocrunner/taskrunner/restarts). */
final class RestartTracker {
  private final Job.RestartPolicy policy;
  private int count;
  private Optional<Instant> intervalStart = Optional.empty();

  RestartTracker(Job.RestartPolicy policy) {
    this.policy = policy;
  }

  /**
   * What to do with a task that has ended and should run.
   *
   * @return how long to wait before it is started again; empty if it has failed for good
   */
  Optional<Duration> next(Instant now) {
    if (policy.attempts() == 0) {
      return Optional.empty();
    }
    if (intervalStart.isEmpty() || now.isAfter(intervalStart.get().plus(policy.interval()))) {
      count = 0;
      intervalStart = Optional.of(now);
    }
    count++;
    if (count <= policy.attempts()) {
      return Optional.of(policy.delay());
    }
    if (policy.delays()) {
      return Optional.of(Duration.between(now, intervalStart.get().plus(policy.interval())));
    }
    return Optional.empty();
  }
}
