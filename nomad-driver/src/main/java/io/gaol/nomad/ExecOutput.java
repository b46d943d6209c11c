package io.gaol.nomad;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.ExecTaskStreamingIOOperation;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.BiFunction;

/** Sends what a command writes to the client, as fast as that takes it. */
final class ExecOutput extends OutputStream {
  /** What is sent in one message, in bytes: a client shows it at once. */
  private static final int CHUNK = 16 << 10;

  private final Outbox<ExecTaskStreamingResponse> outbox;
  private final BiFunction<
          ExecTaskStreamingResponse.Builder,
          ExecTaskStreamingIOOperation.Builder,
          ExecTaskStreamingResponse.Builder>
      channel;
  private boolean closed;

  /**
   * Of one of the command's outputs.
   *
   * @param channel which one
   */
  ExecOutput(
      Outbox<ExecTaskStreamingResponse> outbox,
      BiFunction<
              ExecTaskStreamingResponse.Builder,
              ExecTaskStreamingIOOperation.Builder,
              ExecTaskStreamingResponse.Builder>
          channel) {
    this.outbox = outbox;
    this.channel = channel;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (closed) {
      throw new IOException("the output is closed");
    }
    for (int done = 0; done < length; ) {
      int part = Math.min(CHUNK, length - done);
      send(
          ExecTaskStreamingIOOperation.newBuilder()
              .setData(ByteString.copyFrom(bytes, from + done, part)));
      done += part;
    }
  }

  /** Tells the client that there is no more. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      send(ExecTaskStreamingIOOperation.newBuilder().setClose(true));
    }
  }

  private void send(ExecTaskStreamingIOOperation.Builder operation) throws IOException {
    try {
      outbox.send(channel.apply(ExecTaskStreamingResponse.newBuilder(), operation).build());
    } catch (InterruptedException gone) {
      Thread.currentThread().interrupt();
      InterruptedIOException failure = new InterruptedIOException(gone.getMessage());
      failure.initCause(gone);
      throw failure;
    }
  }
}
