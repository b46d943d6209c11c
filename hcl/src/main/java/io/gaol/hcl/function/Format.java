package io.gaol.hcl.function;

import io.gaol.hcl.ConversionException;
import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** What {@code format} does with its verbs, which are those of Go's fmt package. */
final class Format {
  private static final String FLAGS = "0#-+ ";
  private static final int LONGEST_FRACTION = 10_000;

  /** From this power of ten on, %v and %g write an exponent. */
  private static final int LEAST_EXPONENT = 6;

  private final String format;
  private final List<Value> values;
  private final StringBuilder result = new StringBuilder();
  private int at;
  private int nextValue = 1;
  private int usedValues;

  private Format(String format, List<Value> values) {
    this.format = format;
    this.values = values;
  }

  static String format(String format, List<Value> values) throws FunctionException {
    return new Format(format, values).all();
  }

  /**
   * One verb as it is written.
   *
   * @param width -1 if there is none
   * @param precision -1 if there is none
   */
  private record Verb(String flags, int width, int precision, int value, char mode, String raw) {
    boolean has(char flag) {
      return flags.indexOf(flag) >= 0;
    }
  }

  private String all() throws FunctionException {
    while (at < format.length()) {
      char c = format.charAt(at);
      if (c != '%') {
        result.append(c);
        at++;
      } else if (format.startsWith("%%", at)) {
        result.append('%');
        at += 2;
      } else {
        append(verb());
      }
      Arguments.requireCharacters(result.length());
    }
    if (usedValues < values.size()) {
      throw new FunctionException(
          usedValues + 1,
          usedValues == 0
              ? "there are values, but no verbs in the format"
              : "there are more values than the format uses, which are " + usedValues);
    }
    return result.toString();
  }

  private Verb verb() throws FunctionException {
    int start = at++;
    int flagsFrom = at;
    while (at < format.length() && FLAGS.indexOf(format.charAt(at)) >= 0) {
      at++;
    }
    String flags = format.substring(flagsFrom, at);
    int width = at < format.length() && isDigit(format.charAt(at)) ? number(start) : -1;
    int precision = -1;
    if (at < format.length() && format.charAt(at) == '.') {
      at++;
      precision = number(start);
    }
    int value = nextValue;
    if (at < format.length() && format.charAt(at) == '[') {
      at++;
      boolean isNumber =
          at < format.length() && format.charAt(at) >= '1' && isDigit(format.charAt(at));
      value = number(start);
      if (!isNumber || at >= format.length() || format.charAt(at) != ']') {
        throw wrong(start, "[1] would be the first value");
      }
      at++;
    }
    if (at >= format.length()) {
      throw wrong(start, "it ends within a verb");
    }
    char mode = format.charAt(at);
    if (!((mode >= 'a' && mode <= 'z') || (mode >= 'A' && mode <= 'Z'))) {
      throw wrong(start, "a verb ends with a letter; a percent sign is written %%");
    }
    at++;
    nextValue = value + 1;
    usedValues = Math.max(usedValues, value);
    return new Verb(flags, width, precision, value, mode, format.substring(start, at));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private int number(int start) throws FunctionException {
    long number = 0;
    while (at < format.length() && isDigit(format.charAt(at))) {
      number = 10 * number + format.charAt(at) - '0';
      if (number > Function.MOST_CHARACTERS) {
        throw wrong(start, "the number is too large");
      }
      at++;
    }
    return (int) number;
  }

  private FunctionException wrong(int start, String why) {
    return new FunctionException(
        0, "the verb at offset %d of the format is wrong: %s".formatted(start, why));
  }

  private void append(Verb verb) throws FunctionException {
    if (verb.value > values.size()) {
      throw new FunctionException(
          0,
          "there are not enough values for %s: it needs value %d, there are %d"
              .formatted(verb.raw, verb.value, values.size()));
    }
    Value value = values.get(verb.value - 1);
    if (verb.mode != 'v' && value instanceof Value.Null) {
      throw new FunctionException(verb.value, "null cannot be formatted by " + verb.raw);
    }
    switch (verb.mode) {
      case 'v' -> result.append(padded(verb, asIs(verb, value)));
      case 't' -> result.append(((Value.Bool) converted(verb, value, Types.BOOL)).value());
      case 's' -> result.append(padded(verb, cut(verb, text(verb, value))));
      case 'q' -> result.append(padded(verb, Json.encode(Value.of(cut(verb, text(verb, value))))));
      case 'b', 'd', 'o', 'x', 'X' -> result.append(integer(verb, number(verb, value)));
      case 'e', 'E', 'f', 'g', 'G' -> result.append(decimal(verb, number(verb, value)));
      default ->
          throw new FunctionException(
              0,
              "there is no verb %s; there are %%v, %%s, %%q, %%d, %%f, %%e, %%g, %%b, %%o, %%x and %%t"
                  .formatted(verb.raw));
    }
  }

  private static Value converted(Verb verb, Value value, Type type) throws FunctionException {
    try {
      return type.convert(value);
    } catch (ConversionException e) {
      throw new FunctionException(
          verb.value, "it cannot be formatted by %s: %s".formatted(verb.raw, e.getMessage()));
    }
  }

  private static String text(Verb verb, Value value) throws FunctionException {
    return ((Value.Text) converted(verb, value, Types.STRING)).value();
  }

  private static BigDecimal number(Verb verb, Value value) throws FunctionException {
    return ((Value.Num) converted(verb, value, Types.NUMBER)).value();
  }

  private static String asIs(Verb verb, Value value) throws FunctionException {
    if (!verb.has('#')) {
      if (value instanceof Value.Text(String text)) {
        return text;
      }
      if (value instanceof Value.Num(BigDecimal number)) {
        return general(number, -1, LEAST_EXPONENT, 'e', "");
      }
    }
    return Json.encode(value);
  }

  private static String cut(Verb verb, String text) {
    return verb.precision > 0 ? text.substring(0, Texts.offset(text, verb.precision)) : text;
  }

  private static String padded(Verb verb, String text) throws FunctionException {
    if (verb.width < 0) {
      return text;
    }
    Arguments.requireCharacters(verb.width);
    int missing = verb.width - Texts.length(text);
    if (missing <= 0) {
      return text;
    }
    String padding = (verb.has('0') ? "0" : " ").repeat(missing);
    return verb.has('-') ? text + padding : padding + text;
  }

  // ---- numbers, as Go's fmt writes them

  private static String integer(Verb verb, BigDecimal number) throws FunctionException {
    if (number.scale() > 0) {
      throw new FunctionException(
          verb.value,
          "%s needs a whole number, not %s".formatted(verb.raw, number.toPlainString()));
    }
    BigInteger whole = number.toBigIntegerExact();
    int base =
        switch (verb.mode) {
          case 'b' -> 2;
          case 'o' -> 8;
          case 'd' -> 10;
          default -> 16;
        };
    String digits = whole.abs().toString(base);
    if (verb.mode == 'X') {
      digits = digits.toUpperCase(java.util.Locale.ROOT);
    }
    if (verb.precision == 0 && whole.signum() == 0) {
      return " ".repeat(Math.max(0, verb.width));
    }
    if (verb.precision > digits.length()) {
      Arguments.requireCharacters(verb.precision);
      digits = "0".repeat(verb.precision - digits.length()) + digits;
    }
    String prefix =
        !verb.has('#')
            ? ""
            : switch (verb.mode) {
              case 'b' -> "0b";
              case 'o' -> "0";
              case 'x' -> "0x";
              case 'X' -> "0X";
              default -> "";
            };
    // A precision or "-" switches the zeros off.
    return signed(verb, whole.signum() < 0, prefix, digits, verb.precision < 0 && !verb.has('-'));
  }

  private static String decimal(Verb verb, BigDecimal number) throws FunctionException {
    if (verb.precision > LONGEST_FRACTION) {
      throw new FunctionException(0, verb.raw + " asks for too many digits");
    }
    char exponent = Character.isUpperCase(verb.mode) ? 'E' : 'e';
    BigDecimal size = number.abs();
    String digits =
        switch (verb.mode) {
          case 'f' -> fixed(size, verb.precision < 0 ? 6 : verb.precision);
          case 'e', 'E' -> scientific(size, verb.precision < 0 ? 6 : verb.precision, exponent);
          default ->
              verb.precision < 0
                  ? general(size, -1, LEAST_EXPONENT, exponent, "")
                  : general(size, Math.max(1, verb.precision), verb.precision, exponent, "");
        };
    return signed(verb, number.signum() < 0, "", digits, !verb.has('-'));
  }

  private static String signed(
      Verb verb, boolean isNegative, String prefix, String digits, boolean zerosFill)
      throws FunctionException {
    String sign = isNegative ? "-" : verb.has('+') ? "+" : verb.has(' ') ? " " : "";
    int missing = Math.max(0, verb.width) - sign.length() - prefix.length() - digits.length();
    if (missing <= 0) {
      return sign + prefix + digits;
    }
    Arguments.requireCharacters(verb.width);
    if (verb.has('0') && zerosFill) {
      return sign + prefix + "0".repeat(missing) + digits;
    }
    String padding = " ".repeat(missing);
    return verb.has('-') ? sign + prefix + digits + padding : padding + sign + prefix + digits;
  }

  private static String fixed(BigDecimal number, int precision) {
    return number.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String scientific(BigDecimal number, int precision, char letter) {
    if (number.signum() == 0) {
      return fixed(BigDecimal.ZERO, precision) + letter + "+00";
    }
    BigDecimal rounded = number.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    return fixed(rounded.scaleByPowerOfTen(-exponent), precision) + letter + exponent(exponent);
  }

  private static String exponent(int exponent) {
    return (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }

  /**
   * The shortest of both notations.
   *
   * @param precision significant digits; -1 for as many as are needed
   * @param threshold the power of ten from which on an exponent is written
   */
  private static String general(
      BigDecimal number, int precision, int threshold, char letter, String sign) {
    if (number.signum() < 0) {
      return general(number.negate(), precision, threshold, letter, "-");
    }
    if (number.signum() == 0) {
      return "0";
    }
    BigDecimal rounded =
        (precision < 0 ? number : number.round(new MathContext(precision, RoundingMode.HALF_EVEN)))
            .stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    int limit = threshold;
    if (precision >= 0) {
      int digits = rounded.precision();
      limit = precision > digits && digits >= exponent + 1 ? digits : precision;
    }
    if (exponent < -4 || exponent >= limit) {
      return sign + scientific(rounded, rounded.precision() - 1, letter);
    }
    return sign + rounded.toPlainString();
  }
}
