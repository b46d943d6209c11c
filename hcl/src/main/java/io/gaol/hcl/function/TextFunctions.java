package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.any;
import static io.gaol.hcl.function.Parameter.number;
import static io.gaol.hcl.function.Parameter.text;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Functions of texts. */
final class TextFunctions {
  private static final int SMALL_NUMBER = 20;

  private TextFunctions() {}

  static void define(Map<String, Function> table) {
    Define.textToText(
        table, "chomp", "The text without the line ends at its end.", TextFunctions::chomp);
    Define.textToText(
        table, "lower", "The text in lower case.", text -> eachCase(text, Character::toLowerCase));
    Define.textToText(
        table, "upper", "The text in upper case.", text -> eachCase(text, Character::toUpperCase));
    Define.textToText(
        table, "title", "The text with every word beginning in upper case.", TextFunctions::title);
    Define.textToText(
        table,
        "trimspace",
        "The text without white space at its ends.",
        text -> trim(text, TextFunctions::isSpace));
    Define.textToText(table, "reverse", "The characters of a text, backwards.", Texts::reversed);
    Define.textToText(table, "strrev", "The characters of a text, backwards.", Texts::reversed);
    Define.function(
        table,
        "strlen",
        "How many characters a text has, as its reader counts them.",
        Types.NUMBER,
        List.of(text("str")),
        arguments -> Value.of(Texts.length(arguments.text(0))));
    Define.function(
        table,
        "substr",
        "The characters of a text from an offset on; a negative offset counts from the end, a"
            + " length of -1 is all the rest.",
        Types.STRING,
        List.of(text("str"), number("offset"), number("length")),
        TextFunctions::substr);
    Define.function(
        table,
        "indent",
        "The text with so many spaces before each of its lines but the first.",
        Types.STRING,
        List.of(number("spaces"), text("str")),
        TextFunctions::indent);
    Define.function(
        table,
        "trim",
        "The text without certain characters at its ends.",
        Types.STRING,
        List.of(text("str"), text("cutset")),
        arguments -> {
          String cutset = arguments.text(1);
          return Value.of(trim(arguments.text(0), c -> cutset.indexOf(c) >= 0));
        });
    Define.function(
        table,
        "trimprefix",
        "The text without a prefix, if it has it.",
        Types.STRING,
        List.of(text("str"), text("prefix")),
        arguments ->
            Value.of(
                arguments.text(0).startsWith(arguments.text(1))
                    ? arguments.text(0).substring(arguments.text(1).length())
                    : arguments.text(0)));
    Define.function(
        table,
        "trimsuffix",
        "The text without a suffix, if it has it.",
        Types.STRING,
        List.of(text("str"), text("suffix")),
        arguments ->
            Value.of(
                arguments.text(0).endsWith(arguments.text(1))
                    ? arguments
                        .text(0)
                        .substring(0, arguments.text(0).length() - arguments.text(1).length())
                    : arguments.text(0)));
    Define.function(
        table,
        "replace",
        "The text with every occurrence of a part replaced.",
        Types.STRING,
        List.of(text("str"), text("substr"), text("replace")),
        arguments -> replace(arguments.text(0), arguments.text(1), arguments.text(2)));
    Define.function(
        table,
        "regex_replace",
        "The text with every match of a regular expression (RE2) replaced; $1 or ${name} in the"
            + " replacement is what a group matched.",
        Types.STRING,
        List.of(text("str"), text("pattern"), text("replace")),
        TextFunctions::regexReplace);
    Define.variadic(
        table,
        "join",
        "The elements of lists as one text, with a separator between them.",
        Types.STRING,
        List.of(text("separator")),
        Parameter.of("lists", Define.TEXTS),
        TextFunctions::join);
    Define.function(
        table,
        "split",
        "The parts of a text between the occurrences of a separator; with an empty one, every"
            + " character.",
        Define.TEXTS,
        List.of(text("separator"), text("str")),
        arguments -> split(arguments.text(1), arguments.text(0)));
    Define.variadic(
        table,
        "format",
        "A text with values in the places of its verbs, as in %s, %d, %5.1f, %q, %v, %[1]s.",
        Types.STRING,
        List.of(text("format")),
        any("args").orNull().orUnknown(),
        arguments ->
            arguments.from(1).stream().allMatch(Value::isWhollyKnown)
                ? Value.of(Format.format(arguments.text(0), arguments.from(1)))
                : Value.unknown(Types.STRING));
    Define.variadic(
        table,
        "formatlist",
        "Like format, for every element of the lists among the values.",
        Define.TEXTS,
        List.of(text("format")),
        any("args").orNull().orUnknown(),
        TextFunctions::formatList);
  }

  private static String chomp(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }

  /** One code point for each, unlike {@link String#toUpperCase(Locale)}: "ß" stays. */
  private static String eachCase(String text, java.util.function.IntUnaryOperator change) {
    return text.codePoints()
        .map(change)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    boolean isStart = true;
    for (int c : text.codePoints().toArray()) {
      title.appendCodePoint(isStart ? Character.toTitleCase(c) : c);
      isStart = isSeparator(c);
    }
    return title.toString();
  }

  /** As the reference implementation tells words apart. */
  private static boolean isSeparator(int c) {
    if (c < 0x80) {
      return !Character.isLetterOrDigit(c) && c != '_';
    }
    return !Character.isLetterOrDigit(c) && isSpace(c);
  }

  private static boolean isSpace(int c) {
    return switch (c) {
      case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0 -> true;
      default -> Character.isSpaceChar(c);
    };
  }

  private static String trim(String text, java.util.function.IntPredicate isTrimmed) {
    int start = 0;
    int end = text.length();
    while (start < end && isTrimmed.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (end > start && isTrimmed.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static Value substr(Arguments arguments) throws FunctionException {
    String text = arguments.text(0);
    int offset = arguments.count(1);
    int length = arguments.count(2);
    if (offset < 0) {
      offset += Texts.length(text);
    } else if (length == 0) {
      return Value.of("");
    }
    String rest = text.substring(Texts.offset(text, Math.max(0, offset)));
    // A length of 0 after a negative offset is all the rest in the reference implementation too.
    return Value.of(length <= 0 ? rest : rest.substring(0, Texts.offset(rest, length)));
  }

  private static Value indent(Arguments arguments) throws FunctionException {
    int spaces = arguments.count(0);
    if (spaces < 0) {
      throw new FunctionException(0, "the number of spaces must not be negative");
    }
    String text = arguments.text(1);
    long lines = text.chars().filter(c -> c == '\n').count();
    Arguments.requireCharacters(text.length() + lines * spaces);
    return Value.of(lines == 0 ? text : text.replace("\n", "\n" + " ".repeat(spaces)));
  }

  private static Value replace(String text, String part, String with) throws FunctionException {
    long count;
    if (part.isEmpty()) {
      count = text.codePointCount(0, text.length()) + 1L;
    } else {
      count = 0;
      for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
        count++;
      }
    }
    Arguments.requireCharacters(text.length() + count * (with.length() - part.length()));
    if (!part.isEmpty()) {
      return Value.of(text.replace(part, with));
    }
    StringBuilder result = new StringBuilder(with);
    text.codePoints().forEach(c -> result.appendCodePoint(c).append(with));
    return Value.of(result.toString());
  }

  private static Value regexReplace(Arguments arguments) throws FunctionException {
    Pattern pattern = pattern(1, arguments.text(1));
    return Arguments.text(
        RegexReplacement.replaceAll(arguments.text(0), pattern, arguments.text(2)));
  }

  static Pattern pattern(int argument, String pattern) throws FunctionException {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new FunctionException(
          argument,
          "this is no regular expression of RE2: %s%s"
              .formatted(
                  e.getDescription(),
                  e.getPattern() == null ? "" : ": " + Texts.shortened(e.getPattern())));
    }
  }

  private static Value join(Arguments arguments) throws FunctionException {
    if (arguments.size() < 2) {
      throw new FunctionException("at least one list is needed");
    }
    if (!arguments.from(1).stream().allMatch(Value::isWhollyKnown)) {
      return Value.unknown(Types.STRING);
    }
    String separator = arguments.text(0);
    StringBuilder text = new StringBuilder();
    boolean isFirst = true;
    for (int i = 1; i < arguments.size(); i++) {
      for (Value element : arguments.elements(i)) {
        if (!(element instanceof Value.Text(String part))) {
          throw new FunctionException(i, "an element is null, which cannot be joined");
        }
        Arguments.requireCharacters((long) text.length() + separator.length() + part.length());
        text.append(isFirst ? "" : separator).append(part);
        isFirst = false;
      }
    }
    return Value.of(text.toString());
  }

  private static Value split(String text, String separator) throws FunctionException {
    List<Value> parts = new ArrayList<>();
    if (separator.isEmpty()) {
      text.codePoints().mapToObj(Character::toString).map(Value::of).forEach(parts::add);
    } else {
      int start = 0;
      for (int at = text.indexOf(separator);
          at >= 0;
          at = text.indexOf(separator, at + separator.length())) {
        parts.add(Value.of(text.substring(start, at)));
        start = at + separator.length();
      }
      parts.add(Value.of(text.substring(start)));
    }
    Arguments.requireElements(parts.size());
    return new Value.ListOf(Types.STRING, parts);
  }

  private static Value formatList(Arguments arguments) throws FunctionException {
    List<Value> given = arguments.from(1);
    int length = -1;
    int decidedBy = -1;
    for (int i = 0; i < given.size(); i++) {
      if (!(given.get(i) instanceof Value.Sequence sequence)) {
        continue;
      }
      int size = sequence.elements().size();
      if (length >= 0 && size != length) {
        throw new FunctionException(
            i + 1,
            "it has %d elements, but argument %d has %d".formatted(size, decidedBy + 1, length));
      }
      if (length < 0) {
        length = size;
        decidedBy = i + 1;
      }
    }
    if (given.stream().anyMatch(TextFunctions::isOfUnknownLength)) {
      return Value.unknown(Define.TEXTS);
    }
    List<Value> texts = new ArrayList<>();
    long characters = 0;
    for (int i = 0; i < (length < 0 ? 1 : length); i++) {
      List<Value> values = new ArrayList<>();
      for (Value value : given) {
        values.add(value instanceof Value.Sequence list ? list.elements().get(i) : value);
      }
      if (values.stream().allMatch(Value::isWhollyKnown)) {
        String text = Format.format(arguments.text(0), values);
        characters += text.length() + SMALL_NUMBER;
        Arguments.requireCharacters(characters);
        texts.add(Value.of(text));
      } else {
        texts.add(Value.unknown(Types.STRING));
      }
    }
    return new Value.ListOf(Types.STRING, texts);
  }

  private static boolean isOfUnknownLength(Value value) {
    return value instanceof Value.Unknown(Type type) && !(type instanceof Type.Primitive);
  }
}
