package io.gaol.nomad;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Answers an agent's calls, each on a virtual thread of its own: however many of them wait, the
 * next is answered. The thread is interrupted when the agent gives the call up.
 */
final class Calls {
  private Calls() {}

  /** What a call asks for. */
  @FunctionalInterface
  interface Question<T> {
    /** Finds the answer. */
    T answer() throws DriverException, InterruptedException;
  }

  /** What tells an agent one thing after the other, and returns when there is no more. */
  @FunctionalInterface
  interface Telling<T> {
    /** Tells it. */
    void tell(Outbox<T> outbox) throws DriverException, InterruptedException;
  }

  /** Answers with one message, or with why there is none. */
  static <T> void answer(String call, StreamObserver<T> observer, Question<T> question) {
    tell(call, observer, outbox -> outbox.send(question.answer()));
  }

  /** Answers with messages until there are no more, or with why there are none. */
  static <T> void tell(String call, StreamObserver<T> observer, Telling<T> telling) {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Outbox<T> outbox =
        new Outbox<>(
            (ServerCallStreamObserver<T>) observer,
            // gRPC tells it only after this method, so the thread is there.
            () -> thread.get().interrupt());
    thread.set(unstarted(call, outbox, telling));
    thread.get().start();
  }

  /** A thread that tells, and then ends the call. */
  static <T> Thread unstarted(String call, Outbox<T> outbox, Telling<T> telling) {
    return Thread.ofVirtual()
        .name(call)
        .unstarted(
            () -> {
              try {
                telling.tell(outbox);
                outbox.complete();
              } catch (InterruptedException interrupted) {
                if (!outbox.isCancelled()) {
                  outbox.fail(Statuses.of(call, interrupted));
                }
              } catch (Throwable thrown) {
                outbox.fail(Statuses.of(call, thrown));
              }
            });
  }
}
