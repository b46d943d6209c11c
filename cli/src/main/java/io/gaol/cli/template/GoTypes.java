package io.gaol.cli.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The values of templates. As in Go every value has a type, and types decide what compares with
 * what and what a function takes. A value is one of
 *
 * <ul>
 *   <li>{@code null}: no value, or Go's untyped nil
 *   <li>{@link #NIL}: the nil that stands in a list or map of anything
 *   <li>{@link Boolean}, {@link Double} (float64), {@link String} (bytes, {@link ByteText})
 *   <li>{@link Int}, {@link Sequence}, {@link Mapping}, {@link Channel}, {@link Scratch}
 * </ul>
 */
final class GoTypes {
  private GoTypes() {}

  /** The type of {@link #NIL}. */
  enum Nil {
    NIL
  }

  /** The nil in a container of anything. */
  static final Nil NIL = Nil.NIL;

  /** The types of whole numbers. */
  enum IntType {
    INT("int"),
    INT64("int64"),
    UINT8("uint8"),
    UINT64("uint64");

    private final String goName;

    IntType(String goName) {
      this.goName = goName;
    }

    boolean signed() {
      return this == INT || this == INT64;
    }
  }

  /**
   * A whole number.
   *
   * @param value its 64 bits
   */
  record Int(IntType type, long value) {
    static Int of(long value) {
      return new Int(IntType.INT, value);
    }

    static Int int64(long value) {
      return new Int(IntType.INT64, value);
    }

    static Int uint64(long value) {
      return new Int(IntType.UINT64, value);
    }

    boolean isNegative() {
      return type.signed() && value < 0;
    }

    BigInteger big() {
      BigInteger big = BigInteger.valueOf(value);
      return type.signed() || value >= 0 ? big : big.add(BigInteger.ONE.shiftLeft(Long.SIZE));
    }

    double real() {
      return type.signed() ? value : big().doubleValue();
    }

    @Override
    public String toString() {
      return type.signed() ? Long.toString(value) : Long.toUnsignedString(value);
    }
  }

  /** What a container holds. */
  enum Element {
    STRING("string"),
    ANY("interface {}");

    private final String goName;

    Element(String goName) {
      this.goName = goName;
    }

    /** What is there where nothing was put. */
    Object zero() {
      return this == STRING ? "" : NIL;
    }
  }

  /** A slice. */
  record Sequence(Element element, List<Object> values) {
    static Sequence strings(List<String> values) {
      return new Sequence(Element.STRING, new ArrayList<>(values));
    }

    static Sequence any(List<Object> values) {
      return new Sequence(Element.ANY, values);
    }
  }

  /**
   * A map.
   *
   * @param key {@link Element#STRING}, or {@link Element#ANY} as YAML has it
   */
  record Mapping(Element key, Element element, Map<Object, Object> values) {
    static Mapping any(Map<Object, Object> values) {
      return new Mapping(Element.STRING, Element.ANY, values);
    }

    /** The keys in the order in which Go's templates and prints have them. */
    List<Object> sortedKeys() {
      List<Object> keys = new ArrayList<>(values.keySet());
      keys.sort(KEY_ORDER);
      return keys;
    }

    /** The value of a key, or what stands for none. */
    Object get(Object name) {
      Object value = values.get(name);
      return value == null ? element.zero() : value;
    }
  }

  /** What {@code loop} yields: numbers that are there once. */
  static final class Channel {
    private final long end;
    private long next;

    Channel(long start, long end) {
      this.next = start;
      this.end = end;
    }

    boolean hasNext() {
      return next < end;
    }

    Int next() {
      return Int.int64(next++);
    }
  }

  private static final Comparator<Object> KEY_ORDER =
      Comparator.comparing((Object key) -> !(key instanceof String))
          .thenComparing(GoTypes::name)
          .thenComparing(GoTypes::compareKeys);

  private static int compareKeys(Object left, Object right) {
    return switch (left) {
      case String text -> text.compareTo((String) right);
      case Int number -> number.big().compareTo(((Int) right).big());
      case Double number -> number.compareTo((Double) right);
      case Boolean bool -> bool.compareTo((Boolean) right);
      default -> 0;
    };
  }

  /** The type's name in Go. */
  static String name(Object value) {
    return switch (value) {
      case null -> "<nil>";
      case Boolean _ -> "bool";
      case Int number -> number.type.goName;
      case Double _ -> "float64";
      case String _ -> "string";
      case Sequence list -> "[]" + list.element.goName;
      case Mapping map -> "map[" + map.key.goName + "]" + map.element.goName;
      case Channel _ -> "<-chan int64";
      case Scratch _ -> "*template.Scratch";
      default -> "interface {}";
    };
  }

  /** Whether a value counts as true: it is not nil, not empty and not zero. */
  static boolean isTrue(Object value) {
    return switch (value) {
      case null -> false;
      case Boolean bool -> bool;
      case Int number -> number.value != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case Sequence list -> !list.values.isEmpty();
      case Mapping map -> !map.values.isEmpty();
      case Channel _, Scratch _ -> true;
      default -> false;
    };
  }

  /** The value, with {@code null} for every nil. */
  static Object concrete(Object value) {
    return value == NIL ? null : value;
  }

  /** The value as it is kept in a container of anything. */
  static Object contained(Object value) {
    return value == null ? NIL : value;
  }
}
