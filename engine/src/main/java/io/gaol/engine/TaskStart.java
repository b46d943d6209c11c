package io.gaol.engine;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.util.Optional;

/**
 * A start whose plan is being made: the name is this program's, and a supervisor comes up. Given up
 * by {@link #close} unless a plan was carried out. See {@link TaskEngine#begin}.
 */
public final class TaskStart implements AutoCloseable {
  private final TaskEngine engine;
  private final TaskDirectory directory;
  private final SupervisorLaunch launch;
  private boolean carriedOut;

  TaskStart(TaskEngine engine, TaskDirectory directory, SupervisorLaunch launch) {
    this.engine = engine;
    this.directory = directory;
    this.launch = launch;
  }

  /** The jail's name. */
  public JailName name() {
    return directory.name();
  }

  /**
   * Carries the plan out until the task's first command runs.
   *
   * @return the task; what fails from now on ends it
   * @throws IllegalArgumentException if the plan is for another name
   * @throws IllegalStateException if a plan was carried out before
   * @throws StepFailedException if a step failed. Everything is undone; the message says what could
   *     not be
   */
  public Task carryOut(Plan plan) throws StepFailedException, InterruptedException {
    if (!plan.name().equals(name())) {
      throw new IllegalArgumentException("a plan for " + plan.name() + ", not for " + name());
    }
    if (carriedOut) {
      throw new IllegalStateException("the start of " + name() + " had its plan");
    }
    carriedOut = true;
    return engine.start(directory, Optional.of(launch), plan);
  }

  /** Gives the start up, and its name, unless a plan was carried out. */
  @Override
  public void close() {
    if (carriedOut) {
      return;
    }
    launch.close();
    try {
      directory.delete();
    } catch (IOException failure) {
      // What is left has no ledger, and goes with the job's next removal.
    }
  }
}
