package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a task of a job is given, and what comes out of it. */
@RequiresLinuxRoot
class JobRunIT {
  @RegisterExtension private final Workplace work = new Workplace();

  /** A batch job of one task, which is not started again. */
  private static String batch(String driver, String task) {
    return """
    job "job" {
      type = "batch"
      group "task" {
        restart { attempts = 0 }
        task "task" {
          driver = "%s"
    %s
        }
      }
    }
    """
        .formatted(driver, task.indent(6));
  }

  @Test
  void keepsTheStreamsApartAndSaysWhoWrote() {
    Outcome outcome =
        work.job(
                batch(
                    "jail-task-driver",
                    """
                    config {
                      command = "/bin/sh"
                      args    = ["-c", "echo to stdout; echo to stderr >&2"]
                    }
                    """))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | to stdout\n");
    assertThat(outcome.stderr().lines()).contains("task | to stderr");
    assertThat(outcome.status()).isZero();
  }
}
