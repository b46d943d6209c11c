package io.gaol.hcl;

/** The language's classes of characters. */
final class Characters {
  private Characters() {}

  /** Whether a name can start with it: ID_Start of UAX #31, and the underscore. */
  static boolean startsIdentifier(int c) {
    return c == '_' || Character.isUnicodeIdentifierStart(c);
  }

  /** Whether a name can go on with it: ID_Continue of UAX #31, and the dash. */
  static boolean continuesIdentifier(int c) {
    return c == '-'
        || (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }

  /** The offset after the name that starts at an offset; the offset itself if none does. */
  static int identifierEnd(String text, int from) {
    if (from >= text.length() || !startsIdentifier(text.codePointAt(from))) {
      return from;
    }
    int end = from;
    while (end < text.length() && continuesIdentifierAt(text, end, from)) {
      end += Character.charCount(text.codePointAt(end));
    }
    return end;
  }

  private static boolean continuesIdentifierAt(String text, int at, int from) {
    return at == from || continuesIdentifier(text.codePointAt(at));
  }

  /** White space by Unicode's definition, which is wider than the language's between tokens. */
  static boolean isSpace(int c) {
    return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
  }

  /** How an error names a character: in quotes, or by its number if it is not visible. */
  static String describe(int c) {
    boolean visible =
        switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.SPACE_SEPARATOR,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
    return visible
        ? "\"%s\"".formatted(Character.toString(c))
        : "the character U+%04X".formatted(c);
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static String stripLeading(String text) {
    return text.substring(leadingSpaces(text));
  }

  static String stripTrailing(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** How many chars of white space a text begins with; no white space is outside the BMP. */
  static int leadingSpaces(String text) {
    int count = 0;
    while (count < text.length() && isSpace(text.charAt(count))) {
      count++;
    }
    return count;
  }
}
