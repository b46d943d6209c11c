package io.gaol.cli.template;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** Times in Go's layouts, which show how the second of January 2006 would be written; in UTC. */
final class GoTime {
  static final String RFC_3339 = "2006-01-02T15:04:05Z07:00";

  /** What a layout consists of; of two that fit, the earlier one holds. */
  private static final List<String> PARTS =
      List.of(
          "January",
          "Jan",
          "Monday",
          "Mon",
          "MST",
          "002",
          "01",
          "02",
          "03",
          "04",
          "05",
          "06",
          "2006",
          "-07:00:00",
          "-070000",
          "-07:00",
          "-0700",
          "-07",
          "Z07:00:00",
          "Z070000",
          "Z07:00",
          "Z0700",
          "Z07",
          "_2006",
          "__2",
          "_2",
          "15",
          "1",
          "2",
          "3",
          "4",
          "5",
          "PM",
          "pm");

  private GoTime() {}

  static String format(Instant instant, String layout) throws FunctionException {
    ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
    Output out = new Output();
    int at = 0;
    while (at < layout.length()) {
      String part = part(layout, at);
      if (part != null) {
        out.append(value(time, part));
        at += part.length();
        continue;
      }
      int fraction = fraction(layout, at);
      if (fraction > 0) {
        out.append(
            fraction(time.getNano(), layout.charAt(at), layout.charAt(at + 1) == '9', fraction));
        at += fraction + 1;
        continue;
      }
      out.append(layout.charAt(at++));
    }
    return out.toString();
  }

  private static String part(String layout, int at) {
    for (String part : PARTS) {
      if (layout.startsWith(part, at)) {
        boolean word = part.equals("Jan") || part.equals("Mon");
        boolean longer =
            word && at + 3 < layout.length() && Character.isLowerCase(layout.charAt(at + 3));
        if (!longer) {
          return part;
        }
      }
    }
    return null;
  }

  /** How many digits a fraction of a second has that begins here with a point or comma. */
  private static int fraction(String layout, int at) {
    if ((layout.charAt(at) != '.' && layout.charAt(at) != ',') || at + 1 >= layout.length()) {
      return 0;
    }
    char digit = layout.charAt(at + 1);
    if (digit != '0' && digit != '9') {
      return 0;
    }
    int end = at + 1;
    while (end < layout.length() && layout.charAt(end) == digit) {
      end++;
    }
    boolean more = end < layout.length() && layout.charAt(end) >= '0' && layout.charAt(end) <= '9';
    return more ? 0 : end - at - 1;
  }

  private static String fraction(int nanos, char point, boolean short_, int digits) {
    String all = "%09d".formatted(nanos);
    String shown = digits <= 9 ? all.substring(0, digits) : all;
    if (short_) {
      shown = shown.replaceAll("0+$", "");
      return shown.isEmpty() ? "" : point + shown;
    }
    return point + shown;
  }

  private static String value(ZonedDateTime time, String part) {
    int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
    return switch (part) {
      case "January" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "Jan" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case "Monday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "Mon" ->
          time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case "MST" -> "UTC";
      case "002" -> "%03d".formatted(time.getDayOfYear());
      case "__2" -> "%3d".formatted(time.getDayOfYear());
      case "01" -> "%02d".formatted(time.getMonthValue());
      case "02" -> "%02d".formatted(time.getDayOfMonth());
      case "03" -> "%02d".formatted(hour);
      case "04" -> "%02d".formatted(time.getMinute());
      case "05" -> "%02d".formatted(time.getSecond());
      case "06" -> "%02d".formatted(time.getYear() % 100);
      case "2006" -> "%04d".formatted(time.getYear());
      case "_2006" -> "_%04d".formatted(time.getYear());
      case "_2" -> "%2d".formatted(time.getDayOfMonth());
      case "15" -> "%02d".formatted(time.getHour());
      case "1" -> Integer.toString(time.getMonthValue());
      case "2" -> Integer.toString(time.getDayOfMonth());
      case "3" -> Integer.toString(hour);
      case "4" -> Integer.toString(time.getMinute());
      case "5" -> Integer.toString(time.getSecond());
      case "PM" -> time.getHour() < 12 ? "AM" : "PM";
      case "pm" -> time.getHour() < 12 ? "am" : "pm";
      case "-07:00" -> "+00:00";
      case "-07:00:00" -> "+00:00:00";
      case "-0700" -> "+0000";
      case "-070000" -> "+000000";
      case "-07" -> "+00";
      default -> "Z";
    };
  }
}
