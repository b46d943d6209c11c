package io.gaol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.job.Rehearsal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A sensitive value is in no plan, however what is made of it has to be written there. */
class PlanSecretsTest {
  private static final String JOB =
      """
      variable "key" {
        type      = string
        sensitive = true
      }
      job "secretive" {
        group "group" {
          task "task" {
            driver = "jail-task-driver"
            env {
              KEY = var.key
            }
            config {
              Path          = "/jails/web"
              Host_hostname = var.key
              Exec_prestart = "login ${var.key}"
              Exec_start    = ["set ${var.key}", "echo '${var.key}'"]
              Exec_system_user = "www"
              command       = "/bin/server"
              args          = [var.key, "--key=${var.key}"]
            }
          }
        }
      }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swordfish9x3",
        "sword'fish9x3",
        "sword\"fish9x3",
        "sword\\fish9x3",
        "sword'\"\\fish'9x3",
        "sword<fish'9x3"
      })
  void noPlanShowsASensitiveValue(String secret) throws IOException {
    for (List<String> form : List.of(List.<String>of(), List.of("--json"))) {
      assertThat(plan(secret, form))
          .contains("(sensitive)", "/bin/server")
          .doesNotContain("sword", "fish", "9x3");
    }
  }

  @Test
  void aValueThatIsNotSensitiveIsShown() throws IOException {
    String job = JOB.replace("sensitive = true", "");
    assertThat(plan(job, "sword'fish9x3", List.of())).contains("sword'\\''fish9x3");
  }

  private String plan(String secret, List<String> form) throws IOException {
    return plan(JOB, secret, form);
  }

  private String plan(String job, String secret, List<String> form) throws IOException {
    Path file = Files.writeString(folder.resolve("job.hcl"), job);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream all = new PrintStream(out, true, StandardCharsets.UTF_8);
    CommandLine command =
        new CommandLine(new JobCommand(new Terminal(all, all, false), Rehearsal.none()).spec());
    List<String> words = new ArrayList<>(List.of("plan", "--host", "freebsd:14.3"));
    words.addAll(form);
    words.addAll(List.of("-var", "key=" + secret, file.toString()));
    assertThat(command.execute(words.toArray(String[]::new)))
        .as(out.toString(StandardCharsets.UTF_8))
        .isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
