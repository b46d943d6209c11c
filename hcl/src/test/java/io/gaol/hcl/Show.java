package io.gaol.hcl;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as short text, so that tables of tests stay readable: {@code ["a", 1, {k = null}]}. */
final class Show {
  private Show() {}

  static String value(Value value) {
    return switch (value) {
      case Value.Null(Type type) ->
          type.equals(Types.ANY) ? "null" : "null(" + type.asWritten() + ")";
      case Value.Unknown(Type type) -> "unknown(" + type.asWritten() + ")";
      case Value.Bool(boolean bool) -> Boolean.toString(bool);
      case Value.Num number -> number.toString();
      case Value.Text(String text) ->
          '"' + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"';
      case Value.Tuple(var elements) -> elements("[", elements);
      case Value.ListOf(var type, var elements) -> elements("list[", elements, type);
      case Value.SetOf(var type, var elements) -> elements("set[", elements, type);
      case Value.Obj(var attributes) -> entries("{", attributes);
      case Value.MapOf(var type, var entries) ->
          entries.isEmpty() ? "map{:" + type.asWritten() + "}" : entries("map{", entries);
    };
  }

  private static String elements(String open, List<Value> elements) {
    return elements.stream().map(Show::value).collect(Collectors.joining(", ", open, "]"));
  }

  private static String elements(String open, List<Value> elements, Type type) {
    return elements.isEmpty() ? open + ":" + type.asWritten() + "]" : elements(open, elements);
  }

  private static String entries(String open, Map<String, Value> entries) {
    return entries.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + " = " + value(entry.getValue()))
        .collect(Collectors.joining(", ", open, "}"));
  }
}
