package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.text;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Functions of times (RFC 3339) and durations in Go's notation. */
final class TimeFunctions {
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\\.[0-9]+)?"
              + "(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))");
  private static final Pattern DURATION_PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");

  private TimeFunctions() {}

  static void define(Map<String, Function> table) {
    Define.function(
        table,
        "formatdate",
        "A time in another format: YYYY, MM, MMM, DD, EEE, hh, HH, AA, mm, ss, ZZZZZ; what stands"
            + " in single quotes is itself.",
        Types.STRING,
        List.of(text("format"), text("time")),
        arguments -> Value.of(format(arguments.text(0), timestamp(1, arguments.text(1)))));
    Define.function(
        table,
        "timeadd",
        "A time that is a duration, such as \"1h30m\" or \"-10s\", after another.",
        Types.STRING,
        List.of(text("timestamp"), text("duration")),
        arguments -> {
          OffsetDateTime time = timestamp(0, arguments.text(0));
          try {
            return Value.of(shown(time.plus(duration(1, arguments.text(1)))));
          } catch (DateTimeException | ArithmeticException _) {
            throw new FunctionException("the time is out of range");
          }
        });
  }

  private static OffsetDateTime timestamp(int argument, String text) throws FunctionException {
    Matcher parts = TIMESTAMP.matcher(text);
    try {
      if (parts.matches()) {
        String fraction = parts.group(7) == null ? "" : parts.group(7).substring(1);
        int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
        LocalDateTime time =
            LocalDateTime.of(
                group(parts, 1),
                group(parts, 2),
                group(parts, 3),
                group(parts, 4),
                group(parts, 5),
                group(parts, 6),
                nanos);
        return time.atOffset(offset(parts));
      }
    } catch (DateTimeException _) {
      // The message is the same.
    }
    throw new FunctionException(
        argument,
        "\"%s\" is no time as in RFC 3339: 2006-01-02T15:04:05Z or 2006-01-02T15:04:05+01:00"
            .formatted(Texts.shortened(text)));
  }

  private static int group(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  private static ZoneOffset offset(Matcher parts) {
    if (parts.group(8) != null) {
      return ZoneOffset.UTC;
    }
    int sign = parts.group(9).equals("-") ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(sign * group(parts, 10), sign * group(parts, 11));
  }

  private static Duration duration(int argument, String text) throws FunctionException {
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (unsigned.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = DURATION_PART.matcher(unsigned);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end && part.group(1).length() < 100) {
      BigDecimal number = new BigDecimal(part.group(1));
      nanos = nanos.add(number.multiply(BigDecimal.valueOf(nanosOf(part.group(2)))));
      end = part.end();
    }
    if (end == 0
        || end != unsigned.length()
        || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new FunctionException(
          argument,
          "\"%s\" is no duration, such as \"1h30m\" or \"500ms\"".formatted(Texts.shortened(text)));
    }
    long whole = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
    return Duration.ofNanos(text.startsWith("-") ? -whole : whole);
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "h" -> 3_600_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "s" -> 1_000_000_000L;
      case "ms" -> 1_000_000L;
      case "us", "µs", "μs" -> 1_000L;
      default -> 1L;
    };
  }

  /** Without fractions of a second, as RFC 3339 in Go. */
  static String shown(OffsetDateTime time) {
    return "%04d-%02d-%02dT%02d:%02d:%02d%s"
        .formatted(
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond(),
            zone(time, true, ":"));
  }

  private static String zone(OffsetDateTime time, boolean withZ, String separator) {
    int minutes = time.getOffset().getTotalSeconds() / 60;
    return minutes == 0 && withZ
        ? "Z"
        : "%s%02d%s%02d"
            .formatted(
                minutes < 0 ? "-" : "+", Math.abs(minutes) / 60, separator, Math.abs(minutes) % 60);
  }

  private static String format(String format, OffsetDateTime time) throws FunctionException {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      int end = at + 1;
      if (c == '\'') {
        end = literal(format, at, text);
      } else if (isVerb(c)) {
        while (end < format.length() && format.charAt(end) == c) {
          end++;
        }
        text.append(verb(format.substring(at, end), time));
      } else {
        text.append(c);
      }
      at = end;
    }
    return text.toString();
  }

  private static boolean isVerb(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Where the literal that begins here ends; a doubled quote is a quote. */
  private static int literal(String format, int start, StringBuilder text)
      throws FunctionException {
    if (format.startsWith("''", start)) {
      text.append('\'');
      return start + 2;
    }
    int at = start + 1;
    while (at < format.length()) {
      if (format.charAt(at) != '\'') {
        text.append(format.charAt(at++));
      } else if (format.startsWith("''", at)) {
        text.append('\'');
        at += 2;
      } else {
        return at + 1;
      }
    }
    throw new FunctionException(0, "a literal in the format has no closing quote");
  }

  private static String verb(String verb, OffsetDateTime time) throws FunctionException {
    int hour = time.getHour();
    return switch (verb) {
      case "YY" -> two(time.getYear() % 100);
      case "YYYY" -> "%04d".formatted(time.getYear());
      case "M" -> Integer.toString(time.getMonthValue());
      case "MM" -> two(time.getMonthValue());
      case "MMM" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case "MMMM" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "D" -> Integer.toString(time.getDayOfMonth());
      case "DD" -> two(time.getDayOfMonth());
      case "EEE" ->
          time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case "EEEE" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "h" -> Integer.toString(hour);
      case "hh" -> two(hour);
      case "H" -> Integer.toString(hour % 12 == 0 ? 12 : hour % 12);
      case "HH" -> two(hour % 12 == 0 ? 12 : hour % 12);
      case "AA" -> hour < 12 ? "AM" : "PM";
      case "aa" -> hour < 12 ? "am" : "pm";
      case "m" -> Integer.toString(time.getMinute());
      case "mm" -> two(time.getMinute());
      case "s" -> Integer.toString(time.getSecond());
      case "ss" -> two(time.getSecond());
      case "Z" -> zone(time, true, ":");
      case "ZZZ" -> time.getOffset().getTotalSeconds() == 0 ? "UTC" : zone(time, false, "");
      case "ZZZZ" -> zone(time, false, "");
      case "ZZZZZ" -> zone(time, false, ":");
      default ->
          throw new FunctionException(
              0,
              "there is no \"%s\" in a date format; put letters that are themselves in single quotes"
                  .formatted(Texts.shortened(verb)));
    };
  }

  private static String two(int number) {
    return "%02d".formatted(number);
  }
}
