package io.gaol.cli.template;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A number constant, which takes the type that its place asks for (Go's untyped constants).
 *
 * @param whole its value as a whole number, if it is one of 64 bits, with sign
 * @param real its value as a floating point number
 * @param written whether it is written as a floating point number
 */
record NumberConstant(Optional<Long> whole, double real, boolean written) {
  private static final Pattern UNDERSCORES =
      Pattern.compile("[+-]?(0[xXbBoO]_?)?[0-9a-fA-F]+(_[0-9a-fA-F]+)*");
  private static final Pattern HEXADECIMAL_FLOAT =
      Pattern.compile("[+-]?0[xX]([0-9a-fA-F_]+\\.?[0-9a-fA-F_]*|\\.[0-9a-fA-F_]+)[pP][+-]?\\d+");
  private static final Pattern DECIMAL_FLOAT =
      Pattern.compile("[+-]?(\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)([eE][+-]?\\d+)?");

  /** The value of a character constant. */
  static NumberConstant ofCharacter(int codePoint) {
    return new NumberConstant(Optional.of((long) codePoint), codePoint, false);
  }

  /** The number that a text says by Go's syntax, if it says one that fits. */
  static Optional<NumberConstant> parse(String text) {
    Optional<BigInteger> integer = integer(text);
    if (integer.isPresent()) {
      return integer
          .filter(value -> value.bitLength() < Long.SIZE)
          .map(v -> new NumberConstant(Optional.of(v.longValue()), v.doubleValue(), false));
    }
    boolean hexadecimal = HEXADECIMAL_FLOAT.matcher(text).matches();
    boolean pointed = text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    if (!hexadecimal && !(pointed && DECIMAL_FLOAT.matcher(text).matches())) {
      return Optional.empty();
    }
    double value = Double.parseDouble(text.replace("_", ""));
    if (Double.isInfinite(value)) {
      return Optional.empty();
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 0x1p63;
    return Optional.of(
        new NumberConstant(whole ? Optional.of((long) value) : Optional.empty(), value, true));
  }

  /** A whole number in Go's notation, of any size. */
  static Optional<BigInteger> integer(String text) {
    if (!UNDERSCORES.matcher(text).matches()) {
      return Optional.empty();
    }
    boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
    String sign = text.charAt(0) == '-' ? "-" : "";
    String digits = (signed ? text.substring(1) : text).replace("_", "");
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      digits = digits.substring(radix == 0 ? 1 : 2);
      radix = radix == 0 ? 8 : radix;
    }
    if (digits.length() > Long.SIZE + 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigInteger(sign + digits, radix));
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }
}
