package io.gaol.jail;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** How values are shown in messages: on one line, and not longer than one. */
final class Shown {
  private static final int MOST_CHARACTERS = 60;

  private Shown() {}

  /** A text in quotes; quotes and control characters as escapes, and cut where it is long. */
  static String text(String text) {
    StringBuilder shown = new StringBuilder("\"");
    int characters = 0;
    for (int at = 0; at < text.length() && characters < MOST_CHARACTERS; characters++) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      switch (character) {
        case '"', '\\' -> shown.append('\\').appendCodePoint(character);
        case '\n' -> shown.append("\\n");
        case '\t' -> shown.append("\\t");
        default -> {
          if (Character.isISOControl(character)) {
            shown.append(String.format("\\x%02x", character));
          } else {
            shown.appendCodePoint(character);
          }
        }
      }
    }
    boolean cut = text.codePointCount(0, text.length()) > MOST_CHARACTERS;
    return shown.append(cut ? "...\"" : "\"").toString();
  }

  /** Any value that a job, a flag or a file can give. */
  static String value(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> text(text);
      case Boolean flag -> flag.toString();
      case BigDecimal number -> number.toString();
      case Number number -> number.toString();
      case List<?> list -> list.isEmpty() ? "an empty list" : "a list";
      case Map<?, ?> map -> "a block";
      default -> "something else";
    };
  }
}
