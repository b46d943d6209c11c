package io.gaol.cli.template;

import io.gaol.cli.template.GoTypes.Element;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.util.ArrayList;
import java.util.List;

/** Values as TOML, in the layout that consul-template's library gives them. */
final class Toml {
  private static final int DEEPEST = 200;

  private final Output out = new Output();

  private Toml() {}

  /** A map as TOML; values that are nil are left out. */
  static String write(Object value) throws FunctionException {
    Toml toml = new Toml();
    switch (value) {
      case null -> throw new FunctionException("TOML has no nil");
      case Mapping map -> toml.table(List.of(), map);
      case Sequence list when isTables(list) ->
          throw new FunctionException("TOML begins with a map");
      default -> toml.element(value, 0);
    }
    return toml.out.toString();
  }

  private void entry(List<String> key, Object value) throws FunctionException {
    if (key.size() > DEEPEST) {
      throw new FunctionException("The value is nested more than " + DEEPEST + " levels deep");
    }
    switch (value) {
      case Mapping map -> {
        if (key.size() == 1) {
          newLine();
        }
        indent(key);
        out.append('[').append(path(key)).append("]\n");
        table(key, map);
      }
      case Sequence list when isTables(list) -> {
        for (Object element : list.values()) {
          newLine();
          indent(key);
          out.append("[[").append(path(key)).append("]]\n");
          table(key, (Mapping) element);
        }
      }
      default -> {
        indent(key);
        out.append(quotedIfNeeded(key.getLast())).append(" = ");
        element(value, key.size());
        out.append('\n');
      }
    }
  }

  /** The entries of a map: first those that are no tables, for they would belong to one. */
  private void table(List<String> key, Mapping map) throws FunctionException {
    requireTextKeys(map);
    for (boolean tables : new boolean[] {false, true}) {
      for (Object name : map.sortedKeys()) {
        Object value = map.get(name);
        boolean table =
            value instanceof Mapping || (value instanceof Sequence list && isTables(list));
        if (value != GoTypes.NIL && table == tables) {
          List<String> inner = new ArrayList<>(key);
          inner.add((String) name);
          entry(inner, value);
        }
      }
    }
  }

  private static void requireTextKeys(Mapping map) throws FunctionException {
    if (map.key() != Element.STRING) {
      throw new FunctionException(
          "TOML has no map whose keys are of any type, as parseYAML gives it");
    }
  }

  private static boolean isTables(Sequence list) throws FunctionException {
    boolean all = !list.values().isEmpty();
    for (Object value : list.values()) {
      if (value == GoTypes.NIL) {
        throw new FunctionException("TOML has no nil in a list");
      }
      all &= value instanceof Mapping;
    }
    return all;
  }

  private void element(Object value, int depth) throws FunctionException {
    if (depth > DEEPEST) {
      throw new FunctionException("The value is nested more than " + DEEPEST + " levels deep");
    }
    switch (value) {
      case String text -> string(text);
      case Boolean bool -> out.append(bool.toString());
      case Int number -> out.append(number.toString());
      case Double number -> out.append(number(number));
      case Sequence list -> {
        isTables(list);
        out.append('[');
        String between = "";
        for (Object element : list.values()) {
          out.append(between);
          element(element, depth + 1);
          between = ", ";
        }
        out.append(']');
      }
      case Mapping map -> inline(map, depth);
      default -> throw new FunctionException("TOML has no " + GoTypes.name(value));
    }
  }

  private void inline(Mapping map, int depth) throws FunctionException {
    requireTextKeys(map);
    List<Object> keys = new ArrayList<>();
    for (boolean tables : new boolean[] {false, true}) {
      for (Object name : map.sortedKeys()) {
        Object value = map.get(name);
        boolean table =
            value instanceof Mapping || (value instanceof Sequence list && isTables(list));
        if (value != GoTypes.NIL && table == tables) {
          keys.add(name);
        }
      }
    }
    out.append('{');
    String between = "";
    for (Object name : keys) {
      out.append(between).append(quotedIfNeeded((String) name)).append(" = ");
      element(map.get(name), depth + 1);
      between = ", ";
    }
    out.append('}');
  }

  private static String number(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number < 0 ? "-inf" : "inf";
    }
    String digits = GoFloat.format(number, 'f', GoFloat.SHORTEST);
    return digits.contains(".") ? digits : digits + ".0";
  }

  private void newLine() throws FunctionException {
    if (out.length() > 0) {
      out.append('\n');
    }
  }

  private void indent(List<String> key) throws FunctionException {
    out.repeat(' ', 2 * (key.size() - 1));
  }

  private static String path(List<String> key) throws FunctionException {
    List<String> parts = new ArrayList<>();
    for (String part : key) {
      parts.add(quotedIfNeeded(part));
    }
    return String.join(".", parts);
  }

  private static String quotedIfNeeded(String key) throws FunctionException {
    boolean bare =
        !key.isEmpty()
            && key.chars()
                .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-'));
    if (bare) {
      return key;
    }
    Toml toml = new Toml();
    toml.string(key);
    return toml.out.toString();
  }

  private void string(String bytes) throws FunctionException {
    out.append('"');
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      out.append(
          switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            default -> c < ' ' || c == 0x7F ? "\\u%04x".formatted((int) c) : Character.toString(c);
          });
    }
    out.append('"');
  }
}
