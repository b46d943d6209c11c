package io.gaol.jail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The rules of one jail together. */
public final class RctlRules {
  private RctlRules() {}

  /** What becomes of a task that uses more memory than Nomad gives it. */
  public enum OverMemory {
    /**
     * The process that goes over is killed, as Linux does: {@code memoryuse:sigkill}. The default.
     */
    KILLED,
    /**
     * The jail's memory is paged out until it fits; nothing fails, but all becomes slow: {@code
     * memoryuse:deny}, which on FreeBSD refuses no memory (seen on 12.2).
     */
    PAGED_OUT
  }

  /**
   * What is wrong with rules that are meant for one jail: two that deny the same, of which the
   * kernel keeps the later only. The same rule twice is one rule.
   */
  public static List<String> problems(List<RctlRule> rules) {
    if (rules.size() < 2) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    List<RctlRule> distinct = List.copyOf(new LinkedHashSet<>(rules));
    for (int later = 1; later < distinct.size(); later++) {
      for (RctlRule earlier : distinct.subList(0, later)) {
        if (excludes(earlier, distinct.get(later))) {
          problems.add(
              "the rules \""
                  + earlier
                  + "\" and \""
                  + distinct.get(later)
                  + "\" deny the same at different amounts: keep one");
        }
      }
    }
    return problems;
  }

  /** Whether the kernel forgets one when it gets the other: rctl_rule_add of kern_rctl.c. */
  private static boolean excludes(RctlRule one, RctlRule other) {
    return one.action() == RctlAction.DENY
        && other.action() == RctlAction.DENY
        && one.resource() == other.resource()
        && one.per() == other.per()
        && one.amount() != other.amount();
  }

  /**
   * What Nomad gives a task, as rules.
   *
   * <ul>
   *   <li>{@code memory_max}, or {@code memory} without it, is the hard limit: see {@link
   *       OverMemory}.
   *   <li>{@code memory} is the soft limit: going over it is logged and told to devd(8), and
   *       nothing more. The hard limit is logged too: this tells why the task was killed.
   *   <li>{@code processes} counts threads, as cgroups do: {@code nthr:deny}, which holds processes
   *       too, as each has a thread.
   *   <li>{@code cpu} is a share against others; a task may use what they leave idle. rctl(8) has
   *       no shares, only the ceiling {@code pcpu:deny}, which would take this away, so it becomes
   *       a rule only where the operator wants a ceiling.
   *   <li>{@code cores} is a set of CPUs, which cpuset(1) holds exactly. As {@code pcpu} is an
   *       estimate (more than 200 % were seen for one busy process just started), there is a
   *       ceiling for it only where the operator wants one.
   * </ul>
   *
   * @param overMemory the operator's choice
   * @param megahertzPerCore of this host, as Nomad counts {@code cpu}; empty if there is no ceiling
   *     on CPU
   */
  public static List<RctlRule> of(
      Resources resources, OverMemory overMemory, OptionalLong megahertzPerCore) {
    List<RctlRule> rules = new ArrayList<>();
    resources
        .memory()
        .ifPresent(
            hard -> {
              rules.add(
                  rule(
                      RctlResource.MEMORYUSE,
                      overMemory == OverMemory.KILLED ? RctlAction.SIGKILL : RctlAction.DENY,
                      hard.count()));
            });
    resources
        .memoryReservation()
        .or(resources::memory)
        .ifPresent(
            soft -> {
              rules.add(rule(RctlResource.MEMORYUSE, RctlAction.LOG, soft.count()));
              rules.add(rule(RctlResource.MEMORYUSE, RctlAction.DEVCTL, soft.count()));
            });
    resources
        .memory()
        .filter(hard -> !resources.memoryReservation().orElse(hard).equals(hard))
        .ifPresent(hard -> rules.add(rule(RctlResource.MEMORYUSE, RctlAction.LOG, hard.count())));
    resources
        .processes()
        .ifPresent(most -> rules.add(rule(RctlResource.NTHR, RctlAction.DENY, most)));
    if (megahertzPerCore.isPresent()) {
      percentOfOneCore(resources, megahertzPerCore.getAsLong())
          .ifPresent(percent -> rules.add(rule(RctlResource.PCPU, RctlAction.DENY, percent)));
    }
    return List.copyOf(rules);
  }

  private static OptionalLong percentOfOneCore(Resources resources, long megahertzPerCore) {
    if (megahertzPerCore < 1) {
      throw new IllegalArgumentException("a core has at least 1 MHz, not " + megahertzPerCore);
    }
    if (!resources.cores().isEmpty()) {
      return OptionalLong.of(100L * resources.cores().size());
    }
    if (resources.cpuShares().isEmpty()) {
      return OptionalLong.empty();
    }
    long hundredfold = Math.multiplyExact(100L, resources.cpuShares().getAsLong());
    return OptionalLong.of(Math.max(1, Math.ceilDiv(hundredfold, megahertzPerCore)));
  }

  private static RctlRule rule(RctlResource resource, RctlAction action, long amount) {
    return new RctlRule(resource, action, amount, RctlSubject.JAIL);
  }

  /**
   * Rules of two origins as one list: those of Nomad's resources, and those that the job asks for.
   * Where both deny the same, the lower amount holds, as it satisfies both.
   */
  public static List<RctlRule> together(List<RctlRule> ofResources, List<RctlRule> asked) {
    Set<RctlRule> all = new LinkedHashSet<>();
    for (RctlRule rule : ofResources) {
      if (lowerIn(asked, rule).isEmpty()) {
        all.add(rule);
      }
    }
    for (RctlRule rule : asked) {
      if (lowerIn(ofResources, rule).isEmpty()) {
        all.add(rule);
      }
    }
    return List.copyOf(all);
  }

  private static Optional<RctlRule> lowerIn(List<RctlRule> others, RctlRule rule) {
    return others.stream()
        .filter(other -> excludes(other, rule) && other.amount() < rule.amount())
        .findFirst();
  }
}
