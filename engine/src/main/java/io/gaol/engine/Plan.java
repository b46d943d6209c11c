package io.gaol.engine;

import io.gaol.jail.JailName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Everything that will be done for a jail, before any of it is done. Made by a host's planner from
 * a {@link io.gaol.jail.JailSpec}, without touching anything.
 *
 * @param name the jail's
 * @param steps in order, until its first command runs
 * @param whenStarted what follows once every {@code exec.start} command has completed
 * @param prestop commands on the host before a stop
 * @param stop commands in the jail before a stop
 * @param killSignal then sent to every process of the jail
 * @param killTimeout how long they have to end after it; zero: no signal is sent. What is left is
 *     killed
 * @param notes what a person should know: where this host differs from what was asked
 * @param settings for a person to read, one in a line: what was asked for, and who asked for it
 * @param watched the rules of rctl(8) that are looked after while the task runs
 */
public record Plan(
    JailName name,
    List<Step> steps,
    List<Step> whenStarted,
    List<Command> prestop,
    List<Command> stop,
    String killSignal,
    Duration killTimeout,
    List<String> notes,
    List<String> settings,
    List<WatchedRule> watched) {
  /** A plan without rules to watch. */
  public Plan(
      JailName name,
      List<Step> steps,
      List<Step> whenStarted,
      List<Command> prestop,
      List<Command> stop,
      String killSignal,
      Duration killTimeout,
      List<String> notes,
      List<String> settings) {
    this(
        name,
        steps,
        whenStarted,
        prestop,
        stop,
        killSignal,
        killTimeout,
        notes,
        settings,
        List.of());
  }

  /** A plan of which nothing is to be said but its steps and notes. */
  public Plan(
      JailName name,
      List<Step> steps,
      List<Step> whenStarted,
      List<Command> prestop,
      List<Command> stop,
      String killSignal,
      Duration killTimeout,
      List<String> notes) {
    this(name, steps, whenStarted, prestop, stop, killSignal, killTimeout, notes, List.of());
  }

  /** Checks and copies. */
  public Plan {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(killSignal, "killSignal");
    Objects.requireNonNull(killTimeout, "killTimeout");
    steps = List.copyOf(steps);
    whenStarted = List.copyOf(whenStarted);
    prestop = List.copyOf(prestop);
    stop = List.copyOf(stop);
    notes = List.copyOf(notes);
    settings = List.copyOf(settings);
    watched = List.copyOf(watched);
  }
}
