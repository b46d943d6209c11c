package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagePackTest {

  private static String hex(Object value) {
    return HexFormat.of().formatHex(MessagePack.encode(value).toByteArray());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "127, 7f",
    "128, cc80",
    "255, ccff",
    "256, cd0100",
    "65535, cdffff",
    "65536, ce00010000",
    "4294967295, ceffffffff",
    "4294967296, cf0000000100000000",
    "9223372036854775807, cf7fffffffffffffff",
    "-1, ff",
    "-32, e0",
    "-33, d0df",
    "-128, d080",
    "-129, d1ff7f",
    "-32769, d2ffff7fff",
    "-2147483649, d3ffffffff7fffffff",
    "1E+2, 64",
    "1.0, 01",
    "0.5, cb3fe0000000000000",
  })
  void aNumberHasItsSmallestForm(String number, String bytes) {
    assertThat(hex(new BigDecimal(number))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, a3302e31",
    "9223372036854775808, b339323233333732303336383534373735383038",
  })
  void aNumberThatFitsNoOtherFormIsText(String number, String bytes) {
    assertThat(hex(new BigDecimal(number))).isEqualTo(bytes);
  }

  @Test
  void textsListsAndMapsSayTheirLength() {
    assertThat(hex("ä")).isEqualTo("a2c3a4");
    assertThat(hex("x".repeat(31))).startsWith("bf78");
    assertThat(hex("x".repeat(32))).startsWith("d92078");
    assertThat(hex("x".repeat(256))).startsWith("da010078");
    assertThat(hex("x".repeat(65536))).startsWith("db0001000078");
    assertThat(hex(Collections.nCopies(15, true))).startsWith("9fc3");
    assertThat(hex(Collections.nCopies(16, true))).startsWith("dc0010c3");
    assertThat(hex(Collections.nCopies(65536, true))).startsWith("dd00010000c3");
    assertThat(hex(Map.of())).isEqualTo("80");
  }

  @Test
  void aMapIsInTheOrderOfItsKeysAndKeepsWhatIsNull() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", null);
    map.put("a", List.of(false));
    assertThat(hex(map)).isEqualTo("82" + "a161" + "91c2" + "a162" + "c0");
  }

  @Test
  void whatNoConfigCanHoldIsRefused() {
    assertThatThrownBy(() -> MessagePack.encode(Map.of("a", new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
