package io.gaol.testing.host;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.ExecTaskStreamingIOOperation;
import io.gaol.nomad.proto.driver.ExecTaskStreamingRequest;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.gaol.nomad.proto.driver.ExitResult;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command in a task, as {@code nomad alloc exec} runs it. */
public final class ExecSession {
  private final Received<ExecTaskStreamingRequest, ExecTaskStreamingResponse> received =
      new Received<>();
  private final StreamObserver<ExecTaskStreamingRequest> requests;

  /** Opens the stream, and says nothing. */
  public ExecSession(Plugin plugin) {
    requests = plugin.driverAsync().execTaskStreaming(received);
  }

  /** Runs a command. */
  public static ExecSession of(DriverTask task, String... command) {
    ExecSession session = new ExecSession(task.plugin());
    session.send(
        ExecTaskStreamingRequest.newBuilder()
            .setSetup(
                ExecTaskStreamingRequest.Setup.newBuilder()
                    .setTaskId(task.id())
                    .addAllCommand(List.of(command)))
            .build());
    return session;
  }

  /** Sends a message. */
  public void send(ExecTaskStreamingRequest request) {
    requests.onNext(request);
  }

  /** Writes to its input. */
  public void input(ByteString data) {
    send(
        ExecTaskStreamingRequest.newBuilder()
            .setStdin(ExecTaskStreamingIOOperation.newBuilder().setData(data))
            .build());
  }

  /** Writes to its input. */
  public void input(String data) {
    input(ByteString.copyFrom(data, StandardCharsets.UTF_8));
  }

  /** Ends its input. */
  public void closeInput() {
    send(
        ExecTaskStreamingRequest.newBuilder()
            .setStdin(ExecTaskStreamingIOOperation.newBuilder().setClose(true))
            .build());
  }

  /** What an agent sends every ten seconds. */
  public void heartbeat() {
    send(ExecTaskStreamingRequest.getDefaultInstance());
  }

  /** The user has gone. */
  public void cancel() {
    received.cancel();
  }

  /** How the call ended, once it has. */
  public Status awaitEnd() {
    return received.awaitEnd();
  }

  /** Waits until it has written this. */
  public void awaitStdout(String text) {
    received.await(any -> stdout().toString(StandardCharsets.UTF_8).contains(text));
  }

  /** All that came. */
  public List<ExecTaskStreamingResponse> messages() {
    return received.messages();
  }

  /** What it has written. */
  public ByteString stdout() {
    return messages().stream()
        .map(message -> message.getStdout().getData())
        .reduce(ByteString.EMPTY, ByteString::concat);
  }

  /** Its errors. */
  public ByteString stderr() {
    return messages().stream()
        .map(message -> message.getStderr().getData())
        .reduce(ByteString.EMPTY, ByteString::concat);
  }

  /** How the command ended; the last message of the stream. */
  public ExitResult result() {
    ExecTaskStreamingResponse last = messages().getLast();
    if (!last.getExited()) {
      throw new AssertionError("the last message is no exit: " + last);
    }
    return last.getResult();
  }
}
