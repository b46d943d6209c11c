package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Usage;
import io.gaol.jail.JailName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JailsUsageTest {
  private final AtomicLong time = new AtomicLong();
  private final List<Set<JailName>> looks = new ArrayList<>();
  private final JailsUsage usages = new JailsUsage(this::look, time::get);

  private Map<JailName, Usage> look(Set<JailName> names) {
    looks.add(names);
    Map<JailName, Usage> found = new HashMap<>();
    for (JailName name : names) {
      if (!name.value().startsWith("gone")) {
        found.put(name, RctlUsage.of(Instant.ofEpochSecond(looks.size()), Map.of(), List.of()));
      }
    }
    return found;
  }

  private Optional<Usage> ask(String name) throws IOException, InterruptedException {
    return usages.of(new JailName(name));
  }

  private void pass(Duration passed) {
    time.addAndGet(passed.toNanos());
  }

  @Test
  void aThousandJailsCostOneLookEachTimeTheyAreAskedFor() throws Exception {
    for (int i = 0; i < 1000; i++) {
      ask("jail" + i);
    }
    looks.clear();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 1; round <= 3; round++) {
        pass(Duration.ofSeconds(1));
        List<Future<Optional<Usage>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          String name = "jail" + i;
          answers.add(threads.submit(() -> ask(name)));
        }
        for (Future<Optional<Usage>> answer : answers) {
          assertThat(answer.get().orElseThrow().time()).isEqualTo(Instant.ofEpochSecond(round));
        }
        assertThat(looks).hasSize(round);
      }
    }
  }

  @Test
  void whoWaitsWhileTheHostIsLookedAtIsServedByThatLook() throws Exception {
    CountDownLatch looking = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong asked = new AtomicLong();
    JailsUsage slow =
        new JailsUsage(
            names -> {
              looking.countDown();
              go.await();
              return look(names);
            },
            () -> {
              asked.incrementAndGet();
              return time.get();
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<Usage>> first = threads.submit(() -> slow.of(new JailName("web")));
      looking.await();
      Future<Optional<Usage>> second = threads.submit(() -> slow.of(new JailName("web")));
      while (asked.get() < 3) {
        Thread.onSpinWait();
      }
      pass(Duration.ofSeconds(5));
      go.countDown();
      assertThat(first.get()).isPresent().isEqualTo(second.get());
    }
  }

  @Test
  void whatIsOldIsNotTold() throws Exception {
    assertThat(ask("web").orElseThrow().time()).isEqualTo(Instant.ofEpochSecond(1));
    pass(Duration.ofMillis(900));
    assertThat(ask("web").orElseThrow().time()).isEqualTo(Instant.ofEpochSecond(2));
  }

  @Test
  void aJailThatWasNotAskedForBeforeIsNotTakenForGone() throws Exception {
    ask("web");
    assertThat(ask("mail")).isPresent();
  }

  @Test
  void aJailThatIsGoneHasNoUse() throws Exception {
    assertThat(ask("gone")).isEmpty();
  }

  @Test
  void aJailThatNobodyAsksForIsNotMeasuredForEver() throws Exception {
    ask("web");
    for (int i = 0; i < 200; i++) {
      pass(Duration.ofSeconds(1));
      ask("mail");
    }
    assertThat(looks.getLast()).containsExactly(new JailName("mail"));
  }
}
