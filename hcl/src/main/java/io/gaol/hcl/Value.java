package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/**
 * What an expression evaluates to, by HCL's information model. Two values are equal for Java when
 * type and content are; what the language's {@code ==} says is {@link #isEqualTo}.
 *
 * <p>Tuples and objects are what the language writes; lists, sets and maps, whose elements have one
 * type, come from conversions and functions. Who only wants the elements takes any {@link Sequence}
 * or {@link Mapping}.
 */
public sealed interface Value {

  /** Values one after the other: a tuple, a list, or a set in its order. */
  sealed interface Sequence extends Value {
    /** The values, in order. */
    List<Value> elements();
  }

  /** Values with names: an object or a map. */
  sealed interface Mapping extends Value {
    /** The values by their names. */
    Map<String, Value> entries();

    /** The values by their names, in the order of the names' code points. */
    default List<Map.Entry<String, Value>> sortedEntries() {
      return Ordering.sorted(entries());
    }
  }

  /**
   * The absence of a value.
   *
   * @param type of what is absent; the null that the language writes is of any type
   */
  record Null(Type type) implements Value {
    /** Checks that nothing is missing. */
    public Null {
      requireNonNull(type, "type");
    }

    /** Of any type. */
    public Null() {
      this(Types.ANY);
    }
  }

  /**
   * A value that is not known yet, such as one that only the machine that runs a job knows.
   * Whatever is calculated from it is not known either.
   *
   * @param type what is known of its type; {@link Types#ANY} is nothing
   */
  record Unknown(Type type) implements Value {
    /** Checks that nothing is missing. */
    public Unknown {
      requireNonNull(type, "type");
    }
  }

  /** A truth value. */
  record Bool(boolean value) implements Value {}

  /** A number, exact; {@code 1.0} and {@code 1} are the same number. */
  record Num(BigDecimal value) implements Value {
    /** Drops zeros at the end of the fraction. */
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
    /** Brings the text into normalization form C. */
    public Text {
      value = normalize(value);
    }
  }

  /** A sequence; its elements may have different types. */
  record Tuple(List<Value> elements) implements Sequence {
    /** Copies, so that nothing changes afterwards. */
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /** A sequence whose elements have one type. */
  record ListOf(Type elementType, List<Value> elements) implements Sequence {
    /** Copies, so that nothing changes afterwards. */
    public ListOf {
      requireNonNull(elementType, "elementType");
      elements = List.copyOf(elements);
    }
  }

  /**
   * Different values of one type. Their order is that of the language: numbers by size, strings by
   * code points, false before true, null last; composed values by their content.
   */
  record SetOf(Type elementType, List<Value> elements) implements Sequence {
    /** Puts the elements in order, each once. */
    public SetOf {
      requireNonNull(elementType, "elementType");
      TreeSet<Value> sorted = new TreeSet<>(Ordering.OF_SETS);
      sorted.addAll(elements);
      elements = List.copyOf(sorted);
    }
  }

  /** Named values, in the order in which they were written. */
  record Obj(Map<String, Value> attributes) implements Mapping {
    /** Copies, so that nothing changes afterwards. */
    public Obj {
      attributes = copyOf(attributes);
    }

    @Override
    public Map<String, Value> entries() {
      return attributes;
    }
  }

  /** Named values of one type, in the order in which they were written. */
  record MapOf(Type elementType, Map<String, Value> entries) implements Mapping {
    /** Copies, so that nothing changes afterwards. */
    public MapOf {
      requireNonNull(elementType, "elementType");
      entries = copyOf(entries);
    }
  }

  /** The null value. */
  static Value ofNull() {
    return new Null();
  }

  /** The null value of a type. */
  static Value ofNull(Type type) {
    return new Null(type);
  }

  /** A value that is not known yet. */
  static Value unknown(Type type) {
    return new Unknown(type);
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

  /** Its type. */
  default Type type() {
    return Type.of(this);
  }

  /** What a user calls its kind: "string", "number", "object", "null" … */
  default String typeName() {
    return this instanceof Null ? "null" : type().kind();
  }

  /** Whether nothing in it is unknown. */
  default boolean isWhollyKnown() {
    return switch (this) {
      case Unknown _ -> false;
      case Null _, Bool _, Num _, Text _ -> true;
      case Sequence sequence -> sequence.elements().stream().allMatch(Value::isWhollyKnown);
      case Mapping mapping -> mapping.entries().values().stream().allMatch(Value::isWhollyKnown);
    };
  }

  /** What the language's {@code ==} says: a truth value, or an unknown one. */
  default Value isEqualTo(Value other) {
    return Equality.of(this, other);
  }

  private static Map<String, Value> copyOf(Map<String, Value> values) {
    SequencedMap<String, Value> copy = new LinkedHashMap<>();
    values.forEach((name, value) -> copy.put(normalize(name), requireNonNull(value, "value")));
    return Collections.unmodifiableMap(copy);
  }

  private static String normalize(String text) {
    if (isAscii(text)) {
      return text; // Most are, and the tables of Unicode take their time to be loaded.
    }
    return Normalizer.isNormalized(text, Normalizer.Form.NFC)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }
}
