package io.gaol.hcl;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An expression, and what Nomad's job parser made of it.
 *
 * @param expression as it is written
 * @param nomads what Nomad says
 * @param ours what we say, where we mean to differ
 * @param because why we do
 */
record Recording(
    String expression, String nomads, Optional<String> ours, Optional<String> because) {

  /** The expression has no value. */
  static final String ERROR = "error";

  /**
   * The recordings of a file: a JSON object on each line, but for empty lines and headings.
   *
   * <p>{@code type} is a type as the language writes it, {@code value} a JSON value of that type;
   * {@code error} or {@code unknown} stand instead of a value. Where we mean to differ, {@code
   * gaol} has what we say, in the same form, and {@code because} why.
   */
  static Stream<Recording> of(String resource) {
    try (InputStream stream = Recording.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith("{"))
              .map(line -> of(JsonParser.parseString(line).getAsJsonObject()))
              .toList()
              .stream();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Recording of(JsonObject line) {
    return new Recording(
        line.get("expression").getAsString(),
        result(line),
        Optional.ofNullable(line.getAsJsonObject("gaol")).map(Recording::result),
        Optional.ofNullable(line.get("because")).map(JsonElement::getAsString));
  }

  /** What we are to say. */
  String expected() {
    return ours.orElse(nomads);
  }

  private static String result(JsonObject line) {
    if (line.has("error")) {
      return ERROR;
    }
    String type = line.get("type").getAsString();
    return line.has("unknown") ? "unknown" : show(RecordedType.of(type), line.get("value"));
  }

  // ---- showing

  /**
   * A value with the kinds of its collections: {@code list["a"]}, {@code tuple["a", 1]}, {@code
   * map{a = 1}}, {@code object{a = 1}}.
   */
  private static String show(RecordedType type, JsonElement value) {
    if (value.isJsonNull()) {
      return "null";
    }
    return switch (type.name()) {
      case "string" -> quoted(value.getAsString());
      case "number" ->
          value.getAsJsonPrimitive().isString()
              ? value.getAsString()
              : Value.of(value.getAsBigDecimal()).toString();
      case "bool" -> String.valueOf(value.getAsBoolean());
      case "list", "set", "tuple" -> {
        int[] index = {0};
        yield value.getAsJsonArray().asList().stream()
            .map(element -> show(type.element(index[0]++), element))
            .collect(Collectors.joining(", ", type.name() + "[", "]"));
      }
      case "map", "object" ->
          showAttributes(
              type.name(),
              value.getAsJsonObject().entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          Map.Entry::getKey,
                          entry -> show(type.attribute(entry.getKey()), entry.getValue()))));
      default -> throw new AssertionError(type);
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"';
  }

  private static String showAttributes(String kind, Map<String, String> attributes) {
    return new TreeMap<>(attributes)
        .entrySet().stream()
            .map(entry -> entry.getKey() + " = " + entry.getValue())
            .collect(Collectors.joining(", ", kind + "{", "}"));
  }

  /** One of our values, in the same form. */
  static String show(Value value) {
    return switch (value) {
      case Value.Null _ -> "null";
      case Value.Bool(boolean bool) -> String.valueOf(bool);
      case Value.Num number -> number.toString();
      case Value.Text(String text) -> quoted(text);
      case Value.Unknown _ -> "unknown";
      case Value.Sequence sequence ->
          sequence.elements().stream()
              .map(Recording::show)
              .collect(Collectors.joining(", ", sequence.typeName() + "[", "]"));
      case Value.Mapping mapping ->
          showAttributes(
              mapping.typeName(),
              mapping.entries().entrySet().stream()
                  .collect(Collectors.toMap(Map.Entry::getKey, entry -> show(entry.getValue()))));
    };
  }
}
