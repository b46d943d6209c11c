package io.gaol.benchmark;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Reads an output to its end and notes when the first byte came. */
final class FirstByte {
  private final Thread thread;
  private volatile long at;

  private FirstByte(Callable<InputStream> source) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("reader")
            .start(
                () -> {
                  try (InputStream in = source.call()) {
                    byte[] buffer = new byte[4096];
                    if (in.read(buffer) > 0) {
                      at = System.nanoTime();
                    }
                    while (in.read(buffer) >= 0) {
                      // To the end, as a log collector does.
                    }
                  } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                  } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                  }
                });
  }

  /** Of a FIFO; waits for somebody to write. */
  static FirstByte of(Path fifo) {
    return new FirstByte(() -> new FileInputStream(fifo.toFile()));
  }

  /** Of a program's output. */
  static FirstByte of(InputStream stream) {
    return new FirstByte(() -> stream);
  }

  /** When it came, once the output has ended. */
  long await() throws InterruptedException, IOException {
    if (!thread.join(Duration.ofSeconds(10))) {
      throw new IOException("an output does not end");
    }
    if (at == 0) {
      throw new IOException("nothing was written");
    }
    return at;
  }

  /** Waits for an end, whatever came before it. */
  void drain() throws InterruptedException, IOException {
    if (!thread.join(Duration.ofSeconds(10))) {
      throw new IOException("an output does not end");
    }
  }
}
