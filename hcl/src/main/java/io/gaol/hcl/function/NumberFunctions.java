package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.any;
import static io.gaol.hcl.function.Parameter.number;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Functions of numbers. */
final class NumberFunctions {
  /** The reference implementation's own limit. */
  private static final int LONGEST_RANGE = 1024;

  private static final int GREATEST_BASE = 62;
  private static final int LONGEST_NUMBER = 10_000;

  private NumberFunctions() {}

  static void define(Map<String, Function> table) {
    Define.function(
        table,
        "abs",
        "The number without its sign.",
        Types.NUMBER,
        List.of(number("num")),
        arguments -> Value.of(arguments.number(0).abs()));
    Define.function(
        table,
        "ceil",
        "The nearest whole number that is not less.",
        Types.NUMBER,
        List.of(number("num")),
        arguments -> Value.of(arguments.number(0).setScale(0, RoundingMode.CEILING)));
    Define.function(
        table,
        "floor",
        "The nearest whole number that is not greater.",
        Types.NUMBER,
        List.of(number("num")),
        arguments -> Value.of(arguments.number(0).setScale(0, RoundingMode.FLOOR)));
    Define.function(
        table,
        "log",
        "The logarithm of the number to a base, as a floating-point number of 64 bits.",
        Types.NUMBER,
        List.of(number("num"), number("base")),
        arguments -> floating(Math.log(arguments.floating(0)) / Math.log(arguments.floating(1))));
    Define.function(
        table,
        "pow",
        "The number to a power, as a floating-point number of 64 bits.",
        Types.NUMBER,
        List.of(number("num"), number("power")),
        arguments -> floating(Math.pow(arguments.floating(0), arguments.floating(1))));
    Define.function(
        table,
        "signum",
        "-1, 0 or 1: the sign of a whole number.",
        Types.NUMBER,
        List.of(number("num")),
        arguments -> Value.of(Long.signum(arguments.whole(0))));
    Define.variadic(
        table,
        "max",
        "The greatest of the numbers.",
        Types.NUMBER,
        List.of(),
        number("numbers"),
        arguments -> best(arguments, BigDecimal::max));
    Define.variadic(
        table,
        "min",
        "The least of the numbers.",
        Types.NUMBER,
        List.of(),
        number("numbers"),
        arguments -> best(arguments, BigDecimal::min));
    Define.function(
        table,
        "parseint",
        "The whole number that a text is, written to a base from 2 to 62.",
        Types.NUMBER,
        List.of(any("number"), number("base")),
        NumberFunctions::parseInt);
    Define.variadic(
        table,
        "range",
        "Numbers from a start (0) up or down to a limit that is not among them, by a step (1).",
        new Type.ListOf(Types.NUMBER),
        List.of(),
        number("params"),
        NumberFunctions::range);
  }

  private static Value floating(double number) throws FunctionException {
    if (!Double.isFinite(number)) {
      throw new FunctionException(
          Double.isNaN(number) ? "there is no such number" : "the result is infinite");
    }
    boolean isWhole = number == Math.rint(number);
    return Value.of(isWhole ? new BigDecimal(number) : new BigDecimal(Double.toString(number)));
  }

  private static Value best(Arguments arguments, BinaryOperator<BigDecimal> better)
      throws FunctionException {
    if (arguments.size() == 0) {
      throw new FunctionException("at least one number is needed");
    }
    BigDecimal best = arguments.number(0);
    for (int i = 1; i < arguments.size(); i++) {
      best = better.apply(best, arguments.number(i));
    }
    return Value.of(best);
  }

  private static Value parseInt(Arguments arguments) throws FunctionException {
    if (!(arguments.value(0) instanceof Value.Text(String text))) {
      throw new FunctionException(0, "a string is needed, not a " + arguments.value(0).typeName());
    }
    long base = arguments.whole(1);
    if (base < 2 || base > GREATEST_BASE) {
      throw new FunctionException(1, "the base is a whole number from 2 to 62, not " + base);
    }
    boolean isNegative = text.startsWith("-");
    String digits = isNegative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.isEmpty()
        || digits.length() > LONGEST_NUMBER
        || !digits.chars().allMatch(c -> digit(c, base) < base)) {
      throw new FunctionException(
          0, "\"%s\" is no whole number to the base %d".formatted(Texts.shortened(text), base));
    }
    BigInteger number =
        base <= Character.MAX_RADIX
            ? new BigInteger(digits, (int) base)
            : digits
                .chars()
                .mapToObj(c -> BigInteger.valueOf(digit(c, base)))
                .reduce(BigInteger.ZERO, (sum, d) -> sum.multiply(BigInteger.valueOf(base)).add(d));
    return Value.of(new BigDecimal(isNegative ? number.negate() : number));
  }

  /** Above 36, lower-case letters come before upper-case ones; below, they are the same. */
  private static int digit(int c, long base) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'Z') {
      return c - 'A' + (base <= Character.MAX_RADIX ? 10 : 36);
    }
    return Integer.MAX_VALUE;
  }

  private static Value range(Arguments arguments) throws FunctionException {
    if (arguments.size() < 1 || arguments.size() > 3) {
      throw new FunctionException("one, two or three numbers are needed: start, limit, step");
    }
    BigDecimal start = arguments.size() == 1 ? BigDecimal.ZERO : arguments.number(0);
    BigDecimal limit = arguments.number(Math.min(arguments.size() - 1, 1));
    boolean isDown = limit.compareTo(start) < 0;
    BigDecimal step =
        arguments.size() == 3
            ? arguments.number(2)
            : isDown ? BigDecimal.ONE.negate() : BigDecimal.ONE;
    if (step.signum() == 0) {
      throw new FunctionException(2, "the step must not be 0");
    }
    if (limit.compareTo(start) * step.signum() < 0) {
      throw new FunctionException(
          1,
          step.signum() < 0
              ? "the limit must be less than the start when the step is negative"
              : "the limit must be greater than the start when the step is positive");
    }
    List<Value> numbers = new ArrayList<>();
    for (BigDecimal number = start;
        number.compareTo(limit) * step.signum() < 0;
        number = number.add(step)) {
      if (numbers.size() == LONGEST_RANGE) {
        throw new FunctionException(
            "there would be more than %d numbers; take a greater step or limits that are nearer"
                .formatted(LONGEST_RANGE));
      }
      numbers.add(Value.of(number));
    }
    return new Value.ListOf(Types.NUMBER, numbers);
  }
}
