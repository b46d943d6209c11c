package io.gaol.jail;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of rctl(8), as it reads them with expand_number(3): a whole number and one of the
 * suffixes {@code K M G T P E} in any letter case, powers of 1024, with or without a {@code B}.
 *
 * <p>expand_number(3) takes a leading {@code 0} for octal and {@code 0x} for hexadecimal, of which
 * {@code b} and {@code e} are digits and no suffixes. Whoever writes {@code 0512M} does not mean
 * 330M: where the number would differ from what is seen, it is refused with both.
 */
final class RctlAmount {
  private static final String SUFFIXES = "KMGTPE";
  private static final Pattern WHOLE = Pattern.compile("([0-9]+)([kKmMgGtTpPeE]?)[bB]?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("0[xX]([0-9a-fA-F]+)([kKmMgGtTpP]?)[bB]?");
  private static final Pattern FRACTION =
      Pattern.compile("([0-9]+[.,][0-9]+)([kKmMgGtTpPeE]?)(?:[iI]?[bB])?");
  private static final Pattern BINARY_PREFIX = Pattern.compile("([0-9]+[kKmMgGtTpPeE])[iI][bB]?");

  private RctlAmount() {}

  /**
   * The number that rctl(8) makes of a text.
   *
   * @throws InvalidValueException if it is none that it would take, or another than it seems
   */
  static long parse(String text, RctlUnit unit) {
    if (text.startsWith("-")) {
      throw invalid(text, "may not be negative");
    }
    Matcher hexadecimal = HEXADECIMAL.matcher(text);
    if (hexadecimal.matches()) {
      BigInteger digits = new BigInteger(hexadecimal.group(1), 16);
      return checked(text, unit, digits, hexadecimal.group(2), "hexadecimal");
    }
    Matcher whole = WHOLE.matcher(text);
    if (whole.matches()) {
      String digits = whole.group(1);
      if (digits.length() > 1 && digits.startsWith("0")) {
        return octal(text, unit, digits, whole.group(2));
      }
      return checked(text, unit, new BigInteger(digits), whole.group(2), "");
    }
    throw invalid(text, "is no whole number, optionally with K, M, G, T, P or E" + better(text));
  }

  private static long octal(String text, RctlUnit unit, String digits, String suffix) {
    String decimal = digits.replaceFirst("^0+(?=.)", "");
    if (!digits.matches("[0-7]+")) {
      throw invalid(
          text,
          "begins with 0, so rctl(8) reads it as octal, which has no 8 and no 9; write "
              + decimal
              + suffix);
    }
    BigInteger octal = new BigInteger(digits, 8);
    if (octal.equals(new BigInteger(digits))) {
      return checked(text, unit, octal, suffix, "");
    }
    return checked(text, unit, octal, suffix, "octal");
  }

  private static long checked(
      String text, RctlUnit unit, BigInteger digits, String suffix, String notation) {
    if (!notation.isEmpty()) {
      String plain = digits + suffix;
      String seen = text.replaceFirst("^0+(?=[0-9])", "");
      throw invalid(
          text,
          "is "
              + notation
              + " to rctl(8), which reads it as "
              + plain
              + "; write "
              + plain
              + (notation.equals("octal") ? " or " + seen : ""));
    }
    BigInteger amount = digits.shiftLeft(shift(suffix));
    if (!suffix.isEmpty() && !unit.scales()) {
      throw invalid(
          text,
          "is in "
              + unit.words()
              + ", where rctl(8) has no units: it would read it as "
              + amount
              + "; write the number of "
              + (unit == RctlUnit.SECONDS ? "seconds" : "percents"));
    }
    BigInteger greatest = BigInteger.valueOf(unit.greatestAmount());
    if (amount.compareTo(greatest) > 0) {
      throw invalid(text, "is more than the kernel counts (" + greatest + ")");
    }
    return amount.longValueExact();
  }

  /** An amount as a person reads it best, and rctl(8) as the same number. */
  static String print(long amount, RctlUnit unit) {
    if (amount == 0 || !unit.isBytes()) {
      return Long.toString(amount);
    }
    int power = Math.min(Long.numberOfTrailingZeros(amount) / 10, SUFFIXES.length());
    return (amount >> (10 * power)) + (power == 0 ? "" : SUFFIXES.substring(power - 1, power));
  }

  /** By how many bits a suffix moves a number. */
  private static int shift(String suffix) {
    return suffix.isEmpty() ? 0 : 10 * (SUFFIXES.indexOf(suffix.toUpperCase(Locale.ROOT)) + 1);
  }

  /** What to write in place of a fraction, or of a unit that rctl(8) has another name for. */
  private static String better(String text) {
    Matcher binary = BINARY_PREFIX.matcher(text);
    if (binary.matches()) {
      return "; write " + binary.group(1);
    }
    Matcher fraction = FRACTION.matcher(text);
    if (!fraction.matches()) {
      return "";
    }
    BigDecimal number = new BigDecimal(fraction.group(1).replace(',', '.'));
    int power = shift(fraction.group(2)) / 10;
    List<String> suffixes = List.of("", "K", "M", "G", "T", "P", "E");
    while (power > 0) {
      number = number.multiply(BigDecimal.valueOf(1024));
      power--;
      if (number.stripTrailingZeros().scale() <= 0) {
        return "; write " + number.toBigInteger() + suffixes.get(power);
      }
    }
    return "; write " + number.toBigInteger();
  }

  private static InvalidValueException invalid(String text, String problem) {
    return new InvalidValueException("the amount \"" + text + "\" " + problem);
  }
}
