package io.gaol.nomad.wire;

import io.gaol.nomad.config.ConfigProblem;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import io.gaol.nomad.wire.MessagePack.ArrayHead;
import io.gaol.nomad.wire.MessagePack.Flag;
import io.gaol.nomad.wire.MessagePack.Item;
import io.gaol.nomad.wire.MessagePack.MalformedException;
import io.gaol.nomad.wire.MessagePack.MapHead;
import io.gaol.nomad.wire.MessagePack.Nil;
import io.gaol.nomad.wire.MessagePack.Numeral;
import io.gaol.nomad.wire.MessagePack.Text;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads a config as a Nomad agent sends it: MessagePack, by the schema.
 *
 * <p>The agent has converted all values and sends all keys, so little is left to forgive: a number
 * is an integer, a floating point number or decimal text, and anything may be null. Two more things
 * are forgiven, as the tests that drivers are tested with send them: an absent key is what the
 * schema has for it, and so is a null for what is never null, such as a list of blocks.
 *
 * <p>A key that the schema has not is refused. An agent sends none; if there is one, the bytes are
 * of another schema, such as that of a plugin before its upgrade, and to leave the key out could
 * mean to run a task without a limit that was asked for.
 */
public final class ConfigReader {
  /** The most bytes of a config that are read: far more than a job can have. */
  public static final int MOST_BYTES = 16 << 20;

  /** The most lists and maps in each other. */
  static final int DEEPEST = 64;

  /** The most values in a config, so that small bytes do not become large objects. */
  static final int MOST_VALUES = 500_000;

  private static final int LONGEST_NUMBER = 1_000;
  private static final int LARGEST_EXPONENT = 1_000;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE](?<exponent>[+-]?[0-9]{1,5}))?");

  private final MessagePack bytes;
  private final Deque<Object> path = new ArrayDeque<>();
  private int values;

  private ConfigReader(ByteBuffer bytes) {
    this.bytes = new MessagePack(bytes);
  }

  /**
   * A config as its driver gets it: a map of all keys of the schema. Its values are strings, {@link
   * BigDecimal}, booleans, lists, maps, or null; none can be changed. Integers have the scale 0,
   * other numbers no zeros at their end.
   *
   * @param schema of the whole config
   * @param bytes MessagePack; none at all is a config in which nothing is set
   * @throws MalformedConfigException if they are not of the schema
   */
  public static Map<String, Object> read(Schema.Fields schema, ByteBuffer bytes)
      throws MalformedConfigException {
    if (bytes.remaining() > MOST_BYTES) {
      throw new MalformedConfigException(
          "",
          "the config has " + bytes.remaining() + " bytes; at most " + MOST_BYTES + " are read");
    }
    if (!bytes.hasRemaining()) {
      return unset(schema);
    }
    ConfigReader reader = new ConfigReader(bytes);
    try {
      Map<String, Object> config =
          reader.nil() ? unset(schema) : reader.fields(schema, reader.bytes.next());
      if (reader.bytes.remaining() > 0) {
        throw new MalformedException(
            reader.bytes.remaining() + " bytes follow after the end of the config");
      }
      return config;
    } catch (MalformedException malformed) {
      throw new MalformedConfigException(reader.place(), malformed.getMessage());
    }
  }

  private String place() {
    return new ConfigProblem(List.copyOf(path), "").place();
  }

  /** Something that is read at a place. */
  @FunctionalInterface
  private interface Reading {
    Object read() throws MalformedException;
  }

  /** After a mistake the path stays, to be told. */
  private Object at(Object step, Reading reading) throws MalformedException {
    path.addLast(step);
    if (path.size() > DEEPEST) {
      throw new MalformedException("more than " + DEEPEST + " lists and maps in each other");
    }
    Object value = reading.read();
    path.removeLast();
    return value;
  }

  private Item next() throws MalformedException {
    values++;
    if (values > MOST_VALUES) {
      throw new MalformedException("the config has more than " + MOST_VALUES + " values");
    }
    return bytes.next();
  }

  /** Takes a null, if one comes. */
  private boolean nil() throws MalformedException {
    if (bytes.nilFollows()) {
      next();
      return true;
    }
    return false;
  }

  private static MalformedException mismatch(String expected, Item found) {
    return new MalformedException(expected + " is expected, but there is " + found.description());
  }

  // ---- by the schema

  private Object body(Schema schema) throws MalformedException {
    if (nil()) {
      return absent(schema);
    }
    return switch (schema) {
      case Schema.Fields fields -> fields(fields, next());
      case Schema.Positions(List<Schema> elements) -> {
        int size = array("a list", next());
        if (size != elements.size()) {
          throw new MalformedException(
              "a list of " + elements.size() + " values is expected, but there are " + size);
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          Schema element = elements.get(i);
          list.add(at(i, () -> body(element)));
        }
        yield Collections.unmodifiableList(list);
      }
      case Schema.Attr(String _, ConfigType type, boolean _) -> value(type);
      case Schema.Block(String _, Schema nested, boolean _) -> body(nested);
      case Schema.BlockList(String _, Schema nested, int _, int _) -> list(() -> body(nested));
      case Schema.BlockSet(String _, Schema nested, int _, int _) -> list(() -> body(nested));
      case Schema.BlockMap(String _, List<String> labels, Schema nested) ->
          labelled(labels.size(), nested);
      case Schema.BlockAttrs(String _, ConfigType type, boolean _) -> map(() -> value(type));
      case Schema.Default(Schema primary, Schema otherwise) -> either(primary, otherwise);
      case Schema.Literal(Object value) -> {
        if (!same(any(), value)) {
          throw new MalformedException("the constant " + value + " is expected");
        }
        yield value;
      }
    };
  }

  /** Whether it is the constant that the schema has; of no type, some numbers travel as text. */
  private static boolean same(Object sent, Object constant) {
    return switch (constant) {
      case Number number ->
          sent instanceof BigDecimal decimal
              ? decimal.compareTo(new BigDecimal(number.toString())) == 0
              : new BigDecimal(number.toString()).toPlainString().equals(sent);
      case List<?> list ->
          sent instanceof List<?> others
              && others.size() == list.size()
              && IntStream.range(0, list.size()).allMatch(i -> same(others.get(i), list.get(i)));
      case Map<?, ?> map ->
          sent instanceof Map<?, ?> others
              && others.keySet().equals(map.keySet())
              && map.entrySet().stream()
                  .allMatch(entry -> same(others.get(entry.getKey()), entry.getValue()));
      case null, default -> Objects.equals(sent, constant);
    };
  }

  /** The value is of the first if that was set, else of the second, whose type may be another. */
  private Object either(Schema primary, Schema otherwise) throws MalformedException {
    int start = bytes.position();
    int depth = path.size();
    try {
      return body(primary);
    } catch (MalformedException first) {
      List<Object> place = List.copyOf(path);
      bytes.returnTo(start);
      while (path.size() > depth) {
        path.removeLast();
      }
      try {
        return body(otherwise);
      } catch (MalformedException second) {
        path.clear();
        path.addAll(place);
        throw first;
      }
    }
  }

  private Map<String, Object> fields(Schema.Fields schema, Item head) throws MalformedException {
    if (!(head instanceof MapHead(int size))) {
      throw mismatch("a map", head);
    }
    Map<String, Object> read = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      String name = key();
      at(
          name,
          () -> {
            if (read.containsKey(name)) {
              throw new MalformedException("the key is there twice");
            }
            Schema field = schema.fields().get(name);
            if (field == null) {
              throw new MalformedException("the schema has no such key");
            }
            return read.put(name, body(field));
          });
    }
    Map<String, Object> fields = new TreeMap<>();
    schema
        .fields()
        .forEach(
            (name, field) ->
                fields.put(name, read.containsKey(name) ? read.get(name) : absent(field)));
    return Collections.unmodifiableMap(fields);
  }

  private Object labelled(int labels, Schema nested) throws MalformedException {
    return map(
        () -> {
          if (labels > 1) {
            return nil() ? Map.of() : labelled(labels - 1, nested);
          }
          return body(nested);
        });
  }

  // ---- by type

  private Object value(ConfigType type) throws MalformedException {
    if (nil()) {
      return null;
    }
    return switch (type) {
      case ConfigType.Any _ -> any();
      case ConfigType.Primitive primitive -> primitive(primitive, next());
      case ConfigType.ListOf(ConfigType element) -> list(() -> value(element));
      case ConfigType.SetOf(ConfigType element) -> list(() -> value(element));
      case ConfigType.MapOf(ConfigType element) -> map(() -> value(element));
      case ConfigType.TupleOf(List<ConfigType> elements) ->
          body(
              new Schema.Positions(
                  elements.stream().<Schema>map(ConfigReader::attribute).toList()));
      case ConfigType.ObjectOf(Map<String, ConfigType> attributes) -> {
        Map<String, Schema> fields = new TreeMap<>();
        attributes.forEach((name, attribute) -> fields.put(name, attribute(attribute)));
        yield fields(new Schema.Fields(fields), next());
      }
    };
  }

  /** Inside of a type there are the same forms as in a schema. */
  private static Schema attribute(ConfigType type) {
    return new Schema.Attr("", type, false);
  }

  private static Object primitive(ConfigType.Primitive type, Item item) throws MalformedException {
    return switch (type) {
      case STRING -> {
        if (item instanceof Text(String text)) {
          yield text;
        }
        throw mismatch("a string", item);
      }
      case BOOL -> {
        if (item instanceof Flag(boolean flag)) {
          yield flag;
        }
        throw mismatch("a boolean", item);
      }
      case NUMBER ->
          switch (item) {
            case Numeral(BigDecimal number) -> plain(number);
            case Text(String text) -> number(text);
            default -> throw mismatch("a number", item);
          };
    };
  }

  /** The text of a number that is neither a small integer nor exactly a floating point number. */
  private static BigDecimal number(String text) throws MalformedException {
    if (text.length() <= LONGEST_NUMBER) {
      Matcher matcher = NUMBER.matcher(text);
      if (matcher.matches()
          && (matcher.group("exponent") == null
              || Math.abs(Integer.parseInt(matcher.group("exponent"))) <= LARGEST_EXPONENT)) {
        return plain(new BigDecimal(text));
      }
    }
    throw new MalformedException(
        "a number is expected, but there is the string \""
            + text.substring(0, Math.min(text.length(), 40))
            + "\"");
  }

  private static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() <= 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
  }

  private Object any() throws MalformedException {
    if (nil()) {
      return null;
    }
    int start = bytes.position();
    Item item = next();
    return switch (item) {
      case Nil _ -> null;
      case Flag(boolean flag) -> flag;
      case Numeral(BigDecimal number) -> plain(number);
      case Text(String text) -> text;
      case ArrayHead _ -> {
        bytes.returnTo(start);
        yield list(this::any);
      }
      case MapHead _ -> {
        bytes.returnTo(start);
        yield map(this::any);
      }
    };
  }

  // ---- containers

  private static int array(String expected, Item head) throws MalformedException {
    if (head instanceof ArrayHead(int size)) {
      return size;
    }
    throw mismatch(expected, head);
  }

  private List<Object> list(Reading element) throws MalformedException {
    int size = array("a list", next());
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(at(i, element));
    }
    return Collections.unmodifiableList(list);
  }

  private Map<String, Object> map(Reading element) throws MalformedException {
    Item head = next();
    if (!(head instanceof MapHead(int size))) {
      throw mismatch("a map", head);
    }
    Map<String, Object> map = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      String name = key();
      at(
          name,
          () -> {
            if (map.containsKey(name)) {
              throw new MalformedException("the key is there twice");
            }
            return map.put(name, element.read());
          });
    }
    return Collections.unmodifiableMap(map);
  }

  private String key() throws MalformedException {
    Item key = next();
    if (key instanceof Text(String name)) {
      return name;
    }
    throw mismatch("the name of a key", key);
  }

  // ---- what is not set

  /**
   * A config in which nothing is set: what an agent makes of an empty one, but nothing is required.
   */
  public static Map<String, Object> unset(Schema.Fields schema) {
    Map<String, Object> fields = new TreeMap<>();
    schema.fields().forEach((name, field) -> fields.put(name, absent(field)));
    return Collections.unmodifiableMap(fields);
  }

  private static Object absent(Schema schema) {
    return switch (schema) {
      case Schema.Fields fields -> unset(fields);
      case Schema.Positions(List<Schema> elements) -> {
        List<Object> list = new ArrayList<>();
        elements.forEach(element -> list.add(absent(element)));
        yield Collections.unmodifiableList(list);
      }
      case Schema.Attr _, Schema.Block _, Schema.BlockAttrs _ -> null;
      case Schema.BlockList _, Schema.BlockSet _ -> List.of();
      case Schema.BlockMap _ -> Map.of();
      case Schema.Default(Schema primary, Schema otherwise) -> {
        Object value = absent(primary);
        yield value == null ? absent(otherwise) : value;
      }
      case Schema.Literal(Object value) -> value;
    };
  }
}
