package io.gaol.hcl.function;

import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML documents from and to values. What a plain scalar means is as in YAML 1.1 (yes, no, on and
 * off are truth values), which the reference implementation keeps to.
 */
final class Yaml {
  private static final String TAGS = "tag:yaml.org,2002:";
  private static final Set<String> TRUE = Set.of("y", "yes", "true", "on");
  private static final Set<String> FALSE = Set.of("n", "no", "false", "off");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
  private static final Pattern OTHER_BASE = Pattern.compile("0(?:o([0-7]+)|x([0-9a-fA-F]+))");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
              + "(?:(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))"
              + "|(?: ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\\.[0-9]+)?))?");
  private static final int DEEPEST = 100;

  /** A longer one is written after a question mark. */
  private static final int LONGEST_KEY = 128;

  private static final int MOST_VALUES = 1_000_000;

  private final Iterator<Event> events;
  private final Map<String, Value> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private int values;
  private int depth;

  private Yaml(Iterator<Event> events) {
    this.events = events;
  }

  // ---- reading

  static Value decode(String text) throws FunctionException {
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setParseComments(false).build();
    try {
      Yaml yaml = new Yaml(new Parse(settings).parseString(text).iterator());
      yaml.events.next();
      if (yaml.events.next().getEventId() == Event.ID.StreamEnd) {
        return emptyDocument(text);
      }
      Value value = yaml.value(yaml.events.next());
      yaml.events.next();
      if (yaml.events.next().getEventId() != Event.ID.StreamEnd) {
        throw new FunctionException(0, "only one YAML document is allowed");
      }
      return value;
    } catch (YamlEngineException e) {
      throw new FunctionException(0, "this is not YAML: " + firstLines(e.getMessage()));
    }
  }

  private static Value emptyDocument(String text) throws FunctionException {
    throw new FunctionException(
        0, text.isEmpty() ? "the YAML text is empty" : "there is no YAML document in the text");
  }

  private static String firstLines(String message) {
    return message.lines().limit(2).map(String::strip).reduce((a, b) -> a + ", " + b).orElse("");
  }

  private Value value(Event event) throws FunctionException {
    if (++values > MOST_VALUES) {
      throw wrong(event, "there are too many values");
    }
    if (event instanceof AliasEvent alias) {
      return aliased(alias);
    }
    String anchor =
        event instanceof NodeEvent node ? node.getAnchor().map(Object::toString).orElse("") : "";
    boolean isNew = !anchor.isEmpty() && open.add(anchor);
    if (++depth > DEEPEST) {
      throw wrong(event, "nested more than %d levels deep".formatted(DEEPEST));
    }
    Value value =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent sequence -> sequence(sequence);
          case MappingStartEvent mapping -> mapping(mapping);
          default -> throw wrong(event, "a value is expected");
        };
    depth--;
    if (!anchor.isEmpty()) {
      anchors.put(anchor, value);
      if (isNew) {
        open.remove(anchor);
      }
    }
    return value;
  }

  private Value aliased(AliasEvent alias) throws FunctionException {
    String name = alias.getAlias().toString();
    if (open.contains(name)) {
      throw wrong(alias, "the anchor \"%s\" is used in its own definition".formatted(name));
    }
    Value value = anchors.get(name);
    if (value == null) {
      throw wrong(alias, "there is no anchor \"%s\"".formatted(name));
    }
    values += size(value);
    if (values > MOST_VALUES) {
      throw wrong(alias, "there are too many values");
    }
    return value;
  }

  /** Few aliases of aliases can stand for very many values. */
  private static int size(Value value) {
    return switch (value) {
      case Value.Sequence sequence -> 1 + sum(sequence.elements());
      case Value.Mapping mapping -> 1 + sum(mapping.entries().values());
      default -> 1;
    };
  }

  private static int sum(Iterable<Value> parts) {
    int sum = 0;
    for (Value part : parts) {
      sum += size(part);
    }
    return sum;
  }

  private Value sequence(SequenceStartEvent start) throws FunctionException {
    requireTag(start, start.getTag().orElse(""), "seq");
    List<Value> elements = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      elements.add(value(event));
    }
    return Value.of(elements);
  }

  private Value mapping(MappingStartEvent start) throws FunctionException {
    requireTag(start, start.getTag().orElse(""), "map");
    Map<String, Value> entries = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      if (!(event instanceof ScalarEvent key)) {
        throw wrong(event, "a key is a string");
      }
      if (key.getTag().isEmpty() && key.getValue().equals("<<")) {
        merge(key, entries, value(events.next()));
        continue;
      }
      Value name = scalar(key);
      if (name instanceof Value.Null) {
        throw wrong(key, "a key cannot be null");
      }
      String text = ((Value.Text) Arguments.convert(0, name, Types.STRING)).value();
      entries.put(text, value(events.next()));
    }
    return Value.of(entries);
  }

  private static void merge(Event at, Map<String, Value> entries, Value merged)
      throws FunctionException {
    switch (merged) {
      case Value.Mapping mapping -> entries.putAll(mapping.entries());
      case Value.Sequence sequence -> {
        for (Value element : sequence.elements()) {
          if (!(element instanceof Value.Mapping mapping)) {
            throw wrong(at, "only mappings can be merged");
          }
          entries.putAll(mapping.entries());
        }
      }
      default -> throw wrong(at, "only mappings can be merged");
    }
  }

  private static void requireTag(Event at, String tag, String wanted) throws FunctionException {
    if (!tag.isEmpty() && !tag.equals(TAGS + wanted)) {
      throw wrong(at, "the tag %s is not supported here".formatted(tag));
    }
  }

  private static Value scalar(ScalarEvent scalar) throws FunctionException {
    String text = scalar.getValue();
    String tag = scalar.getTag().orElse("");
    if (tag.equals("!")) {
      return Value.of(text);
    }
    if (!tag.isEmpty() && !tag.startsWith(TAGS)) {
      throw wrong(scalar, "the tag %s is not supported".formatted(tag));
    }
    ScalarStyle style = scalar.getScalarStyle();
    boolean isQuoted = style == ScalarStyle.SINGLE_QUOTED || style == ScalarStyle.DOUBLE_QUOTED;
    if (isQuoted && !tag.equals(TAGS + "binary")) {
      return Value.of(text);
    }
    return switch (tag.isEmpty() ? "" : tag.substring(TAGS.length())) {
      case "" -> style == ScalarStyle.PLAIN ? plain(scalar, text) : Value.of(text);
      case "str" -> Value.of(text);
      case "binary" -> binary(scalar, text);
      case "null" -> Value.ofNull();
      case "bool" -> required(scalar, plain(scalar, text), Types.BOOL);
      case "int", "float" -> required(scalar, plain(scalar, text), Types.NUMBER);
      case "timestamp" -> timestamp(scalar, text);
      default -> throw wrong(scalar, "the tag %s is not supported".formatted(tag));
    };
  }

  private static Value required(Event at, Value value, Type type) throws FunctionException {
    if (!value.type().equals(type)) {
      throw wrong(at, "a %s is expected by the tag".formatted(type.asWritten()));
    }
    return value;
  }

  private static Value binary(Event at, String text) throws FunctionException {
    try {
      Base64.getDecoder().decode(text.replace("\n", ""));
      return Value.of(text);
    } catch (IllegalArgumentException _) {
      throw wrong(at, "this is not Base64");
    }
  }

  private static Value plain(Event at, String text) throws FunctionException {
    if (text.isEmpty() || text.equals("~") || isWord(text, "null")) {
      return Value.ofNull();
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (isWord(text, lower) && TRUE.contains(lower)) {
      return Value.of(true);
    }
    if (isWord(text, lower) && FALSE.contains(lower)) {
      return Value.of(false);
    }
    if (lower.equals(".nan") || lower.matches("[-+]?\\.inf")) {
      throw wrong(at, "there is no number " + text);
    }
    Value time = timeOrNull(text);
    if (time instanceof Value.Text) {
      return time;
    }
    if (DECIMAL.matcher(text).matches()) {
      return Arguments.convert(0, Value.of(text), Types.NUMBER);
    }
    Matcher other = OTHER_BASE.matcher(text);
    if (other.matches() && text.length() < 20) {
      boolean isOctal = other.group(1) != null;
      return Value.of(
          new BigDecimal(new BigInteger(other.group(isOctal ? 1 : 2), isOctal ? 8 : 16)));
    }
    return Value.of(text);
  }

  /** All in lower case, all in upper case, or only the first letter in upper case. */
  private static boolean isWord(String text, String lower) {
    String upper = lower.toUpperCase(Locale.ROOT);
    return text.equals(lower)
        || text.equals(upper)
        || (text.startsWith(upper.substring(0, 1)) && text.substring(1).equals(lower.substring(1)));
  }

  private static Value timestamp(Event at, String text) throws FunctionException {
    Value time = timeOrNull(text);
    if (time instanceof Value.Null) {
      throw wrong(at, "a time is expected by the tag");
    }
    return time;
  }

  private static Value timeOrNull(String text) {
    Matcher time = TIMESTAMP.matcher(text);
    if (!time.matches()) {
      return Value.ofNull();
    }
    try {
      int hourGroup = time.group(4) != null ? 4 : 8;
      boolean isDate = time.group(hourGroup) == null;
      LocalDateTime local =
          LocalDateTime.of(
              Integer.parseInt(time.group(1)),
              Integer.parseInt(time.group(2)),
              Integer.parseInt(time.group(3)),
              isDate ? 0 : Integer.parseInt(time.group(hourGroup)),
              isDate ? 0 : Integer.parseInt(time.group(hourGroup + 1)),
              isDate ? 0 : Integer.parseInt(time.group(hourGroup + 2)));
      ZoneOffset offset = time.group(7) == null ? ZoneOffset.UTC : ZoneOffset.of(time.group(7));
      return Value.of(TimeFunctions.shown(OffsetDateTime.of(local, offset)));
    } catch (DateTimeException _) {
      return Value.ofNull();
    }
  }

  private static FunctionException wrong(Event at, String what) {
    String place =
        at.getStartMark()
            .map(
                mark ->
                    " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1))
            .orElse("");
    return new FunctionException(0, "this YAML cannot be used%s: %s".formatted(place, what));
  }

  // ---- writing

  static String encode(Value value) throws FunctionException {
    StringBuilder yaml = new StringBuilder();
    append(yaml, value, 0, true);
    boolean isPlain =
        value instanceof Value.Num || value instanceof Value.Bool || value instanceof Value.Null;
    // A document that is one plain scalar is ended, so that nothing can continue it.
    return isPlain ? yaml.append("...\n").toString() : yaml.toString();
  }

  /**
   * Appends a value that begins at the end of the text.
   *
   * @param indent of the lines of a block
   * @param isInline whether a block may begin on this line
   */
  private static void append(StringBuilder yaml, Value value, int indent, boolean isInline)
      throws FunctionException {
    Arguments.requireCharacters(yaml.length());
    switch (value) {
      case Value.Sequence sequence when sequence.elements().isEmpty() -> yaml.append("[]\n");
      case Value.Mapping mapping when mapping.entries().isEmpty() -> yaml.append("{}\n");
      case Value.Sequence sequence -> {
        boolean isFirst = isInline;
        for (Value element : sequence.elements()) {
          yaml.append(isFirst ? "" : " ".repeat(indent)).append("- ");
          append(yaml, element, indent + 2, true);
          isFirst = false;
        }
      }
      case Value.Mapping mapping -> {
        boolean isFirst = isInline;
        for (Map.Entry<String, Value> entry : mapping.sortedEntries()) {
          yaml.append(isFirst ? "" : " ".repeat(indent));
          entry(yaml, entry, indent);
          isFirst = false;
        }
      }
      case Value.Text(String text) when text.contains("\n") -> YamlText.block(yaml, text, indent);
      case Value.Text(String text) -> YamlText.folded(yaml, text, indent);
      case Value.Num number -> yaml.append(number).append('\n');
      case Value.Bool(boolean bool) -> yaml.append(bool).append('\n');
      case Value.Null _ -> yaml.append("null\n");
      case Value.Unknown _ -> throw new FunctionException("a part of the value is not known yet");
    }
  }

  private static void entry(StringBuilder yaml, Map.Entry<String, Value> entry, int indent)
      throws FunctionException {
    String key = YamlText.quoted(entry.getKey());
    if (entry.getKey().contains("\n")) {
      YamlText.block(yaml.append("? "), entry.getKey(), indent + 2);
      yaml.append(" ".repeat(indent));
    } else if (key.length() > LONGEST_KEY) {
      yaml.append("? ").append(key).append('\n').append(" ".repeat(indent));
    } else {
      yaml.append(key);
    }
    yaml.append(':');
    switch (entry.getValue()) {
      case Value.Sequence sequence when !sequence.elements().isEmpty() -> {
        yaml.append('\n');
        append(yaml, sequence, indent, false);
      }
      case Value.Mapping mapping when !mapping.entries().isEmpty() -> {
        yaml.append('\n');
        append(yaml, mapping, indent + 2, false);
      }
      case Value other -> append(yaml.append(' '), other, indent + 2, true);
    }
  }
}
