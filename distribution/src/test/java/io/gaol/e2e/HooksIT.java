package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands of jail(8) around and in a jail: their order, and what follows when one fails. */
@RequiresLinuxRoot
class HooksIT {
  private static final List<String> ON_THE_HOST =
      List.of("prepare", "prestart", "created", "poststart", "prestop", "poststop", "release");

  @RegisterExtension private final Workplace work = new Workplace();

  private Path trace() {
    return work.directory().resolve("trace");
  }

  /** Every hook writes its name, on the host into the trace and in the jail into its /alloc. */
  private String traced(String... others) {
    String replaced =
        Stream.of(others).map(line -> line.split("=")[0]).collect(Collectors.joining());
    String own =
        ON_THE_HOST.stream()
            .filter(hook -> !replaced.contains("Exec_" + hook + " "))
            .map(hook -> "Exec_" + hook + " = \"echo " + hook + " >>" + trace() + "\"\n")
            .collect(Collectors.joining());
    return own + String.join("\n", others) + "\n";
  }

  /** A line that makes the jail's own steps visible in the host's trace, in their order. */
  private String tracedInTheJail() {
    // /alloc of the jail is a folder of the host: a link in there leads to the same file for both.
    return """
    Exec_prepare = "echo prepare >>%1$s"
    Exec_prestart = "echo prestart >>%1$s; ln $JPATH/../../../../trace $JPATH/../alloc/trace"
    Exec_created = "echo created >>%1$s"
    Exec_start = "echo start >>/alloc/trace"
    Exec_poststart = "echo poststart >>%1$s; touch $JPATH/../alloc/poststarted"
    Exec_prestop = "echo prestop >>%1$s"
    Exec_stop = "echo stop >>/alloc/trace"
    Exec_poststop = "echo poststop >>%1$s"
    Exec_release = "echo release >>%1$s"
    """
        .formatted(trace());
  }

  private Outcome run(String config) {
    return work.job(JobText.jail(config)).run();
  }

  // ---- order

  @Test
  void aTaskThatEndsByItselfHasEveryHookButThoseOfStopping() {
    Outcome outcome =
        run(
            tracedInTheJail()
                + JobText.shell(
                    "echo command >>/alloc/trace;"
                        + " until [ -e /alloc/poststarted ]; do sleep 0.05; done"));
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    assertThat(trace())
        .content()
        .satisfies(
            text ->
                // The command runs while poststart does.
                assertThat(text.lines().filter(line -> !line.equals("command")))
                    .containsExactly(
                        "prepare",
                        "prestart",
                        "created",
                        "start",
                        "poststart",
                        "poststop",
                        "release"));
    assertThat(trace()).content().containsSubsequence("start\n", "command\n", "poststop\n");
  }

  @Test
  void aTaskThatIsStoppedHasAllNineHooksInTheOrderOfJail8() {
    Running running =
        work.job(
                JobText.jail(
                    tracedInTheJail()
                        + JobText.shell(
                            "until [ -e /alloc/poststarted ]; do sleep 0.05; done;"
                                + " echo command >>/alloc/trace; echo ready; exec sleep 600")))
            .start()
            .awaitLine("task | ready");
    running.signal("INT").await();
    assertThat(trace())
        .hasContent(
            """
            prepare
            prestart
            created
            start
            poststart
            command
            prestop
            stop
            poststop
            release
            """);
  }

  @Test
  void severalCommandsOfAHookRunInOrder() {
    Outcome outcome =
        run(
            traced(
                "Exec_prestart = [\"echo one >>%1$s\", \"echo two >>%1$s\"]".formatted(trace()),
                "Exec_poststop = [\"echo three >>%1$s\", \"echo four >>%1$s\"]".formatted(trace()),
                "command = \"/bin/true\""));
    assertThat(outcome.status()).as("%s", outcome).isZero();
    assertThat(trace())
        .content()
        .containsSubsequence("prepare\n", "one\n", "two\n", "created\n")
        .containsSubsequence("three\n", "four\n", "release\n");
  }

  @Test
  void aHookKnowsTheJailAndTheTasksVariables() {
    run(
        "Exec_prestart = \"echo $JNAME $NOMAD_TASK_NAME $(ls -d $JPATH/local) >%s\"\n"
                .formatted(trace())
            + "command = \"/bin/true\"\n");
    assertThat(trace())
        .content()
        .matches("task-[0-9a-f]{8} task " + work.stateDirectory() + "/allocations/.*/task/local\n");
  }

  @Test
  void whatAHookWritesIsTold() {
    assertThat(
            run("Exec_prestart = \"echo from the hook; echo its error >&2\"\ncommand = \"/bin/true\"")
                .stderr())
        .contains("gaol: task: exec.prestart: from the hook\nits error\n");
  }

  // ---- failures

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "prepare; release",
        "prestart; prepare poststop release",
        "created; prepare prestart poststop release"
      })
  void aFailingHookFailsTheStartAndWhatWasBegunIsUndone(String failing, String others) {
    Outcome outcome =
        run(
            traced(
                "Exec_" + failing + " = \"echo why >&2; exit 4\"",
                JobText.shell("echo not to be seen")));
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .contains("gaol: task: not started: exec." + failing)
        .contains("exit status 4")
        .contains("why");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(trace()).hasContent(others.replace(' ', '\n'));
  }

  @Test
  void aFailingPoststartEndsTheTask() {
    Outcome outcome = run(traced("Exec_poststart = \"(exit 4)\"", JobText.shell("exec sleep 600")));
    assertThat(outcome.stderr()).contains("exec.poststart").contains("exit status 4");
    assertThat(outcome.status()).isNotZero();
    assertThat(trace()).hasContent("prepare\nprestart\ncreated\npoststop\nrelease");
  }

  @Test
  void aFailingHookOfStoppingIsToldAndStoppingGoesOn() {
    Running running =
        work.job(
                JobText.jail(
                    traced(
                        "Exec_prestop = \"(exit 4)\"",
                        "Exec_stop = \"(exit 5)\"",
                        "Exec_poststop = \"(exit 6)\"",
                        "Exec_release = \"(exit 7)\"",
                        JobText.shell(
                            "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"))))
            .start()
            .awaitLine("task | ready");
    Outcome outcome = running.signal("INT").await();
    for (String hook : List.of("prestop", "stop", "poststop", "release")) {
      assertThat(outcome.stderr())
          .containsPattern("warning: .*exec." + hook + " \"\\(exit .\\)\" failed: exit status");
    }
    assertThat(outcome.stderr()).contains("gaol: task: exit status 0");
    assertThat(outcome.status()).isEqualTo(130);
  }

  @Test
  void aHookThatHangsIsEndedByExecTimeout() {
    Outcome outcome =
        run(
            traced(
                "Exec_timeout = 1",
                "Exec_prestart = \"echo begun >>%s; sleep 600\"".formatted(trace()),
                JobText.shell("echo not to be seen")));
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .contains("gaol: task: not started: exec.prestart")
        .contains("timed out");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(trace()).hasContent("prepare\nbegun\npoststop\nrelease");
  }

  @Test
  void aStopHookThatHangsIsEndedByExecTimeoutAndStoppingGoesOn() {
    Running running =
        work.job(
                JobText.jail(
                    traced(
                        "Exec_timeout = 1",
                        "Exec_prestop = \"sleep 600\"",
                        "Exec_stop = \"sleep 600\"",
                        JobText.shell("echo ready; exec sleep 600"))))
            .start()
            .awaitLine("task | ready");
    Outcome outcome = running.signal("INT").await();
    assertThat(outcome.stderr())
        .contains("warning: exec.prestop")
        .contains("warning: exec.stop")
        .contains("timed out");
    assertThat(outcome.status()).isEqualTo(130);
    assertThat(trace()).content().endsWith("poststop\nrelease\n");
  }

  @Test
  void aHookMayLeaveADaemonWithoutHoldingTheTaskUp() {
    Outcome outcome = run("Exec_prestart = \"sleep 2 & exit 0\"\n" + JobText.shell("echo started"));
    assertThat(outcome.stdout()).isEqualTo("task | started\n");
    assertThat(outcome.status()).as("%s", outcome).isZero();
  }

  // ---- Exec_start and Persist

  @Test
  void theCommandsOfExecStartRunInOrderAndTheirEndIsTheTasks() {
    Outcome outcome = run("Exec_start = [\"echo one\", \"echo two\", \"echo $((1 + 2))\"]");
    assertThat(outcome.stdout()).isEqualTo("task | one\ntask | two\ntask | 3\n");
    assertThat(outcome.status()).as("%s", outcome).isZero();
  }

  @Test
  void commandIsAnotherNameOfExecStart() {
    Outcome outcome = run("Exec_start = \"echo one\"\nCommand = \"echo two\"");
    assertThat(outcome.stdout()).isEqualTo("task | one\ntask | two\n");
    assertThat(outcome.status()).as("%s", outcome).isZero();
  }

  @Test
  void theFirstCommandOfExecStartThatFailsEndsTheJailWithItsStatus() {
    Outcome outcome = run("Exec_start = [\"echo one\", \"(exit 9)\", \"echo three\"]");
    assertThat(outcome.stdout()).isEqualTo("task | one\n");
    assertThat(outcome.stderr())
        .contains("gaol: task: exit status 9: exec.start command 2 \"(exit 9)\" failed");
    assertThat(outcome.status()).isEqualTo(9);
  }

  @Test
  void execStartIsDoneBeforeTheCommandBegins() {
    Outcome outcome =
        run("Exec_start = \"sleep 0.5; echo first\"\n" + JobText.shell("echo second; exit 6"));
    assertThat(outcome.stdout()).isEqualTo("task | first\ntask | second\n");
    assertThat(outcome.status()).isEqualTo(6);
  }

  @Test
  void anExecStartThatFailsKeepsTheCommandFromRunning() {
    Outcome outcome = run("Exec_start = \"(exit 3)\"\n" + JobText.shell("echo not to be seen"));
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(3);
  }

  @Test
  void aDaemonOfExecStartKeepsTheJailUntilItEnds() {
    Outcome outcome = run("Exec_start = \"(sleep 2; echo the daemon ends) & echo it was started\"");
    assertThat(outcome.stdout()).isEqualTo("task | it was started\ntask | the daemon ends\n");
    assertThat(outcome.status()).as("%s", outcome).isZero();
  }

  @Test
  void aJailThatPersistsNeedsNothingToRun() {
    Running running =
        work.job(JobText.jail("Persist = true")).start().awaitLine("gaol: task: started");
    assertThat(work.processes()).isNotEmpty();
    Outcome outcome = running.signal("INT").await();
    assertThat(outcome.status()).isEqualTo(130);
  }

  @Test
  void aJailThatPersistsOutlivesExecStart() {
    Running running =
        work.job(JobText.jail("Persist = true\nExec_start = \"echo done\""))
            .start()
            .awaitLine("task | done");
    assertThat(Workplace.within(Duration.ofSeconds(1), () -> !running.runs())).isFalse();
    assertThat(running.signal("INT").await().status()).isEqualTo(130);
  }

  @Test
  void execStopRunsInTheJail() {
    Running running =
        work.job(
                JobText.jail(
                    """
                    Persist       = true
                    Host_hostname = "inside"
                    Exec_start    = "echo ready"
                    Exec_stop     = "hostname >/alloc/data/name; id -u >>/alloc/data/name"
                    Exec_poststop = "cat $JPATH/../alloc/data/name >%s"
                    """
                        .formatted(trace())))
            .start()
            .awaitLine("task | ready");
    running.signal("INT").await();
    assertThat(trace()).hasContent("inside\n0");
  }
}
