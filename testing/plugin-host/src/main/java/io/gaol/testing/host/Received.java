package io.gaol.testing.host;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What a call sends back: collected as it comes.
 *
 * @param <Q> what the call is asked with
 * @param <R> what it answers
 */
public final class Received<Q, R> implements ClientResponseObserver<Q, R> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<R> messages = new ArrayList<>();
  private ClientCallStreamObserver<Q> call;
  private Status end;

  @Override
  public synchronized void beforeStart(ClientCallStreamObserver<Q> requests) {
    call = requests;
  }

  @Override
  public synchronized void onNext(R message) {
    messages.add(message);
    notifyAll();
  }

  @Override
  public synchronized void onError(Throwable failure) {
    end = Status.fromThrowable(failure);
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    end = Status.OK;
    notifyAll();
  }

  /** What has come up to now. */
  public synchronized List<R> messages() {
    return List.copyOf(messages);
  }

  /**
   * Waits for a message of some kind; it may have come already.
   *
   * @throws PluginHostException if the stream ends without one, or none comes
   */
  public R await(Predicate<R> wanted) {
    return awaitAfter(0, wanted);
  }

  /** The same, not counting so many messages that came first. */
  public synchronized R awaitAfter(int seen, Predicate<R> wanted) {
    awaitThat(() -> end != null || find(seen, wanted).isPresent());
    return find(seen, wanted)
        .orElseThrow(
            () -> new PluginHostException("the stream ended with " + end + " after " + messages));
  }

  private Optional<R> find(int seen, Predicate<R> wanted) {
    return messages.stream().skip(seen).filter(wanted).findFirst();
  }

  /** Waits for the end of the stream. */
  public synchronized Status awaitEnd() {
    awaitThat(() -> end != null);
    return end;
  }

  /** Whether the stream has ended. */
  public synchronized boolean hasEnded() {
    return end != null;
  }

  private synchronized void awaitThat(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new PluginHostException("in vain waited for a message; there were " + messages);
      }
      try {
        wait(left);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new PluginHostException("interrupted", interrupted);
      }
    }
  }

  /** Gives the call up, as an agent does whose user has gone. */
  public void cancel() {
    ClientCallStreamObserver<Q> started;
    synchronized (this) {
      started = call;
    }
    started.cancel("given up", null);
  }
}
