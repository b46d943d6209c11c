package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that one program holds at a time. */
final class HeldNameTest {
  private static final JailName NAME = new JailName("job-web");

  @TempDir Path folder;
  private Shop shop;

  @BeforeEach
  void open() throws IOException {
    shop = new Shop(folder);
  }

  @AfterEach
  void close() throws Exception {
    shop.close();
  }

  @Test
  void aHeldNameIsNobodyElsesUntilItIsGivenUp() throws IOException {
    HeldName held = shop.engine.hold(NAME, Bench.OWNER).orElseThrow();
    assertThat(shop.engine.hold(NAME, Bench.OWNER)).isEmpty();
    held.close();
    Optional<HeldName> again = shop.engine.hold(NAME, Bench.OWNER);
    assertThat(again).isPresent();
    again.get().close();
  }

  @Test
  void whoHoldsANameIsListed() throws IOException {
    try (HeldName _ = shop.engine.hold(NAME, Bench.OWNER).orElseThrow()) {
      assertThat(shop.engine.list())
          .containsExactly(new TaskStore.Listed(NAME, Optional.of(Bench.OWNER)));
    }
    assertThat(shop.engine.list()).isEmpty();
  }

  @Test
  void ofManyWhoTryAtTheSameMomentOneGetsTheName() throws Exception {
    int many = 16;
    for (int round = 0; round < 20; round++) {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Optional<HeldName>>> tries = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
        Callable<Optional<HeldName>> attempt =
            () -> {
              go.await();
              long number = Thread.currentThread().threadId();
              Owner self = new Owner("test", "job", "web", number, number + " 1", "fake");
              return shop.engine.hold(NAME, self);
            };
        for (int i = 0; i < many; i++) {
          tries.add(threads.submit(attempt));
        }
        go.countDown();
      }
      List<HeldName> held = new ArrayList<>();
      for (Future<Optional<HeldName>> attempt : tries) {
        attempt.get().ifPresent(held::add);
      }
      assertThat(held).hasSize(1);
      held.getFirst().close();
    }
  }
}
