package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.FingerprintResponse.HealthState;
import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.host.AgentStart;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That this host is a FreeBSD, said by who goes before an environment that says otherwise. */
class FreeBsdChoiceIT {
  @AutoClose private static FreeBsd host;

  @BeforeAll
  static void open() {
    host = FreeBsd.open();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(host.changes()).isEmpty();
  }

  private static Outcome gaol(String environment, String arguments, Path job) {
    return host.sh(environment + " " + FreeBsd.GAOL + " " + arguments + " " + job);
  }

  private static Path job() {
    return host.file(
        "job.hcl",
        """
        job "choice" {
          type = "batch"
          group "group" {
            restart {
              attempts = 0
            }
            task "task" {
              driver = "jail-task-driver"
              config {
                Path    = "/jails/base"
                command = "/bin/sh"
                args    = ["-c", "hostname"]
              }
            }
          }
        }
        """);
  }

  @Test
  void theOptionOfTheCommandGoesBeforeTheEnvironment() {
    Outcome ran = gaol("GAOL_HOST=linux", "job run --host freebsd", job());
    assertThat(ran.status()).as("%s", ran).isZero();
    assertThat(ran.stdout()).matches("group.task \\| task-[0-9a-f]{8}\n");
  }

  @Test
  void theConfigOfThePluginGoesBeforeTheEnvironment() {
    try (AgentStart agent =
        AgentStart.again(
            host.plugin().with("GAOL_HOST", "linux"),
            Map.of("host", "freebsd", "state_dir", FreeBsd.STATE))) {
      FingerprintResponse fingerprint = agent.fingerprints().await(any -> true);
      assertThat(fingerprint.getHealth())
          .as(fingerprint.getHealthDescription())
          .isEqualTo(HealthState.HEALTHY);
      assertThat(fingerprint.getAttributesMap()).containsKey("driver.jail-task-driver.release");
    }
  }

  /** A plan names no file that is made while a job runs, and what it asks of the host changes. */
  @Test
  void aPlanForTheReleaseOfThisHostRunsTheCommandsOfThePlanForThisHost() {
    Assumptions.assumeTrue(
        host.sh("[ $(sysctl -n kern.racct.enable) = 1 ]").status() == 0,
        "the host on record has limits, and this one has not");
    String release = host.sh("uname -r").stdout().replaceFirst("-.*\n", "");
    Path job = job();
    Outcome here = gaol("", "job plan --host freebsd", job);
    Outcome recorded = gaol("", "job plan --host freebsd:" + release, job);
    assertThat(here.status()).as("%s", here).isZero();
    assertThat(recorded.status()).as("%s", recorded).isZero();
    assertThat(commands(recorded)).isNotEmpty().isEqualTo(commands(here));
  }

  private static String commands(Outcome plan) {
    return plan.stdout()
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID")
        .replaceAll("-[0-9a-f]{8}\\b", "-ID")
        .lines()
        .filter(line -> line.contains("$ ") && !line.contains("echo"))
        .reduce("", (all, line) -> all + line + "\n");
  }
}
