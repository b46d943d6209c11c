package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.nomad.proto.driver.FingerprintRequest;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.FingerprintResponse.HealthState;
import io.gaol.nomad.proto.driver.TaskEventsRequest;
import io.gaol.nomad.proto.driver.TaskStatsRequest;
import io.gaol.nomad.proto.driver.TaskStatsResponse;
import io.gaol.nomad.proto.shared.Attribute;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an agent listens to. */
final class StreamsTest {
  private static final String ID = "b3d2/web/0a1b2c3d";

  private static Inbox<FingerprintRequest, FingerprintResponse> fingerprints(Plugin plugin) {
    Inbox<FingerprintRequest, FingerprintResponse> inbox = new Inbox<>(true);
    plugin.asynchronous().fingerprint(FingerprintRequest.getDefaultInstance(), inbox);
    return inbox;
  }

  private static Inbox<TaskEventsRequest, DriverTaskEvent> events(Plugin plugin, boolean takesAll) {
    Inbox<TaskEventsRequest, DriverTaskEvent> inbox = new Inbox<>(takesAll);
    plugin.asynchronous().taskEvents(TaskEventsRequest.getDefaultInstance(), inbox);
    return inbox;
  }

  private static Inbox<TaskStatsRequest, TaskStatsResponse> stats(Plugin plugin, String id) {
    Inbox<TaskStatsRequest, TaskStatsResponse> inbox = new Inbox<>(true);
    plugin
        .asynchronous()
        .taskStats(
            TaskStatsRequest.newBuilder()
                .setTaskId(id)
                .setCollectionInterval(Duration.newBuilder().setNanos(1))
                .build(),
            inbox);
    return inbox;
  }

  // ---- fingerprints

  @Test
  void theStreamOfFingerprintsStaysOpenAfterTheDriversLastWord() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void fingerprint(Listener<Fingerprint> fingerprints) throws InterruptedException {
            fingerprints.tell(
                new Fingerprint(
                    Fingerprint.Health.HEALTHY,
                    "Healthy",
                    Map.of("a", "text", "b", 5L, "c", 1.5, "d", true)));
            fingerprints.tell(new Fingerprint(Fingerprint.Health.UNDETECTED, "Linux", Map.of()));
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      Inbox<FingerprintRequest, FingerprintResponse> inbox = fingerprints(plugin);
      FingerprintResponse first = inbox.next();
      assertThat(first.getHealth()).isEqualTo(HealthState.HEALTHY);
      assertThat(first.getAttributesMap())
          .containsEntry("a", Attribute.newBuilder().setStringVal("text").build())
          .containsEntry("b", Attribute.newBuilder().setIntVal(5).build())
          .containsEntry("c", Attribute.newBuilder().setFloatVal(1.5).build())
          .containsEntry("d", Attribute.newBuilder().setBoolVal(true).build());
      FingerprintResponse second = inbox.next();
      assertThat(second.getHealth()).isEqualTo(HealthState.UNDETECTED);
      assertThat(second.getHealthDescription()).isEqualTo("Linux");
      // Another stream begins and is answered while the first is open and silent.
      assertThat(fingerprints(plugin).next()).isEqualTo(first);
      assertThat(inbox.messages).isEmpty();
      assertThat(inbox.end).isNotDone();
    }
  }

  @Test
  void aDriverThatFailsToTellIsUnhealthyAndAskedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void fingerprint(Listener<Fingerprint> fingerprints) throws InterruptedException {
            if (asked.incrementAndGet() < 3) {
              throw new IllegalStateException("no /sbin/jail");
            }
            super.fingerprint(fingerprints);
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      Inbox<FingerprintRequest, FingerprintResponse> inbox = fingerprints(plugin);
      for (int i = 0; i < 2; i++) {
        FingerprintResponse failed = inbox.next();
        assertThat(failed.getHealth()).isEqualTo(HealthState.UNHEALTHY);
        assertThat(failed.getErr()).contains("no /sbin/jail");
        assertThat(failed.getHealthDescription()).contains("no /sbin/jail");
      }
      FingerprintResponse last = inbox.next();
      assertThat(last.getHealth()).isEqualTo(HealthState.HEALTHY);
      assertThat(last.getErr()).isEmpty();
      assertThat(inbox.end).isNotDone();
    }
  }

  @Test
  void anAgentThatVanishesInterruptsTheDriver() throws Exception {
    CountDownLatch listening = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void fingerprint(Listener<Fingerprint> fingerprints) throws InterruptedException {
            listening.countDown();
            try {
              new CountDownLatch(1).await();
            } finally {
              interrupted.countDown();
            }
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      ManagedChannel other = plugin.connect();
      DriverGrpc.newStub(other)
          .fingerprint(FingerprintRequest.getDefaultInstance(), new Inbox<>(true));
      assertThat(listening.await(60, TimeUnit.SECONDS)).isTrue();
      other.shutdownNow();
      assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  // ---- events

  @Test
  void eventsReachTheAgentAndTheirStreamStaysOpen() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void taskEvents(Listener<TaskEvent> events) throws InterruptedException {
            events.tell(
                new TaskEvent(
                    ID, "b3d2", "web", Instant.ofEpochSecond(5, 7), "pulled", Map.of("k", "v")));
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      Inbox<TaskEventsRequest, DriverTaskEvent> inbox = events(plugin, true);
      DriverTaskEvent event = inbox.next();
      assertThat(event.getAllocId()).isEqualTo("b3d2");
      assertThat(event.getTaskName()).isEqualTo("web");
      assertThat(event.getTaskId()).isEqualTo(ID);
      assertThat(event.getTimestamp().getSeconds()).isEqualTo(5);
      assertThat(event.getTimestamp().getNanos()).isEqualTo(7);
      assertThat(event.getMessage()).isEqualTo("pulled");
      assertThat(event.getAnnotationsMap()).containsEntry("k", "v");
      assertThat(events(plugin, true).next()).isEqualTo(event);
      assertThat(inbox.end).isNotDone();
    }
  }

  @Test
  void aDriverThatHasNoEventsAndOneThatFailsHaveAnOpenStreamAllTheSame() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch thrice = new CountDownLatch(3);
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void taskEvents(Listener<TaskEvent> events) {
            thrice.countDown();
            if (asked.incrementAndGet() < 3) {
              throw new IllegalStateException("not yet");
            }
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      Inbox<TaskEventsRequest, DriverTaskEvent> inbox = events(plugin, true);
      assertThat(thrice.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(fingerprints(plugin).next().getHealth()).isEqualTo(HealthState.HEALTHY);
      assertThat(inbox.end).isNotDone();
    }
  }

  @Test
  void anAgentThatTakesNoEventsLosesThemAndTheDriverGoesOn() throws Exception {
    int count = 30;
    CountDownLatch told = new CountDownLatch(1);
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public void taskEvents(Listener<TaskEvent> events) throws InterruptedException {
            String large = "x".repeat(100_000);
            int sent = 0;
            // The first that waits is lost after two seconds: until then there is room.
            long longest = 0;
            while (sent < count && longest < 1_000_000_000L) {
              long before = System.nanoTime();
              events.tell(
                  new TaskEvent(
                      ID, "b3d2", "web", Instant.now(), "pulled", Map.of("large", large)));
              longest = Math.max(longest, System.nanoTime() - before);
              sent++;
            }
            told.countDown();
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      Inbox<TaskEventsRequest, DriverTaskEvent> inbox = events(plugin, false);
      assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
      inbox.call.request(count);
      inbox.next();
      assertThat(inbox.end).isNotDone();
    }
  }

  // ---- use

  @Test
  void theUseOfATaskIsToldAtOnceAndAgainUntilItHasEnded() throws Exception {
    try (Plugin plugin = Plugin.of(new ExampleDriver())) {
      var _ = plugin.driver().startTask(Plugin.shell(ID, "while :; do :; done"));
      Inbox<TaskStatsRequest, TaskStatsResponse> inbox = stats(plugin, ID);
      TaskStatsResponse first = inbox.next();
      TaskStatsResponse second = inbox.next();
      for (TaskStatsResponse sample : new TaskStatsResponse[] {first, second}) {
        assertThat(sample.hasStats()).isTrue();
        assertThat(sample.getStats().hasTimestamp()).isTrue();
        assertThat(sample.getStats().hasAggResourceUsage()).isTrue();
        assertThat(sample.getStats().getResourceUsageByPidMap()).hasSize(1);
      }
      assertThat(first.getStats().getAggResourceUsage().getCpu().getMeasuredFieldsList()).isEmpty();
      assertThat(second.getStats().getAggResourceUsage().getCpu().getMeasuredFieldsList())
          .containsExactly(io.gaol.nomad.proto.driver.CPUUsage.Fields.PERCENT);
      var _ =
          plugin
              .driver()
              .destroyTask(DestroyTaskRequest.newBuilder().setTaskId(ID).setForce(true).build());
      assertThat(inbox.end().isOk()).isTrue();
    }
  }

  @Test
  void theUseOfATaskThatIsGoneEndsInOrder() throws Exception {
    try (Plugin plugin = Plugin.of(new ExampleDriver())) {
      Inbox<TaskStatsRequest, TaskStatsResponse> inbox = stats(plugin, "none");
      assertThat(inbox.end().isOk()).isTrue();
      assertThat(inbox.messages).isEmpty();
    }
  }

  @Test
  void useThatCannotBeMeasuredSaysWhy() throws Exception {
    ExampleDriver driver =
        new ExampleDriver() {
          @Override
          public Optional<TaskUsage> taskUsage(String taskId) throws DriverException {
            throw new DriverException("stats not implemented for driver");
          }
        };
    try (Plugin plugin = Plugin.of(driver)) {
      Status end = stats(plugin, ID).end();
      assertThat(end.getCode()).isEqualTo(Status.Code.UNKNOWN);
      assertThat(end.getDescription()).isEqualTo("stats not implemented for driver");
    }
  }

  @Test
  void theIntervalIsASecondUnlessAskedForAndNeverShorterThanATenth() {
    assertThat(DriverService.interval(Duration.getDefaultInstance()))
        .isEqualTo(java.time.Duration.ofSeconds(1));
    assertThat(DriverService.interval(Duration.newBuilder().setSeconds(-5).build()))
        .isEqualTo(java.time.Duration.ofSeconds(1));
    assertThat(DriverService.interval(Duration.newBuilder().setNanos(1).build()))
        .isEqualTo(java.time.Duration.ofMillis(100));
    assertThat(DriverService.interval(Duration.newBuilder().setSeconds(10).build()))
        .isEqualTo(java.time.Duration.ofSeconds(10));
    assertThat(DriverService.interval(Duration.newBuilder().setSeconds(Long.MAX_VALUE).build()))
        .isEqualTo(java.time.Duration.ofDays(36_500));
  }

  @Test
  void streamsOfAnIntervalWakeTogetherAndNoneTooSoon() {
    java.time.Duration second = java.time.Duration.ofSeconds(1);
    for (long now : new long[] {0, 1, 499_999_999, 500_000_001, 999_999_999, -1, -700_000_000}) {
      java.time.Duration rest = DriverService.untilNext(now, second);
      assertThat(Math.floorMod(now + rest.toNanos(), second.toNanos())).isZero();
      assertThat(rest)
          .isBetween(java.time.Duration.ofMillis(500), java.time.Duration.ofMillis(1500));
    }
    assertThat(DriverService.untilNext(7, java.time.Duration.ofDays(36_500)))
        .isEqualTo(java.time.Duration.ofDays(36_500));
  }
}
