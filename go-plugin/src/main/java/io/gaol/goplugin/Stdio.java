package io.gaol.goplugin;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.gaol.goplugin.proto.GRPCStdioGrpc;
import io.gaol.goplugin.proto.StdioData;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sends what the plugin prints to the hosts that asked for it. Who prints never waits: a host that
 * does not read misses what does not fit. What was printed before the first host asked is kept for
 * it, up to a bound.
 */
final class Stdio extends GRPCStdioGrpc.GRPCStdioImplBase {
  /** What may wait for one host, in bytes. */
  private static final int LARGEST_BACKLOG_BYTES = 1 << 20;

  /** The largest message, in bytes. */
  private static final int LARGEST_PIECE_BYTES = 32 * 1024;

  private final Object lock = new Object();
  private final List<Subscriber> subscribers = new ArrayList<>();
  private Backlog early = new Backlog();

  /** Takes what was printed. */
  void write(StdioData.Channel channel, byte[] bytes, int offset, int length) {
    for (int start = offset; start < offset + length; start += LARGEST_PIECE_BYTES) {
      int piece = Math.min(LARGEST_PIECE_BYTES, offset + length - start);
      write(
          StdioData.newBuilder()
              .setChannel(channel)
              .setData(ByteString.copyFrom(bytes, start, piece))
              .build());
    }
  }

  private void write(StdioData data) {
    synchronized (lock) {
      if (subscribers.isEmpty()) {
        early.add(data);
      }
      for (Subscriber subscriber : subscribers) {
        subscriber.add(data);
      }
    }
  }

  /** What waits for the first host, in bytes. */
  int waitingBytes() {
    synchronized (lock) {
      return early.bytes;
    }
  }

  @Override
  public void streamStdio(Empty request, StreamObserver<StdioData> responses) {
    Subscriber subscriber = new Subscriber((ServerCallStreamObserver<StdioData>) responses);
    synchronized (lock) {
      subscribers.add(subscriber);
      subscriber.backlog = early;
      early = new Backlog();
    }
    subscriber.begin();
  }

  /** Pieces that wait, up to a bound; the newest are left out. */
  private static final class Backlog {
    private final Deque<StdioData> pieces = new ArrayDeque<>();
    private int bytes;

    void add(StdioData piece) {
      if (bytes + piece.getData().size() <= LARGEST_BACKLOG_BYTES) {
        pieces.add(piece);
        bytes += piece.getData().size();
      }
    }

    StdioData poll() {
      StdioData piece = pieces.poll();
      if (piece != null) {
        bytes -= piece.getData().size();
      }
      return piece;
    }
  }

  private final class Subscriber {
    private final ServerCallStreamObserver<StdioData> call;
    private Backlog backlog = new Backlog();
    private boolean sending;

    Subscriber(ServerCallStreamObserver<StdioData> call) {
      this.call = call;
    }

    void begin() {
      call.setOnReadyHandler(this::wake);
      call.setOnCancelHandler(
          () -> {
            synchronized (lock) {
              subscribers.remove(this);
            }
          });
      wake();
    }

    void add(StdioData data) {
      backlog.add(data);
      wake();
    }

    /** In a thread of its own: who prints may hold any lock. */
    private void wake() {
      synchronized (lock) {
        if (sending || backlog.pieces.isEmpty() || !call.isReady()) {
          return;
        }
        sending = true;
      }
      Transport.CALLS.execute(this::send);
    }

    private void send() {
      while (true) {
        StdioData piece;
        synchronized (lock) {
          piece = call.isReady() ? backlog.poll() : null;
          if (piece == null) {
            sending = false;
            return;
          }
        }
        try {
          call.onNext(piece);
        } catch (RuntimeException gone) {
          synchronized (lock) {
            subscribers.remove(this);
          }
          return;
        }
      }
    }
  }
}
