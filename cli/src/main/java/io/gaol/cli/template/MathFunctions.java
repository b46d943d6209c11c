package io.gaol.cli.template;

import static io.gaol.cli.template.Function.Parameter.ANY;

import io.gaol.cli.template.GoTypes.Int;
import java.util.List;

/**
 * consul-template's arithmetic. The second argument is the one that is piped in: {@code 7 |
 * subtract 2} is 5. Whole numbers become int64, or stay unsigned if both are; they overflow as in
 * Go.
 */
final class MathFunctions {
  static final List<Function> ALL =
      List.of(
          of("add", (a, b) -> a + b, Double::sum),
          of("subtract", (a, b) -> a - b, (a, b) -> a - b),
          of("multiply", (a, b) -> a * b, (a, b) -> a * b),
          Function.of("divide", (a, _) -> divide(a.get(1), a.get(0)), ANY, ANY),
          Function.of("modulo", (a, _) -> modulo(a.get(1), a.get(0)), ANY, ANY),
          Function.of("minimum", (a, _) -> least(a.get(1), a.get(0), 1), ANY, ANY),
          Function.of("maximum", (a, _) -> least(a.get(1), a.get(0), -1), ANY, ANY));

  private MathFunctions() {}

  private interface Whole {
    long of(long left, long right);
  }

  private interface Real {
    double of(double left, double right);
  }

  private static Function of(String name, Whole whole, Real real) {
    return Function.of(name, (a, _) -> apply(a.get(1), a.get(0), whole, real), ANY, ANY);
  }

  private static Object apply(Object left, Object right, Whole whole, Real real)
      throws FunctionException {
    if (left instanceof Int l && right instanceof Int r) {
      long value = whole.of(l.value(), r.value());
      return l.type().signed() || r.type().signed() ? Int.int64(value) : Int.uint64(value);
    }
    return real.of(real(left), real(right));
  }

  private static double real(Object value) throws FunctionException {
    return switch (value) {
      case Int number -> number.real();
      case Double number -> number;
      case null, default ->
          throw new FunctionException("A " + GoTypes.name(value) + " is not a number");
    };
  }

  private static Object divide(Object left, Object right) throws FunctionException {
    if (left instanceof Int l && right instanceof Int r) {
      requireNotZero(r);
      boolean signed = l.type().signed() || r.type().signed();
      return signed
          ? Int.int64(l.value() / r.value())
          : Int.uint64(Long.divideUnsigned(l.value(), r.value()));
    }
    return real(left) / real(right);
  }

  private static Object modulo(Object left, Object right) throws FunctionException {
    if (!(left instanceof Int l) || !(right instanceof Int r)) {
      throw new FunctionException(
          "modulo is for whole numbers, not for a "
              + GoTypes.name(left instanceof Int ? right : left));
    }
    requireNotZero(r);
    boolean signed = l.type().signed() || r.type().signed();
    return signed
        ? Int.int64(l.value() % r.value())
        : Int.uint64(Long.remainderUnsigned(l.value(), r.value()));
  }

  private static void requireNotZero(Int number) throws FunctionException {
    if (number.value() == 0) {
      throw new FunctionException("Division by zero");
    }
  }

  /** The less of two, or with −1 the greater one; the right one if they are equal. */
  private static Object least(Object left, Object right, int sign) throws FunctionException {
    if (left instanceof Int l && right instanceof Int r) {
      boolean unsigned = !l.type().signed() && !r.type().signed();
      int order =
          unsigned
              ? Long.compareUnsigned(l.value(), r.value())
              : Long.compare(l.value(), r.value());
      return widened(order * sign < 0 ? l : r);
    }
    double a = real(left);
    double b = real(right);
    return widened((sign > 0 ? a < b : a > b) ? left : right);
  }

  private static Object widened(Object value) {
    return value instanceof Int number
        ? number.type().signed() ? Int.int64(number.value()) : Int.uint64(number.value())
        : value;
  }
}
