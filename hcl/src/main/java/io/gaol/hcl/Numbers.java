package io.gaol.hcl;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Arithmetic as the reference implementation does it: with binary numbers of 512 bits, rounded half
 * to even. A number is kept as the shortest decimal that stands for its binary number, which is
 * also how it is written in a string. So every number of up to 153 digits is exactly itself, and
 * {@code 1 / 3 * 3} is 1. Bounded, so that no short text can ask for an unbounded amount of digits.
 */
final class Numbers {
  /** The most digits before or after the decimal point. */
  static final int MOST_DIGITS = 10_000;

  private static final int BITS = 512;

  /** Every decimal of so many digits has a binary number of its own. */
  private static final int SURE_DIGITS = 153;

  /** So many digits always tell two binary numbers apart. */
  private static final int ENOUGH_DIGITS = 157;

  private static final int LONGEST_EXPONENT = 6;
  private static final Pattern LITERAL =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(?:[eE][+-]?0*([0-9]+))?");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?0*([0-9]+))?");

  private Numbers() {}

  /** The number a literal of the language stands for; nothing if it is none. */
  static Optional<BigDecimal> ofLiteral(String text) {
    return parse(LITERAL, text);
  }

  /** The number a string converts to; nothing if it is none. */
  static Optional<BigDecimal> ofText(String text) {
    return parse(DECIMAL, text);
  }

  private static Optional<BigDecimal> parse(Pattern pattern, String text) {
    var number = pattern.matcher(text);
    if (!number.matches()) {
      return Optional.empty();
    }
    String exponent = number.group(2);
    if (number.group(1).length() > 2 * MOST_DIGITS
        || (exponent != null && exponent.length() > LONGEST_EXPONENT)) {
      throw tooLong();
    }
    return Optional.of(rounded(bounded(new BigDecimal(text))));
  }

  static BigDecimal add(BigDecimal left, BigDecimal right) {
    return rounded(bounded(binary(left).add(binary(right))));
  }

  static BigDecimal subtract(BigDecimal left, BigDecimal right) {
    return rounded(bounded(binary(left).subtract(binary(right))));
  }

  static BigDecimal multiply(BigDecimal left, BigDecimal right) {
    return rounded(binary(left).multiply(binary(right)));
  }

  static BigDecimal divide(BigDecimal left, BigDecimal right) {
    requireDivisor(right);
    return shortest(quotient(binary(left), binary(right)));
  }

  /** With the sign of the left one, as in C. */
  static BigDecimal remainder(BigDecimal left, BigDecimal right) {
    requireDivisor(right);
    BigDecimal dividend = binary(left);
    BigDecimal divisor = binary(right);
    BigDecimal times = binary(quotient(dividend, divisor).setScale(0, RoundingMode.DOWN));
    return rounded(bounded(dividend.subtract(binary(divisor.multiply(times)))));
  }

  private static void requireDivisor(BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
  }

  /** A number that was calculated elsewhere, as the language keeps it. */
  static BigDecimal rounded(BigDecimal exact) {
    return isExact(exact) ? bounded(exact) : shortest(binary(exact));
  }

  private static boolean isExact(BigDecimal number) {
    return number.precision() <= SURE_DIGITS;
  }

  /** The nearest binary number. */
  private static BigDecimal binary(BigDecimal number) {
    if (number.scale() <= 0) {
      bounded(number);
      BigInteger whole = number.toBigIntegerExact();
      return whole.bitLength() <= BITS ? number : nearest(whole, BigInteger.ONE);
    }
    return nearest(number.unscaledValue(), BigInteger.TEN.pow(number.scale()));
  }

  private static BigDecimal quotient(BigDecimal left, BigDecimal right) {
    int scale = left.scale() - right.scale();
    BigInteger dividend = left.unscaledValue();
    BigInteger divisor = right.unscaledValue();
    return scale >= 0
        ? nearest(dividend, divisor.multiply(BigInteger.TEN.pow(scale)))
        : nearest(dividend.multiply(BigInteger.TEN.pow(-scale)), divisor);
  }

  /** The binary number that is nearest to a fraction, half to even. */
  private static BigDecimal nearest(BigInteger numerator, BigInteger denominator) {
    if (numerator.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigInteger above = numerator.abs();
    BigInteger below = denominator.abs();
    // Two more bits than are kept, and whether anything is left behind them, decide the rounding.
    int shift = BITS + 2 - (above.bitLength() - below.bitLength());
    BigInteger[] parts =
        shift >= 0
            ? above.shiftLeft(shift).divideAndRemainder(below)
            : above.divideAndRemainder(below.shiftLeft(-shift));
    int extra = parts[0].bitLength() - BITS;
    BigInteger mantissa = parts[0].shiftRight(extra);
    BigInteger rest = parts[0].subtract(mantissa.shiftLeft(extra));
    int half = rest.compareTo(BigInteger.ONE.shiftLeft(extra - 1));
    boolean isHalf = half == 0 && parts[1].signum() == 0;
    if ((half >= 0 && !isHalf) || (isHalf && mantissa.testBit(0))) {
      mantissa = mantissa.add(BigInteger.ONE);
    }
    int exponent = extra - shift;
    int zeros = Math.min(mantissa.getLowestSetBit(), Math.max(0, -exponent));
    BigInteger odd = mantissa.shiftRight(zeros);
    int power = exponent + zeros;
    BigDecimal value =
        power >= 0
            ? new BigDecimal(odd.shiftLeft(power))
            : new BigDecimal(odd.multiply(BigInteger.valueOf(5).pow(-power)), -power);
    return numerator.signum() * denominator.signum() < 0 ? value.negate() : value;
  }

  /** The shortest decimal whose nearest binary number is this one. */
  private static BigDecimal shortest(BigDecimal binary) {
    for (int digits = SURE_DIGITS; digits < ENOUGH_DIGITS; digits++) {
      BigDecimal shorter = binary.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (binary(shorter).compareTo(binary) == 0) {
        return bounded(shorter);
      }
    }
    return bounded(binary.round(new MathContext(ENOUGH_DIGITS, RoundingMode.HALF_EVEN)));
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
