package io.gaol.nomad.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Configs of ours are read as a Nomad agent reads them: what the code of Nomad 2.0.5 makes of them,
 * and how it refuses them, was recorded. A line is a config, the name of its schema in {@link
 * Schemas}, and the value or the errors; their order, and places in JSON texts, are left out.
 */
class RecordedConfigsTest {

  @TestFactory
  Stream<DynamicTest> aConfigIsReadAsAnAgentReadsIt() throws IOException {
    try (InputStream stream = getClass().getResourceAsStream("recorded-configs.jsonl")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith("{"))
              .map(line -> JsonParser.parseString(line).getAsJsonObject())
              .map(
                  recorded ->
                      dynamicTest(
                          recorded.get("schema").getAsString() + " " + recorded.get("config"),
                          () -> check(recorded)))
              .toList()
              .stream();
    }
  }

  private static void check(JsonObject recorded) {
    String given = recorded.get("schema").getAsString() + " " + recorded.get("config");
    try {
      Map<String, Object> decoded =
          decode(recorded.get("schema").getAsString(), object(recorded.get("config")));
      assertThat(decoded)
          .as(given)
          .isEqualTo(recorded.has("value") ? plain(recorded.get("value")) : "refused");
    } catch (ConfigRefusedException refusal) {
      var messages = new TreeSet<String>();
      refusal.problems().forEach(problem -> messages.add(problem.message()));
      var expected = new TreeSet<String>();
      if (recorded.has("errors")) {
        recorded.getAsJsonArray("errors").forEach(error -> expected.add(error.getAsString()));
      }
      assertThat(messages).as(given).isEqualTo(expected);
    }
  }

  private static Map<String, Object> decode(String schema, Map<String, Object> config)
      throws ConfigRefusedException {
    return ConfigDecoder.decode(Schemas.ALL.get(schema), config, Evaluation.NONE);
  }

  @Test
  void aProblemSaysWhereItIs() {
    ConfigRefusedException refusal =
        catchThrowableOfType(
            ConfigRefusedException.class,
            () ->
                decode(
                    "nested",
                    Map.of(
                        "outer",
                        List.of(
                            Map.of("name", "a"),
                            Map.of("inner", List.of(Map.of("flag", "maybe"))),
                            Map.of("nme", "b")))));

    assertThat(refusal.problems())
        .extracting(ConfigProblem::place)
        .containsExactly("outer[1].inner[0].flag", "outer[2].nme");
    assertThat(refusal).hasMessageContaining("outer[2].nme: Invalid label: No argument");
  }

  @Test
  void whatIsReadCannotBeChanged() throws ConfigRefusedException {
    Map<String, Object> decoded = decode("required", Map.of("command", "x", "args", List.of("a")));

    assertThatThrownBy(() -> decoded.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aNumberOfMoreDigitsThanAnyoneMeansIsNone() {
    for (String number : List.of("1e999999999", "1".repeat(5_000))) {
      assertThat(
              catchThrowableOfType(
                  ConfigRefusedException.class, () -> decode("scalars", Map.of("number", number))))
          .hasMessageContaining("a number is required");
    }
  }

  @Test
  void aTypeIsWrittenAsASchemaIsSentToAnAgent() {
    assertThat(
            ConfigType.listOf(
                    new ConfigType.ObjectOf(
                        Map.of(
                            "a",
                            ConfigType.any(),
                            "b",
                            new ConfigType.TupleOf(
                                List.of(
                                    ConfigType.bool(), ConfigType.setOf(ConfigType.number()))))))
                .text())
        .isEqualTo("list(object({a = any, b = tuple([bool, set(number)])}))");
  }

  // ---- JSON as plain values

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(JsonElement json) {
    return (Map<String, Object>) plain(json);
  }

  private static Object plain(JsonElement json) {
    if (json.isJsonNull()) {
      return null;
    }
    if (json.isJsonArray()) {
      List<Object> list = new ArrayList<>();
      json.getAsJsonArray().forEach(element -> list.add(plain(element)));
      return list;
    }
    if (json.isJsonObject()) {
      Map<String, Object> map = new TreeMap<>();
      json.getAsJsonObject().asMap().forEach((key, value) -> map.put(key, plain(value)));
      return new HashMap<>(map);
    }
    var primitive = json.getAsJsonPrimitive();
    if (primitive.isNumber()) {
      BigDecimal number = primitive.getAsBigDecimal().stripTrailingZeros();
      return number.scale() < 0 ? number.setScale(0) : number;
    }
    return primitive.isBoolean() ? (Object) primitive.getAsBoolean() : primitive.getAsString();
  }
}
