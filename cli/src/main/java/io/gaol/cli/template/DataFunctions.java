package io.gaol.cli.template;

import static io.gaol.cli.template.Function.Parameter.ANY;
import static io.gaol.cli.template.Function.Parameter.LIST;
import static io.gaol.cli.template.Function.Parameter.MAP;
import static io.gaol.cli.template.Function.Parameter.STRING;

import io.gaol.cli.template.Function.Arguments;
import io.gaol.cli.template.GoTypes.Channel;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.IntType;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** consul-template's functions of numbers, lists, maps and data formats. */
final class DataFunctions {
  static final List<Function> ALL =
      List.of(
          Function.of("parseBool", (a, _) -> parseBool(a.text()), STRING),
          Function.of("parseFloat", (a, _) -> parseFloat(a.text()), STRING),
          Function.of("parseInt", (a, _) -> Int.int64(parseInt(a.text())), STRING),
          Function.of("parseUint", (a, _) -> parseUint(a.text()), STRING),
          Function.of("parseJSON", (a, _) -> parse(a.text(), Json::parse), STRING),
          Function.of("parseYAML", (a, _) -> parse(a.text(), Yaml::parse), STRING),
          Function.of("toJSON", (a, _) -> Json.write(a.get(0), false, true), ANY),
          Function.of("toJSONPretty", (a, _) -> Json.write(a.get(0), true, true), ANY),
          Function.of("toUnescapedJSON", (a, _) -> Json.write(a.get(0), false, false), ANY),
          Function.of("toUnescapedJSONPretty", (a, _) -> Json.write(a.get(0), true, false), ANY),
          Function.of("toYAML", (a, _) -> TextFunctions.trimSpace(Yaml.write(a.get(0))), ANY),
          Function.of("toTOML", (a, _) -> TextFunctions.trimSpace(Toml.write(a.get(0))), ANY),
          Function.variadic("loop", (a, _) -> loop(a), ANY),
          Function.of("in", (a, _) -> isIn(a.get(0), a.get(1)), ANY, ANY),
          Function.of("contains", (a, _) -> isIn(a.get(1), a.get(0)), ANY, ANY),
          Function.of("containsAll", (a, _) -> all(a, found -> found), LIST, ANY),
          Function.of("containsAny", (a, _) -> !all(a, found -> !found), LIST, ANY),
          Function.of("containsNone", (a, _) -> all(a, found -> !found), LIST, ANY),
          Function.of("containsNotAll", (a, _) -> !all(a, found -> found), LIST, ANY),
          Function.of("explodeMap", (a, _) -> explode((Mapping) a.get(0)), MAP),
          Function.of(
              "mergeMap",
              (a, _) -> merge((Mapping) a.get(0), (Mapping) a.get(1), false, 0),
              MAP,
              MAP),
          Function.of(
              "mergeMapWithOverride",
              (a, _) -> merge((Mapping) a.get(0), (Mapping) a.get(1), true, 0),
              MAP,
              MAP));

  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?((\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)([eE][+-]?\\d+)?"
              + "|0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?\\d+)");
  private static final Pattern LOOSE_UNDERSCORE =
      Pattern.compile("(?<![0-9a-fA-F])_|_(?![0-9a-fA-F])");
  private static final int DEEPEST = 200;

  private DataFunctions() {}

  private interface Parse {
    Object of(String bytes) throws FunctionException;
  }

  private static Object parse(String bytes, Parse parse) throws FunctionException {
    return bytes.isEmpty() ? Mapping.any(new HashMap<>()) : parse.of(bytes);
  }

  private static boolean parseBool(String text) throws FunctionException {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "", "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw new FunctionException("This is not true or false: " + shown(text));
    };
  }

  private static double parseFloat(String text) throws FunctionException {
    if (text.isEmpty()) {
      return 0;
    }
    return goFloat(text).orElseThrow(() -> new FunctionException("Not a number: " + shown(text)));
  }

  /** A floating point number in Go's notation. */
  static Optional<Double> goFloat(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String bare = lower.startsWith("+") || lower.startsWith("-") ? lower.substring(1) : lower;
    if (bare.equals("inf") || bare.equals("infinity")) {
      return Optional.of(
          lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    if (lower.equals("nan")) {
      return Optional.of(Double.NaN);
    }
    if (text.length() > MOST_DIGITS
        || !FLOAT.matcher(text).matches()
        || LOOSE_UNDERSCORE.matcher(text).find()) {
      return Optional.empty();
    }
    double value = Double.parseDouble(text.replace("_", ""));
    return Double.isInfinite(value) ? Optional.empty() : Optional.of(value);
  }

  private static final int MOST_DIGITS = 10_000;
  private static final BigInteger MOST_UNSIGNED =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  static long parseInt(String text) throws FunctionException {
    if (text.isEmpty()) {
      return 0;
    }
    if (!isDigits(text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text)) {
      throw new FunctionException("Not a whole number: " + shown(text));
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException tooLarge) {
      throw new FunctionException("Does not fit into 64 bits: " + shown(text));
    }
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Int parseUint(String text) throws FunctionException {
    if (text.isEmpty()) {
      return Int.uint64(0);
    }
    if (!isDigits(text)) {
      throw new FunctionException("Not a whole number without a sign: " + shown(text));
    }
    BigInteger value = text.length() > MOST_DIGITS ? MOST_UNSIGNED.not() : new BigInteger(text);
    if (value.signum() < 0 || value.compareTo(MOST_UNSIGNED) > 0) {
      throw new FunctionException("Does not fit into 64 bits: " + shown(text));
    }
    return Int.uint64(value.longValue());
  }

  private static String shown(String bytes) {
    String text = ByteText.text(bytes);
    return text.length() <= 64 ? "\"" + text + "\"" : "\"" + text.substring(0, 60) + "…\"";
  }

  private static Channel loop(Arguments arguments) throws FunctionException {
    return switch (arguments.count()) {
      case 1 -> new Channel(0, loopBound(arguments.get(0)));
      case 2 -> new Channel(loopBound(arguments.get(0)), loopBound(arguments.get(1)));
      default ->
          throw new FunctionException("\"loop\" takes 1 or 2 arguments, not " + arguments.count());
    };
  }

  private static long loopBound(Object value) throws FunctionException {
    return switch (value) {
      case Int number -> number.value();
      case String text -> parseInt(text);
      case null, default ->
          throw new FunctionException(
              "\"loop\" counts in whole numbers, not in " + GoTypes.name(value));
    };
  }

  private static boolean isIn(Object container, Object value) {
    return switch (container) {
      case Sequence list -> list.values().stream().anyMatch(element -> same(element, value));
      case String text -> value instanceof String part && text.contains(part);
      case null, default -> false;
    };
  }

  private static boolean same(Object element, Object value) {
    return switch (element) {
      case Int left -> value instanceof Int right && signedAndEqual(left, right);
      case Double left -> value instanceof Double right && left.doubleValue() == right;
      case String left -> left.equals(value);
      default -> false;
    };
  }

  private static boolean signedAndEqual(Int left, Int right) {
    return left.type() != IntType.UINT64
        && right.type() != IntType.UINT64
        && left.type().signed()
        && right.type().signed()
        && left.value() == right.value();
  }

  private static boolean all(Arguments arguments, Predicate<Boolean> expected) {
    return ((Sequence) arguments.get(0))
        .values().stream()
            .allMatch(value -> expected.test(isIn(arguments.get(1), GoTypes.concrete(value))));
  }

  /** Keys with slashes become maps in maps. */
  private static Mapping explode(Mapping flat) throws FunctionException {
    Mapping root = Mapping.any(new HashMap<>());
    for (Object key : flat.sortedKeys()) {
      String[] parts = ((String) key).split("/", -1);
      Rendering.requireElements(parts.length);
      Mapping map = root;
      for (int i = 0; i < parts.length - 1; i++) {
        Object inner = map.values().computeIfAbsent(parts[i], _ -> Mapping.any(new HashMap<>()));
        if (!(inner instanceof Mapping next)
            || next.key() != GoTypes.Element.STRING
            || next.element() != GoTypes.Element.ANY) {
          throw new FunctionException(
              shown((String) key)
                  + " cannot be put into "
                  + shown(parts[i])
                  + ", which is a value");
        }
        map = next;
      }
      String last = parts[parts.length - 1];
      if (!last.isEmpty()) {
        map.values().put(last, flat.get(key));
      }
    }
    return root;
  }

  /** Adds a map to another one, which is changed and returned, as consul-template does it. */
  private static Mapping merge(Mapping into, Mapping from, boolean override, int depth)
      throws FunctionException {
    if (depth > DEEPEST) {
      throw new FunctionException("The maps are nested more than " + DEEPEST + " levels deep");
    }
    for (Map.Entry<Object, Object> entry : List.copyOf(from.values().entrySet())) {
      Object value = entry.getValue();
      Object known = into.values().get(entry.getKey());
      boolean empty = known == null || !GoTypes.isTrue(known);
      if (value == GoTypes.NIL && !override) {
        continue;
      }
      if (value instanceof Mapping inner && known instanceof Mapping outer && !empty) {
        merge(outer, inner, override, depth + 1);
      } else if (override || empty) {
        into.values().put(entry.getKey(), value);
      }
    }
    return into;
  }
}
