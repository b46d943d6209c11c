package io.gaol.cli.template;

import io.gaol.cli.template.Function.Parameter;

/** What can be called on {@code scratch}. */
final class ScratchMethods {
  private ScratchMethods() {}

  /** The method of a name, or null. */
  static Function of(Scratch scratch, String name) {
    return switch (name) {
      case "Key" -> Function.of(name, (a, _) -> scratch.has(a.text()), Parameter.STRING);
      case "Get" -> Function.of(name, (a, _) -> scratch.get(a.text()), Parameter.STRING);
      case "Set" ->
          Function.of(
              name,
              (a, _) -> {
                scratch.set(a.text(), a.get(1));
                return "";
              },
              Parameter.STRING,
              Parameter.ANY);
      case "SetX" ->
          Function.of(
              name,
              (a, _) -> {
                scratch.setIfAbsent(a.text(), a.get(1));
                return "";
              },
              Parameter.STRING,
              Parameter.ANY);
      case "MapSet", "MapSetX" ->
          Function.of(
              name,
              (a, _) -> {
                scratch.setInMap(a.text(), a.text(1), a.get(2), name.equals("MapSet"));
                return "";
              },
              Parameter.STRING,
              Parameter.STRING,
              Parameter.ANY);
      case "MapValues" ->
          Function.of(name, (a, _) -> scratch.mapValues(a.text()), Parameter.STRING);
      default -> null;
    };
  }
}
