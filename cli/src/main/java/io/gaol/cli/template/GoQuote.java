package io.gaol.cli.template;

import io.gaol.cli.template.ByteText.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Go's notation of strings and characters (Go's strconv). */
final class GoQuote {
  private static final String ESCAPES = "abfnrtv";
  private static final String ESCAPED = "\u0007\b\f\n\r\t\u000B";

  private GoQuote() {}

  /** A string in double quotes, with escapes for what is not printable. */
  static String quote(String bytes, boolean ascii) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < bytes.length(); ) {
      Decoded c = ByteText.decode(bytes, i);
      if (c.valid()) {
        escape(out, c.codePoint(), '"', ascii);
      } else {
        out.append("\\x%02x".formatted((int) bytes.charAt(i)));
      }
      i += c.length();
    }
    return out.append('"').toString();
  }

  /** A character in single quotes. */
  static String quoteCharacter(long character, boolean ascii) {
    boolean valid =
        character >= 0
            && character <= Character.MAX_CODE_POINT
            && !(character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE);
    StringBuilder out = new StringBuilder("'");
    escape(out, valid ? (int) character : ByteText.REPLACEMENT, '\'', ascii);
    return out.append('\'').toString();
  }

  private static void escape(StringBuilder out, int c, char quote, boolean ascii) {
    if (c == quote || c == '\\') {
      out.append('\\').append((char) c);
    } else if (c < 0x7F ? c >= ' ' : !ascii && isPrintable(c)) {
      out.append(ByteText.of(c));
    } else if (ESCAPED.indexOf(c) >= 0) {
      out.append('\\').append(ESCAPES.charAt(ESCAPED.indexOf(c)));
    } else if (c < ' ' || c == 0x7F) {
      out.append("\\x%02x".formatted(c));
    } else {
      out.append((c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
    }
  }

  /** Whether Go prints it as it is: letters, marks, numbers, punctuation, symbols, the space. */
  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** Whether a string can stand between backquotes as it is. */
  static boolean canBackquote(String bytes) {
    for (int i = 0; i < bytes.length(); ) {
      Decoded c = ByteText.decode(bytes, i);
      int code = c.codePoint();
      if (!c.valid()
          || code == 0xFEFF
          || code == '`'
          || code == 0x7F
          || (code < ' ' && code != '\t')) {
        return false;
      }
      i += c.length();
    }
    return true;
  }

  /**
   * The bytes that a string or character constant stands for.
   *
   * @param inside what stands between the quotes
   * @return empty if an escape is wrong
   */
  static Optional<String> unquote(String inside, char quote) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < inside.length()) {
      int backslash = inside.indexOf('\\', i);
      if (backslash < 0) {
        break;
      }
      out.append(ByteText.of(inside.substring(i, backslash)));
      if (backslash + 1 >= inside.length()) {
        return Optional.empty();
      }
      char kind = inside.charAt(backslash + 1);
      i = backslash + 2;
      if (kind == quote || kind == '\\') {
        out.append(kind);
      } else if (ESCAPES.indexOf(kind) >= 0) {
        out.append(ESCAPED.charAt(ESCAPES.indexOf(kind)));
      } else {
        int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : isOctal(kind) ? 3 : 0;
        int from = digits == 3 ? i - 1 : i;
        int value = digits == 0 ? -1 : number(inside, from, digits, digits == 3 ? 8 : 16);
        boolean isByte = digits == 2 || digits == 3;
        if (value < 0 || (isByte ? value > 0xFF : !isCharacter(value))) {
          return Optional.empty();
        }
        out.append(isByte ? Character.toString(value) : ByteText.of(value));
        i = from + digits;
      }
    }
    return Optional.of(out.append(ByteText.of(inside.substring(i))).toString());
  }

  private static boolean isCharacter(int value) {
    return value <= Character.MAX_CODE_POINT
        && (value < Character.MIN_SURROGATE || value > Character.MAX_SURROGATE);
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int number(String text, int from, int digits, int radix) {
    if (from + digits > text.length()) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  /** What {@code html} makes of a text. */
  static String html(String bytes) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      out.append(
          switch (c) {
            case 0 -> ByteText.of(ByteText.REPLACEMENT);
            case '"' -> "&#34;";
            case '\'' -> "&#39;";
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(c);
          });
    }
    return out.toString();
  }

  /** What {@code js} makes of a text: safe within a string of JavaScript. */
  static String javaScript(String bytes) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < bytes.length(); ) {
      Decoded decoded = ByteText.decode(bytes, i);
      int c = decoded.codePoint();
      if (c == '\\' || c == '\'' || c == '"') {
        out.append('\\').append((char) c);
      } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '=' || !isPrintable(c)) {
        out.append(c == 0x7F ? "\u007F" : "\\u%04X".formatted(c));
      } else {
        out.append(bytes, i, i + decoded.length());
      }
      i += decoded.length();
    }
    return out.toString();
  }

  /** What {@code urlquery} makes of a text: a part of a URL's query. */
  static String urlQuery(String bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
      int c = b & 0xFF;
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) {
        out.append((char) c);
      } else if (c == ' ') {
        out.append('+');
      } else {
        out.append("%%%02X".formatted(c).toUpperCase(Locale.ROOT));
      }
    }
    return out.toString();
  }
}
