package io.gaol.goplugin;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listener presented as a {@link ServerSocket}, which is what gRPC's transport takes. */
final class ListenerSocket extends ServerSocket {
  private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  private final Listener listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  ListenerSocket(Listener listener) throws IOException {
    this.listener = listener;
  }

  /** Does nothing: a listener listens from the beginning. */
  @Override
  public void bind(SocketAddress address, int backlog) {}

  @Override
  public void bind(SocketAddress address) {}

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public Socket accept() throws IOException {
    return new ConnectionSocket(listener.accept());
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return UNNAMED;
  }

  @Override
  public int getLocalPort() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      listener.close();
    }
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public String toString() {
    return "Unix socket, listening";
  }
}
