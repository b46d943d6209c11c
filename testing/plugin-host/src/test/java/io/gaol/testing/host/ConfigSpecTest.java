package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.proto.hclspec.Attr;
import io.gaol.nomad.proto.hclspec.Block;
import io.gaol.nomad.proto.hclspec.Default;
import io.gaol.nomad.proto.hclspec.Literal;
import io.gaol.nomad.proto.hclspec.Spec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSpecTest {
  private static final Spec SPEC =
      object(
          Map.of(
              "command", attribute("", "string", true),
              "args", attribute("", "list(string)", false),
              "mode",
                  Spec.newBuilder()
                      .setDefault(
                          Default.newBuilder()
                              .setPrimary(attribute("mode", "string", false))
                              .setDefault(
                                  Spec.newBuilder()
                                      .setLiteral(Literal.newBuilder().setValue("\"private\""))))
                      .build(),
              "limits",
                  Spec.newBuilder()
                      .setBlockValue(
                          Block.newBuilder()
                              .setNested(object(Map.of("memory", attribute("", "number", false)))))
                      .build()));

  private static Spec attribute(String name, String type, boolean required) {
    return Spec.newBuilder()
        .setAttr(Attr.newBuilder().setName(name).setType(type).setRequired(required))
        .build();
  }

  private static Spec object(Map<String, Spec> attributes) {
    return Spec.newBuilder()
        .setObject(io.gaol.nomad.proto.hclspec.Object.newBuilder().putAllAttributes(attributes))
        .build();
  }

  private static ByteString packed(Object... keysAndValues) {
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return MessagePack.encode(map);
  }

  @Test
  void everyKeyOfTheSchemaIsThereWithItsDefaultOrNull() {
    assertThat(ConfigSpec.encode(SPEC, Map.of("command", "/bin/true")))
        .isEqualTo(packed("command", "/bin/true", "args", null, "mode", "private", "limits", null));
  }

  @Test
  void whatIsGivenIsConvertedAsAnAgentConvertsIt() {
    assertThat(
            ConfigSpec.encode(
                SPEC,
                Map.of(
                    "command",
                    "c",
                    "args",
                    Arrays.asList("a", 7, true),
                    "mode",
                    "host",
                    "limits",
                    List.of(Map.of("memory", "12")))))
        .isEqualTo(
            packed(
                "command",
                "c",
                "args",
                List.of("a", "7", "true"),
                "mode",
                "host",
                "limits",
                Map.of("memory", 12)));
  }

  @Test
  void whatAnAgentRefusesIsRefusedInItsWords() {
    assertThatThrownBy(() -> ConfigSpec.encode(SPEC, Map.of("commando", "x")))
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("Did you mean \"command\"?")
        .hasMessageContaining("The argument \"command\" is required");
  }

  @Test
  void aSchemaThatSaysNothingIsRefused() {
    assertThatThrownBy(
            () -> ConfigSpec.encode(object(Map.of("a", Spec.getDefaultInstance())), Map.of()))
        .hasMessageContaining("Invalid spec block");
    assertThatThrownBy(() -> ConfigSpec.encode(attribute("a", "string", false), Map.of()))
        .hasMessageContaining("has to be an object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "string",
        "list(map(string))",
        "set(number)",
        "tuple([string, bool])",
        "object({a = string, b = list(any)})",
      })
  void aTypeIsReadAsItIsWritten(String type) {
    ConfigType read = TypeExpression.parse(type);
    assertThat(read.text()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "list", "list(", "list(string", "list(string))", "string;"})
  void aTypeThatIsNoneIsRefused(String type) {
    assertThatThrownBy(() -> TypeExpression.parse(type))
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("not the type of an attribute");
  }
}
