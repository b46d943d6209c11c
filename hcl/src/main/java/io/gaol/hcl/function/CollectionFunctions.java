package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.any;
import static io.gaol.hcl.function.Parameter.number;
import static io.gaol.hcl.function.Parameter.text;

import io.gaol.hcl.ConversionException;
import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import io.gaol.hcl.Value.ListOf;
import io.gaol.hcl.Value.MapOf;
import io.gaol.hcl.Value.Mapping;
import io.gaol.hcl.Value.Obj;
import io.gaol.hcl.Value.Sequence;
import io.gaol.hcl.Value.SetOf;
import io.gaol.hcl.Value.Tuple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Functions of tuples, lists, sets, objects and maps. */
final class CollectionFunctions {
  private static final Type LIST = new Type.ListOf(Types.ANY);
  private static final Type SET = new Type.SetOf(Types.ANY);

  private CollectionFunctions() {}

  static void define(Map<String, Function> table) {
    defineSelections(table);
    defineLists(table);
    defineMaps(table);
    defineSets(table);
  }

  private static void defineSelections(Map<String, Function> table) {
    Define.variadic(
        table,
        "coalesce",
        "The first of the values that is not null.",
        Types.ANY,
        List.of(),
        any("vals").orNull().orUnknown(),
        CollectionFunctions::coalesce);
    Define.variadic(
        table,
        "coalescelist",
        "The first of the lists that has elements.",
        Types.ANY,
        List.of(),
        any("vals").orNull().orUnknown(),
        CollectionFunctions::coalesceList);
    Define.function(
        table,
        "contains",
        "Whether a list, tuple or set has a value as an element.",
        Types.BOOL,
        List.of(any("list"), any("value").orNull()),
        CollectionFunctions::contains);
    Define.function(
        table,
        "element",
        "The element at an index, which goes round: after the last one comes the first.",
        Types.ANY,
        List.of(any("list"), number("index")),
        CollectionFunctions::element);
    Define.function(
        table,
        "index",
        "The element of a list at an index, or of a map at a key.",
        Types.ANY,
        List.of(any("collection"), any("key")),
        CollectionFunctions::index);
    Define.function(
        table,
        "length",
        "How many elements a list, tuple, set or map has.",
        Types.NUMBER,
        List.of(any("collection").orUnknown()),
        CollectionFunctions::length);
    Define.function(
        table,
        "lookup",
        "The value of a map or object at a key, or a default if it has none there.",
        Types.ANY,
        List.of(any("inputMap"), text("key"), any("default")),
        CollectionFunctions::lookup);
  }

  private static void defineLists(Map<String, Function> table) {
    Define.function(
        table,
        "chunklist",
        "A list in lists of at most so many elements; 0 is no limit.",
        Types.ANY,
        List.of(Parameter.of("list", LIST), number("size")),
        CollectionFunctions::chunkList);
    Define.function(
        table,
        "compact",
        "A list of strings without those that are null or empty.",
        Define.TEXTS,
        List.of(Parameter.of("list", Define.TEXTS)),
        CollectionFunctions::compact);
    Define.variadic(
        table,
        "concat",
        "The elements of several lists or tuples as one.",
        Types.ANY,
        List.of(),
        any("seqs"),
        CollectionFunctions::concat);
    Define.function(
        table,
        "distinct",
        "A list without the elements that it had before.",
        Types.ANY,
        List.of(Parameter.of("list", LIST)),
        CollectionFunctions::distinct);
    Define.function(
        table,
        "flatten",
        "A tuple of the elements, and of those of the lists among them, however deep.",
        Types.ANY,
        List.of(any("list")),
        CollectionFunctions::flatten);
    Define.function(
        table,
        "slice",
        "The elements from an index up to another one, which is not among them.",
        Types.ANY,
        List.of(any("list"), number("start_index"), number("end_index")),
        CollectionFunctions::slice);
    Define.function(
        table,
        "sort",
        "A list of strings in the order of their code points.",
        Define.TEXTS,
        List.of(Parameter.of("list", Define.TEXTS)),
        CollectionFunctions::sort);
  }

  private static void defineMaps(Map<String, Function> table) {
    Define.function(
        table,
        "keys",
        "The keys of a map or object, in order.",
        Types.ANY,
        List.of(any("inputMap")),
        CollectionFunctions::keys);
    Define.function(
        table,
        "values",
        "The values of a map or object, in the order of their keys.",
        Types.ANY,
        List.of(any("mapping")),
        CollectionFunctions::values);
    Define.variadic(
        table,
        "merge",
        "All entries of several maps or objects; of a key that several have, the last.",
        Types.ANY,
        List.of(),
        any("maps").orNull(),
        CollectionFunctions::merge);
    Define.function(
        table,
        "zipmap",
        "A map from a list of keys and a list of their values.",
        Types.ANY,
        List.of(Parameter.of("keys", Define.TEXTS), any("values")),
        CollectionFunctions::zipMap);
  }

  private static void defineSets(Map<String, Function> table) {
    Define.variadic(
        table,
        "setintersection",
        "The values that are in all of the sets.",
        SET,
        List.of(Parameter.of("first_set", SET)),
        Parameter.of("other_sets", SET),
        arguments -> combine(arguments, (values, others) -> values.retainAll(others)));
    Define.variadic(
        table,
        "setunion",
        "The values that are in any of the sets.",
        SET,
        List.of(Parameter.of("first_set", SET)),
        Parameter.of("other_sets", SET),
        arguments -> combine(arguments, (values, others) -> values.addAll(others)));
    Define.variadic(
        table,
        "setproduct",
        "All tuples with one element of each of the sets or lists.",
        Types.ANY,
        List.of(),
        any("sets"),
        CollectionFunctions::setProduct);
  }

  private static Value coalesce(Arguments arguments) throws FunctionException {
    Type type =
        Type.unify(arguments.values().stream().map(Type::of).toList())
            .orElseThrow(
                () ->
                    new FunctionException(
                        arguments.size() == 0
                            ? "at least one value is needed"
                            : "all values must have one type"));
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.value(i) instanceof Value.Unknown) {
        return Value.unknown(type);
      }
      if (!(arguments.value(i) instanceof Value.Null)) {
        return Arguments.convert(i, arguments.value(i), type);
      }
    }
    throw new FunctionException("all values are null");
  }

  private static Value coalesceList(Arguments arguments) throws FunctionException {
    if (arguments.size() == 0) {
      throw new FunctionException("at least one list is needed");
    }
    for (int i = 0; i < arguments.size(); i++) {
      Value value = arguments.value(i);
      if (value instanceof Value.Unknown) {
        return Value.unknown(Types.ANY);
      }
      if (!(value.type() instanceof Type.ListOf || value.type() instanceof Type.Tuple)) {
        throw new FunctionException(i, "a list or tuple is needed, not a " + value.type().kind());
      }
    }
    return arguments.values().stream()
        .filter(value -> value instanceof Sequence list && !list.elements().isEmpty())
        .findFirst()
        .orElseThrow(() -> new FunctionException("no list has elements"));
  }

  private static Value contains(Arguments arguments) throws FunctionException {
    if (!(arguments.value(0) instanceof Sequence sequence)) {
      throw needsSequence(arguments.value(0));
    }
    boolean isKnown = true;
    for (Value element : sequence.elements()) {
      Value equal = arguments.value(1).isEqualTo(element);
      if (equal.equals(Value.of(true))) {
        return equal;
      }
      isKnown &= equal instanceof Value.Bool;
    }
    return isKnown ? Value.of(false) : Value.unknown(Types.BOOL);
  }

  private static FunctionException needsSequence(Value value) {
    return new FunctionException(0, "a list, tuple or set is needed, not a " + value.typeName());
  }

  private static FunctionException needsList(int index, Value value) {
    return new FunctionException(index, "a list or tuple is needed, not a " + value.typeName());
  }

  private static FunctionException needsMap(Value value) {
    return new FunctionException(0, "a map or object is needed, not a " + value.typeName());
  }

  /** The elements of what has indexes. */
  private static List<Value> indexed(int index, Value value) throws FunctionException {
    return switch (value) {
      case Tuple(List<Value> elements) -> elements;
      case ListOf(_, List<Value> elements) -> elements;
      default -> throw needsList(index, value);
    };
  }

  private static Value element(Arguments arguments) throws FunctionException {
    List<Value> elements = indexed(0, arguments.value(0));
    long index = arguments.whole(1);
    if (elements.isEmpty()) {
      throw new FunctionException(0, "it has no elements");
    }
    return elements.get((int) Math.floorMod(index, (long) elements.size()));
  }

  private static Value index(Arguments arguments) throws FunctionException {
    Value key = arguments.value(1);
    if (arguments.value(0) instanceof MapOf(_, Map<String, Value> entries)) {
      if (!(key instanceof Value.Text(String name))) {
        throw new FunctionException(1, "the key of a map is a string, not a " + key.typeName());
      }
      return Optional.ofNullable(entries.get(name))
          .orElseThrow(() -> new FunctionException(1, "the map has no such key"));
    }
    List<Value> elements;
    try {
      elements = indexed(0, arguments.value(0));
    } catch (FunctionException _) {
      throw new FunctionException(
          0, "a list, a map or a tuple is needed, not a " + arguments.value(0).typeName());
    }
    if (!(key instanceof Value.Num)) {
      throw new FunctionException(1, "the index is a number, not a " + key.typeName());
    }
    long at = arguments.whole(1);
    if (at < 0 || at >= elements.size()) {
      throw new FunctionException(1, "there is no element at this index");
    }
    return elements.get((int) at);
  }

  private static Value length(Arguments arguments) throws FunctionException {
    return switch (arguments.value(0)) {
      case Sequence sequence -> Value.of(sequence.elements().size());
      case MapOf map -> Value.of(map.entries().size());
      case Value.Unknown(Type.Tuple type) -> Value.of(type.elements().size());
      case Value.Unknown(Type type)
          when !(type instanceof Type.Primitive || type instanceof Type.Obj) ->
          Value.unknown(Types.NUMBER);
      case Obj _ ->
          throw new FunctionException(
              0, "an object has no length; length(keys(…)) counts its attributes");
      case Value.Text _ ->
          throw new FunctionException(0, "a string has no length; strlen counts its characters");
      case Value other ->
          throw new FunctionException(
              0, "a list, a map or a tuple is needed, not a " + other.type().kind());
    };
  }

  /** An index of another type than the collection's is none that it has. */
  static Value hasIndex(Arguments arguments) throws FunctionException {
    Value collection = arguments.value(0);
    Value key = arguments.value(1);
    if (collection instanceof Value.Unknown || key instanceof Value.Unknown) {
      return Value.unknown(Types.BOOL);
    }
    return switch (collection) {
      case Value.Tuple(List<Value> elements) -> Value.of(isIndex(key, elements.size()));
      case Value.ListOf list -> Value.of(isIndex(key, list.elements().size()));
      case MapOf map ->
          Value.of(key instanceof Value.Text(String k) && map.entries().containsKey(k));
      default ->
          throw new FunctionException(
              0, "a list, a map or a tuple is needed, not a " + collection.type().kind());
    };
  }

  private static boolean isIndex(Value key, int size) {
    return key instanceof Value.Num(BigDecimal number)
        && number.scale() <= 0
        && number.signum() >= 0
        && number.compareTo(BigDecimal.valueOf(size)) < 0;
  }

  private static Value lookup(Arguments arguments) throws FunctionException {
    String key = arguments.text(1);
    Value otherwise = arguments.value(2);
    return switch (arguments.value(0)) {
      case Obj object when !object.isWhollyKnown() -> Value.unknown(Types.ANY);
      case Obj(Map<String, Value> attributes) -> attributes.getOrDefault(key, otherwise);
      case MapOf map -> {
        Value converted;
        try {
          converted = map.elementType().convert(otherwise);
        } catch (ConversionException e) {
          throw new FunctionException(
              2, "the default must have the type of the map's elements: " + e.getMessage());
        }
        yield map.isWhollyKnown()
            ? map.entries().getOrDefault(key, converted)
            : Value.unknown(map.elementType());
      }
      case Value other -> throw needsMap(other);
    };
  }

  private static Value chunkList(Arguments arguments) throws FunctionException {
    ListOf list = (ListOf) arguments.value(0);
    long size = arguments.whole(1);
    if (size < 0) {
      throw new FunctionException(1, "the size must not be negative");
    }
    List<Value> chunks = new ArrayList<>();
    List<Value> elements = list.elements();
    int step = size == 0 ? elements.size() : Math.clamp(size, 1, Integer.MAX_VALUE);
    for (long from = 0; from < elements.size(); from += step) {
      int end = (int) Math.min(from + step, elements.size());
      chunks.add(new ListOf(list.elementType(), elements.subList((int) from, end)));
    }
    return new ListOf(list.type(), chunks);
  }

  private static Value compact(Arguments arguments) {
    ListOf list = (ListOf) arguments.value(0);
    return list.isWhollyKnown()
        ? new ListOf(
            Types.STRING,
            list.elements().stream()
                .filter(value -> value instanceof Value.Text(String text) && !text.isEmpty())
                .toList())
        : Value.unknown(Define.TEXTS);
  }

  private static Value concat(Arguments arguments) throws FunctionException {
    if (arguments.size() == 0) {
      throw new FunctionException("at least one list is needed");
    }
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      all.addAll(indexed(i, arguments.value(i)));
      Arguments.requireElements(all.size());
    }
    List<Type> types = arguments.values().stream().map(Type::of).toList();
    Optional<Type> common =
        types.stream().allMatch(Type.ListOf.class::isInstance)
            ? Type.unify(types)
            : Optional.empty();
    return common.isPresent() && common.get() instanceof Type.ListOf(Type element)
        ? new ListOf(element, converted(all, element))
        : new Tuple(all);
  }

  private static List<Value> converted(List<Value> values, Type type) throws FunctionException {
    List<Value> converted = new ArrayList<>(values.size());
    for (Value value : values) {
      converted.add(Arguments.convert(0, value, type));
    }
    return converted;
  }

  private static Value distinct(Arguments arguments) {
    ListOf list = (ListOf) arguments.value(0);
    return list.isWhollyKnown()
        ? new ListOf(list.elementType(), List.copyOf(new LinkedHashSet<>(list.elements())))
        : Value.unknown(list.type());
  }

  private static Value flatten(Arguments arguments) throws FunctionException {
    if (!(arguments.value(0) instanceof Sequence sequence)) {
      throw needsSequence(arguments.value(0));
    }
    List<Value> flat = new ArrayList<>();
    return flatten(sequence, flat) ? new Tuple(flat) : Value.unknown(Types.ANY);
  }

  /** Whether it is known how many there are. */
  private static boolean flatten(Sequence from, List<Value> flat) throws FunctionException {
    boolean isKnown = true;
    for (Value value : from.elements()) {
      switch (value) {
        case Sequence inner -> isKnown &= flatten(inner, flat);
        case Value.Unknown(Type type) when !(type instanceof Type.Primitive) -> isKnown = false;
        default -> flat.add(value);
      }
      Arguments.requireElements(flat.size());
    }
    return isKnown;
  }

  private static Value slice(Arguments arguments) throws FunctionException {
    if (arguments.value(0) instanceof SetOf) {
      throw new FunctionException(
          0, "the elements of a set have no index; convert it to a list: convert(…, list(any))");
    }
    List<Value> elements = indexed(0, arguments.value(0));
    long start = bound(arguments, 1, elements.size());
    long end = bound(arguments, 2, elements.size());
    if (start > end) {
      throw new FunctionException(1, "the start must not be greater than the end");
    }
    List<Value> part = elements.subList((int) start, (int) end);
    return arguments.value(0) instanceof ListOf list
        ? new ListOf(list.elementType(), part)
        : new Tuple(part);
  }

  private static long bound(Arguments arguments, int index, int size) throws FunctionException {
    long bound = arguments.whole(index);
    if (bound < 0 || bound > size) {
      throw new FunctionException(
          index, "it must be from 0 to %d, the number of elements, not %d".formatted(size, bound));
    }
    return bound;
  }

  private static Value sort(Arguments arguments) throws FunctionException {
    ListOf list = (ListOf) arguments.value(0);
    if (!list.isWhollyKnown()) {
      return Value.unknown(Define.TEXTS);
    }
    if (list.elements().stream().anyMatch(Value.Null.class::isInstance)) {
      throw new FunctionException(0, "an element is null, which cannot be sorted");
    }
    Map<Value, Integer> counts = new LinkedHashMap<>();
    list.elements().forEach(value -> counts.merge(value, 1, Integer::sum));
    List<Value> sorted = new ArrayList<>(list.elements().size());
    for (Value value : new SetOf(Types.STRING, List.copyOf(counts.keySet())).elements()) {
      sorted.addAll(java.util.Collections.nCopies(counts.get(value), value));
    }
    return new ListOf(Types.STRING, sorted);
  }

  private static Value keys(Arguments arguments) throws FunctionException {
    if (!(arguments.value(0) instanceof Mapping mapping)) {
      throw needsMap(arguments.value(0));
    }
    List<Value> keys =
        mapping.sortedEntries().stream().map(entry -> Value.of(entry.getKey())).toList();
    return mapping instanceof MapOf ? new ListOf(Types.STRING, keys) : new Tuple(keys);
  }

  private static Value values(Arguments arguments) throws FunctionException {
    if (!(arguments.value(0) instanceof Mapping mapping)) {
      throw needsMap(arguments.value(0));
    }
    List<Value> values = mapping.sortedEntries().stream().map(Map.Entry::getValue).toList();
    return mapping instanceof MapOf map ? new ListOf(map.elementType(), values) : new Tuple(values);
  }

  private static Value merge(Arguments arguments) throws FunctionException {
    Map<String, Value> all = new LinkedHashMap<>();
    Set<Type> types = new HashSet<>();
    for (int i = 0; i < arguments.size(); i++) {
      Value value = arguments.value(i);
      if (value.equals(Value.ofNull())) {
        return mergedWithNull(arguments);
      }
      Type type = value.type();
      if (!(type instanceof Type.MapOf || type instanceof Type.Obj)) {
        throw new FunctionException(i, "a map or object is needed, not a " + type.kind());
      }
      types.add(
          value instanceof Value.Null && type instanceof Type.Obj ? new Type.Obj(Map.of()) : type);
      if (value instanceof Mapping mapping) {
        all.putAll(mapping.entries());
      }
      Arguments.requireElements(all.size());
    }
    return types.size() == 1 && types.iterator().next() instanceof Type.MapOf(Type element)
        ? new MapOf(element, all)
        : new Obj(all);
  }

  /** A null of no type makes the result's type open, and so the result an object. */
  private static Value mergedWithNull(Arguments arguments) throws FunctionException {
    Map<String, Value> all = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      switch (arguments.value(i)) {
        case Mapping mapping -> all.putAll(mapping.entries());
        case Value.Null _ -> {}
        case Value other ->
            throw new FunctionException(
                i, "a map or object is needed, not a " + other.type().kind());
      }
    }
    return new Obj(all);
  }

  private static Value zipMap(Arguments arguments) throws FunctionException {
    ListOf keys = (ListOf) arguments.value(0);
    List<Value> values = indexed(1, arguments.value(1));
    boolean isList = arguments.value(1) instanceof ListOf;
    if (!keys.isWhollyKnown()) {
      return Value.unknown(
          isList ? new Type.MapOf(((ListOf) arguments.value(1)).elementType()) : Types.ANY);
    }
    if (keys.elements().size() != values.size()) {
      throw new FunctionException(
          "there are %d keys, but %d values".formatted(keys.elements().size(), values.size()));
    }
    Map<String, Value> entries = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      if (!(keys.elements().get(i) instanceof Value.Text(String key))) {
        throw new FunctionException(0, "the key at index %d is null".formatted(i));
      }
      entries.put(key, values.get(i));
    }
    return arguments.value(1) instanceof ListOf list
        ? new MapOf(list.elementType(), entries)
        : new Obj(entries);
  }

  /** Changes the values of one set by those of another. */
  @FunctionalInterface
  private interface Combination {
    boolean apply(Set<Value> values, Set<Value> others);
  }

  private static Value combine(Arguments arguments, Combination combination)
      throws FunctionException {
    List<Type> elementTypes = new ArrayList<>();
    for (Value set : arguments.values()) {
      Type element = ((SetOf) set).elementType();
      if (!(((SetOf) set).elements().isEmpty() && element instanceof Type.Any)) {
        elementTypes.add(element);
      }
    }
    Type element =
        elementTypes.isEmpty()
            ? Types.ANY
            : Type.unify(elementTypes)
                .orElseThrow(
                    () -> new FunctionException("the sets must have elements of one type"));
    Set<Value> result = new LinkedHashSet<>();
    for (int i = 0; i < arguments.size(); i++) {
      Value set = Arguments.convert(i, arguments.value(i), new Type.SetOf(element));
      if (!set.isWhollyKnown()) {
        return Value.unknown(new Type.SetOf(element));
      }
      Set<Value> values = new LinkedHashSet<>(((SetOf) set).elements());
      if (i == 0) {
        result.addAll(values);
      } else {
        combination.apply(result, values);
      }
    }
    return new SetOf(element, List.copyOf(result));
  }

  private static Value setProduct(Arguments arguments) throws FunctionException {
    if (arguments.size() < 2) {
      throw new FunctionException("at least two sets or lists are needed");
    }
    List<Type> elementTypes = new ArrayList<>();
    List<List<Value>> factors = new ArrayList<>();
    boolean isList = true;
    long total = 1;
    for (int i = 0; i < arguments.size(); i++) {
      if (!(arguments.value(i) instanceof Sequence sequence)) {
        throw new FunctionException(
            i, "a set or a list is needed, not a " + arguments.value(i).typeName());
      }
      Type type = elementType(i, sequence);
      elementTypes.add(type);
      factors.add(converted(sequence.elements(), type));
      isList &= !(sequence instanceof SetOf);
      total *= sequence.elements().size();
      Arguments.requireElements(total * arguments.size());
    }
    List<Value> product = new ArrayList<>();
    for (long n = 0; n < total; n++) {
      Value[] tuple = new Value[factors.size()];
      long rest = n;
      for (int i = factors.size() - 1; i >= 0; i--) {
        tuple[i] = factors.get(i).get((int) (rest % factors.get(i).size()));
        rest /= factors.get(i).size();
      }
      product.add(new Tuple(List.of(tuple)));
    }
    Type element = new Type.Tuple(elementTypes);
    return isList ? new ListOf(element, product) : new SetOf(element, product);
  }

  private static Type elementType(int index, Sequence sequence) throws FunctionException {
    return switch (sequence) {
      case SetOf set -> set.elementType();
      case ListOf list -> list.elementType();
      case Tuple(List<Value> elements) when elements.isEmpty() -> Types.ANY;
      case Tuple(List<Value> elements) ->
          Type.unify(elements.stream().map(Type::of).toList())
              .orElseThrow(() -> new FunctionException(index, "all elements must have one type"));
    };
  }
}
