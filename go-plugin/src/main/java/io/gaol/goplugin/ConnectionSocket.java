package io.gaol.goplugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection presented as a {@link Socket}, which is what gRPC's transport and the JDK's TLS
 * take. What is set on it belongs to TCP and is without effect.
 */
final class ConnectionSocket extends Socket {
  private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  private final Connection connection;
  private final AtomicBoolean closed = new AtomicBoolean();

  ConnectionSocket(Connection connection) throws SocketException {
    super((SocketImpl) null);
    this.connection = connection;
  }

  @Override
  public InputStream getInputStream() {
    return connection.input();
  }

  @Override
  public OutputStream getOutputStream() {
    return connection.output();
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      connection.close();
    }
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isInputShutdown() {
    return closed.get();
  }

  @Override
  public boolean isOutputShutdown() {
    return closed.get();
  }

  @Override
  public void shutdownInput() {}

  @Override
  public void shutdownOutput() {}

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return UNNAMED;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return UNNAMED;
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getPort() {
    return 0;
  }

  @Override
  public int getLocalPort() {
    return 0;
  }

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public boolean getKeepAlive() {
    return false;
  }

  @Override
  public void setSoTimeout(int milliseconds) {}

  @Override
  public int getSoTimeout() {
    return 0;
  }

  @Override
  public void setSoLinger(boolean on, int seconds) {}

  @Override
  public int getSoLinger() {
    return -1;
  }

  @Override
  public String toString() {
    return "Unix socket";
  }
}
