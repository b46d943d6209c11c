package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be run is refused: with the place, what is wrong and what to do; nothing is left. */
@RequiresLinuxRoot
class BadInputIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private void assertRefused(Outcome outcome, String message) {
    assertThat(outcome.stderr()).contains(message).doesNotContain(": started", "Exception");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(work.left()).isEmpty();
  }

  // ---- job files

  /** A job file that is refused, and what is said: FILE is its path. */
  record Bad(String what, String job, String messages) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Bad> badJobs() {
    return List.of(
        new Bad(
            "an unknown key of a job",
            """
            job "job" {
              tpye = "batch"
              group "g" {
                task "t" {
                  driver = "exec"
                  config { command = "/bin/true" }
                }
              }
            }
            """,
            """
            FILE:2:3: A job knows no "tpye". Did you mean "type"?
                tpye = "batch"
                ^^^^
            """),
        new Bad(
            "an unknown key of a group",
            """
            job "job" {
              group "g" {
                cuont = 2
                task "t" {
                  driver = "exec"
                  config { command = "/bin/true" }
                }
              }
            }
            """,
            """
            FILE:3:5: A group knows no "cuont". Did you mean "count"?
                  cuont = 2
                  ^^^^^
            """),
        new Bad(
            "an unknown key of a task",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  usr = "root"
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:6:7: A task knows no "usr". Did you mean "user"?
                    usr = "root"
                    ^^^
            """),
        new Bad(
            "an unknown key of a jail",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
                    comand = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:7:9: no jail parameter is named "comand". Did you mean "command"?
                      comand = "/bin/true"
                      ^^^^^^
            """),
        new Bad(
            "an unknown jail parameter",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
                    Persits = true
                  }
                }
              }
            }
            """,
            """
            FILE:7:9: no jail parameter is named "Persits". Did you mean "Persist"?
                      Persits = true
                      ^^^^^^^
            """),
        new Bad(
            "an unknown key of the exec driver",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "exec"

                  config {
            comand = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:4:5: The argument "command" is required, but no definition was found
                  task "task" {
                  ^^^^^^^^^^^^^
            FILE:8:1: the exec driver knows no "comand". Did you mean "command"?
              comand = "/bin/true"
              ^^^^^^
            """),
        new Bad(
            "no time",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  kill_timeout = "soon"
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:6:22: kill_timeout takes a time with its unit, such as "30s" or "1m30s", but "soon" is given
                    kill_timeout = "soon"
                                   ^^^^^^
            """),
        new Bad(
            "no number",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  resources {
                    memory = "much"
                  }
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:7:18: memory takes a whole number, at least 10, but "much" is given
                      memory = "much"
                               ^^^^^^
            """),
        new Bad(
            "no boolean",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
                    Persist = "perhaps"
                  }
                }
              }
            }
            """,
            """
            FILE:7:9: Persist takes true or false, but "perhaps" is given
                      Persist = "perhaps"
                      ^^^^^^^
            """),
        new Bad(
            "a list for a text",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
                    command = ["/bin/true"]
                  }
                }
              }
            }
            """,
            """
            FILE:7:9: command takes one text, but a list is given
                      command = ["/bin/true"]
                      ^^^^^^^
            """),
        new Bad(
            "a text for a list",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
                    command = "/bin/true"
                    args = "one"
                  }
                }
              }
            }
            """,
            """
            FILE:8:9: args takes a list of texts, but the text "one" is given: write args = ["one"]
                      args = "one"
                      ^^^^
            """),
        new Bad(
            "a syntax error",
            """
            job "job" {
              group "g" {
                count = = 2
              }
            }
            """,
            """
            FILE:3:13: A value is expected here, not "=". An attribute is set with one "=".
                  count = = 2
                          ^
            """),
        new Bad(
            "a block without an end",
            """
            job "job" {
              group "g" {
            """,
            """
            FILE:2:13: This block has no closing brace
                group "g" {
                          ^
            """),
        new Bad(
            "neither command nor Path",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {

                  }
                }
              }
            }
            """,
            """
            task "task": there is nothing to run: set command, or Exec_start, or Persist = true (jail(8): a new jail must persist or attach)
            """),
        new Bad(
            "exec without a command",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "exec"

                  config {

                  }
                }
              }
            }
            """,
            """
            FILE:4:5: The argument "command" is required, but no definition was found
                  task "task" {
                  ^^^^^^^^^^^^^
            """),
        new Bad(
            "args without a command",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            args = ["x"]
                  }
                }
              }
            }
            """,
            """
            FILE:7:1: args needs command, the program that gets them
              args = ["x"]
              ^^^^
            """),
        new Bad(
            "an absent root",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            Path = "/no/such/root"
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            task "task": the root of the jail, /no/such/root, does not exist: make it, or change Path
            """),
        new Bad(
            "a root that is a file",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            Path = "/etc/passwd"
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            task "task": the root of the jail, /etc/passwd, is not a directory: change Path
            """),
        new Bad(
            "a relative root",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            Path = "root"
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:7:1: Path takes an absolute path, but "root" is given
              Path = "root"
              ^^^^
            """),
        new Bad(
            "an absent user",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  user = "nosuchuser"
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            task "task": the user "nosuchuser" is not in /etc/passwd of the jail (ALLOCATION/task): add it there, or use a number
            """),
        new Bad(
            "a driver with a typo",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "exce"

                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:4:5: There is no driver "exce" here. There are jail-task-driver and exec. Did you mean "exec"?
                  task "task" {
                  ^^^^^^^^^^^^^
            """),
        new Bad(
            "a driver that there is not",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "docker"

                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:4:5: There is no driver "docker" here. There are jail-task-driver and exec.
                  task "task" {
                  ^^^^^^^^^^^^^
            """),
        new Bad(
            "an absent command",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            command = "/bin/nosuch"
                  }
                }
              }
            }
            """,
            """
            task "task": command "/bin/nosuch" is not in the jail; looked for /bin/nosuch below ALLOCATION/task
            """),
        new Bad(
            "a command that is not executable",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            command = "/etc/passwd"
                  }
                }
              }
            }
            """,
            """
            task "task": command "/etc/passwd": /etc/passwd of the jail (/etc/passwd) is not executable: chmod +x it
            """),
        new Bad(
            "a command that is a directory",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            command = "/bin"
                  }
                }
              }
            }
            """,
            """
            task "task": command "/bin": /bin of the jail (/bin) is a directory
            """),
        new Bad(
            "an unknown reference",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            command = "/bin/echo"
            args = ["${NOMAD_TASK_NAM}"]
                  }
                }
              }
            }
            """,
            """
            FILE:8:1: There is no variable named "NOMAD_TASK_NAM". Did you mean "NOMAD_TASK_NAME"?
              args = ["${NOMAD_TASK_NAM}"]
              ^^^^
            """),
        new Bad(
            "an undeclared variable",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            command = "/bin/echo"
            args = ["${var.x}"]
                  }
                }
              }
            }
            """,
            """
            FILE:8:12: There is no variable "x". Write variable "x" { ... } in the file.
              args = ["${var.x}"]
                         ^^^^^
            """),
        new Bad(
            "an empty file",
            "",
            """
            FILE:1:1: There is no job in this file. Write job "name" { ... }.

              ^
            """),
        new Bad(
            "no group",
            """
            job "job" {
            }
            """,
            """
            FILE:1:1: The job has no group. Write group "name" { ... }.
              job "job" {
              ^^^
            """),
        new Bad(
            "no task",
            """
            job "job" {
              group "g" {
              }
            }
            """,
            """
            FILE:2:3: The group has no task. Write task "name" { ... }.
                group "g" {
                ^^^^^
            """),
        new Bad(
            "no driver",
            """
            job "job" {
              group "g" {
                task "t" {
                }
              }
            }
            """,
            """
            FILE:3:5: The task "t" has no driver. Write driver = "jail-task-driver" or driver = "exec".
                  task "t" {
                  ^^^^
            """),
        new Bad(
            "two jobs",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"

                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"

                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:13:1: There is one "job" already. The first is at line 1; a file has one job.
              job "job" {
              ^^^
            """),
        new Bad(
            "two tasks of one name",
            """
            job "job" {
              group "g" {
                task "t" {
                  driver = "exec"
                  config {
                    command = "/bin/true"
                  }
                }
                task "t" {
                  driver = "exec"
                  config {
                    command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:9:10: There is a task "t" already. The first is at line 3. Give each a name of its own.
                  task "t" {
                       ^^^
            """),
        new Bad(
            "no signal",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  kill_signal = "SIGTREM"
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:6:21: "SIGTREM" is no signal. Did you mean "SIGTERM"?
                    kill_signal = "SIGTREM"
                                  ^^^^^^^^^
            """),
        new Bad(
            "no type of job",
            """
            job "job" {
              type = "bacth"
              group "g" {
                task "t" {
                  driver = "exec"
                  config {
                    command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:2:10: type is "service", "batch", "system" or "sysbatch", not "bacth". Did you mean "batch"?
                type = "bacth"
                       ^^^^^^^
            """),
        new Bad(
            "a template without a destination",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  template {
                    data = "x"
                  }
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:6:7: A template needs a destination. Write destination = "local/file", the file that is made.
                    template {
                    ^^^^^^^^
            """),
        new Bad(
            "no restart mode",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  restart {
                    mode = "dealy"
                  }
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:7:16: mode is "fail" or "delay", not "dealy". Did you mean "delay"?
                      mode = "dealy"
                             ^^^^^^^
            """),
        new Bad(
            "more cores than there are",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  resources {
                    cores = 4096
                  }
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            task "task": cores = 4096, but this host has 2 CPUs
            """),
        new Bad(
            "memory_max below memory",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  resources {
                    memory = 100
                    memory_max = 50
                  }
                  config {
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:8:22: memory_max is less than memory, 100. It is the limit, memory is what is set aside.
                      memory_max = 50
                                   ^^
            """),
        new Bad(
            "half a limit",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            Rctl = { Maxproc = { Action = "deny" } }
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:7:1: Rctl.Maxproc needs both Action and Amount
              Rctl = { Maxproc = { Action = "deny" } }
              ^^^^
            """),
        new Bad(
            "a limit without a number",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            rctl_rules = ["maxproc:deny=none"]
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:7:1: rctl_rules: "maxproc:deny=none": the amount "none" is no whole number, optionally with K, M, G, T, P or E
              rctl_rules = ["maxproc:deny=none"]
              ^^^^^^^^^^
            """),
        new Bad(
            "IPv6 alone",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            Ip6 = "inherit"
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            task "task": ip6 = "inherit" without ip4 = "inherit" cannot be had on Linux: an IPv6 socket reaches IPv4 addresses too; set both, or neither
            """),
        new Bad(
            "a parameter in two spellings",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            Host_hostname = "a"
            host_hostname = "b"
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            FILE:8:1: host_hostname and Host_hostname are the same parameter (host.hostname): keep one. Host_hostname is at line 7.
              host_hostname = "b"
              ^^^^^^^^^^^^^
            """),
        new Bad(
            "several mistakes",
            """
            job "job" {
              tpye = "batch"
              group "g" {
                cuont = 1
                task "t" {
                  driver = "exec"
                  usr = 1
                }
              }
            }
            """,
            """
            FILE:2:3: A job knows no "tpye". Did you mean "type"?
                tpye = "batch"
                ^^^^
            FILE:4:5: A group knows no "cuont". Did you mean "count"?
                  cuont = 1
                  ^^^^^
            FILE:7:7: A task knows no "usr". Did you mean "user"?
                    usr = 1
                    ^^^
            """),
        new Bad(
            "a relative work_dir",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "exec"

                  config {
            command = "/bin/true"
            work_dir = "tmp"
                  }
                }
              }
            }
            """,
            """
            FILE:9:1: work_dir must be absolute but got relative path "tmp"
              work_dir = "tmp"
              ^^^^^^^^
            """),
        new Bad(
            "no pid_mode",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "exec"

                  config {
            command = "/bin/true"
            pid_mode = "hots"
                  }
                }
              }
            }
            """,
            """
            FILE:9:1: pid_mode must be "private" or "host", got "hots"
              pid_mode = "hots"
              ^^^^^^^^
            """),
        new Bad(
            "an empty name",
            """
            job "job" {
              group "g" {
                task "" {
                  driver = "exec"
                }
              }
            }
            """,
            """
            FILE:3:10: The name of a task is empty
                  task "" {
                       ^^
            """),
        new Bad(
            "a parameter that Linux cannot have",
            """
            job "job" {
              type = "batch"
              group "task" {
                task "task" {
                  driver = "jail-task-driver"
                  config {
            Depend  = "db"
            command = "/bin/true"
                  }
                }
              }
            }
            """,
            """
            task "task": depend = "db" cannot be had on Linux: another task's jail is not started for this one; use a job's order
            """));
  }

  @ParameterizedTest
  @MethodSource("badJobs")
  void aJobFileThatIsWrongIsRefused(Bad bad) {
    Outcome outcome = work.job(bad.job()).run();
    assertThat(
            outcome
                .stderr()
                .replaceAll("(?m)^gaol: ", "")
                .replace(work.directory().resolve("job-1.nomad.hcl").toString(), "FILE")
                .replaceAll("/tmp/gaol-\\d+/state/allocations/[0-9a-f-]+/", "ALLOCATION/")
                .replaceAll("(?m) +$", ""))
        .isEqualTo(bad.messages());
    assertRefused(outcome, "gaol: ");
  }

  @ParameterizedTest
  @CsvSource({"count", "attempts", "cores"})
  void aNumberThatIsFarTooLargeIsRefused(String key) {
    String number = key + " = 99999999999\n";
    String job =
        """
        job "job" {
          group "g" {
            %s
            restart {
              %s
            }
            task "t" {
              driver = "exec"
              resources {
                %s
              }
              config {
                command = "/bin/true"
              }
            }
          }
        }
        """
            .formatted(
                key.equals("count") ? number : "",
                key.equals("attempts") ? number : "",
                key.equals("cores") ? number : "");
    assertRefused(work.job(job).run(), key + " takes a whole number, at least ");
  }

  @Test
  void aPathOfAJobFileThatIsNoneIsRefused() {
    assertRefused(
        work.jobFile(Path.of("/no/such/file")).run(),
        "gaol: the job file /no/such/file does not exist\n");
    assertRefused(
        work.jobFile(work.directory()).run(),
        "gaol: the job file " + work.directory() + " is a directory: name a file in it\n");
  }

  @Test
  void aJobFileThatCannotBeReadIsRefused() throws IOException {
    Path file = work.write("mine.nomad.hcl", JobText.script("true"));
    Files.setAttribute(file, "unix:mode", 0600);
    assertRefused(
        asNobody(work.jobFile(file)).run(),
        "gaol: the job file "
            + file
            + " cannot be read: permission denied (chmod, or run as its owner)\n");
  }

  // ---- the command line

  @ParameterizedTest
  @CsvSource({
    "'job,run', Missing required parameter: 'FILE'",
    "'job,run,--nosuch,x', Unknown option: '--nosuch'",
    "'job,rnu', Unmatched argument at index 1: 'rnu'",
    "'job', Missing required subcommand",
    "'job,run,-var,x,file', should be in KEY=VALUE format but was x"
  })
  void aWrongCommandLineGetsTheUsageAndStatus2(String words, String message) {
    Outcome outcome = Command.of(Command.GAOL_HOME.resolve("bin/gaol"), words.split(",")).run();
    assertThat(outcome.stderr()).contains(message.replace("|", ",")).contains("Usage: gaol job");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(2);
  }

  @Test
  void aVariableThatTheFileDoesNotDeclareIsRefused() {
    assertRefused(
        work.job(JobText.script("true")).with("-var", "x=1").run(),
        "-var x: this file declares no variable \"x\"");
    assertRefused(
        work.job("variable \"port\" {\n default = 1\n}\n" + JobText.script("true"))
            .with("-var", "prot=1")
            .run(),
        "-var prot: this file declares no variable \"prot\". Did you mean \"port\"?");
  }

  @Test
  void aVariableWithoutAValueIsRefused() {
    assertRefused(
        work.job("variable \"port\" {\n}\n" + JobText.script("true")).run(),
        "The variable \"port\" has no value. Give it one with -var port=VALUE, in a"
            + " file with -var-file FILE, in the environment as NOMAD_VAR_port, or a default.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "/proc/no-such-place"})
  void aStateDirectoryThatCannotBeIsRefused(String directory) {
    assertRefused(
        work.job(JobText.script("true")).in(Path.of(directory)).run(),
        "gaol: the state directory " + directory + " ");
  }

  // ---- the host

  /** As a user who may do nothing, by a copy of Gaol that he can read. */
  private GaolJob asNobody(GaolJob job) throws IOException {
    return job.by(work.copyOfGaol())
        .behind("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups");
  }

  @Test
  void withoutRootNothingIsRun() throws IOException {
    assertRefused(
        asNobody(work.job(JobText.script("true"))).run(),
        "gaol: task \"task\": jails need root: run gaol as root (sudo)\n");
  }

  @Test
  void withoutCrunNothingIsRun() {
    Path empty = work.write("empty", "");
    assertRefused(
        work.job(JobText.script("true"))
            .afterMounting("mount --bind %s \"$(command -v crun)\"".formatted(empty))
            .run(),
        "gaol: task \"task\": crun is not installed: apt-get install crun (or your system's package"
            + " of it)\n");
  }

  /**
   * How full the file system of the state directory is, so that it runs out at different points.
   */
  @ParameterizedTest
  @CsvSource({
    "size=64k, 16",
    "size=64k, 14",
    "size=64k, 12",
    "'size=1m,nr_inodes=10', 0",
    "'size=10m,nr_inodes=40', 0"
  })
  void withoutRoomNothingIsRunAndNothingIsLeft(String options, int filledPages) {
    String script =
        """
        mkdir %1$s/small
        mount -t tmpfs -o %2$s small %1$s/small
        dd if=/dev/zero of=%1$s/small/filled bs=4k count=%3$d 2>/dev/null || :
        "$@" || status=$?
        find %1$s/small -type f ! -name filled
        find %1$s/small/state/tasks %1$s/small/state/allocations %1$s/small/state/claims -mindepth 1 || :
        exit "$status"
        """
            .formatted(work.directory(), options, filledPages);
    Outcome outcome =
        work.job(JobText.script("true"))
            .in(work.directory().resolve("small/state"))
            .behind("unshare", "-m", "sh", "-ec", script, "sh")
            .run();
    assertThat(outcome.stderr())
        .contains(
            "No space left on device (make room, or choose another state directory with"
                + " --state-dir)");
    assertRefused(outcome, "gaol: ");
  }
}
