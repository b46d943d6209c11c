package io.gaol.linux;

import io.gaol.engine.WatchedRule;
import io.gaol.jail.Bytes;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlAction;
import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlRules;
import io.gaol.jail.RctlSubject;
import io.gaol.linux.RctlOnLinux.Means;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a jail may use, as Linux can hold it: Nomad's resources and the rules of rctl(8) together.
 * Where they meet, the least holds.
 *
 * @param memory hard limit of the jail
 * @param swap beside it; empty is as {@link #memory} alone says: none where that is limited
 * @param cpuShares the weight against other tasks, as version 1 counts it
 * @param cpuPercent of one core
 * @param tasks most processes and threads, those that are ours in the jail included
 * @param rlimits by their names in setrlimit(2)
 * @param terminals most pseudo-terminals
 * @param sysctls of the jail's own IPC namespace
 * @param rates by what they limit: {@code READ_BYTES} and its like, in each second on each disk
 * @param watched the rules to look after while the task runs
 * @param notes where a limit differs from what was asked
 */
record JailLimits(
    Optional<Bytes> memory,
    Optional<Bytes> swap,
    OptionalLong cpuShares,
    OptionalLong cpuPercent,
    OptionalLong tasks,
    Map<String, Rlimit> rlimits,
    OptionalLong terminals,
    Map<String, String> sysctls,
    Map<Means.Group.Kind, Long> rates,
    List<WatchedRule> watched,
    List<String> notes) {
  /** The name in setrlimit(2) of the limit that {@code allow.mlock} is about. */
  static final String MEMLOCK = "RLIMIT_MEMLOCK";

  private static final String CPU_TIME = "RLIMIT_CPU";

  /** Nomad's MHz become shares, within what the kernel takes: cgroups(7). */
  private static final long LEAST_SHARES = 2;

  private static final long MOST_SHARES = 262_144;
  private static final long MOST_WEIGHT = 10_000;

  /** What the kernel takes for pids.max, more than which there never are: PID_MAX_LIMIT. */
  private static final long MOST_TASKS = 4_194_304;

  /** More than any machine has, and the kernel still multiplies. */
  private static final long MOST_BYTES = 1L << 62;

  /** NR_UNIX98_PTY_MAX. */
  private static final long MOST_TERMINALS = 1 << 20;

  /** Of message queues and shared memory segments: IPCMNI. */
  private static final long MOST_IPC_OBJECTS = 32_768;

  /** The kernel's own numbers in kernel.sem: SEMMSL, SEMMNS, SEMOPM, SEMMNI. */
  private static final List<Long> SEMAPHORES = List.of(32_000L, 1_024_000_000L, 500L, 32_000L);

  /** Without any of these no process would run. */
  private static final Set<RctlResource> INDISPENSABLE =
      EnumSet.of(
          RctlResource.DATASIZE,
          RctlResource.STACKSIZE,
          RctlResource.MEMORYUSE,
          RctlResource.MAXPROC,
          RctlResource.OPENFILES,
          RctlResource.VMEMORYUSE,
          RctlResource.NTHR,
          RctlResource.PCPU);

  JailLimits {
    rlimits = Map.copyOf(rlimits);
    sysctls = Map.copyOf(sysctls);
    rates = Map.copyOf(rates);
    watched = List.copyOf(watched);
    notes = List.copyOf(notes);
  }

  /**
   * A limit of each process.
   *
   * @param soft what counts; empty is none
   * @param hard up to which a process could raise it, and for RLIMIT_CPU what kills; empty is none
   */
  record Rlimit(OptionalLong soft, OptionalLong hard) {
    private Rlimit and(Rlimit other) {
      return new Rlimit(least(soft, other.soft), least(hard, other.hard));
    }
  }

  /**
   * The limits of a jail.
   *
   * @param problems gets what cannot be had
   */
  static Optional<JailLimits> of(JailSpec spec, LinuxFacts facts, List<String> problems) {
    int before = problems.size();
    Builder builder = new Builder(spec, facts, problems);
    JailLimits limits = builder.build();
    int cores = spec.resources().cores().stream().mapToInt(core -> core + 1).max().orElse(0);
    if (cores > facts.processors()) {
      problems.add(
          "cores = "
              + spec.resources().cores().size()
              + ", but this host has "
              + facts.processors()
              + " CPUs");
    }
    for (String controller : limits.controllers(spec, facts)) {
      if (facts.cgroups() instanceof CgroupLayout.Legacy legacy
          && !legacy.hierarchies().containsKey(controller)) {
        problems.add(
            "the limit needs the cgroup controller \"" + controller + "\", which is not mounted");
      }
      if (facts.cgroups() instanceof CgroupLayout.Unified
          && facts.limits().controllers().filter(has -> !has.contains(controller)).isPresent()) {
        problems.add(
            "the limit needs the cgroup controller \""
                + controller
                + "\", which this kernel does not offer");
      }
    }
    return problems.size() > before ? Optional.empty() : Optional.of(limits);
  }

  private List<String> controllers(JailSpec spec, LinuxFacts facts) {
    List<String> controllers = new ArrayList<>();
    if (memory.isPresent() || swap.isPresent()) {
      controllers.add("memory");
    }
    if (cpuShares.isPresent() || cpuPercent.isPresent()) {
      controllers.add("cpu");
    }
    if (!spec.resources().cores().isEmpty()) {
      controllers.add("cpuset");
    }
    if (tasks.isPresent()) {
      controllers.add("pids");
    }
    if (!rates.isEmpty()) {
      controllers.add(facts.cgroups() instanceof CgroupLayout.Unified ? "io" : "blkio");
    }
    return controllers;
  }

  /** The weight as version 2 counts it, converted as OCI runtimes do: 2 is 1, 262144 is 10000. */
  OptionalLong cpuWeight() {
    return cpuShares.isEmpty()
        ? cpuShares
        : OptionalLong.of(
            1
                + (cpuShares.getAsLong() - LEAST_SHARES)
                    * (MOST_WEIGHT - 1)
                    / (MOST_SHARES - LEAST_SHARES));
  }

  /** What memory and swap together may be; empty if that is not limited. */
  Optional<Bytes> memoryAndSwap() {
    return memory.map(bytes -> new Bytes(bytes.count() + swap.map(Bytes::count).orElse(0L)));
  }

  private static OptionalLong least(OptionalLong one, OptionalLong other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    return OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()));
  }

  /** The limits in the making. */
  private static final class Builder {
    private final JailSpec spec;
    private final LinuxFacts facts;
    private final List<String> problems;
    private final boolean unified;
    private final Map<Means.Group.Kind, Long> ofGroup = new EnumMap<>(Means.Group.Kind.class);
    private final Map<RctlResource, Long> ofIpc = new EnumMap<>(RctlResource.class);
    private final Map<String, Rlimit> rlimits = new TreeMap<>();
    private OptionalLong terminals = OptionalLong.empty();
    private final List<WatchedRule> watched = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();

    Builder(JailSpec spec, LinuxFacts facts, List<String> problems) {
      this.spec = spec;
      this.facts = facts;
      this.problems = problems;
      this.unified = facts.cgroups() instanceof CgroupLayout.Unified;
    }

    JailLimits build() {
      spec.resources().memory().ifPresent(bytes -> limit(Means.Group.Kind.MEMORY, bytes.count()));
      spec.resources().processes().ifPresent(most -> limit(Means.Group.Kind.TASKS, most));
      problems.addAll(RctlRules.problems(spec.rctlRules()));
      new LinkedHashSet<>(spec.rctlRules()).forEach(this::rule);
      requireMemoryForSwap();
      watched.removeIf(this::isOutdone);
      Map<Means.Group.Kind, Long> rates = new EnumMap<>(ofGroup);
      rates.keySet().removeIf(kind -> !isRate(kind));
      return new JailLimits(
          bytes(Means.Group.Kind.MEMORY),
          bytes(Means.Group.Kind.SWAP),
          shares(),
          cpuPercent(),
          amount(Means.Group.Kind.TASKS),
          rlimits,
          terminals,
          sysctls(),
          rates,
          watched,
          List.copyOf(notes));
    }

    private OptionalLong shares() {
      OptionalLong asked = spec.resources().cpuShares();
      return asked.isEmpty()
          ? asked
          : OptionalLong.of(Math.clamp(asked.getAsLong(), LEAST_SHARES, MOST_SHARES));
    }

    private OptionalLong amount(Means.Group.Kind kind) {
      Long amount = ofGroup.get(kind);
      return amount == null ? OptionalLong.empty() : OptionalLong.of(amount);
    }

    private Optional<Bytes> bytes(Means.Group.Kind kind) {
      return Optional.ofNullable(ofGroup.get(kind)).map(Bytes::new);
    }

    /** A ceiling above all CPUs is none. */
    private OptionalLong cpuPercent() {
      OptionalLong percent = amount(Means.Group.Kind.CPU);
      return percent.isPresent() && percent.getAsLong() >= 100L * facts.processors()
          ? OptionalLong.empty()
          : percent;
    }

    private static boolean isRate(Means.Group.Kind kind) {
      return switch (kind) {
        case READ_BYTES, WRITE_BYTES, READ_OPERATIONS, WRITE_OPERATIONS -> true;
        case MEMORY, SWAP, TASKS, CPU -> false;
      };
    }

    private void limit(Means.Group.Kind kind, long amount) {
      ofGroup.merge(kind, amount, Math::min);
    }

    // ---- rules

    private void refuse(RctlRule rule, String reason) {
      problems.add("the rctl rule \"" + rule + "\" cannot be had on Linux: " + reason);
    }

    private void rule(RctlRule rule) {
      if (rule.action() == RctlAction.DEVCTL) {
        refuse(rule, "there is no devd(8) to tell; use log, which is an event of the task");
      } else if (RctlOnLinux.ABSENT_SIGNALS.contains(rule.action())) {
        refuse(
            rule,
            "Linux has no "
                + rule.action().name()
                + "; use another signal, such as sigterm or sigusr1");
      } else if (rule.per() == RctlSubject.USER) {
        refuse(
            rule,
            "Linux counts a user's use on the whole host, and root's not at all; leave /user out,"
                + " for the whole jail");
      } else if (rule.per() == RctlSubject.LOGINCLASS) {
        refuse(rule, "Linux has no login classes; leave /loginclass out, for the whole jail");
      } else if (rule.action() == RctlAction.DENY || rule.action() == RctlAction.THROTTLE) {
        hold(rule);
      } else {
        watch(rule);
      }
    }

    private void hold(RctlRule rule) {
      RctlOnLinux.Entry entry = RctlOnLinux.of(rule.resource());
      if (rule.amount() == 0 && INDISPENSABLE.contains(rule.resource())) {
        refuse(rule, "no process would run with it; write at least 1");
        return;
      }
      RctlSubject per = rule.per();
      Means means =
          per == RctlSubject.PROCESS ? entry.process() : unified ? entry.jailV2() : entry.jailV1();
      if (means instanceof Means.EachProcessOnly) {
        if (rule.perGiven()) {
          refuse(
              rule,
              "Linux holds each process to it, not the jail as a whole; write "
                  + rule.toString().replaceFirst("/jail$", "/process")
                  + ", or leave /jail out");
          return;
        }
        notes.add(
            rule
                + ": Linux holds each process to it, not the jail as a whole, as if /process stood"
                + " there");
        per = RctlSubject.PROCESS;
        means = entry.process();
      }
      switch (means) {
        case Means.Rlimit(String type) -> rlimit(rule, type, OptionalLong.of(rule.amount()));
        case Means.Group(Means.Group.Kind kind, String w) -> group(rule, kind);
        case Means.Terminals _ ->
            terminals = least(terminals, OptionalLong.of(Math.min(rule.amount(), MOST_TERMINALS)));
        case Means.Sysctl _ -> ipc(rule);
        case Means.Refused(String reason) -> refuse(rule, reason);
        case Means.EachProcessOnly _, Means.NotInRctl _ ->
            throw new IllegalStateException("no such rule can be made: " + rule);
      }
      boolean seen = (per == RctlSubject.PROCESS ? entry.ofProcess() : entry.ofJail()).isPresent();
      if (seen) {
        watched.add(new WatchedRule(rule, per, WatchedRule.By.KERNEL));
      }
    }

    private void rlimit(RctlRule rule, String type, OptionalLong amount) {
      Long ours = facts.limits().hardLimits().get(type);
      if (ours != null && amount.getAsLong() > ours && !facts.limits().raisesLimits()) {
        refuse(
            rule,
            type
                + " of Gaol itself is "
                + ours
                + " at most, and raising it needs CAP_SYS_RESOURCE, which it lacks; raise the limit"
                + " of what starts it, or lower the amount");
        return;
      }
      rlimits.merge(type, new Rlimit(amount, amount), Rlimit::and);
    }

    private void group(RctlRule rule, Means.Group.Kind kind) {
      switch (kind) {
        case MEMORY -> {
          notes.add("memoryuse: deny kills what needs more; FreeBSD pages it out");
          limit(kind, Math.min(rule.amount(), MOST_BYTES));
        }
        case SWAP -> {
          if (!facts.swapLimits()) {
            refuse(
                rule,
                "this host does not account for swap (Linux with CONFIG_SWAP; version 1 of cgroups"
                    + " with swapaccount=1)");
          }
          limit(kind, Math.min(rule.amount(), MOST_BYTES / 2));
        }
        case TASKS -> {
          if (rule.resource() == RctlResource.MAXPROC) {
            notes.add(
                "maxproc: Linux counts threads too, so the limit is never looser, only tighter");
          }
          limit(kind, Math.min(rule.amount() + ownProcesses(), MOST_TASKS));
        }
        case CPU -> limit(kind, rule.amount());
        case READ_BYTES, WRITE_BYTES, READ_OPERATIONS, WRITE_OPERATIONS -> {
          disks(rule, kind);
          limit(kind, rule.amount());
        }
      }
    }

    /** The jail's init, and the shell that waits where there is no main process. */
    private long ownProcesses() {
      return spec.command().isEmpty() && facts.jail().shell() ? 2 : 1;
    }

    private void disks(RctlRule rule, Means.Group.Kind kind) {
      LimitFacts found = facts.limits();
      boolean writes =
          kind == Means.Group.Kind.WRITE_BYTES || kind == Means.Group.Kind.WRITE_OPERATIONS;
      if (!found.withoutDisk().isEmpty()) {
        refuse(
            rule,
            "Linux throttles disks by their numbers, and has none for "
                + String.join(", ", new TreeSet<>(found.withoutDisk()))
                + "; put it on a file system of a disk");
      } else if (found.disks().stream().noneMatch(disk -> disk.written() || !writes)) {
        refuse(
            rule,
            "Linux throttles disks, and all that the jail can "
                + (writes ? "write" : "read")
                + " is in memory; leave the rule out");
      }
    }

    private void requireMemoryForSwap() {
      boolean memory = ofGroup.containsKey(Means.Group.Kind.MEMORY);
      if (ofGroup.containsKey(Means.Group.Kind.SWAP) && !memory && !unified) {
        for (RctlRule rule : spec.rctlRules()) {
          if (rule.resource() == RctlResource.SWAPUSE && rule.action() == RctlAction.DENY) {
            refuse(
                rule,
                "version 1 of cgroups limits memory and swap together; set memory, or"
                    + " memoryuse:deny, too");
          }
        }
      }
    }

    // ---- System V

    private void ipc(RctlRule rule) {
      if (OciConfig.inheritsIpc(spec)) {
        refuse(
            rule,
            "the jail shares the host's System V objects, whose limits are the host's; give it its"
                + " own (sysvmsg, sysvsem and sysvshm = \"new\", ipc_mode = \"private\")");
        return;
      }
      if (rule.resource() == RctlResource.MSGQSIZE
          && spec.rctlRules().stream()
              .noneMatch(
                  other ->
                      other.resource() == RctlResource.NMSGQ
                          && other.action() == RctlAction.DENY)) {
        refuse(
            rule,
            "Linux limits the bytes of each queue, not of all together; add nmsgq:deny, among whose"
                + " queues they are divided");
        return;
      }
      ofIpc.merge(rule.resource(), rule.amount(), Math::min);
    }

    private Map<String, String> sysctls() {
      Map<String, String> sysctls = new TreeMap<>();
      ofIpc.forEach(
          (resource, amount) -> {
            switch (resource) {
              case NMSGQ -> sysctls.put("kernel.msgmni", atMost(amount, MOST_IPC_OBJECTS));
              case MSGQSIZE -> {
                long queues = ofIpc.getOrDefault(RctlResource.NMSGQ, 1L);
                sysctls.put(
                    "kernel.msgmnb", atMost(amount / Math.max(1, queues), Integer.MAX_VALUE));
                if (queues > 1) {
                  notes.add(
                      "msgqsize: Linux limits each queue, to "
                          + amount / queues
                          + " bytes: the amount divided by that of nmsgq");
                }
              }
              case NSEM, NSEMOP -> sysctls.put("kernel.sem", semaphores());
              case NSHM -> sysctls.put("kernel.shmmni", atMost(amount, MOST_IPC_OBJECTS));
              case SHMSIZE -> {
                sysctls.put("kernel.shmall", Long.toString(amount / facts.limits().pageSize()));
                sysctls.put("kernel.shmmax", Long.toString(amount));
              }
              default -> throw new IllegalStateException("no sysctl of " + resource.keyword());
            }
          });
      return sysctls;
    }

    private static String atMost(long amount, long most) {
      return Long.toString(Math.min(amount, most));
    }

    private String semaphores() {
      long all = ofIpc.getOrDefault(RctlResource.NSEM, SEMAPHORES.get(1));
      long inOneCall = ofIpc.getOrDefault(RctlResource.NSEMOP, SEMAPHORES.get(2));
      return SEMAPHORES.get(0)
          + "\t"
          + atMost(all, SEMAPHORES.get(1))
          + "\t"
          + atMost(inOneCall, Integer.MAX_VALUE)
          + "\t"
          + SEMAPHORES.get(3);
    }

    // ---- what is watched

    private void watch(RctlRule rule) {
      RctlOnLinux.Entry entry = RctlOnLinux.of(rule.resource());
      boolean process = rule.per() == RctlSubject.PROCESS;
      if ((process ? entry.ofProcess() : entry.ofJail()).isEmpty()) {
        refuse(
            rule,
            process && entry.ofJail().isPresent()
                ? "it does not tell each process's "
                    + rule.resource().meaning()
                    + "; leave /process out"
                : "it does not tell the use of " + rule.resource().meaning() + "; use deny");
        return;
      }
      boolean byKernel =
          process
              && rule.resource() == RctlResource.CPUTIME
              && (rule.action() == RctlAction.SIGXCPU || rule.action() == RctlAction.SIGKILL);
      if (byKernel) {
        // It takes 0 for 1.
        OptionalLong seconds = OptionalLong.of(Math.max(1, rule.amount()));
        OptionalLong own = ownHardLimit(CPU_TIME);
        rlimits.merge(
            CPU_TIME,
            rule.action() == RctlAction.SIGKILL
                ? new Rlimit(least(seconds, own), least(seconds, own))
                : new Rlimit(least(seconds, own), own),
            Rlimit::and);
      }
      watched.add(
          new WatchedRule(
              rule,
              process ? RctlSubject.PROCESS : RctlSubject.JAIL,
              byKernel ? WatchedRule.By.KERNEL : WatchedRule.By.WATCH));
    }

    private OptionalLong ownHardLimit(String type) {
      Long ours = facts.limits().hardLimits().get(type);
      return ours == null ? OptionalLong.empty() : OptionalLong.of(ours);
    }

    /** Whether the kernel holds the jail to less, so that this limit is never reached. */
    private boolean isOutdone(WatchedRule watch) {
      if (watch.by() != WatchedRule.By.KERNEL) {
        return false;
      }
      RctlRule rule = watch.rule();
      return switch (rule.resource()) {
        case MEMORYUSE -> {
          long limit = ofGroup.getOrDefault(Means.Group.Kind.MEMORY, Long.MAX_VALUE);
          if (limit < rule.amount()) {
            notes.add(rule + ": memory of the task's resources is less, and holds");
          }
          yield limit < rule.amount();
        }
        case MAXPROC, NTHR ->
            ofGroup.getOrDefault(Means.Group.Kind.TASKS, Long.MAX_VALUE)
                < Math.min(rule.amount() + ownProcesses(), MOST_TASKS);
        case PCPU -> cpuPercent().isEmpty();
        default -> false;
      };
    }
  }
}
