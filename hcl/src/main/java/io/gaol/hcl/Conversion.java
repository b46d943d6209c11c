package io.gaol.hcl;

import io.gaol.hcl.Value.Bool;
import io.gaol.hcl.Value.Num;
import io.gaol.hcl.Value.Text;
import java.util.Optional;

/** The conversions between primitive values; nothing where a value has no counterpart. */
final class Conversion {
  private Conversion() {}

  static Optional<Text> toText(Value value) {
    return switch (value) {
      case Text text -> Optional.of(text);
      case Num number -> Optional.of(new Text(number.toString()));
      case Bool(boolean bool) -> Optional.of(new Text(Boolean.toString(bool)));
      case Value.Null _, Value.Tuple _, Value.Obj _ -> Optional.empty();
    };
  }

  static Optional<Num> toNumber(Value value) {
    return switch (value) {
      case Num number -> Optional.of(number);
      case Text(String text) -> Numbers.ofText(text).map(Num::new);
      case Value.Null _, Bool _, Value.Tuple _, Value.Obj _ -> Optional.empty();
    };
  }

  static Optional<Bool> toBool(Value value) {
    return switch (value) {
      case Bool bool -> Optional.of(bool);
      case Text(String text) ->
          switch (text) {
            case "true", "1" -> Optional.of(new Bool(true));
            case "false", "0" -> Optional.of(new Bool(false));
            default -> Optional.empty();
          };
      case Value.Null _, Num _, Value.Tuple _, Value.Obj _ -> Optional.empty();
    };
  }
}
