package io.gaol.goplugin;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Many connections over one. Streams that the other side opens go to the listener that it knocked
 * for, and without a knock to the main one.
 */
final class Multiplexer implements YamuxSession.Owner {
  /** As many streams may wait for a listener to take them. */
  private static final int MOST_WAITING = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Waiting> listeners = new HashMap<>();
  private final Deque<Integer> expected = new ArrayDeque<>();
  private Optional<Waiting> main = Optional.empty();
  private final Set<YamuxSession> sessions = new HashSet<>();
  private Optional<YamuxSession> current = Optional.empty();

  /** Streams that nobody knocked for, in sessions over the connections that come in there. */
  Listener serve(Listener connections) {
    Waiting waiting = new Waiting(connections::close);
    main = Optional.of(waiting);
    Transport.SOCKETS.execute(() -> acceptSessions(connections));
    return waiting;
  }

  private void acceptSessions(Listener connections) {
    try {
      while (true) {
        Connection connection = connections.accept();
        begin(YamuxSession.server(connection, this));
      }
    } catch (IOException closed) {
      end();
    }
  }

  /** Opens streams over this connection, and takes those that the other side opens. */
  void connect(Connection connection) {
    YamuxSession session = YamuxSession.client(connection, this);
    lock.lock();
    try {
      current = Optional.of(session);
    } finally {
      lock.unlock();
    }
    begin(session);
  }

  private void begin(YamuxSession session) {
    lock.lock();
    try {
      sessions.add(session);
    } finally {
      lock.unlock();
    }
    session.start();
  }

  @Override
  public void ended(YamuxSession session) {
    lock.lock();
    try {
      sessions.remove(session);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the sessions, and with them all that goes over them. */
  void end() {
    List<YamuxSession> all;
    lock.lock();
    try {
      all = List.copyOf(sessions);
    } finally {
      lock.unlock();
    }
    all.forEach(YamuxSession::close);
  }

  /**
   * Streams that the other side knocks for with this number.
   *
   * @param atClose runs when nobody listens any more
   */
  Listener listener(int id, Runnable atClose) {
    Waiting waiting =
        new Waiting(
            () -> {
              lock.lock();
              try {
                listeners.remove(id);
              } finally {
                lock.unlock();
              }
              atClose.run();
            });
    lock.lock();
    try {
      listeners.put(id, waiting);
    } finally {
      lock.unlock();
    }
    return waiting;
  }

  /** The next stream that comes is for that number. */
  void expect(int id) {
    lock.lock();
    try {
      expected.add(id);
    } finally {
      lock.unlock();
    }
  }

  /** The stream for that number will not come. */
  void unexpect(int id) {
    lock.lock();
    try {
      expected.removeLastOccurrence(id);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A new stream to the other side.
   *
   * @throws IOException if there is no session, or it ended
   */
  Connection open() throws IOException {
    Optional<YamuxSession> session;
    lock.lock();
    try {
      session = current;
    } finally {
      lock.unlock();
    }
    if (session.isEmpty()) {
      throw new IOException("there is no connection to open a stream over");
    }
    return session.get().open();
  }

  @Override
  public boolean arrived(YamuxSession session, Connection stream) {
    Optional<Waiting> taker;
    lock.lock();
    try {
      // Who opens a stream is a host; who only connects may be anybody.
      current = Optional.of(session);
      Integer id = expected.poll();
      taker = id == null ? main : Optional.ofNullable(listeners.get(id));
    } finally {
      lock.unlock();
    }
    return taker.isPresent() && taker.get().offer(stream);
  }

  /** What closing a listener means. */
  @FunctionalInterface
  private interface Closing {
    void run() throws IOException;
  }

  /** Streams that wait to be accepted. */
  private static final class Waiting implements Listener {
    private final Closing atClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Connection> streams = new ArrayDeque<>();
    private boolean closed;

    Waiting(Closing atClose) {
      this.atClose = atClose;
    }

    boolean offer(Connection stream) {
      lock.lock();
      try {
        if (closed || streams.size() >= MOST_WAITING) {
          return false;
        }
        streams.add(stream);
        changed.signalAll();
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Connection accept() throws IOException {
      lock.lock();
      try {
        while (streams.isEmpty()) {
          if (closed) {
            throw new IOException("nobody listens here any more");
          }
          changed.awaitUninterruptibly();
        }
        return streams.remove();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() throws IOException {
      lock.lock();
      try {
        if (closed) {
          return;
        }
        closed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      for (Connection stream : streams) {
        stream.close();
      }
      atClose.run();
    }
  }
}
