package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs of more than one start, task, instance or group. */
@RequiresLinuxRoot
class RestartIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private static String job(String type, String group) {
    return "job \"job\" {\n  type = \"%s\"\n%s}\n".formatted(type, group);
  }

  private static String group(String name, String body, String... tasks) {
    return "group \"%s\" {\n%s\n%s\n}\n".formatted(name, body, String.join("\n", tasks));
  }

  private static String task(String name, String script) {
    return "task \"%s\" {\ndriver = \"jail-task-driver\"\nconfig {\n%s}\n}\n"
        .formatted(name, JobText.shell(script));
  }

  private static final String NEVER = "restart { attempts = 0 }\n";

  private static String often(int attempts) {
    return """
    restart {
      attempts = %d
      interval = "1h"
      delay    = "0s"
      mode     = "fail"
    }
    """
        .formatted(attempts);
  }

  private static List<String> lines(Outcome outcome) {
    return outcome.stdout().lines().toList();
  }

  // ---- restarts

  @Test
  void aTaskOfABatchJobIsStartedAgainUntilItSucceeds() {
    // Its alloc folder outlives the start; the data in it tells how many went before.
    String script =
        "echo x >>/alloc/data/starts; wc -l </alloc/data/starts; [ $(wc -l </alloc/data/starts) = 3 ]";
    Outcome outcome = work.job(job("batch", group("task", often(5), task("task", script)))).run();
    assertThat(lines(outcome)).containsExactly("task | 1", "task | 2", "task | 3");
    assertThat(outcome.stderr().lines().filter("gaol: task: restarting in 0 s"::equals)).hasSize(2);
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aTaskThatFailsMoreOftenThanItMayFailsTheJob() {
    Outcome outcome =
        work.job(job("batch", group("task", often(2), task("task", "echo try; exit 3")))).run();
    assertThat(lines(outcome)).containsExactly("task | try", "task | try", "task | try");
    assertThat(outcome.status()).isEqualTo(3);
  }

  @Test
  void aTaskOfAServiceIsStartedAgainAlsoWhenItSucceeded() {
    Outcome outcome =
        work.job(job("service", group("task", often(2), task("task", "echo try")))).run();
    assertThat(lines(outcome)).containsExactly("task | try", "task | try", "task | try");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void eachStartFindsTheFoldersAsTheLastLeftThemAndAFreshJail() {
    String script = "ls /local /dev/shm; touch /local/kept /dev/shm/gone; exit 1";
    Outcome outcome = work.job(job("batch", group("task", often(1), task("task", script)))).run();
    assertThat(lines(outcome))
        .containsExactly(
            "task | /dev/shm:",
            "task | ",
            "task | /local:",
            "task | /dev/shm:",
            "task | ",
            "task | /local:",
            "task | kept");
  }

  @Test
  void aStopDuringTheDelayEndsTheJob() {
    Running running =
        work.job(
                job(
                    "batch",
                    group(
                        "task",
                        "restart {\nattempts = 5\ndelay = \"600s\"\n}",
                        task("task", "exit 1"))))
            .start()
            .awaitLine("gaol: task: restarting in 600 s");
    assertThat(running.signal("INT").await().status()).isEqualTo(130);
  }

  // ---- count, groups, tasks

  @Test
  void countStartsSoManyInstances() {
    Outcome outcome =
        work.job(
                job(
                    "batch",
                    group("task", "count = 3\n" + NEVER, task("task", "echo $NOMAD_ALLOC_INDEX"))))
            .run();
    assertThat(lines(outcome))
        .containsExactlyInAnyOrder("task[0] | 0", "task[1] | 1", "task[2] | 2");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aCountOfZeroRunsNothing() {
    Outcome outcome =
        work.job(job("batch", group("task", "count = 0", task("task", "echo not to be seen"))))
            .run();
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isZero();
  }

  @Test
  void groupsRunSideBySideAndEachLineSaysWhoseItIs() {
    Outcome outcome =
        work.job(
                job(
                    "batch",
                    group("one", NEVER, task("task", "echo 1"))
                        + group("two", NEVER, task("task", "echo 2"))))
            .run();
    assertThat(lines(outcome)).containsExactlyInAnyOrder("one.task | 1", "two.task | 2");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void theTasksOfAGroupShareItsAllocFolderAndNothingElse() {
    String reader =
        """
        until [ -s /alloc/data/file ]; do sleep 0.05; done
        cat /alloc/data/file
        ls /local
        """;
    String writer = "echo mine >/local/file; echo ours >/alloc/data/file";
    Outcome outcome =
        work.job(job("batch", group("group", NEVER, task("a", writer), task("b", reader)))).run();
    assertThat(lines(outcome)).containsExactly("b | ours");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aFailingTaskTakesTheOthersOfItsGroupAlong() {
    Outcome outcome =
        work.job(
                job(
                    "batch",
                    group(
                        "group",
                        NEVER,
                        task("a", "until [ -e /alloc/data/go ]; do sleep 0.05; done; exit 5"),
                        task(
                            "b",
                            "trap 'echo stopped; exit' TERM; touch /alloc/data/go;"
                                + " while :; do sleep 0.05; done"))))
            .run();
    assertThat(outcome.stderr())
        .contains("gaol: a: exit status 5")
        .contains("gaol: b: stopping, as a has failed");
    assertThat(lines(outcome)).containsExactly("b | stopped");
    assertThat(outcome.status()).isEqualTo(5);
  }

  @Test
  void aTaskThatSucceedsLetsTheOthersOfItsGroupRunOn() {
    Outcome outcome =
        work.job(
                job(
                    "batch",
                    group(
                        "group",
                        NEVER,
                        task("a", "touch /alloc/data/go"),
                        task(
                            "b",
                            "until [ -e /alloc/data/go ]; do sleep 0.05; done; sleep 1; echo on"))))
            .run();
    assertThat(lines(outcome)).containsExactly("b | on");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void theStatusIsThatOfTheTaskThatFailed() {
    Outcome outcome =
        work.job(
                job(
                    "batch",
                    group("one", NEVER, task("task", "exit 0"))
                        + group("two", NEVER, task("task", "exit 9"))))
            .run();
    assertThat(outcome.status()).isEqualTo(9);
  }
}
