package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** The type of a value, by HCL's information model. The simple ones are in {@link Types}. */
public sealed interface Type {
  /** Any type; in a constraint, the type that the value already has. */
  record Any() implements Type {}

  /** The types that are not composed of others. */
  enum Primitive implements Type {
    /** Truth values. */
    BOOL,
    /** Numbers. */
    NUMBER,
    /** Strings. */
    STRING
  }

  /** Any number of elements of one type. */
  record ListOf(Type element) implements Type {
    /** Checks that nothing is missing. */
    public ListOf {
      requireNonNull(element, "element");
    }
  }

  /** Any number of different elements of one type. */
  record SetOf(Type element) implements Type {
    /** Checks that nothing is missing. */
    public SetOf {
      requireNonNull(element, "element");
    }
  }

  /** Any names with values of one type. */
  record MapOf(Type element) implements Type {
    /** Checks that nothing is missing. */
    public MapOf {
      requireNonNull(element, "element");
    }
  }

  /** As many elements as there are types. */
  record Tuple(List<Type> elements) implements Type {
    /** Copies, so that nothing changes afterwards. */
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /**
   * Certain names, each with a type.
   *
   * @param attributes the types by name, in the order in which they were written
   * @param optional the attributes that may be missing, and what they are then; a null stands for
   *     the null of the attribute's type. Only a constraint has any; the type of a value has none.
   */
  record Obj(Map<String, Type> attributes, Map<String, Value> optional) implements Type {
    /** Copies, so that nothing changes afterwards. */
    public Obj {
      SequencedMap<String, Type> copy = new LinkedHashMap<>(attributes);
      attributes = Collections.unmodifiableMap(copy);
      optional = Map.copyOf(optional);
      if (!attributes.keySet().containsAll(optional.keySet())) {
        throw new IllegalArgumentException("an optional attribute without a type");
      }
    }

    /** With all its attributes required. */
    public Obj(Map<String, Type> attributes) {
      this(attributes, Map.of());
    }
  }

  /** The type of a value. */
  static Type of(Value value) {
    return switch (value) {
      case Value.Null(Type type) -> type;
      case Value.Unknown(Type type) -> type;
      case Value.Bool _ -> Types.BOOL;
      case Value.Num _ -> Types.NUMBER;
      case Value.Text _ -> Types.STRING;
      case Value.Tuple(List<Value> elements) -> new Tuple(elements.stream().map(Type::of).toList());
      case Value.ListOf(Type element, _) -> new ListOf(element);
      case Value.SetOf(Type element, _) -> new SetOf(element);
      case Value.MapOf(Type element, _) -> new MapOf(element);
      case Value.Obj(Map<String, Value> attributes) -> {
        Map<String, Type> types = new LinkedHashMap<>();
        attributes.forEach((name, attribute) -> types.put(name, of(attribute)));
        yield new Obj(types);
      }
    };
  }

  /**
   * The type that a constraint means: {@code string}, {@code number}, {@code bool}, {@code any},
   * {@code list(…)}, {@code set(…)}, {@code map(…)}, {@code tuple([…])}, <code>object({…})</code>,
   * and there {@code optional(type)} or {@code optional(type, default)}.
   *
   * @throws HclException with the place, if it is none
   */
  static Type parse(Expression constraint) {
    return TypeParser.parse(constraint);
  }

  /**
   * The type that values of all these types can be converted to.
   *
   * @return nothing if there is none, or no type was given
   */
  static Optional<Type> unify(List<? extends Type> types) {
    return Unification.of(types, true);
  }

  /** As it is written in a constraint: {@code list(string)}. */
  default String asWritten() {
    return switch (this) {
      case Any _ -> "any";
      case Primitive primitive -> primitive.kind();
      case ListOf(Type element) -> "list(" + element.asWritten() + ")";
      case SetOf(Type element) -> "set(" + element.asWritten() + ")";
      case MapOf(Type element) -> "map(" + element.asWritten() + ")";
      case Tuple(List<Type> elements) ->
          elements.stream().map(Type::asWritten).collect(Collectors.joining(", ", "tuple([", "])"));
      case Obj object ->
          object.attributes.entrySet().stream()
              .map(
                  attribute ->
                      attribute.getKey()
                          + " = "
                          + (object.optional.containsKey(attribute.getKey())
                              ? "optional(" + attribute.getValue().asWritten() + ")"
                              : attribute.getValue().asWritten()))
              .collect(Collectors.joining(", ", "object({", "})"));
    };
  }

  /** What a user calls its kind: "string", "list", "object" … */
  default String kind() {
    return switch (this) {
      case Any _ -> "value of any type";
      case Primitive primitive ->
          switch (primitive) {
            case BOOL -> "bool";
            case NUMBER -> "number";
            case STRING -> "string";
          };
      case ListOf _ -> "list";
      case SetOf _ -> "set";
      case MapOf _ -> "map";
      case Tuple _ -> "tuple";
      case Obj _ -> "object";
    };
  }

  /**
   * A value as one of this type, by all conversions there are, also those that not every value
   * survives: {@code "5"} is a number, {@code "x"} is none.
   *
   * @throws ConversionException if it cannot be one; says which part of it, and why
   */
  default Value convert(Value value) throws ConversionException {
    return Conversion.of(value, this, true);
  }

  /**
   * A value as one of this type, by those conversions only that every value of its type survives.
   *
   * @throws ConversionException if there is no such conversion
   */
  default Value convertSafely(Value value) throws ConversionException {
    return Conversion.of(value, this, false);
  }

  /** Whether {@link Types#ANY} is part of it. */
  default boolean hasAny() {
    return switch (this) {
      case Any _ -> true;
      case Primitive _ -> false;
      case ListOf(Type element) -> element.hasAny();
      case SetOf(Type element) -> element.hasAny();
      case MapOf(Type element) -> element.hasAny();
      case Tuple(List<Type> elements) -> elements.stream().anyMatch(Type::hasAny);
      case Obj object -> object.attributes.values().stream().anyMatch(Type::hasAny);
    };
  }
}
