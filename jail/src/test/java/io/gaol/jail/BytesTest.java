package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1, 1 bytes",
    "1048575, 1048575 bytes",
    "1048576, 1 MiB",
    "1048577, 1048577 bytes",
    "3145728, 3 MiB"
  })
  void aSizeIsShownInMebibytesWhereItIsSoMany(long count, String shown) {
    assertThat(new Bytes(count)).hasToString(shown);
  }

  @Test
  void aSizeIsNeverNegativeAndNeverTooLargeForItself() {
    assertThat(Bytes.ofMebibytes(2).count()).isEqualTo(2_097_152);
    assertThatThrownBy(() -> new Bytes(-1)).hasMessage("a size may not be negative: -1");
    assertThatThrownBy(() -> Bytes.ofMebibytes(Long.MAX_VALUE / 1024))
        .isInstanceOf(ArithmeticException.class);
  }
}
