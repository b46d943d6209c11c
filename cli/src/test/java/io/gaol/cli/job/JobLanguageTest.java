package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.cli.language.JobInput;
import io.gaol.hcl.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLanguageTest {
  private static final String JOB =
      """
      job "j" {
        group "g" {
          task "t" {
            driver = "exec"
            env {
              X = var.x
            }
          }
        }
      }
      """;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private JobInput input(
      String text, Map<String, String> variables, List<Path> files, Map<String, String> environment)
      throws IOException {
    String name = file("job.hcl", text).toString();
    return new JobInput(name, variables, files, environment, false, false);
  }

  private static String x(Job job) {
    return job.groups().getFirst().tasks().getFirst().env().get("X");
  }

  @Test
  void aVariableIsTakenFromTheDefaultTheEnvironmentFilesAndTheCommandLineTheLastWins()
      throws IOException, JobException {
    String text = "variable \"x\" { default = \"default\" }\n" + JOB;
    Path first = file("first.hcl", "x = \"first\"\n");
    Path second = file("second.json", "{\"x\": \"second\"}");
    Map<String, String> environment = Map.of("NOMAD_VAR_x", "environment", "NOMAD_VAR_other", "1");
    Map<String, String> given = Map.of("x", "given");

    assertThat(
            List.of(
                x(JobParser.parse(input(text, Map.of(), List.of(), Map.of()))),
                x(JobParser.parse(input(text, Map.of(), List.of(), environment))),
                x(JobParser.parse(input(text, Map.of(), List.of(first), environment))),
                x(JobParser.parse(input(text, Map.of(), List.of(first, second), environment))),
                x(JobParser.parse(input(text, given, List.of(first, second), environment)))))
        .containsExactly("default", "environment", "first", "second", "given");
  }

  @Test
  void aListComesAsAnExpressionAndAStringAsItIs() throws IOException, JobException {
    String list =
        "variable \"x\" { type = list(string) }\n" + JOB.replace("var.x", "join(\"+\", var.x)");
    String string = "variable \"x\" { type = string }\n" + JOB;

    assertThat(x(JobParser.parse(input(list, Map.of("x", "[\"a\", \"b\"]"), List.of(), Map.of()))))
        .isEqualTo("a+b");
    assertThat(x(JobParser.parse(input(string, Map.of("x", "[\"a\"]"), List.of(), Map.of()))))
        .isEqualTo("[\"a\"]");
  }

  @Test
  void aSensitiveValueIsInNoErrorAlsoNotAfterItWasChanged() throws IOException {
    String text =
        "variable \"x\" {\n  type = string\n  sensitive = true\n}\n"
            + "locals {\n  upper = upper(var.x)\n}\n"
            + JOB.replace("driver = \"exec\"", "driver = \"exec\"\nkill_signal = local.upper");

    JobException wrong =
        catchThrowableOfType(
            JobException.class,
            () -> JobParser.parse(input(text, Map.of("x", "hunter2secret"), List.of(), Map.of())));

    assertThat(wrong.getMessage())
        .contains("\"(sensitive)\" is no signal")
        .doesNotContainIgnoringCase("hunter2secret");
  }

  @Test
  void aValueForNoVariableIsRefusedFromAFileAndIgnoredFromTheEnvironment() throws IOException {
    String text = "variable \"port\" { default = 1 }\n" + JOB.replace("var.x", "var.port");
    Path values = file("values.hcl", "prot = 2\n");

    JobException wrong =
        catchThrowableOfType(
            JobException.class,
            () -> JobParser.parse(input(text, Map.of(), List.of(values), Map.of())));

    assertThat(wrong.getMessage())
        .contains("values.hcl:1:1: The job file declares no variable \"prot\". Did you mean")
        .contains("\"port\"?");
  }

  @Test
  void anApiJobIsReadWithItsNamesItsTimesAndItsTextsAsTheyAre() throws IOException, JobException {
    String text =
        """
        {"Job": {"ID": "a", "Type": "batch", "Status": null, "TaskGroups": [{"Name": "g",
          "Count": 2, "Tasks": [{"Name": "t", "Driver": "exec", "KillTimeout": 7000000000,
          "Config": {"command": "/bin/echo", "args": ["${NOMAD_TASK_NAME}", "$${x}"]},
          "Resources": {"MemoryMB": 64}, "KillSignal": ""}]}]}}
        """;
    Job job = JobParser.parse(input(text, Map.of(), List.of(), Map.of()));
    Job.TaskSpec task = job.groups().getFirst().tasks().getFirst();

    assertThat(job.groups().getFirst().count()).isEqualTo(2);
    assertThat(task.killTimeout()).hasSeconds(7);
    assertThat(task.resources().memory()).isEqualTo(64);
    assertThat(task.config().values().get("args"))
        .isEqualTo(Value.of(List.of(Value.of("${NOMAD_TASK_NAME}"), Value.of("$${x}"))));
  }

  @Test
  void aDynamicBlockOfManyBlocksEndsWithAnError() throws IOException {
    String text =
        """
        job "j" {
          dynamic "constraint" {
            for_each = range(0, 1000)
            content {}
          }
          dynamic "spread" {
            for_each = range(0, 1000)
            content {
              dynamic "target" {
                for_each = range(0, 100)
                labels   = ["${spread.value}-${target.value}"]
                content {}
              }
            }
          }
        }
        """;

    JobException wrong =
        catchThrowableOfType(
            JobException.class, () -> JobParser.parse(input(text, Map.of(), List.of(), Map.of())));

    assertThat(wrong.getMessage()).contains("The dynamic blocks make more than 20000 blocks");
  }

  @Test
  void aChainOfManyLocalsIsWorkedOut() throws IOException, JobException {
    StringBuilder text = new StringBuilder("variable \"x\" { default = \"end\" }\nlocals {\n");
    for (int i = 0; i < 5000; i++) {
      text.append("  l%d = %s\n".formatted(i, i == 4999 ? "var.x" : "local.l" + (i + 1)));
    }
    text.append("}\n").append(JOB.replace("var.x", "local.l0"));

    assertThat(x(JobParser.parse(input(text.toString(), Map.of(), List.of(), Map.of()))))
        .isEqualTo("end");
  }
}
