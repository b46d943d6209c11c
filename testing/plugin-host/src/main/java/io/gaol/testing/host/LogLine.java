package io.gaol.testing.host;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** A line of a plugin's stderr, as an agent (go-plugin, go-hclog) understands it. */
public sealed interface LogLine {

  /** As it was written, without its end. */
  String text();

  /**
   * A record of the log.
   *
   * @param level trace, debug, info, warn or error
   * @param fields what else is in it
   */
  record Entry(
      String text,
      String level,
      String message,
      OffsetDateTime timestamp,
      Map<String, JsonElement> fields)
      implements LogLine {
    /** Copies. */
    public Entry {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** A line that an agent logs as it is. */
  record Text(String text) implements LogLine {}

  /**
   * A line that takes the agent down.
   *
   * @param why what it cannot stand
   */
  record Deadly(String text, String why) implements LogLine {}

  /** Reads a line. */
  static LogLine parse(String line) {
    JsonObject fields;
    try {
      JsonReader reader = new JsonReader(new StringReader(line));
      reader.setStrictness(Strictness.STRICT);
      if (!(JsonParser.parseReader(reader) instanceof JsonObject object)) {
        return new Text(line);
      }
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        return new Text(line);
      }
      fields = object;
    } catch (JsonParseException | IOException text) {
      return new Text(line);
    }
    for (String key : Fields.TEXTS) {
      if (fields.has(key) && !Fields.isText(fields.get(key))) {
        return new Deadly(line, key + " is no string, which the agent takes for granted");
      }
    }
    String level = Fields.text(fields, "@level").toLowerCase(Locale.ROOT);
    String timestamp = Fields.text(fields, "@timestamp");
    if (!Fields.LEVELS.contains(level) || !Fields.TIMESTAMP.matcher(timestamp).matches()) {
      return new Text(line);
    }
    try {
      String message = Fields.text(fields, "@message");
      OffsetDateTime time = OffsetDateTime.parse(timestamp);
      Fields.TEXTS.forEach(fields::remove);
      return new Entry(line, level, message, time, fields.asMap());
    } catch (DateTimeParseException noTime) {
      return new Text(line);
    }
  }

  /** What is known of the fields. */
  final class Fields {
    private static final Set<String> TEXTS = Set.of("@message", "@level", "@timestamp");
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error");

    /** Exactly six digits of a second: 2006-01-02T15:04:05.000000Z07:00 in Go's terms. */
    private static final Pattern TIMESTAMP =
        Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}(Z|[+-]\\d\\d:\\d\\d)");

    private Fields() {}

    private static boolean isText(JsonElement element) {
      return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
    }

    private static String text(JsonObject fields, String key) {
      return fields.has(key) ? fields.get(key).getAsString() : "";
    }
  }
}
