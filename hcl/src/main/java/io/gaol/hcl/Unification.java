package io.gaol.hcl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the type that values of several types can all be converted to. */
final class Unification {
  private Unification() {}

  static Optional<Type> of(List<? extends Type> given, boolean unsafe) {
    // Equal types decide nothing twice, and there can be as many as a tuple has elements.
    List<Type> types = List.copyOf(new LinkedHashSet<>(given));
    if (types.isEmpty()) {
      return Optional.empty();
    }
    if (types.size() == 1) {
      return Optional.of(types.getFirst());
    }
    boolean hasAny = types.contains(Types.ANY);
    if (all(types, Type.MapOf.class)) {
      return collection(
          types, hasAny, unsafe, type -> ((Type.MapOf) type).element(), Type.MapOf::new);
    }
    if (all(types, Type.ListOf.class)) {
      return collection(
          types, hasAny, unsafe, type -> ((Type.ListOf) type).element(), Type.ListOf::new);
    }
    if (all(types, Type.SetOf.class)) {
      return collection(
          types, hasAny, unsafe, type -> ((Type.SetOf) type).element(), Type.SetOf::new);
    }
    if (all(types, Type.Obj.class)) {
      return hasAny ? Optional.of(Types.ANY) : objects(types, unsafe);
    }
    if (all(types, Type.Tuple.class)) {
      return hasAny ? Optional.of(Types.ANY) : tuples(types, unsafe);
    }
    if (all(types, Type.MapOf.class, Type.Obj.class)) {
      Optional<Type> map = asCollections(types, Type.Obj.class, unsafe);
      if (map.isPresent()) {
        return map;
      }
    } else if (all(types, Type.ListOf.class, Type.Tuple.class)) {
      Optional<Type> list = asCollections(types, Type.Tuple.class, unsafe);
      if (list.isPresent()) {
        return list;
      }
    } else if (has(types, Type.Obj.class) && has(types, Type.Tuple.class)) {
      return Optional.empty();
    }
    return preferred(types).stream().filter(wanted -> all(types, wanted, unsafe)).findFirst();
  }

  private static boolean all(List<Type> types, Type wanted, boolean unsafe) {
    return types.stream().allMatch(type -> Conversion.exists(type, wanted, unsafe));
  }

  /** Whether all are of these kinds or any. */
  private static boolean all(List<Type> types, Class<?>... kinds) {
    boolean found = false;
    for (Type type : types) {
      boolean isOne = false;
      for (Class<?> kind : kinds) {
        isOne |= kind.isInstance(type);
      }
      if (!isOne && !(type instanceof Type.Any)) {
        return false;
      }
      found |= isOne;
    }
    return found;
  }

  private static boolean has(List<Type> types, Class<?> kind) {
    return types.stream().anyMatch(kind::isInstance);
  }

  private static Optional<Type> collection(
      List<Type> types,
      boolean hasAny,
      boolean unsafe,
      Function<Type, Type> element,
      Function<Type, Type> collection) {
    return hasAny
        ? Optional.of(Types.ANY)
        : of(types.stream().map(element).toList(), unsafe)
            .map(collection)
            .filter(wanted -> all(types, wanted, unsafe));
  }

  private static Optional<Type> objects(List<Type> types, boolean unsafe) {
    Set<String> names = ((Type.Obj) types.getFirst()).attributes().keySet();
    if (types.stream().anyMatch(type -> !((Type.Obj) type).attributes().keySet().equals(names))) {
      return asMap(types, unsafe);
    }
    Map<String, Type> attributes = new LinkedHashMap<>();
    for (String name : names) {
      Optional<Type> type =
          of(types.stream().map(t -> ((Type.Obj) t).attributes().get(name)).toList(), unsafe);
      if (type.isEmpty()) {
        return Optional.empty();
      }
      attributes.put(name, type.get());
    }
    Type wanted = new Type.Obj(attributes);
    return all(types, wanted, unsafe) ? Optional.of(wanted) : asMap(types, unsafe);
  }

  private static Optional<Type> asMap(List<Type> types, boolean unsafe) {
    return of(
            types.stream()
                .flatMap(type -> ((Type.Obj) type).attributes().values().stream())
                .toList(),
            unsafe)
        .<Type>map(Type.MapOf::new)
        .filter(wanted -> all(types, wanted, unsafe));
  }

  private static Optional<Type> tuples(List<Type> types, boolean unsafe) {
    int size = ((Type.Tuple) types.getFirst()).elements().size();
    if (types.stream().anyMatch(type -> ((Type.Tuple) type).elements().size() != size)) {
      return asList(types, unsafe);
    }
    List<Type> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int at = i;
      Optional<Type> type =
          of(types.stream().map(t -> ((Type.Tuple) t).elements().get(at)).toList(), unsafe);
      if (type.isEmpty()) {
        return Optional.empty();
      }
      elements.add(type.get());
    }
    Type wanted = new Type.Tuple(elements);
    return all(types, wanted, unsafe) ? Optional.of(wanted) : asList(types, unsafe);
  }

  private static Optional<Type> asList(List<Type> types, boolean unsafe) {
    return of(
            types.stream().flatMap(type -> ((Type.Tuple) type).elements().stream()).toList(),
            unsafe)
        .<Type>map(Type.ListOf::new)
        .filter(wanted -> all(types, wanted, unsafe));
  }

  /** Objects among maps count as the map that they unify to, tuples among lists as the list. */
  private static Optional<Type> asCollections(
      List<Type> types, Class<? extends Type> structural, boolean unsafe) {
    List<Type> parts = types.stream().filter(structural::isInstance).toList();
    Optional<Type> whole =
        structural == Type.Obj.class ? asMap(parts, unsafe) : asList(parts, unsafe);
    return whole.flatMap(
        collection ->
            of(
                types.stream()
                    .map(type -> structural.isInstance(type) ? collection : type)
                    .toList(),
                unsafe));
  }

  /** The types, each after those that its values can be converted to. */
  private static List<Type> preferred(List<Type> types) {
    int size = types.size();
    int[] before = new int[size];
    List<List<Integer>> after = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      after.add(new ArrayList<>());
    }
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        int order = compare(types.get(i), types.get(j));
        if (order < 0) {
          after.get(i).add(j);
          before[j]++;
        } else if (order > 0) {
          after.get(j).add(i);
          before[i]++;
        }
      }
    }
    Deque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < size; i++) {
      if (before[i] == 0) {
        ready.add(i);
      }
    }
    List<Type> result = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.remove();
      result.add(types.get(next));
      for (int j : after.get(next)) {
        if (--before[j] == 0) {
          ready.add(j);
        }
      }
    }
    return result;
  }

  /** Negative where the left is the more general one, 0 where neither is. */
  private static int compare(Type left, Type right) {
    if (left instanceof Type.Any || right instanceof Type.Any) {
      return Boolean.compare(left instanceof Type.Any, right instanceof Type.Any);
    }
    if (left instanceof Type.Primitive && right instanceof Type.Primitive) {
      return Boolean.compare(right.equals(Types.STRING), left.equals(Types.STRING));
    }
    if (rank(left) == 0 || rank(right) == 0) {
      return 0;
    }
    if (left instanceof Type.ListOf(Type a) && right instanceof Type.ListOf(Type b)) {
      return compare(a, b);
    }
    if (left instanceof Type.SetOf(Type a) && right instanceof Type.SetOf(Type b)) {
      return compare(a, b);
    }
    return isMapping(left) == isMapping(right) ? Integer.compare(rank(left), rank(right)) : 0;
  }

  private static boolean isMapping(Type type) {
    return type instanceof Type.MapOf || type instanceof Type.Obj;
  }

  /** How general a composed type is; less is more general. */
  private static int rank(Type type) {
    return switch (type) {
      case Type.Any _, Type.Primitive _ -> 0;
      case Type.ListOf _, Type.MapOf _ -> 1;
      case Type.Tuple _, Type.Obj _ -> 2;
      case Type.SetOf _ -> 3;
    };
  }
}
