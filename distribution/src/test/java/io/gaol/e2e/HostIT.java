package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a job asks of its host: volumes, attributes, and to be alone. */
@RequiresLinuxRoot
class HostIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private static String withVolume(String volume, String mount, String script) {
    return """
    job "job" {
      type = "batch"
      group "task" {
        restart { attempts = 0 }
        volume "data" {
          type   = "host"
          source = "disk"
          %s
        }
        task "task" {
          driver = "jail-task-driver"
          volume_mount {
            volume      = "data"
            destination = "/data"
            %s
          }
          config {
            %s
          }
        }
      }
    }
    """
        .formatted(volume, mount, JobText.shell(script));
  }

  private Path disk() {
    return work.write("disk/file", "from the host\n").getParent();
  }

  // ---- volumes

  @Test
  void aTaskReadsAndWritesAVolumeOfTheHost() throws IOException {
    Path disk = disk();
    Outcome outcome =
        work.job(withVolume("", "", "cat /data/file; echo from the task >/data/new"))
            .with("-volume", "disk=" + disk)
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | from the host\n");
    assertThat(disk.resolve("new")).hasContent("from the task\n");
    assertThat(outcome.status()).isZero();
    assertThat(Files.exists(disk.resolve("file"))).as("the volume outlives the job").isTrue();
  }

  @Test
  void aVolumeIsReadOnlyIfTheOptionTheGroupOrTheTaskSaysSo() {
    Path disk = disk();
    String write = "echo x >/data/new || echo refused";
    for (GaolJob job :
        List.of(
            work.job(withVolume("", "", write)).with("-volume", "disk=" + disk + ":ro"),
            work.job(withVolume("read_only = true", "", write)).with("-volume", "disk=" + disk),
            work.job(withVolume("", "read_only = true", write)).with("-volume", "disk=" + disk))) {
      assertThat(job.run().stdout()).isEqualTo("task | refused\n");
      assertThat(disk.resolve("new")).doesNotExist();
    }
  }

  @Test
  void aVolumeThatIsNotGivenStopsTheJobBeforeAnythingRuns() {
    Outcome outcome =
        work.job(withVolume("", "", "echo not to be seen")).with("-volume", "dsk=" + disk()).run();
    assertThat(outcome.stderr())
        .contains(":7:16: This host has no volume \"disk\". Give it with -volume disk=PATH.")
        .contains("Did you mean \"dsk\"?");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void aVolumeWhosePathIsNotThereStopsTheJob() {
    Outcome outcome =
        work.job(withVolume("", "", "echo not to be seen"))
            .with("-volume", "disk=" + work.directory().resolve("none"))
            .run();
    assertThat(outcome.stderr()).contains("for /data does not exist on the host");
    assertThat(outcome.status()).isEqualTo(1);
  }

  // ---- constraints

  private static String constrained(String constraint) {
    return JobText.script("echo ran")
        .replaceFirst(
            "type = \"batch\"", "type = \"batch\"\n  constraint {\n" + constraint + "\n  }");
  }

  @Test
  void aJobRunsWhoseConstraintsTheHostMeets() {
    Outcome outcome =
        work.job(constrained("attribute = \"\\${attr.kernel.name}\"\nvalue = \"linux\"")).run();
    assertThat(outcome.stdout()).isEqualTo("task | ran\n");
  }

  @Test
  void aJobIsRefusedWhoseConstraintTheHostDoesNotMeet() {
    Outcome outcome =
        work.job(constrained("attribute = \"\\${attr.kernel.name}\"\nvalue = \"freebsd\"")).run();
    assertThat(outcome.stderr())
        .contains(":3:3: This host does not meet ${attr.kernel.name} = freebsd. It has \"linux\".");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(1);
  }

  // ---- one at a time

  @Test
  void ofManyRunsOfOneJobAtTheSameMomentOneRunsAndTheOthersAreRefused() {
    GaolJob job = work.job(JobText.script("echo here; sleep 600"));
    List<Running> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(job.start());
    }
    Workplace.await(
        "all but one have ended", () -> all.stream().filter(Running::runs).count() == 1);
    Running winner = all.stream().filter(Running::runs).findFirst().orElseThrow();
    winner.awaitLine("task | here");
    for (Running other : all) {
      if (other != winner) {
        Outcome outcome = other.await();
        assertThat(outcome.stderr())
            .contains("the job \"job\" runs already (process " + winner.pid() + ")");
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.status()).isEqualTo(1);
      }
    }
    assertThat(work.stop("job").status()).isZero();
    winner.await();
  }
}
