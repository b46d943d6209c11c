package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done before a task starts: artifacts and templates; and when a template changes. */
@RequiresLinuxRoot
class PreparationIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private static String job(String blocks, String script) {
    return JobText.task(
        "jail-task-driver", blocks + "\nconfig {\n" + JobText.shell(script).indent(2) + "}");
  }

  private static String template(String data, String destination, String more) {
    return "template {\ndata = %s\ndestination = \"%s\"\n%s\n}\n"
        .formatted(JobText.quoted(data), destination, more);
  }

  private Path allocation() {
    try (Stream<Path> all = Files.list(work.stateDirectory().resolve("allocations"))) {
      return all.findFirst().orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---- artifacts

  @Test
  void aTaskRunsAProgramThatWasFetched() throws IOException {
    Path program = work.write("files/program", "#!/bin/sh\necho fetched $1\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    "artifact { source = \""
                        + program
                        + "\" }\nconfig {\ncommand = \"local/program\"\nargs = [\"it\"]\n}"))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | fetched it\n");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void anArtifactIsFetchedOnceHoweverOftenTheTaskIsStarted() {
    Path file = work.write("files/file", "as fetched\n");
    String text =
        job(
                "artifact { source = \"" + file + "\" }",
                "cat /local/file; echo changed >/local/file; [ -e /alloc/data/x ] ||"
                    + " { touch /alloc/data/x; exit 1; }")
            .replace("{ attempts = 0 }", "{\nattempts = 1\ndelay = \"0s\"\n}");
    Outcome outcome = work.job(text).run();
    assertThat(outcome.stdout()).isEqualTo("task | as fetched\ntask | changed\n");
  }

  @Test
  void anArtifactThatIsNotThereIsToldWithItsPlaceAndLeavesNothing() {
    Outcome outcome =
        work.job(job("artifact { source = \"/no/such/file\" }", "echo not to be seen")).run();
    assertThat(outcome.stderr())
        .containsPattern(
            "gaol: task: not started: .*job-1.nomad.hcl:[0-9]+:[0-9]+: artifact /no/such/file");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(1);
  }

  // ---- templates

  @Test
  void aTemplateIsAFileAndVariablesOfItsTask() {
    Outcome outcome =
        work.job(
                job(
                    template("of {{ env \"NOMAD_TASK_NAME\" }}", "local/file", "")
                        + template("WHO=world", "secrets/env", "env = true"),
                    "cat /local/file; echo; echo hello $WHO; ls /secrets"))
            .run();
    assertThat(outcome.stdout().lines())
        .containsExactly("task | of task", "task | hello world", "task | env");
  }

  @Test
  void aTemplateMayReadAnArtifact() {
    Path file = work.write("files/in", "fetched");
    Outcome outcome =
        work.job(
                job(
                    "artifact { source = \""
                        + file
                        + "\" }\n"
                        + template("{{ file \"local/in\" }}!", "local/out", ""),
                    "cat /local/out"))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | fetched!\n");
  }

  @Test
  void aTaskIsRestartedWhenAFileChangesThatATemplateReads() throws IOException {
    String text =
        job(
            template("{{ file \"alloc/data/in\" }}", "local/out", "splay = \"0s\""),
            "cat /local/out; echo; until [ $(cat /local/out) = two ]; do sleep 0.05; done");
    text = withInput(text);
    Running running = work.job(text).start().awaitLine("task | one");
    Files.writeString(allocation().resolve("alloc/data/in"), "two");
    Outcome outcome = running.await();
    assertThat(outcome.stdout().lines()).containsExactly("task | one", "task | two");
    assertThat(outcome.stderr().lines())
        .contains("gaol: task: restarting, as a template has changed");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aTaskGetsASignalWhenATemplateSaysSo() throws IOException {
    String text =
        withInput(
            job(
                template(
                    "{{ file \"alloc/data/in\" }}",
                    "local/out",
                    "splay = \"0s\"\nchange_mode = \"signal\"\nchange_signal = \"SIGUSR1\""),
                "trap 'cat /local/out; exit' USR1; echo ready; while :; do sleep 0.05; done"));
    Running running = work.job(text).start().awaitLine("task | ready");
    Files.writeString(allocation().resolve("alloc/data/in"), "two\n");
    assertThat(running.await().stdout().lines()).containsExactly("task | ready", "task | two");
  }

  @Test
  void aScriptRunsInTheTaskWhenATemplateSaysSo() throws IOException {
    String text =
        withInput(
            job(
                template(
                    "{{ file \"alloc/data/in\" }}",
                    "local/out",
                    """
                    change_mode = "script"
                    change_script {
                      command = "/bin/cp"
                      args    = ["/local/out", "/local/copied"]
                    }
                    """),
                "echo ready; until [ -e /local/copied ]; do sleep 0.05; done; cat /local/copied"));
    Running running = work.job(text).start().awaitLine("task | ready");
    Files.writeString(allocation().resolve("alloc/data/in"), "two\n");
    assertThat(running.await().stdout().lines()).containsExactly("task | ready", "task | two");
  }

  /** With a task that goes before, and makes the file that the template reads. */
  private static String withInput(String text) {
    String before =
        """
        task "before" {
          lifecycle { hook = "prestart" }
          driver = "jail-task-driver"
          config {
        %s
          }
        }
        """
            .formatted(JobText.shell("printf one >/alloc/data/in"));
    return text.replaceFirst("task \"task\" \\{", before.replace("$", "\\$") + "task \"task\" {");
  }

  @Test
  void aTemplateThatCannotBeRenderedIsToldWithItsPlaceAndLeavesNothing() {
    Outcome outcome =
        work.job(job(template("{{ file \"local/none\" }}", "local/x", ""), "echo not to be seen"))
            .run();
    assertThat(outcome.stderr())
        .containsPattern("gaol: task: not started: .*job-1.nomad.hcl:[0-9]+:[0-9]+: template: ");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void aTemplateThatIsNoneStopsTheJobBeforeAnythingRuns() {
    Outcome outcome =
        work.job(job(template("{{ if }}", "local/x", ""), "echo not to be seen")).run();
    assertThat(List.of(outcome.stdout(), outcome.status())).isEqualTo(List.of("", 1));
    assertThat(outcome.stderr()).doesNotContain("started");
  }
}
