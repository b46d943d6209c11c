package io.gaol.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A program of the host that runs with its input and output connected to somebody. */
final class ConnectedProgram {
  /** After a program has ended, how long its output is waited for that does not end with it. */
  private static final Duration QUIET = Duration.ofMillis(300);

  private static final int BUFFER = 32 * 1024;

  private final Process process;

  /** When the last of its output came: {@link System#nanoTime}. */
  private final AtomicLong lastOutput = new AtomicLong(System.nanoTime());

  /** How many of the two streams wait for somebody who takes what the program wrote. */
  private final AtomicInteger handingOn = new AtomicInteger();

  private ConnectedProgram(Process process) {
    this.process = process;
  }

  /**
   * Runs a program until it ends, and all that it wrote has been handed on. What it leaves running
   * with its output open is not waited for.
   *
   * @return its exit status; 128 and the signal's number if a signal ended it
   * @throws IOException if it cannot be started
   * @throws InterruptedException if this thread is interrupted; the program is killed, with all it
   *     started
   */
  static int run(
      List<String> arguments, InputStream input, OutputStream output, OutputStream errors)
      throws IOException, InterruptedException {
    Process process = Programs.connect(arguments);
    ConnectedProgram program = new ConnectedProgram(process);
    Thread feeder = Thread.ofVirtual().start(() -> program.feed(input));
    // Reading a pipe holds on to a thread of the system, a virtual one's too.
    Thread stdout = program.pump(process.getInputStream(), output);
    Thread stderr = program.pump(process.getErrorStream(), errors);
    try {
      int status = process.waitFor();
      program.drain(stdout);
      program.drain(stderr);
      return status;
    } finally {
      feeder.interrupt();
      Programs.kill(process);
      close(process.getInputStream());
      close(process.getErrorStream());
      close(process.getOutputStream());
    }
  }

  private void feed(InputStream input) {
    try (OutputStream stdin = process.getOutputStream()) {
      byte[] buffer = new byte[BUFFER];
      for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
        stdin.write(buffer, 0, length);
        stdin.flush();
      }
    } catch (IOException gone) {
      // The program reads no more, or its user is gone.
    }
  }

  private Thread pump(InputStream from, OutputStream to) {
    return Thread.ofPlatform()
        .daemon()
        .name("output-" + process.pid())
        .start(
            () -> {
              try {
                byte[] buffer = new byte[BUFFER];
                for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                  handingOn.incrementAndGet();
                  try {
                    to.write(buffer, 0, length);
                    to.flush();
                  } finally {
                    lastOutput.set(System.nanoTime());
                    handingOn.decrementAndGet();
                  }
                }
              } catch (IOException gone) {
                // Nobody reads it any more; the program finds out when it writes.
                close(from);
              }
            });
  }

  /** Waits for the end of its output, or, where something else holds it open, for quiet. */
  private void drain(Thread pump) throws InterruptedException {
    while (!pump.join(QUIET)) {
      if (handingOn.get() == 0 && System.nanoTime() - lastOutput.get() > QUIET.toNanos()) {
        return;
      }
    }
  }

  private static void close(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception gone) {
      // It is.
    }
  }
}
