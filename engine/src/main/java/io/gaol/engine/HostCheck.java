package io.gaol.engine;

import java.util.List;
import java.util.Objects;

/**
 * One thing that was looked at on a host.
 *
 * @param what was looked at: {@code crun}, {@code devfs rulesets}
 * @param state whether it is as it should be
 * @param found how it is; where it is missing, the reason why no jail can be made
 * @param fix what to do about it: a command, or a line of a file; empty if nothing is to be done
 */
public record HostCheck(String what, State state, String found, String fix) {
  /** Whether something is as it should be. */
  public enum State {
    /** It is. */
    OK,
    /** It is not, and jails can be made without it. */
    WARNING,
    /** It is not, and no jail can be made. */
    MISSING
  }

  /** Checks. */
  public HostCheck {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(fix, "fix");
  }

  /** As it should be. */
  public static HostCheck ok(String what, String found) {
    return new HostCheck(what, State.OK, found, "");
  }

  /** Not as it should be; jails can be made all the same. */
  public static HostCheck warning(String what, String found, String fix) {
    return new HostCheck(what, State.WARNING, found, fix);
  }

  /** Without it no jail can be made. */
  public static HostCheck missing(String what, String found, String fix) {
    return new HostCheck(what, State.MISSING, found, fix);
  }

  /** What keeps a host from making jails, and what to do about each. */
  public static List<String> problems(List<HostCheck> checks) {
    return checks.stream()
        .filter(check -> check.state() == State.MISSING)
        .map(check -> check.found() + (check.fix().isEmpty() ? "" : ": " + check.fix()))
        .toList();
  }
}
