package io.gaol.hcl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The type of a value, as far as the two results of a conditional need one: they are unified, by
 * the rules of HCL's information model, and the chosen result is converted.
 */
sealed interface Type {

  /** Of null: unifies with everything. */
  record Any() implements Type {}

  /** Bool, number, string. */
  enum Primitive implements Type {
    BOOL,
    NUMBER,
    STRING
  }

  record Tuple(List<Type> elements) implements Type {}

  record Obj(Map<String, Type> attributes) implements Type {}

  /** Any number of elements of one type: what tuples of different lengths unify to. */
  record Sequence(Type element) implements Type {}

  /** Any names with values of one type: what objects with different names unify to. */
  record Dictionary(Type element) implements Type {}

  static Type of(Value value) {
    return switch (value) {
      case Value.Null _ -> new Any();
      case Value.Bool _ -> Primitive.BOOL;
      case Value.Num _ -> Primitive.NUMBER;
      case Value.Text _ -> Primitive.STRING;
      case Value.Tuple(List<Value> elements) -> new Tuple(elements.stream().map(Type::of).toList());
      case Value.Obj(Map<String, Value> attributes) -> {
        Map<String, Type> types = new LinkedHashMap<>();
        attributes.forEach((name, attribute) -> types.put(name, of(attribute)));
        yield new Obj(types);
      }
    };
  }

  /** The type that values of all these types can be converted to; nothing if there is none. */
  static Optional<Type> unify(List<? extends Type> all) {
    List<Type> types =
        all.stream().<Type>map(type -> type).filter(type -> !(type instanceof Any)).toList();
    if (types.isEmpty()) {
      return Optional.of(new Any());
    }
    if (types.stream().allMatch(types.getFirst()::equals)) {
      return Optional.of(types.getFirst());
    }
    if (types.stream().allMatch(Primitive.class::isInstance)) {
      return types.contains(Primitive.STRING) ? Optional.of(Primitive.STRING) : Optional.empty();
    }
    if (types.stream().allMatch(Tuple.class::isInstance)) {
      return unifyTuples(types.stream().map(Tuple.class::cast).toList());
    }
    if (types.stream().allMatch(Obj.class::isInstance)) {
      return unifyObjects(types.stream().map(Obj.class::cast).toList());
    }
    return Optional.empty();
  }

  private static Optional<Type> unifyTuples(List<Tuple> tuples) {
    int size = tuples.getFirst().elements.size();
    if (tuples.stream().anyMatch(tuple -> tuple.elements.size() != size)) {
      return unify(tuples.stream().flatMap(tuple -> tuple.elements.stream()).toList())
          .map(Sequence::new);
    }
    List<Optional<Type>> elements =
        IntStream.range(0, size)
            .mapToObj(i -> unify(tuples.stream().map(tuple -> tuple.elements.get(i)).toList()))
            .toList();
    return elements.stream().allMatch(Optional::isPresent)
        ? Optional.of(new Tuple(elements.stream().flatMap(Optional::stream).toList()))
        : Optional.empty();
  }

  private static Optional<Type> unifyObjects(List<Obj> objects) {
    var names = objects.getFirst().attributes.keySet();
    if (objects.stream().anyMatch(object -> !object.attributes.keySet().equals(names))) {
      return unify(objects.stream().flatMap(object -> object.attributes.values().stream()).toList())
          .map(Dictionary::new);
    }
    Map<String, Type> attributes = new LinkedHashMap<>();
    for (String name : names) {
      Optional<Type> type =
          unify(objects.stream().map(object -> object.attributes.get(name)).toList());
      if (type.isEmpty()) {
        return Optional.empty();
      }
      attributes.put(name, type.get());
    }
    return Optional.of(new Obj(attributes));
  }

  /** A value of a type that was unified into this one, as this one. */
  default Value convert(Value value) {
    if (value instanceof Value.Null) {
      return value;
    }
    return switch (this) {
      case Primitive type when type == Primitive.STRING -> Conversion.toText(value).orElseThrow();
      case Any _, Primitive _ -> value;
      case Tuple(List<Type> types) -> {
        List<Value> elements = ((Value.Tuple) value).elements();
        Stream<Value> converted =
            IntStream.range(0, types.size()).mapToObj(i -> types.get(i).convert(elements.get(i)));
        yield new Value.Tuple(converted.toList());
      }
      case Sequence(Type type) ->
          new Value.Tuple(((Value.Tuple) value).elements().stream().map(type::convert).toList());
      case Obj(Map<String, Type> types) -> convertAttributes(value, types);
      case Dictionary(Type type) -> {
        Map<String, Type> types = new LinkedHashMap<>();
        ((Value.Obj) value).attributes().keySet().forEach(name -> types.put(name, type));
        yield convertAttributes(value, types);
      }
    };
  }

  private static Value convertAttributes(Value value, Map<String, Type> types) {
    Map<String, Value> converted = new LinkedHashMap<>();
    ((Value.Obj) value)
        .attributes()
        .forEach((name, part) -> converted.put(name, types.get(name).convert(part)));
    return new Value.Obj(converted);
  }
}
