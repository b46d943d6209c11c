package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * A named text that was parsed. Ranges in it are kept as offsets; lines and columns are computed
 * when an error is shown.
 */
public final class Source {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final String text;
  private final int[] lineStarts;

  private Source(String name, String text, int[] lineStarts) {
    this.name = name;
    this.text = text;
    this.lineStarts = lineStarts;
  }

  /** A source with the name that errors show (usually a file name) and its whole text. */
  public static Source of(String name, String text) {
    requireNonNull(name, "name");
    requireNonNull(text, "text");
    int lines = 1;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      lines++;
    }
    int[] starts = new int[lines];
    int line = 0;
    starts[line++] = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      starts[line++] = i + 1;
    }
    return new Source(name, text, starts);
  }

  /** The name that errors show. */
  public String name() {
    return name;
  }

  /** The whole text. */
  public String text() {
    return text;
  }

  /** The line and column of an offset into {@link #text()}; the end of the text has one too. */
  public Position position(int offset) {
    if (offset < 0 || offset > text.length()) {
      throw new IndexOutOfBoundsException(offset);
    }
    int found = Arrays.binarySearch(lineStarts, offset);
    int line = Math.max(found >= 0 ? found : -found - 2, 0);
    int start = Math.min(lineStarts[line], offset);
    return new Position(line + 1, text.codePointCount(start, offset) + 1, offset);
  }

  /** The text of a line, counted from 1, without its line end. */
  String line(int number) {
    int start = lineStarts[number - 1];
    int end = number < lineStarts.length ? lineStarts[number] - 1 : text.length();
    if (end > start && text.charAt(end - 1) == '\r') {
      end--;
    }
    return text.substring(start, end);
  }

  /** Where the text proper begins: after a byte order mark, if there is one. */
  int begin() {
    return lineStarts[0];
  }

  @Override
  public String toString() {
    return name;
  }
}
