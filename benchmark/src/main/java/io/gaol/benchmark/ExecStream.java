package io.gaol.benchmark;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.ExecTaskStreamingIOOperation;
import io.gaol.nomad.proto.driver.ExecTaskStreamingRequest;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A command in a task as {@code nomad alloc exec} runs it, of which only the bytes count. What is
 * sent waits while the connection is full.
 */
final class ExecStream
    implements ClientResponseObserver<ExecTaskStreamingRequest, ExecTaskStreamingResponse> {
  /** Nothing takes this long but what hangs. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private ClientCallStreamObserver<ExecTaskStreamingRequest> requests;
  private long outputBytes;
  private Optional<ExecTaskStreamingResponse> exit = Optional.empty();
  private Optional<Status> end = Optional.empty();

  private ExecStream() {}

  /** Starts a command. */
  static ExecStream start(DrivenPlugin plugin, String taskId, String... command) {
    ExecStream stream = new ExecStream();
    plugin.driverAsync().execTaskStreaming(stream);
    stream.requests.onNext(
        ExecTaskStreamingRequest.newBuilder()
            .setSetup(
                ExecTaskStreamingRequest.Setup.newBuilder()
                    .setTaskId(taskId)
                    .addAllCommand(List.of(command)))
            .build());
    return stream;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ExecTaskStreamingRequest> stream) {
    requests = stream;
    stream.setOnReadyHandler(this::wake);
  }

  private synchronized void wake() {
    notifyAll();
  }

  @Override
  public synchronized void onNext(ExecTaskStreamingResponse response) {
    outputBytes += response.getStdout().getData().size();
    if (response.getExited()) {
      exit = Optional.of(response);
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    end = Optional.of(Status.fromThrowable(failure));
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    end = Optional.of(Status.OK);
    notifyAll();
  }

  /** Sends a part of the command's input. */
  void input(ByteString part) throws IOException, InterruptedException {
    await(() -> requests.isReady() || end.isPresent());
    send(ExecTaskStreamingIOOperation.newBuilder().setData(part));
  }

  /** There is no more input. */
  void closeInput() {
    send(ExecTaskStreamingIOOperation.newBuilder().setClose(true));
  }

  private void send(ExecTaskStreamingIOOperation.Builder operation) {
    requests.onNext(ExecTaskStreamingRequest.newBuilder().setStdin(operation).build());
  }

  /**
   * Waits for the end.
   *
   * @return how many bytes the command has written to its stdout
   * @throws IOException if it, or the stream, did not end well
   */
  synchronized long awaitEnd() throws IOException, InterruptedException {
    await(() -> end.isPresent());
    if (!end.map(Status::isOk).orElse(false) || exit.isEmpty()) {
      throw new IOException("the stream ended with " + end);
    }
    DrivenPlugin.succeeded("the command", exit.get().getResult());
    return outputBytes;
  }

  private synchronized void await(BooleanSupplier condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IOException("the stream of a command hangs");
      }
      wait(left);
    }
  }
}
