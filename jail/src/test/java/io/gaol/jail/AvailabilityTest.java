package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvailabilityTest {
  @ParameterizedTest
  @CsvSource({
    "15.0, true",
    "16.1, true",
    "14.9, true",
    "14.4, true",
    "14.3, false",
    "13.5, true",
    "13.4, false",
    "12.4, false"
  })
  void aParameterIsInItsReleaseAndInThoseOfOlderBranchesThatGotItLater(String release, boolean in) {
    Availability availability = Availability.since("15.0", "14.4", "13.5");

    assertThat(availability.in(FreeBsdRelease.parse(release).orElseThrow())).isEqualTo(in);
  }

  @Test
  void itIsShownWithItsBranchesAndItsModule() {
    assertThat(Availability.since("15.0", "14.4").inModule("mac_do"))
        .hasToString("15.0, and 14.4 (module mac_do)");
    assertThat(Availability.since("9.1")).hasToString("9.1");
  }

  @Test
  void anOlderBranchIsOlder() {
    assertThatThrownBy(() -> Availability.since("14.0", "14.2"))
        .hasMessage("14.2 is no release of a branch before 14.0");
  }
}
