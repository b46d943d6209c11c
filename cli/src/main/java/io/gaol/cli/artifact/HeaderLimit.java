package io.gaol.cli.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lets only so many bytes be read while a tar entry's headers are. */
final class HeaderLimit extends FilterInputStream {
  /** Names and extensions of one entry: the tar reader would take any length into memory. */
  private static final long LARGEST_HEADER = 1 << 20;

  private long left = Long.MAX_VALUE;

  HeaderLimit(InputStream in) {
    super(in);
  }

  void beginHeader() {
    left = LARGEST_HEADER;
  }

  void endHeader() {
    left = Long.MAX_VALUE;
  }

  @Override
  public int read() throws IOException {
    int octet = super.read();
    count(octet < 0 ? 0 : 1);
    return octet;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    count(count);
    return count;
  }

  @Override
  public long skip(long wanted) throws IOException {
    long skipped = super.skip(wanted);
    count(skipped);
    return skipped;
  }

  private void count(long bytes) throws IOException {
    left -= Math.max(0, bytes);
    if (left < 0) {
      throw new IOException("the headers of one entry take more than 1 MiB");
    }
  }
}
