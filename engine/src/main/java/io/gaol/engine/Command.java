package io.gaol.engine;

import io.gaol.jail.Environment;
import io.gaol.jail.HookCommand;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A program to run to its end: a hook of jail(8)'s, on the host or in the jail.
 *
 * @param name which one it is, such as {@code exec.prestart}
 * @param text as its author wrote it
 * @param arguments the argument vector
 * @param where on the host or in the jail
 * @param limit how long it may take: {@code exec.timeout}; empty is no limit
 * @param background whether nobody waits for it
 * @param environment its variables
 */
public record Command(
    String name,
    String text,
    List<String> arguments,
    Where where,
    Optional<Duration> limit,
    boolean background,
    Environment environment) {

  /** Where a command runs. */
  public enum Where {
    /** In the host's own environment. */
    HOST,
    /** In the jail. */
    JAIL
  }

  /** Checks and copies. */
  public Command {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(where, "where");
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(environment, "environment");
    arguments = List.copyOf(arguments);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException(name + ": a command may not be empty");
    }
  }

  /** The command of a hook. */
  public static Command of(
      String name,
      HookCommand hook,
      Where where,
      Optional<Duration> limit,
      Environment environment) {
    return new Command(
        name, hook.text(), hook.arguments(), where, limit, hook.background(), environment);
  }

  /** The same with another limit. */
  Command within(Duration time) {
    return new Command(name, text, arguments, where, Optional.of(time), background, environment);
  }
}
