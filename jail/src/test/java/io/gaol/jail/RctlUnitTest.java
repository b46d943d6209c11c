package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RctlUnitTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "9999, 9999",
    "10000, 9.8K",
    "524288, 512K",
    "1048576, 1.0M",
    "66592768, 64M",
    "1073741824, 1.0G",
    "1048575, 1.0M",
    "1073741823, 1.0G",
    "9223372036854775807, 8.0E",
  })
  void bytesAreShownInPowersOf1024(long bytes, String text) {
    assertThat(RctlUnit.BYTES.human(bytes)).isEqualTo(text);
  }

  @Test
  void timeAndPercentsAreCountedInMillionthsAndShownWhole() {
    assertThat(RctlUnit.SECONDS.print(17_999_999)).isEqualTo("17");
    assertThat(RctlUnit.PERCENT.human(92_500_000)).isEqualTo("92");
    assertThat(RctlUnit.BYTES.print(17_999_999)).isEqualTo("17999999");
    assertThat(RctlUnit.SECONDS.scale()).isEqualTo(1_000_000);
    assertThat(RctlUnit.COUNT.scale()).isEqualTo(1);
  }
}
