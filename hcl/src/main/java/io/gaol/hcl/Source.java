package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;

/**
 * A named text that was parsed. Ranges in it are kept as offsets; lines and columns are computed
 * when an error is shown.
 */
public final class Source {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final String text;

  /**
   * Where each line starts; or, within another source, where there each char of the text stands.
   */
  private final int[] places;

  /** The source that this one is written in with escapes, if it is. */
  private final Optional<Source> outer;

  private Source(String name, String text, int[] lineStarts) {
    this.name = name;
    this.text = text;
    this.places = lineStarts;
    this.outer = Optional.empty();
  }

  private Source(Source outer, String text, int[] offsets) {
    this.name = outer.name;
    this.text = text;
    this.places = offsets;
    this.outer = Optional.of(outer);
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

  /**
   * A text that is written in another source with escapes: its places are those in that source.
   *
   * @param text the text, escapes resolved
   * @param offsets where each char of the text is written in the other source, and where it ends
   */
  static Source embedded(Source outer, String text, int[] offsets) {
    return new Source(outer, text, offsets);
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
    if (outer.isPresent()) {
      return outer.get().position(places[offset]);
    }
    int found = Arrays.binarySearch(places, offset);
    int line = Math.max(found >= 0 ? found : -found - 2, 0);
    int start = Math.min(places[line], offset);
    return new Position(line + 1, text.codePointCount(start, offset) + 1, offset);
  }

  /** The text of a line, counted from 1, without its line end. */
  String line(int number) {
    if (outer.isPresent()) {
      return outer.get().line(number);
    }
    int start = places[number - 1];
    int end = number < places.length ? places[number] - 1 : text.length();
    if (end > start && text.charAt(end - 1) == '\r') {
      end--;
    }
    return text.substring(start, end);
  }

  /**
   * Half of a surrogate pair is no character, and could not be written as UTF-8.
   *
   * @throws HclException if there is one
   */
  void requireUnicode() {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          throw HclException.at(
              new SourceRange(this, i, i + 1), "The text is not valid Unicode here");
        }
        i++;
      }
    }
  }

  /** Where the text proper begins: after a byte order mark, if there is one. */
  int begin() {
    return outer.isPresent() ? 0 : places[0];
  }

  @Override
  public String toString() {
    return name;
  }
}
