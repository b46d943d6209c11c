package io.gaol.cli.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Floating point numbers as Go writes them (Go's strconv.FormatFloat). */
final class GoFloat {
  /** As many digits as it takes to tell the number from its neighbours. */
  static final int SHORTEST = -1;

  private GoFloat() {}

  /**
   * A number in one of Go's formats.
   *
   * @param format {@code e}, {@code E}, {@code f}, {@code g} or {@code G}
   * @param precision digits, as Go counts them for the format, or {@link #SHORTEST}
   */
  static String format(double value, char format, int precision) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    String sign = value < 0 || 1 / value < 0 ? "-" : "";
    String digits =
        switch (Character.toLowerCase(format)) {
          case 'e' -> exponential(decimal(value, precision + 1), precision);
          case 'f' -> fixed(value, precision);
          default -> general(value, precision);
        };
    return sign + (Character.isUpperCase(format) ? digits.toUpperCase(Locale.ROOT) : digits);
  }

  /** The value without its sign, rounded to so many digits, or as short as it can be. */
  private static BigDecimal decimal(double value, int digits) {
    if (value == 0) {
      return BigDecimal.ZERO;
    }
    if (digits <= 0) {
      return shortest(Math.abs(value));
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    int scale = digits - (exact.precision() - exact.scale());
    return exact.setScale(scale, RoundingMode.HALF_EVEN);
  }

  private static BigDecimal shortest(double value) {
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    // Double.toString has at least two digits, where one may do.
    if (shortest.precision() == 2) {
      BigDecimal shorter = shortest.setScale(shortest.scale() - 1, RoundingMode.HALF_EVEN);
      if (shorter.doubleValue() == value) {
        return shorter;
      }
    }
    return shortest;
  }

  private static String exponential(BigDecimal value, int precision) {
    String digits = value.unscaledValue().toString();
    int exponent = value.signum() == 0 ? 0 : digits.length() - 1 - value.scale();
    StringBuilder fraction = new StringBuilder(digits.substring(1));
    if (precision >= 0) {
      while (fraction.length() < precision) {
        fraction.append('0');
      }
      fraction.setLength(precision);
    }
    return digits.charAt(0)
        + (fraction.isEmpty() ? "" : "." + fraction)
        + "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private static String fixed(double value, int precision) {
    if (precision < 0) {
      String plain = decimal(value, 0).toPlainString();
      return plain;
    }
    return new BigDecimal(Math.abs(value))
        .setScale(precision, RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  private static String general(double value, int precision) {
    int wanted = precision == 0 ? 1 : precision;
    BigDecimal decimal = decimal(value, wanted).stripTrailingZeros();
    int digits = decimal.precision();
    int exponent = decimal.signum() == 0 ? 0 : digits - 1 - decimal.scale();
    int most = precision < 0 ? 6 : wanted;
    if (exponent < -4 || exponent >= most) {
      return exponential(decimal, SHORTEST);
    }
    return decimal.toPlainString();
  }
}
