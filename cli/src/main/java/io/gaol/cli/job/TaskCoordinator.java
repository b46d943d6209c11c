package io.gaol.cli.job;

import io.gaol.cli.job.Job.Lifecycle.Hook;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Decides which tasks of an allocation may start, and when those that run must end: Nomad's rules
 * (client/allocrunner/tasklifecycle). A pure value: what happened goes in, what may happen comes
 * out. Tasks are known by their number in the group.
 *
 * @param stages what each task is
 * @param leader which task leads, if any does
 * @param phase how far the allocation is
 */
record TaskCoordinator(List<Stage> stages, OptionalInt leader, Phase phase) {
  TaskCoordinator {
    stages = List.copyOf(stages);
  }

  /** What a task is to the others. */
  enum Stage {
    /** Runs to its end before the main tasks. */
    PRESTART,
    /** Starts before the main tasks, and runs beside them. */
    PRESTART_SIDECAR,
    MAIN,
    /** Runs once the main tasks do. */
    POSTSTART,
    /** Starts once the main tasks run, and runs beside them. */
    POSTSTART_SIDECAR,
    /** Runs when all others are dead. */
    POSTSTOP;

    /** The stage of a task. */
    static Stage of(Job.TaskSpec task) {
      if (task.lifecycle().isEmpty()) {
        return MAIN;
      }
      boolean sidecar = task.lifecycle().get().sidecar();
      return switch (task.lifecycle().get().hook()) {
        case PRESTART -> sidecar ? PRESTART_SIDECAR : PRESTART;
        case POSTSTART -> sidecar ? POSTSTART_SIDECAR : POSTSTART;
        case POSTSTOP -> POSTSTOP;
      };
    }

    /** Whether a task of this stage ends with the main tasks. */
    boolean isSidecar() {
      return this == PRESTART_SIDECAR || this == POSTSTART_SIDECAR;
    }
  }

  /** How far an allocation is; each phase lets some stages run. */
  enum Phase {
    PRESTART,
    MAIN,
    POSTSTART,
    /** All that had to start has; it lasts until all but the poststop tasks are dead. */
    RUNNING,
    POSTSTOP;

    /** Whether tasks of a stage may start in it. */
    boolean allows(Stage stage) {
      return switch (this) {
        case PRESTART -> stage == Stage.PRESTART || stage == Stage.PRESTART_SIDECAR;
        case MAIN -> stage == Stage.PRESTART_SIDECAR || stage == Stage.MAIN;
        case POSTSTART -> stage != Stage.PRESTART && stage != Stage.POSTSTOP;
        case RUNNING -> stage == Stage.MAIN || stage.isSidecar();
        case POSTSTOP -> stage == Stage.POSTSTOP;
      };
    }
  }

  /** How a task is. */
  enum State {
    /** It has not started, or waits for its next start. */
    PENDING,
    RUNNING,
    /** It ended, and will not start again. */
    DEAD,
    /** It failed for good. */
    FAILED;

    boolean isDead() {
      return this == DEAD || this == FAILED;
    }
  }

  /** Why all tasks but the poststop ones must end. */
  sealed interface Ending {
    /** A task failed for good. */
    record SiblingFailed(int task) implements Ending {}

    /** The leader ended. */
    record LeaderDead(int task) implements Ending {}

    /** Only sidecars are left. */
    record MainDead() implements Ending {}
  }

  /** The coordinator of a group whose tasks have not started. */
  static TaskCoordinator of(List<Job.TaskSpec> tasks) {
    List<Stage> stages = tasks.stream().map(Stage::of).toList();
    OptionalInt leader =
        IntStream.range(0, tasks.size()).filter(number -> tasks.get(number).leader()).findFirst();
    return new TaskCoordinator(stages, leader, Phase.PRESTART)
        .after(stages.stream().map(stage -> State.PENDING).toList());
  }

  /** Whether a task may start now. */
  boolean allows(int task) {
    return phase.allows(stages.get(task));
  }

  /**
   * The coordinator when the tasks are so. It goes through as many phases as it can.
   *
   * @param states of all tasks, by number
   */
  TaskCoordinator after(List<State> states) {
    Phase reached = phase;
    for (Phase next = next(reached, states); next != reached; next = next(reached, states)) {
      reached = next;
    }
    return new TaskCoordinator(stages, leader, reached);
  }

  private Phase next(Phase from, List<State> states) {
    if (all(states, stage -> stage != Stage.POSTSTOP, State::isDead)) {
      return Phase.POSTSTOP;
    }
    return switch (from) {
      case PRESTART ->
          all(states, stage -> stage == Stage.PRESTART, state -> state == State.DEAD)
                  && all(
                      states,
                      stage -> stage == Stage.PRESTART_SIDECAR,
                      state -> state == State.RUNNING)
              ? Phase.MAIN
              : from;
      case MAIN ->
          all(states, stage -> stage == Stage.MAIN, state -> state != State.PENDING)
              ? Phase.POSTSTART
              : from;
      case POSTSTART ->
          all(states, stage -> stage == Stage.POSTSTART, State::isDead) ? Phase.RUNNING : from;
      case RUNNING, POSTSTOP -> from;
    };
  }

  private boolean all(List<State> states, Predicate<Stage> which, Predicate<State> are) {
    return IntStream.range(0, states.size())
        .filter(number -> which.test(stages.get(number)))
        .allMatch(number -> are.test(states.get(number)));
  }

  /**
   * Whether what is left must end, and why. A leader's end goes before a failure.
   *
   * @param states of all tasks, by number
   */
  Optional<Ending> ending(List<State> states) {
    List<Integer> ordinary =
        IntStream.range(0, states.size())
            .filter(number -> stages.get(number) != Stage.POSTSTOP)
            .boxed()
            .toList();
    List<Integer> live = ordinary.stream().filter(number -> !states.get(number).isDead()).toList();
    if (live.isEmpty()) {
      return Optional.empty();
    }
    if (leader.isPresent() && states.get(leader.getAsInt()) == State.DEAD) {
      return Optional.of(new Ending.LeaderDead(leader.getAsInt()));
    }
    Optional<Integer> failed =
        ordinary.stream().filter(number -> states.get(number) == State.FAILED).findFirst();
    if (failed.isPresent()) {
      return Optional.of(new Ending.SiblingFailed(failed.get()));
    }
    return live.stream().allMatch(number -> stages.get(number).isSidecar())
        ? Optional.of(new Ending.MainDead())
        : Optional.empty();
  }

  /**
   * Which tasks are to be ended one set after the other: the leader, then the others, then the
   * sidecars. Those of a set end side by side; poststop tasks are not ended.
   */
  List<List<Integer>> endingOrder() {
    Predicate<Integer> leads = number -> leader.isPresent() && leader.getAsInt() == number;
    List<Integer> ordinary =
        IntStream.range(0, stages.size())
            .filter(number -> stages.get(number) != Stage.POSTSTOP)
            .boxed()
            .toList();
    return List.of(
        ordinary.stream().filter(leads).toList(),
        ordinary.stream()
            .filter(leads.negate())
            .filter(number -> !stages.get(number).isSidecar())
            .toList(),
        ordinary.stream()
            .filter(leads.negate())
            .filter(number -> stages.get(number).isSidecar())
            .toList());
  }

  /**
   * Whether a task that ended with status 0 is to be started again.
   *
   * @param batch whether the job's tasks have an end
   */
  static boolean restartsOnSuccess(Job.TaskSpec task, boolean batch) {
    return task.lifecycle()
        .map(lifecycle -> lifecycle.hook() != Hook.POSTSTOP && lifecycle.sidecar())
        .orElse(!batch);
  }
}
