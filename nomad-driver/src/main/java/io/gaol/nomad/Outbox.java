package io.gaol.nomad;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes messages for an agent, from several threads. Who sends faster than the agent takes has to
 * wait: gRPC itself would keep everything in memory.
 *
 * @param <T> the messages
 */
final class Outbox<T> {
  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  private final ServerCallStreamObserver<T> observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean ended;

  /**
   * Of a call that is just being taken: afterwards gRPC takes no listeners any more.
   *
   * @param cancelled runs when the agent gives the call up
   */
  Outbox(ServerCallStreamObserver<T> observer, Runnable cancelled) {
    this.observer = observer;
    observer.setOnReadyHandler(this::wake);
    observer.setOnCancelHandler(
        () -> {
          wake();
          cancelled.run();
        });
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the agent has given the call up. */
  boolean isCancelled() {
    return observer.isCancelled();
  }

  /**
   * Sends a message, as soon as the agent takes one.
   *
   * @throws InterruptedException if the agent has given the call up, or the call has ended
   */
  void send(T message) throws InterruptedException {
    send(message, FOR_EVER);
  }

  /**
   * Sends a message, if the agent takes one in time.
   *
   * @return whether it was sent
   * @throws InterruptedException if the agent has given the call up, or the call has ended
   */
  boolean send(T message, Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = atMost.toNanos();
      while (!observer.isReady() && !observer.isCancelled() && !ended) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      if (observer.isCancelled() || ended) {
        throw new InterruptedException("nobody listens any more");
      }
      observer.onNext(message);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the call: all was said. */
  void complete() {
    end(observer::onCompleted);
  }

  /** Ends the call: it failed. */
  void fail(StatusRuntimeException failure) {
    end(() -> observer.onError(failure));
  }

  private void end(Runnable last) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        changed.signalAll();
        if (!observer.isCancelled()) {
          last.run();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
