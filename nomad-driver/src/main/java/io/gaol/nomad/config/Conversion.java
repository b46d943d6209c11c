package io.gaol.nomad.config;

import io.gaol.nomad.config.ConfigType.Any;
import io.gaol.nomad.config.ConfigType.ListOf;
import io.gaol.nomad.config.ConfigType.MapOf;
import io.gaol.nomad.config.ConfigType.ObjectOf;
import io.gaol.nomad.config.ConfigType.Primitive;
import io.gaol.nomad.config.ConfigType.SetOf;
import io.gaol.nomad.config.ConfigType.TupleOf;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Values converted to a type, as an agent converts them. What is given has no lists and maps, only
 * tuples and objects: JSON knows no more.
 *
 * <p>An agent first looks whether the types fit at all, and says where they do not; only then it
 * converts the values, and says what is wrong but not where.
 */
final class Conversion {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE](?<exponent>[+-]?[0-9]+))?");

  /** The largest exponent that is read: more digits than that are not meant. */
  private static final int LARGEST_EXPONENT = 1_000;

  private static final int LONGEST_NUMBER = 1_000;

  private Conversion() {}

  /** A value that does not fit, with the reason. */
  static final class MismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    MismatchException(String reason) {
      super(reason);
    }
  }

  /**
   * A value as one of a type.
   *
   * @param value null, a string, a number, a boolean, a list or a map
   */
  static Object convert(Object value, ConfigType type) throws MismatchException {
    Optional<String> mismatch = mismatch(typeOf(value), type);
    if (mismatch.isPresent()) {
      throw new MismatchException(mismatch.get());
    }
    return converted(value, type);
  }

  // ---- types

  /** The type of a value as it is given; null is of any. */
  private static ConfigType typeOf(Object value) {
    return switch (value) {
      case null -> ConfigType.any();
      case String _ -> Primitive.STRING;
      case Number _ -> Primitive.NUMBER;
      case Boolean _ -> Primitive.BOOL;
      case List<?> list -> new TupleOf(list.stream().map(Conversion::typeOf).toList());
      case Map<?, ?> map -> {
        Map<String, ConfigType> attributes = new TreeMap<>();
        map.forEach((name, attribute) -> attributes.put(String.valueOf(name), typeOf(attribute)));
        yield new ObjectOf(attributes);
      }
      default -> throw new IllegalArgumentException("no value of a config: " + value.getClass());
    };
  }

  /** Why no value of a type can become one of another; nothing if it can. */
  private static Optional<String> mismatch(ConfigType from, ConfigType to) {
    if ((from instanceof Primitive && from.equals(to))
        || from instanceof Any
        || to instanceof Any) {
      return Optional.empty();
    }
    return switch (to) {
      case Primitive wanted ->
          from instanceof Primitive given
                  && (given == Primitive.STRING || wanted == Primitive.STRING)
              ? Optional.empty()
              : required(to, from);
      case ListOf(ConfigType element) -> sequenceMismatch(from, to, element, "list");
      case SetOf(ConfigType element) -> sequenceMismatch(from, to, element, "set");
      case MapOf(ConfigType element) -> {
        if (!(from instanceof ObjectOf(Map<String, ConfigType> attributes))) {
          yield required(to, from);
        }
        if (element instanceof Any) {
          yield unify(attributes.values()).isPresent()
              ? Optional.empty()
              : Optional.of("all map elements must have the same type");
        }
        yield attributes.entrySet().stream()
            .flatMap(
                entry ->
                    mismatch(entry.getValue(), element)
                        .map(reason -> "element \"" + entry.getKey() + "\": " + reason)
                        .stream())
            .findFirst();
      }
      case TupleOf(List<ConfigType> wanted) -> {
        if (!(from instanceof TupleOf(List<ConfigType> given)) || given.size() != wanted.size()) {
          yield required(to, from);
        }
        yield IntStream.range(0, wanted.size())
                .anyMatch(i -> mismatch(given.get(i), wanted.get(i)).isPresent())
            ? required(to, from)
            : Optional.empty();
      }
      case ObjectOf(Map<String, ConfigType> wanted) -> {
        if (!(from instanceof ObjectOf(Map<String, ConfigType> given))) {
          yield required(to, from);
        }
        List<String> missing =
            wanted.keySet().stream().filter(name -> !given.containsKey(name)).toList();
        if (!missing.isEmpty()) {
          yield Optional.of(missing(missing));
        }
        yield wanted.entrySet().stream()
            .flatMap(
                entry ->
                    mismatch(given.get(entry.getKey()), entry.getValue())
                        .map(reason -> "attribute \"" + entry.getKey() + "\": " + reason)
                        .stream())
            .findFirst();
      }
      case Any _ -> Optional.empty();
    };
  }

  private static Optional<String> sequenceMismatch(
      ConfigType from, ConfigType to, ConfigType element, String kind) {
    if (!(from instanceof TupleOf(List<ConfigType> elements))) {
      return required(to, from);
    }
    if (element instanceof Any) {
      return unify(elements).isPresent()
          ? Optional.empty()
          : Optional.of("all " + kind + " elements must have the same type");
    }
    return IntStream.range(0, elements.size())
        .boxed()
        .flatMap(
            i ->
                mismatch(elements.get(i), element)
                    .map(reason -> "element " + i + ": " + reason)
                    .stream())
        .findFirst();
  }

  private static Optional<String> required(ConfigType wanted, ConfigType given) {
    boolean areAlike =
        switch (wanted) {
          case ListOf _, SetOf _, MapOf _ -> given instanceof TupleOf || given instanceof ObjectOf;
          case TupleOf _ -> given instanceof TupleOf || given instanceof ObjectOf;
          default -> false;
        };
    return Optional.of(
        areAlike
            ? wanted.friendlyName().replaceFirst("dynamic$", "any single type") + " required"
            : wanted.friendlyName() + " required, but have " + given.friendlyName());
  }

  private static String missing(List<String> names) {
    List<String> quoted = names.stream().map(name -> '"' + name + '"').toList();
    if (quoted.size() == 1) {
      return "attribute " + quoted.getFirst() + " is required";
    }
    String all =
        quoted.size() == 2
            ? quoted.getFirst() + " and " + quoted.getLast()
            : String.join(", ", quoted.subList(0, quoted.size() - 1)) + ", and " + quoted.getLast();
    return "attributes " + all + " are required";
  }

  /** The type that values of all these types can become; nothing if there is none. */
  static Optional<ConfigType> unify(Iterable<ConfigType> all) {
    List<ConfigType> types = new ArrayList<>();
    all.forEach(
        type -> {
          if (!(type instanceof Any) && !types.contains(type)) {
            types.add(type);
          }
        });
    if (types.isEmpty()) {
      return Optional.of(ConfigType.any());
    }
    if (types.size() == 1) {
      return Optional.of(types.getFirst());
    }
    if (types.stream().allMatch(Primitive.class::isInstance)) {
      return types.contains(Primitive.STRING) ? Optional.of(Primitive.STRING) : Optional.empty();
    }
    if (types.stream().allMatch(TupleOf.class::isInstance)) {
      return unifyTuples(types.stream().map(TupleOf.class::cast).toList());
    }
    if (types.stream().allMatch(ObjectOf.class::isInstance)) {
      return unifyObjects(types.stream().map(ObjectOf.class::cast).toList());
    }
    return Optional.empty();
  }

  private static Optional<ConfigType> unifyTuples(List<TupleOf> tuples) {
    int size = tuples.getFirst().elements().size();
    if (tuples.stream().anyMatch(tuple -> tuple.elements().size() != size)) {
      return unify(tuples.stream().flatMap(tuple -> tuple.elements().stream()).toList())
          .map(ListOf::new);
    }
    List<ConfigType> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int position = i;
      Optional<ConfigType> element =
          unify(tuples.stream().map(tuple -> tuple.elements().get(position)).toList());
      if (element.isEmpty()) {
        return Optional.empty();
      }
      elements.add(element.get());
    }
    return Optional.of(new TupleOf(elements));
  }

  private static Optional<ConfigType> unifyObjects(List<ObjectOf> objects) {
    var names = objects.getFirst().attributes().keySet();
    if (objects.stream().anyMatch(object -> !object.attributes().keySet().equals(names))) {
      return unify(
              objects.stream().flatMap(object -> object.attributes().values().stream()).toList())
          .map(MapOf::new);
    }
    Map<String, ConfigType> attributes = new TreeMap<>();
    for (String name : names) {
      Optional<ConfigType> attribute =
          unify(objects.stream().map(object -> object.attributes().get(name)).toList());
      if (attribute.isEmpty()) {
        return Optional.empty();
      }
      attributes.put(name, attribute.get());
    }
    return Optional.of(new ObjectOf(attributes));
  }

  // ---- values

  private static Object converted(Object value, ConfigType type) throws MismatchException {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case Any _ -> plain(value);
      case Primitive primitive ->
          switch (primitive) {
            case STRING -> text(value);
            case NUMBER -> number(value);
            case BOOL -> bool(value);
          };
      case ListOf(ConfigType element) -> elements(value, element);
      case SetOf(ConfigType element) -> distinct(elements(value, element));
      case MapOf(ConfigType element) -> {
        Map<?, ?> given = (Map<?, ?>) value;
        ConfigType common = element instanceof Any ? common(given.values()) : element;
        Map<String, Object> map = new TreeMap<>();
        for (Map.Entry<?, ?> entry : given.entrySet()) {
          map.put(String.valueOf(entry.getKey()), converted(entry.getValue(), common));
        }
        yield Collections.unmodifiableMap(map);
      }
      case TupleOf(List<ConfigType> types) -> {
        List<?> given = (List<?>) value;
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
          elements.add(converted(given.get(i), types.get(i)));
        }
        yield Collections.unmodifiableList(elements);
      }
      case ObjectOf(Map<String, ConfigType> types) -> {
        Map<String, Object> object = new TreeMap<>();
        for (Map.Entry<String, ConfigType> wanted : types.entrySet()) {
          object.put(
              wanted.getKey(),
              converted(((Map<?, ?>) value).get(wanted.getKey()), wanted.getValue()));
        }
        yield Collections.unmodifiableMap(object);
      }
    };
  }

  private static List<Object> elements(Object value, ConfigType element) throws MismatchException {
    List<?> given = (List<?>) value;
    ConfigType common = element instanceof Any ? common(given) : element;
    List<Object> elements = new ArrayList<>();
    for (Object item : given) {
      elements.add(converted(item, common));
    }
    return Collections.unmodifiableList(elements);
  }

  /** Values converted to the type that fits all of them; nothing if there is none. */
  static Optional<List<Object>> alike(List<Object> values) {
    Optional<ConfigType> type = unify(values.stream().map(Conversion::typeOf).toList());
    if (type.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(elements(values, type.get()));
    } catch (MismatchException impossible) {
      throw new AssertionError("a type that fits all of them", impossible);
    }
  }

  private static ConfigType common(Iterable<?> values) {
    List<ConfigType> types = new ArrayList<>();
    values.forEach(value -> types.add(typeOf(value)));
    return unify(types).orElseThrow();
  }

  /** Each once; numbers by size, all else by its text, since a set's own order is not specified. */
  static List<Object> distinct(List<Object> elements) {
    List<Object> distinct = new ArrayList<>(new LinkedHashSet<>(elements));
    distinct.sort(
        distinct.stream().allMatch(BigDecimal.class::isInstance)
            ? Comparator.comparing(BigDecimal.class::cast)
            : Comparator.comparing(String::valueOf));
    return Collections.unmodifiableList(distinct);
  }

  /** A value as it is given, its numbers as {@link BigDecimal}. */
  private static Object plain(Object value) throws MismatchException {
    return switch (value) {
      case null -> null;
      case Number number -> number(number);
      case List<?> list -> {
        List<Object> elements = new ArrayList<>();
        for (Object item : list) {
          elements.add(plain(item));
        }
        yield Collections.unmodifiableList(elements);
      }
      case Map<?, ?> map -> {
        Map<String, Object> object = new TreeMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          object.put(String.valueOf(entry.getKey()), plain(entry.getValue()));
        }
        yield Collections.unmodifiableMap(object);
      }
      default -> value;
    };
  }

  private static String text(Object value) throws MismatchException {
    return value instanceof Number number ? number(number).toPlainString() : value.toString();
  }

  private static BigDecimal number(Object value) throws MismatchException {
    BigDecimal number =
        switch (value) {
          case BigDecimal decimal -> decimal;
          case Number other -> new BigDecimal(other.toString());
          case String text -> parse(text);
          default -> throw new IllegalArgumentException("no number: " + value.getClass());
        };
    return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0
        ? number.setScale(0, RoundingMode.UNNECESSARY)
        : number.stripTrailingZeros();
  }

  private static BigDecimal parse(String text) throws MismatchException {
    Matcher matcher = NUMBER.matcher(text);
    if (text.length() <= LONGEST_NUMBER && matcher.matches()) {
      String exponent = matcher.group("exponent");
      if (exponent == null || Math.abs(Double.parseDouble(exponent)) <= LARGEST_EXPONENT) {
        return new BigDecimal(text);
      }
    }
    throw new MismatchException("a number is required");
  }

  private static Boolean bool(Object value) throws MismatchException {
    if (value instanceof Boolean flag) {
      return flag;
    }
    return switch ((String) value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      case String other when other.equalsIgnoreCase("true") || other.equalsIgnoreCase("false") ->
          throw new MismatchException(
              "a bool is required; to convert from string, use lowercase \""
                  + other.toLowerCase(Locale.ROOT)
                  + "\"");
      default -> throw new MismatchException("a bool is required");
    };
  }
}
