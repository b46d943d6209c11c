package io.gaol.nomad.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import io.gaol.nomad.proto.hclspec.Array;
import io.gaol.nomad.proto.hclspec.Attr;
import io.gaol.nomad.proto.hclspec.Block;
import io.gaol.nomad.proto.hclspec.BlockAttrs;
import io.gaol.nomad.proto.hclspec.BlockList;
import io.gaol.nomad.proto.hclspec.BlockMap;
import io.gaol.nomad.proto.hclspec.BlockSet;
import io.gaol.nomad.proto.hclspec.Default;
import io.gaol.nomad.proto.hclspec.Literal;
import io.gaol.nomad.proto.hclspec.Spec;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpecsTest {
  private static final Schema.Attr NAME = new Schema.Attr("name", ConfigType.string(), true);
  private static final Schema.Attr ANY = new Schema.Attr("any", ConfigType.any(), false);
  private static final Spec NAME_SPEC =
      Spec.newBuilder()
          .setAttr(Attr.newBuilder().setName("name").setType("string").setRequired(true))
          .build();

  private static void assertRefused(Schema schema, String problem) {
    assertThatThrownBy(() -> Specs.of(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  private static String literal(Object value) {
    return Specs.of(new Schema.Literal(value)).getLiteral().getValue();
  }

  @Test
  void everyKindBecomesItsMessage() {
    assertThat(Specs.of(NAME)).isEqualTo(NAME_SPEC);
    assertThat(Specs.of(new Schema.Fields(Map.of("key", NAME))))
        .isEqualTo(
            Spec.newBuilder()
                .setObject(
                    io.gaol.nomad.proto.hclspec.Object.newBuilder().putAttributes("key", NAME_SPEC))
                .build());
    assertThat(Specs.of(new Schema.Positions(List.of(NAME, NAME))))
        .isEqualTo(
            Spec.newBuilder()
                .setArray(Array.newBuilder().addValues(NAME_SPEC).addValues(NAME_SPEC))
                .build());
    assertThat(Specs.of(new Schema.Block("b", NAME, true)))
        .isEqualTo(
            Spec.newBuilder()
                .setBlockValue(
                    Block.newBuilder().setName("b").setRequired(true).setNested(NAME_SPEC))
                .build());
    assertThat(Specs.of(new Schema.BlockList("b", NAME, 1, 2)))
        .isEqualTo(
            Spec.newBuilder()
                .setBlockList(
                    BlockList.newBuilder()
                        .setName("b")
                        .setMinItems(1)
                        .setMaxItems(2)
                        .setNested(NAME_SPEC))
                .build());
    assertThat(Specs.of(new Schema.BlockSet("b", NAME, 1, 0)))
        .isEqualTo(
            Spec.newBuilder()
                .setBlockSet(BlockSet.newBuilder().setName("b").setMinItems(1).setNested(NAME_SPEC))
                .build());
    assertThat(Specs.of(new Schema.BlockMap("b", List.of("x", "y"), NAME)))
        .isEqualTo(
            Spec.newBuilder()
                .setBlockMap(
                    BlockMap.newBuilder()
                        .setName("b")
                        .addLabels("x")
                        .addLabels("y")
                        .setNested(NAME_SPEC))
                .build());
    assertThat(Specs.of(new Schema.BlockAttrs("b", ConfigType.listOf(ConfigType.number()), true)))
        .isEqualTo(
            Spec.newBuilder()
                .setBlockAttrs(
                    BlockAttrs.newBuilder().setName("b").setType("list(number)").setRequired(true))
                .build());
    assertThat(Specs.of(new Schema.Default(NAME, new Schema.Literal("x"))))
        .isEqualTo(
            Spec.newBuilder()
                .setDefault(
                    Default.newBuilder()
                        .setPrimary(NAME_SPEC)
                        .setDefault(
                            Spec.newBuilder().setLiteral(Literal.newBuilder().setValue("\"x\""))))
                .build());
  }

  @Test
  void aLiteralIsAnExpression() {
    assertThat(literal(null)).isEqualTo("null");
    assertThat(literal(true)).isEqualTo("true");
    assertThat(literal(new BigDecimal("1.5"))).isEqualTo("1.5");
    assertThat(literal(List.of("a", new BigDecimal("-1")))).isEqualTo("[\"a\", -1]");
    assertThat(literal(Map.of("a b", List.of()))).isEqualTo("{\"a b\" = []}");
    assertThat(literal("a\"b\\c\n\u0001")).isEqualTo("\"a\\\"b\\\\c\\n\\u0001\"");
  }

  @Test
  void aTemplateInALiteralStaysText() {
    assertThat(literal("${x} %{y} $ 5%")).isEqualTo("\"\\u0024{x} \\u0025{y} $ 5%\"");
    assertThat(literal("$${x}")).isEqualTo("\"$\\u0024{x}\"");
  }

  @Test
  void theTypeAnyBelowABlockMapIsRefusedHoweverDeep() {
    assertRefused(
        new Schema.BlockMap("b", List.of("x"), new Schema.Fields(Map.of("any", ANY))),
        "the schema, b, any: the type any below a block map makes an agent panic");
    assertRefused(
        new Schema.BlockMap(
            "b",
            List.of("x"),
            new Schema.BlockList(
                "c",
                new Schema.Attr(
                    "a",
                    new ConfigType.ObjectOf(
                        Map.of("k", new ConfigType.TupleOf(List.of(ConfigType.any())))),
                    false),
                0,
                0)),
        "the type any below");
    assertRefused(
        new Schema.BlockMap(
            "b",
            List.of("x"),
            new Schema.BlockAttrs("c", ConfigType.mapOf(ConfigType.any()), false)),
        "the type any below");
    assertRefused(
        new Schema.BlockMap(
            "b",
            List.of("x"),
            new Schema.Default(NAME, new Schema.Literal(Arrays.asList("a", null)))),
        "a null below a block map");
    assertThat(
            Specs.of(
                    new Schema.Fields(
                        Map.of("any", ANY, "map", new Schema.BlockMap("m", List.of("x"), NAME))))
                .hasObject())
        .as("beside a block map")
        .isTrue();
  }

  @Test
  void whatAnAgentCannotTakeIsRefused() {
    assertRefused(new Schema.Attr("", ConfigType.string(), false), "a name is empty");
    assertRefused(new Schema.BlockList("b", NAME, 3, 2), "at least 3 and at most 2");
    assertRefused(new Schema.BlockSet("b", NAME, -1, 0), "at least -1");
    assertRefused(
        new Schema.Default(NAME, new Schema.Block("b", NAME, false)),
        "the fallback of a default cannot be a block");
    assertRefused(new Schema.Literal(java.time.Instant.EPOCH), "a literal is");
    assertRefused(
        new Schema.Attr(
            "a", new ConfigType.ObjectOf(Map.of("no name", ConfigType.string())), false),
        "a type cannot have the name \"no name\"");
  }
}
