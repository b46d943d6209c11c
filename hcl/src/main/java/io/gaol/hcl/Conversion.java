package io.gaol.hcl;

import io.gaol.hcl.Value.Bool;
import io.gaol.hcl.Value.Mapping;
import io.gaol.hcl.Value.Num;
import io.gaol.hcl.Value.Sequence;
import io.gaol.hcl.Value.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Conversions between types, by the rules of the reference implementation. Safe ones succeed for
 * every value of a type; the others depend on the value, as from a string to a number.
 */
final class Conversion {
  private Conversion() {}

  // ---- primitive values, for operators and templates

  static Optional<Text> toText(Value value) {
    return switch (value) {
      case Text text -> Optional.of(text);
      case Num number -> Optional.of(new Text(number.toString()));
      case Bool(boolean bool) -> Optional.of(new Text(Boolean.toString(bool)));
      default -> Optional.empty();
    };
  }

  static Optional<Num> toNumber(Value value) {
    return switch (value) {
      case Num number -> Optional.of(number);
      case Text(String text) -> Numbers.ofText(text).map(Num::new);
      default -> Optional.empty();
    };
  }

  static Optional<Bool> toBool(Value value) {
    return switch (value) {
      case Bool bool -> Optional.of(bool);
      case Text(String text) ->
          switch (text) {
            case "true", "1" -> Optional.of(new Bool(true));
            case "false", "0" -> Optional.of(new Bool(false));
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  // ---- whether there is a conversion between two types

  static boolean exists(Type in, Type out, boolean unsafe) {
    return out instanceof Type.Any || in.equals(out) || existsBetween(in, out, unsafe);
  }

  private static boolean existsBetween(Type in, Type out, boolean unsafe) {
    if (in instanceof Type.Any) {
      return unsafe;
    }
    return switch (out) {
      case Type.Any _ -> true;
      case Type.Primitive primitive ->
          in instanceof Type.Primitive
              && (primitive == Type.Primitive.STRING || (unsafe && in.equals(Types.STRING)));
      case Type.ListOf(Type element) ->
          switch (in) {
            case Type.ListOf(Type from) -> exists(from, element, unsafe);
            case Type.SetOf(Type from) -> exists(from, element, unsafe);
            case Type.Tuple(List<Type> from) -> allExist(from, element, unsafe, false);
            default -> false;
          };
      case Type.SetOf(Type element) ->
          switch (in) {
            case Type.ListOf(Type from) -> unsafe && exists(from, element, true);
            case Type.SetOf(Type from) -> exists(from, element, unsafe);
            case Type.Tuple(List<Type> from) -> allExist(from, element, unsafe, false);
            default -> false;
          };
      case Type.MapOf(Type element) ->
          switch (in) {
            case Type.MapOf(Type from) -> exists(from, element, unsafe);
            case Type.Obj from -> allExist(from.attributes().values(), element, unsafe, true);
            default -> false;
          };
      case Type.Tuple(List<Type> elements) ->
          in instanceof Type.Tuple(List<Type> from) && existPairwise(from, elements, unsafe);
      case Type.Obj object -> existsToObject(in, object, unsafe);
    };
  }

  private static boolean allExist(
      Collection<Type> parts, Type element, boolean unsafe, boolean anyIsEnough) {
    if (!(element instanceof Type.Any) || parts.isEmpty()) {
      return parts.stream().allMatch(part -> exists(part, element, unsafe));
    }
    Optional<Type> common = Unification.of(List.copyOf(parts), unsafe);
    return common.isPresent()
        && (anyIsEnough
            || !(common.get() instanceof Type.Any)
            || parts.stream().allMatch(Type.Any.class::isInstance));
  }

  private static boolean existPairwise(List<Type> from, List<Type> to, boolean unsafe) {
    if (from.size() != to.size()) {
      return false;
    }
    for (int i = 0; i < to.size(); i++) {
      if (!exists(from.get(i), to.get(i), unsafe)) {
        return false;
      }
    }
    return true;
  }

  private static boolean existsToObject(Type in, Type.Obj object, boolean unsafe) {
    return switch (in) {
      case Type.Obj from ->
          object.attributes().entrySet().stream()
              .allMatch(
                  attribute ->
                      from.attributes().containsKey(attribute.getKey())
                          ? exists(
                              from.attributes().get(attribute.getKey()),
                              attribute.getValue(),
                              unsafe)
                          : object.optional().containsKey(attribute.getKey()));
      case Type.MapOf(Type element) ->
          unsafe
              && object.attributes().entrySet().stream()
                  .allMatch(
                      attribute ->
                          exists(element, attribute.getValue(), true)
                              || object.optional().containsKey(attribute.getKey()));
      default -> false;
    };
  }

  // ---- values

  static Value of(Value value, Type out, boolean unsafe) throws ConversionException {
    if (out instanceof Type.Any) {
      return value;
    }
    Type in = value.type();
    if (in.equals(out)) {
      return value;
    }
    if (!exists(in, out, unsafe)) {
      throw mismatch(in, out, unsafe, "");
    }
    return convert(value, out, unsafe, "");
  }

  private static Value convert(Value value, Type out, boolean unsafe, String path)
      throws ConversionException {
    if (out instanceof Type.Any) {
      return value;
    }
    if (value instanceof Value.Null(Type in)) {
      return Value.ofNull(withoutAny(in, out));
    }
    if (value instanceof Value.Unknown(Type in)) {
      return Value.unknown(withoutAny(in, out));
    }
    return switch (out) {
      case Type.Any _ -> value;
      case Type.Primitive primitive -> primitive(value, primitive, path);
      case Type.ListOf(Type element) -> {
        Type common = commonElement(value, element, unsafe);
        List<Value> elements = elements(((Sequence) value).elements(), common, unsafe, path);
        Type found = found(elements, common, unsafe, path);
        yield new Value.ListOf(found, elements(elements, found, unsafe, path));
      }
      case Type.SetOf(Type element) -> {
        Type common = commonElement(value, element, unsafe);
        List<Value> elements = elements(((Sequence) value).elements(), common, unsafe, path);
        Type found = found(elements, common, unsafe, path);
        yield new Value.SetOf(found, elements(elements, found, unsafe, path));
      }
      case Type.MapOf(Type element) -> {
        Type common = commonElement(value, element, unsafe);
        Map<String, Value> entries = entries(((Mapping) value).entries(), common, unsafe, path);
        Type found = found(entries.values(), common, unsafe, path);
        yield new Value.MapOf(found, entries(entries, found, unsafe, path));
      }
      case Type.Tuple(List<Type> types) -> {
        List<Value> from = ((Sequence) value).elements();
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
          elements.add(convert(from.get(i), types.get(i), unsafe, path + "[" + i + "]"));
        }
        yield new Value.Tuple(elements);
      }
      case Type.Obj object -> object(((Mapping) value).entries(), object, unsafe, path);
    };
  }

  private static Value primitive(Value value, Type.Primitive out, String path)
      throws ConversionException {
    Optional<? extends Value> converted;
    try {
      converted =
          switch (out) {
            case BOOL -> toBool(value);
            case NUMBER -> toNumber(value);
            case STRING -> toText(value);
          };
    } catch (ArithmeticException e) {
      throw new ConversionException(path, e.getMessage());
    }
    if (converted.isPresent()) {
      return converted.get();
    }
    String lower = value instanceof Text(String text) ? text.toLowerCase(Locale.ROOT) : "";
    boolean isMiswritten =
        out == Type.Primitive.BOOL && (lower.equals("true") || lower.equals("false"));
    throw new ConversionException(
        path,
        "a %s is needed, not %s%s"
            .formatted(
                out.kind(),
                value instanceof Text(String text) ? quoted(text) : value.typeName(),
                isMiswritten ? "; write \"" + lower + "\"" : ""));
  }

  private static String quoted(String text) {
    return '"' + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + '"';
  }

  /** What "any" as the element of a collection means for the parts of a tuple or an object. */
  private static Type commonElement(Value value, Type element, boolean unsafe) {
    if (!(element instanceof Type.Any)) {
      return element;
    }
    return switch (value.type()) {
      case Type.ListOf(Type from) -> from;
      case Type.SetOf(Type from) -> from;
      case Type.MapOf(Type from) -> from;
      case Type.Tuple(List<Type> from) -> Unification.of(from, unsafe).orElse(element);
      case Type.Obj from ->
          Unification.of(List.copyOf(from.attributes().values()), unsafe).orElse(element);
      default -> element;
    };
  }

  /** The type of elements that were converted to a type that left something open. */
  private static Type found(Collection<Value> elements, Type wanted, boolean unsafe, String path)
      throws ConversionException {
    if (elements.isEmpty() || !(wanted.hasAny() || isObject(wanted))) {
      return required(wanted);
    }
    return Unification.of(elements.stream().map(Type::of).toList(), unsafe)
        .orElseThrow(() -> new ConversionException(path, "all elements must have one type"));
  }

  private static boolean isObject(Type type) {
    return type instanceof Type.Obj;
  }

  /** The type without its optional attributes: that of a value has none. */
  static Type required(Type type) {
    return switch (type) {
      case Type.Any _, Type.Primitive _ -> type;
      case Type.ListOf(Type element) -> new Type.ListOf(required(element));
      case Type.SetOf(Type element) -> new Type.SetOf(required(element));
      case Type.MapOf(Type element) -> new Type.MapOf(required(element));
      case Type.Tuple(List<Type> elements) ->
          new Type.Tuple(elements.stream().map(Conversion::required).toList());
      case Type.Obj object -> {
        Map<String, Type> attributes = new LinkedHashMap<>();
        object.attributes().forEach((name, part) -> attributes.put(name, required(part)));
        yield new Type.Obj(attributes);
      }
    };
  }

  private static List<Value> elements(List<Value> from, Type to, boolean unsafe, String path)
      throws ConversionException {
    List<Value> elements = new ArrayList<>(from.size());
    for (int i = 0; i < from.size(); i++) {
      elements.add(convert(from.get(i), to, unsafe, path + "[" + i + "]"));
    }
    return elements;
  }

  private static Map<String, Value> entries(
      Map<String, Value> from, Type to, boolean unsafe, String path) throws ConversionException {
    Map<String, Value> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Value> entry : from.entrySet()) {
      entries.put(
          entry.getKey(),
          convert(entry.getValue(), to, unsafe, path + "[\"" + entry.getKey() + "\"]"));
    }
    return entries;
  }

  private static Value object(Map<String, Value> from, Type.Obj to, boolean unsafe, String path)
      throws ConversionException {
    Map<String, Value> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, Type> attribute : to.attributes().entrySet()) {
      String name = attribute.getKey();
      Value value = from.get(name);
      Value otherwise = to.optional().get(name);
      if (value == null && otherwise == null) {
        throw new ConversionException(path, "the attribute \"" + name + "\" is required");
      }
      boolean isMissing = value == null || (value instanceof Value.Null && otherwise != null);
      attributes.put(
          name,
          convert(isMissing ? otherwise : value, attribute.getValue(), unsafe, path + "." + name));
    }
    return new Value.Obj(attributes);
  }

  /** The type with what the value's type knows in the place of every "any". */
  private static Type withoutAny(Type in, Type out) {
    if (!out.hasAny()) {
      return required(out);
    }
    return switch (out) {
      case Type.Any _ -> in;
      case Type.Primitive _ -> out;
      case Type.ListOf(Type element) -> new Type.ListOf(withoutAny(elementOf(in), element));
      case Type.SetOf(Type element) -> new Type.SetOf(withoutAny(elementOf(in), element));
      case Type.MapOf(Type element) -> new Type.MapOf(withoutAny(elementOf(in), element));
      case Type.Tuple(List<Type> elements) -> {
        List<Type> types = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
          types.add(
              withoutAny(
                  in instanceof Type.Tuple(List<Type> from) ? from.get(i) : Types.ANY,
                  elements.get(i)));
        }
        yield new Type.Tuple(types);
      }
      case Type.Obj object -> {
        Map<String, Type> types = new LinkedHashMap<>();
        object
            .attributes()
            .forEach(
                (name, type) ->
                    types.put(
                        name,
                        withoutAny(
                            in instanceof Type.Obj from
                                ? from.attributes().getOrDefault(name, Types.ANY)
                                : elementOf(in),
                            type)));
        yield new Type.Obj(types);
      }
    };
  }

  private static Type elementOf(Type type) {
    return switch (type) {
      case Type.ListOf(Type element) -> element;
      case Type.SetOf(Type element) -> element;
      case Type.MapOf(Type element) -> element;
      case Type.Tuple(List<Type> elements) -> Unification.of(elements, true).orElse(Types.ANY);
      case Type.Obj object ->
          Unification.of(List.copyOf(object.attributes().values()), true).orElse(Types.ANY);
      case Type.Any _, Type.Primitive _ -> Types.ANY;
    };
  }

  // ---- why there is no conversion

  private static ConversionException mismatch(Type in, Type out, boolean unsafe, String path) {
    switch (out) {
      case Type.Obj object when in instanceof Type.Obj from -> {
        for (Map.Entry<String, Type> attribute : object.attributes().entrySet()) {
          Type given = from.attributes().get(attribute.getKey());
          if (given == null && !object.optional().containsKey(attribute.getKey())) {
            String near =
                Names.nearest(attribute.getKey(), from.attributes().keySet())
                    .filter(name -> !object.attributes().containsKey(name))
                    .map("; did you mean it by \"%s\"?"::formatted)
                    .orElse("");
            return new ConversionException(
                path, "the attribute \"" + attribute.getKey() + "\" is required" + near);
          }
          if (given != null && !exists(given, attribute.getValue(), unsafe)) {
            return mismatch(given, attribute.getValue(), unsafe, path + "." + attribute.getKey());
          }
        }
      }
      case Type.Tuple(List<Type> elements) when in instanceof Type.Tuple(List<Type> from) -> {
        if (from.size() != elements.size()) {
          return new ConversionException(
              path,
              "a tuple of %d elements is needed, not of %d"
                  .formatted(elements.size(), from.size()));
        }
        for (int i = 0; i < from.size(); i++) {
          if (!exists(from.get(i), elements.get(i), unsafe)) {
            return mismatch(from.get(i), elements.get(i), unsafe, path + "[" + i + "]");
          }
        }
      }
      case Type.ListOf(Type element) when in instanceof Type.Tuple(List<Type> from) -> {
        return mismatchInTuple(from, element, unsafe, path);
      }
      case Type.SetOf(Type element) when in instanceof Type.Tuple(List<Type> from) -> {
        return mismatchInTuple(from, element, unsafe, path);
      }
      case Type.MapOf(Type element) when in instanceof Type.Obj from -> {
        for (Map.Entry<String, Type> attribute : from.attributes().entrySet()) {
          if (!exists(attribute.getValue(), element, unsafe)) {
            return mismatch(
                attribute.getValue(), element, unsafe, path + "[\"" + attribute.getKey() + "\"]");
          }
        }
        return new ConversionException(path, "all elements of a map must have one type");
      }
      default -> {}
    }
    return new ConversionException(
        path, "%s is needed, not %s".formatted(a(described(out)), a(described(in))));
  }

  private static ConversionException mismatchInTuple(
      List<Type> from, Type element, boolean unsafe, String path) {
    for (int i = 0; i < from.size(); i++) {
      if (!exists(from.get(i), element, unsafe)) {
        return mismatch(from.get(i), element, unsafe, path + "[" + i + "]");
      }
    }
    return new ConversionException(path, "all elements must have one type");
  }

  private static String described(Type type) {
    return switch (type) {
      case Type.ListOf(Type element) -> "list of " + element.asWritten();
      case Type.SetOf(Type element) -> "set of " + element.asWritten();
      case Type.MapOf(Type element) -> "map of " + element.asWritten();
      default -> type.kind();
    };
  }

  private static String a(String noun) {
    return noun.startsWith("o") ? "an " + noun : "a " + noun;
  }
}
