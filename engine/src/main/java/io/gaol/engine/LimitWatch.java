package io.gaol.engine;

import io.gaol.jail.JailName;
import io.gaol.jail.RctlAction;
import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlSubject;
import io.gaol.jail.RctlUnit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks after the rules of a running task: what the kernel has no hook for, log and the signals, is
 * done by looking at the use each second; and that the kernel held a task to a limit is told. A
 * rule acts once each time the use goes over its amount, as rctl(8)'s do.
 */
final class LimitWatch {
  /** How often it looks. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /** What cannot be had in full, as memory in pieces, counts as reached so far below the limit. */
  private static final long HUNDREDTH = 100;

  /** An average over a second of what the kernel doles out stays a little below it. */
  private static final long TENTH = 10;

  /** A rate is held back for a moment now and then; the kernel counts at most ten in a second. */
  private static final long OFTEN = 5;

  /** And it is one and the same time at the limit until the average falls below this part. */
  private static final long HALF = 2;

  /** Who ended below this part of its time did not end for it. */
  private static final long QUARTER = 4;

  /** What a process may use in the time between two looks. */
  private static final Duration NEAR = INTERVAL.multipliedBy(2);

  private final JailName name;
  private final Host.Jail jail;
  private final TaskListener listener;
  private final List<Watched> rules;
  private final Set<RctlResource> resources = EnumSet.noneOf(RctlResource.class);
  private final CountDownLatch ended = new CountDownLatch(1);
  private Optional<ResourceUse> before = Optional.empty();
  private Optional<Thread> thread = Optional.empty();

  /**
   * A watch that does not look yet.
   *
   * @param fromStart whether nothing of the task was seen before: what the kernel has counted until
   *     the first look is news then
   */
  LimitWatch(
      JailName name,
      Host.Jail jail,
      List<WatchedRule> rules,
      boolean fromStart,
      TaskListener listener) {
    this.name = name;
    this.jail = jail;
    this.listener = listener;
    this.rules = rules.stream().map(rule -> new Watched(rule, fromStart ? 0 : -1)).toList();
    rules.forEach(rule -> resources.add(rule.rule().resource()));
  }

  /** Begins to look, if there is a rule. */
  void begin() {
    if (!rules.isEmpty()) {
      thread = Optional.of(Thread.ofVirtual().name("limits-" + name).start(this::run));
    }
  }

  private void run() {
    try {
      do {
        look();
      } while (!ended.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
      look();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks a last time, at what the kernel has counted, and ends. */
  void end() throws InterruptedException {
    ended.countDown();
    if (thread.isPresent()) {
      thread.get().join();
    }
  }

  /** Looks once, and does what the rules say. */
  void look() throws InterruptedException {
    Optional<ResourceUse> now = Optional.empty();
    try {
      now = jail.resourceUse(resources);
    } catch (IOException | RuntimeException unreadable) {
      // It is ending; or the next look tells more.
    }
    if (now.isEmpty()) {
      return;
    }
    ResourceUse use = now.get().since(before);
    before = now;
    for (Watched rule : rules) {
      rule.see(use);
    }
  }

  private void warn(String message) {
    listener.event(new TaskEvent(name, TaskEvent.Kind.WARNING, message));
  }

  private void tell(RctlRule rule, String how) {
    listener.event(
        new TaskEvent(
            name, TaskEvent.Kind.LIMIT, "rctl: rule \"" + rule.forJail(name) + "\" matched" + how));
  }

  /** A rule, and where its use stood at the last look. */
  private final class Watched {
    private final WatchedRule watched;
    private final RctlRule rule;
    private final RctlResource resource;

    /** How often the kernel had counted; -1 before the first look. */
    private long counted;

    private boolean counting;

    /** Of a rule of the jail: whether it acted, and on whom, while the use was over. */
    private boolean over;

    private Optional<ResourceUse.OfProcess> target = Optional.empty();

    /** Of a rule of each process: those that are over. */
    private List<ResourceUse.OfProcess> processesOver = List.of();

    /** Where the kernel ends processes: those of the look before. */
    private List<ResourceUse.OfProcess> processesBefore = List.of();

    Watched(WatchedRule watched, long counted) {
      this.watched = watched;
      this.rule = watched.rule();
      this.resource = rule.resource();
      this.counted = counted;
    }

    void see(ResourceUse use) throws InterruptedException {
      if (watched.per() == RctlSubject.PROCESS) {
        seeProcesses(use);
      } else if (watched.by() == WatchedRule.By.KERNEL && use.hits().containsKey(resource)) {
        seeCount(use);
      } else if (use.jail().containsKey(resource)) {
        seeJail(use);
      }
    }

    // ---- what the kernel counts

    private void seeCount(ResourceUse use) {
      long count = use.hits().get(resource);
      long least = counting || !ResourceUse.isRate(resource) ? 1 : OFTEN;
      boolean more = counted >= 0 && count - counted >= least;
      if (more && !counting) {
        tell(
            rule,
            ": "
                + (count - counted == 1 ? "once" : (count - counted) + " times")
                + " by the kernel's count"
                + Optional.ofNullable(use.jail().get(resource))
                    .map(used -> ", " + inUse(used) + " now")
                    .orElse(""));
      }
      counting = more;
      counted = count;
    }

    // ---- what is seen

    private void seeProcesses(ResourceUse use) throws InterruptedException {
      List<ResourceUse.OfProcess> now = new ArrayList<>();
      for (ResourceUse.OfProcess process : use.processes()) {
        Long used = process.used().get(resource);
        if (used != null && isOver(used)) {
          now.add(process);
          if (processesOver.stream().noneMatch(process::is)) {
            act(" by " + process + ": " + inUse(used), List.of(process));
          }
        }
      }
      if (watched.by() == WatchedRule.By.KERNEL && resource == RctlResource.CPUTIME) {
        seeEnded(use);
      }
      processesOver = now;
    }

    /** Whom the kernel ends at its time is not seen at the limit: it was near it, and is gone. */
    private void seeEnded(ResourceUse use) {
      long amount = Math.multiplyExact(rule.amount(), resource.unit().scale());
      for (ResourceUse.OfProcess process : processesBefore) {
        long used = process.used().getOrDefault(resource, 0L);
        if (use.processes().stream().noneMatch(process::is)
            && processesOver.stream().noneMatch(process::is)
            && used >= amount / QUARTER
            && used + NEAR.toSeconds() * resource.unit().scale() >= amount) {
          tell(rule, " by " + process + ", likely: it ended after " + inUse(used));
        }
      }
      processesBefore = use.processes();
    }

    private void seeJail(ResourceUse use) throws InterruptedException {
      long used = use.jail().get(resource);
      if (!isOver(used)) {
        over = false;
        return;
      }
      // Where the signal has ended a process and the use is still over, it is the next one's turn.
      boolean targetGone =
          target.isPresent() && use.processes().stream().noneMatch(target.get()::is);
      if (over && !targetGone) {
        return;
      }
      if (!rule.action().isSignal() || watched.by() == WatchedRule.By.KERNEL) {
        over = true;
        act(": " + inUse(used), List.of());
        return;
      }
      if (resource == RctlResource.WALLCLOCK) {
        over = true;
        signalAll(inUse(used));
        return;
      }
      List<ResourceUse.OfProcess> targets = targets(use);
      if (targets.isEmpty() && over) {
        return;
      }
      over = true;
      target = targets.stream().findFirst();
      act(": " + inUse(used), targets);
    }

    /** The time is up for each process alike; at one blow, as the first to go may end the jail. */
    private void signalAll(String used) throws InterruptedException {
      String signal = rule.action().name();
      try {
        boolean sent = jail.signal(signal);
        tell(rule, ": " + used + (sent ? "; " + signal + " sent to every process" : ""));
      } catch (IOException failure) {
        warn("cannot send " + signal + ": " + PlanRunner.reason(failure));
      }
    }

    /**
     * Whom a signal of the whole jail's is for: the process that uses most; the main process where
     * none is known to use more than another.
     */
    private List<ResourceUse.OfProcess> targets(ResourceUse use) {
      Comparator<ResourceUse.OfProcess> most =
          Comparator.comparingLong(process -> process.used().getOrDefault(resource, 0L));
      return use.processes().stream()
          .max(most.thenComparing(ResourceUse.OfProcess::main))
          .map(List::of)
          .orElse(List.of());
    }

    private boolean isOver(long used) {
      RctlUnit unit = resource.unit();
      long amount = Math.multiplyExact(rule.amount(), unit.scale());
      if (watched.by() == WatchedRule.By.WATCH) {
        return used > amount;
      }
      long below =
          ResourceUse.isRate(resource)
              ? amount / (over ? HALF : TENTH)
              : unit == RctlUnit.BYTES ? amount / HUNDREDTH : 0;
      return used > 0 && used >= amount - below;
    }

    private String inUse(long used) {
      RctlUnit unit = resource.unit();
      return switch (unit) {
            case SECONDS -> String.format(Locale.ROOT, "%.1f s", (double) used / unit.scale());
            case PERCENT -> unit.human(used) + " %";
            case BYTES_PER_SECOND, OPERATIONS_PER_SECOND -> unit.human(used) + "/s";
            case BYTES, COUNT -> unit.human(used);
          }
          + " used";
    }

    private void act(String how, List<ResourceUse.OfProcess> targets) throws InterruptedException {
      RctlAction action = rule.action();
      if (watched.by() == WatchedRule.By.KERNEL || !action.isSignal()) {
        tell(rule, how);
        return;
      }
      List<String> sent = new ArrayList<>();
      for (ResourceUse.OfProcess process : targets) {
        try {
          if (jail.signal(process, action.name())) {
            sent.add(process.toString());
          }
        } catch (IOException failure) {
          warn(
              "cannot send "
                  + action.name()
                  + " to "
                  + process
                  + ": "
                  + PlanRunner.reason(failure));
        }
      }
      tell(
          rule,
          how
              + (sent.isEmpty()
                  ? "; there is no process to send " + action.name() + " to"
                  : "; " + action.name() + " sent to " + String.join(", ", sent)));
    }
  }
}
