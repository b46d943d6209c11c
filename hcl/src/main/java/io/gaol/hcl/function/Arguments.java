package io.gaol.hcl.function;

import io.gaol.hcl.ConversionException;
import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Value;
import java.math.BigDecimal;
import java.util.List;

/** The arguments of a call, converted to the types of the parameters. */
record Arguments(List<Value> values) {

  int size() {
    return values.size();
  }

  Value value(int index) {
    return values.get(index);
  }

  String text(int index) {
    return ((Value.Text) values.get(index)).value();
  }

  BigDecimal number(int index) {
    return ((Value.Num) values.get(index)).value();
  }

  /** A whole number that fits into a long. */
  long whole(int index) throws FunctionException {
    try {
      return number(index).longValueExact();
    } catch (ArithmeticException _) {
      throw new FunctionException(
          index,
          "a whole number between %d and %d is needed, not %s"
              .formatted(Long.MIN_VALUE, Long.MAX_VALUE, Texts.shortened(value(index).toString())));
    }
  }

  /** A whole number; what no int holds counts as the nearest that one does. */
  int count(int index) throws FunctionException {
    return Math.clamp(whole(index), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** The nearest floating-point number. */
  double floating(int index) throws FunctionException {
    double number = number(index).doubleValue();
    if (Double.isInfinite(number)) {
      throw new FunctionException(index, "the number is too large");
    }
    return number;
  }

  List<Value> elements(int index) {
    return ((Value.Sequence) values.get(index)).elements();
  }

  List<Value> from(int index) {
    return values.subList(index, values.size());
  }

  static Value convert(int index, Value value, Type type) throws FunctionException {
    try {
      return type.convert(value);
    } catch (ConversionException e) {
      throw new FunctionException(index, e.getMessage());
    }
  }

  /** A text of a length that was bounded while it was made, or is bounded by what it is made of. */
  static Value text(CharSequence text) throws FunctionException {
    requireCharacters(text.length());
    return Value.of(text.toString());
  }

  static void requireCharacters(long length) throws FunctionException {
    if (length > Function.MOST_CHARACTERS) {
      throw new FunctionException(
          "the result is too long: a string has at most %d characters"
              .formatted(Function.MOST_CHARACTERS));
    }
  }

  static void requireElements(long count) throws FunctionException {
    if (count > Function.MOST_ELEMENTS) {
      throw new FunctionException(
          "the result is too long: a collection has at most %d elements"
              .formatted(Function.MOST_ELEMENTS));
    }
  }
}
