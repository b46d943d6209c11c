package io.gaol.testing.host;

import io.gaol.goplugin.HostConnection;
import io.gaol.goplugin.proto.Empty;
import io.gaol.goplugin.proto.GRPCBrokerGrpc;
import io.gaol.goplugin.proto.GRPCControllerGrpc;
import io.gaol.goplugin.proto.GRPCStdioGrpc;
import io.gaol.goplugin.proto.health.HealthGrpc;
import io.gaol.nomad.proto.base.BasePluginGrpc;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A plugin that runs, with one gRPC channel to it, as an agent has it: launched by {@link
 * PluginCommand#launch}, or found again by {@link #reattach}.
 *
 * <p>What would have harmed an agent is remembered ({@link #faults}), and {@link #close} fails on
 * it.
 */
public final class Plugin implements AutoCloseable {
  /** What an agent gives a plugin to end by itself. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** What an agent would wait for without end: on a busy machine anything takes long. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration POLL = Duration.ofMillis(10);

  private final Optional<PluginProcess> process;
  private final ProcessHandle handle;
  private final Handshake handshake;
  private final HostConnection connection;
  private final Channel channel;
  private final List<String> faults = new CopyOnWriteArrayList<>();

  private Plugin(Optional<PluginProcess> process, ProcessHandle handle, Handshake handshake) {
    this.process = process;
    this.handle = handle;
    this.handshake = handshake;
    this.connection = connect(handshake);
    this.channel = ClientInterceptors.intercept(connection.channel(), new AgentCalls(faults::add));
  }

  static Plugin launch(PluginCommand command) {
    PluginProcess process = PluginProcess.start(command);
    try {
      Handshake handshake = Handshake.parse(process.awaitFirstLine(command.patience()));
      return new Plugin(Optional.of(process), process.handle(), handshake);
    } catch (RuntimeException refused) {
      process.close();
      throw refused;
    }
  }

  /**
   * Finds a plugin again, as an agent does that has crashed and comes back: a connection that is
   * closed at once, then the channel, over which the plugin is asked who it is.
   *
   * @param socket where it serves
   * @param pid its process
   * @throws PluginHostException if it is not there, or does not answer
   */
  public static Plugin reattach(Path socket, long pid) {
    ProcessHandle handle =
        ProcessHandle.of(pid)
            .orElseThrow(() -> new PluginHostException("Reattachment process not found: " + pid));
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      probe.isConnected();
    } catch (IOException gone) {
      throw new PluginHostException("nobody serves at " + socket, gone);
    }
    Plugin plugin =
        new Plugin(Optional.empty(), handle, new Handshake("", Handshake.NOMAD_PROTOCOL, socket));
    try {
      var info =
          plugin
              .base()
              .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .pluginInfo(PluginInfoRequest.getDefaultInstance());
      if (info.getName().isEmpty()) {
        throw new PluginHostException("a plugin without a name serves at " + socket);
      }
      return plugin;
    } catch (StatusRuntimeException refused) {
      plugin.connection.close();
      throw new PluginHostException("failed to reattach to plugin at " + socket, refused);
    }
  }

  private static HostConnection connect(Handshake handshake) {
    try {
      return HostConnection.connect(handshake.connectionLine(), HostConnection.Offer.plain());
    } catch (IOException | GeneralSecurityException failure) {
      throw new PluginHostException("cannot connect to " + handshake.socket(), failure);
    }
  }

  // ---- what can be called

  /** Who it is, and its configuration. Calls wait for their answer. */
  public BasePluginGrpc.BasePluginBlockingStub base() {
    return BasePluginGrpc.newBlockingStub(channel);
  }

  /** The driver. Calls wait for their answer. */
  public DriverGrpc.DriverBlockingStub driver() {
    return DriverGrpc.newBlockingStub(channel);
  }

  /** The driver. Calls return at once. */
  public DriverGrpc.DriverStub driverAsync() {
    return DriverGrpc.newStub(channel);
  }

  /** The driver. Calls return a future. */
  public DriverGrpc.DriverFutureStub driverFuture() {
    return DriverGrpc.newFutureStub(channel);
  }

  /** go-plugin's own calls. */
  public GRPCControllerGrpc.GRPCControllerBlockingStub controller() {
    return GRPCControllerGrpc.newBlockingStub(channel);
  }

  /** Copies of what it writes. */
  public GRPCStdioGrpc.GRPCStdioStub stdio() {
    return GRPCStdioGrpc.newStub(channel);
  }

  /** Further connections, which no Nomad driver has. */
  public GRPCBrokerGrpc.GRPCBrokerStub broker() {
    return GRPCBrokerGrpc.newStub(channel);
  }

  /** Whether it serves. */
  public HealthGrpc.HealthBlockingStub health() {
    return HealthGrpc.newBlockingStub(channel);
  }

  /** All of these go over it. */
  public Channel channel() {
    return channel;
  }

  // ---- what is known of it

  /** What it printed first; of one that was found again, only the address is known. */
  public Handshake handshake() {
    return handshake;
  }

  /** Where it serves. */
  public Path socket() {
    return handshake.socket();
  }

  /** Its process. */
  public long pid() {
    return handle.pid();
  }

  /** Whether its process runs. */
  public boolean isAlive() {
    return handle.isAlive();
  }

  /** What it has written on stderr; nothing of one that was found again. */
  public List<LogLine> log() {
    return process.map(PluginProcess::log).orElse(List.of());
  }

  /** What it has printed after the handshake, where nothing may be. */
  public List<String> laterOutput() {
    return process.map(PluginProcess::laterLines).orElse(List.of());
  }

  /** All that would have harmed an agent, up to now. */
  public List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    laterOutput().forEach(line -> all.add("printed after the handshake: " + line));
    for (LogLine line : log()) {
      if (line instanceof LogLine.Deadly(String text, String why)) {
        all.add("logged what takes an agent down: " + why + ": " + text);
      }
    }
    return all;
  }

  // ---- its end

  /**
   * Ends it as an agent does: {@code Shutdown}, two seconds, SIGKILL to this one process, and then
   * the wait for the last who holds its stdout or stderr.
   *
   * @throws PluginHostException if that wait has no end
   */
  public Killed kill() {
    return kill(GRACE);
  }

  /** As {@link #kill()}, with more patience than an agent has: for a busy machine. */
  public Killed kill(Duration grace) {
    long start = System.nanoTime();
    try {
      controller()
          .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .shutdown(Empty.getDefaultInstance());
    } catch (StatusRuntimeException ignored) {
      // An agent ignores it too: a plugin may drop the connection instead.
    }
    connection.close();
    boolean byItself = awaitGone(grace);
    if (!byItself) {
      handle.destroyForcibly();
      if (!awaitGone(PATIENCE)) {
        throw new PluginHostException(
            "the process "
                + pid()
                + " was killed, and somebody still holds its stdout or stderr: an agent would wait"
                + " for ever");
      }
    }
    Killed killed = new Killed(byItself, Duration.ofNanos(System.nanoTime() - start));
    process.ifPresent(PluginProcess::closePipes);
    return killed;
  }

  /** SIGKILL, with nothing said before. Returns when it is gone. */
  public void killHard() {
    handle.destroyForcibly();
    if (!awaitGone(PATIENCE)) {
      throw new PluginHostException("the process " + pid() + " was killed and is still there");
    }
    connection.close();
  }

  /**
   * Leaves it alone, as an agent that crashes: the connection and the reading ends of its stdout
   * and stderr are gone, and it runs on. Whoever calls this has to end it later.
   */
  public void abandon() {
    connection.close();
    process.ifPresent(PluginProcess::closePipes);
  }

  /** Waits until its process has ended; whether it has in time. */
  public boolean awaitGone(Duration patience) {
    if (process.isPresent()) {
      return process.get().awaitGone(patience);
    }
    // As an agent looks for a plugin that is not its child.
    long deadline = System.nanoTime() + patience.toNanos();
    while (handle.isAlive()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new PluginHostException("interrupted", interrupted);
      }
    }
    return true;
  }

  /**
   * Ends the process if it still runs.
   *
   * @throws PluginHostException if it did anything that would have harmed an agent
   */
  @Override
  public void close() {
    connection.close();
    if (process.isPresent()) {
      process.get().close();
    } else {
      handle.destroyForcibly();
    }
    if (!faults().isEmpty()) {
      throw new PluginHostException(String.join("\n", faults()));
    }
  }
}
