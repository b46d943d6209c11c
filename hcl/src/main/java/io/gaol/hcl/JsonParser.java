package io.gaol.hcl;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses JSON (RFC 8259) by recursive descent. Its first error ends it: what follows a misplaced
 * quote or comma can only be guessed.
 */
final class JsonParser {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][+-]?[0-9]++)?");
  private static final String STARTS =
      "A value is an object, an array, a string in double quotes, a number, true, false or null.";
  private static final List<String> WORDS = List.of("true", "false", "null");

  private final Source source;
  private final String text;
  private int at;
  private int depth;

  private JsonParser(Source source) {
    this.source = source;
    this.text = source.text();
    this.at = source.begin();
  }

  static JsonNode parse(Source source) {
    source.requireUnicode();
    JsonParser parser = new JsonParser(source);
    JsonNode value = parser.value("a value");
    parser.skipSpace();
    if (parser.at < parser.text.length()) {
      throw parser.error("The text must end after its value", "");
    }
    return value;
  }

  private JsonNode value(String expected) {
    skipSpace();
    int start = at;
    char c = peek();
    return switch (c) {
      case '{' -> nested(this::object);
      case '[' -> nested(this::array);
      case '"' -> string();
      case '-', '+', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> {
        int end = wordEnd(at);
        if (end == at) {
          throw error("Here %s is expected, not %s".formatted(expected, found()), advice(c));
        }
        at = end;
        yield word(text.substring(start, end), range(start, end));
      }
    };
  }

  private JsonNode nested(java.util.function.Supplier<JsonNode> parse) {
    depth++;
    if (depth > Parser.DEEPEST) {
      throw error("Nested more than %d levels deep".formatted(Parser.DEEPEST), "");
    }
    JsonNode node = parse.get();
    depth--;
    return node;
  }

  private JsonNode object() {
    int start = at++;
    List<JsonNode.Property> properties = new ArrayList<>();
    if (!consumeIf('}')) {
      do {
        properties.add(property(start));
      } while (another(start, '}', "object"));
    }
    return new JsonNode.Obj(List.copyOf(properties), range(start, at));
  }

  private JsonNode.Property property(int open) {
    skipSpace();
    if (at >= text.length()) {
      throw notClosed(open, "object");
    }
    if (peek() != '"') {
      throw error(
          "The name of a property is expected here, not " + found(),
          "'/#".indexOf(peek()) >= 0
              ? advice(peek())
              : "Names are strings in double quotes: \"name\": value.");
    }
    JsonNode.Str name = string();
    skipSpace();
    if (!consumeIf(':')) {
      throw error(
          "\":\" is expected after the name of a property, not " + found(),
          peek() == '=' ? "JSON writes \"name\": value; only HCL's own syntax has \"=\"." : "");
    }
    return new JsonNode.Property(name, value("the value of the property"));
  }

  private JsonNode array() {
    int start = at++;
    List<JsonNode> elements = new ArrayList<>();
    if (!consumeIf(']')) {
      do {
        elements.add(value("an element of the array"));
      } while (another(start, ']', "array"));
    }
    return new JsonNode.Arr(List.copyOf(elements), range(start, at));
  }

  /** Whether a comma follows, or the end of the object or array. */
  private boolean another(int open, char close, String what) {
    if (consumeIf(close)) {
      return false;
    }
    int comma = at;
    if (consumeIf(',')) {
      skipSpace();
      if (peek() == close && at < text.length()) {
        throw HclException.at(
            range(comma, comma + 1),
            "JSON has no comma after the last %s"
                .formatted(close == ']' ? "element of an array" : "property of an object"));
      }
      return true;
    }
    if (at >= text.length()) {
      throw notClosed(open, what);
    }
    throw error(
        "\",\" or \"%c\" is expected here, not %s".formatted(close, found()), advice(peek()));
  }

  private JsonNode word(String word, SourceRange range) {
    return switch (word) {
      case "true" -> new JsonNode.Bool(true, range);
      case "false" -> new JsonNode.Bool(false, range);
      case "null" -> new JsonNode.Null(range);
      default ->
          throw HclException.at(
              range,
              "\"%s\" is no value in JSON".formatted(abbreviated(word)),
              Names.nearest(word, WORDS)
                  .map("Did you mean %s?"::formatted)
                  .orElse("Strings are written in double quotes."));
    };
  }

  private JsonNode number() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    int end = at;
    while (end < text.length() && isNumeric(text.charAt(end))) {
      end++;
    }
    SourceRange range = range(at, end);
    if (!number.lookingAt() || number.end() != end) {
      throw HclException.at(
          range,
          "This is not a number in JSON",
          "Numbers are decimal, without a plus sign and without leading zeros: 42, -0.5, 1e3.");
    }
    at = end;
    return new JsonNode.Num(decimal(range), range);
  }

  private static BigDecimal decimal(SourceRange range) {
    String text = range.text();
    boolean negative = text.startsWith("-");
    try {
      BigDecimal value = Numbers.ofLiteral(negative ? text.substring(1) : text).orElseThrow();
      return negative ? value.negate() : value;
    } catch (ArithmeticException e) {
      throw HclException.at(range, "This number is too long: " + e.getMessage());
    }
  }

  // ---- strings

  private JsonNode.Str string() {
    int start = at++;
    StringBuilder value = new StringBuilder();
    int[] offsets = new int[16];
    while (true) {
      char c = peek();
      if (at >= text.length() || c == '\n' || c == '\r') {
        throw HclException.at(
            range(start, start + 1),
            "This string has no closing quote on its line",
            "Write \\n for a line end.");
      }
      if (value.length() + 2 >= offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      }
      offsets[value.length()] = at;
      if (c == '"') {
        at++;
        return new JsonNode.Str(
            Source.embedded(source, value.toString(), Arrays.copyOf(offsets, value.length() + 1)),
            range(start, at));
      }
      if (c < ' ') {
        throw error("A control character must be escaped", "Write \\u%04x.".formatted((int) c));
      }
      if (c == '\\') {
        value.append(escape());
      } else {
        value.append(c);
        at++;
      }
    }
  }

  private char escape() {
    int start = at;
    char selector = at + 1 < text.length() ? text.charAt(at + 1) : '\n';
    at += 2;
    return switch (selector) {
      case '"', '\\', '/' -> selector;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> codeUnit(start);
      default ->
          throw HclException.at(
              range(start, Math.min(start + 2, text.length())),
              "There is no such escape sequence",
              "There are \\\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\uXXXX; a backslash is"
                  + " written \\\\.");
    };
  }

  /** Half of a surrogate pair without the other half becomes a replacement character. */
  private char codeUnit(int start) {
    char unit = hexadecimal(start);
    at = start + 6;
    boolean paired =
        Character.isHighSurrogate(unit)
            ? text.startsWith("\\u", at) && Character.isLowSurrogate(hexadecimal(at))
            : Character.isLowSurrogate(unit)
                && start >= 6
                && text.startsWith("\\u", start - 6)
                && isHighSurrogate(start - 4);
    return Character.isSurrogate(unit) && !paired ? '\uFFFD' : unit;
  }

  private boolean isHighSurrogate(int digits) {
    return text.regionMatches(true, digits, "d8", 0, 2)
        || text.regionMatches(true, digits, "d9", 0, 2)
        || text.regionMatches(true, digits, "da", 0, 2)
        || text.regionMatches(true, digits, "db", 0, 2);
  }

  private char hexadecimal(int escape) {
    int end = escape + 2;
    while (end < text.length() && end < escape + 6 && Character.digit(text.charAt(end), 16) >= 0) {
      end++;
    }
    if (end < escape + 6) {
      throw HclException.at(range(escape, end), "4 hexadecimal digits are needed after \\u");
    }
    return (char) Integer.parseInt(text, escape + 2, end, 16);
  }

  // ---- characters

  /** The char that is next; at the end of the text a NUL, which stands nowhere in JSON. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  /** Goes past white space and one char, if it is this one. */
  private boolean consumeIf(char c) {
    if (c == '}' || c == ']' || c == ',') {
      skipSpace();
    }
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private int wordEnd(int from) {
    int end = from;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isNumeric(char c) {
    return Characters.isDigit(c) || "+-.eE".indexOf(c) >= 0;
  }

  private String found() {
    if (at >= text.length()) {
      return "the end of the text";
    }
    int end = wordEnd(at);
    return end > at
        ? "\"%s\"".formatted(abbreviated(text.substring(at, end)))
        : Characters.describe(text.codePointAt(at));
  }

  private static String abbreviated(String word) {
    return word.length() > 40 ? word.substring(0, 40) + "…" : word;
  }

  private String advice(char c) {
    return switch (c) {
      case '\'' -> "Strings are written in double quotes (\").";
      case '/', '#' ->
          "JSON has no comments; in an object that is a body, a property \"//\" is one.";
      case '=' -> "JSON writes \"name\": value; only HCL's own syntax has \"=\".";
      case '<' -> "JSON has no heredocs; write \\n for a line end within a string.";
      case '}', ']', ',', ':' -> STARTS;
      default -> "";
    };
  }

  private HclException notClosed(int open, String what) {
    return HclException.at(
        range(open, open + 1),
        "This %s is not closed".formatted(what),
        "The text ends before its \"%c\".".formatted(what.equals("array") ? ']' : '}'));
  }

  private HclException error(String summary, String detail) {
    int end = at < text.length() ? at + Character.charCount(text.codePointAt(at)) : at;
    return HclException.at(range(at, end), summary, detail);
  }

  private SourceRange range(int start, int end) {
    return new SourceRange(source, start, end);
  }
}
