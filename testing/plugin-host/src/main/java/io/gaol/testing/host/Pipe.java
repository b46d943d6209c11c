package io.gaol.testing.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The reading end of a named pipe, read to its end by a thread of its own.
 *
 * <p>A pipe that Java makes for a process would not do: Java closes it when the process ends, and
 * whoever else still holds the other end (of which an agent waits for the last) would not be seen.
 */
final class Pipe implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread thread;
  private final Path file;
  private volatile FileChannel channel;

  private Pipe(Path file, Consumer<byte[]> reader) {
    this.file = file;
    // Opening waits for a writer: no virtual thread, which would keep its carrier.
    this.thread = Thread.ofPlatform().daemon().name("reads " + file).unstarted(() -> read(reader));
  }

  /** Reads a pipe, from its first writer to its last. */
  static Pipe read(Path file, Consumer<byte[]> reader) {
    Pipe pipe = new Pipe(file, reader);
    pipe.thread.start();
    return pipe;
  }

  /** Makes a named pipe that only its owner may use. */
  static Path make(Path file) {
    try {
      Process process =
          new ProcessBuilder("mkfifo", "-m", "600", file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(said.strip());
      }
      return file;
    } catch (IOException failure) {
      throw new PluginHostException("cannot make the pipe " + file, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PluginHostException("interrupted while making the pipe " + file, interrupted);
    }
  }

  private void read(Consumer<byte[]> reader) {
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
      channel = open;
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (open.read(buffer) >= 0) {
        buffer.flip();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        reader.accept(bytes);
        buffer.clear();
      }
    } catch (IOException closed) {
      // By us, which is an end too.
    } finally {
      end.complete(null);
    }
  }

  /** Done at the last writer's end. */
  CompletableFuture<Void> end() {
    return end;
  }

  /** Waits for the last writer's end; whether it came in time. */
  boolean awaitEnd(Duration patience) {
    try {
      end.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PluginHostException("interrupted", interrupted);
    }
  }

  /** Stops reading: who writes from now on is told that nobody reads. */
  @Override
  public void close() {
    try {
      if (channel == null && !end.isDone()) {
        // It waits for a writer: be one, for a moment. Open for both, this waits for nobody.
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
      }
      FileChannel open = channel;
      if (open != null) {
        open.close();
      }
      thread.join(Duration.ofMinutes(1));
    } catch (IOException failure) {
      throw new PluginHostException("cannot close " + file, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cuts what comes into lines; one that is too long comes in pieces. */
  static final class Lines implements Consumer<byte[]> {
    /** The length up to which an agent reads lines. */
    static final int LONGEST = 64 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Consumer<String> consumer;

    Lines(Consumer<String> consumer) {
      this.consumer = consumer;
    }

    @Override
    public synchronized void accept(byte[] bytes) {
      for (byte one : bytes) {
        if (one == '\n') {
          hand();
        } else {
          line.write(one);
          if (line.size() == LONGEST) {
            hand();
          }
        }
      }
    }

    private void hand() {
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      consumer.accept(text);
    }

    /** What came after the last line's end. */
    synchronized String rest() {
      return line.toString(StandardCharsets.UTF_8);
    }
  }
}
