package io.gaol.hcl;

import java.math.BigDecimal;
import java.util.List;

/** JSON as it is written: every property of an object, also where a name repeats. */
sealed interface JsonNode {

  /** Where it stands. */
  SourceRange range();

  /** {@code { "name": value }}. */
  record Obj(List<Property> properties, SourceRange range) implements JsonNode {}

  /** One property of an object. */
  record Property(Str name, JsonNode value) {}

  /** {@code [value, value]}. */
  record Arr(List<JsonNode> elements, SourceRange range) implements JsonNode {}

  /**
   * A string.
   *
   * @param content its characters, escapes resolved, each knowing its place
   * @param range where it stands, with its quotes
   */
  record Str(Source content, SourceRange range) implements JsonNode {
    String value() {
      return content.text();
    }
  }

  /** A number. */
  record Num(BigDecimal value, SourceRange range) implements JsonNode {}

  /** {@code true} or {@code false}. */
  record Bool(boolean value, SourceRange range) implements JsonNode {}

  /** {@code null}. */
  record Null(SourceRange range) implements JsonNode {}

  /** How an error names it. */
  default String describe() {
    return switch (this) {
      case Obj _ -> "an object";
      case Arr _ -> "an array";
      case Str _ -> "a string";
      case Num _ -> "a number";
      case Bool _ -> "a bool";
      case Null _ -> "null";
    };
  }
}
