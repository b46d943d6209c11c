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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** gaol job plan; and where a secret of a task's environment is not to be found. */
@RequiresLinuxRoot
class PlanIT {
  private static final String SECRET = "swordfish-93187";
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
  private static final String HELLO = EXAMPLES.resolve("hello.nomad.hcl").toString();
  private static final Path GOLDEN = Path.of("../cli/src/test/resources/golden-plans");

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

  private static Outcome planned(String host, String job) {
    return Command.of(
            Command.GAOL_HOME.resolve("bin/gaol"), "job", "plan", "--host", host, seed(job))
        .run();
  }

  private static String seed(String job) {
    return EXAMPLES.resolve("seeds/" + job + ".nomad.hcl").toString();
  }

  @Test
  void anybodyPlansForAReleaseOfFreeBsdAndGetsTheGoldenPlan() throws IOException {
    Path job = work.directory().resolve("http-echo.nomad.hcl");
    Files.copy(Path.of(seed("http-echo")), job);
    List<String> before = Workplace.inventory(work.directory());
    Outcome outcome =
        Command.of(
                Path.of("/usr/bin/setpriv"),
                "--reuid",
                "65534",
                "--regid",
                "65534",
                "--clear-groups",
                work.copyOfGaol().toString(),
                "job",
                "plan",
                "--host",
                "freebsd:14.3",
                job.toString())
            .run();
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    assertThat((outcome.stderr() + outcome.stdout()).replace("FreeBSD 14.3", "FreeBSD RELEASE"))
        .isEqualTo(
            Files.readString(GOLDEN.resolve("seed-http-echo.txt"))
                .replaceFirst("(?s).*\n==== 12.2, 13.5, 14.3, 15.1\n", ""));
    assertThat(Workplace.inventory(work.directory()))
        .filteredOn(line -> !line.startsWith("gaol"))
        .isEqualTo(before);
  }

  @Test
  void aPlanForTheFreeBsdThatThisMachineIsNotSaysWhatToDo() {
    Outcome outcome = planned("freebsd", "basic-jail");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .contains("gaol: task \"test01\": this host cannot be looked at: this is no FreeBSD")
        .contains("--host freebsd:14.3")
        .doesNotContain("Exception");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "freebsd:11.4 | nothing is recorded of FreeBSD 11.4, but of 12.0 to 12.4, 13.0 to 13.5, 14.0"
            + " to 14.4, 15.0 to 15.1",
        "freebsd:15.2 | nothing is recorded of FreeBSD 15.2, but of 12.0 to 12.4, 13.0 to 13.5, 14.0"
            + " to 14.4, 15.0 to 15.1",
        "freebsd:14 | --host freebsd:14: this is no release: write it as freebsd:14.3",
        "freebsd:14.3-RELEASE | --host freebsd:14.3-RELEASE: this is no release: write it as"
            + " freebsd:14.3",
        "freebs | --host takes freebsd or linux, but \"freebs\" is given. Did you mean \"freebsd\"?",
        "linux:6.1 | --host takes freebsd or linux, but \"linux:6.1\" is given."
      })
  void aHostThatIsNoneIsRefusedWithThoseThatAre(String host, String message) {
    Outcome outcome = planned(host, "basic-jail");
    assertThat(outcome.stderr()).isEqualTo("gaol: " + message + "\n");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"job run", "job stop", "run", "usage"})
  void onlyAPlanIsMadeForARelease(String command) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--host", "freebsd:14.3"));
    words.addAll(command.equals("run") ? List.of("host", "true") : List.of("name"));
    Outcome outcome =
        Command.of(Command.GAOL_HOME.resolve("bin/gaol"), words.toArray(String[]::new)).run();
    assertThat(outcome.stderr())
        .isEqualTo(
            "gaol: --host freebsd:14.3: for a release it can only be planned what would be done, by"
                + " gaol job plan; give freebsd or linux\n");
    assertThat(outcome.status()).isEqualTo(command.equals("run") ? 125 : 1);
  }

  @Test
  void theOptionGoesBeforeTheEnvironment() {
    Command plan =
        Command.of(Command.GAOL_HOME.resolve("bin/gaol"), "job", "plan", "--host", "linux", HELLO)
            .with("GAOL_HOST", "freebsd");
    assertThat(plan.run().stdout()).contains("crun");
    Outcome without =
        Command.of(Command.GAOL_HOME.resolve("bin/gaol"), "job", "plan", HELLO)
            .with("GAOL_HOST", "freebsd")
            .run();
    assertThat(without.stderr()).contains("this is no FreeBSD");
    Outcome wrong =
        Command.of(Command.GAOL_HOME.resolve("bin/gaol"), "job", "plan", HELLO)
            .with("GAOL_HOST", "freebsd:14.3")
            .run();
    assertThat(wrong.stderr())
        .isEqualTo("gaol: GAOL_HOST takes freebsd or linux, but \"freebsd:14.3\" is given.\n");
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
