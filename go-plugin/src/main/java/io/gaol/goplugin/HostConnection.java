package io.gaol.goplugin;

import io.gaol.goplugin.proto.ConnInfo;
import io.gaol.goplugin.proto.Empty;
import io.gaol.goplugin.proto.GRPCBrokerGrpc;
import io.gaol.goplugin.proto.GRPCControllerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A host's side of a plugin that runs: for programs on the JVM that have plugins, and for tests. It
 * starts no process; whoever does gives the plugin the variables of {@link Offer#environment},
 * reads the first line of its stdout, and connects.
 */
public final class HostConnection implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  /**
   * What a host offers to a plugin before it starts it.
   *
   * @param own the host's certificate; empty without TLS
   * @param multiplexing whether all connections are to share one
   */
  public record Offer(Optional<Identity> own, boolean multiplexing) {
    /** Neither TLS nor multiplexing. */
    public static Offer plain() {
      return new Offer(Optional.empty(), false);
    }

    /** The variables that tell the plugin of it. The cookie is not among them. */
    public Map<String, String> environment() {
      Map<String, String> variables = new java.util.HashMap<>();
      own.ifPresent(identity -> variables.put("PLUGIN_CLIENT_CERT", identity.pem()));
      if (multiplexing) {
        variables.put("PLUGIN_MULTIPLEX_GRPC", "true");
      }
      return Map.copyOf(variables);
    }
  }

  /** A key and the certificate that a plugin knows its host by. */
  public static final class Identity {
    private final SelfSignedCertificate certificate;

    private Identity(SelfSignedCertificate certificate) {
      this.certificate = certificate;
    }

    /**
     * A new one.
     *
     * @throws GeneralSecurityException if this Java has no elliptic curves
     */
    public static Identity make() throws GeneralSecurityException {
      return new Identity(SelfSignedCertificate.make());
    }

    /** The certificate, in PEM. */
    String pem() {
      try {
        return certificate.pem();
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(
            "a certificate that was read cannot be written", impossible);
      }
    }
  }

  private final ManagedChannel channel;
  private final Broker broker;
  private final Optional<Multiplexer> multiplexer;

  private HostConnection(ManagedChannel channel, Broker broker, Optional<Multiplexer> multiplexer) {
    this.channel = channel;
    this.broker = broker;
    this.multiplexer = multiplexer;
  }

  /**
   * Connects to a plugin.
   *
   * @param line what it wrote
   * @param offer what it was offered
   * @throws IOException if nobody listens there
   * @throws GeneralSecurityException if its certificate cannot be read
   */
  public static HostConnection connect(HandshakeLine line, Offer offer)
      throws IOException, GeneralSecurityException {
    Optional<MutualTls> tls = tls(line, offer);
    Optional<Multiplexer> multiplexer = Optional.empty();
    Dialer dialer = () -> UnixConnection.to(line.socket());
    if (offer.multiplexing() && line.multiplexing().orElse(false)) {
      Multiplexer shared = new Multiplexer();
      shared.connect(UnixConnection.to(line.socket()));
      multiplexer = Optional.of(shared);
      dialer = shared::open;
    }
    ManagedChannel channel = Transport.channel(dialer, tls);
    Broker broker = new Broker(Request.of(System.getenv()), tls, multiplexer);
    GRPCBrokerGrpc.newStub(channel).startStream(new BrokerStream(broker));
    return new HostConnection(channel, broker, multiplexer);
  }

  private static Optional<MutualTls> tls(HandshakeLine line, Offer offer)
      throws GeneralSecurityException {
    if (offer.own().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(MutualTls.withPlugin(offer.own().get().certificate, line.certificate()));
  }

  /** The channel for calls to the plugin. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Further connections between host and plugin. */
  public Broker broker() {
    return broker;
  }

  /** Asks the plugin to end, and returns when it has answered, or after five seconds. */
  public void shutdownPlugin() {
    try {
      Empty _ =
          GRPCControllerGrpc.newBlockingStub(channel)
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .shutdown(Empty.getDefaultInstance());
    } catch (StatusRuntimeException goneAlready) {
      // Which is what was asked for.
    }
  }

  /** Ends the connection. The plugin goes on. */
  @Override
  public void close() {
    broker.close();
    channel.shutdownNow();
    multiplexer.ifPresent(Multiplexer::end);
  }

  /** The stream over which host and plugin tell each other of further connections. */
  private static final class BrokerStream implements ClientResponseObserver<ConnInfo, ConnInfo> {
    private final Broker broker;

    BrokerStream(Broker broker) {
      this.broker = broker;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ConnInfo> requests) {
      broker.connect(requests);
    }

    @Override
    public void onNext(ConnInfo info) {
      broker.received(info);
    }

    @Override
    public void onError(Throwable gone) {
      // What is sent from now on fails by itself.
    }

    @Override
    public void onCompleted() {}
  }
}
