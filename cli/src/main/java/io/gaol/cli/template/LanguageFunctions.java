package io.gaol.cli.template;

import static io.gaol.cli.template.Function.Parameter.ANY;
import static io.gaol.cli.template.Function.Parameter.STRING;

import io.gaol.cli.template.GoTypes.Channel;
import io.gaol.cli.template.GoTypes.Element;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.IntType;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.util.ArrayList;
import java.util.List;

/** The functions of Go's text/template itself. */
final class LanguageFunctions {
  static final List<Function> ALL =
      List.of(
          // The interpreter knows these two: they do not look at all of their arguments.
          Function.variadic("and", (a, _) -> a.get(0), ANY, ANY),
          Function.variadic("or", (a, _) -> a.get(0), ANY, ANY),
          Function.of("not", (a, _) -> !GoTypes.isTrue(a.get(0)), ANY),
          Function.variadic("eq", (a, _) -> equal(a.values()), ANY, ANY),
          Function.of("ne", (a, _) -> !equal(a.values()), ANY, ANY),
          Function.of("lt", (a, _) -> less(a.get(0), a.get(1)), ANY, ANY),
          Function.of("le", (a, _) -> lessOrEqual(a.get(0), a.get(1)), ANY, ANY),
          Function.of("gt", (a, _) -> !lessOrEqual(a.get(0), a.get(1)), ANY, ANY),
          Function.of("ge", (a, _) -> !less(a.get(0), a.get(1)), ANY, ANY),
          Function.of("len", (a, _) -> Int.of(length(a.get(0))), ANY),
          Function.variadic("index", (a, _) -> index(a.values()), ANY, ANY),
          Function.variadic("slice", (a, _) -> slice(a.values()), ANY, ANY),
          Function.variadic("print", (a, _) -> GoFormat.print(a.values()), ANY),
          Function.variadic("println", (a, _) -> GoFormat.println(a.values()), ANY),
          Function.variadic(
              "printf",
              (a, _) -> GoFormat.printf(a.text(), a.values().subList(1, a.count())),
              ANY,
              STRING),
          Function.variadic("html", (a, _) -> GoQuote.html(GoFormat.escapable(a.values())), ANY),
          Function.variadic(
              "js", (a, _) -> GoQuote.javaScript(GoFormat.escapable(a.values())), ANY),
          Function.variadic(
              "urlquery", (a, _) -> GoQuote.urlQuery(GoFormat.escapable(a.values())), ANY),
          Function.variadic("call", (a, _) -> call(a.get(0)), ANY, ANY));

  private LanguageFunctions() {}

  private enum Kind {
    NOTHING,
    BOOL,
    SIGNED,
    UNSIGNED,
    REAL,
    TEXT,
    OTHER
  }

  private static Kind kind(Object value) {
    return switch (value) {
      case null -> Kind.NOTHING;
      case Boolean _ -> Kind.BOOL;
      case Int number -> number.type().signed() ? Kind.SIGNED : Kind.UNSIGNED;
      case Double _ -> Kind.REAL;
      case String _ -> Kind.TEXT;
      default -> Kind.OTHER;
    };
  }

  /** Whether the first is equal to any other. */
  static boolean equal(List<Object> values) throws FunctionException {
    if (values.size() < 2) {
      throw new FunctionException("There is nothing to compare with");
    }
    Object first = values.getFirst();
    for (Object other : values.subList(1, values.size())) {
      if (equal(first, other)) {
        return true;
      }
    }
    return false;
  }

  private static boolean equal(Object left, Object right) throws FunctionException {
    if (left == null || right == null) {
      return left == null && right == null;
    }
    if (left instanceof Int l && right instanceof Int r) {
      return l.value() == r.value() && l.isNegative() == r.isNegative() && sameSign(l, r);
    }
    requireSameKind(left, right);
    return switch (left) {
      case Boolean bool -> bool.equals(right);
      case Double number -> number.doubleValue() == ((Double) right).doubleValue();
      case String text -> text.equals(right);
      case Channel _, Scratch _ -> left.equals(right);
      default -> throw new FunctionException("A " + GoTypes.name(left) + " cannot be compared");
    };
  }

  /** Whether two numbers with the same bits are the same number. */
  private static boolean sameSign(Int left, Int right) {
    return left.type().signed() == right.type().signed() || left.value() >= 0;
  }

  private static void requireSameKind(Object left, Object right) throws FunctionException {
    if (kind(left) != kind(right)) {
      throw new FunctionException(
          "A %s cannot be compared with a %s".formatted(GoTypes.name(left), GoTypes.name(right)));
    }
  }

  private static boolean less(Object left, Object right) throws FunctionException {
    if (left instanceof Int l && right instanceof Int r) {
      return l.big().compareTo(r.big()) < 0;
    }
    for (Object value : new Object[] {left, right}) {
      switch (kind(value)) {
        case NOTHING, OTHER, BOOL ->
            throw new FunctionException("A " + GoTypes.name(value) + " is not less or more");
        default -> {}
      }
    }
    requireSameKind(left, right);
    return left instanceof Double number
        ? number.doubleValue() < ((Double) right).doubleValue()
        : ((String) left).compareTo((String) right) < 0;
  }

  private static boolean lessOrEqual(Object left, Object right) throws FunctionException {
    return less(left, right) || equal(left, right);
  }

  private static long length(Object value) throws FunctionException {
    return switch (value) {
      case String text -> text.length();
      case Sequence list -> list.values().size();
      case Mapping map -> map.values().size();
      case Channel _ -> 0;
      case null -> throw new FunctionException("nil has no length");
      default -> throw new FunctionException("A " + GoTypes.name(value) + " has no length");
    };
  }

  private static Object index(List<Object> values) throws FunctionException {
    Object value = values.getFirst();
    if (value == null) {
      throw new FunctionException("nil cannot be indexed");
    }
    for (Object index : values.subList(1, values.size())) {
      value =
          switch (value) {
            case String text ->
                new Int(IntType.UINT8, text.charAt(position(index, text.length() - 1)));
            case Sequence list -> list.values().get(position(index, list.values().size() - 1));
            case Mapping map -> map.get(key(index, map));
            default ->
                throw new FunctionException(
                    value == GoTypes.NIL
                        ? "nil cannot be indexed"
                        : "A " + GoTypes.name(value) + " cannot be indexed");
          };
    }
    return value;
  }

  private static Object key(Object index, Mapping map) throws FunctionException {
    if (map.key() == Element.STRING && !(index instanceof String)) {
      throw new FunctionException(
          "The keys of the map are strings, and this is "
              + (index == null ? "nil" : "a " + GoTypes.name(index)));
    }
    return GoTypes.contained(index);
  }

  private static int position(Object index, int most) throws FunctionException {
    if (!(index instanceof Int number)) {
      throw new FunctionException(
          "The index is " + (index == null ? "nil" : "a " + GoTypes.name(index)) + ", not an int");
    }
    if (number.value() < 0 || number.value() > most) {
      throw new FunctionException("The index " + number + " is out of range");
    }
    return (int) number.value();
  }

  private static Object slice(List<Object> values) throws FunctionException {
    Object value = values.getFirst();
    List<Object> indexes = values.subList(1, values.size());
    if (indexes.size() > (value instanceof Sequence ? 3 : 2)) {
      throw new FunctionException("There are " + indexes.size() + " indexes, which is too many");
    }
    if (!(value instanceof String) && !(value instanceof Sequence)) {
      throw new FunctionException(
          value == null ? "nil has no parts" : "A " + GoTypes.name(value) + " has no parts");
    }
    int length = (int) length(value);
    List<Integer> bounds = new ArrayList<>(List.of(0, length, length));
    for (int i = 0; i < indexes.size(); i++) {
      bounds.set(i, position(indexes.get(i), length));
    }
    for (int i = 1; i < Math.max(2, indexes.size()); i++) {
      if (bounds.get(i - 1) > bounds.get(i)) {
        throw new FunctionException(
            "The part would begin at " + bounds.get(i - 1) + " and end at " + bounds.get(i));
      }
    }
    int from = bounds.get(0);
    int to = bounds.get(1);
    return value instanceof Sequence list
        ? new Sequence(list.element(), List.copyOf(list.values().subList(from, to)))
        : ((String) value).substring(from, to);
  }

  private static Object call(Object value) throws FunctionException {
    throw new FunctionException(
        value == null ? "nil cannot be called" : "A " + GoTypes.name(value) + " cannot be called");
  }
}
