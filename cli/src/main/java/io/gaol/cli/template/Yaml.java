package io.gaol.cli.template;

import io.gaol.cli.template.GoTypes.Element;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.emitter.Emitter;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML with the types that consul-template's library (yaml.v2 for Go) gives it: YAML 1.1, in which
 * {@code yes} is true and {@code 010} is 8.
 */
final class Yaml {
  private static final int DEEPEST = 200;
  private static final String TAG = "tag:yaml.org,2002:";
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern BASE_60 =
      Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4})-(\\d{1,2})-(\\d{1,2})"
              + "([Tt]\\d{1,2}:\\d{1,2}:\\d{1,2}(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)"
              + "| \\d{1,2}:\\d{1,2}:\\d{1,2}(\\.\\d+)?)?");
  private static final Map<String, Object> WORDS = words();

  private Yaml() {}

  private static Map<String, Object> words() {
    Map<String, Object> words = new HashMap<>();
    for (String word :
        List.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")) {
      words.put(word, true);
    }
    for (String word :
        List.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")) {
      words.put(word, false);
    }
    for (String word : List.of("", "~", "null", "Null", "NULL")) {
      words.put(word, GoTypes.NIL);
    }
    for (String word : List.of("inf", "Inf", "INF")) {
      words.put("." + word, Double.POSITIVE_INFINITY);
      words.put("+." + word, Double.POSITIVE_INFINITY);
      words.put("-." + word, Double.NEGATIVE_INFINITY);
    }
    for (String word : List.of(".nan", ".NaN", ".NAN")) {
      words.put(word, Double.NaN);
    }
    return Map.copyOf(words);
  }

  /** The value that the first document of a text of YAML is. */
  static Object parse(String bytes) throws FunctionException {
    LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
    try {
      return GoTypes.concrete(
          new Reader(new Parse(settings).parseString(ByteText.text(bytes)).iterator()).document());
    } catch (YamlEngineException wrong) {
      throw new FunctionException("This is not YAML: " + oneLine(wrong.getMessage()));
    }
  }

  private static String oneLine(String message) {
    return String.join(" ", message.lines().limit(2).map(String::strip).toList());
  }

  /** What a scalar without quotes and tag is: a bool, a number, nil, or a text. */
  private static Object resolve(String text) {
    Object word = WORDS.get(text);
    if (word != null) {
      return word;
    }
    char first = text.charAt(0);
    if (first == '.') {
      return DataFunctions.goFloat(text).map(Object.class::cast).orElse(text);
    }
    if (first != '+' && first != '-' && (first < '0' || first > '9')) {
      return text;
    }
    String plain = text.replace("_", "");
    Optional<Object> integer = NumberConstant.integer(plain).flatMap(Yaml::integer);
    if (integer.isPresent()) {
      return integer.get();
    }
    return FLOAT.matcher(plain).matches()
        ? DataFunctions.goFloat(plain).map(Object.class::cast).orElse(text)
        : text;
  }

  private static Optional<Object> integer(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      return Optional.of(Int.of(value.longValue()));
    }
    return value.signum() > 0 && value.bitLength() == Long.SIZE
        ? Optional.of(Int.uint64(value.longValue()))
        : Optional.empty();
  }

  /** Makes values of the events of one document. */
  private static final class Reader {
    private final Iterator<Event> events;
    private final Map<String, Object> anchors = new HashMap<>();
    private int count;
    private int depth;

    Reader(Iterator<Event> events) {
      this.events = events;
    }

    Object document() throws FunctionException {
      events.next();
      if (!(events.next() instanceof DocumentStartEvent)) {
        return null;
      }
      return value(events.next());
    }

    private Object value(Event event) throws FunctionException {
      Rendering.requireElements(++count);
      if (++depth > DEEPEST) {
        throw new FunctionException("The YAML is nested more than " + DEEPEST + " levels deep");
      }
      Object value =
          switch (event) {
            case AliasEvent alias -> alias(alias);
            case ScalarEvent scalar -> scalar(scalar);
            case SequenceStartEvent _ -> sequence(event);
            case MappingStartEvent _ -> mapping(event);
            default -> throw new FunctionException("This is not YAML");
          };
      depth--;
      if (event instanceof ScalarEvent scalar) {
        scalar.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), value));
      }
      return value;
    }

    private Object alias(AliasEvent alias) throws FunctionException {
      String name = alias.getAlias().getValue();
      Object value = anchors.get(name);
      if (value == null) {
        throw new FunctionException("The YAML has no anchor \"" + name + "\" before its alias");
      }
      return value;
    }

    private void anchor(Event event, Object value) {
      ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), value));
    }

    private Object sequence(Event start) throws FunctionException {
      List<Object> values = new ArrayList<>();
      for (Event event = events.next();
          !(event instanceof SequenceEndEvent);
          event = events.next()) {
        values.add(value(event));
      }
      Sequence list = Sequence.any(values);
      anchor(start, list);
      return list;
    }

    private Object mapping(Event start) throws FunctionException {
      Map<Object, Object> values = new HashMap<>();
      for (Event event = events.next();
          !(event instanceof MappingEndEvent);
          event = events.next()) {
        if (event instanceof ScalarEvent scalar && isMerge(scalar)) {
          merge(values, value(events.next()));
          continue;
        }
        Object key = value(event);
        if (key instanceof Sequence || key instanceof Mapping) {
          throw new FunctionException("A key of a map in YAML cannot be a list or a map");
        }
        values.put(key, value(events.next()));
      }
      Mapping map = new Mapping(Element.ANY, Element.ANY, values);
      anchor(start, map);
      return map;
    }

    private static boolean isMerge(ScalarEvent scalar) {
      return scalar.getValue().equals("<<") && scalar.isPlain();
    }

    private void merge(Map<Object, Object> into, Object from) throws FunctionException {
      switch (from) {
        case Mapping map -> into.putAll(map.values());
        case Sequence list -> {
          for (Object map : list.values().reversed()) {
            if (!(map instanceof Mapping mapping)) {
              throw new FunctionException("In YAML only maps can be merged with <<");
            }
            into.putAll(mapping.values());
          }
        }
        default -> throw new FunctionException("In YAML only maps can be merged with <<");
      }
      count += into.size();
    }

    private static Object scalar(ScalarEvent scalar) throws FunctionException {
      String text = scalar.getValue();
      String tag = scalar.getTag().orElse("");
      if (tag.isEmpty() || tag.equals("!")) {
        Object plain = scalar.isPlain() && tag.isEmpty() ? resolve(text) : text;
        return plain instanceof String string ? ByteText.of(string) : plain;
      }
      if (tag.equals(TAG + "binary")) {
        try {
          return ByteText.of(Base64.getMimeDecoder().decode(text));
        } catch (IllegalArgumentException _) {
          throw new FunctionException("A !!binary of the YAML is not base64");
        }
      }
      if (!tag.startsWith(TAG) || tag.equals(TAG + "str")) {
        return ByteText.of(text);
      }
      Object value = resolve(text);
      return switch (tag.substring(TAG.length())) {
        case "int" -> require(value instanceof Int, value, tag, text);
        case "bool" -> require(value instanceof Boolean, value, tag, text);
        case "null" -> require(value == GoTypes.NIL, value, tag, text);
        case "float" ->
            value instanceof Int number
                ? number.real()
                : require(value instanceof Double, value, tag, text);
        default -> ByteText.of(text);
      };
    }

    private static Object require(boolean fits, Object value, String tag, String text)
        throws FunctionException {
      if (!fits) {
        throw new FunctionException(
            "\"" + text + "\" is no !!" + tag.substring(TAG.length()) + " of YAML");
      }
      return value;
    }
  }

  /** A value as YAML. */
  static String write(Object value) throws FunctionException {
    if (value instanceof String text && text.isEmpty()) {
      return "\"\""; // The emitter would begin a document with dashes for it.
    }
    Output out = new Output();
    DumpSettings settings = DumpSettings.builder().setWidth(80).build();
    Emitter emitter = new Emitter(settings, new Sink(out));
    try {
      emitter.emit(new StreamStartEvent());
      emitter.emit(new DocumentStartEvent(false, Optional.empty(), Map.of()));
      write(emitter, value, 0);
      emitter.emit(new DocumentEndEvent(false));
      emitter.emit(new StreamEndEvent());
    } catch (TooLong tooLong) {
      Output.require(Long.MAX_VALUE);
    } catch (YamlEngineException wrong) {
      throw new FunctionException("This cannot be written as YAML: " + oneLine(wrong.getMessage()));
    }
    return ByteText.of(out.toString());
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Takes what the emitter writes; unlike elsewhere, as text. */
  private record Sink(Output out) implements StreamDataWriter {
    @Override
    public void write(String text) {
      try {
        out.append(text);
      } catch (FunctionException tooLong) {
        throw new TooLong();
      }
    }

    @Override
    public void write(String text, int offset, int length) {
      write(text.substring(offset, offset + length));
    }
  }

  private static void write(Emitter emitter, Object value, int depth) throws FunctionException {
    if (depth > DEEPEST) {
      throw new FunctionException("The value is nested more than " + DEEPEST + " levels deep");
    }
    switch (GoTypes.concrete(value)) {
      case null -> plain(emitter, "null");
      case Boolean bool -> plain(emitter, bool.toString());
      case Int number -> plain(emitter, number.toString());
      case Double number -> plain(emitter, number(number));
      case String bytes -> string(emitter, bytes);
      case Sequence list -> {
        emitter.emit(
            new SequenceStartEvent(Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK));
        for (Object element : list.values()) {
          write(emitter, element, depth + 1);
        }
        emitter.emit(new SequenceEndEvent());
      }
      case Mapping map -> {
        emitter.emit(
            new MappingStartEvent(Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK));
        List<Object> keys = new ArrayList<>(map.values().keySet());
        keys.sort(YamlKeyOrder.ORDER);
        for (Object key : keys) {
          write(emitter, key, depth + 1);
          write(emitter, map.get(key), depth + 1);
        }
        emitter.emit(new MappingEndEvent());
      }
      default -> throw new FunctionException("YAML has no " + GoTypes.name(value));
    }
  }

  private static String number(double number) {
    String text = GoFloat.format(number, 'g', GoFloat.SHORTEST);
    return switch (text) {
      case "+Inf" -> ".inf";
      case "-Inf" -> "-.inf";
      case "NaN" -> ".nan";
      default -> text;
    };
  }

  private static void plain(Emitter emitter, String text) {
    scalar(emitter, Optional.empty(), text, ScalarStyle.PLAIN);
  }

  private static void string(Emitter emitter, String bytes) {
    if (!ByteText.isValid(bytes)) {
      String encoded =
          Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(ByteText.raw(bytes));
      boolean lines = encoded.contains("\n");
      scalar(
          emitter,
          Optional.of(TAG + "binary"),
          lines ? encoded + "\n" : encoded,
          lines ? ScalarStyle.LITERAL : ScalarStyle.PLAIN);
      return;
    }
    String text = ByteText.text(bytes);
    boolean looksLikeText = !text.isEmpty() && resolve(text) instanceof String;
    boolean plain = looksLikeText && !isTimestamp(text) && !BASE_60.matcher(text).matches();
    scalar(
        emitter,
        Optional.empty(),
        text,
        text.contains("\n")
            ? ScalarStyle.LITERAL
            : plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  private static boolean isTimestamp(String text) {
    Matcher matcher = TIMESTAMP.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    try {
      LocalDate date =
          LocalDate.of(
              Integer.parseInt(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3)));
      return date.getYear() >= 0;
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static void scalar(
      Emitter emitter, Optional<String> tag, String text, ScalarStyle style) {
    boolean implicit = tag.isEmpty();
    emitter.emit(
        new ScalarEvent(Optional.empty(), tag, new ImplicitTuple(implicit, implicit), text, style));
  }
}
