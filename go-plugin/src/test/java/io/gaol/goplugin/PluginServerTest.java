package io.gaol.goplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import io.gaol.goplugin.HostConnection.Identity;
import io.gaol.goplugin.HostConnection.Offer;
import io.gaol.goplugin.proto.GRPCStdioGrpc;
import io.gaol.goplugin.proto.health.HealthCheckRequest;
import io.gaol.goplugin.proto.health.HealthCheckResponse;
import io.gaol.goplugin.proto.health.HealthCheckResponse.ServingStatus;
import io.gaol.goplugin.proto.health.HealthGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PluginServerTest {
  private static final long LIMIT_SECONDS = 60;

  @TempDir Path directory;

  /** How host and plugin may be connected. */
  enum Way {
    PLAIN,
    TLS,
    MULTIPLEXED,
    MULTIPLEXED_TLS;

    Offer offer() throws Exception {
      Optional<Identity> own =
          this == TLS || this == MULTIPLEXED_TLS ? Optional.of(Identity.make()) : Optional.empty();
      return new Offer(own, this == MULTIPLEXED || this == MULTIPLEXED_TLS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHundredCallsAtOnceAreAnsweredEachWithItsOwn(Way way) throws Exception {
    Offer offer = way.offer();
    try (PluginServer server = start(offer);
        HostConnection host = HostConnection.connect(server.handshakeLine(), offer);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        byte[] request = new byte[100_000 + i];
        Arrays.fill(request, (byte) i);
        calls.add(() -> Arrays.equals(Echo.call(host.channel(), request), request));
      }
      for (Future<Boolean> call : callers.invokeAll(calls)) {
        assertThat(call.get()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theHostReachesWhatThePluginServesOnAFurtherConnection(Way way) throws Exception {
    Offer offer = way.offer();
    try (PluginServer server = start(offer);
        HostConnection host = HostConnection.connect(server.handshakeLine(), offer)) {
      for (int i = 0; i < 3; i++) {
        int id = Integer.parseInt(Echo.call(host.channel(), "accept further " + i));
        ManagedChannel further = host.broker().dial(id);
        assertThat(Echo.call(further, "?")).isEqualTo("further " + i);
        assertThat(Echo.call(host.channel(), "and the first?")).isEqualTo("and the first?");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePluginReachesWhatTheHostServesOnAFurtherConnection(Way way) throws Exception {
    Offer offer = way.offer();
    try (PluginServer server = start(offer);
        HostConnection host = HostConnection.connect(server.handshakeLine(), offer)) {
      for (int i = 0; i < 3; i++) {
        int id = host.broker().nextId();
        host.broker().accept(id, List.of(Echo.saying("the host " + i)));
        assertThat(Echo.call(host.channel(), "dial " + id)).isEqualTo("THE HOST " + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageOf64MebibytesPassesAndALargerOneIsRefusedAndTheServerGoesOn(Way way)
      throws Exception {
    Offer offer = way.offer();
    try (PluginServer server = start(offer);
        HostConnection host = HostConnection.connect(server.handshakeLine(), offer)) {
      byte[] largest = new byte[64 << 20];
      largest[largest.length - 1] = 42;
      assertThat(Arrays.equals(Echo.call(host.channel(), largest), largest)).isTrue();

      assertThatThrownBy(() -> Echo.call(host.channel(), new byte[65 << 20]))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refused -> {
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(refused).hasMessageContaining("67108864");
              });

      assertThat(Echo.call(host.channel(), "still there?")).isEqualTo("still there?");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatVanishesInTheMiddleOfAStreamIsNoConcernOfOthers(Way way) throws Exception {
    Offer offer = way.offer();
    try (PluginServer server = start(offer)) {
      HostConnection vanishing = HostConnection.connect(server.handshakeLine(), offer);
      BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
      StreamObserver<byte[]> requests = Echo.stream(vanishing.channel(), into(answers));
      requests.onNext(new byte[2000]);
      assertThat(answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).hasSize(2000);

      vanishing.close();

      try (HostConnection next = HostConnection.connect(server.handshakeLine(), offer)) {
        assertThat(Echo.call(next.channel(), "still there?")).isEqualTo("still there?");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void garbageOnTheSocketEndsItsConnectionAndNothingElse(Way way) throws Exception {
    Offer offer = way.offer();
    try (PluginServer server = start(offer);
        HostConnection host = HostConnection.connect(server.handshakeLine(), offer)) {
      assertThat(Echo.call(host.channel(), "before")).isEqualTo("before");

      byte[] garbage = new byte[100_000];
      Arrays.fill(garbage, (byte) 0x7f);
      try (UnixConnection other = UnixConnection.to(server.socket())) {
        writeUntilClosed(other.output(), garbage);
        drain(other);
      }
      // What a host does before it finds a plugin again: it connects, and goes away.
      UnixConnection.to(server.socket()).close();

      assertThat(Echo.call(host.channel(), "after")).isEqualTo("after");
      int id = host.broker().nextId();
      host.broker().accept(id, List.of(Echo.saying("the host")));
      assertThat(Echo.call(host.channel(), "dial " + id)).isEqualTo("THE HOST");
    }
  }

  @Test
  void whoHasNoCertificateOrAnotherIsNotServed() throws Exception {
    Offer offer = Way.TLS.offer();
    try (PluginServer server = start(offer)) {
      HandshakeLine line = server.handshakeLine();
      try (HostConnection stranger = HostConnection.connect(line, Way.TLS.offer());
          HostConnection plain = HostConnection.connect(line, Offer.plain());
          HostConnection host = HostConnection.connect(line, offer)) {
        assertThatThrownBy(() -> Echo.call(stranger.channel(), "hello"))
            .isInstanceOf(StatusRuntimeException.class);
        assertThatThrownBy(() -> Echo.call(plain.channel(), "hello"))
            .isInstanceOf(StatusRuntimeException.class);
        assertThat(Echo.call(host.channel(), "hello")).isEqualTo("hello");
      }
    }
  }

  @Test
  void aHostRefusesAPluginWithAnotherCertificateThanTheHandshakes() throws Exception {
    Offer offer = Way.TLS.offer();
    try (PluginServer server = start(offer)) {
      HandshakeLine line = server.handshakeLine();
      HandshakeLine forged =
          new HandshakeLine(
              line.protocolVersion(),
              line.socket(),
              SelfSignedCertificate.make().handshakeText(),
              line.multiplexing());
      try (HostConnection host = HostConnection.connect(forged, offer)) {
        assertThatThrownBy(() -> Echo.call(host.channel(), "hello"))
            .isInstanceOf(StatusRuntimeException.class);
      }
    }
  }

  @Test
  void aCertificateThatCannotBeReadIsRefusedAndNothingIsLeft() {
    assertThatThrownBy(() -> start(Map.of("PLUGIN_CLIENT_CERT", "no certificate")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PLUGIN_CLIENT_CERT");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void theHandshakeTellsOfTlsAndMultiplexingExactlyWhenTheyWereAskedFor() throws Exception {
    assertThat(lineFor(Map.of())).matches("1\\|7\\|unix\\|[^|]+\\|grpc\\|\n");
    assertThat(lineFor(Map.of("PLUGIN_MULTIPLEX_GRPC", "", "PLUGIN_CLIENT_CERT", "")))
        .matches("1\\|7\\|unix\\|[^|]+\\|grpc\\|\n");
    assertThat(lineFor(Map.of("PLUGIN_MULTIPLEX_GRPC", "1"))).endsWith("|grpc||true\n");
    assertThat(lineFor(Map.of("PLUGIN_MULTIPLEX_GRPC", "false"))).endsWith("|grpc||false\n");
    assertThat(lineFor(Map.of("PLUGIN_MULTIPLEX_GRPC", "perhaps"))).endsWith("|grpc||false\n");
    assertThat(lineFor(Way.TLS.offer().environment()))
        .matches("1\\|7\\|unix\\|[^|]+\\|grpc\\|[A-Za-z0-9+/]{200,}\n");
  }

  @Test
  void aHostThatWantsOtherVersionsIsToldOursAndRefusesByItself() throws Exception {
    assertThat(lineFor(Map.of("PLUGIN_PROTOCOL_VERSIONS", "1,3"))).startsWith("1|7|");
    assertThat(lineFor(Map.of("PLUGIN_PROTOCOL_VERSIONS", "6,7"))).startsWith("1|7|");
  }

  @Test
  void aPluginWhoseHandshakeNobodyTakesLeavesNothing() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    assertThatThrownBy(
            () -> plugin().start(Map.of("PLUGIN_UNIX_SOCKET_DIR", directory.toString()), closed))
        .hasMessageContaining("Broken pipe");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void healthIsToldForThePluginAndTheWholeAndNothingElse() throws Exception {
    try (PluginServer server = start(Offer.plain());
        HostConnection host = HostConnection.connect(server.handshakeLine(), Offer.plain())) {
      var health = HealthGrpc.newBlockingStub(host.channel());
      assertThat(health.check(of("plugin")).getStatus()).isEqualTo(ServingStatus.SERVING);
      assertThat(health.check(of("")).getStatus()).isEqualTo(ServingStatus.SERVING);
      assertThatThrownBy(() -> health.check(of("other")))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              unknown ->
                  assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));

      Iterator<HealthCheckResponse> watched = health.watch(of("plugin"));
      assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.SERVING);
      assertThat(health.watch(of("other")).next().getStatus())
          .isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    }
  }

  @Test
  void aNumberThatNobodyServesIsRefusedAfterAWhile() throws Exception {
    try (PluginServer server = start(Offer.plain());
        HostConnection host = HostConnection.connect(server.handshakeLine(), Offer.plain())) {
      assertThatThrownBy(() -> host.broker().dial(99))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("99");
    }
  }

  @Test
  void shutdownLetsWhoeverWaitsForTheEndGoOn() throws Exception {
    ByteArrayOutputStream acts = new ByteArrayOutputStream();
    GoPlugin plugin = plugin().beforeEnd(() -> acts.write('x'));
    try (PluginServer server =
            plugin.start(Map.of("TMPDIR", directory.toString()), OutputStream.nullOutputStream());
        HostConnection host = HostConnection.connect(server.handshakeLine(), Offer.plain())) {
      Thread waiter = Thread.ofVirtual().start(server::awaitEnd);
      host.shutdownPlugin();
      waiter.join();
      assertThat(acts.toString(StandardCharsets.UTF_8)).isEqualTo("x");
    }
    assertThat(acts.toString(StandardCharsets.UTF_8)).isEqualTo("x");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatIsPrintedBeforeAndAfterAHostListensReachesEveryOneThatDoes() throws Exception {
    Stdio stdio = new Stdio();
    print(stdio, "before ");
    Request request = Request.of(Map.of("TMPDIR", directory.toString()));
    try (PluginServer server =
            PluginServer.start(plugin(), request, OutputStream.nullOutputStream(), stdio);
        HostConnection host = HostConnection.connect(server.handshakeLine(), Offer.plain())) {
      var first = GRPCStdioGrpc.newBlockingStub(host.channel()).streamStdio(empty());
      assertThat(first.next().getData().toStringUtf8()).isEqualTo("before ");
      var second = GRPCStdioGrpc.newBlockingStub(host.channel()).streamStdio(empty());
      // The second is known to listen once it got something: so it is asked for what comes.
      Thread printer = Thread.ofVirtual().start(() -> printUntilInterrupted(stdio));
      assertThat(second.next().getData().toStringUtf8()).isEqualTo("after");
      assertThat(first.next().getData().toStringUtf8()).isEqualTo("after");
      printer.interrupt();
      printer.join();
    }
  }

  @Test
  void printingNeverWaitsForHostsThatDoNotRead() {
    Stdio stdio = new Stdio();
    byte[] piece = new byte[100_000];

    for (int i = 0; i < 1000; i++) {
      stdio.write(io.gaol.goplugin.proto.StdioData.Channel.STDOUT, piece, 0, piece.length);
    }

    assertThat(stdio.waitingBytes()).isBetween(900_000, 1 << 20);
  }

  private static void printUntilInterrupted(Stdio stdio) {
    while (!Thread.interrupted()) {
      print(stdio, "after");
      Thread.onSpinWait();
    }
  }

  private static void print(Stdio stdio, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    stdio.write(io.gaol.goplugin.proto.StdioData.Channel.STDOUT, bytes, 0, bytes.length);
  }

  private static Empty empty() {
    return Empty.getDefaultInstance();
  }

  private static HealthCheckRequest of(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build();
  }

  private static GoPlugin plugin() {
    PluginLog log = PluginLog.to("test", OutputStream.nullOutputStream());
    return GoPlugin.of(TestPlugin.HANDSHAKE, TestPlugin.HINT)
        .logging(log)
        .servingWithBroker(broker -> TestPlugin.services(broker, log));
  }

  private PluginServer start(Offer offer) throws IOException {
    return start(offer.environment());
  }

  private PluginServer start(Map<String, String> environment) throws IOException {
    return plugin().start(in(environment), OutputStream.nullOutputStream());
  }

  private String lineFor(Map<String, String> environment) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    plugin().start(in(environment), stdout).close();
    return stdout.toString(StandardCharsets.UTF_8);
  }

  private Map<String, String> in(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("PLUGIN_UNIX_SOCKET_DIR", directory.toString());
    return all;
  }

  private static StreamObserver<byte[]> into(BlockingQueue<byte[]> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] answer) {
        answers.add(answer);
      }

      @Override
      public void onError(Throwable gone) {}

      @Override
      public void onCompleted() {}
    };
  }

  private static void writeUntilClosed(OutputStream output, byte[] bytes) {
    try {
      output.write(bytes);
    } catch (IOException closed) {
      // The server is free to close at the first wrong byte.
    }
  }

  private static void drain(UnixConnection connection) {
    try {
      byte[] bytes = new byte[1000];
      while (connection.input().read(bytes) >= 0) {
        Thread.onSpinWait();
      }
    } catch (IOException closed) {
      // Which is an end as well.
    }
  }
}
