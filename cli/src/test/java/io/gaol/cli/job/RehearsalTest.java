package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void theJobThatIsRehearsedIsValidSoThatAllOfTheWayIsGone() {
    JobParser.Examined examined = Rehearsal.read();

    assertThat(examined.job()).isPresent();
    assertThat(examined.errors()).isEmpty();
    assertThat(examined.warnings()).isEmpty();
  }

  @Test
  void theConfigThatIsRehearsedIsDecodedToItsEnd() {
    assertThat(Rehearsal.decode().rctlRules()).hasSize(1);
  }

  @Test
  void aRehearsalEndsAndNoneIsOverAtOnce() {
    Rehearsal.begin().await();
    Rehearsal.none().await();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
