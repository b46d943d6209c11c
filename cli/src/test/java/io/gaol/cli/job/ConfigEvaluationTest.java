package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.gaol.nomad.config.ConfigDecoder;
import io.gaol.nomad.config.ConfigRefusedException;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Evaluation.EvaluationException;
import io.gaol.nomad.config.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A config is evaluated as a Nomad client evaluates it: what the client's own code (2.0.5) made of
 * configs of ours, with the environment and the node in the first line, was recorded.
 */
class ConfigEvaluationTest {
  private static final Schema.Fields SCHEMA =
      new Schema.Fields(
          Map.of(
              "any", new Schema.Attr("any", ConfigType.any(), false),
              "text", new Schema.Attr("text", ConfigType.string(), false),
              "texts", new Schema.Attr("texts", ConfigType.listOf(ConfigType.string()), false),
              "map", new Schema.Attr("map", ConfigType.mapOf(ConfigType.string()), false),
              "block",
                  new Schema.Block(
                      "block",
                      new Schema.Fields(
                          Map.of("text", new Schema.Attr("text", ConfigType.string(), false))),
                      false),
              "free", new Schema.BlockAttrs("free", ConfigType.string(), false)));

  @TestFactory
  Stream<DynamicTest> aConfigMeansWhatItMeansToANomadClient() throws IOException {
    List<JsonObject> lines = recorded();
    NomadVariables variables = variables(lines.getFirst());
    assertThat(lines).hasSizeGreaterThan(100);
    return lines.stream()
        .skip(1)
        .map(line -> dynamicTest(line.get("config").toString(), () -> check(line, variables)));
  }

  private static void check(JsonObject recorded, NomadVariables variables) {
    Object actual;
    try {
      actual = decode(object(recorded.get("config")), variables);
    } catch (ConfigRefusedException refusal) {
      actual = "refused";
    }
    assertThat(actual)
        .isEqualTo(recorded.has("refused") ? "refused" : object(recorded.get("value")));
  }

  private static Map<String, Object> decode(Map<String, Object> config, NomadVariables variables)
      throws ConfigRefusedException {
    Map<String, Object> decoded =
        new TreeMap<>(ConfigDecoder.decode(SCHEMA, config, new ConfigEvaluation(variables)));
    decoded.values().removeIf(Objects::isNull);
    return decoded;
  }

  @Test
  void allThatIsUnknownInATextIsSaidWithTheNearestNames() throws IOException {
    ConfigEvaluation evaluation = new ConfigEvaluation(variables(recorded().getFirst()));

    assertThatThrownBy(() -> evaluation.evaluate("${NOMAD_TSK_DIR} ${env.PLAN} ${meta.owner}"))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(
            "There is no variable named \"NOMAD_TSK_DIR\". Did you mean \"NOMAD_TASK_DIR\"?"
                + " There is no variable named \"env.PLAN\". Did you mean \"PLAIN\"?"
                + " There is no variable named \"meta.owner\". It is of a Nomad client's own meta,"
                + " and this host has none. A job's is ${NOMAD_META_owner}.");
  }

  @Test
  void anErrorInATextSaysWhichTextAndWhere() throws IOException {
    ConfigEvaluation evaluation = new ConfigEvaluation(variables(recorded().getFirst()));

    assertThatThrownBy(() -> evaluation.evaluate("curl -w %{http_code} /"))
        .hasMessage(
            "In \"curl -w %{http_code} /\", column 11: A directive is expected here, not"
                + " \"http_code\". A config is evaluated twice: write \"%%%{\" where a plain \"%{\" is"
                + " meant.");
  }

  @Test
  void aVariableOfTheShellIsAnsweredWithItsEscape() throws IOException {
    ConfigEvaluation evaluation = new ConfigEvaluation(variables(recorded().getFirst()));

    assertThatThrownBy(() -> evaluation.evaluate("echo ${counter}"))
        .hasMessage(
            "There is no variable named \"counter\". A config is evaluated twice: write \"$$${\""
                + " where a plain \"${\" is meant.");
  }

  @Test
  void whereAnotherHostMayKnowAReferenceItStays() throws Exception {
    ConfigEvaluation evaluation =
        new ConfigEvaluation(variables(recorded().getFirst()).ofAnyHost());

    assertThat(evaluation.evaluate("${attr.cpu.nope} ${NOMAD_PORT_http} ${meta.x} ${PLAIN}"))
        .isEqualTo("${attr.cpu.nope} ${NOMAD_PORT_http} ${meta.x} a b");
    assertThatThrownBy(() -> evaluation.evaluate("${NOMAD_TSK_DIR}"))
        .isInstanceOf(EvaluationException.class);
  }

  // ---- what was recorded

  private static List<JsonObject> recorded() throws IOException {
    try (InputStream stream =
        ConfigEvaluationTest.class.getResourceAsStream("evaluated-configs.jsonl")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .toList();
    }
  }

  private static NomadVariables variables(JsonObject scene) {
    return NomadVariables.of(
        texts(scene.getAsJsonObject("environment")), texts(scene.getAsJsonObject("node")));
  }

  private static Map<String, String> texts(JsonObject json) {
    Map<String, String> texts = new TreeMap<>();
    json.asMap().forEach((name, text) -> texts.put(name, text.getAsString()));
    return texts;
  }

  private static Map<String, Object> object(JsonElement json) {
    Map<String, Object> map = new LinkedHashMap<>();
    json.getAsJsonObject().asMap().forEach((name, value) -> map.put(name, plain(value)));
    return map;
  }

  private static Object plain(JsonElement json) {
    if (json.isJsonNull()) {
      return null;
    }
    if (json.isJsonObject()) {
      return object(json);
    }
    if (json.isJsonArray()) {
      List<Object> list = new ArrayList<>();
      json.getAsJsonArray().forEach(element -> list.add(plain(element)));
      return list;
    }
    var primitive = json.getAsJsonPrimitive();
    if (primitive.isNumber()) {
      BigDecimal number = primitive.getAsBigDecimal().stripTrailingZeros();
      return number.scale() < 0 ? number.setScale(0) : number;
    }
    return primitive.isBoolean() ? (Object) primitive.getAsBoolean() : primitive.getAsString();
  }
}
