package io.gaol.jail.conf;

import java.util.Objects;

/**
 * A place in a file.
 *
 * @param file its name
 * @param line from 1
 * @param column from 1, in characters; a tab is one
 */
public record Place(String file, int line, int column) {
  /** Checks. */
  public Place {
    Objects.requireNonNull(file, "file");
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException("line " + line + ", column " + column);
    }
  }

  /** {@code file:line:column}. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
