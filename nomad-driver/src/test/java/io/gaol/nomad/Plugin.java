package io.gaol.nomad;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.base.BasePluginGrpc;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.wire.Packer;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A driver's services on the loopback, and an agent's end of the connection. */
final class Plugin implements AutoCloseable {
  /** So that a driver that fails is asked again soon. */
  private static final PersistentStream IMPATIENT =
      new PersistentStream(Duration.ofMillis(5), Duration.ofMillis(20));

  private final Server server;
  private final ManagedChannel channel;

  private Plugin(Server server) {
    this.server = server;
    this.channel = connect();
  }

  static Plugin of(TaskDriver driver) throws IOException {
    OkHttpServerBuilder builder =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .maxInboundMessageSize(Integer.MAX_VALUE);
    DriverPlugin.services(driver, IMPATIENT).forEach(builder::addService);
    return new Plugin(builder.build().start());
  }

  /** Another connection; who makes it ends it. */
  ManagedChannel connect() {
    return OkHttpChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .maxInboundMetadataSize(1 << 20)
        .build();
  }

  BasePluginGrpc.BasePluginBlockingStub base() {
    return BasePluginGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  DriverGrpc.DriverBlockingStub driver() {
    return DriverGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  DriverGrpc.DriverFutureStub later() {
    return DriverGrpc.newFutureStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  DriverGrpc.DriverStub asynchronous() {
    return DriverGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  static io.gaol.nomad.proto.driver.TaskConfig.Builder task(String id, Map<String, ?> config) {
    return io.gaol.nomad.proto.driver.TaskConfig.newBuilder()
        .setId(id)
        .setName("web")
        .setAllocDir("/alloc")
        .setStdoutPath("/dev/null")
        .setStderrPath("/dev/null")
        .setMsgpackDriverConfig(ByteString.copyFrom(Packer.pack(config)));
  }

  static StartTaskRequest shell(String id, String script) {
    return StartTaskRequest.newBuilder()
        .setTask(task(id, Map.of("args", List.of("-c", script), "command", "/bin/sh")))
        .build();
  }

  /** The status of a call that fails. */
  static StatusRuntimeException failure(ThrowingCallable call) {
    return Assertions.catchThrowableOfType(StatusRuntimeException.class, call);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
