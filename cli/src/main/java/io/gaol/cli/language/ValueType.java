package io.gaol.cli.language;

import io.gaol.hcl.Value;
import io.gaol.nomad.config.GoDuration;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an attribute of the job specification takes. */
enum ValueType {
  /** A text; numbers and truth values are written as texts. */
  TEXT("a text"),
  /** A whole number, also written as a text. */
  WHOLE("a whole number"),
  /** A truth value, also written as a text. */
  FLAG("true or false"),
  /** A time with its unit; a plain number is nanoseconds. */
  TIME("a time with its unit, such as \"30s\" or \"1m30s\""),
  /** A list of texts. */
  TEXTS("a list of texts"),
  /** A list of whole numbers. */
  WHOLES("a list of whole numbers");

  private final String noun;

  ValueType(String noun) {
    this.noun = noun;
  }

  /** What it is called in an error. */
  String noun() {
    return noun;
  }

  /** The value as one of this type, or nothing if it is none. Nulls and unknowns are none. */
  Optional<Value> convert(Value value) {
    return switch (this) {
      case TEXT -> Values.text(value).map(Value::of);
      case WHOLE -> whole(value);
      case FLAG -> flag(value);
      case TIME -> time(value);
      case TEXTS -> all(value, TEXT);
      case WHOLES -> all(value, WHOLE);
    };
  }

  private static Optional<Value> whole(Value value) {
    try {
      BigDecimal number =
          switch (value) {
            case Value.Num(BigDecimal n) -> n;
            case Value.Text(String text) -> new BigDecimal(text.strip());
            default -> null;
          };
      return number == null ? Optional.empty() : Optional.of(Value.of(number.longValueExact()));
    } catch (ArithmeticException | NumberFormatException notWhole) {
      return Optional.empty();
    }
  }

  private static Optional<Value> flag(Value value) {
    return switch (value) {
      case Value.Bool bool -> Optional.of(bool);
      case Value.Text(String text) when text.equals("true") || text.equals("1") ->
          Optional.of(Value.of(true));
      case Value.Text(String text) when text.equals("false") || text.equals("0") ->
          Optional.of(Value.of(false));
      default -> Optional.empty();
    };
  }

  private static Optional<Value> time(Value value) {
    return switch (value) {
      case Value.Num number -> whole(number);
      case Value.Text(String text) when GoDuration.parse(text).isPresent() -> Optional.of(value);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> all(Value value, ValueType type) {
    if (!(value instanceof Value.Sequence sequence)) {
      return Optional.empty();
    }
    List<Value> converted = new ArrayList<>();
    for (Value element : sequence.elements()) {
      Optional<Value> one = type.convert(element);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      converted.add(one.get());
    }
    return Optional.of(Value.of(converted));
  }
}
