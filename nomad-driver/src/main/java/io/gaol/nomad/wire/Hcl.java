package io.gaol.nomad.wire;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as expressions of HCL. */
final class Hcl {
  private Hcl() {}

  /**
   * The expression whose value this is.
   *
   * @param value null, a string, a number, a boolean, a list or a map
   * @throws IllegalArgumentException if it is something else
   */
  static String expression(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> quoted(text);
      case Boolean flag -> flag.toString();
      case BigDecimal number -> number.toString();
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case List<?> list ->
          list.stream().map(Hcl::expression).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(
                  entry ->
                      quoted(String.valueOf(entry.getKey())) + " = " + expression(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default ->
          throw new IllegalArgumentException(
              "a literal is null, a string, a number, a boolean, a list or a map, not a "
                  + value.getClass().getName());
    };
  }

  /**
   * A string in quotes, in which nothing is a template. The signs that begin one are given by their
   * number: doubling them, as HCL has it too, means something else after another such sign.
   */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          boolean template =
              (c == '$' || c == '%') && i + 1 < text.length() && text.charAt(i + 1) == '{';
          if (template || c < ' ' || c == 0x7f) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
