package io.gaol.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessorTimeTest {
  private static final String AFTER_THE_NAME =
      " S 1 42 42 0 -1 4194560 9999 8888 77 66 12 3 40 500 20 0 25 0 123456 1000 2000 1\n";

  @Test
  void theFourTimesAreAddedUpInStepsOfTenMilliseconds() throws IOException {
    assertThat(ProcessorTime.parse("42 (java)" + AFTER_THE_NAME))
        .isEqualTo(Duration.ofMillis(5550));
  }

  @Test
  void aProgramWithBlanksAndParenthesesInItsNameIsRead() throws IOException {
    assertThat(ProcessorTime.parse("42 (a) b (c 1 2 3)" + AFTER_THE_NAME))
        .isEqualTo(Duration.ofMillis(5550));
  }

  @Test
  void whatEndsTooEarlyIsRefused() {
    assertThatThrownBy(() -> ProcessorTime.parse("42 (java) S 1 42"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("42 (java) S 1 42");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatRanHasUsedSome() throws IOException {
    assertThat(ProcessorTime.of(ProcessHandle.current().pid())).isPositive();
  }
}
