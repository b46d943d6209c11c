package io.gaol.testing.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/** Sockets that are connected to one Unix socket, whatever address they are asked for. */
final class UnixSockets extends SocketFactory {
  private final UnixDomainSocketAddress address;

  UnixSockets(UnixDomainSocketAddress address) {
    this.address = address;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new ChannelSocket(SocketChannel.open(address));
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

  /** As much of a socket as gRPC's client over OkHttp uses. */
  private static final class ChannelSocket extends Socket {
    private final SocketChannel channel;

    ChannelSocket(SocketChannel channel) throws IOException {
      super((SocketImpl) null);
      this.channel = channel;
    }

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }
      };
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int one) throws IOException {
          write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
          while (left.hasRemaining()) {
            channel.write(left);
          }
        }
      };
    }

    /** gRPC puts it into its attributes, which take no null. */
    @Override
    public SocketAddress getRemoteSocketAddress() {
      return InetSocketAddress.createUnresolved("unix", 0);
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return InetSocketAddress.createUnresolved("unix", 0);
    }

    @Override
    public void setTcpNoDelay(boolean on) {
      // A Unix socket knows no delay.
    }

    @Override
    public void setSoTimeout(int milliseconds) {
      // Only while gRPC shakes hands for TLS, which no plugin does.
    }

    @Override
    public int getSoTimeout() {
      return 0;
    }

    @Override
    public boolean isConnected() {
      return channel.isConnected();
    }

    @Override
    public boolean isClosed() {
      return !channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
