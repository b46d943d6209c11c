package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.cli.job.NomadVariables.UnknownReferenceException;
import io.gaol.cli.language.JobInput;
import io.gaol.jail.JailName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NomadVariablesTest {
  @TempDir Path folder;
  private NomadVariables variables;

  @BeforeEach
  void parse() throws Exception {
    Path file = folder.resolve("job.hcl");
    Files.writeString(
        file,
        """
        job "shop" {
          meta { owner = "ops" }
          group "web" {
            meta { the-tier = "front" }
            task "http" {
              driver = "exec"
              meta {
                owner = "web team"
                where = "${NOMAD_DC} $${no.such}"
              }
              env {
                DIR   = "${NOMAD_TASK_DIR}/data"
                PLAIN = "$${no.such} $HOME"
              }
              resources {
                cores      = 2
                memory     = 64
                memory_max = 128
              }
            }
          }
        }
        """);
    Job job = JobParser.parse(JobInput.of(file.toString(), Map.of()));
    Job.Group group = job.groups().getFirst();
    variables =
        NomadVariables.of(
            job,
            group,
            group.tasks().getFirst(),
            new Allocation(
                "12345678-aaaa-bbbb-cccc-dddddddddddd",
                3,
                Path.of("/a"),
                JailName.of("alloc-web", "12345678")),
            Map.of("attr.kernel.name", "linux", "node.class", ""));
  }

  @Test
  void aTaskGetsNomadsVariables() {
    assertThat(variables.environment())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry("NOMAD_ALLOC_DIR", "/alloc"),
                Map.entry("NOMAD_TASK_DIR", "/local"),
                Map.entry("NOMAD_SECRETS_DIR", "/secrets"),
                Map.entry("NOMAD_ALLOC_ID", "12345678-aaaa-bbbb-cccc-dddddddddddd"),
                Map.entry("NOMAD_SHORT_ALLOC_ID", "12345678"),
                Map.entry("NOMAD_ALLOC_NAME", "shop.web[3]"),
                Map.entry("NOMAD_ALLOC_INDEX", "3"),
                Map.entry("NOMAD_TASK_NAME", "http"),
                Map.entry("NOMAD_GROUP_NAME", "web"),
                Map.entry("NOMAD_JOB_ID", "shop"),
                Map.entry("NOMAD_JOB_NAME", "shop"),
                Map.entry("NOMAD_DC", "dc1"),
                Map.entry("NOMAD_REGION", "global"),
                Map.entry("NOMAD_NAMESPACE", "default"),
                Map.entry("NOMAD_MEMORY_LIMIT", "64"),
                Map.entry("NOMAD_MEMORY_MAX_LIMIT", "128"),
                Map.entry("NOMAD_CPU_CORES", "0-1")));
  }

  @Test
  void theTasksMetaWinsAndComesInBothCases() {
    assertThat(variables.environment())
        .containsEntry("NOMAD_META_owner", "web team")
        .containsEntry("NOMAD_META_OWNER", "web team")
        .containsEntry("NOMAD_META_the_tier", "front")
        .containsEntry("NOMAD_META_THE_TIER", "front");
  }

  @Test
  void theTasksOwnVariablesMayReferToNomads() {
    assertThat(variables.environment()).containsEntry("DIR", "/local/data");
  }

  @Test
  void anUnknownReferenceInTheEnvironmentStaysAsNomadLeavesIt() {
    assertThat(variables.environment()).containsEntry("PLAIN", "${no.such} $HOME");
  }

  @Test
  void referencesToTheEnvironmentNodeAndAttrAreReplaced() throws UnknownReferenceException {
    List<String> resolved =
        List.of(
            variables.resolve("${DIR}"),
            variables.resolve("<${NOMAD_META_owner}>"),
            variables.resolve("${attr.kernel.name}${node.class}"),
            variables.resolve("$NOMAD_DC ${NOMAD_DC}"));

    assertThat(resolved).containsExactly("/local/data", "<web team>", "linux", "$NOMAD_DC dc1");
  }

  @Test
  void anUnknownReferenceInAConfigIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> variables.resolve("x ${NOMAD_PORT_http}"))
        .hasMessage("there is no variable named \"NOMAD_PORT_http\"");
  }

  @Test
  void aJobsMetaMayReferToNomadsVariables() {
    assertThat(variables.environment()).containsEntry("NOMAD_META_where", "dc1 ${no.such}");
  }

  @Test
  void aClientsMetaIsNotTheJobs() {
    assertThatThrownBy(() -> variables.resolve("${meta.owner}"))
        .hasMessage("there is no variable named \"meta.owner\"");
    assertThat(variables.advice("meta.owner")).contains("${NOMAD_META_owner}");
  }
}
