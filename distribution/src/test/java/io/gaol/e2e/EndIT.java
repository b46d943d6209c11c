package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a task ended is told, and is the exit status of gaol. */
@RequiresLinuxRoot
class EndIT {
  @RegisterExtension private final Workplace work = new Workplace();

  @Test
  void theExitStatusOfTheTaskIsTheExitStatusOfGaol() {
    Outcome outcome = work.job(JobText.script("exit 7")).run();
    assertThat(outcome.stderr().lines()).contains("gaol: task: exit status 7");
    assertThat(outcome.status()).isEqualTo(7);
  }

  @Test
  void theHighestExitStatusIsHandedOnToo() {
    Outcome outcome = work.job(JobText.script("exit 255")).run();
    assertThat(outcome.stderr().lines()).contains("gaol: task: exit status 255");
    assertThat(outcome.status()).isEqualTo(255);
  }

  @Test
  void aTaskThatIsKilledFromOutsideWasKilledByASignal() {
    GaolJob.Running running =
        work.job(JobText.jail("command = \"/bin/sleep\"\nargs = [\"600\"]")).start();
    running.awaitLine("gaol: task: started");
    kill(processOf("sleep"));
    Outcome outcome = running.await();
    assertThat(outcome.stderr().lines()).contains("gaol: task: killed by signal 9");
    assertThat(outcome.stderr()).doesNotContain("memory");
    assertThat(outcome.status()).isEqualTo(137);
  }

  @Test
  void aTaskThatKillsItselfWasKilledByThatSignal() {
    Outcome outcome = work.job(JobText.script("kill -s ABRT $$")).run();
    assertThat(outcome.stderr().lines()).contains("gaol: task: killed by signal 6");
    assertThat(outcome.status()).isEqualTo(134);
  }

  @Test
  void aTaskThatTakesMoreMemoryThanItHasIsKilledForMemory() {
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    """
                    resources { memory = 20 }
                    config {
                      command = "/usr/bin/perl"
                      args    = ["-e", "$x .= 'x' x 1048576 for 1..100; print length $x"]
                    }
                    """))
            .run();
    // On cgroups of version 1 the kernel's log decides, which is not readable everywhere.
    assertThat(outcome.stderr()).containsPattern("gaol: task: out of memory(:|, likely:) killed");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(137);
  }

  @Test
  void aTaskThatStaysWithinItsMemoryIsNotKilled() {
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    """
                    resources { memory = 100 }
                    config {
                      command = "/usr/bin/perl"
                      args    = ["-e", "$x .= 'x' x 1048576 for 1..30; print length $x"]
                    }
                    """))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | 31457280\n");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aTaskThatOnlyWritesMuchIsNotOutOfMemory() {
    // The kernel's cache of a file counts as the task's memory, up to the limit.
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    "resources { memory = 20 }\nconfig {\n"
                        + JobText.shell("dd if=/dev/zero of=/local/file bs=1M count=50; exit 3")
                        + "}"))
            .run();
    assertThat(outcome.stderr().lines()).contains("gaol: task: exit status 3");
    assertThat(outcome.status()).isEqualTo(3);
  }

  @Test
  void memoryMaxIsTheLimitWhereItIsGiven() {
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    """
                    resources {
                      memory     = 10
                      memory_max = 100
                    }
                    config {
                      command = "/usr/bin/perl"
                      args    = ["-e", "$x .= 'x' x 1048576 for 1..30; print length $x"]
                    }
                    """))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | 31457280\n");
    assertThat(outcome.status()).isZero();
  }

  /** The process of the host that runs this program in a jail of the workplace. */
  private long processOf(String program) {
    // A task has started before its shell has become the program.
    Workplace.await(program + " runs", () -> !processesOf(program).isEmpty());
    List<Long> found = processesOf(program);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private List<Long> processesOf(String program) {
    return work.processes().stream()
        .filter(pid -> Proc.status(pid, "Name").equals(program))
        .toList();
  }

  private static void kill(long process) {
    assertThat(
            Command.of(Path.of("/bin/kill"), "-s", "KILL", Long.toString(process)).run().status())
        .isZero();
  }
}
