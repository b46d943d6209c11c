package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tasks before, beside and after the main tasks; leaders; delays before a stop. */
@RequiresLinuxRoot
class LifecycleIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private static final String NEVER = "restart { attempts = 0 }\n";
  private static final String PRESTART = "lifecycle { hook = \"prestart\" }\n";
  private static final String POSTSTART = "lifecycle { hook = \"poststart\" }\n";
  private static final String POSTSTOP = "lifecycle { hook = \"poststop\" }\n";
  private static final String SIDECAR = "lifecycle {\nhook = \"prestart\"\nsidecar = true\n}\n";

  /** Runs until it is asked to end, and says so. */
  private static final String SERVE =
      "trap 'echo ended; exit 0' TERM; echo serving; while :; do sleep 0.05; done";

  private static String job(String body, String... tasks) {
    return "job \"job\" {\ntype = \"batch\"\ngroup \"group\" {\n%s\n%s\n}\n}\n"
        .formatted(body, String.join("\n", tasks));
  }

  private static String task(String name, String more, String script) {
    return "task \"%s\" {\ndriver = \"jail-task-driver\"\n%s\nconfig {\n%s}\n}\n"
        .formatted(name, more, JobText.shell(script));
  }

  private static List<String> lines(Outcome outcome) {
    return outcome.stdout().lines().toList();
  }

  // ---- order

  @Test
  void tasksRunInTheOrderOfTheirHooks() {
    Outcome outcome =
        work.job(
                job(
                    NEVER,
                    task("after", POSTSTOP, "echo 5 >>/alloc/data/log; cat /alloc/data/log"),
                    task(
                        "main",
                        "",
                        """
                        echo 3 >>/alloc/data/log
                        until [ -e /alloc/data/beside ]; do sleep 0.05; done
                        """),
                    task("beside", POSTSTART, "echo 4 >>/alloc/data/log; touch /alloc/data/beside"),
                    task("one", PRESTART, "sleep 0.3; echo 1 >>/alloc/data/log")))
            .run();
    assertThat(lines(outcome)).containsExactly("after | 1", "after | 3", "after | 4", "after | 5");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aPrestartTaskIsStartedAgainByItsPolicyBeforeTheMainTaskStarts() {
    Outcome outcome =
        work.job(
                job(
                    "restart {\nattempts = 2\ndelay = \"0s\"\nmode = \"fail\"\n}\n",
                    task(
                        "before",
                        PRESTART,
                        "echo x >>/alloc/data/starts; [ $(wc -l </alloc/data/starts) = 3 ]"),
                    task("main", "", "wc -l </alloc/data/starts")))
            .run();
    assertThat(lines(outcome)).containsExactly("main | 3");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aPrestartTaskThatFailsForGoodFailsTheAllocationAndPoststopTasksRun() {
    Outcome outcome =
        work.job(
                job(
                    NEVER,
                    task("before", PRESTART, "exit 4"),
                    task("main", "", "echo not to be seen"),
                    task("after", POSTSTOP, "echo cleaned")))
            .run();
    assertThat(lines(outcome)).containsExactly("after | cleaned");
    assertThat(outcome.stderr().lines()).contains("gaol: main: not started, as before has failed");
    assertThat(outcome.status()).isEqualTo(4);
  }

  @Test
  void aSidecarEndsWithTheMainTasksAndItsEndIsNoFailure() {
    Outcome outcome =
        work.job(
                job(
                    NEVER,
                    task("beside", SIDECAR, SERVE.replace("exit 0", "exit 9")),
                    task("main", "", "echo main")))
            .run();
    assertThat(lines(outcome)).contains("beside | serving", "main | main", "beside | ended");
    assertThat(outcome.stderr().lines())
        .contains("gaol: beside: stopping, as the main tasks have ended");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aFailedPoststopTaskFailsTheJob() {
    Outcome outcome =
        work.job(job(NEVER, task("main", "", "true"), task("after", POSTSTOP, "exit 6"))).run();
    assertThat(outcome.status()).isEqualTo(6);
  }

  // ---- stops

  @Test
  void aStopEndsSidecarsLastAndThenRunsPoststopTasks() {
    Running running =
        work.job(
                job(
                    NEVER,
                    task("beside", SIDECAR, SERVE),
                    task("main", "", SERVE),
                    task("after", POSTSTOP, "echo cleaned")))
            .start()
            .awaitLine("main | serving");
    Outcome outcome = running.signal("INT").await();
    assertThat(lines(outcome))
        .containsSubsequence("main | ended", "beside | ended", "after | cleaned");
    assertThat(outcome.status()).isEqualTo(130);
  }

  @Test
  void aSecondInterruptKillsAPoststopTaskToo() {
    Running running =
        work.job(
                job(
                    NEVER,
                    task("main", "", SERVE),
                    task("after", POSTSTOP, "echo cleaning; sleep 600")))
            .start()
            .awaitLine("main | serving")
            .signal("INT")
            .awaitLine("after | cleaning");
    assertThat(running.signal("INT").await().status()).isEqualTo(130);
  }

  @Test
  void aStopWhileAPrestartTaskRunsStartsNoMainTask() {
    Running running =
        work.job(
                job(
                    NEVER,
                    task("before", PRESTART, SERVE),
                    task("main", "", "echo not to be seen")))
            .start()
            .awaitLine("before | serving");
    Outcome outcome = running.signal("INT").await();
    assertThat(lines(outcome)).containsExactly("before | serving", "before | ended");
    assertThat(outcome.status()).isEqualTo(130);
  }

  // ---- leader

  @Test
  void theOthersEndWhenTheLeaderEndsWithinTheirKillTimeout() {
    Outcome outcome =
        work.job(
                job(
                    NEVER,
                    task(
                        "first",
                        "leader = true",
                        "until [ -e /alloc/data/go ]; do sleep 0.05; done"),
                    task("obeys", "", SERVE),
                    task(
                        "resists",
                        "kill_timeout = \"200ms\"",
                        "trap '' TERM; touch /alloc/data/go; while :; do sleep 0.05; done")))
            .run();
    assertThat(outcome.stderr().lines())
        .contains(
            "gaol: first: exit status 0",
            "gaol: obeys: stopping, as first, the leader, has ended",
            "gaol: resists: killed by signal 9");
    assertThat(outcome.status()).isZero();
  }

  // ---- delays

  @Test
  void shutdownDelayComesBeforeTheKillSignal() {
    Running running =
        work.job(
                job(
                    NEVER + "shutdown_delay = \"500ms\"\n",
                    task("main", "shutdown_delay = \"700ms\"", SERVE)))
            .start()
            .awaitLine("group.main | serving");
    long asked = System.nanoTime();
    Outcome outcome = running.signal("INT").await();
    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1200));
    assertThat(outcome.stderr())
        .containsPattern("allocation [0-9a-f]{8}: waiting 0.5 s before its tasks are stopped")
        .contains("gaol: group.main: waiting 0.7 s before it is stopped (shutdown_delay)");
  }

  @Test
  void aTaskThatEndsDuringItsShutdownDelayIsNotWaitedFor() {
    Running running =
        work.job(
                job(
                    NEVER,
                    task(
                        "main",
                        "shutdown_delay = \"300s\"",
                        "echo serving; until [ -e /alloc/data/go ]; do sleep 0.05; done"),
                    task(
                        "other",
                        "",
                        "trap 'touch /alloc/data/go; exit' TERM; echo serving;"
                            + " while :; do sleep 0.05; done")))
            .start()
            .awaitLine("main | serving")
            .awaitLine("other | serving");
    assertThat(running.signal("INT").await().status()).isEqualTo(130);
  }

  @Test
  void aSecondInterruptWaitsForNoDelay() {
    Running running =
        work.job(job(NEVER + "shutdown_delay = \"300s\"\n", task("main", "", SERVE)))
            .start()
            .awaitLine("group.main | serving")
            .signal("INT")
            .awaitLine("gaol: stopping; once more to kill");
    assertThat(running.signal("INT").await().status()).isEqualTo(130);
  }

  // ---- logs

  @Test
  void disabledLogsAreNotPrinted() {
    Outcome outcome =
        work.job(
                job(
                    NEVER,
                    task("quiet", "logs { disabled = true }", "echo not to be seen"),
                    task("main", "", "echo seen")))
            .run();
    assertThat(lines(outcome)).containsExactly("main | seen");
  }
}
