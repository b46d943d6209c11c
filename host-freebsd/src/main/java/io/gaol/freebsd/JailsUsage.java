package io.gaol.freebsd;

import io.gaol.engine.Usage;
import io.gaol.jail.JailName;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What jails use, measured for all of them at once: who asks for one soon after another was asked
 * for has the same look at the host. A look costs the same commands for one jail and for a
 * thousand.
 */
final class JailsUsage {
  /** How old what is told may be when it is asked for. */
  private static final Duration MOMENT = Duration.ofMillis(400);

  /** A jail that nobody asked for so long is not measured any more. */
  private static final Duration FORGOTTEN = Duration.ofMinutes(2);

  /** One look at jails. */
  interface Look {
    /**
     * Measures.
     *
     * @param names the jails
     * @return what those have used that are there
     */
    Map<JailName, Usage> take(Set<JailName> names) throws IOException, InterruptedException;
  }

  private final Look look;
  private final LongSupplier nanoTime;
  private final Map<JailName, Long> asked = new HashMap<>();
  private Optional<Taken> last = Optional.empty();

  private record Taken(long began, Set<JailName> names, Map<JailName, Usage> found) {}

  /**
   * Without any jail yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  JailsUsage(Look look, LongSupplier nanoTime) {
    this.look = look;
    this.nanoTime = nanoTime;
  }

  /**
   * What a jail has used.
   *
   * @return empty if there is no such jail
   */
  Optional<Usage> of(JailName name) throws IOException, InterruptedException {
    long arrived = nanoTime.getAsLong();
    synchronized (asked) {
      asked.put(name, arrived);
    }
    return measured(name, arrived);
  }

  /** One at a time: who waits while another one looks is served by that look. */
  private synchronized Optional<Usage> measured(JailName name, long arrived)
      throws IOException, InterruptedException {
    boolean recent =
        last.filter(taken -> arrived - taken.began < MOMENT.toNanos())
            .filter(taken -> taken.names.contains(name))
            .isPresent();
    if (!recent) {
      long began = nanoTime.getAsLong();
      Set<JailName> names = wanted(began);
      last = Optional.of(new Taken(began, names, look.take(names)));
    }
    return Optional.ofNullable(last.orElseThrow().found.get(name));
  }

  private Set<JailName> wanted(long now) {
    synchronized (asked) {
      Collection<Long> times = asked.values();
      times.removeIf(time -> now - time > FORGOTTEN.toNanos());
      return Set.copyOf(asked.keySet());
    }
  }
}
