package io.gaol.e2e.plugin;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.ExecTaskStreamingIOOperation;
import io.gaol.nomad.proto.driver.ExecTaskStreamingRequest;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.testing.host.Received;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command in a task, as {@code nomad alloc exec} runs it. */
final class ExecSession {
  private final Received<ExecTaskStreamingRequest, ExecTaskStreamingResponse> received =
      new Received<>();
  private final StreamObserver<ExecTaskStreamingRequest> requests;

  /** Opens the stream, and says nothing. */
  ExecSession(Stage stage) {
    requests = stage.driverAsync().execTaskStreaming(received);
  }

  /** Runs a command. */
  static ExecSession of(Stage stage, DriverTask task, String... command) {
    ExecSession session = new ExecSession(stage);
    session.send(
        ExecTaskStreamingRequest.newBuilder()
            .setSetup(
                ExecTaskStreamingRequest.Setup.newBuilder()
                    .setTaskId(task.id())
                    .addAllCommand(List.of(command)))
            .build());
    return session;
  }

  void send(ExecTaskStreamingRequest request) {
    requests.onNext(request);
  }

  void input(ByteString data) {
    send(
        ExecTaskStreamingRequest.newBuilder()
            .setStdin(ExecTaskStreamingIOOperation.newBuilder().setData(data))
            .build());
  }

  void input(String data) {
    input(ByteString.copyFrom(data, StandardCharsets.UTF_8));
  }

  void closeInput() {
    send(
        ExecTaskStreamingRequest.newBuilder()
            .setStdin(ExecTaskStreamingIOOperation.newBuilder().setClose(true))
            .build());
  }

  /** What an agent sends every ten seconds. */
  void heartbeat() {
    send(ExecTaskStreamingRequest.getDefaultInstance());
  }

  /** The user has gone. */
  void cancel() {
    received.cancel();
  }

  Status awaitEnd() {
    return received.awaitEnd();
  }

  void awaitStdout(String text) {
    received.await(any -> stdout().toString(StandardCharsets.UTF_8).contains(text));
  }

  List<ExecTaskStreamingResponse> messages() {
    return received.messages();
  }

  ByteString stdout() {
    return messages().stream()
        .map(message -> message.getStdout().getData())
        .reduce(ByteString.EMPTY, ByteString::concat);
  }

  ByteString stderr() {
    return messages().stream()
        .map(message -> message.getStderr().getData())
        .reduce(ByteString.EMPTY, ByteString::concat);
  }

  /** How the command ended; the last message of the stream. */
  ExitResult result() {
    ExecTaskStreamingResponse last = messages().getLast();
    if (!last.getExited()) {
      throw new AssertionError("the last message is no exit: " + last);
    }
    return last.getResult();
  }
}
