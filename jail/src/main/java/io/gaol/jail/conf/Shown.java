package io.gaol.jail.conf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Texts of a file in an error message. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  /** Bytes in quotes: not too many of them, and none that would disturb a terminal. */
  static String quoted(String bytes) {
    boolean cut = bytes.length() > LONGEST;
    String text =
        new String((cut ? bytes.substring(0, LONGEST) : bytes).getBytes(ISO_8859_1), UTF_8);
    return "\"" + text.replaceAll("\\p{Cntrl}", "?") + (cut ? "…" : "") + "\"";
  }

  /** A text in quotes. */
  static String text(String text) {
    boolean cut = text.length() > LONGEST;
    return "\""
        + (cut ? text.substring(0, LONGEST) : text).replaceAll("\\p{Cntrl}", "?")
        + (cut ? "…" : "")
        + "\"";
  }
}
