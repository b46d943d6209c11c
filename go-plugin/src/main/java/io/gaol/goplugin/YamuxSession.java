package io.gaol.goplugin;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Many streams over one connection, in frames. Each stream has a window: what may be on its way and
 * not read yet, so that a stream that nobody reads holds up none of the others, and takes a bounded
 * amount of memory. What is no frame ends the session.
 *
 * @see <a href="https://github.com/hashicorp/yamux/blob/master/spec.md">Yamux, Specification</a>
 */
final class YamuxSession {
  private static final int HEADER_BYTES = 12;
  private static final int WINDOW_BYTES = 256 * 1024;
  private static final int LARGEST_FRAME_BYTES = 32 * 1024;

  /** More than a host ever has; what it bounds is memory. */
  private static final int MOST_STREAMS = 512;

  /** Answers that wait to be written. Who asks on and reads none of them does no honest work. */
  private static final int MOST_ANSWERS = 4096;

  private static final byte DATA = 0;
  private static final byte WINDOW_UPDATE = 1;
  private static final byte PING = 2;
  private static final byte GO_AWAY = 3;

  private static final int SYN = 1;
  private static final int ACK = 2;
  private static final int FIN = 4;
  private static final int RST = 8;

  private static final int NORMAL_END = 0;
  private static final int PROTOCOL_ERROR = 1;

  private final Connection connection;
  private final boolean isClient;
  private final Owner owner;
  private final ReentrantLock writing = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answersChanged = lock.newCondition();
  private final Deque<byte[]> answers = new ArrayDeque<>();
  private final Map<Integer, Stream> streams = new HashMap<>();
  private int nextId;
  private boolean otherGoesAway;
  private boolean closed;

  /** Who has the session. */
  interface Owner {
    /** A stream that the other side opened; says whether somebody wants it. */
    boolean arrived(YamuxSession session, Connection stream);

    /** The session has ended, and with it all of its streams. */
    void ended(YamuxSession session);
  }

  private YamuxSession(Connection connection, boolean isClient, Owner owner) {
    this.connection = connection;
    this.isClient = isClient;
    this.owner = owner;
    this.nextId = isClient ? 1 : 2;
  }

  /**
   * The side that was connected to.
   *
   * @param owner gets the streams that the other side opens
   */
  static YamuxSession server(Connection connection, Owner owner) {
    return new YamuxSession(connection, false, owner);
  }

  /**
   * The side that connected.
   *
   * @param owner gets the streams that the other side opens
   */
  static YamuxSession client(Connection connection, Owner owner) {
    return new YamuxSession(connection, true, owner);
  }

  /** Begins to read, in threads of its own. */
  void start() {
    Transport.SOCKETS.execute(this::readFrames);
    Transport.SOCKETS.execute(this::writeAnswers);
  }

  /**
   * A new stream to the other side. It may be written to at once.
   *
   * @throws IOException if the session ended, or the other side wants no more streams
   */
  Connection open() throws IOException {
    Stream stream;
    lock.lock();
    try {
      if (closed || otherGoesAway) {
        throw new IOException("the connection that is shared has ended");
      }
      if (nextId < 0 || streams.size() >= MOST_STREAMS) {
        throw new IOException("too many streams over one connection");
      }
      stream = new Stream(nextId);
      nextId += 2;
      streams.put(stream.id, stream);
    } finally {
      lock.unlock();
    }
    write(header(WINDOW_UPDATE, SYN, stream.id, 0));
    return stream;
  }

  /** Ends the session and all of its streams; tells the other side, if it still listens. */
  void close() {
    end(NORMAL_END);
  }

  private void readFrames() {
    try {
      DataInputStream input = new DataInputStream(connection.input());
      byte[] header = new byte[HEADER_BYTES];
      while (true) {
        input.readFully(header);
        take(ByteBuffer.wrap(header), input);
      }
    } catch (ProtocolException broken) {
      end(PROTOCOL_ERROR);
    } catch (IOException gone) {
      end(NORMAL_END);
    }
  }

  private void take(ByteBuffer header, DataInputStream input) throws IOException {
    byte version = header.get();
    byte type = header.get();
    int flags = header.getShort() & 0xffff;
    int id = header.getInt();
    int length = header.getInt();
    if (version != 0) {
      throw new ProtocolException("version " + version);
    }
    switch (type) {
      case DATA, WINDOW_UPDATE -> takeOfStream(type, flags, id, length, input);
      case PING -> {
        if ((flags & SYN) != 0) {
          answer(header(PING, ACK, 0, length));
        }
      }
      case GO_AWAY -> goAway();
      default -> throw new ProtocolException("type " + type);
    }
  }

  private void goAway() {
    lock.lock();
    try {
      otherGoesAway = true;
    } finally {
      lock.unlock();
    }
  }

  private void takeOfStream(byte type, int flags, int id, int length, DataInputStream input)
      throws IOException {
    Stream stream = (flags & SYN) != 0 ? accept(id) : stream(id);
    if (type == DATA && Integer.compareUnsigned(length, WINDOW_BYTES) > 0) {
      throw new ProtocolException("a frame larger than any window");
    }
    if (type == DATA && length > 0) {
      byte[] bytes = new byte[length];
      input.readFully(bytes);
      // What comes for a stream that was closed here was on its way; the other side was told.
      if (stream != null) {
        stream.arrived(bytes);
      }
    }
    if (stream == null) {
      return;
    }
    if (type == WINDOW_UPDATE) {
      stream.mayWrite(Integer.toUnsignedLong(length));
    }
    if ((flags & RST) != 0) {
      remove(id);
      stream.reset();
    } else if ((flags & FIN) != 0) {
      stream.finished();
    }
  }

  /** A stream that the other side opens; null if nobody wants it. */
  private Stream accept(int id) throws IOException {
    Stream stream = new Stream(id);
    lock.lock();
    try {
      boolean isOthers = id != 0 && (id & 1) == (isClient ? 0 : 1);
      if (!isOthers || streams.containsKey(id)) {
        throw new ProtocolException("a stream with the number " + id);
      }
      if (streams.size() >= MOST_STREAMS) {
        stream = null;
      } else {
        streams.put(id, stream);
      }
    } finally {
      lock.unlock();
    }
    if (stream != null && owner.arrived(this, stream)) {
      answer(header(WINDOW_UPDATE, ACK, id, 0));
      return stream;
    }
    remove(id);
    answer(header(WINDOW_UPDATE, RST, id, 0));
    return null;
  }

  private Stream stream(int id) {
    lock.lock();
    try {
      return streams.get(id);
    } finally {
      lock.unlock();
    }
  }

  private void remove(int id) {
    lock.lock();
    try {
      streams.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** Whoever reads frames must never wait until something is written: both sides might. */
  private void answer(byte[] frame) throws IOException {
    lock.lock();
    try {
      if (answers.size() >= MOST_ANSWERS) {
        throw new ProtocolException("questions without end");
      }
      answers.add(frame);
      answersChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void writeAnswers() {
    try {
      for (byte[] frame = nextAnswer(); frame.length > 0; frame = nextAnswer()) {
        write(frame);
      }
    } catch (IOException gone) {
      end(NORMAL_END);
    }
  }

  /** The next frame to be written; an empty one at the end of the session. */
  private byte[] nextAnswer() {
    lock.lock();
    try {
      while (answers.isEmpty() && !closed) {
        answersChanged.awaitUninterruptibly();
      }
      return closed ? new byte[0] : answers.remove();
    } finally {
      lock.unlock();
    }
  }

  private void write(byte[] frame) throws IOException {
    writing.lock();
    try {
      connection.output().write(frame);
    } finally {
      writing.unlock();
    }
  }

  private void end(int reason) {
    List<Stream> left;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      left = new ArrayList<>(streams.values());
      streams.clear();
      answersChanged.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(Stream::reset);
    owner.ended(this);
    sayGoodbye(reason);
    try {
      connection.close();
    } catch (IOException closedAlready) {
      // Which is what was asked for.
    }
  }

  private void sayGoodbye(int reason) {
    // A writer that is held up would hold up the end.
    if (writing.tryLock()) {
      try {
        connection.output().write(header(GO_AWAY, 0, 0, reason));
      } catch (IOException gone) {
        // Nobody listens to the farewell.
      } finally {
        writing.unlock();
      }
    }
  }

  private static byte[] header(byte type, int flags, int id, int length) {
    return frame(type, flags, id, length, 0).array();
  }

  private static ByteBuffer frame(byte type, int flags, int id, int length, int contentBytes) {
    return ByteBuffer.allocate(HEADER_BYTES + contentBytes)
        .put((byte) 0)
        .put(type)
        .putShort((short) flags)
        .putInt(id)
        .putInt(length);
  }

  /** The other side does not speak this protocol. */
  private static final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    ProtocolException(String what) {
      super("no yamux: " + what);
    }
  }

  /** One stream of the session. */
  private final class Stream implements Connection {
    private final int id;
    private final Condition changed = lock.newCondition();
    private final InputStream input = new Input();
    private final OutputStream output = new Output();

    // All of these under the session's lock.
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private int position;
    private int unread;
    private int readSinceUpdate;
    private long maySend = WINDOW_BYTES;
    private boolean otherFinished;
    private boolean isReset;
    private boolean isClosed;

    Stream(int id) {
      this.id = id;
    }

    @Override
    public InputStream input() {
      return input;
    }

    @Override
    public OutputStream output() {
      return output;
    }

    void arrived(byte[] bytes) throws ProtocolException {
      lock.lock();
      try {
        if (unread + readSinceUpdate + bytes.length > WINDOW_BYTES) {
          throw new ProtocolException("more than the window of stream " + id);
        }
        arrived.add(bytes);
        unread += bytes.length;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void mayWrite(long bytes) {
      lock.lock();
      try {
        maySend += bytes;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void finished() {
      lock.lock();
      try {
        otherFinished = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void reset() {
      lock.lock();
      try {
        isReset = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() throws IOException {
      boolean isOver;
      lock.lock();
      try {
        if (isClosed) {
          return;
        }
        isClosed = true;
        isOver = isReset || closed;
        streams.remove(id);
        arrived.clear();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      if (!isOver) {
        write(header(WINDOW_UPDATE, FIN, id, 0));
      }
    }

    private int read(byte[] bytes, int offset, int length) throws IOException {
      int update = 0;
      int count;
      lock.lock();
      try {
        while (arrived.isEmpty() && !otherFinished && !isReset && !isClosed) {
          changed.awaitUninterruptibly();
        }
        if (isClosed || (isReset && arrived.isEmpty() && !otherFinished)) {
          throw new EOFException("the stream was closed");
        }
        if (arrived.isEmpty()) {
          return -1;
        }
        byte[] first = arrived.peek();
        count = Math.min(length, first.length - position);
        System.arraycopy(first, position, bytes, offset, count);
        position += count;
        if (position == first.length) {
          arrived.remove();
          position = 0;
        }
        unread -= count;
        readSinceUpdate += count;
        if (readSinceUpdate >= WINDOW_BYTES / 2 && !otherFinished && !isReset) {
          update = readSinceUpdate;
          readSinceUpdate = 0;
        }
      } finally {
        lock.unlock();
      }
      if (update > 0) {
        write(header(WINDOW_UPDATE, 0, id, update));
      }
      return count;
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
      int next = offset;
      int left = length;
      while (left > 0) {
        int count = reserve(Math.min(left, LARGEST_FRAME_BYTES));
        write(frame(DATA, 0, id, count, count).put(bytes, next, count).array());
        next += count;
        left -= count;
      }
    }

    private void write(byte[] frame) throws IOException {
      YamuxSession.this.write(frame);
    }

    /** Waits until the other side has room, and says for how many bytes. */
    private int reserve(int wanted) throws IOException {
      lock.lock();
      try {
        while (maySend == 0 && !isReset && !isClosed) {
          changed.awaitUninterruptibly();
        }
        if (isReset || isClosed) {
          throw new IOException("the stream was closed");
        }
        int count = (int) Math.min(wanted, maySend);
        maySend -= count;
        return count;
      } finally {
        lock.unlock();
      }
    }

    private final class Input extends InputStream {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return length == 0 ? 0 : Stream.this.read(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        Stream.this.close();
      }
    }

    private final class Output extends OutputStream {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        Stream.this.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        Stream.this.close();
      }
    }
  }
}
