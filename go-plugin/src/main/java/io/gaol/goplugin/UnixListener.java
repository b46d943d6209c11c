package io.gaol.goplugin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Listens on a Unix socket. Closing it removes the socket and its directory. */
final class UnixListener implements Listener {
  /** As many may wait for their first answer. */
  private static final int BACKLOG = 256;

  /** So that a process that has no file descriptor left does not spin. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final SocketPlace place;
  private final ServerSocketChannel channel;

  private UnixListener(SocketPlace place, ServerSocketChannel channel) {
    this.place = place;
    this.channel = channel;
  }

  /**
   * Listens from now on: who connects is served as soon as somebody accepts.
   *
   * @throws IOException if that place cannot be listened at; nothing is left there
   */
  static UnixListener at(SocketPlace place) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(place.socket()), BACKLOG);
      place.share();
      return new UnixListener(place, channel);
    } catch (IOException refused) {
      channel.close();
      place.remove();
      throw new IOException(
          "cannot listen on " + place.socket() + ": " + refused.getMessage(), refused);
    }
  }

  /** Lets the JDK make ready for Unix sockets: it takes its time over random numbers for them. */
  static void prepare() {
    try {
      ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
    } catch (IOException unfit) {
      // Whoever listens in earnest is told.
    }
  }

  Path path() {
    return place.socket();
  }

  @Override
  public Connection accept() throws IOException {
    while (true) {
      try {
        return new UnixConnection(channel.accept());
      } catch (ClosedChannelException closed) {
        throw closed;
      } catch (IOException oneFailed) {
        if (!channel.isOpen()) {
          throw oneFailed;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    place.remove();
  }
}
