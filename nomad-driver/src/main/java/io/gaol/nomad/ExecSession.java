package io.gaol.nomad;

import io.gaol.goplugin.PluginLog;
import io.gaol.nomad.proto.driver.ExecTaskStreamingRequest;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command in a task whose input and output go to a client while it runs.
 *
 * <p>The client's first message says what to run; then come parts of its input, sizes of its
 * terminal, and empty messages, by which it says that it is there. It gets the output, the exit
 * status once, and the end. gRPC hands its messages over one at a time, and none of what is done
 * with them here waits.
 */
final class ExecSession implements StreamObserver<ExecTaskStreamingRequest> {
  private static final PluginLog LOG = PluginLog.toStderr("nomad-driver");
  private static final String CALL = "ExecTaskStreaming";

  private final TaskDriver driver;
  private final Outbox<ExecTaskStreamingResponse> outbox;
  private final ExecInput input;
  private final TerminalSizes sizes = new TerminalSizes();

  /** Set by the first message; only gRPC's calls, which come one at a time, use it. */
  private Thread worker;

  /** For a call that is just being taken. */
  ExecSession(TaskDriver driver, ServerCallStreamObserver<ExecTaskStreamingResponse> observer) {
    this.driver = driver;
    this.outbox = new Outbox<>(observer, this::abandon);
    this.input = new ExecInput(() -> observer.request(1));
    observer.disableAutoRequest();
    observer.request(1);
  }

  @Override
  public void onNext(ExecTaskStreamingRequest request) {
    if (worker == null && !request.hasSetup()) {
      refuse("first message should always be setup");
      return;
    }
    if (worker != null && request.hasSetup()) {
      refuse("only the first message may be setup");
      return;
    }
    if (request.hasTtySize()) {
      resize(request.getTtySize());
    }
    if (worker == null) {
      start(request.getSetup());
    }
    input.take(request.getStdin().getData());
    if (request.getStdin().getClose()) {
      input.end();
    }
  }

  private void resize(ExecTaskStreamingRequest.TerminalSize size) {
    // A client that does not know its terminal's size sends none or zeros.
    if (size.getHeight() > 0 && size.getWidth() > 0) {
      sizes.change(new ExecStreams.TerminalSize(size.getHeight(), size.getWidth()));
    }
  }

  private void start(ExecTaskStreamingRequest.Setup setup) {
    worker = Calls.unstarted(CALL, outbox, _ -> run(setup));
    worker.start();
  }

  private void run(ExecTaskStreamingRequest.Setup setup)
      throws DriverException, InterruptedException {
    List<String> command = DriverService.command(setup.getCommandList());
    ExecOutput stdout = new ExecOutput(outbox, ExecTaskStreamingResponse.Builder::setStdout);
    ExecOutput stderr = new ExecOutput(outbox, ExecTaskStreamingResponse.Builder::setStderr);
    // A terminal has one output; what is written to the other shows there too.
    OutputStream errors = setup.getTty() ? stdout : stderr;
    try (sizes) {
      TaskExit exit =
          driver.exec(
              setup.getTaskId(),
              command,
              setup.getTty(),
              new ExecStreams(input, stdout, errors, sizes));
      if (exit.problem().isPresent()) {
        errors.write((exit.problem().get() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      stdout.close();
      errors.close();
      outbox.send(
          ExecTaskStreamingResponse.newBuilder()
              .setExited(true)
              .setResult(Messages.exit(exit))
              .build());
    } catch (IOException gone) {
      LOG.debug("the client of a command has gone", "error", gone);
      throw new InterruptedException("the client has gone");
    }
  }

  private void refuse(String problem) {
    outbox.fail(Status.UNKNOWN.withDescription(problem).asRuntimeException());
    abandon();
  }

  /** The client has gone, or must. */
  private void abandon() {
    input.abandon();
    sizes.close();
    if (worker != null) {
      worker.interrupt();
    }
  }

  /** gRPC tells that the call was cancelled. */
  @Override
  public void onError(Throwable cancelled) {
    abandon();
  }

  /** An agent never says so, but it can only mean the end of the input. */
  @Override
  public void onCompleted() {
    if (worker == null) {
      refuse("first message should always be setup");
      return;
    }
    input.end();
  }
}
