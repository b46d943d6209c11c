package io.gaol.hcl.function;

import java.text.BreakIterator;
import java.util.Locale;

/** What users see as the characters of a text: grapheme clusters. */
final class Texts {
  private static final int SHORT = 40;

  private Texts() {}

  /** For an error: not more of a text than fits. */
  static String shortened(String text) {
    return text.length() > SHORT ? text.substring(0, SHORT) + "…" : text;
  }

  static BreakIterator characters(String text) {
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    return characters;
  }

  static int length(String text) {
    BreakIterator characters = characters(text);
    int length = 0;
    while (characters.next() != BreakIterator.DONE) {
      length++;
    }
    return length;
  }

  /** The offset after so many characters, or the end. */
  static int offset(String text, int count) {
    BreakIterator characters = characters(text);
    int at = 0;
    for (int i = 0; i < count; i++) {
      int next = characters.next();
      if (next == BreakIterator.DONE) {
        return text.length();
      }
      at = next;
    }
    return at;
  }

  static String reversed(String text) {
    BreakIterator characters = characters(text);
    StringBuilder reversed = new StringBuilder(text.length());
    int end = characters.last();
    for (int start = characters.previous();
        start != BreakIterator.DONE;
        start = characters.previous()) {
      reversed.append(text, start, end);
      end = start;
    }
    return reversed.toString();
  }
}
