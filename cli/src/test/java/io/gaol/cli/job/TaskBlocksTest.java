package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.gaol.cli.artifact.Artifact.Mode;
import io.gaol.cli.job.Job.Constraint.Operator;
import io.gaol.cli.job.Job.Template;
import io.gaol.cli.language.JobInput;
import io.gaol.hcl.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the blocks within a group and a task say, and what is wrong with them. */
class TaskBlocksTest {
  @TempDir Path folder;

  private Job parse(String text) throws JobException, IOException {
    Path file = folder.resolve("job.hcl");
    Files.writeString(file, text);
    return JobParser.parse(JobInput.of(file.toString(), Map.of()));
  }

  private static String withGroup(String content) {
    return "job \"j\" {\n group \"g\" {\n" + content + "\n }\n}\n";
  }

  /** The content begins at line 5. */
  private static String withTask(String content) {
    return withGroup("  task \"t\" {\n   driver = \"exec\"\n" + content + "\n  }");
  }

  private Job.TaskSpec task(String content) throws JobException, IOException {
    return parse(withTask(content)).groups().getFirst().tasks().getFirst();
  }

  private String wrong(String text) {
    JobException wrong = catchThrowableOfType(JobException.class, () -> parse(text));
    assertThat(wrong).as("what is wrong").isNotNull();
    return wrong.getMessage().replace(folder + "/", "");
  }

  private static String task(String name, String content) {
    return "task \"" + name + "\" {\ndriver = \"exec\"\n" + content + "\n}\n";
  }

  // ---- lifecycle and leader

  @Test
  void aTaskWithoutLifecycleIsAMainTask() throws JobException, IOException {
    assertThat(task("").lifecycle()).isEmpty();
    assertThat(task("").leader()).isFalse();
    assertThat(task("").shutdownDelay()).isZero();
  }

  @Test
  void aLifecycleIsAHookAndWhetherItIsASidecar() throws JobException, IOException {
    Job job =
        parse(
            withGroup(
                task("main", "")
                    + task("a", "lifecycle { hook = \"prestart\" }")
                    + task("b", "lifecycle {\nhook = \"poststart\"\nsidecar = true\n}")));

    assertThat(job.groups().getFirst().tasks())
        .extracting(Job.TaskSpec::lifecycle)
        .containsExactly(
            Optional.empty(),
            Optional.of(new Job.Lifecycle(Job.Lifecycle.Hook.PRESTART, false)),
            Optional.of(new Job.Lifecycle(Job.Lifecycle.Hook.POSTSTART, true)));
  }

  @Test
  void aHookThatDoesNotExistIsRefusedWithTheNearest() {
    assertThat(wrong(withTask("lifecycle { hook = \"prestat\" }")))
        .contains(
            "job.hcl:5:20: There is no hook \"prestat\": a task's hook is prestart, poststart or"
                + " poststop. Did you mean \"prestart\"?");
  }

  @Test
  void aLifecycleWithoutAHookIsRefused() {
    assertThat(wrong(withTask("lifecycle { sidecar = true }")))
        .contains("job.hcl:5:1: A lifecycle block needs a hook");
  }

  @Test
  void aGroupWithoutAMainTaskIsRefused() {
    assertThat(wrong(withTask("lifecycle { hook = \"prestart\" }")))
        .contains("job.hcl:2:2: The group \"g\" has no main task");
  }

  @Test
  void aSecondLeaderIsRefused() {
    assertThat(
            wrong(
                withGroup(task("a", "leader = true") + task("b", "leader = true") + task("c", ""))))
        .contains("job.hcl:7:1: The group \"g\" has a leader already, the task \"a\"");
  }

  @Test
  void shutdownDelayIsATimeOfTasksAndGroups() throws JobException, IOException {
    Job.Group group =
        parse(withGroup("shutdown_delay = \"2s\"\n" + task("t", "shutdown_delay = \"3s\"")))
            .groups()
            .getFirst();

    assertThat(group.shutdownDelay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(group.tasks().getFirst().shutdownDelay()).isEqualTo(Duration.ofSeconds(3));
  }

  // ---- templates

  @Test
  void whatATemplateDoesNotSayHasNomadsDefaults() throws JobException, IOException {
    Template template =
        task("template {\ndata = \"x\"\ndestination = \"local/x\"\n}").templates().getFirst();

    assertThat(template.content()).isInstanceOf(Template.Data.class);
    assertThat(template.destination()).isEqualTo("local/x");
    assertThat(template.permissions()).isEqualTo(0644);
    assertThat(template.user()).isEmpty();
    assertThat(template.change()).isEqualTo(new Template.Restart());
    assertThat(template.environment()).isFalse();
    assertThat(template.splay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(template.leftDelimiter()).isEqualTo("{{");
    assertThat(template.rightDelimiter()).isEqualTo("}}");
    assertThat(template.once()).isFalse();
  }

  @Test
  void aTemplateSaysItAll() throws JobException, IOException {
    Template template =
        task("""
        template {
          source               = "local/x.tpl"
          destination          = "secrets/x"
          perms                = "0600"
          uid                  = 1000
          gid                  = -1
          change_mode          = "script"
          change_script {
            command       = "/bin/sh"
            args          = ["-c", "true"]
            timeout       = "7s"
            fail_on_error = true
          }
          splay                = "0s"
          left_delimiter       = "<<"
          right_delimiter      = ">>"
          error_on_missing_key = true
          once                 = true
          wait {
            min = "1s"
            max = "2s"
          }
        }
        """)
            .templates()
            .getFirst();

    assertThat(template.content()).isEqualTo(new Template.FromFile("local/x.tpl"));
    assertThat(template.permissions()).isEqualTo(0600);
    assertThat(template.user()).isEqualTo(OptionalInt.of(1000));
    assertThat(template.group()).isEmpty();
    assertThat(template.change())
        .isEqualTo(
            new Template.Script("/bin/sh", List.of("-c", "true"), Duration.ofSeconds(7), true));
    assertThat(template.splay()).isZero();
    assertThat(template.leftDelimiter()).isEqualTo("<<");
    assertThat(template.errorOnMissingKey()).isTrue();
    assertThat(template.once()).isTrue();
  }

  @Test
  void aChangeSignalIsSighupUnlessAnotherIsNamed() throws JobException, IOException {
    String template = "template {\ndata = \"x\"\ndestination = \"y\"\nchange_mode = \"signal\"\n";
    assertThat(task(template + "}").templates().getFirst().change())
        .isEqualTo(new Template.Signal("SIGHUP"));
    assertThat(task(template + "change_signal = \"usr1\"\n}").templates().getFirst().change())
        .isEqualTo(new Template.Signal("SIGUSR1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          destination = "x"                                       | job.hcl:5:1: A template needs data or source
          data = "x"                                              | job.hcl:5:1: A template needs a destination
          data = "x"; source = "y"; destination = "z"             | job.hcl:7:10: data and source of a template exclude each other
          data = "x"; destination = "../../x"                     | job.hcl:7:15: destination leads out of the allocation's directory: "../../x"
          data = "x"; destination = "y"; perms = "0888"           | job.hcl:8:9: perms takes octal digits
          data = "x"; destination = "y"; perms = "10000"          | job.hcl:8:9: perms takes octal digits
          data = "x"; destination = "y"; change_mode = "resart"   | Did you mean "restart"?
          data = "x"; destination = "y"; change_mode = "script"   | job.hcl:8:15: change_mode = "script" needs a change_script block
          data = "x"; destination = "y"; change_signal = "SIGHOP" | job.hcl:8:17: "SIGHOP" is no signal. Did you mean "SIGHUP"?
          data = "x"; destination = "y"; change_script {}         | job.hcl:8:1: A change_script block needs a command
          data = "x"; destination = "y"; env = true; change_mode = "signal" | job.hcl:9:15: change_mode = "signal" and env = true exclude each other
          data = "x"; destination = "y"; splay = "-1s"            | job.hcl:8:9: splay takes a time
          data = "x"; destination = "y"; dest = "y"               | job.hcl:8:1: A template block knows no "dest"
          data = "x"; destination = "y"; once = "perhaps"         | job.hcl:8:8: once takes true or false, but "perhaps" is given
          """)
  void whatIsWrongWithATemplateIsSaidWhereItIs(String content, String message) {
    assertThat(wrong(withTask("template {\n" + content.replace("; ", "\n") + "\n}")))
        .contains(message);
  }

  @Test
  void aWaitWhoseLeastIsMoreThanItsMostIsRefused() {
    assertThat(
            wrong(
                withTask(
                    "template {\ndata = \"x\"\ndestination = \"y\"\nwait {\nmin = \"3s\"\nmax ="
                        + " \"2s\"\n}\n}")))
        .contains("job.hcl:9:7: min of a wait block is greater than its max");
  }

  @Test
  void twoTemplatesOfOneDestinationAreRefused() {
    String template = "template {\ndata = \"x\"\ndestination = \"y\"\n}\n";
    assertThat(wrong(withTask(template + template)))
        .contains("job.hcl:11:15: There is a template with the destination \"y\" already")
        .contains("It is at line 5.");
  }

  // ---- artifacts

  @Test
  void anArtifactGoesIntoLocalUnlessItSaysOtherwise() throws JobException, IOException {
    assertThat(task("artifact { source = \"/a/b.tgz\" }").artifacts().getFirst())
        .extracting(Job.Artifact::destination, Job.Artifact::mode)
        .containsExactly("local/", Mode.ANY);
    assertThat(task("artifact {\nsource = \"/a/b.tgz\"\nmode = \"file\"\n}").artifacts().getFirst())
        .extracting(Job.Artifact::destination, Job.Artifact::mode)
        .containsExactly("local/b.tgz", Mode.FILE);
  }

  @Test
  void anArtifactSaysItAll() throws JobException, IOException {
    Job.Artifact artifact =
        task("""
        artifact {
          source      = "https://example.org/${attr.cpu.arch}"
          destination = "${NOMAD_TASK_DIR}/x"
          mode        = "dir"
          options { checksum = "md5:d41d8cd98f00b204e9800998ecf8427e" }
          headers { X-Token = "a" }
          chown       = true
          insecure    = true
        }
        """)
            .artifacts()
            .getFirst();

    assertThat(artifact.source()).isEqualTo("https://example.org/${attr.cpu.arch}");
    assertThat(artifact.options())
        .containsExactly(Map.entry("checksum", "md5:d41d8cd98f00b204e9800998ecf8427e"));
    assertThat(artifact.headers()).containsExactly(Map.entry("X-Token", "a"));
    assertThat(artifact.chown()).isTrue();
    assertThat(artifact.insecure()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          mode = "any"                                       | job.hcl:5:1: An artifact needs a source
          source = "x"; mode = "fiel"                        | Did you mean "file"?
          source = "x"; destination = "../../../etc"         | job.hcl:7:15: destination leads out of the allocation's directory
          source = "x"; options { checksum = "abc" }         | job.hcl:7:22: A checksum is its type, a colon and its value
          source = "x"; options { checksum = "sha257:abc" }  | Did you mean "sha256"?
          source = "x"; sources = "y"                        | Did you mean "source"?
          """)
  void whatIsWrongWithAnArtifactIsSaidWhereItIs(String content, String message) {
    assertThat(wrong(withTask("artifact {\n" + content.replace("; ", "\n") + "\n}")))
        .contains(message);
  }

  @Test
  void aChecksumThatIsNoneIsWarnedOfForOnlyTheFetchNeedsIt() throws JobException, IOException {
    Path file = folder.resolve("job.hcl");
    Files.writeString(
        file, withTask("artifact {\nsource = \"x\"\noptions { checksum = \"md5:abc\" }\n}"));
    JobParser.Examined examined = JobParser.examine(JobInput.of(file.toString(), Map.of()));

    assertThat(examined.job()).isPresent();
    assertThat(examined.warnings())
        .singleElement()
        .extracting(Diagnostic::summary)
        .isEqualTo("The value of a md5 checksum is 32 hexadecimal digits, but \"abc\" is given");
  }

  @Test
  void aChecksumWithAReferenceIsLookedAtLater() throws JobException, IOException {
    assertThat(
            task("artifact {\nsource = \"x\"\noptions { checksum = \"${meta.sum}\" }\n}")
                .artifacts())
        .hasSize(1);
  }

  // ---- volumes

  @Test
  void aTaskMountsAVolumeOfItsGroup() throws JobException, IOException {
    Job.Group group =
        parse(
                withGroup(
                    """
                    volume "data" {
                      type      = "host"
                      source    = "disk"
                      read_only = true
                      per_alloc = true
                    }
                    """
                        + task("t", "volume_mount {\nvolume = \"data\"\ndestination = \"/d\"\n}")))
            .groups()
            .getFirst();

    assertThat(group.volumes().get("data").hostVolume(2)).isEqualTo("disk[2]");
    assertThat(group.volumes().get("data").readOnly()).isTrue();
    assertThat(group.tasks().getFirst().volumeMounts())
        .extracting(Job.VolumeMount::volume, Job.VolumeMount::destination)
        .containsExactly(tuple("data", "/d"));
  }

  @Test
  void aMountOfAVolumeThatTheGroupDoesNotDeclareIsRefusedWithTheNearest() {
    assertThat(
            wrong(
                withGroup(
                    "volume \"data\" {\ntype = \"host\"\nsource = \"x\"\n}\n"
                        + task("t", "volume_mount {\nvolume = \"dat\"\ndestination = \"/d\"\n}"))))
        .contains("job.hcl:10:10: The group declares no volume \"dat\". Did you mean \"data\"?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          source = "x"                                     | job.hcl:3:1: A volume needs a type
          type = "hots"; source = "x"                      | job.hcl:4:8: There is no volume type "hots"
          type = "csi"; source = "x"                       | job.hcl:4:8: A volume of type "csi" needs a cluster's storage plugin
          type = "host"                                    | job.hcl:3:1: A volume needs a source
          type = "host"; source = "x"; per_alloc = true; sticky = true | job.hcl:7:10: per_alloc and sticky exclude each other
          type = "host"; source = "x"; access_mode = "single-node-reader-only" | must be read_only
          type = "host"; source = "x"; mount_options {}    | job.hcl:6:1: A host volume has no mount_options
          """)
  void whatIsWrongWithAVolumeIsSaidWhereItIs(String content, String message) {
    assertThat(
            wrong(
                withGroup(
                    "volume \"v\" {\n" + content.replace("; ", "\n") + "\n}\n" + task("t", ""))))
        .contains(message);
  }

  // ---- constraints

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          attribute = "${attr.x}"; value = "1"                     | EQUAL             | 1
          attribute = "${attr.x}"; operator = "is"; value = "1"    | EQUAL             | 1
          attribute = "${attr.x}"; operator = "not"; value = "1"   | NOT_EQUAL         | 1
          attribute = "${attr.x}"; operator = ">="; value = 2      | GREATER_OR_EQUAL  | 2
          attribute = "${attr.x}"; version = ">= 1"                | VERSION           | >= 1
          attribute = "${attr.x}"; regexp = "a+"                   | REGEXP            | a+
          attribute = "${attr.x}"; set_contains = "a,b"            | SET_CONTAINS_ALL  | a,b
          attribute = "${attr.x}"; operator = "is_set"             | IS_SET            | ``
          distinct_hosts = true                                    | DISTINCT_HOSTS    | true
          distinct_property = "${attr.x}"                          | DISTINCT_PROPERTY | ``
          """)
  void aConstraintIsReadInAllItsSpellings(String content, Operator operator, String value)
      throws JobException, IOException {
    Job job =
        parse(withGroup("constraint {\n" + content.replace("; ", "\n") + "\n}\n" + task("t", "")));

    assertThat(job.groups().getFirst().constraints())
        .extracting(Job.Constraint::operator, Job.Constraint::value)
        .containsExactly(tuple(operator, value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          value = "1"                                                 | job.hcl:5:1: A constraint needs an attribute
          attribute = "${attr.x}"                                     | job.hcl:5:1: The operator "=" needs a value
          attribute = "${attr.x}"; operator = "versoin"; value = "1"  | job.hcl:7:12: There is no operator "versoin". Did you mean "version"?
          attribute = "${attr.x}"; regexp = "a("                      | job.hcl:7:10: "a(" is no regular expression
          attribute = "${attr.x}"; operator = "is_set"; value = "1"   | job.hcl:8:9: The operator "is_set" takes no value
          distinct_hosts = true                                       | job.hcl:5:1: A task has no constraint distinct_hosts
          """)
  void whatIsWrongWithAConstraintIsSaidWhereItIs(String content, String message) {
    assertThat(wrong(withTask("constraint {\n" + content.replace("; ", "\n") + "\n}")))
        .contains(message);
  }

  @Test
  void aConstraintBetweenHostsNeedsACluster() throws JobException, IOException {
    assertThat(
            parse(withGroup("constraint { distinct_hosts = true }\n" + task("t", "")))
                .needsCluster())
        .containsExactly("constraint distinct_hosts");
  }

  // ---- logs

  @Test
  void logsCanBeDisabled() throws JobException, IOException {
    assertThat(task("logs { max_files = 3 }").logs().disabled()).isFalse();
    assertThat(task("logs { disabled = true }").logs().disabled()).isTrue();
    assertThat(task("logs { enabled = false }").logs().disabled()).isTrue();
  }

  @Test
  void anUnknownKeyOfLogsIsRefused() {
    assertThat(wrong(withTask("logs { max_file = 3 }")))
        .contains("job.hcl:5:8: A logs block knows no \"max_file\". Did you mean \"max_files\"?");
  }
}
