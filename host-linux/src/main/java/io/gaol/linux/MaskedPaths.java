package io.gaol.linux;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a task must not see, or not change, of the file systems that show the kernel.
 *
 * <p>Jailed root is uid 0 of the host, and most of these files ask for no more than that. The lists
 * are for each mount of such a file system, not for {@code /proc} alone: a second procfs has a
 * writable {@code sys/kernel/core_pattern} again.
 *
 * <p>The runtime skips what a kernel does not have.
 */
public final class MaskedPaths {

  private static final List<String> HIDDEN_OF_PROC =
      List.of(
          "acpi",
          "dynamic_debug", // root switches the host's debug messages here
          "kallsyms", // shows addresses where perf_event_paranoid is below 2
          "kcore",
          "keys", // keyrings know no namespace
          "kmsg", // with CAP_SYSLOG a reader takes the messages from the host's logger
          "latency_stats",
          "sched_debug",
          "scsi",
          "timer_list",
          "timer_stats");

  private static final List<String> READ_ONLY_OF_PROC =
      List.of(
          "asound",
          "bus",
          "fs",
          "irq",
          "pressure", // a write makes the host's kernel watch for the writer
          "sys",
          "sysrq-trigger");

  private static final List<String> HIDDEN_OF_SYS =
      List.of(
          "devices/virtual/powercap", // power readings tell what other tasks compute
          "firmware",
          "fs/selinux",
          "kernel/debug",
          "kernel/security",
          "kernel/tracing");

  private MaskedPaths() {}

  /** {@code linux.maskedPaths} for a procfs mounted at the given absolute path. */
  public static List<String> hiddenBelowProc(String mountPoint) {
    return below(mountPoint, HIDDEN_OF_PROC);
  }

  /** {@code linux.readonlyPaths} for a procfs mounted at the given absolute path. */
  public static List<String> readOnlyBelowProc(String mountPoint) {
    return below(mountPoint, READ_ONLY_OF_PROC);
  }

  /**
   * {@code linux.maskedPaths} for a sysfs mounted at the given absolute path. The mount itself must
   * be read-only.
   */
  public static List<String> hiddenBelowSys(String mountPoint) {
    return below(mountPoint, HIDDEN_OF_SYS);
  }

  private static List<String> below(String mountPoint, List<String> names) {
    requireNonNull(mountPoint, "mountPoint");
    if (!mountPoint.startsWith("/") || mountPoint.equals("/") || mountPoint.endsWith("/")) {
      throw new IllegalArgumentException(
          "a mount point is an absolute path without a slash at its end: " + mountPoint);
    }
    return names.stream().map(name -> mountPoint + "/" + name).toList();
  }
}
