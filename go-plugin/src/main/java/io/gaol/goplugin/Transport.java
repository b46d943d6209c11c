package io.gaol.goplugin;

import io.grpc.BindableService;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/**
 * gRPC over our connections. All that is known of the library's OkHttp transport, which is marked
 * experimental, is known here.
 */
final class Transport {
  /** The largest message that is taken, in bytes. */
  static final int LARGEST_MESSAGE_BYTES = 64 << 20;

  /** What the library itself bears, in bytes: beyond it, it resets the stream without a reason. */
  private static final int LARGEST_BUFFER_BYTES = 256 << 20;

  /** OkHttp's own 64 KiB made a stream of large messages three times slower. */
  private static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;

  /** Hosts may ask often whether we are alive: the socket is local, so it costs nothing. */
  private static final long SHORTEST_KEEP_ALIVE_SECONDS = 1;

  /** Calls wait in virtual threads: some never end, and there may be any number. */
  static final Executor CALLS = Thread::startVirtualThread;

  /**
   * Sockets are read by threads of the kernel, one for each of the few connections. Where virtual
   * threads read them, a thread of the JDK polls in the kernel from then on, and the end of the
   * process waits 300 ms for it; these are let go when their socket is closed.
   */
  static final Executor SOCKETS = Executors.newCachedThreadPool(work -> daemon("socket", work));

  /** The library's own is set up by reflection, which takes a tenth of a plugin's start. */
  private static final ScheduledExecutorService TIMER = timer();

  private Transport() {}

  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, work -> daemon("timer", work));
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** Not by the JDK's factory: it numbers its threads by code that is made at run time. */
  private static Thread daemon(String name, Runnable work) {
    return Thread.ofPlatform().daemon().name(name).unstarted(work);
  }

  /**
   * Serves the connections that come in, until the server is shut down, which closes the listener.
   *
   * @throws IOException if the server cannot start
   */
  static Server serve(
      Listener listener, Optional<MutualTls> tls, List<? extends BindableService> services)
      throws IOException {
    ServerCredentials credentials =
        tls.isPresent() ? tls.get().serverCredentials() : InsecureServerCredentials.create();
    OkHttpServerBuilder builder =
        OkHttpServerBuilder.forPort(loopback(), credentials)
            .socketFactory(new ListenerFactory(listener))
            .transportExecutor(SOCKETS)
            .scheduledExecutorService(TIMER)
            .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
            .permitKeepAliveTime(SHORTEST_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxInboundMessageSize(LARGEST_BUFFER_BYTES)
            .executor(CALLS);
    for (BindableService service : services) {
      builder.addService(LargestMessage.bound(service.bindService(), LARGEST_MESSAGE_BYTES));
    }
    return builder.build().start();
  }

  /** A channel to what the dialer reaches. It connects with the first call, and anew if need be. */
  static ManagedChannel channel(Dialer dialer, Optional<MutualTls> tls) {
    ChannelCredentials credentials =
        tls.isPresent() ? tls.get().channelCredentials() : InsecureChannelCredentials.create();
    return OkHttpChannelBuilder.forAddress("127.0.0.1", 1, credentials)
        .socketFactory(new DialerFactory(dialer))
        .transportExecutor(SOCKETS)
        .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .overrideAuthority(SelfSignedCertificate.HOST)
        .proxyDetector(address -> null)
        .executor(CALLS)
        .build();
  }

  /** The library wants an address; ours is the listener. */
  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static final class ListenerFactory extends ServerSocketFactory {
    private final Listener listener;

    ListenerFactory(Listener listener) {
      this.listener = listener;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
      return new ListenerSocket(listener);
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return createServerSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return createServerSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      return createServerSocket();
    }
  }

  private static final class DialerFactory extends SocketFactory {
    private final Dialer dialer;

    DialerFactory(Dialer dialer) {
      this.dialer = dialer;
    }

    @Override
    public Socket createSocket() throws IOException {
      return new ConnectionSocket(dialer.dial());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return createSocket();
    }
  }
}
