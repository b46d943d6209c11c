package io.gaol.nomad;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An agent's end of a stream: takes only what it asks for. */
final class Inbox<Q, T> implements ClientResponseObserver<Q, T> {
  final BlockingQueue<T> messages = new LinkedBlockingQueue<>();

  /** How it ended. */
  final CompletableFuture<Status> end = new CompletableFuture<>();

  ClientCallStreamObserver<Q> call;
  private final boolean takesAll;

  Inbox(boolean takesAll) {
    this.takesAll = takesAll;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> stream) {
    call = stream;
    if (!takesAll) {
      stream.disableAutoRequestWithInitial(1);
    }
  }

  @Override
  public void onNext(T message) {
    messages.add(message);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }

  T next() throws InterruptedException {
    T message = messages.poll(60, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing more came: " + end);
    }
    return message;
  }

  Status end() throws Exception {
    return end.get(60, TimeUnit.SECONDS);
  }
}
