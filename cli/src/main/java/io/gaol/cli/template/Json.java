package io.gaol.cli.template;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.gaol.cli.template.GoTypes.Element;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** JSON as Go reads and writes it: numbers are floating point, keys are sorted. */
final class Json {
  private static final int DEEPEST = 200;

  private final JsonReader reader;
  private int count;

  private Json(JsonReader reader) {
    this.reader = reader;
  }

  /** The value that a text of JSON is. */
  static Object parse(String bytes) throws FunctionException {
    try (JsonReader reader = new JsonReader(new StringReader(ByteText.text(bytes)))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(DEEPEST);
      Object value = new Json(reader).value();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new FunctionException("This is not JSON: something follows the value");
      }
      return GoTypes.concrete(value);
    } catch (EOFException end) {
      throw new FunctionException("This is not JSON: it ends too early");
    } catch (MalformedJsonException wrong) {
      throw new FunctionException("This is not JSON: " + firstLine(wrong.getMessage()));
    } catch (IOException wrong) {
      throw new FunctionException("This is not JSON: " + wrong.getMessage());
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private Object value() throws IOException, FunctionException {
    Rendering.requireElements(++count);
    return switch (reader.peek()) {
      case NULL -> {
        reader.nextNull();
        yield GoTypes.NIL;
      }
      case BOOLEAN -> reader.nextBoolean();
      case STRING -> ByteText.of(reader.nextString());
      case NUMBER -> number(reader.nextString());
      case BEGIN_ARRAY -> array();
      case BEGIN_OBJECT -> object();
      default -> throw new FunctionException("This is not JSON");
    };
  }

  private static double number(String text) throws FunctionException {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new FunctionException("The number " + text + " is too large");
    }
    return value;
  }

  private Sequence array() throws IOException, FunctionException {
    List<Object> values = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      values.add(value());
    }
    reader.endArray();
    return Sequence.any(values);
  }

  private Mapping object() throws IOException, FunctionException {
    Map<Object, Object> values = new HashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = ByteText.of(reader.nextName());
      values.put(key, value());
    }
    reader.endObject();
    return Mapping.any(values);
  }

  /**
   * A value as JSON.
   *
   * @param pretty on several lines, indented by two spaces
   * @param escape whether {@code <>&} are escaped, as Go does it for HTML's sake
   */
  static String write(Object value, boolean pretty, boolean escape) throws FunctionException {
    Output out = new Output();
    new Writer(out, pretty, escape).write(value, 0);
    return out.toString();
  }

  private record Writer(Output out, boolean pretty, boolean escape) {
    void write(Object value, int depth) throws FunctionException {
      if (depth > DEEPEST) {
        throw new FunctionException("The value is nested more than " + DEEPEST + " levels deep");
      }
      switch (GoTypes.concrete(value)) {
        case null -> out.append("null");
        case Boolean bool -> out.append(bool.toString());
        case Int number -> out.append(number.toString());
        case Double number -> out.append(number(number));
        case String text -> string(text);
        case Sequence list -> sequence(list, depth);
        case Mapping map -> mapping(map, depth);
        default -> throw new FunctionException("JSON has no " + GoTypes.name(value));
      }
    }

    private void sequence(Sequence list, int depth) throws FunctionException {
      String between = "[";
      for (Object element : list.values()) {
        out.append(between);
        newLine(depth + 1);
        write(element, depth + 1);
        between = ",";
      }
      if (list.values().isEmpty()) {
        out.append("[]");
      } else {
        newLine(depth);
        out.append(']');
      }
    }

    private void mapping(Mapping map, int depth) throws FunctionException {
      if (map.key() != Element.STRING) {
        throw new FunctionException(
            "JSON has no map whose keys are of any type, as parseYAML gives it");
      }
      String between = "{";
      for (Object key : map.sortedKeys()) {
        out.append(between);
        newLine(depth + 1);
        string((String) key);
        out.append(pretty ? ": " : ":");
        write(map.get(key), depth + 1);
        between = ",";
      }
      if (map.values().isEmpty()) {
        out.append("{}");
      } else {
        newLine(depth);
        out.append('}');
      }
    }

    private void newLine(int depth) throws FunctionException {
      if (pretty) {
        out.append('\n').repeat(' ', 2 * depth);
      }
    }

    private static String number(double number) throws FunctionException {
      if (!Double.isFinite(number)) {
        throw new FunctionException("JSON has no " + GoFloat.format(number, 'g', -1));
      }
      double size = Math.abs(number);
      if (size == 0 || (size >= 1e-6 && size < 1e21)) {
        return GoFloat.format(number, 'f', GoFloat.SHORTEST);
      }
      // Exponents have no leading zero here.
      return GoFloat.format(number, 'e', GoFloat.SHORTEST).replace("e-0", "e-");
    }

    private void string(String bytes) throws FunctionException {
      out.append('"');
      for (int i = 0; i < bytes.length(); ) {
        ByteText.Decoded decoded = ByteText.decode(bytes, i);
        int c = decoded.codePoint();
        String shown = bytes.substring(i, i + decoded.length());
        out.append(
            switch (c) {
              case '"' -> "\\\"";
              case '\\' -> "\\\\";
              case '\b' -> "\\b";
              case '\f' -> "\\f";
              case '\n' -> "\\n";
              case '\r' -> "\\r";
              case '\t' -> "\\t";
              case '<', '>', '&' -> escape ? "\\u%04x".formatted(c) : shown;
              case 0x2028, 0x2029 -> "\\u%04x".formatted(c);
              default -> c < ' ' ? "\\u%04x".formatted(c) : decoded.valid() ? shown : "\\ufffd";
            });
        i += decoded.length();
      }
      out.append('"');
    }
  }
}
