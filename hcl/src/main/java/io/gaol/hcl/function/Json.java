package io.gaol.hcl.function;

import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON texts (RFC 8259) from and to values. Names are written in the order of their code points.
 */
final class Json {
  private static final int DEEPEST = 500;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
  private static final String HEX = "0123456789abcdef";

  private final String text;
  private int at;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  // ---- writing

  static String encode(Value value) throws FunctionException {
    StringBuilder json = new StringBuilder();
    append(json, value);
    return json.toString();
  }

  private static void append(StringBuilder json, Value value) throws FunctionException {
    switch (value) {
      case Value.Null _ -> json.append("null");
      case Value.Bool(boolean bool) -> json.append(bool);
      case Value.Num number -> json.append(number);
      case Value.Text(String string) -> quote(json, string);
      case Value.Sequence sequence -> {
        char before = '[';
        for (Value element : sequence.elements()) {
          append(json.append(before), element);
          before = ',';
        }
        json.append(before == '[' ? "[]" : "]");
      }
      case Value.Mapping mapping -> {
        char before = '{';
        for (Map.Entry<String, Value> entry : mapping.sortedEntries()) {
          quote(json.append(before), entry.getKey());
          append(json.append(':'), entry.getValue());
          before = ',';
        }
        json.append(before == '{' ? "{}" : "}");
      }
      case Value.Unknown _ -> throw new FunctionException("a part of the value is not known yet");
    }
    Arguments.requireCharacters(json.length());
  }

  /** What HTML and JavaScript would misread is escaped too, as Go's encoding/json does. */
  private static void quote(StringBuilder json, String string) {
    json.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> escape(json, c);
        default -> {
          if (c < ' ') {
            escape(json, c);
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  private static void escape(StringBuilder json, char c) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      json.append(HEX.charAt((c >> shift) & 0xF));
    }
  }

  // ---- reading

  static Value decode(String text) throws FunctionException {
    Json json = new Json(text);
    Value value = json.value();
    json.skipSpace();
    if (json.at < text.length()) {
      throw json.wrong("the document must end here");
    }
    return value;
  }

  private Value value() throws FunctionException {
    skipSpace();
    if (at == text.length()) {
      throw wrong("a value is expected, but the text ends");
    }
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> Value.of(string());
      case 't' -> word("true", Value.of(true));
      case 'f' -> word("false", Value.of(false));
      case 'n' -> word("null", Value.ofNull());
      default -> number();
    };
  }

  private Value word(String word, Value value) throws FunctionException {
    if (!text.startsWith(word, at)) {
      throw wrong("a value is expected");
    }
    at += word.length();
    return value;
  }

  private Value number() throws FunctionException {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw wrong("a value is expected");
    }
    at = number.end();
    return Arguments.convert(0, Value.of(number.group()), Types.NUMBER);
  }

  private Value array() throws FunctionException {
    List<Value> elements = new ArrayList<>();
    open();
    if (!closes(']')) {
      do {
        elements.add(value());
      } while (continues(']'));
    }
    Arguments.requireElements(elements.size());
    depth--;
    return Value.of(elements);
  }

  private Value object() throws FunctionException {
    Map<String, Value> members = new LinkedHashMap<>();
    open();
    if (!closes('}')) {
      do {
        skipSpace();
        if (at == text.length() || text.charAt(at) != '"') {
          throw wrong("a name in quotes is expected");
        }
        String name = string();
        skipSpace();
        if (at == text.length() || text.charAt(at) != ':') {
          throw wrong("\":\" is expected");
        }
        at++;
        Value value = value();
        Value before = members.put(name, value);
        if (before != null && !before.type().equals(value.type())) {
          throw wrong("\"%s\" is there twice, with different types".formatted(name));
        }
      } while (continues('}'));
    }
    depth--;
    return Value.of(members);
  }

  private void open() throws FunctionException {
    if (++depth > DEEPEST) {
      throw wrong("nested more than %d levels deep".formatted(DEEPEST));
    }
    at++;
  }

  private boolean closes(char close) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == close) {
      at++;
      return true;
    }
    return false;
  }

  private boolean continues(char close) throws FunctionException {
    if (closes(close)) {
      return false;
    }
    if (at == text.length() || text.charAt(at) != ',') {
      throw wrong("\",\" or \"%c\" is expected".formatted(close));
    }
    at++;
    return true;
  }

  private String string() throws FunctionException {
    int start = at++;
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw wrong("a control character must be escaped");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    if (at >= text.length()) {
      at = start;
      throw wrong("this string has no end");
    }
    at++;
    return withoutLoneSurrogates(string.toString());
  }

  private char escaped() throws FunctionException {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
          if (digit < 0) {
            throw wrong("four hexadecimal digits are expected after \\u");
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> throw wrong("there is no such escape sequence");
    };
  }

  private static String withoutLoneSurrogates(String string) {
    if (string.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return string;
    }
    return string
        .codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private FunctionException wrong(String what) {
    int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int column = at - text.lastIndexOf('\n', Math.max(0, at - 1));
    return new FunctionException(
        0, "this is not JSON at line %d, column %d: %s".formatted(line, column, what));
  }
}
