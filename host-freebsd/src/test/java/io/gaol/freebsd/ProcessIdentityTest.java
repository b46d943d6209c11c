package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessIdentityTest {
  private static final String RECORDED = "812 Mon_Nov_23_16:12:39_2026 1795438459 1795438450";

  private static boolean isRecorded(String now) {
    return ProcessIdentity.parse(RECORDED)
        .orElseThrow()
        .is(ProcessIdentity.parse(now).orElseThrow());
  }

  @Test
  void whatPsTellsIsOneWordOfIt() {
    assertThat(ProcessIdentity.text(812, "Mon Nov 23 16:12:39 2026    ", 1795438459, "1795438450"))
        .isEqualTo(RECORDED);
    assertThat(ProcessIdentity.text(7, "Mon Nov  2 06:12:39 2026", 1, "1"))
        .isEqualTo("7 Mon_Nov_2_06:12:39_2026 1 1");
    assertThat(ProcessIdentity.parse("7 Mon_Nov_2_06:12:39_2026 1 1")).isPresent();
  }

  @Test
  void aClockThatIsSetMakesNoOtherProcessOfIt() {
    assertThat(isRecorded("812 Mon_Nov_23_18:12:39_2026 1795445659 1795438450")).isTrue();
    assertThat(isRecorded("812 Mon_Nov_23_16:12:40_2026 1795438459 1795438450")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "813 Mon_Nov_23_16:12:39_2026 1795438459 1795438450",
        "812 Mon_Nov_23_16:13:39_2026 1795438459 1795438450",
        "812 Mon_Nov_23_16:12:39_2026 1795438459 1795440000"
      })
  void aLaterProcessOfTheNumberIsAnother(String now) {
    assertThat(isRecorded(now)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "unknown", "812", "812 yesterday 1 1", "x Mon_Nov_2_06:12:39_2026 1 1"})
  void whatIsNoneIsNone(String text) {
    assertThat(ProcessIdentity.parse(text)).isEmpty();
  }
}
