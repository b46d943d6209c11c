package io.gaol.goplugin;

import io.gaol.goplugin.proto.ConnInfo;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Further connections between a host and its plugin, in both directions. One side serves under a
 * number, tells the number to the other in a message of theirs, and the other dials it.
 *
 * <p>Without multiplexing each number has a Unix socket of its own, whose path is told over a
 * stream that the host opened. With it, all share the one connection that is there, and who dials
 * first <em>knocks</em>: it tells for which number its next stream is meant, and waits for the
 * answer.
 *
 * @see <a href="https://github.com/hashicorp/go-plugin">go-plugin, grpc_broker.go</a>
 */
public final class Broker {
  /** How long one side waits for the other: as long as Go's. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Who tells of more numbers than that, and dials none, is not remembered any more. */
  private static final int MOST_UNCLAIMED = 1024;

  private final Request request;
  private final Optional<MutualTls> tls;
  private final Optional<Multiplexer> multiplexer;

  private final AtomicInteger lastId = new AtomicInteger();
  private final Set<Server> servers = ConcurrentHashMap.newKeySet();
  private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
  private final ReentrantLock dialing = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, ConnInfo> arrived = new HashMap<>();
  private final Set<Integer> served = new LinkedHashSet<>();
  private final Set<Integer> knocked = new LinkedHashSet<>();
  private Optional<StreamObserver<ConnInfo>> stream = Optional.empty();

  Broker(Request request, Optional<MutualTls> tls, Optional<Multiplexer> multiplexer) {
    this.request = request;
    this.tls = tls;
    this.multiplexer = multiplexer;
  }

  /** A number that this side has not used yet. Each side has its own. */
  public int nextId() {
    return lastId.incrementAndGet();
  }

  /**
   * Serves under a number, for the other side to dial.
   *
   * @param id of {@link #nextId}
   * @param services what is served there, and nothing else
   * @return runs until it is shut down, or the plugin ends
   * @throws IOException if no socket can be made, or the other side has no broker
   */
  public Server accept(int id, List<? extends BindableService> services) throws IOException {
    return multiplexer.isPresent()
        ? acceptStreams(multiplexer.get(), id, services)
        : acceptOnSocket(id, services);
  }

  private Server acceptOnSocket(int id, List<? extends BindableService> services)
      throws IOException {
    UnixListener listener = UnixListener.at(SocketPlace.make(request));
    Server server = Transport.serve(listener, tls, services);
    servers.add(server);
    try {
      send(
          ConnInfo.newBuilder()
              .setServiceId(id)
              .setNetwork("unix")
              .setAddress(listener.path().toString())
              .build());
      return server;
    } catch (IOException alone) {
      servers.remove(server);
      server.shutdownNow();
      throw alone;
    }
  }

  private Server acceptStreams(Multiplexer shared, int id, List<? extends BindableService> services)
      throws IOException {
    Server server = Transport.serve(shared.listener(id, () -> unserve(id)), tls, services);
    servers.add(server);
    boolean isWaitedFor;
    lock.lock();
    try {
      served.add(id);
      isWaitedFor = knocked.remove(id);
    } finally {
      lock.unlock();
    }
    if (isWaitedFor) {
      openDoor(shared, id);
    }
    return server;
  }

  private void unserve(int id) {
    lock.lock();
    try {
      served.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A channel to what the other side serves under a number.
   *
   * @throws IOException if the other side does not tell of that number within five seconds; with
   *     multiplexing that shows in the first call
   */
  public ManagedChannel dial(int id) throws IOException {
    Dialer dialer = multiplexer.isPresent() ? knocking(multiplexer.get(), id) : toSocket(id);
    ManagedChannel channel = Transport.channel(dialer, tls);
    channels.removeIf(ManagedChannel::isShutdown);
    channels.add(channel);
    return channel;
  }

  private Dialer toSocket(int id) throws IOException {
    ConnInfo told = await(id);
    if (!told.getNetwork().equals("unix")) {
      throw new IOException(
          "the other side serves "
              + id
              + " on "
              + told.getNetwork()
              + " "
              + told.getAddress()
              + ", and only Unix sockets are spoken here");
    }
    Path socket = Path.of(told.getAddress());
    return () -> UnixConnection.to(socket);
  }

  private Dialer knocking(Multiplexer shared, int id) {
    return () -> {
      // One at a time: the other side gives the next stream that comes to the last that knocked.
      dialing.lock();
      try {
        send(knock(id, false, ""));
        ConnInfo answer = await(id);
        if (!answer.getKnock().getAck() || !answer.getKnock().getError().isEmpty()) {
          throw new IOException(
              "the other side refused a knock for " + id + ": " + answer.getKnock().getError());
        }
        return shared.open();
      } finally {
        dialing.unlock();
      }
    };
  }

  private static ConnInfo knock(int id, boolean isAnswer, String error) {
    return ConnInfo.newBuilder()
        .setServiceId(id)
        .setKnock(ConnInfo.Knock.newBuilder().setKnock(true).setAck(isAnswer).setError(error))
        .build();
  }

  /** Takes what the other side sent. */
  void received(ConnInfo info) {
    int id = info.getServiceId();
    boolean isKnock = info.hasKnock() && info.getKnock().getKnock() && !info.getKnock().getAck();
    boolean isServed = false;
    lock.lock();
    try {
      if (!isKnock) {
        if (arrived.size() < MOST_UNCLAIMED) {
          arrived.put(id, info);
          changed.signalAll();
        }
      } else if (served.contains(id)) {
        isServed = true;
      } else if (knocked.size() < MOST_UNCLAIMED) {
        // It may be served in a moment; the other side waits as long as it likes to.
        knocked.add(id);
      }
    } finally {
      lock.unlock();
    }
    if (isServed && multiplexer.isPresent()) {
      openDoor(multiplexer.get(), id);
    }
  }

  private void openDoor(Multiplexer shared, int id) {
    shared.expect(id);
    try {
      send(knock(id, true, ""));
    } catch (IOException gone) {
      // Whoever knocked has gone, and its stream will not come.
      shared.unexpect(id);
    }
  }

  private ConnInfo await(int id) throws IOException {
    long left = PATIENCE_NANOS;
    lock.lock();
    try {
      while (!arrived.containsKey(id)) {
        if (left <= 0) {
          throw new IOException("the other side did not tell of " + id + " within 5 seconds");
        }
        left = changed.awaitNanos(left);
      }
      return arrived.remove(id);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + id, interrupted);
    } finally {
      lock.unlock();
    }
  }

  private void send(ConnInfo info) throws IOException {
    long left = PATIENCE_NANOS;
    lock.lock();
    try {
      while (stream.isEmpty()) {
        if (left <= 0) {
          throw new IOException("the other side has opened no broker's stream");
        }
        left = changed.awaitNanos(left);
      }
      stream.get().onNext(info);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while telling of " + info.getServiceId(), interrupted);
    } catch (RuntimeException gone) {
      throw new IOException("the other side has closed the broker's stream", gone);
    } finally {
      lock.unlock();
    }
  }

  /** What is told goes there from now on. */
  void connect(StreamObserver<ConnInfo> messages) {
    lock.lock();
    try {
      stream = Optional.of(messages);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody listens there any more. */
  void disconnect(StreamObserver<ConnInfo> messages) {
    lock.lock();
    try {
      stream = stream.filter(current -> !current.equals(messages));
    } finally {
      lock.unlock();
    }
  }

  /** Takes what the other side sends over a stream, until that ends. */
  StreamObserver<ConnInfo> receiver(StreamObserver<ConnInfo> messages, Runnable atEnd) {
    return new StreamObserver<>() {
      @Override
      public void onNext(ConnInfo info) {
        received(info);
      }

      @Override
      public void onError(Throwable gone) {
        disconnect(messages);
        atEnd.run();
      }

      @Override
      public void onCompleted() {
        disconnect(messages);
        atEnd.run();
      }
    };
  }

  /** Ends all that was served and dialled. */
  void close() {
    servers.forEach(Server::shutdownNow);
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
