package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.cli.language.JobInput;
import io.gaol.hcl.Value;
import io.gaol.nomad.config.GoDuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobParserTest {
  @TempDir Path folder;

  private Job parse(String text) throws JobException, IOException {
    return parse(text, Map.of());
  }

  private Job parse(String text, Map<String, String> variables) throws JobException, IOException {
    Path file = folder.resolve("job.hcl");
    Files.writeString(file, text);
    return JobParser.parse(JobInput.of(file.toString(), variables));
  }

  private String messages(String text) {
    JobException wrong = catchThrowableOfType(JobException.class, () -> parse(text));
    return wrong.getMessage().replace(folder + "/", "");
  }

  private static String withTask(String content) {
    return "job \"j\" {\n group \"g\" {\n  task \"t\" {\n   driver = \"exec\"\n"
        + content
        + "\n  }\n }\n}\n";
  }

  private Job.TaskSpec task(String content) throws JobException, IOException {
    return parse(withTask(content)).groups().getFirst().tasks().getFirst();
  }

  @Test
  void whatIsNotSaidHasNomadsDefaults() throws JobException, IOException {
    Job job = parse(withTask("config { command = \"x\" }"));
    Job.TaskSpec task = job.groups().getFirst().tasks().getFirst();

    assertThat(job.type()).isEqualTo("service");
    assertThat(job.groups().getFirst().count()).isEqualTo(1);
    assertThat(task.killTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(task.killSignal()).isEmpty();
    assertThat(task.restart())
        .isEqualTo(
            new Job.RestartPolicy(2, Duration.ofMinutes(30), Duration.ofSeconds(15), false, false));
    assertThat(task.resources().memory()).isEqualTo(300);
    assertThat(task.resources().cpu()).isEqualTo(OptionalLong.of(100));
  }

  @Test
  void referencesThatOnlyATaskCanAnswerStayAsTheyAreWritten() throws JobException, IOException {
    Job.TaskSpec task =
        task("config { args = [\"${NOMAD_TASK_DIR}/x\", \"${meta.owner}\", env[\"HOME\"]] }");

    assertThat(task.config().values().get("args"))
        .isEqualTo(
            Value.of(
                List.of(
                    Value.of("${NOMAD_TASK_DIR}/x"),
                    Value.of("${meta.owner}"),
                    Value.of("${env[\"HOME\"]}"))));
  }

  @Test
  void variablesComeFromTheCommandLineOrTheirDefault() throws JobException, IOException {
    String text =
        "variable \"a\" { default = \"one\" }\nvariable \"b\" {}\n"
            + withTask("env {\nA = var.a\nB = \"${var.b}!\"\n}");

    Job job = parse(text, Map.of("b", "two"));

    assertThat(job.groups().getFirst().tasks().getFirst().env())
        .containsExactlyInAnyOrderEntriesOf(Map.of("A", "one", "B", "two!"));
  }

  @Test
  void aVariableWithoutAValueIsAnErrorThatSaysHowToGiveOne() {
    assertThat(messages("variable \"b\" {}\n" + withTask("")))
        .contains("job.hcl:1:1: The variable \"b\" has no value")
        .contains(
            "Give it one with -var b=VALUE, in a file with -var-file FILE, in the environment as"
                + " NOMAD_VAR_b, or a default.");
  }

  @Test
  void aVariableThatTheFileDoesNotDeclareIsRefused() {
    JobException wrong =
        catchThrowableOfType(
            JobException.class,
            () -> parse("variable \"port\" { default = 1 }\n" + withTask(""), Map.of("prot", "2")));

    assertThat(wrong.getMessage())
        .contains("-var prot: this file declares no variable \"prot\"")
        .contains("Did you mean \"port\"?");
  }

  @Test
  void aBlockInConfigIsAListOfMapsAndSoIsAnObject() throws JobException, IOException {
    Map<String, Value> config =
        task("config {\nRctl {\nMaxproc {\nAmount = 5\n}\n}\nparams = { \"a.b\" = true }\n}")
            .config()
            .values();

    assertThat(config.get("Rctl"))
        .isEqualTo(
            Value.of(
                List.of(
                    Value.of(
                        Map.of(
                            "Maxproc",
                            Value.of(List.of(Value.of(Map.of("Amount", Value.of(5))))))))));
    assertThat(config.get("params"))
        .isEqualTo(Value.of(List.of(Value.of(Map.of("a.b", Value.of(true))))));
  }

  @ParameterizedTest
  @CsvSource({"5s, PT5S", "1m30s, PT1M30S", "1h, PT1H", "500ms, PT0.5S", "1.5s, PT1.5S", "0, PT0S"})
  void aTimeIsReadAsGoReadsIt(String text, Duration time) {
    assertThat(GoDuration.parse(text)).contains(time);
  }

  @ParameterizedTest
  @CsvSource({"5", "s", "5 s", "5sec", "''", "1m2", "1.2.3s", "-", "9999999h"})
  void aTimeWithoutItsUnitIsNone(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @Test
  void killSignalTakesNamesWithAndWithoutSig() throws JobException, IOException {
    assertThat(task("kill_signal = \"SIGUSR1\"").killSignal()).isEqualTo(Optional.of("SIGUSR1"));
    assertThat(task("kill_signal = \"hup\"").killSignal()).isEqualTo(Optional.of("SIGHUP"));
  }

  @Test
  void whatNeedsAClusterIsListedOnce() throws JobException, IOException {
    Job job =
        parse(
            """
            job "j" {
              datacenters = ["dc7"]
              update {}
              group "g" {
                network {}
                task "t" {
                  driver = "exec"
                  service {}
                  logs {}
                }
              }
            }
            """);

    assertThat(job.needsCluster())
        .containsExactlyInAnyOrder("datacenters", "update", "network", "service");
    assertThat(job.datacenter()).isEqualTo("dc7");
  }

  @Test
  void allProblemsOfAFileAreToldAtOnceEachWithItsPlace() {
    assertThat(
            messages(
                """
                job "j" {
                  typ = "batch"
                  group "g" {
                    count = "many"
                    task "t" {
                      driver = "exec"
                      kill_timeout = "5"
                      kill_signal = "SIGTREM"
                      artifact {}
                      resorces { cpu = 1 }
                    }
                    task "t" { driver = "exec" }
                  }
                }
                """))
        .contains("job.hcl:2:3: A job knows no \"typ\". Did you mean \"type\"?")
        .contains(
            "job.hcl:4:13: count takes a whole number, at least 0, but" + " \"many\" is given")
        .contains("job.hcl:7:22: kill_timeout takes a time with its unit")
        .contains("job.hcl:8:21: \"SIGTREM\" is no signal. Did you mean \"SIGTERM\"?")
        .contains("job.hcl:9:7: An artifact needs a source")
        .contains("job.hcl:10:7: A task knows no \"resorces\". Did you mean \"resources\"?")
        .contains("job.hcl:12:10: There is a task \"t\" already");
  }

  @Test
  void anErrorShowsItsLineAndMarksThePlace() {
    assertThat(messages("job \"j\" {\n  type = = 1\n}\n"))
        .startsWith("job.hcl:2:10: ")
        .contains("\n    type = = 1\n           ^");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    JobException wrong =
        catchThrowableOfType(
            JobException.class, () -> JobParser.parse(JobInput.of("/no/such.hcl", Map.of())));

    assertThat(wrong).hasMessage("the job file /no/such.hcl does not exist");
  }

  @Test
  void aFileWithoutAJobIsRefused() {
    assertThat(messages("")).contains("There is no job in this file");
  }

  @Test
  void cpuAndCoresExcludeEachOther() {
    assertThat(messages(withTask("resources {\ncpu = 100\ncores = 1\n}")))
        .contains("cpu and cores exclude each other");
  }
}
