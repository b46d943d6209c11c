package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What an expression evaluates to. Two values are equal when type and content are. */
public sealed interface Value {

  /** The absence of a value. */
  record Null() implements Value {}

  /** A truth value. */
  record Bool(boolean value) implements Value {}

  /** A number, exact; {@code 1.0} and {@code 1} are the same number. */
  record Num(BigDecimal value) implements Value {
    public Num {
      value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    /** As HCL writes it in a string: plain decimal digits, no exponent, no trailing zeros. */
    @Override
    public String toString() {
      return value.toPlainString();
    }
  }

  /** A string, in Unicode normalization form C as the language wants it. */
  record Text(String value) implements Value {
    public Text {
      value = normalize(value);
    }
  }

  /** A sequence; its elements may have different types. */
  record Tuple(List<Value> elements) implements Value {
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /** Named values, in the order in which they were written. */
  record Obj(Map<String, Value> attributes) implements Value {
    public Obj {
      SequencedMap<String, Value> copy = new LinkedHashMap<>();
      attributes.forEach(
          (name, value) -> copy.put(normalize(name), requireNonNull(value, "attribute")));
      attributes = Collections.unmodifiableMap(copy);
    }
  }

  /** The null value. */
  static Value ofNull() {
    return new Null();
  }

  /** A truth value. */
  static Value of(boolean value) {
    return new Bool(value);
  }

  /** A whole number. */
  static Value of(long value) {
    return new Num(BigDecimal.valueOf(value));
  }

  /** A number. */
  static Value of(BigDecimal value) {
    return new Num(value);
  }

  /** A string. */
  static Value of(String value) {
    return new Text(value);
  }

  /** A sequence. */
  static Value of(List<? extends Value> elements) {
    return new Tuple(List.copyOf(elements));
  }

  /** Named values. */
  static Value of(Map<String, ? extends Value> attributes) {
    return new Obj(Collections.unmodifiableMap(attributes));
  }

  /** What a user calls its type: "string", "number", "object" … */
  default String typeName() {
    return switch (this) {
      case Null _ -> "null";
      case Bool _ -> "bool";
      case Num _ -> "number";
      case Text _ -> "string";
      case Tuple _ -> "tuple";
      case Obj _ -> "object";
    };
  }

  private static String normalize(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
