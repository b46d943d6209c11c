package io.gaol.nomad;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a client sends to a command. Little of it is kept: while the command does not read, the
 * client is not asked for more.
 */
final class ExecInput extends InputStream {
  /** So many bytes may wait for the command before the client has to. */
  private static final int WAITING = 64 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ByteBuffer> chunks = new ArrayDeque<>();
  private final Runnable more;
  private long waiting;
  private boolean owing;
  private boolean ended;
  private boolean gone;

  /**
   * Without any yet.
   *
   * @param more asks the client for its next message
   */
  ExecInput(Runnable more) {
    this.more = more;
  }

  /** Takes a part, and asks for more as soon as there is room. Never waits. */
  void take(ByteString data) {
    boolean ask;
    lock.lock();
    try {
      if (!data.isEmpty() && !ended) {
        chunks.addLast(data.asReadOnlyByteBuffer());
        waiting += data.size();
        changed.signalAll();
      }
      ask = waiting <= WAITING;
      owing = !ask;
    } finally {
      lock.unlock();
    }
    if (ask) {
      more.run();
    }
  }

  /** There is no more: what is here can still be read. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The client has gone: reading fails. */
  void abandon() {
    lock.lock();
    try {
      gone = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    int count;
    boolean ask;
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
    try {
      while (chunks.isEmpty() && !ended && !gone) {
        changed.await();
      }
      if (gone) {
        throw new IOException("the client has gone");
      }
      if (chunks.isEmpty()) {
        return -1;
      }
      ByteBuffer first = chunks.getFirst();
      count = Math.min(length, first.remaining());
      first.get(bytes, from, count);
      waiting -= count;
      if (!first.hasRemaining()) {
        chunks.removeFirst();
      }
      ask = owing && waiting <= WAITING;
      owing = owing && !ask;
    } catch (InterruptedException interrupted) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
    if (ask) {
      more.run();
    }
    return count;
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return (int) Math.min(waiting, Integer.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a command's input was awaited");
  }
}
