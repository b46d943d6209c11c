package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the commands of a jail run: time, users, environment, and where their output goes. */
@RequiresLinuxRoot
class ExecOptionsIT {
  private static final int LINES = 200_000;

  @RegisterExtension private final Workplace work = new Workplace();

  private Outcome run(String config) {
    return work.job(JobText.jail(config)).run();
  }

  // ---- exec.timeout in the jail

  @Test
  void aCommandOfExecStartThatTakesTooLongIsEndedAndTold() {
    Outcome outcome =
        run(
            "Exec_timeout = 1\nExec_start = [\"echo one\", \"sleep 600\"]\n"
                + JobText.shell("echo not to be seen"));
    assertThat(outcome.stdout()).isEqualTo("task | one\n");
    assertThat(outcome.stderr())
        .contains(
            "exec.start command 2 \"sleep 600\" took longer than 1 s (exec.timeout) and was ended");
    assertThat(outcome.status()).isEqualTo(143);
  }

  @Test
  void aCommandOfExecStartThatIgnoresSigtermIsKilled() {
    Outcome outcome =
        run("Exec_timeout = 1\nExec_start = \"trap '' TERM; while :; do sleep 1; done\"");
    assertThat(outcome.stderr())
        .contains("exec.start command 1 \"trap", "done\" took longer than 1 s");
    assertThat(outcome.status()).isEqualTo(137);
  }

  @Test
  void aCommandThatEndsWellAtSigtermHasTakenTooLongAllTheSame() {
    Outcome outcome =
        run(
            "Exec_timeout = 1\n"
                + "Exec_start = \"trap 'exit 0' TERM; while :; do sleep 0.1; done\"\n"
                + JobText.shell("echo not to be seen"));
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .contains("exec.start command 1 \"trap", "done\" took longer than 1 s");
    assertThat(outcome.status()).isEqualTo(124);
  }

  @Test
  void aCommandInTimeIsAsOneWithoutALimitAndItsDaemonIsNotWaitedFor() {
    String start =
        "Exec_start = [\"(sleep 1; echo the daemon ends) & echo it was started\","
            + " \"grep Sig[PBIC] /proc/self/status\"]\n";
    Outcome limited = run("Exec_timeout = 60\n" + start);
    assertThat(limited.stdout())
        .startsWith("task | it was started\n")
        .endsWith("task | the daemon ends\n")
        .isEqualTo(run(start).stdout());
    assertThat(limited.status()).isZero();
  }

  @Test
  void nothingOfALimitIsLeftInTheJailOnceItIsKept() {
    String count = "sleep 1.5; ls -d /proc/[0-9]* | wc -l";
    String start = "Exec_start = [\"true\", \"true\"]\n" + JobText.shell(count);
    assertThat(run("Exec_timeout = 60\n" + start).stdout()).isEqualTo(run(start).stdout());
  }

  @Test
  void aCommandOfTheHostThatTakesTooLongGetsSigtermBeforeItIsKilled() {
    Path trace = work.directory().resolve("trace");
    Outcome outcome =
        run(
            "Exec_timeout = 1\nExec_prestart = \"trap 'echo asked >"
                + trace
                + "; exit' TERM; while :; do sleep 0.1; done\"\n"
                + JobText.shell("true"));
    assertThat(trace).hasContent("asked");
    assertThat(outcome.stderr()).contains("timed out");
    assertThat(outcome.status()).isEqualTo(1);
  }

  // ---- users

  @Test
  void execSystemUserIsWhoRunsTheCommandsOfTheHost() {
    Outcome outcome =
        run(
            "Exec_system_user = \"nobody\"\n"
                + "Exec_prestart = \"echo $(id -un) $(id -G) $USER $HOME $JNAME\"\n"
                + "Exec_poststop = \"id -un\"\n"
                + JobText.shell("id -un"));
    assertThat(outcome.stdout()).isEqualTo("task | root\n");
    assertThat(outcome.stderr())
        .containsPattern("exec.prestart: nobody 65534 nobody /nonexistent task-[0-9a-f]{8}\n")
        .contains("exec.poststop: nobody\n");
  }

  @Test
  void anExecSystemUserThatTheHostDoesNotHaveIsRefused() {
    Outcome outcome = run("Exec_system_user = \"nonesuch\"\n" + JobText.shell("true"));
    assertThat(outcome.stderr())
        .contains("exec.system_user = \"nonesuch\": there is no such user in /etc/passwd of the");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"true, 65534", "false, 80"})
  void execSystemJailUserDecidesWhosePasswdIsRead(boolean ofHost, String uid) throws IOException {
    Path root = SmallRoot.withShell(work.directory().resolve("root"));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/passwd"), "nobody:x:80:81::/:/bin/sh\n");
    Outcome outcome =
        run(
            "Path = \"%s\"\nExec_jail_user = \"nobody\"\nExec_system_jail_user = %s\n"
                    .formatted(root, ofHost)
                + JobText.shell("id -u"));
    assertThat(outcome.stdout()).isEqualTo("task | " + uid + "\n");
  }

  @Test
  void anExecJailUserThatTheHostDoesNotHaveIsRefused() {
    Outcome outcome =
        run(
            "Exec_jail_user = \"nonesuch\"\nExec_system_jail_user = true\n"
                + JobText.shell("true"));
    assertThat(outcome.stderr())
        .contains("the user \"nonesuch\" is not in /etc/passwd of the host");
    assertThat(outcome.status()).isEqualTo(1);
  }

  // ---- exec.clean

  @Test
  void aCleanEnvironmentHasTheTerminalAndBeginsInTheUsersHome() throws IOException {
    Path root = SmallRoot.withShell(work.directory().resolve("root"));
    Files.createDirectories(root.resolve("root"));
    GaolJob job =
        work.gaolRun("-J", "exec.clean", root.toString(), "sh", "-c", "pwd; echo $TERM $OTHER")
            .withEnvironment("TERM", "vt220")
            .withEnvironment("OTHER", "other");
    assertThat(job.run().stdout()).isEqualTo("/root\nvt220\n");
  }

  // ---- exec.consolelog

  private String console(Path file) {
    return "Exec_consolelog = \"" + file + "\"\n";
  }

  @Test
  void theConsoleLogGetsACopyAndIsAddedTo() throws IOException {
    Path file = work.write("console", "before\n");
    Outcome outcome =
        run(
            console(file)
                + "Exec_start = \"echo start\"\n"
                + JobText.shell("echo out; sleep 0.5; echo err >&2; exit 3"));
    assertThat(outcome.stdout()).isEqualTo("task | start\ntask | out\n");
    assertThat(outcome.stderr()).contains("task | err\n");
    assertThat(outcome.status()).isEqualTo(3);
    assertThat(file).hasContent("before\nstart\nout\nerr\n");
  }

  @Test
  void theConsoleLogOfATaskThatWritesMuchIsWholeAndSoIsTheTasksOwn() {
    Path file = work.directory().resolve("console");
    Outcome outcome = run(console(file) + JobText.shell("seq " + LINES));
    List<String> numbers = IntStream.rangeClosed(1, LINES).mapToObj(String::valueOf).toList();
    assertThat(outcome.stdout().lines().map(line -> line.replace("task | ", "")).toList())
        .isEqualTo(numbers);
    assertThat(file).content().isEqualTo(String.join("\n", numbers) + "\n");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aFullDiskEndsTheCopyAndNotTheTask() throws IOException {
    Path disk = SmallDisk.mount(work.directory(), "size=64k");
    try {
      Path file = Files.createFile(disk.resolve("console"));
      SmallDisk.fill(disk, 1);
      Outcome outcome = run(console(file) + JobText.shell("seq " + LINES + " && echo end"));
      assertThat(outcome.stdout()).endsWith("task | " + LINES + "\ntask | end\n");
      assertThat(outcome.stdout().lines()).hasSize(LINES + 1);
      assertThat(outcome.status()).isZero();
      assertThat(file).content().startsWith("1\n2\n3\n");
    } finally {
      Command.of(Path.of("/bin/umount"), disk.toString()).run();
    }
  }

  @Test
  void theCopyGoesOnWithoutGaolAndWithoutTheProgramThatMakesIt() throws IOException {
    Path file = work.directory().resolve("console");
    Path go = work.directory().resolve("go");
    Running running =
        work.job(
                JobText.jail(
                    "Mount = \"%s /mnt nullfs\"\n".formatted(work.directory())
                        + console(file)
                        + JobText.shell(
                            "echo ready; until [ -e /mnt/go ]; do sleep 0.05; done; echo went;"
                                + " sleep 600")))
            .start()
            .awaitLine("task | ready");
    running.kill();
    for (long process : work.processes()) {
      if (Leftovers.contents(Path.of("/proc/" + process + "/comm")).equals("tee\n")) {
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    Files.createFile(go);
    Workplace.await("the copy", () -> Leftovers.contents(file).equals("ready\nwent\n"));
    work.stop("job");
  }

  @Test
  void aConsoleLogThatIsALinkOrNoFileIsRefusedAndNothingIsMade() throws IOException {
    Path link = work.directory().resolve("link");
    Path target = work.write("target", "");
    Files.createSymbolicLink(link, target);
    assertThat(run(console(link) + JobText.shell("true")).stderr())
        .contains("it is a symbolic link: name the file it leads to, " + target);
    assertThat(run(console(work.directory()) + JobText.shell("true")).stderr())
        .contains("it is no regular file");
    Path absent = work.directory().resolve("absent/console");
    assertThat(run(console(absent) + JobText.shell("true")).stderr())
        .contains("the directory " + absent.getParent() + " is not there: make it");
    assertThat(absent.getParent()).doesNotExist();
    assertThat(target).isEmptyFile();
  }

  @Test
  void aLinkThatIsPutInTheConsoleLogsPlaceLaterIsNotFollowed() throws IOException {
    Path file = work.directory().resolve("console");
    Path target = work.write("target", "");
    Outcome outcome =
        run(
            console(file)
                + "Exec_prepare = \"ln -sf %2$s %1$s\"\n".formatted(file, target)
                + JobText.shell("echo not to be seen"));
    // The supervisor comes up beside the first steps: it may have opened the file before.
    if (outcome.status() != 0) {
      assertThat(outcome.stderr()).contains("by a symbolic link");
    }
    assertThat(target).isEmptyFile();
  }
}
