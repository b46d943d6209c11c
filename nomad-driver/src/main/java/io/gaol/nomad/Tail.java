package io.gaol.nomad;

import com.google.protobuf.ByteString;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Takes what a command writes, and keeps the end of it. */
final class Tail extends OutputStream {
  /** How much is kept, in bytes: what a check says is at its end. */
  static final int KEPT = 64 << 10;

  private final byte[] ring = new byte[KEPT];
  private long written;

  @Override
  public synchronized void write(int b) {
    ring[(int) (written % KEPT)] = (byte) b;
    written++;
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    int skipped = Math.max(0, length - KEPT);
    written += skipped;
    for (int done = skipped; done < length; ) {
      int place = (int) (written % KEPT);
      int part = Math.min(length - done, KEPT - place);
      System.arraycopy(bytes, from + done, ring, place, part);
      written += part;
      done += part;
    }
  }

  /** Adds a line that the command did not write. */
  void writeLine(String text) {
    byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
    write(line, 0, line.length);
  }

  /** The last that was written, at most {@link #KEPT} bytes of it. */
  synchronized ByteString kept() {
    if (written <= KEPT) {
      return ByteString.copyFrom(ring, 0, (int) written);
    }
    int start = (int) (written % KEPT);
    return ByteString.copyFrom(ring, start, KEPT - start)
        .concat(ByteString.copyFrom(ring, 0, start));
  }
}
