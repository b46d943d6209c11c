package io.gaol.cli.template;

import java.nio.charset.StandardCharsets;

/**
 * Go's strings: sequences of bytes, usually UTF-8. Here each char of a {@link String} holds one
 * byte, which the JVM stores in one byte too.
 */
final class ByteText {
  private static final int CONTINUATION_MASK = 0xC0;
  private static final int CONTINUATION = 0x80;

  /** What stands for bytes that are no UTF-8. */
  static final int REPLACEMENT = 0xFFFD;

  private ByteText() {}

  /** The bytes of a text in UTF-8. */
  static String of(String text) {
    return isAscii(text) ? text : of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** These bytes. */
  static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The bytes of one character in UTF-8. */
  static String of(int codePoint) {
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    int valid = surrogate || !Character.isValidCodePoint(codePoint) ? REPLACEMENT : codePoint;
    return of(Character.toString(valid));
  }

  /** The text that the bytes are in UTF-8; what is not becomes a replacement character. */
  static String text(String bytes) {
    return isAscii(bytes) ? bytes : new String(raw(bytes), StandardCharsets.UTF_8);
  }

  static byte[] raw(String bytes) {
    return bytes.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** How many characters: bytes that do not continue one. */
  static int characters(String bytes) {
    int count = 0;
    for (int i = 0; i < bytes.length(); i += decode(bytes, i).length()) {
      count++;
    }
    return count;
  }

  /** The first so many characters. */
  static String truncate(String bytes, int characters) {
    int at = 0;
    for (int left = characters; left > 0 && at < bytes.length(); left--) {
      at += decode(bytes, at).length();
    }
    return bytes.substring(0, at);
  }

  /**
   * A character of a text.
   *
   * @param codePoint the character, or {@link #REPLACEMENT}
   * @param length how many bytes it takes
   * @param valid whether the bytes are UTF-8; if not, the length is 1
   */
  record Decoded(int codePoint, int length, boolean valid) {
    static Decoded invalid() {
      return new Decoded(REPLACEMENT, 1, false);
    }
  }

  /** The character that begins at an index (RFC 3629). */
  static Decoded decode(String bytes, int at) {
    int first = bytes.charAt(at);
    if (first < 0x80) {
      return new Decoded(first, 1, true);
    }
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > bytes.length()) {
      return Decoded.invalid();
    }
    int codePoint = first & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      int next = bytes.charAt(at + i);
      if ((next & CONTINUATION_MASK) != CONTINUATION) {
        return Decoded.invalid();
      }
      codePoint = codePoint << 6 | (next & ~CONTINUATION_MASK);
    }
    int least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return codePoint < least || codePoint > Character.MAX_CODE_POINT || surrogate
        ? Decoded.invalid()
        : new Decoded(codePoint, length, true);
  }

  static boolean isValid(String bytes) {
    for (int i = 0; i < bytes.length(); ) {
      Decoded decoded = decode(bytes, i);
      if (!decoded.valid()) {
        return false;
      }
      i += decoded.length();
    }
    return true;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
