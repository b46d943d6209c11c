package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolLimitTest {
  @Test
  void aWholeNumberOfSecondsIsTheLimit() {
    assertThat(ToolLimit.of("5")).isEqualTo(Duration.ofSeconds(5));
    assertThat(ToolLimit.of("0300")).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "0", "-1", "5s", "1.5", "99999999999999999999"})
  void anythingElseIsAsIfNothingWereSaid(String text) {
    assertThat(ToolLimit.of(text)).isEqualTo(Duration.ofMinutes(1));
  }
}
