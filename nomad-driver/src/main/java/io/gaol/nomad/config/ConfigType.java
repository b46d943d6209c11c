package io.gaol.nomad.config;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The type of an attribute, in the terms that a driver's schema has for it. */
public sealed interface ConfigType {

  /** One value. */
  enum Primitive implements ConfigType {
    STRING,
    NUMBER,
    BOOL
  }

  /** Whatever is given, as it is given. */
  record Any() implements ConfigType {}

  /** Any number of values of one type, in order. */
  record ListOf(ConfigType element) implements ConfigType {}

  /** Any number of different values of one type. */
  record SetOf(ConfigType element) implements ConfigType {}

  /** Any names, with values of one type. */
  record MapOf(ConfigType element) implements ConfigType {}

  /** As many values as types. */
  record TupleOf(List<ConfigType> elements) implements ConfigType {
    public TupleOf {
      elements = List.copyOf(elements);
    }
  }

  /** These names, each with a value of its type; what else is given is left out. */
  record ObjectOf(Map<String, ConfigType> attributes) implements ConfigType {
    public ObjectOf {
      attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }
  }

  /** {@code string}. */
  static ConfigType string() {
    return Primitive.STRING;
  }

  /** {@code number}. */
  static ConfigType number() {
    return Primitive.NUMBER;
  }

  /** {@code bool}. */
  static ConfigType bool() {
    return Primitive.BOOL;
  }

  /** {@code any}. */
  static ConfigType any() {
    return new Any();
  }

  /** {@code list(element)}. */
  static ConfigType listOf(ConfigType element) {
    return new ListOf(element);
  }

  /** {@code set(element)}. */
  static ConfigType setOf(ConfigType element) {
    return new SetOf(element);
  }

  /** {@code map(element)}. */
  static ConfigType mapOf(ConfigType element) {
    return new MapOf(element);
  }

  /** As a schema that is sent to an agent writes it: {@code list(map(string))}. */
  default String text() {
    return switch (this) {
      case Primitive primitive -> primitive.name().toLowerCase(Locale.ROOT);
      case Any _ -> "any";
      case ListOf(ConfigType element) -> "list(" + element.text() + ")";
      case SetOf(ConfigType element) -> "set(" + element.text() + ")";
      case MapOf(ConfigType element) -> "map(" + element.text() + ")";
      case TupleOf(List<ConfigType> elements) ->
          "tuple([" + String.join(", ", elements.stream().map(ConfigType::text).toList()) + "])";
      case ObjectOf(Map<String, ConfigType> attributes) ->
          "object({"
              + String.join(
                  ", ",
                  attributes.entrySet().stream()
                      .map(entry -> entry.getKey() + " = " + entry.getValue().text())
                      .toList())
              + "})";
    };
  }

  /** As an agent's messages call it: {@code list of string}. */
  default String friendlyName() {
    return switch (this) {
      case Primitive primitive -> primitive.text();
      case Any _ -> "dynamic";
      case ListOf(ConfigType element) -> "list of " + element.friendlyName();
      case SetOf(ConfigType element) -> "set of " + element.friendlyName();
      case MapOf(ConfigType element) -> "map of " + element.friendlyName();
      case TupleOf _ -> "tuple";
      case ObjectOf _ -> "object";
    };
  }
}
