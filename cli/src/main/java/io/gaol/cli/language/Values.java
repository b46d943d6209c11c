package io.gaol.cli.language;

import io.gaol.hcl.Value;
import java.util.Optional;

/** What is often asked of a value. */
public final class Values {
  private static final int SHOWN = 60;

  private Values() {}

  /** A primitive value as a text; nothing for all others. */
  public static Optional<String> text(Value value) {
    return switch (value) {
      case Value.Text(String text) -> Optional.of(text);
      case Value.Num number -> Optional.of(number.toString());
      case Value.Bool(boolean flag) -> Optional.of(Boolean.toString(flag));
      default -> Optional.empty();
    };
  }

  /** A value as an error calls it: a primitive one in quotes, of others what they are. */
  public static String describe(Value value) {
    if (value instanceof Value.Null) {
      return "null";
    }
    return text(value)
        .map(text -> text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text)
        .map(text -> '"' + text + '"')
        .orElseGet(() -> (value instanceof Value.Mapping ? "an " : "a ") + kind(value));
  }

  private static String kind(Value value) {
    return switch (value) {
      case Value.Mapping _ -> "object";
      case Value.Sequence _ -> "list";
      default -> value.typeName();
    };
  }
}
