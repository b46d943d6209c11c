package io.gaol.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Templates and what consul-template 0.41.1 (built with Go 1.26) makes of them: {@code
 * rendered.json}. Where Gaol does otherwise on purpose, the case says why and what.
 */
final class RecordedTemplatesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "NAME",
          "web",
          "PORT",
          "8080",
          "EMPTY",
          "",
          "ZONE",
          "Zürich",
          "LIST",
          "a,b,c",
          "PAIRS",
          "b=2;a=1",
          "JSON",
          "{\"b\":[1,2.5,\"x\"],\"a\":{\"k\":\"v\"},\"n\":null,\"t\":true}");

  @TestFactory
  Stream<DynamicTest> aTemplateGivesWhatConsulTemplateMakesOfIt() throws IOException {
    try (InputStream in = RecordedTemplatesTest.class.getResourceAsStream("rendered.json");
        InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return StreamSupport.stream(
              JsonParser.parseReader(reader).getAsJsonArray().spliterator(), false)
          .map(JsonElement::getAsJsonObject)
          .toList()
          .stream()
          .map(c -> dynamicTest(text(c, "name") + ": " + text(c, "template"), () -> check(c)));
    }
  }

  private static void check(JsonObject recorded) {
    String actual;
    try {
      Rendered rendered =
          Template.parse(
                  "t", text(recorded, "template"), text(recorded, "left"), text(recorded, "right"))
              .render(
                  new TemplateContext(
                      ENVIRONMENT, FileSandbox.empty(), Clock.systemUTC(), recorded.has("strict")));
      actual =
          recorded.has("base64")
              ? Base64.getEncoder().encodeToString(rendered.bytes())
              : rendered.text();
    } catch (TemplateException wrong) {
      assertThat(wrong.render()).startsWith("t:").contains("^");
      actual = null;
    }
    if (recorded.has("differs")) {
      String ours = recorded.get("ours").isJsonNull() ? null : text(recorded, "ours");
      assertThat(recorded.has("base64") ? decoded(actual) : actual)
          .as(text(recorded, "differs"))
          .isEqualTo(ours);
    } else if (recorded.has("error")) {
      assertThat(actual).isNull();
    } else {
      assertThat(actual).isEqualTo(text(recorded, recorded.has("base64") ? "base64" : "output"));
    }
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String text(JsonObject object, String name) {
    return object.has(name) ? object.get(name).getAsString() : "";
  }
}
