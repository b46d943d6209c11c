package io.gaol.cli.job;

import static io.gaol.cli.job.TaskCoordinator.State.DEAD;
import static io.gaol.cli.job.TaskCoordinator.State.FAILED;
import static io.gaol.cli.job.TaskCoordinator.State.PENDING;
import static io.gaol.cli.job.TaskCoordinator.State.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.job.TaskCoordinator.Ending;
import io.gaol.cli.job.TaskCoordinator.Phase;
import io.gaol.cli.job.TaskCoordinator.Stage;
import io.gaol.cli.job.TaskCoordinator.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tasks of an allocation may start, and when they must end. */
class TaskCoordinatorTest {
  private static TaskCoordinator of(Stage... stages) {
    return new TaskCoordinator(List.of(stages), OptionalInt.empty(), Phase.PRESTART)
        .after(Collections.nCopies(stages.length, PENDING));
  }

  private static TaskCoordinator led(int leader, Stage... stages) {
    return new TaskCoordinator(List.of(stages), OptionalInt.of(leader), Phase.PRESTART)
        .after(Collections.nCopies(stages.length, PENDING));
  }

  private static List<Integer> allowed(TaskCoordinator coordinator) {
    return IntStream.range(0, coordinator.stages().size())
        .filter(coordinator::allows)
        .boxed()
        .toList();
  }

  // ---- what may start

  @Test
  void mainTasksStartAtOnceWhereNothingGoesBefore() {
    assertThat(allowed(of(Stage.MAIN, Stage.MAIN))).containsExactly(0, 1);
  }

  @Test
  void prestartTasksAndTheirSidecarsStartFirstAndTogether() {
    assertThat(
            allowed(
                of(
                    Stage.MAIN,
                    Stage.PRESTART,
                    Stage.PRESTART_SIDECAR,
                    Stage.POSTSTART,
                    Stage.POSTSTOP)))
        .containsExactly(1, 2);
  }

  @Test
  void mainTasksWaitUntilEveryPrestartTaskHasSucceededAndEverySidecarRuns() {
    TaskCoordinator start = of(Stage.MAIN, Stage.PRESTART, Stage.PRESTART, Stage.PRESTART_SIDECAR);

    assertThat(start.after(List.of(PENDING, DEAD, RUNNING, RUNNING)).allows(0)).isFalse();
    assertThat(start.after(List.of(PENDING, DEAD, DEAD, PENDING)).allows(0)).isFalse();
    assertThat(start.after(List.of(PENDING, DEAD, FAILED, RUNNING)).allows(0)).isFalse();
    assertThat(start.after(List.of(PENDING, DEAD, DEAD, RUNNING)).allows(0)).isTrue();
  }

  @Test
  void aPrestartTaskThatWaitsForItsNextStartHoldsTheMainTasksBack() {
    assertThat(of(Stage.MAIN, Stage.PRESTART).after(List.of(PENDING, PENDING)).allows(0)).isFalse();
  }

  @Test
  void poststartTasksWaitUntilEveryMainTaskHasStarted() {
    TaskCoordinator start = of(Stage.MAIN, Stage.MAIN, Stage.POSTSTART, Stage.POSTSTART_SIDECAR);

    assertThat(allowed(start.after(List.of(RUNNING, PENDING, PENDING, PENDING))))
        .containsExactly(0, 1);
    assertThat(allowed(start.after(List.of(RUNNING, RUNNING, PENDING, PENDING))))
        .containsExactly(0, 1, 2, 3);
  }

  @Test
  void poststartTasksRunAlsoWhenTheMainTasksWereQuick() {
    assertThat(of(Stage.MAIN, Stage.POSTSTART).after(List.of(DEAD, PENDING)).allows(1)).isTrue();
  }

  @Test
  void whatHasStartedMayStartAgainWhenItsPhaseIsOver() {
    TaskCoordinator running =
        of(Stage.MAIN, Stage.PRESTART_SIDECAR)
            .after(List.of(PENDING, RUNNING))
            .after(List.of(RUNNING, RUNNING));

    assertThat(running.phase()).isEqualTo(Phase.RUNNING);
    assertThat(allowed(running.after(List.of(RUNNING, PENDING)))).containsExactly(0, 1);
    assertThat(allowed(running.after(List.of(PENDING, RUNNING)))).containsExactly(0, 1);
  }

  @Test
  void poststopTasksWaitUntilAllOthersAreDeadHoweverTheyEnded() {
    TaskCoordinator start = of(Stage.MAIN, Stage.PRESTART_SIDECAR, Stage.POSTSTOP);

    assertThat(start.after(List.of(DEAD, RUNNING, PENDING)).allows(2)).isFalse();
    assertThat(allowed(start.after(List.of(FAILED, DEAD, PENDING)))).containsExactly(2);
  }

  @Test
  void poststopTasksRunAlsoWhenAPrestartTaskFailedAndNothingElseStarted() {
    assertThat(
            allowed(
                of(Stage.MAIN, Stage.PRESTART, Stage.POSTSTOP)
                    .after(List.of(DEAD, FAILED, PENDING))))
        .containsExactly(2);
  }

  // ---- what must end

  @Test
  void nothingEndsWhileAMainTaskRuns() {
    assertThat(
            of(Stage.MAIN, Stage.MAIN, Stage.PRESTART_SIDECAR)
                .ending(List.of(DEAD, RUNNING, RUNNING)))
        .isEmpty();
  }

  @Test
  void sidecarsEndWhenOnlySidecarsAreLeft() {
    assertThat(
            of(Stage.MAIN, Stage.PRESTART_SIDECAR, Stage.POSTSTART_SIDECAR, Stage.POSTSTOP)
                .ending(List.of(DEAD, RUNNING, PENDING, PENDING)))
        .contains(new Ending.MainDead());
  }

  @Test
  void sidecarsStayWhileAPoststartTaskIsToRun() {
    assertThat(
            of(Stage.MAIN, Stage.PRESTART_SIDECAR, Stage.POSTSTART)
                .ending(List.of(DEAD, RUNNING, PENDING)))
        .isEmpty();
  }

  @Test
  void aTaskThatFailsTakesTheOthersAlong() {
    assertThat(of(Stage.MAIN, Stage.PRESTART).ending(List.of(PENDING, FAILED)))
        .contains(new Ending.SiblingFailed(1));
  }

  @Test
  void aPoststopTaskThatFailsTakesNobodyAlong() {
    assertThat(
            of(Stage.MAIN, Stage.POSTSTOP, Stage.POSTSTOP).ending(List.of(DEAD, FAILED, RUNNING)))
        .isEmpty();
  }

  @Test
  void theOthersEndWithTheirLeaderAlsoWhenItSucceeded() {
    TaskCoordinator coordinator = led(1, Stage.MAIN, Stage.MAIN);

    assertThat(coordinator.ending(List.of(DEAD, RUNNING))).isEmpty();
    assertThat(coordinator.ending(List.of(RUNNING, DEAD))).contains(new Ending.LeaderDead(1));
    assertThat(coordinator.ending(List.of(RUNNING, FAILED))).contains(new Ending.SiblingFailed(1));
  }

  @Test
  void nothingIsToEndWhenAllAreDead() {
    assertThat(led(0, Stage.MAIN, Stage.MAIN).ending(List.of(FAILED, DEAD))).isEmpty();
  }

  @Test
  void theLeaderEndsFirstAndSidecarsLastAndPoststopTasksAreNotEnded() {
    assertThat(
            led(2, Stage.PRESTART_SIDECAR, Stage.MAIN, Stage.MAIN, Stage.POSTSTART, Stage.POSTSTOP)
                .endingOrder())
        .containsExactly(List.of(2), List.of(1, 3), List.of(0));
  }

  // ---- whatever happens

  /** A random allocation is driven by random events until it has come to its end. */
  @Test
  void everyAllocationComesToItsEndAndItsTasksRunInOrder() {
    for (int seed = 0; seed < 2000; seed++) {
      new Simulation(new Random(seed)).run();
    }
  }

  private static final class Simulation {
    private static final List<Stage> STAGES = List.of(Stage.values());

    private final Random random;
    private final List<State> states = new ArrayList<>();
    private TaskCoordinator coordinator;

    Simulation(Random random) {
      this.random = random;
      List<Stage> stages = new ArrayList<>(List.of(Stage.MAIN));
      int more = random.nextInt(6);
      for (int i = 0; i < more; i++) {
        stages.add(STAGES.get(random.nextInt(STAGES.size())));
      }
      stages.forEach(stage -> states.add(PENDING));
      OptionalInt leader = random.nextInt(3) == 0 ? OptionalInt.of(0) : OptionalInt.empty();
      coordinator = new TaskCoordinator(stages, leader, Phase.PRESTART).after(states);
    }

    void run() {
      for (int step = 0; !states.stream().allMatch(State::isDead); step++) {
        assertThat(step).as("steps of %s, now %s", coordinator, states).isLessThan(1000);
        if (coordinator.ending(states).isPresent() && random.nextInt(4) == 0) {
          coordinator.endingOrder().forEach(set -> set.forEach(this::end));
        } else {
          advance(random.nextInt(states.size()));
        }
      }
      assertThat(coordinator.phase()).isEqualTo(Phase.POSTSTOP);
    }

    private void end(int task) {
      if (!states.get(task).isDead()) {
        become(task, DEAD);
      }
    }

    private void advance(int task) {
      Stage stage = coordinator.stages().get(task);
      switch (states.get(task)) {
        case PENDING -> {
          if (coordinator.allows(task)) {
            checkOrder(stage);
            become(task, RUNNING);
          }
        }
        case RUNNING -> {
          int fate = random.nextInt(10);
          become(task, fate == 0 ? FAILED : fate < 3 || stage.isSidecar() ? PENDING : DEAD);
        }
        case DEAD, FAILED -> {
          // It stays so.
        }
      }
    }

    private void checkOrder(Stage starting) {
      for (int other = 0; other < states.size(); other++) {
        State state = states.get(other);
        switch (coordinator.stages().get(other)) {
          case PRESTART -> {
            if (starting == Stage.MAIN) {
              assertThat(state).isEqualTo(DEAD);
            }
          }
          case MAIN, PRESTART_SIDECAR -> {
            if (starting == Stage.POSTSTOP) {
              assertThat(state.isDead()).isTrue();
            }
          }
          default -> {
            // Nothing waits for it.
          }
        }
      }
    }

    private void become(int task, State state) {
      states.set(task, state);
      coordinator = coordinator.after(states);
    }
  }
}
