package io.gaol.goplugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A connection over a Unix socket of the JDK. */
final class UnixConnection implements Connection {
  /** The JDK keeps a native buffer for the largest transfer of each thread, so none is large. */
  private static final int LARGEST_TRANSFER_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final InputStream input = new Input();
  private final OutputStream output = new Output();

  UnixConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects to the program that listens there.
   *
   * @throws IOException if none does; names the path
   */
  static UnixConnection to(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      return new UnixConnection(channel);
    } catch (IOException nobody) {
      channel.close();
      throw new IOException("no plugin answers at " + path + ": " + nobody.getMessage(), nobody);
    }
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int few = Math.min(length, LARGEST_TRANSFER_BYTES);
      return channel.read(ByteBuffer.wrap(bytes, offset, few));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int end = offset + length;
      int next = offset;
      while (next < end) {
        int few = Math.min(end - next, LARGEST_TRANSFER_BYTES);
        next += channel.write(ByteBuffer.wrap(bytes, next, few));
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
