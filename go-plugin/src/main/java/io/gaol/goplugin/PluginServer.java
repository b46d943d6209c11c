package io.gaol.goplugin;

import io.grpc.BindableService;
import io.grpc.Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A plugin that serves, until its host asks it to end or it is closed. */
public final class PluginServer implements AutoCloseable {
  /** What a plugin may do before its end. A host kills it after two seconds. */
  private static final Duration LAST_ACT = Duration.ofSeconds(1);

  /** A host closes its connection as soon as it has our last answer. */
  private static final long LAST_ANSWER_MILLISECONDS = 100;

  private final GoPlugin plugin;
  private final HandshakeLine handshakeLine;
  private final Server server;
  private final Broker broker;
  private final Optional<Multiplexer> multiplexer;
  private final CountDownLatch ended;
  private final Runnable lastAct;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PluginServer(
      GoPlugin plugin,
      HandshakeLine handshakeLine,
      Server server,
      Broker broker,
      Optional<Multiplexer> multiplexer,
      CountDownLatch ended,
      Runnable lastAct) {
    this.plugin = plugin;
    this.handshakeLine = handshakeLine;
    this.server = server;
    this.broker = broker;
    this.multiplexer = multiplexer;
    this.ended = ended;
    this.lastAct = lastAct;
  }

  /**
   * Listens, serves, and only then tells the host where.
   *
   * @throws IOException if something that the host asked for cannot be; nothing is left then
   */
  static PluginServer start(GoPlugin plugin, Request request, OutputStream stdout, Stdio stdio)
      throws IOException {
    PluginServer server = listen(plugin, request, stdio, new CountDownLatch(1));
    try {
      server.announce(stdout);
      return server;
    } catch (IOException nobodyReads) {
      server.close();
      throw nobodyReads;
    }
  }

  /**
   * Listens and serves; nobody knows of it yet.
   *
   * @param ended lets go whoever waits for the end
   * @throws IOException if something that the host asked for cannot be; nothing is left then
   */
  static PluginServer listen(GoPlugin plugin, Request request, Stdio stdio, CountDownLatch ended)
      throws IOException {
    Optional<MutualTls> tls = tls(request);
    boolean isShared = request.multiplexing().orElse(false);
    Optional<Multiplexer> multiplexer =
        isShared ? Optional.of(new Multiplexer()) : Optional.empty();
    Broker broker = new Broker(request, tls, multiplexer);
    Runnable lastAct = once(plugin);

    List<BindableService> services = new ArrayList<>(plugin.services(broker));
    services.add(new HealthService());
    services.add(new ControllerService(lastAct, ended::countDown));
    services.add(stdio);
    services.add(new BrokerService(broker));

    UnixListener socket = UnixListener.at(SocketPlace.make(request));
    try {
      Listener listener = isShared ? multiplexer.get().serve(socket) : socket;
      Server server = Transport.serve(listener, tls, services);
      HandshakeLine line =
          new HandshakeLine(
              plugin.handshake().protocolVersion(),
              socket.path(),
              tls.isPresent() ? tls.get().own().handshakeText() : "",
              request.multiplexing());
      return new PluginServer(plugin, line, server, broker, multiplexer, ended, lastAct);
    } catch (IOException | GeneralSecurityException | RuntimeException failed) {
      socket.close();
      throw new IOException("the plugin cannot serve: " + failed.getMessage(), failed);
    }
  }

  private static Optional<MutualTls> tls(Request request) throws IOException {
    if (request.clientCertificate().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MutualTls.withHost(request.clientCertificate().get()));
    } catch (GeneralSecurityException broken) {
      throw new IOException(
          "PLUGIN_CLIENT_CERT is no certificate that can be read: " + broken.getMessage(), broken);
    }
  }

  /** What the plugin wanted to be done before its end: once, and not for long. */
  private static Runnable once(GoPlugin plugin) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (!done.compareAndSet(false, true)) {
        return;
      }
      Thread act =
          Thread.ofVirtual()
              .uncaughtExceptionHandler(
                  (thread, thrown) ->
                      plugin.log().error("what was to be done at the end failed", "error", thrown))
              .start(plugin.beforeEnd());
      try {
        if (!act.join(LAST_ACT)) {
          plugin
              .log()
              .warn("what was to be done at the end is not done, and is waited for no more");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /**
   * Tells the host where the plugin listens.
   *
   * @throws IOException if nobody reads it
   */
  void announce(OutputStream stdout) throws IOException {
    try {
      stdout.write((handshakeLine.text() + "\n").getBytes(StandardCharsets.UTF_8));
      stdout.flush();
    } catch (IOException gone) {
      throw new IOException("the host does not read the handshake: " + gone.getMessage(), gone);
    }
  }

  /** What the host was told. */
  public HandshakeLine handshakeLine() {
    return handshakeLine;
  }

  /** The Unix socket that the plugin listens on. */
  public Path socket() {
    return handshakeLine.socket();
  }

  /** Asks the plugin to end, as a host does; whoever waits for it goes on. */
  public void end() {
    ended.countDown();
  }

  /** Waits until the plugin is to end. */
  public void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException notTheEnd) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the plugin: what it wanted to do before, its connections, its sockets. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    end();
    lastAct.run();
    server.shutdown();
    awaitTermination(LAST_ANSWER_MILLISECONDS);
    broker.close();
    server.shutdownNow();
    multiplexer.ifPresent(Multiplexer::end);
    awaitTermination(LAST_ANSWER_MILLISECONDS);
    plugin.log().debug("the plugin has ended");
  }

  private void awaitTermination(long milliseconds) {
    try {
      // What it says does not matter: the end comes in any case.
      boolean _ = server.awaitTermination(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
