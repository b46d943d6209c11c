package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.language.JobInput;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TwelveMistakesTest {
  private static final String JOB =
      """
      job "twelve" {
        group "web" {
          task "web" {
            driver = "jail-task-driver"
            config {
              command            = "/usr/local/bin/web"
              args               = "-v"
              Persits            = true
              Allow_raw_sockets  = "perhaps"
              Enforce_statfs     = 9
              Host_hostname      = ["a", "b"]
              Ip4                = "disable"
              Ip4_addr           = "em1|192.168.1.102"
              Securelevel        = "high"
              Cpuset_id          = 3
              Rctl = {
                Openfile = { Action = "deny", Amount = "500" }
              }
              rctl_rules = ["maxproc:dney=20"]
              params = {
                "allow.mlok" = true
              }
              Linux_osname = "a\\u0000b"
            }
          }
        }
      }
      """;

  @Test
  void twelveMistakesInOneConfigAreTwelveMessagesInOrderWithTheirPlaces() {
    JobValidator.Report report =
        new JobValidator()
            .validate(
                JobInput.of("twelve.nomad.hcl", Map.of()), JOB.getBytes(StandardCharsets.UTF_8));

    assertThat(
            report.errors().stream()
                .map(error -> error.line() + ":" + error.column() + ": " + error.message() + "\n")
                .collect(Collectors.joining()))
        .isEqualTo(
            """
            7:9: args takes a list of texts, but the text "-v" is given: write args = ["-v"]
            8:9: no jail parameter is named "Persits". Did you mean "Persist"?
            9:9: Allow_raw_sockets takes true or false, but "perhaps" is given
            10:9: Enforce_statfs takes a whole number from 0 to 2, but "9" is given
            11:9: Host_hostname takes one value, but 2 are given
            12:9: Ip4 = "disable" and Ip4_addr contradict each other: addresses of its own make ip4 "new" (jail(8)). Ip4_addr is at line 13.
            14:9: Securelevel takes a whole number from -1 to 3, but "high" is given
            15:9: Cpuset_id can only be read: the kernel sets it
            16:9: Rctl.Openfile: rctl(8) knows no resource "Openfile". Did you mean "openfiles"?
            19:9: rctl_rules: "maxproc:dney=20": rctl(8) knows no action "dney". Did you mean "deny"?
            20:9: no jail parameter is named "allow.mlok". Did you mean "allow.mlock"?
            23:9: Linux_osname may not hold a NUL character
            """);
  }
}
