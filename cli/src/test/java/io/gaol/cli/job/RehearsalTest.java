package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.language.JobInput;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void theJobThatIsRehearsedIsValidSoThatAllOfTheWayIsGone() {
    JobValidator.Report report =
        new JobValidator()
            .validate(
                JobInput.of("rehearsal.hcl", Map.of()),
                Rehearsal.JOB.getBytes(StandardCharsets.UTF_8));

    assertThat(report.errors()).isEmpty();
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void aRehearsalEndsAndNoneIsOverAtOnce() {
    Rehearsal.begin().await();
    Rehearsal.none().await();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
