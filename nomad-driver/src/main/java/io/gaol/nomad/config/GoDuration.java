package io.gaol.nomad.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** Times as Go writes them: {@code 1h30m}, {@code 500ms}, {@code -1.5s}. */
public final class GoDuration {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * The time that a text means, by the rules of Go's {@code time.ParseDuration}.
   *
   * @return empty if it means none: it has no unit, or it is longer than 292 years
   */
  public static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    boolean negative = text.startsWith("-");
    int at = negative || text.startsWith("+") ? 1 : 0;
    if (at == text.length()) {
      return Optional.empty();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    while (at < text.length()) {
      int numberEnd = skip(text, at, c -> (c >= '0' && c <= '9') || c == '.');
      int unitEnd = skip(text, numberEnd, c -> (c < '0' || c > '9') && c != '.');
      Optional<BigDecimal> number = number(text.substring(at, numberEnd));
      long unit = unit(text.substring(numberEnd, unitEnd));
      if (number.isEmpty() || unit == 0) {
        return Optional.empty();
      }
      nanos = nanos.add(number.get().multiply(BigDecimal.valueOf(unit)));
      at = unitEnd;
    }
    if (nanos.compareTo(MOST) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
  }

  private interface Part {
    boolean has(char c);
  }

  private static int skip(String text, int from, Part part) {
    int at = from;
    while (at < text.length() && part.has(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static Optional<BigDecimal> number(String digits) {
    if (digits.isEmpty() || digits.equals(".") || digits.length() > 40) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(digits));
    } catch (NumberFormatException twoPoints) {
      return Optional.empty();
    }
  }

  /** In nanoseconds; 0 if there is none of that name. */
  private static long unit(String name) {
    return switch (name) {
      case "h" -> 3_600_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "s" -> 1_000_000_000L;
      case "ms" -> 1_000_000L;
      case "us", "µs", "μs" -> 1_000L;
      case "ns" -> 1L;
      default -> 0;
    };
  }
}
