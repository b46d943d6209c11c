package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.gaol.nomad.ExecStreams.TerminalSize;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.gaol.nomad.proto.driver.ExecTaskStreamingIOOperation;
import io.gaol.nomad.proto.driver.ExecTaskStreamingRequest;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands whose input and output go to a client while they run. */
final class ExecStreamingTest {
  private static final String ID = "b3d2/web/0a1b2c3d";

  private final Inbox<ExecTaskStreamingRequest, ExecTaskStreamingResponse> inbox =
      new Inbox<>(true);
  private Plugin plugin;
  private StreamObserver<ExecTaskStreamingRequest> client;

  private void open(TaskDriver driver) throws IOException {
    plugin = Plugin.of(driver);
    var _ = plugin.driver().startTask(Plugin.shell(ID, "exec sleep 1000"));
    client = plugin.asynchronous().execTaskStreaming(inbox);
  }

  @AfterEach
  void end() {
    if (plugin != null) {
      var _ =
          plugin
              .driver()
              .destroyTask(DestroyTaskRequest.newBuilder().setTaskId(ID).setForce(true).build());
      plugin.close();
    }
  }

  private static ExecTaskStreamingRequest setup(boolean tty, String... command) {
    return ExecTaskStreamingRequest.newBuilder()
        .setSetup(
            ExecTaskStreamingRequest.Setup.newBuilder()
                .setTaskId(ID)
                .addAllCommand(List.of(command))
                .setTty(tty))
        .build();
  }

  private static ExecTaskStreamingRequest input(String text, boolean close) {
    return ExecTaskStreamingRequest.newBuilder()
        .setStdin(
            ExecTaskStreamingIOOperation.newBuilder()
                .setData(ByteString.copyFromUtf8(text))
                .setClose(close))
        .build();
  }

  private static ExecTaskStreamingRequest size(int rows, int columns) {
    return ExecTaskStreamingRequest.newBuilder()
        .setTtySize(
            ExecTaskStreamingRequest.TerminalSize.newBuilder().setHeight(rows).setWidth(columns))
        .build();
  }

  /** All messages; the stream has ended well. */
  private List<ExecTaskStreamingResponse> all() throws Exception {
    assertThat(inbox.end()).isEqualTo(Status.OK);
    return new ArrayList<>(inbox.messages);
  }

  private static String text(List<ExecTaskStreamingResponse> messages, boolean stdout) {
    ByteString text = ByteString.EMPTY;
    for (ExecTaskStreamingResponse message : messages) {
      text = text.concat((stdout ? message.getStdout() : message.getStderr()).getData());
    }
    return text.toStringUtf8();
  }

  private static void assertEnd(List<ExecTaskStreamingResponse> messages, int exitCode) {
    assertThat(messages.stream().filter(ExecTaskStreamingResponse::getExited)).hasSize(1);
    assertThat(messages.getLast().getExited()).isTrue();
    assertThat(messages.getLast().hasResult()).isTrue();
    assertThat(messages.getLast().getResult().getExitCode()).isEqualTo(exitCode);
  }

  @Test
  void aCommandsOutputsAreToldApartAndItsExitStatusLast() throws Exception {
    open(new ExampleDriver());
    client.onNext(setup(false, "/bin/sh", "-c", "echo out; echo err >&2; exit 43"));
    List<ExecTaskStreamingResponse> messages = all();
    assertThat(text(messages, true)).isEqualTo("out\n");
    assertThat(text(messages, false)).isEqualTo("err\n");
    assertThat(messages.stream().filter(message -> message.getStdout().getClose())).hasSize(1);
    assertThat(messages.stream().filter(message -> message.getStderr().getClose())).hasSize(1);
    assertEnd(messages, 43);
  }

  @Test
  void whatIsTypedReachesTheCommandAndHeartbeatsDoNot() throws Exception {
    open(new ExampleDriver());
    client.onNext(setup(false, "/bin/cat"));
    client.onNext(ExecTaskStreamingRequest.getDefaultInstance());
    client.onNext(input("hello ", false));
    assertThat(inbox.next().getStdout().getData().toStringUtf8()).isEqualTo("hello ");
    client.onNext(ExecTaskStreamingRequest.getDefaultInstance());
    client.onNext(input("world", true));
    List<ExecTaskStreamingResponse> messages = all();
    assertThat(text(messages, true)).isEqualTo("world");
    assertEnd(messages, 0);
  }

  @Test
  void aHalfClosedStreamIsTheEndOfTheInput() throws Exception {
    open(new ExampleDriver());
    client.onNext(setup(false, "/usr/bin/wc", "-c"));
    client.onNext(input("12345", false));
    client.onCompleted();
    assertThat(text(all(), true).strip()).isEqualTo("5");
  }

  @Test
  void muchInputAndMuchOutputArriveWhole() throws Exception {
    open(new ExampleDriver());
    client.onNext(setup(false, "/usr/bin/wc", "-c"));
    String part = "x".repeat(100_000);
    for (int i = 0; i < 100; i++) {
      client.onNext(input(part, i == 99));
    }
    assertThat(text(all(), true).strip()).isEqualTo("10000000");
  }

  @Test
  void aCommandThatReadsLateGetsAllThatWasSent() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    open(
        new ExampleDriver() {
          @Override
          public TaskExit exec(
              String taskId, List<String> command, boolean terminal, ExecStreams streams)
              throws DriverException, InterruptedException {
            read.await();
            try {
              return TaskExit.of(streams.stdin().readAllBytes().length / 1_000_000);
            } catch (IOException failed) {
              throw new DriverException("input", failed);
            }
          }
        });
    client.onNext(setup(false, "x"));
    int sent = 0;
    while (sent < 5) {
      client.onNext(input("x".repeat(1_000_000), false));
      sent++;
    }
    read.countDown();
    client.onNext(input("", true));
    assertEnd(all(), sent);
  }

  @Test
  void aClientThatDoesNotTakeStopsTheCommand() throws Exception {
    AtomicLong written = new AtomicLong();
    CountDownLatch interrupted = new CountDownLatch(1);
    plugin =
        Plugin.of(
            new ExampleDriver() {
              @Override
              public TaskExit exec(
                  String taskId, List<String> command, boolean terminal, ExecStreams streams)
                  throws DriverException {
                byte[] part = new byte[1 << 16];
                try {
                  for (int i = 0; i < 100_000; i++) {
                    streams.stdout().write(part);
                    written.addAndGet(part.length);
                  }
                  return TaskExit.of(0);
                } catch (IOException gone) {
                  interrupted.countDown();
                  throw new DriverException("output", gone);
                }
              }
            });
    Inbox<ExecTaskStreamingRequest, ExecTaskStreamingResponse> lazy = new Inbox<>(false);
    client = plugin.asynchronous().execTaskStreaming(lazy);
    client.onNext(setup(false, "x"));
    lazy.next();
    lazy.call.cancel("enough", null);
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(written.get()).isLessThan(100_000L << 16);
  }

  @Test
  void theSizesOfATerminalReachTheDriverAndTheLastHolds() throws Exception {
    BlockingQueue<TerminalSize> sizes = new LinkedBlockingQueue<>();
    CountDownLatch first = new CountDownLatch(1);
    open(
        new ExampleDriver() {
          @Override
          public TaskExit exec(
              String taskId, List<String> command, boolean terminal, ExecStreams streams)
              throws DriverException {
            streams
                .sizes()
                .accept(
                    size -> {
                      sizes.add(size);
                      first.countDown();
                    });
            try {
              streams.stderr().write('!');
              return TaskExit.of(streams.stdin().read());
            } catch (IOException failed) {
              throw new DriverException("input", failed);
            }
          }
        });
    client.onNext(setup(true, "x"));
    client.onNext(size(24, 80));
    client.onNext(size(0, 0));
    assertThat(sizes.poll(60, TimeUnit.SECONDS)).isEqualTo(new TerminalSize(24, 80));
    client.onNext(size(100, 100));
    assertThat(sizes.poll(60, TimeUnit.SECONDS)).isEqualTo(new TerminalSize(100, 100));
    client.onNext(input("A", false));
    List<ExecTaskStreamingResponse> messages = all();
    assertThat(text(messages, true)).as("a terminal has one output").isEqualTo("!");
    assertThat(messages).noneMatch(ExecTaskStreamingResponse::hasStderr);
    assertEnd(messages, 65);
  }

  @Test
  void whoDoesNotBeginWithWhatToRunIsToldSo() throws Exception {
    open(new ExampleDriver());
    client.onNext(ExecTaskStreamingRequest.getDefaultInstance());
    assertThat(inbox.end().getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(inbox.end().getDescription()).isEqualTo("first message should always be setup");
  }

  @Test
  void whoSaysTwiceWhatToRunIsToldSo() throws Exception {
    open(new ExampleDriver());
    client.onNext(setup(false, "/bin/cat"));
    client.onNext(setup(false, "/bin/cat"));
    assertThat(inbox.end().getDescription()).isEqualTo("only the first message may be setup");
  }

  @Test
  void aCommandThatCannotRunIsAnErrorThatSaysWhy() throws Exception {
    open(new ExampleDriver());
    client.onNext(setup(true, "/bin/sh"));
    assertThat(inbox.end().getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(inbox.end().getDescription()).isEqualTo("the example has no terminals");
  }

  @Test
  void aCommandWithoutWordsIsRefused() throws Exception {
    open(new ExampleDriver());
    client.onNext(setup(false));
    assertThat(inbox.end().getDescription()).isEqualTo("error cmd must have at least one value");
  }

  @Test
  void whyNobodyKnowsHowACommandEndedIsShown() throws Exception {
    open(
        new ExampleDriver() {
          @Override
          public TaskExit exec(
              String taskId, List<String> command, boolean terminal, ExecStreams streams) {
            return TaskExit.unknown("its jail is gone");
          }
        });
    client.onNext(setup(false, "x"));
    List<ExecTaskStreamingResponse> messages = all();
    assertThat(text(messages, false)).isEqualTo("its jail is gone\n");
    assertEnd(messages, -1);
  }

  @Test
  void aClientThatVanishesEndsTheCommand() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    open(
        new ExampleDriver() {
          @Override
          public TaskExit exec(
              String taskId, List<String> command, boolean terminal, ExecStreams streams)
              throws InterruptedException {
            running.countDown();
            try {
              new CountDownLatch(1).await();
            } finally {
              interrupted.countDown();
            }
            return TaskExit.of(0);
          }
        });
    ManagedChannel other = plugin.connect();
    DriverGrpc.newStub(other)
        .execTaskStreaming(new Inbox<ExecTaskStreamingRequest, ExecTaskStreamingResponse>(true))
        .onNext(setup(false, "x"));
    assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
    other.shutdownNow();
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
  }
}
