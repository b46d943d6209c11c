package io.gaol.e2e.nomad;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process does. */
final class Waiting {
  /** On a busy machine anything can take long; only what hangs takes this long. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private Waiting() {}

  /** Waits until there is one, and gives it. */
  static <T> T forThe(String what, Supplier<Optional<T>> source) {
    return forThe(what, source, () -> "");
  }

  /**
   * Waits until there is one, and gives it.
   *
   * @param instead what is said, besides, when there is none in time
   */
  static <T> T forThe(String what, Supplier<Optional<T>> source, Supplier<String> instead) {
    Instant deadline = Instant.now().plus(PATIENCE);
    for (Optional<T> found = source.get(); ; found = source.get()) {
      if (found.isPresent()) {
        return found.get();
      }
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("in vain waited for: " + what + "\n" + instead.get());
      }
      pause();
    }
  }

  /** Waits until this holds. */
  static void until(String what, BooleanSupplier condition) {
    forThe(what, () -> condition.getAsBoolean() ? Optional.of(what) : Optional.empty());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
