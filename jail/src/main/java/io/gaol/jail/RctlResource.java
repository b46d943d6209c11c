package io.gaol.jail;

import static io.gaol.jail.RctlUnit.BYTES;
import static io.gaol.jail.RctlUnit.BYTES_PER_SECOND;
import static io.gaol.jail.RctlUnit.COUNT;
import static io.gaol.jail.RctlUnit.OPERATIONS_PER_SECOND;
import static io.gaol.jail.RctlUnit.PERCENT;
import static io.gaol.jail.RctlUnit.SECONDS;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A resource of rctl(8), "RESOURCES", in the order in which {@code rctl -u} prints them. What the
 * kernel refuses with {@code Operation not supported} is known here (kern_rctl.c).
 */
public enum RctlResource {
  /** CPU time of all processes together; never goes down. */
  CPUTIME(SECONDS, Limit.SIGNALLED, true, "CPU time"),
  /** Data size. */
  DATASIZE(BYTES, Limit.DENIED, true, "data size"),
  /** Stack size. */
  STACKSIZE(BYTES, Limit.DENIED, true, "stack size"),
  /** Size of a core dump. */
  COREDUMPSIZE(BYTES, Limit.DENIED, true, "core dump size"),
  /** Resident memory. {@code deny} pages out what is over it; it never refuses memory. */
  MEMORYUSE(BYTES, Limit.DENIED, true, "resident memory"),
  /** Locked memory. */
  MEMORYLOCKED(BYTES, Limit.DENIED, true, "locked memory"),
  /** Processes. */
  MAXPROC(COUNT, Limit.DENIED, true, "processes"),
  /** Size of the file descriptor table. */
  OPENFILES(COUNT, Limit.DENIED, true, "open files"),
  /** Address space. */
  VMEMORYUSE(BYTES, Limit.DENIED, true, "address space"),
  /** Pseudo-terminals. */
  PSEUDOTERMINALS(COUNT, Limit.DENIED, false, "pseudo-terminals"),
  /** Swap space reserved or used. */
  SWAPUSE(BYTES, Limit.DENIED, false, "swap space"),
  /** Threads. */
  NTHR(COUNT, Limit.DENIED, true, "threads"),
  /** Queued System V messages. */
  MSGQQUEUED(COUNT, Limit.DENIED, false, "queued System V messages"),
  /** Size of a System V message queue. */
  MSGQSIZE(BYTES, Limit.DENIED, false, "System V message queue size"),
  /** System V message queues. */
  NMSGQ(COUNT, Limit.DENIED, false, "System V message queues"),
  /** System V semaphores. */
  NSEM(COUNT, Limit.DENIED, false, "System V semaphores"),
  /** System V semaphores changed by one semop(2). */
  NSEMOP(COUNT, Limit.DENIED, true, "System V semaphores in one semop(2)"),
  /** System V shared memory segments. */
  NSHM(COUNT, Limit.DENIED, false, "System V shared memory segments"),
  /** Size of System V shared memory. */
  SHMSIZE(BYTES, Limit.DENIED, false, "System V shared memory"),
  /** Time since the start; never goes down. */
  WALLCLOCK(SECONDS, Limit.SIGNALLED, true, "wallclock time"),
  /** CPU share. {@code deny} puts processes to sleep. */
  PCPU(PERCENT, Limit.DENIED, true, "CPU share"),
  /** Bytes read from file systems. */
  READBPS(BYTES_PER_SECOND, Limit.THROTTLED, true, "file system reads"),
  /** Bytes written to file systems. */
  WRITEBPS(BYTES_PER_SECOND, Limit.THROTTLED, true, "file system writes"),
  /** Read operations on file systems. */
  READIOPS(OPERATIONS_PER_SECOND, Limit.THROTTLED, true, "file system read operations"),
  /** Write operations on file systems. */
  WRITEIOPS(OPERATIONS_PER_SECOND, Limit.THROTTLED, true, "file system write operations");

  /** How the kernel can hold a resource to its amount. */
  enum Limit {
    /** By {@code deny}. */
    DENIED,
    /** By {@code throttle}. */
    THROTTLED,
    /** By no more than a signal, as what is used up cannot be given back. */
    SIGNALLED
  }

  /** What others call these: getrlimit(2), systemd, cgroups, ulimit, rctl.conf(5)'s example. */
  private static final Map<String, RctlResource> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("cpu", PCPU),
          Map.entry("%cpu", PCPU),
          Map.entry("core", COREDUMPSIZE),
          Map.entry("data", DATASIZE),
          Map.entry("stack", STACKSIZE),
          Map.entry("mem", MEMORYUSE),
          Map.entry("memory", MEMORYUSE),
          Map.entry("rss", MEMORYUSE),
          Map.entry("memlock", MEMORYLOCKED),
          Map.entry("nproc", MAXPROC),
          Map.entry("pids", MAXPROC),
          Map.entry("processes", MAXPROC),
          Map.entry("files", OPENFILES),
          Map.entry("nofile", OPENFILES),
          Map.entry("as", VMEMORYUSE),
          Map.entry("vmem", VMEMORYUSE),
          Map.entry("ptys", PSEUDOTERMINALS),
          Map.entry("swap", SWAPUSE),
          Map.entry("threads", NTHR));

  private final RctlUnit unit;
  private final Limit limit;
  private final boolean perProcess;
  private final String meaning;

  RctlResource(RctlUnit unit, Limit limit, boolean perProcess, String meaning) {
    this.unit = unit;
    this.limit = limit;
    this.perProcess = perProcess;
    this.meaning = meaning;
  }

  /** The name in a rule, such as {@code vmemoryuse}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What an amount of it is counted in. */
  public RctlUnit unit() {
    return unit;
  }

  /** What it is, in a few words. */
  public String meaning() {
    return meaning;
  }

  /** Whether the kernel counts it for each process too, so that {@code /process} can be had. */
  public boolean perProcess() {
    return perProcess;
  }

  Limit limit() {
    return limit;
  }

  /** The resource of a keyword in any letter case, as rctl(8) reads it. */
  public static Optional<RctlResource> find(String keyword) {
    return Arrays.stream(values())
        .filter(resource -> resource.keyword().equalsIgnoreCase(keyword))
        .findFirst();
  }

  /** " Did you mean ...?" with the resource that was most likely meant, or nothing. */
  static String suggestion(String given) {
    RctlResource known = OTHER_NAMES.get(given.toLowerCase(Locale.ROOT));
    List<String> keywords = Arrays.stream(values()).map(RctlResource::keyword).toList();
    return Spelling.suggestion(known == null ? given : known.keyword(), keywords);
  }
}
