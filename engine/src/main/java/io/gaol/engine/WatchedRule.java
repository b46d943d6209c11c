package io.gaol.engine;

import io.gaol.jail.JailName;
import io.gaol.jail.RctlAction;
import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlSubject;
import java.util.Objects;

/**
 * A rule of rctl(8) that is looked after while its task runs, each {@link LimitWatch#INTERVAL}.
 *
 * @param rule as it was asked for
 * @param per whose use is compared with the amount: each process's or the whole jail's. Where the
 *     rule does not say, the host's planner does
 * @param by who holds the task to it
 */
public record WatchedRule(RctlRule rule, RctlSubject per, By by) {
  /** Who does what a rule says. */
  public enum By {
    /** The kernel, at once: the watch only tells that the limit was reached. */
    KERNEL,
    /** The watch: it looks, and logs or sends the signal. */
    WATCH
  }

  /** Checks. */
  public WatchedRule {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(by, "by");
    if (per != RctlSubject.PROCESS && per != RctlSubject.JAIL) {
      throw new IllegalArgumentException("watched for each process or the jail, not " + per);
    }
    if (by == By.WATCH
        && (rule.action() == RctlAction.DENY || rule.action() == RctlAction.THROTTLE)) {
      throw new IllegalArgumentException("a watch cannot " + rule.action().keyword());
    }
  }

  /** What is done, in a line, for a person. */
  public String describe(JailName jail) {
    String what =
        by == By.KERNEL
            ? "held by the kernel; told when it is reached"
            : !rule.action().isSignal()
                ? "told"
                : rule.action().name()
                    + (per == RctlSubject.PROCESS
                        ? " to the process that is over it"
                        : rule.resource() == RctlResource.WALLCLOCK
                            ? " to every process"
                            : " to the process that uses most");
    return rule.forJail(jail)
        + ": "
        + what
        + (by == By.WATCH ? ", once for each time it is over" : "");
  }
}
