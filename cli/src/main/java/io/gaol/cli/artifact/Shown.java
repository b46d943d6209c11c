package io.gaol.cli.artifact;

import java.net.URI;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Texts from elsewhere as they may be shown: without secrets, and without control characters. */
final class Shown {
  private static final int LONGEST = 300;

  private Shown() {}

  /** A source without user, password and the values of its query. */
  static String source(String source) {
    int question = source.indexOf('?');
    String address = question < 0 ? source : source.substring(0, question);
    String query = question < 0 ? "" : "?" + names(source.substring(question + 1));
    return text(address.replaceFirst("^((?:[a-z0-9]+::)?[a-z0-9+.-]+://)[^/@]*@", "$1") + query);
  }

  static String source(URI uri) {
    return source(uri.toString());
  }

  private static String names(String query) {
    return Arrays.stream(query.split("&"))
        .map(pair -> pair.replaceFirst("=.*", "=…"))
        .collect(Collectors.joining("&"));
  }

  /** A name out of an archive, or whatever else somebody else has chosen. */
  static String quoted(String name) {
    return "\"" + text(name) + "\"";
  }

  /** On one line, with nothing in it that a terminal obeys, and not endless. */
  static String text(String text) {
    String plain = text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?");
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
  }

  /** A size as people write it. */
  static String bytes(long bytes) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB"};
    double size = bytes;
    int unit = 0;
    for (; size >= 1000 && unit < units.length - 1; unit++) {
      size /= 1000;
    }
    return (unit == 0 || size % 1 == 0
            ? Long.toString((long) size)
            : String.format(java.util.Locale.ROOT, "%.1f", size))
        + " "
        + units[unit];
  }
}
