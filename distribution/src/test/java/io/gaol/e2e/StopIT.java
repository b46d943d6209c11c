package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stopping a job: by signals to gaol, and by gaol job stop. */
@RequiresLinuxRoot
class StopIT {
  @RegisterExtension private final Workplace work = new Workplace();

  /** Says which signals come, and ends 40 + the number of the first. */
  private static final String REPORTS_SIGNALS =
      """
      for signal in 1 2 10 12 15; do
        trap "echo signal $signal; exit $((40 + signal))" $signal
      done
      echo ready
      while :; do sleep 0.05; done
      """;

  /** Ends of no signal that can be handled. */
  private static final String STUBBORN =
      """
      trap '' HUP INT TERM USR1
      echo ready
      while :; do sleep 0.05; done
      """;

  private Running start(String driver, String task, String script) {
    String config = "config {\n" + JobText.shell(script) + "}\n";
    return work.job(JobText.task(driver, task + config)).start().awaitLine("task | ready");
  }

  // ---- the signal to the task

  @ParameterizedTest
  @CsvSource({
    "jail-task-driver, '', 15, SIGTERM",
    "exec, '', 2, SIGINT",
    "jail-task-driver, kill_signal = \"SIGUSR1\", 10, SIGUSR1",
    "exec, kill_signal = \"SIGTERM\", 15, SIGTERM",
    "jail-task-driver, kill_signal = \"hup\", 1, SIGHUP"
  })
  void aTaskIsStoppedByTheSignalOfItsJobOrElseOfItsDriver(
      String driver, String killSignal, int number, String name) {
    Outcome outcome = start(driver, killSignal + "\n", REPORTS_SIGNALS).signal("INT").await();
    assertThat(outcome.stdout()).isEqualTo("task | ready\ntask | signal " + number + "\n");
    assertThat(outcome.stderr())
        .contains("gaol: task: stopping: " + name + ", SIGKILL after 5 s")
        .contains("gaol: task: exit status " + (40 + number));
  }

  @Test
  void theSignalReachesEveryProcessOfTheTask() {
    Outcome outcome =
        start(
                "jail-task-driver",
                "",
                """
                trap 'wait; echo main ends; exit' TERM
                (trap 'echo child ends; exit' TERM; echo ready; while :; do sleep 0.05; done) &
                while :; do sleep 0.05; done
                """)
            .signal("INT")
            .await();
    assertThat(outcome.stdout()).isEqualTo("task | ready\ntask | child ends\ntask | main ends\n");
  }

  @Test
  void aTaskThatDoesNotEndIsKilledAfterKillTimeout() {
    Outcome outcome =
        start("jail-task-driver", "kill_timeout = \"1s\"\n", STUBBORN).signal("INT").await();
    assertThat(outcome.stderr())
        .contains("gaol: task: stopping: SIGTERM, SIGKILL after 1 s")
        .contains("gaol: task: killed by signal 9");
    assertThat(outcome.status()).isEqualTo(130);
  }

  @Test
  void stopTimeoutGoesOverKillTimeout() {
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    "kill_timeout = \"600s\"\nconfig {\nStop_timeout = 1\n"
                        + JobText.shell(STUBBORN)
                        + "}"))
            .start()
            .awaitLine("task | ready")
            .signal("INT")
            .await();
    assertThat(outcome.stderr()).contains("stopping: SIGTERM, SIGKILL after 1 s");
  }

  @Test
  void aStopTimeoutOfZeroSendsNoSignalButKills() {
    Outcome outcome =
        work.job(JobText.jail("Stop_timeout = 0\n" + JobText.shell(REPORTS_SIGNALS)))
            .start()
            .awaitLine("task | ready")
            .signal("INT")
            .await();
    assertThat(outcome.stdout()).isEqualTo("task | ready\n");
    assertThat(outcome.stderr())
        .contains("gaol: task: stopping: SIGKILL")
        .contains("gaol: task: killed by signal 9");
  }

  // ---- signals to gaol

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void aSignalStopsTheJobAndGaolEndsAsAShellExpects(String signal, int status) {
    Outcome outcome = start("jail-task-driver", "", REPORTS_SIGNALS).signal(signal).await();
    assertThat(outcome.stderr())
        .contains("gaol: stopping; once more to kill")
        .contains("gaol: task: exit status 55");
    assertThat(outcome.status()).isEqualTo(status);
  }

  @Test
  void aSecondSignalKillsTheJob() {
    Running running = start("jail-task-driver", "kill_timeout = \"600s\"\n", STUBBORN);
    running.signal("INT").awaitLine("gaol: task: stopping: SIGTERM, SIGKILL after 600 s");
    Outcome outcome = running.signal("INT").await();
    assertThat(outcome.stderr())
        .contains("gaol: killing")
        .contains("gaol: task: killed by signal 9");
    assertThat(outcome.status()).isEqualTo(130);
  }

  @Test
  void underNohupAHangUpDoesNotStopTheJob() {
    Running running =
        work.job(JobText.script(REPORTS_SIGNALS)).behind("nohup").start().awaitLine("task | ready");
    running.signal("HUP").signal("HUP");
    assertThat(running.signal("TERM").await().status()).isEqualTo(143);
    assertThat(running.stdout()).isEqualTo("task | ready\ntask | signal 15\n");
    assertThat(running.stderr()).doesNotContain("killing");
  }

  @Test
  void aStopWhileATaskIsStartingStopsIt() {
    Path trace = work.directory().resolve("trace");
    Running running =
        work.job(
                JobText.jail(
                    """
                    Exec_prestart  = "echo prestart >>%1$s; sleep 1"
                    Exec_poststop  = "echo poststop >>%1$s"
                    command        = "/bin/sleep"
                    args           = ["600"]
                    """
                        .formatted(trace)))
            .start();
    Workplace.await("the prestart hook", () -> Files.exists(trace));
    Outcome outcome = running.signal("INT").await();
    assertThat(outcome.status()).isEqualTo(130);
    assertThat(trace).hasContent("prestart\npoststop");
  }

  @Test
  void stoppingRunsTheStopHooks() {
    Path trace = work.directory().resolve("trace");
    work.job(
            JobText.jail(
                """
                Exec_prestop  = "echo prestop >>%1$s"
                Exec_stop     = "echo stop in the jail"
                Exec_poststop = "echo poststop >>%1$s"
                """
                        .formatted(trace)
                    + JobText.shell(REPORTS_SIGNALS)))
        .start()
        .awaitLine("task | ready")
        .signal("INT")
        .await();
    assertThat(trace).hasContent("prestop\npoststop");
  }

  // ---- gaol job stop

  @Test
  void gaolJobStopEndsTheJobOfAnotherGaol() {
    Running running = start("jail-task-driver", "", REPORTS_SIGNALS);
    Outcome stop = work.stop("job");
    assertThat(stop.status()).as(stop.stderr()).isZero();
    assertThat(stop.stderr())
        .contains("gaol: stopping process " + running.pid() + ", which runs job");
    Outcome outcome = running.await();
    assertThat(outcome.stderr()).contains("gaol: task: exit status 55");
    assertThat(outcome.status()).isEqualTo(143);
  }

  @Test
  void gaolJobStopOfAnUnknownJobSaysWhichThereAre() {
    Outcome none = work.stop("job");
    assertThat(none.stderr()).isEqualTo("gaol: no job \"job\" runs here.\n");
    assertThat(none.status()).isEqualTo(1);
    Running running = start("jail-task-driver", "", REPORTS_SIGNALS);
    Outcome other = work.stop("jobb");
    assertThat(other.stderr())
        .isEqualTo("gaol: no job \"jobb\" runs here. Did you mean \"job\"? There is: job\n");
    assertThat(other.status()).isEqualTo(1);
    assertThat(running.runs()).isTrue();
    running.signal("INT").await();
  }

  @Test
  void aJobThatRunsIsNotRunASecondTime() {
    Running running = start("jail-task-driver", "", REPORTS_SIGNALS);
    Outcome second = work.job(JobText.script("echo second")).run();
    assertThat(second.status()).isEqualTo(1);
    assertThat(second.stdout()).isEmpty();
    assertThat(second.stderr())
        .contains(
            "gaol: the job \"job\" runs already (process "
                + running.pid()
                + "): gaol job stop job first");
    assertThat(running.runs()).isTrue();
    running.signal("INT").await();
  }

  @Test
  void gaolJobStopRemovesWhatAKilledGaolLeft() {
    Running running = start("jail-task-driver", "", REPORTS_SIGNALS);
    running.signal("KILL").await();
    assertThat(work.left()).isNotEmpty();
    Outcome stop = work.stop("job");
    assertThat(stop.stderr()).contains("gaol: removing what was left of task-");
    assertThat(stop.status()).as(stop.stderr()).isZero();
    work.assertNothingIsLeft();
  }

  @Test
  void aRunRemovesWhatAKilledGaolLeftOfTheSameJob() {
    Running running = start("jail-task-driver", "", REPORTS_SIGNALS);
    running.signal("KILL").await();
    Outcome outcome = work.job(JobText.script("echo anew")).run();
    assertThat(outcome.stdout()).isEqualTo("task | anew\n");
    assertThat(outcome.stderr()).contains("gaol: removing what was left of task-");
    assertThat(outcome.status()).isZero();
  }
}
