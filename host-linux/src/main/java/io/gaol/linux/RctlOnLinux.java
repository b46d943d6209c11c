package io.gaol.linux;

import io.gaol.jail.RctlAction;
import io.gaol.jail.RctlResource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Linux makes of rctl(8): one table of its 25 resources. What can be held to an amount, what
 * is refused and why, what is measured, and what a person reads of all that, is taken from it.
 */
public final class RctlOnLinux {
  /** Signals of FreeBSD that Linux has not. */
  static final Set<RctlAction> ABSENT_SIGNALS =
      EnumSet.of(RctlAction.SIGEMT, RctlAction.SIGINFO, RctlAction.SIGTHR);

  private static final String RATE = "a rate over 1 s";

  private RctlOnLinux() {}

  /**
   * A row of the table, as text.
   *
   * @param resource rctl(8)'s name
   * @param perProcess by what {@code deny} or {@code throttle} holds each process
   * @param perJailV2 by what they hold the jail where control groups are of version 2
   * @param perJailV1 the same of version 1
   * @param measured what {@code log} and the signals, and {@code gaol usage}, take the use from
   * @param difference what is not as with rctl(8)
   */
  public record Row(
      String resource,
      String perProcess,
      String perJailV2,
      String perJailV1,
      String measured,
      String difference) {}

  /** The table, in the order of {@code rctl -u}. */
  public static List<Row> rows() {
    return Arrays.stream(RctlResource.values())
        .map(RctlOnLinux::of)
        .map(
            entry ->
                new Row(
                    entry.resource.keyword(),
                    entry.process.words(),
                    entry.jailV2.words(),
                    entry.jailV1.words(),
                    entry.measured(),
                    entry.difference))
        .toList();
  }

  /** What is the same for all resources: a line each. */
  public static List<String> general() {
    return List.of(
        "deny and throttle are the kernel's work, at once. log and the signals are Gaol's: it looks"
            + " every second, and a rule acts once each time the use has gone over its amount.",
        "A signal of a rule for the jail goes to the process that uses most, of wallclock to all, and"
            + " where Linux does not count for each process to the main process; with rctl(8) to the"
            + " process that went over. But for wallclock it never goes to the jail's own shell, nor"
            + " ever to its init. sigtstp, sigttin and sigttou stay blocked in the main process, by"
            + " that init, until it unblocks them.",
        "A rule for what Linux can hold for each process only is applied so where it does not say"
            + " /jail, with a note; /jail is refused.",
        "/user and /loginclass, devctl (there is no devd(8): use log), sigemt, siginfo and sigthr"
            + " (Linux has no such signals) are refused.",
        "That a limit was reached is an event of the task: of memoryuse, swapuse, maxproc, nthr and"
            + " pcpu by the kernel's own count, otherwise where the use is seen at the limit (memory"
            + " from 99 % on, a rate from 90 % on). A refused mmap(2) that would have gone far over"
            + " leaves no trace.");
  }

  // ---- the table's entries

  /** By what Linux holds something to an amount. */
  sealed interface Means {
    /** For a person. */
    String words();

    /** A limit of each process: setrlimit(2). */
    record Rlimit(String type) implements Means {
      @Override
      public String words() {
        return type;
      }
    }

    /** A limit of the control group. */
    record Group(Kind kind, String words) implements Means {
      /** What of it. */
      enum Kind {
        MEMORY,
        SWAP,
        /** Processes and threads. */
        TASKS,
        CPU,
        READ_BYTES,
        WRITE_BYTES,
        READ_OPERATIONS,
        WRITE_OPERATIONS
      }
    }

    /** A mount option of the jail's own devpts. */
    record Terminals() implements Means {
      @Override
      public String words() {
        return "devpts max=";
      }
    }

    /** A sysctl(8) of the jail's own IPC namespace. */
    record Sysctl(String words) implements Means {}

    /**
     * Of the jail nothing, but of each process: only where the rule does not insist on the jail.
     */
    record EachProcessOnly() implements Means {
      @Override
      public String words() {
        return "each process alone; /jail is refused";
      }
    }

    /** rctl(8) itself has no such rule. */
    record NotInRctl() implements Means {
      @Override
      public String words() {
        return "rctl(8) has none";
      }
    }

    /** Refused. */
    record Refused(String reason) implements Means {
      @Override
      public String words() {
        return "refused: " + reason;
      }
    }
  }

  /**
   * A resource on Linux.
   *
   * @param process what holds each process
   * @param jailV2 what holds the jail, version 2
   * @param jailV1 what holds the jail, version 1
   * @param ofJail what the jail's use is read from; empty if Linux does not tell
   * @param ofProcess what the use of each process is read from; empty if Linux does not tell
   * @param difference to rctl(8)
   */
  record Entry(
      RctlResource resource,
      Means process,
      Means jailV2,
      Means jailV1,
      Optional<String> ofJail,
      Optional<String> ofProcess,
      String difference) {
    private String measured() {
      if (ofJail.isEmpty() && ofProcess.isEmpty()) {
        return "not told: log and signals are refused";
      }
      return ofJail.orElse("-")
          + ofProcess.map(text -> "; each process: " + text).orElse("; not for each process");
    }
  }

  private static final Map<RctlResource, Entry> TABLE = new EnumMap<>(RctlResource.class);

  /** What Linux makes of a resource. */
  static Entry of(RctlResource resource) {
    return TABLE.get(resource);
  }

  private static void row(
      RctlResource resource,
      Means process,
      Means jailV2,
      Means jailV1,
      String ofJail,
      String ofProcess,
      String difference) {
    TABLE.put(
        resource,
        new Entry(
            resource,
            process,
            jailV2,
            jailV1,
            Optional.of(ofJail).filter(text -> !text.isEmpty()),
            Optional.of(ofProcess).filter(text -> !text.isEmpty()),
            difference));
  }

  /** A resource of which each process has a limit, and the jail none. */
  private static void rlimitRow(
      RctlResource resource, String type, String ofProcess, String difference) {
    Means only = new Means.EachProcessOnly();
    row(
        resource,
        new Means.Rlimit(type),
        only,
        only,
        ofProcess.isEmpty() ? "" : "the sum of the processes'",
        ofProcess,
        difference);
  }

  /** A resource of the jail's IPC namespace or terminals, which both versions hold alike. */
  private static void namespaceRow(
      RctlResource resource, Means jail, String ofJail, String difference) {
    row(resource, new Means.NotInRctl(), jail, jail, ofJail, "", difference);
  }

  private static void ioRow(
      RctlResource resource, Means.Group.Kind kind, String v2, String v1, String ofProcess) {
    row(
        resource,
        new Means.Refused("Linux throttles control groups, not processes: leave /process out"),
        new Means.Group(kind, "io.max " + v2),
        new Means.Group(kind, "blkio.throttle." + v1),
        "io.stat, or blkio.throttle."
            + (v1.contains("bps") ? "io_service_bytes" : "io_serviced")
            + ", "
            + RATE,
        ofProcess,
        "Linux counts what reaches the disk, rctl(8) what programs ask of file systems: reads from"
            + " the cache and writes that are not synced go free. The disks are those of Path and of"
            + " what is mounted in it");
  }

  static {
    Means notInRctl = new Means.NotInRctl();
    row(
        RctlResource.CPUTIME,
        new Means.Rlimit("RLIMIT_CPU"),
        notInRctl,
        notInRctl,
        "cpu.stat usage_usec, or cpuacct.usage",
        "/proc/PID/stat",
        "with /process, sigxcpu and sigkill come from the kernel at once, sigxcpu then each second"
            + " again");
    rlimitRow(
        RctlResource.DATASIZE,
        "RLIMIT_DATA",
        "/proc/PID/status VmData",
        "Linux counts all private writable memory, mapped too");
    rlimitRow(
        RctlResource.STACKSIZE,
        "RLIMIT_STACK",
        "/proc/PID/status VmStk",
        "the stack of the main thread only");
    rlimitRow(
        RctlResource.COREDUMPSIZE,
        "RLIMIT_CORE",
        "",
        "a core_pattern of the host that is a pipe ignores it");
    row(
        RctlResource.MEMORYUSE,
        new Means.Refused(
            "RLIMIT_RSS has no effect on Linux: leave /process out, or limit vmemoryuse"),
        new Means.Group(Means.Group.Kind.MEMORY, "memory.max"),
        new Means.Group(Means.Group.Kind.MEMORY, "memory.limit_in_bytes"),
        "memory.current or memory.usage_in_bytes, without inactive file pages",
        "/proc/PID/status VmRSS",
        "deny kills a process of a jail that needs more; FreeBSD pages it out");
    rlimitRow(
        RctlResource.MEMORYLOCKED,
        "RLIMIT_MEMLOCK",
        "/proc/PID/status VmLck",
        "it is in effect with allow.mlock, without which nothing can be locked at all");
    row(
        RctlResource.MAXPROC,
        new Means.Refused("each process is one process: leave /process out"),
        new Means.Group(Means.Group.Kind.TASKS, "pids.max"),
        new Means.Group(Means.Group.Kind.TASKS, "pids.max"),
        "the count of cgroup.procs",
        "",
        "Linux counts threads too, so the limit is never looser, only tighter");
    rlimitRow(
        RctlResource.OPENFILES,
        "RLIMIT_NOFILE",
        "/proc/PID/fd",
        "the highest descriptor counts, not how many are open");
    rlimitRow(
        RctlResource.VMEMORYUSE, "RLIMIT_AS", "/proc/PID/status VmSize", "none for each process");
    namespaceRow(
        RctlResource.PSEUDOTERMINALS,
        new Means.Terminals(),
        "the entries of the jail's /dev/pts",
        "none");
    row(
        RctlResource.SWAPUSE,
        notInRctl,
        new Means.Group(Means.Group.Kind.SWAP, "memory.swap.max"),
        new Means.Group(
            Means.Group.Kind.SWAP, "memory.memsw.limit_in_bytes, with a limit of memory only"),
        "memory.swap.current, or memory.stat total_swap",
        "/proc/PID/status VmSwap",
        "Linux counts swap in use, FreeBSD swap set aside");
    row(
        RctlResource.NTHR,
        new Means.Refused(
            "Linux counts the threads of control groups, not of processes: leave /process out"),
        new Means.Group(Means.Group.Kind.TASKS, "pids.max"),
        new Means.Group(Means.Group.Kind.TASKS, "pids.max"),
        "the sum of the processes'",
        "/proc/PID/status Threads",
        "none");
    namespaceRow(
        RctlResource.MSGQQUEUED,
        new Means.Refused(
            "Linux limits the bytes in a queue, not the messages: use msgqsize with nmsgq"),
        "/proc/sysvipc/msg",
        "log and signals only");
    namespaceRow(
        RctlResource.MSGQSIZE,
        new Means.Sysctl("kernel.msgmnb, with nmsgq:deny only"),
        "/proc/sysvipc/msg",
        "Linux limits each queue: its part is the amount divided by that of nmsgq:deny");
    namespaceRow(
        RctlResource.NMSGQ, new Means.Sysctl("kernel.msgmni"), "/proc/sysvipc/msg", "none");
    namespaceRow(
        RctlResource.NSEM, new Means.Sysctl("kernel.sem, 2nd number"), "/proc/sysvipc/sem", "none");
    row(
        RctlResource.NSEMOP,
        new Means.Sysctl("kernel.sem, 3rd number"),
        new Means.Sysctl("kernel.sem, 3rd number"),
        new Means.Sysctl("kernel.sem, 3rd number"),
        "",
        "",
        "none: it is for one call, so that /process and /jail are the same");
    namespaceRow(RctlResource.NSHM, new Means.Sysctl("kernel.shmmni"), "/proc/sysvipc/shm", "none");
    namespaceRow(
        RctlResource.SHMSIZE,
        new Means.Sysctl("kernel.shmall, kernel.shmmax"),
        "/proc/sysvipc/shm",
        "in whole pages");
    row(
        RctlResource.WALLCLOCK,
        notInRctl,
        notInRctl,
        notInRctl,
        "the start of the jail's init",
        "/proc/PID/stat",
        "a signal goes to every process of the jail");
    row(
        RctlResource.PCPU,
        new Means.Refused("Linux holds control groups to it, not processes: leave /process out"),
        new Means.Group(Means.Group.Kind.CPU, "cpu.max"),
        new Means.Group(Means.Group.Kind.CPU, "cpu.cfs_quota_us"),
        "cpu.stat usage_usec, or cpuacct.usage, " + RATE,
        "/proc/PID/stat, " + RATE,
        "exact, where FreeBSD estimates");
    ioRow(
        RctlResource.READBPS,
        Means.Group.Kind.READ_BYTES,
        "rbps",
        "read_bps_device",
        "/proc/PID/io, " + RATE);
    ioRow(
        RctlResource.WRITEBPS,
        Means.Group.Kind.WRITE_BYTES,
        "wbps",
        "write_bps_device",
        "/proc/PID/io, " + RATE);
    ioRow(RctlResource.READIOPS, Means.Group.Kind.READ_OPERATIONS, "riops", "read_iops_device", "");
    ioRow(
        RctlResource.WRITEIOPS,
        Means.Group.Kind.WRITE_OPERATIONS,
        "wiops",
        "write_iops_device",
        "");
  }
}
