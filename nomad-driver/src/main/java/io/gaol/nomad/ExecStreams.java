package io.gaol.nomad;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Input and output of a command in a task.
 *
 * @param stdin what it reads
 * @param stdout takes what it writes; writing waits for who reads it
 * @param stderr takes its errors
 * @param sizes is told whom to call when the terminal's size changes; the size that it has is told
 *     at once, if it is known
 */
public record ExecStreams(
    InputStream stdin,
    OutputStream stdout,
    OutputStream stderr,
    Consumer<Consumer<TerminalSize>> sizes) {
  /** Checks. */
  public ExecStreams {
    Objects.requireNonNull(stdin, "stdin");
    Objects.requireNonNull(stdout, "stdout");
    Objects.requireNonNull(stderr, "stderr");
    Objects.requireNonNull(sizes, "sizes");
  }

  /**
   * A terminal's size.
   *
   * @param rows of characters
   * @param columns of characters
   */
  public record TerminalSize(int rows, int columns) {}
}
