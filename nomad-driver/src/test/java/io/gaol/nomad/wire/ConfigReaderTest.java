package io.gaol.nomad.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class ConfigReaderTest {
  private static final Schema.Attr TEXT = attr("text", ConfigType.string());
  private static final Schema.Fields EVERYTHING =
      fields(
          Map.of(
              "text",
              TEXT,
              "number",
              attr("number", ConfigType.number()),
              "flag",
              attr("flag", ConfigType.bool()),
              "anything",
              attr("anything", ConfigType.any()),
              "tuple",
              attr(
                  "tuple",
                  new ConfigType.TupleOf(
                      List.of(
                          ConfigType.string(),
                          new ConfigType.ObjectOf(Map.of("a", ConfigType.number()))))),
              "maps",
              attr("maps", ConfigType.listOf(ConfigType.mapOf(ConfigType.string()))),
              "mount",
              new Schema.BlockList("mount", fields(Map.of("text", TEXT)), 0, 0),
              "deep",
              new Schema.BlockMap("deep", List.of("x", "y"), fields(Map.of("text", TEXT))),
              "mode",
              new Schema.Default(attr("mode", ConfigType.string()), new Schema.Literal("private")),
              "limits",
              new Schema.BlockAttrs("limits", ConfigType.number(), false)));

  private static final Map<String, Object> VALID =
      Map.of(
          "text",
          "a",
          "number",
          new BigDecimal("0.1"),
          "flag",
          true,
          "anything",
          Map.of("list", List.of(BigDecimal.ONE, "x", List.of())),
          "tuple",
          List.of("t", Map.of("a", BigDecimal.valueOf(-5))),
          "maps",
          List.of(Map.of("k", "v")),
          "mount",
          List.of(Map.of("text", "one"), Map.of("text", "two")),
          "deep",
          Map.of("web", Map.of("db", Map.of("text", "z"))),
          "mode",
          "shared",
          "limits",
          Map.of("maxproc", BigDecimal.TEN));

  private static Schema.Attr attr(String name, ConfigType type) {
    return new Schema.Attr(name, type, false);
  }

  private static Schema.Fields fields(Map<String, Schema> fields) {
    return new Schema.Fields(fields);
  }

  private static Schema.Fields of(ConfigType type) {
    return fields(Map.of("v", attr("v", type)));
  }

  private static Map<String, Object> read(Schema.Fields schema, byte[] bytes)
      throws MalformedConfigException {
    return ConfigReader.read(schema, ByteBuffer.wrap(bytes));
  }

  /** Of a schema that has but the key v: the bytes of its value. */
  private static Object value(ConfigType type, String hex) throws MalformedConfigException {
    return read(of(type), HexFormat.of().parseHex("81a176" + hex)).get("v");
  }

  private static void assertRefused(ConfigType type, String hex, String problem) {
    assertThatThrownBy(() -> value(type, hex))
        .isInstanceOf(MalformedConfigException.class)
        .hasMessage(problem);
  }

  private static void assertRefused(Map<String, ?> config, String problem) {
    assertThatThrownBy(() -> read(EVERYTHING, Packer.pack(config)))
        .isInstanceOf(MalformedConfigException.class)
        .hasMessage(problem);
  }

  @Test
  void everyKindOfValueIsReadAsItWasWritten() throws Exception {
    assertThat(read(EVERYTHING, Packer.pack(VALID))).isEqualTo(VALID);
  }

  @Test
  void aNumberIsAnIntegerOrAFloatOrText() throws Exception {
    ConfigType number = ConfigType.number();
    assertThat(value(number, "05")).isEqualTo(new BigDecimal("5"));
    assertThat(value(number, "ff")).isEqualTo(new BigDecimal("-1"));
    assertThat(value(number, "ccff")).isEqualTo(new BigDecimal("255"));
    assertThat(value(number, "cdffff")).isEqualTo(new BigDecimal("65535"));
    assertThat(value(number, "ceffffffff")).isEqualTo(new BigDecimal("4294967295"));
    assertThat(value(number, "cfffffffffffffffff"))
        .isEqualTo(new BigDecimal("18446744073709551615"));
    assertThat(value(number, "d080")).isEqualTo(new BigDecimal("-128"));
    assertThat(value(number, "d18000")).isEqualTo(new BigDecimal("-32768"));
    assertThat(value(number, "d280000000")).isEqualTo(new BigDecimal("-2147483648"));
    assertThat(value(number, "d38000000000000000"))
        .isEqualTo(new BigDecimal("-9223372036854775808"));
    assertThat(value(number, "cb3fe0000000000000")).isEqualTo(new BigDecimal("0.5"));
    assertThat(value(number, "ca3f000000")).isEqualTo(new BigDecimal("0.5"));
    assertThat(value(number, "a3302e31")).isEqualTo(new BigDecimal("0.1"));
    assertThat(value(number, "a3316533")).isEqualTo(new BigDecimal("1000"));
  }

  @Test
  void aNumberThatIsNoneIsRefused() {
    ConfigType number = ConfigType.number();
    assertRefused(number, "a161", "v: a number is expected, but there is the string \"a\"");
    assertRefused(
        number,
        "ab"
            + HexFormat.of()
                .formatHex("1e999999999".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        "v: a number is expected, but there is the string \"1e999999999\"");
    assertRefused(number, "cb7ff8000000000000", "v: NaN is no number of a config");
    assertRefused(number, "90", "v: a number is expected, but there is a list");
  }

  @Test
  void aStringMayBeOldOrBinaryButMustBeText() throws Exception {
    assertThat(value(ConfigType.string(), "c40161")).isEqualTo("a");
    assertThat(value(ConfigType.string(), "da000161")).isEqualTo("a");
    assertThat(value(ConfigType.string(), "a2c3a9")).isEqualTo("é");
    assertRefused(ConfigType.string(), "a1ff", "v: a string is not UTF-8");
    assertRefused(ConfigType.string(), "05", "v: a string is expected, but there is a number");
  }

  @Test
  void anythingMayBeNull() throws Exception {
    Map<String, Object> nulls = new HashMap<>();
    EVERYTHING.fields().keySet().forEach(name -> nulls.put(name, null));
    Map<String, Object> config = read(EVERYTHING, Packer.pack(nulls));
    assertThat(config)
        .containsOnlyKeys(EVERYTHING.fields().keySet())
        .containsEntry("text", null)
        .containsEntry("limits", null)
        .containsEntry("mount", List.of())
        .containsEntry("deep", Map.of())
        .containsEntry("mode", "private");
    assertThat(value(ConfigType.listOf(ConfigType.string()), "91c0"))
        .isEqualTo(Collections.singletonList(null));
  }

  @Test
  void aKeyThatIsNotThereAndAnEmptyConfigAreWhatTheSchemaHas() throws Exception {
    assertThat(read(EVERYTHING, Packer.pack(Map.of("text", "a"))))
        .containsOnlyKeys(EVERYTHING.fields().keySet())
        .containsEntry("text", "a")
        .containsEntry("mount", List.of());
    assertThat(read(EVERYTHING, new byte[0])).isEqualTo(ConfigReader.unset(EVERYTHING));
    assertThat(read(EVERYTHING, new byte[] {(byte) 0xc0}))
        .isEqualTo(ConfigReader.unset(EVERYTHING));
  }

  @Test
  void aMistakeSaysWhereItIs() {
    assertRefused(
        Map.of("mount", List.of(Map.of("text", "a"), Map.of("text", 5))),
        "mount[1].text: a string is expected, but there is a number");
    assertRefused(
        Map.of("maps", List.of(Map.of("k", true))),
        "maps[0].k: a string is expected, but there is a boolean");
    assertRefused(
        Map.of("deep", Map.of("web", Map.of("db", Map.of("text", List.of())))),
        "deep.web.db.text: a string is expected, but there is a list");
    assertRefused(
        Map.of("tuple", List.of("a")), "tuple: a list of 2 values is expected, but there are 1");
    assertRefused(Map.of("mode", 5), "mode: a string is expected, but there is a number");
  }

  @Test
  void aFallbackMayBeOfAnotherTypeAndAConstantIsAlwaysTheSame() throws Exception {
    Schema.Fields schema =
        fields(
            Map.of(
                "v",
                new Schema.Default(
                    attr("v", ConfigType.number()), new Schema.Literal(List.of("none"))),
                "tenth",
                new Schema.Literal(new BigDecimal("0.1"))));
    assertThat(read(schema, Packer.pack(Map.of("v", List.of("none"), "tenth", "0.1"))))
        .containsEntry("v", List.of("none"));
    assertThatThrownBy(() -> read(schema, Packer.pack(Map.of("v", List.of("some")))))
        .hasMessage("v: a number is expected, but there is a list");
    assertThatThrownBy(() -> read(schema, Packer.pack(Map.of("tenth", "0.2"))))
        .hasMessage("tenth: the constant 0.1 is expected");
  }

  @Test
  void aKeyOfAnotherSchemaIsRefusedByName() {
    assertRefused(Map.of("memory", 5), "memory: the schema has no such key");
    assertRefused(
        Map.of("mount", List.of(Map.of("size", 5))), "mount[0].size: the schema has no such key");
  }

  @Test
  void aKeyThatIsThereTwiceIsRefused() {
    assertThatThrownBy(
            () -> read(of(ConfigType.string()), HexFormat.of().parseHex("82a176a161a176a162")))
        .hasMessage("v: the key is there twice");
    assertRefused(ConfigType.any(), "82a161a161a161a162", "v.a: the key is there twice");
  }

  @Test
  void whatFollowsAfterTheEndIsRefused() {
    assertThatThrownBy(
            () -> read(of(ConfigType.string()), HexFormat.of().parseHex("81a176a161c0c0")))
        .hasMessage("2 bytes follow after the end of the config");
  }

  @Test
  void aLengthThatClaimsMoreThanIsThereIsRefusedBeforeAnythingIsMade() {
    assertRefused(
        ConfigType.string(),
        "dbffffffff",
        "v: a string of 4294967295 bytes is announced, but only 0 bytes are left");
    assertRefused(
        ConfigType.any(),
        "dd7fffffff",
        "v: a list of 2147483647 values is announced, but only 0 bytes are left");
    assertRefused(
        ConfigType.any(),
        "dfffffffff",
        "v: a map of 4294967295 keys is announced, but only 0 bytes are left");
    assertRefused(
        ConfigType.number(), "cd01", "v: a value is announced, but only 1 bytes are left");
  }

  @Test
  void whatNoConfigHasIsRefused() {
    assertRefused(ConfigType.any(), "c1", "v: the byte 0xc1 is nothing in MessagePack");
    assertRefused(
        ConfigType.any(), "d40000", "v: an extension of MessagePack is nothing in a config");
    assertThatThrownBy(() -> read(EVERYTHING, new byte[] {0x05}))
        .hasMessage("a map is expected, but there is a number");
  }

  @Test
  void listsInListsEndSomewhere() {
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) 0x91);
    deep[0] = (byte) 0x81;
    deep[1] = (byte) 0xa1;
    deep[2] = 'v';
    deep[deep.length - 1] = (byte) 0xc0;
    assertThatThrownBy(() -> read(of(ConfigType.any()), deep))
        .isInstanceOf(MalformedConfigException.class)
        .hasMessageEndingWith("more than 64 lists and maps in each other");
  }

  @Test
  void smallBytesDoNotBecomeManyValues() {
    byte[] many = new byte[8 << 20];
    Arrays.fill(many, (byte) 0xc0);
    byte[] head = HexFormat.of().parseHex("81a176dd007ffff8");
    System.arraycopy(head, 0, many, 0, head.length);
    assertThatThrownBy(() -> read(of(ConfigType.any()), many))
        .hasMessageContaining("more than 500000 values");
  }

  @Test
  void aHundredThousandGarbledConfigsAreReadOrRefused() {
    long seed = 20_260_101L;
    System.out.println("seed of the garbled configs: " + seed);
    Random random = new Random(seed);
    byte[] valid = Packer.pack(VALID);
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = i % 4 == 0 ? garbage(random) : mutated(valid, random);
      try {
        if (!read(EVERYTHING, bytes).keySet().equals(EVERYTHING.fields().keySet())) {
          fail("a key is missing of " + HexFormat.of().formatHex(bytes));
        }
        read++;
      } catch (MalformedConfigException refused) {
        if (refused.getMessage().isBlank()) {
          fail("no reason why not " + HexFormat.of().formatHex(bytes));
        }
      }
    }
    assertThat(read).as("some mutations are valid").isBetween(1, 99_999);
  }

  private static byte[] garbage(Random random) {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = Arrays.copyOf(valid, valid.length - (random.nextInt(4) == 0 ? 1 : 0));
    for (int n = random.nextInt(3); n >= 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  @Property(tries = 200)
  void whatAnAgentWritesOfAnyTypeIsRead(@ForAll("values") Object value) throws Exception {
    Map<String, Object> config = new HashMap<>();
    config.put("v", value);
    assertThat(read(of(ConfigType.any()), Packer.pack(config)).get("v"))
        .isEqualTo(numbersAsSent(value));
    if (value instanceof BigDecimal number) {
      String hex = HexFormat.of().formatHex(Packer.pack(number));
      assertThat((BigDecimal) value(ConfigType.number(), hex)).isEqualByComparingTo(number);
    }
  }

  /** Of no type, a number that travels as text is text. */
  private static Object numbersAsSent(Object value) {
    return switch (value) {
      case BigDecimal number -> {
        byte head = Packer.pack(number)[0];
        boolean text = (head & 0xe0) == 0xa0 || head == (byte) 0xd9 || head == (byte) 0xda;
        yield text
            ? number.toPlainString()
            : number.stripTrailingZeros().scale() <= 0
                ? number.setScale(0)
                : number.stripTrailingZeros();
      }
      case List<?> list -> {
        List<Object> sent = new ArrayList<>();
        list.forEach(element -> sent.add(numbersAsSent(element)));
        yield sent;
      }
      case Map<?, ?> map -> {
        Map<Object, Object> sent = new TreeMap<>();
        map.forEach((key, element) -> sent.put(key, numbersAsSent(element)));
        yield sent;
      }
      case null, default -> value;
    };
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
            Arbitraries.strings()
                .ofMaxLength(300)
                .filter(ConfigReaderTest::isText)
                .map(text -> text),
            Arbitraries.bigDecimals().ofScale(4).map(number -> number),
            Arbitraries.longs().map(BigDecimal::valueOf),
            Arbitraries.of(true, false));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(4).map(list -> list),
                Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(40), inner)
                    .ofMaxSize(4)
                    .map(map -> map)),
        0,
        3);
  }

  private static boolean isText(String text) {
    return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
