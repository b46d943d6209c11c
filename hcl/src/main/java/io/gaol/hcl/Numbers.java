package io.gaol.hcl;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Arithmetic. Exact, except for division, which is rounded where its result does not end; bounded,
 * so that no short text can ask for an unbounded amount of digits.
 */
final class Numbers {
  /** The most digits before or after the decimal point. */
  static final int MOST_DIGITS = 10_000;

  /** About the precision that HCL asks for: 512 bits. */
  private static final MathContext DIVISION = new MathContext(155, RoundingMode.HALF_EVEN);

  private static final int LONGEST_EXPONENT = 6;
  private static final Pattern LITERAL =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(?:[eE][+-]?0*([0-9]+))?");
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private Numbers() {}

  /** The number a literal of the language stands for; nothing if it is none. */
  static Optional<BigDecimal> ofLiteral(String text) {
    var literal = LITERAL.matcher(text);
    if (!literal.matches()) {
      return Optional.empty();
    }
    String exponent = literal.group(2);
    if (literal.group(1).length() > 2 * MOST_DIGITS
        || (exponent != null && exponent.length() > LONGEST_EXPONENT)) {
      throw tooLong();
    }
    return Optional.of(bounded(new BigDecimal(text)));
  }

  /** The number a string converts to: digits, without an exponent. */
  static Optional<BigDecimal> ofText(String text) {
    return text.length() <= 2 * MOST_DIGITS && DECIMAL.matcher(text).matches()
        ? Optional.of(bounded(new BigDecimal(text)))
        : Optional.empty();
  }

  static BigDecimal add(BigDecimal left, BigDecimal right) {
    return bounded(left.add(right));
  }

  static BigDecimal subtract(BigDecimal left, BigDecimal right) {
    return bounded(left.subtract(right));
  }

  static BigDecimal multiply(BigDecimal left, BigDecimal right) {
    return bounded(left.multiply(right));
  }

  /** Exact where it is a whole number, however long; rounded to the precision otherwise. */
  static BigDecimal divide(BigDecimal left, BigDecimal right) {
    requireDivisor(right);
    BigDecimal[] parts = left.divideAndRemainder(right);
    return bounded(parts[1].signum() == 0 ? parts[0] : left.divide(right, DIVISION));
  }

  static BigDecimal remainder(BigDecimal left, BigDecimal right) {
    requireDivisor(right);
    return bounded(left.remainder(right));
  }

  private static void requireDivisor(BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
  }

  private static BigDecimal bounded(BigDecimal number) {
    BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    long before = (long) plain.precision() - plain.scale();
    if (before > MOST_DIGITS || plain.scale() > MOST_DIGITS) {
      throw tooLong();
    }
    return plain;
  }

  private static ArithmeticException tooLong() {
    return new ArithmeticException("a number has more than %d digits".formatted(MOST_DIGITS));
  }
}
