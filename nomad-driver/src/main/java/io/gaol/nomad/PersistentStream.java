package io.gaol.nomad;

import io.gaol.goplugin.PluginLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a stream open that must not end: an agent opens one that ended again at once, and again. A
 * driver that has nothing more to say has said its last word; one that failed is asked again after
 * a while, which grows as long as it only fails.
 *
 * @param firstPause after the first failure
 * @param longestPause at most
 */
record PersistentStream(Duration firstPause, Duration longestPause) {
  private static final PluginLog LOG = PluginLog.toStderr("nomad-driver");

  /** From a second up to a minute. */
  static final PersistentStream USUAL =
      new PersistentStream(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /**
   * What a driver has to say.
   *
   * @param <T> in messages
   */
  @FunctionalInterface
  interface Source<T> {
    /** Asks it; returns when it has nothing more to say. */
    void ask(Listener<T> listener) throws InterruptedException;
  }

  /** What to do with a driver's failure. */
  @FunctionalInterface
  interface Failed {
    /** Takes it, in words. */
    void tell(String problem) throws InterruptedException;
  }

  /**
   * Asks until the agent does not listen any more.
   *
   * @param call the name of the call, for messages
   * @param listener takes what the driver says
   * @throws InterruptedException when the agent does not listen any more; never returns otherwise
   */
  <T> void run(String call, Outbox<?> outbox, Source<T> source, Listener<T> listener, Failed failed)
      throws InterruptedException {
    Duration pause = firstPause;
    while (true) {
      boolean[] said = {false};
      try {
        source.ask(
            what -> {
              listener.tell(what);
              said[0] = true;
            });
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupted) {
        if (outbox.isCancelled()) {
          throw interrupted;
        }
        failed.tell(Statuses.text(call, interrupted));
      } catch (RuntimeException | Error thrown) {
        failed.tell(Statuses.text(call, thrown));
      }
      pause = said[0] ? firstPause : pause;
      LOG.warn(call + " is asked again in " + pause);
      Thread.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(longestPause) < 0 ? pause.multipliedBy(2) : longestPause;
    }
  }
}
