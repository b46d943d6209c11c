package io.gaol.hcl;

import java.util.stream.Collectors;

/** Values as short text, so that tables of tests stay readable: {@code ["a", 1, {k = null}]}. */
final class Show {
  private Show() {}

  static String value(Value value) {
    return switch (value) {
      case Value.Null _ -> "null";
      case Value.Bool(boolean bool) -> Boolean.toString(bool);
      case Value.Num number -> number.toString();
      case Value.Text(String text) ->
          '"' + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"';
      case Value.Tuple(var elements) ->
          elements.stream().map(Show::value).collect(Collectors.joining(", ", "[", "]"));
      case Value.Obj(var attributes) ->
          attributes.entrySet().stream()
              .map(entry -> entry.getKey() + " = " + value(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }
}
