package io.gaol.goplugin;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * One event as a line of JSON, as hosts read it from a plugin's stderr.
 *
 * <p>A host takes {@code @message}, {@code @level} and {@code @timestamp} for texts without
 * looking, and fails on others; the timestamp has exactly six digits after the point; and of a line
 * over 64 KiB nothing is understood. The line is put together by hand, for it is needed before the
 * handshake, where every millisecond counts.
 *
 * @see <a href="https://github.com/hashicorp/go-plugin">go-plugin, log_entry.go</a>
 */
final class LogLine {
  /** The longest line, in bytes; a host's buffer has 64 KiB. */
  static final int LONGEST_BYTES = 60 * 1024;

  /** What is left of a message that is too long, in bytes of JSON. */
  private static final int LONGEST_CUT_MESSAGE_BYTES = 40 * 1024;

  /** For the words that say that something was cut, and the end of the line. */
  private static final int RESERVE_BYTES = 128;

  private LogLine() {}

  /**
   * The line, with its newline.
   *
   * @param keysAndValues by turns; numbers and truth values stay what they are, everything else
   *     becomes text
   */
  static byte[] of(PluginLog.Level level, String module, String message, Object... keysAndValues) {
    String head = head(level, module);
    StringBuilder line = new StringBuilder(256).append(head);
    appendText(line, text(message), Integer.MAX_VALUE);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      line.append(member(keysAndValues, i));
    }
    byte[] bytes = line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_BYTES ? bytes : cut(head, message, keysAndValues, bytes.length);
  }

  private static byte[] cut(String head, String message, Object[] keysAndValues, int bytes) {
    StringBuilder line = new StringBuilder(LONGEST_BYTES).append(head);
    appendText(line, text(message), LONGEST_CUT_MESSAGE_BYTES);
    int left = LONGEST_BYTES - RESERVE_BYTES - utf8Length(line);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String member = member(keysAndValues, i);
      int length = utf8Length(member);
      if (length <= left) {
        line.append(member);
        left -= length;
      }
    }
    return line.append(",\"log_line_cut_from_bytes\":")
        .append(bytes)
        .append("}\n")
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String head(PluginLog.Level level, String module) {
    StringBuilder head = new StringBuilder(160).append("{\"@level\":\"").append(level.text());
    appendTime(head.append("\",\"@timestamp\":\""), Instant.now());
    appendText(head.append("\",\"@module\":"), module, 1024);
    return head.append(",\"@message\":").toString();
  }

  private static String member(Object[] keysAndValues, int index) {
    boolean isPair = index + 1 < keysAndValues.length;
    String key = isPair ? text(keysAndValues[index]) : "EXTRA_VALUE_AT_END";
    Object value = keysAndValues[isPair ? index + 1 : index];
    StringBuilder member = new StringBuilder(64).append(',');
    // What begins with @ belongs to the format.
    appendText(member, key.startsWith("@") ? "_" + key.substring(1) : key, Integer.MAX_VALUE);
    member.append(':');
    if (isPlain(value)) {
      member.append(value);
    } else {
      appendText(member, text(value), Integer.MAX_VALUE);
    }
    return member.toString();
  }

  private static boolean isPlain(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Boolean
        || (value instanceof Double number && Double.isFinite(number));
  }

  private static String text(Object value) {
    try {
      return String.valueOf(value);
    } catch (RuntimeException broken) {
      return "(a "
          + value.getClass().getName()
          + " that cannot be told: "
          + broken.getClass()
          + ")";
    }
  }

  /** RFC 3339 in UTC, with six digits after the point. */
  private static void appendTime(StringBuilder line, Instant instant) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
    appendDigits(line, time.getYear(), 4).append('-');
    appendDigits(line, time.getMonthValue(), 2).append('-');
    appendDigits(line, time.getDayOfMonth(), 2).append('T');
    appendDigits(line, time.getHour(), 2).append(':');
    appendDigits(line, time.getMinute(), 2).append(':');
    appendDigits(line, time.getSecond(), 2).append('.');
    appendDigits(line, time.getNano() / 1000, 6).append('Z');
  }

  private static StringBuilder appendDigits(StringBuilder line, int number, int width) {
    String digits = Integer.toString(number);
    for (int i = digits.length(); i < width; i++) {
      line.append('0');
    }
    return line.append(digits);
  }

  /** RFC 8259, section 7; ends early at that many bytes of UTF-8. */
  private static void appendText(StringBuilder line, String text, int longestBytes) {
    line.append('"');
    int left = longestBytes;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean isPair =
          Character.isHighSurrogate(character)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      left -= isPair ? 4 : escapedLength(character);
      if (left < 0) {
        break;
      }
      if (isPair) {
        line.append(character).append(text.charAt(++i));
      } else {
        appendEscaped(line, character);
      }
    }
    line.append('"');
  }

  private static int escapedLength(char character) {
    return character < 0x20 || Character.isSurrogate(character) ? 6 : character < 0x80 ? 2 : 3;
  }

  private static void appendEscaped(StringBuilder line, char character) {
    switch (character) {
      case '"' -> line.append("\\\"");
      case '\\' -> line.append("\\\\");
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        if (character < 0x20) {
          line.append("\\u00").append(character < 0x10 ? '0' : '1');
          line.append(Character.forDigit(character & 0xf, 16));
        } else if (Character.isSurrogate(character)) {
          line.append("\\ufffd");
        } else {
          line.append(character);
        }
      }
    }
  }

  private static int utf8Length(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
