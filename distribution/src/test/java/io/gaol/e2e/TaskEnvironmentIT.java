package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a task finds around it: variables, user, folders, names, network, signals. */
@RequiresLinuxRoot
class TaskEnvironmentIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private Outcome run(String task) {
    return work.job(JobText.task("jail-task-driver", task)).run();
  }

  private static String config(String script) {
    return "config {\n" + JobText.shell(script) + "}\n";
  }

  /** The lines that a script writes in a task. */
  private String script(String script) {
    Outcome outcome = work.job(JobText.script(script)).run();
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    return lines(outcome);
  }

  private static String lines(Outcome outcome) {
    return outcome
        .stdout()
        .lines()
        .map(line -> line.replaceFirst("^task \\| ", ""))
        .collect(Collectors.joining("\n"));
  }

  // ---- variables

  @Test
  void theVariablesOfTheTaskAreThere() {
    Outcome outcome =
        run(
            """
            env {
              TEXT   = "two words, a \\"quote\\", a $ and a \\u00e9"
              NUMBER = 42
              FLAG   = true
              EMPTY  = ""
              LINES  = "one\\ntwo"
            }
            """
                + config("printf '%s|' \"$TEXT\" \"$NUMBER\" \"$FLAG\" \"$EMPTY\" \"$LINES\""));
    assertThat(lines(outcome))
        .isEqualTo("two words, a \"quote\", a $ and a \u00e9|42|true||one\ntwo|");
  }

  @Test
  void nomadsVariablesAreThere() {
    Outcome outcome =
        work.job(
                """
                job "a job" {
                  type        = "batch"
                  datacenters = ["south"]
                  region      = "europe"
                  namespace   = "mine"
                  group "group" {
                    task "task" {
                      driver = "jail-task-driver"
                      resources {
                        cpu        = 200
                        memory     = 64
                        memory_max = 128
                      }
                      config {
                        command = "/usr/bin/env"
                      }
                    }
                  }
                }
                """)
            .run();
    Map<String, String> variables =
        outcome
            .stdout()
            .lines()
            .map(line -> line.replaceFirst("^group\\.task \\| ", "").split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    assertThat(variables)
        .containsEntry("NOMAD_JOB_NAME", "a job")
        .containsEntry("NOMAD_JOB_ID", "a job")
        .containsEntry("NOMAD_GROUP_NAME", "group")
        .containsEntry("NOMAD_TASK_NAME", "task")
        .containsEntry("NOMAD_ALLOC_NAME", "a job.group[0]")
        .containsEntry("NOMAD_ALLOC_INDEX", "0")
        .containsEntry("NOMAD_ALLOC_DIR", "/alloc")
        .containsEntry("NOMAD_TASK_DIR", "/local")
        .containsEntry("NOMAD_SECRETS_DIR", "/secrets")
        .containsEntry("NOMAD_DC", "south")
        .containsEntry("NOMAD_REGION", "europe")
        .containsEntry("NOMAD_NAMESPACE", "mine")
        .containsEntry("NOMAD_CPU_LIMIT", "200")
        .containsEntry("NOMAD_MEMORY_LIMIT", "64")
        .containsEntry("NOMAD_MEMORY_MAX_LIMIT", "128");
    assertThat(variables.get("NOMAD_ALLOC_ID")).matches("[0-9a-f-]{36}");
    assertThat(variables.get("NOMAD_ALLOC_ID")).startsWith(variables.get("NOMAD_SHORT_ALLOC_ID"));
    assertThat(variables).containsEntry("HOME", "/root").containsEntry("USER", "root");
  }

  @Test
  void nothingOfGaolsOwnEnvironmentIsThere() {
    Outcome outcome =
        work.job(JobText.jail("command = \"/usr/bin/env\""))
            .withEnvironment("GAOL_TEST_MINE", "visible")
            .run();
    assertThat(outcome.stdout()).contains("NOMAD_TASK_NAME=task").doesNotContain("GAOL_");
    assertThat(outcome.stdout()).doesNotContain("JAVA_HOME");
  }

  @Test
  void theMetaOfTheTaskGoesOverTheGroupsAndTheJobs() {
    Outcome outcome =
        work.job(
                """
                job "job" {
                  type = "batch"
                  meta {
                    job = "job"
                    all = "job"
                  }
                  group "task" {
                    meta {
                      group = "group"
                      all   = "group"
                    }
                    task "task" {
                      driver = "jail-task-driver"
                      meta {
                        all      = "task"
                        a-b      = "with a dash"
                      }
                      config {
                        command = "/bin/sh"
                        args = ["-c", "echo $NOMAD_META_job $NOMAD_META_GROUP $NOMAD_META_all $NOMAD_META_a_b ${NOMAD_META_all}"]
                      }
                    }
                  }
                }
                """)
            .run();
    assertThat(lines(outcome)).isEqualTo("job group task with a dash task");
  }

  @Test
  void referencesInArgumentsAndVariablesAreResolved() {
    Outcome outcome =
        run(
            """
            env {
              WHO  = "${NOMAD_TASK_NAME} of ${NOMAD_JOB_NAME}"
              LATE = "$${unknown}"
            }
            config {
              command = "/bin/echo"
              args    = ["${NOMAD_TASK_DIR}/file", "${env["WHO"]}", "${WHO_NOT_ONLY_ENV}"]
            }
            """
                .replace(", \"${WHO_NOT_ONLY_ENV}\"", ""));
    assertThat(lines(outcome)).isEqualTo("/local/file task of job");
  }

  @Test
  void aVariableOfTheFileHasItsDefaultOrWhatTheCommandLineGives() {
    String job =
        """
        variable "who" {
          default = "nobody"
        }
        """
            + JobText.jail("command = \"/bin/echo\"\nargs = [\"hello ${var.who}\"]");
    assertThat(lines(work.job(job).run())).isEqualTo("hello nobody");
    assertThat(lines(work.job(job).with("-var", "who=you = me").run())).isEqualTo("hello you = me");
  }

  // ---- user

  @ParameterizedTest
  @CsvSource({
    "jail-task-driver, '', 0:0 /root",
    "jail-task-driver, user = \"nobody\", 65534:65534 /nonexistent",
    "jail-task-driver, user = \"12345\", 12345:12345 /",
    "jail-task-driver, user = \"nobody:daemon\", 65534:1 /nonexistent",
    "exec, '', 65534:65534 /nonexistent",
    "exec, user = \"root\", 0:0 /root",
    "exec, user = \"daemon\", 1:1 /usr/sbin"
  })
  void aTaskRunsAsItsUserAndWithoutOneAsItsDriverSays(String driver, String user, String who) {
    Outcome outcome =
        work.job(JobText.task(driver, user + "\n" + config("echo $(id -u):$(id -g) $HOME"))).run();
    assertThat(lines(outcome)).isEqualTo(who);
  }

  @Test
  void theUserOfTheTaskMayWriteItsFolders() {
    Outcome outcome =
        work.job(
                JobText.task(
                    "exec",
                    config(
                        "for d in /local /alloc /alloc/data /secrets /tmp; do echo x >$d/mine; done")))
            .run();
    assertThat(outcome.stderr()).doesNotContain("Permission denied");
    assertThat(outcome.status()).isZero();
  }

  // ---- folders

  @Test
  void aTaskStartsInTheRootAndWithWorkDirElsewhere() {
    assertThat(script("pwd")).isEqualTo("/");
    assertThat(
            lines(
                work.job(
                        JobText.exec(
                            """
                            command  = "/bin/pwd"
                            work_dir = "/usr/share"
                            """))
                    .run()))
        .isEqualTo("/usr/share");
  }

  @Test
  void theHostsSystemCannotBeWritten() {
    assertThat(
            script(
                """
                for d in /usr /usr/bin /etc /bin /sbin /lib; do
                  touch $d/gaol-test 2>/dev/null && echo "$d is writable"
                  mount -o remount,rw $d 2>/dev/null && echo "$d was remounted"
                done
                echo done
                """))
        .isEqualTo("done");
  }

  @Test
  void theFoldersOfTheTaskCanBeWritten() {
    assertThat(
            script(
                """
                for d in /local /alloc /alloc/data /alloc/tmp /alloc/logs /secrets /tmp /dev/shm; do
                  echo $d >$d/file && cat $d/file
                done
                """))
        .isEqualTo(
            "/local\n/alloc\n/alloc/data\n/alloc/tmp\n/alloc/logs\n/secrets\n/tmp\n/dev/shm");
  }

  @Test
  void whatNomadKeepsFromTheTaskIsNotToBeSeen() {
    assertThat(script("ls -A /private | wc -l; touch /private/x 2>/dev/null || echo refused"))
        .isEqualTo("0\nrefused");
  }

  @Test
  void theRootHasWhatIsNeededAndNothingElse() {
    assertThat(script("ls /"))
        .satisfies(
            listing ->
                assertThat(listing.lines())
                    .contains(
                        "alloc", "bin", "dev", "etc", "local", "proc", "secrets", "tmp", "usr")
                    .doesNotContain("home", "root", "var", "boot", "work", "srv", "mnt"));
  }

  // ---- names

  @Test
  void theHostNameIsTheTasksOwn() {
    String host = Command.of(Path.of("/bin/hostname")).run().stdout().strip();
    assertThat(lines(run(config("hostname")))).isNotEqualTo(host).isNotBlank();
    assertThat(
            lines(run("config {\nHost_hostname = \"mwl.io\"\n" + JobText.shell("hostname") + "}")))
        .isEqualTo("mwl.io");
    assertThat(lines(work.job(JobText.exec("command = \"/bin/hostname\"")).run())).isEqualTo(host);
    assertThat(Command.of(Path.of("/bin/hostname")).run().stdout().strip()).isEqualTo(host);
  }

  // ---- network

  private static String connect(int port) {
    return """
    command = "/usr/bin/perl"
    args    = ["-MIO::Socket::INET", "-e", "print IO::Socket::INET->new(PeerAddr => '127.0.0.1:%d') ? 'connected' : 'refused'"]
    """
        .formatted(port);
  }

  @Test
  void aJailHasNoNetworkUnlessItIsGivenOne() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String connect = connect(server.getLocalPort());
      assertThat(lines(work.job(JobText.jail(connect)).run())).isEqualTo("refused");
      String inherit = "Ip4 = \"inherit\"\nIp6 = \"inherit\"\n";
      assertThat(lines(work.job(JobText.jail(inherit + connect)).run())).isEqualTo("connected");
      assertThat(lines(work.job(JobText.exec(connect)).run())).isEqualTo("connected");
    }
  }

  @Test
  void gaolSaysThatThereIsNoNetwork() {
    assertThat(work.job(JobText.script("true")).run().stderr())
        .contains("gaol: no network: neither ip4 nor ip6 is set (ip4 = \"inherit\" shares the");
    assertThat(work.job(JobText.exec("command = \"/bin/true\"")).run().stderr())
        .doesNotContain("network");
  }

  // ---- signals and limits

  @Test
  void noSignalIsIgnoredOrBlocked() {
    assertNoSignalIsIgnoredOrBlocked(work.job(JobText.script("grep Sig /proc/self/status")).run());
  }

  @Test
  void noSignalIsIgnoredOrBlockedWhenGaolWasStartedWithSomeIgnored() {
    assertNoSignalIsIgnoredOrBlocked(
        work.job(JobText.script("grep Sig /proc/self/status"))
            .behind("sh", "-c", "trap '' HUP INT QUIT PIPE USR1 TERM; exec nohup \"$@\"", "sh")
            .run());
  }

  private static void assertNoSignalIsIgnoredOrBlocked(Outcome outcome) {
    Map<String, Long> masks =
        outcome
            .stdout()
            .lines()
            .map(line -> line.replaceFirst("^task \\| ", "").split(":\t"))
            .filter(field -> field[0].matches("Sig(Ign|Blk)"))
            .collect(Collectors.toMap(field -> field[0], field -> Long.parseLong(field[1], 16)));
    // glibc's posix_spawn(3) ignores 32 and 33 in every child: they are its own, and no other
    // program's business.
    long ofTheLibrary = 3L << 31;
    assertThat(masks.get("SigIgn") & ~ofTheLibrary).as("ignored").isZero();
    assertThat(masks.get("SigBlk")).as("blocked").isZero();
  }

  @Test
  void noFileOfGaolIsOpenInTheTask() {
    assertThat(script("ls /proc/$$/fd; true")).isEqualTo("0\n1\n2");
  }

  @Test
  void theNumberOfProcessesIsLimitedByMaxproc() {
    Outcome outcome =
        work.job(
                JobText.jail(
                    "Rctl = { Maxproc = { Action = \"deny\", Amount = \"5\" } }\n"
                        + JobText.shell(
                            "for i in 1 2 3 4 5 6 7 8; do sleep 60 & done; echo not reached; wait")))
            .run();
    assertThat(outcome.stderr()).contains("fork");
    assertThat(outcome.stderr()).contains("gaol: maxproc: Linux counts threads too");
    assertThat(outcome.stdout()).doesNotContain("not reached");
    assertThat(outcome.status()).isEqualTo(2);
  }

  @Test
  void theCpusAreThoseThatCoresGives() throws IOException {
    Outcome outcome = run("resources { cores = 1 }\n" + config("nproc; echo $NOMAD_CPU_CORES"));
    assertThat(lines(outcome)).isEqualTo("1\n0");
    assertThat(Files.isDirectory(work.stateDirectory())).isTrue();
  }
}
