package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartTrackerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static RestartTracker tracker(int attempts, boolean delays) {
    return new RestartTracker(
        new Job.RestartPolicy(
            attempts, Duration.ofMinutes(10), Duration.ofSeconds(15), delays, false));
  }

  @Test
  void aTaskIsRestartedAsOftenAsItsPolicySaysAndThenFails() {
    RestartTracker tracker = tracker(2, false);

    assertThat(tracker.next(START)).contains(Duration.ofSeconds(15));
    assertThat(tracker.next(START.plusSeconds(20))).contains(Duration.ofSeconds(15));
    assertThat(tracker.next(START.plusSeconds(40))).isEmpty();
  }

  @Test
  void noAttemptsMeansNoRestart() {
    assertThat(tracker(0, true).next(START)).isEmpty();
  }

  @Test
  void attemptsCountAgainInTheNextInterval() {
    RestartTracker tracker = tracker(1, false);
    assertThat(tracker.next(START)).isPresent();

    assertThat(tracker.next(START.plus(Duration.ofMinutes(11)))).contains(Duration.ofSeconds(15));
  }

  @Test
  void modeDelayWaitsForTheNextIntervalInsteadOfFailing() {
    RestartTracker tracker = tracker(1, true);
    assertThat(tracker.next(START)).isPresent();

    assertThat(tracker.next(START.plus(Duration.ofMinutes(4)))).contains(Duration.ofMinutes(6));
  }
}
