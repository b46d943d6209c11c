package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.PATIENCE;
import static io.gaol.e2e.plugin.Stage.refusal;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.gaol.e2e.Leftovers;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.nomad.proto.base.BasePluginGrpc;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.ExecSession;
import io.gaol.testing.host.MessagePack;
import io.gaol.testing.host.Plugin;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no agent sends, and what an agent does in a hurry: the plugin says no, and serves on. */
@RequiresLinuxRoot
class HostileClientIT {
  private static final int MEBIBYTE = 1024 * 1024;

  @RegisterExtension private final Stage stage = new Stage();

  /** A request that is sent as it is. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private static byte[] call(Plugin plugin, MethodDescriptor<?, ?> method, byte[] request) {
    MethodDescriptor<byte[], byte[]> raw =
        method.toBuilder(new Bytes(), new Bytes()).setSafe(false).build();
    return ClientCalls.blockingUnaryCall(
        plugin.channel(),
        raw,
        CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS),
        request);
  }

  private void assertServes() {
    assertThat(
            stage
                .agent()
                .plugin()
                .base()
                .pluginInfo(PluginInfoRequest.getDefaultInstance())
                .getName())
        .isEqualTo("jail-task-driver");
    DriverTask task = stage.start("exit 6");
    assertThat(task.result().getExitCode()).isEqualTo(6);
  }

  // ---- messages

  static Stream<Arguments> unaryMethods() {
    return Stream.concat(
            DriverGrpc.getServiceDescriptor().getMethods().stream(),
            BasePluginGrpc.getServiceDescriptor().getMethods().stream())
        .filter(method -> method.getType() == MethodDescriptor.MethodType.UNARY)
        .map(method -> Arguments.of(method.getBareMethodName(), method));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unaryMethods")
  void garbageIsRefusedOrTakenForWhatItMeansAndNeverHarms(
      String name, MethodDescriptor<?, ?> method) {
    Random random = new Random(name.hashCode());
    Plugin plugin = stage.agent().plugin();
    for (int i = 0; i < 20; i++) {
      byte[] garbage = new byte[random.nextInt(200)];
      random.nextBytes(garbage);
      try {
        call(plugin, method, garbage);
      } catch (StatusRuntimeException refused) {
        assertThat(refused.getStatus().getCode())
            .as(refused.toString())
            .isNotIn(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
      }
    }
    assertServes();
  }

  @Test
  void aMessageThatIsCutOffIsRefused() {
    DriverTask task = stage.task(shell("true"));
    byte[] whole = StartTaskRequest.newBuilder().setTask(task.config()).build().toByteArray();
    for (int length : new int[] {1, 2, whole.length / 2, whole.length - 1}) {
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  call(
                      stage.agent().plugin(),
                      DriverGrpc.getStartTaskMethod(),
                      Arrays.copyOf(whole, length)));
      assertThat(refused).as("of %s bytes", length).isNotNull();
    }
    assertServes();
  }

  @Test
  void fieldsThatNobodyKnowsAreIgnored() {
    DriverTask task = stage.task(shell("exit 8"));
    StartTaskRequest request =
        StartTaskRequest.newBuilder()
            .setTask(
                task.config().toBuilder()
                    .setUnknownFields(
                        UnknownFieldSet.newBuilder()
                            .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                    .build())
                            .build()))
            .build();
    stage.driver().startTask(request);
    assertThat(task.result().getExitCode()).isEqualTo(8);
  }

  @Test
  void aConfigThatIsNoMessagePackIsRefused() {
    for (ByteString config :
        List.of(
            ByteString.EMPTY,
            ByteString.copyFrom(new byte[] {(byte) 0xc1}),
            ByteString.copyFrom(new byte[] {(byte) 0xdf, 127, -1, -1, -1}),
            ByteString.copyFrom(new byte[] {(byte) 0xdb, 127, -1, -1, -1, 'x'}),
            stage.encode(shell("true")).substring(0, 20),
            stage.encode(shell("true")).concat(ByteString.copyFromUtf8("more")),
            ByteString.copyFrom(deep(100_000)),
            MessagePack.encode(List.of("no", "map")),
            MessagePack.encode(Map.of("command", 7, "unknown", true)))) {
      DriverTask task =
          stage.task(shell("true"), builder -> builder.setMsgpackDriverConfig(config));
      Status status = refusal(task::start);
      assertThat(status.getDescription()).as("of %s", config).isNotBlank();
    }
    assertServes();
  }

  /** A list in a list in a list. */
  private static byte[] deep(int depth) {
    byte[] bytes = new byte[depth + 1];
    Arrays.fill(bytes, (byte) 0x91);
    bytes[depth] = (byte) 0xc0;
    return bytes;
  }

  @Test
  void aPluginConfigThatIsNoMessagePackIsRefused() {
    AgentStart agent = stage.agent();
    Plugin plugin = stage.launch();
    for (ByteString config :
        List.of(
            ByteString.copyFrom(new byte[] {(byte) 0xc1}), ByteString.copyFrom(deep(100_000)))) {
      refusal(() -> plugin.base().setConfig(AgentStart.forWork(config)));
    }
    assertThat(agent.plugin().isAlive()).isTrue();
    assertServes();
  }

  @Test
  void aMessageOf64MebibytesIsTakenOrRefusedAndTheNextIsServed() {
    DriverTask task =
        stage.task(shell("true"), builder -> builder.putEnv("LARGE", "x".repeat(64 * MEBIBYTE)));
    assertThat(refusal(task::start).getDescription()).isNotBlank();
    assertServes();
  }

  @ParameterizedTest
  @MethodSource("strangeTasks")
  void aTaskThatCannotBeIsRefused(StrangeTask strange) {
    DriverTask task = stage.task(shell("true"), strange.change()::apply);
    assertThat(refusal(task::start).getDescription()).contains(strange.word());
    assertServes();
  }

  /** A task that cannot be, and a word of why. */
  record StrangeTask(String name, String word, UnaryOperator<TaskConfig.Builder> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<StrangeTask> strangeTasks() {
    return Stream.of(
        new StrangeTask("without an id", "id", task -> task.setId("")),
        new StrangeTask("without a directory", "alloc_dir", task -> task.setAllocDir("")),
        new StrangeTask(
            "with a directory that is not there",
            "/nowhere/at/all",
            task -> task.setAllocDir("/nowhere/at/all")),
        new StrangeTask(
            "with a relative directory", "alloc_dir", task -> task.setAllocDir("alloc")),
        new StrangeTask("with a path of NUL", "alloc_dir", task -> task.setAllocDir("/a\0b")),
        new StrangeTask("without a name", "name", task -> task.setName("")),
        new StrangeTask("whose variable has a NUL", "NUL", task -> task.putEnv("X", "a\0b")),
        new StrangeTask(
            "whose output is nowhere", "/nowhere/out", task -> task.setStdoutPath("/nowhere/out")),
        new StrangeTask("whose output is a root", "output", task -> task.setStdoutPath("/")),
        new StrangeTask(
            "whose output is up and away",
            "output",
            task -> task.setStderrPath(task.getAllocDir() + "/../out")));
  }

  // ---- connections

  @Test
  void connectionsThatBreakOffOrSpeakNonsenseHarmNobody() throws IOException {
    Plugin plugin = stage.agent().plugin();
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    for (byte[] opening :
        List.of(
            new byte[0],
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            new byte[MEBIBYTE],
            preface,
            Arrays.copyOf(preface, 10),
            Arrays.copyOf(preface, preface.length + 100))) {
      try (SocketChannel channel =
          SocketChannel.open(UnixDomainSocketAddress.of(plugin.socket()))) {
        try {
          channel.write(ByteBuffer.wrap(opening));
        } catch (IOException closed) {
          // It may hang up before it has heard all.
        }
      }
    }
    assertServes();
  }

  @Test
  void aHundredConnectionsThatSayNothingKeepNobodyOut() throws IOException {
    Plugin plugin = stage.agent().plugin();
    List<SocketChannel> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        silent.add(SocketChannel.open(UnixDomainSocketAddress.of(plugin.socket())));
      }
      assertServes();
    } finally {
      for (SocketChannel channel : silent) {
        channel.close();
      }
    }
  }

  @Test
  void aClientThatVanishesInTheMidstOfItsStreamsHarmsNobody() {
    DriverTask task = stage.startSleeper();
    ExecSession.of(task, "/bin/sh", "-c", "while :; do echo y; done").awaitStdout("y");
    var pending = stage.agent().plugin().driverFuture().waitTask(task.waitRequest());
    stage.reattach();
    assertThat(pending.isDone()).isTrue();
    task.recover();
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    Stage.await(
        "the end of the command that nobody listens to",
        () ->
            stage.processes().stream()
                .map(Stage::commandLine)
                .noneMatch(line -> line.contains("echo y")));
    assertServes();
  }

  // ---- many

  @Test
  void aHundredCallsThatWaitKeepNobodyWaiting() throws Exception {
    DriverTask task = stage.startSleeper();
    List<Future<WaitTaskResponse>> waiting =
        IntStream.range(0, 100)
            .<Future<WaitTaskResponse>>mapToObj(
                i -> stage.agent().plugin().driverFuture().waitTask(task.waitRequest()))
            .toList();
    assertThat(task.sh("echo here").getStdout().toStringUtf8()).isEqualTo("here\n");
    assertThat(waiting).noneMatch(Future::isDone);
    task.stop(Duration.ZERO, "");
    for (Future<WaitTaskResponse> one : waiting) {
      assertThat(one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getResult().getSignal())
          .isEqualTo(9);
    }
  }

  @Test
  void waitersThatGiveUpDoNotDisturbThoseThatStay() throws Exception {
    DriverTask task = stage.startSleeper();
    var stays = stage.agent().plugin().driverFuture().waitTask(task.waitRequest());
    for (int i = 0; i < 20; i++) {
      assertThat(stage.agent().plugin().driverFuture().waitTask(task.waitRequest()).cancel(true))
          .isTrue();
    }
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
    task.stop(Duration.ZERO, "");
    assertThat(stays.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getResult().getSignal())
        .isEqualTo(9);
  }

  @Test
  void ofManyStartsWithOneIdOneIsTheTaskAndTheOthersAreRefused() throws Exception {
    DriverTask task = stage.task(shell("exec sleep 1000"));
    List<Callable<Boolean>> starts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      starts.add(
          () -> {
            try {
              stage
                  .driver()
                  .startTask(StartTaskRequest.newBuilder().setTask(task.config()).build());
              return true;
            } catch (StatusRuntimeException refused) {
              assertThat(refused.getStatus().getDescription()).contains(task.id());
              return false;
            }
          });
    }
    stage.agent();
    assertThat(inParallel(starts).stream().filter(won -> won)).hasSize(1);
    assertThat(task.inspect().getTask().getState()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void ofManyThatStopAndDestroyATaskAtOnceNoneFailsAndNothingIsLeft() throws Exception {
    DriverTask task = stage.startSleeper();
    List<Callable<Boolean>> ends = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boolean stops = i % 2 == 0;
      ends.add(
          () -> {
            if (stops) {
              task.stop(Duration.ofSeconds(60), "SIGKILL");
            } else {
              task.destroy();
            }
            return true;
          });
    }
    assertThat(inParallel(ends)).hasSize(8).containsOnly(true);
    assertThat(Leftovers.entries(stage.state().resolve("tasks"))).isEmpty();
    assertThat(stage.agent().events().messages())
        .noneMatch(event -> event.getMessage().contains("cannot remove"));
  }

  @Test
  void tasksThatAreStartedAtOnceEachHaveTheirOwnEnd() throws Exception {
    List<DriverTask> tasks =
        IntStream.range(0, 8).mapToObj(i -> stage.task(shell("exit " + i))).toList();
    List<Callable<Integer>> lives = new ArrayList<>();
    for (DriverTask task : tasks) {
      lives.add(() -> task.start().result().getExitCode());
    }
    assertThat(inParallel(lives)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  private static <T> List<T> inParallel(List<Callable<T>> acts) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(acts)) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void aCallThatDoesNotExistIsToldSo() {
    MethodDescriptor<byte[], byte[]> none =
        DriverGrpc.getWaitTaskMethod().toBuilder(new Bytes(), new Bytes())
            .setFullMethodName("hashicorp.nomad.plugins.drivers.proto.Driver/Fly")
            .build();
    Status status = refusal(() -> call(stage.agent().plugin(), none, new byte[0]));
    assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    refusal(() -> stage.driver().waitTask(WaitTaskRequest.getDefaultInstance()));
  }
}
