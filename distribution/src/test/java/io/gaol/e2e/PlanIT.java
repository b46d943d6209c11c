package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** gaol job plan; and where a secret of a task's environment is not to be found. */
@RequiresLinuxRoot
class PlanIT {
  private static final String SECRET = "swordfish-93187";

  @RegisterExtension private final Workplace work = new Workplace();

  private static String job(String script) {
    return JobText.task(
        "jail-task-driver",
        """
        env {
          PASSWORD = "%s"
        }
        config {
          Exec_prestart = "true"
          Exec_stop     = "sleep 1"
        %s
        }
        """
            .formatted(SECRET, JobText.shell(script)));
  }

  @Test
  void aPlanIsPrintedAndNothingIsDone() {
    List<String> before = Workplace.inventory(work.directory());
    Outcome outcome = work.job(job("true")).as("plan").run();
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    assertThat(outcome.stdout())
        .containsSubsequence("exec.prestart", "config.json", "crun", "SIGTERM");
    assertThat(Workplace.inventory(work.directory()))
        .filteredOn(line -> !line.startsWith("gaol") && !line.startsWith("job-"))
        .isEqualTo(before);
  }

  @Test
  void aPlanCanBeReadByAProgram() {
    Outcome outcome = work.job(job("true")).as("plan").with("--json").run();
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    JsonArray plans = JsonParser.parseString(outcome.stdout()).getAsJsonArray();
    assertThat(plans).hasSize(2); // the allocation's folders, and the task
    assertThat(plans.get(1).getAsJsonObject().get("steps").getAsJsonArray()).isNotEmpty();
    assertThat(plans.get(1).toString()).contains("exec.prestart");
  }

  @Test
  void noPlanShowsAValueOfTheEnvironment() {
    GaolJob plan = work.job(job("true")).as("plan");
    assertThat(plan.run().stdout()).isNotEmpty().doesNotContain(SECRET);
    assertThat(plan.with("--json").run().stdout()).isNotEmpty().doesNotContain(SECRET);
  }

  @Test
  void aPlanOfAJobThatCannotBeRunSaysWhy() {
    Outcome outcome =
        work.job(JobText.jail("Path = \"/no/such/root\"\ncommand = \"/bin/true\""))
            .as("plan")
            .run();
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .isEqualTo(
            "gaol: task \"task\": the root of the jail, /no/such/root, does not exist: make it, or"
                + " change Path\n");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void aSecretIsInNoArgumentsAndInNoFileThatOthersCanRead() throws IOException {
    Running running = work.job(job("echo ready; exec sleep 600")).start();
    running.awaitLine("task | ready");
    // The job file itself has it, and is the operator's.
    Files.delete(work.directory().resolve("job-1.nomad.hcl"));
    List<String> found = new ArrayList<>(whereTheSecretIs());
    running.signal("INT").awaitLine("gaol: task: stopping: SIGTERM, SIGKILL after 5 s");
    // While the stop command runs in the jail.
    found.addAll(whereTheSecretIs());
    running.await();
    assertThat(found).isEmpty();
    assertThat(running.stdout() + running.stderr()).doesNotContain(SECRET);
  }

  private List<String> whereTheSecretIs() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.filter(path -> path.toString().matches(".*/[0-9]+")).toList()) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (pid != ProcessHandle.current().pid() && Proc.read(pid, "cmdline").contains(SECRET)) {
          found.add("arguments of process " + pid + ": " + Proc.read(pid, "cmdline"));
        }
      }
    }
    try (Stream<Path> files = Files.walk(work.directory())) {
      for (Path file : files.toList()) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isReadByOthers(file)) {
          found.add("file " + file);
        }
      }
    } catch (UncheckedIOException gone) {
      throw new AssertionError("a file went while we looked", gone);
    }
    return found;
  }

  private static boolean isReadByOthers(Path file) throws IOException {
    try {
      int mode = (Integer) Files.getAttribute(file, "unix:mode");
      return (mode & 0077) != 0
          && Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }
}
