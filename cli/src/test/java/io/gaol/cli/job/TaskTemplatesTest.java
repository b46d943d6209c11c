package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.cli.language.JobInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates of a task, from its job to its files and variables. */
class TaskTemplatesTest {
  @TempDir Path folder;
  private Path task;
  private Path shared;

  private TaskTemplates templates(String blocks) throws JobException, IOException {
    Path file = folder.resolve("job.hcl");
    Files.writeString(
        file,
        "job \"j\" {\ngroup \"g\" {\ntask \"t\" {\ndriver = \"exec\"\nenv { WHO = \"me\" }\n"
            + blocks
            + "\n}\n}\n}\n");
    Job job = JobParser.parse(JobInput.of(file.toString(), Map.of()));
    Job.Group group = job.groups().getFirst();
    Job.TaskSpec spec = group.tasks().getFirst();
    Allocation allocation = Allocation.create(folder, group, 0);
    task = Files.createDirectories(allocation.taskDirectory(0, "t"));
    shared = Files.createDirectories(allocation.shared());
    Files.createDirectories(task.resolve("local"));
    return TaskTemplates.of(
        new JobPlanner.Placed(job, group, spec, allocation, 0),
        NomadVariables.of(job, group, spec, allocation, Map.of()));
  }

  private static String template(String data, String more) {
    return "template {\ndata = \"" + data + "\"\n" + more + "\n}\n";
  }

  @Test
  void aTemplateIsRenderedWithTheTasksEnvironmentAndNothingElse() throws Exception {
    templates(template("{{ env \\\"WHO\\\" }}{{ env \\\"PATH\\\" }}", "destination = \"local/x\""))
        .render();
    assertThat(task.resolve("local/x")).hasContent("me");
  }

  @ParameterizedTest
  @CsvSource({
    "local/deep/x, task/local/deep/x",
    "/local/x, task/local/x",
    "${NOMAD_TASK_DIR}/x, task/local/x",
    "alloc/x, shared/x",
    "${NOMAD_ALLOC_DIR}/x, shared/x",
    "../alloc/x, shared/x"
  })
  void aDestinationIsTakenAsNomadTakesIt(String destination, String expected) throws Exception {
    templates(template("text", "destination = \"" + destination + "\"")).render();
    Path root = expected.startsWith("task") ? task : shared;
    assertThat(root.resolve(expected.substring(expected.indexOf('/') + 1))).hasContent("text");
  }

  @Test
  void aFileHasItsPermissions() throws Exception {
    templates(template("x", "destination = \"local/x\"\nperms = \"0640\"")).render();
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(task.resolve("local/x"))))
        .isEqualTo("rw-r-----");
  }

  @Test
  void noLinkOfATaskIsFollowed() throws Exception {
    TaskTemplates templates = templates(template("x", "destination = \"local/dir/x\""));
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.createSymbolicLink(task.resolve("local/dir"), outside);
    assertThatThrownBy(templates::render)
        .isInstanceOf(JobException.class)
        .hasMessageContaining("job.hcl:6:1: template: ");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aLinkInThePlaceOfTheFileIsReplaced() throws Exception {
    TaskTemplates templates = templates(template("x", "destination = \"local/x\""));
    Path outside = Files.writeString(folder.resolve("outside"), "as it was");
    Files.createSymbolicLink(task.resolve("local/x"), outside);
    templates.render();
    assertThat(outside).hasContent("as it was");
    assertThat(task.resolve("local/x")).isRegularFile().hasContent("x");
    assertThat(Files.isSymbolicLink(task.resolve("local/x"))).isFalse();
  }

  @Test
  void aTemplateWithEnvMakesVariables() throws Exception {
    TaskTemplates templates =
        templates(
            template(
                "# first\\nA=1\\nexport B = \\\"two\\\\n\\\"\\nC='$x'",
                "destination = \"x\"\nenv = true"));
    templates.render();
    assertThat(templates.variables()).isEqualTo(Map.of("A", "1", "B", "two\n", "C", "$x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no equals", "A B=1", "A=\"x", "A=\"x\" y", "=x"})
  void aLineThatIsNoVariableIsAnErrorWithItsNumber(String line) {
    assertThatThrownBy(() -> EnvironmentLines.parse("OK=1\n" + line))
        .isInstanceOf(EnvironmentLines.WrongLineException.class)
        .hasMessageStartingWith("line 2 of its variables: ");
  }

  @Test
  void onlyWhatReadsAChangedFileIsRenderedAnewAndOnlyAnotherTextIsAChange() throws Exception {
    TaskTemplates templates =
        templates(
            template("{{ file \\\"local/in\\\" }}", "destination = \"local/a\"")
                + template("{{ timestamp \\\"unix\\\" }}", "destination = \"local/b\"")
                + template(
                    "{{ file \\\"/local/in\\\" }}", "destination = \"local/c\"\nonce = true"));
    Path in = Files.writeString(task.resolve("local/in"), "one");
    assertThat(templates.render()).hasSize(3);
    assertThat(templates.inputs()).containsExactly(in.toRealPath());
    assertThat(templates.renderChanged()).isEmpty();

    Files.writeString(in, "three");
    List<Job.Template> changed = templates.renderChanged();

    assertThat(changed).extracting(Job.Template::destination).containsExactly("local/a");
    assertThat(task.resolve("local/a")).hasContent("three");
    assertThat(task.resolve("local/c")).hasContent("one");
  }

  @Test
  void aTemplateThatCannotBeRenderedIsAnErrorWithItsPlace() {
    assertThatThrownBy(
            () -> templates(template("{{ file \\\"none\\\" }}", "destination = \"x\"")).render())
        .isInstanceOf(JobException.class)
        .hasMessageContaining("job.hcl:6:1: template: ")
        .hasMessageContaining("none");
  }

  @Test
  void aTemplateThatIsNoneIsRefusedBeforeAnythingIsDone() {
    assertThatThrownBy(() -> templates(template("{{ if }}", "destination = \"x\"")))
        .isInstanceOf(JobException.class);
  }

  @Test
  void permissionsOfThreeDigitsAreWrittenAsTheyAre() throws IOException {
    new TaskFile(new byte[0], 0751, OptionalInt.empty(), OptionalInt.empty())
        .write(folder, Path.of("a/b"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a/b"))))
        .isEqualTo("rwxr-x--x");
  }
}
