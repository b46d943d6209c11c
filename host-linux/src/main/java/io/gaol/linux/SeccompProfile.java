package io.gaol.linux;

import static io.gaol.linux.SeccompProfile.Errno.EACCES;
import static io.gaol.linux.SeccompProfile.Errno.EAFNOSUPPORT;
import static io.gaol.linux.SeccompProfile.Errno.ENOSYS;
import static io.gaol.linux.SeccompProfile.Errno.EPERM;
import static io.gaol.linux.SeccompProfile.Errno.EPROTONOSUPPORT;
import static java.util.Objects.requireNonNull;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The system calls that a jail refuses, as the {@code linux.seccomp} object of an OCI runtime's
 * configuration.
 *
 * <p>Everything is allowed but a list of calls. Together with {@link Capabilities} the list
 * reproduces what FreeBSD's {@code prison_priv_check()} and {@code prison_check_af()} refuse, and
 * it keeps new namespaces and kernel interfaces without a notion of a container out of reach.
 *
 * <p>Two properties hold for every profile, and the constructor insists on them:
 *
 * <ul>
 *   <li>No two rules match the same call. libseccomp refuses a rule that is a special case of
 *       another, and decides overlapping ones by an order of its own.
 *   <li>An argument is compared by its low 32 bits only. The kernel takes a family, a flag word or
 *       an ioctl number as 32 bits and drops the rest, libseccomp's plain comparison does not; a
 *       task that sets a high bit would walk past it.
 * </ul>
 *
 * @param machine whose system calls are meant
 * @param rules what is refused, in the order of the table below
 */
public record SeccompProfile(Machine machine, List<Rule> rules) {

  /** What no jail may do, whatever its parameters. */
  private static final List<Rule> ALWAYS =
      List.of(
          // PRIV_VFS_MOUNT, PRIV_VFS_UNMOUNT. With enforce_statfs=2 FreeBSD refuses them, too.
          refuse(EPERM, "mount", "umount", "umount2", "pivot_root"),
          refuse(EPERM, "fsopen", "fsconfig", "fsmount", "fspick"),
          refuse(EPERM, "open_tree", "move_mount", "mount_setattr"),
          // PRIV_VFS_FHOPEN: a file handle knows no root directory.
          refuse(EPERM, "open_by_handle_at"),
          // children.max=0. For clone and unshare see NAMESPACE_FLAGS.
          refuse(EPERM, "setns"),
          // Its flags are behind a pointer. C libraries go back to clone(2) when it is not there.
          refuse(ENOSYS, "clone3"),
          // PRIV_KLD_LOAD, PRIV_KLD_UNLOAD.
          refuse(EPERM, "init_module", "finit_module", "delete_module"),
          // PRIV_REBOOT.
          refuse(EPERM, "reboot", "kexec_load", "kexec_file_load"),
          // PRIV_SWAPON, PRIV_SWAPOFF.
          refuse(EPERM, "swapon", "swapoff"),
          // PRIV_SETTIMEOFDAY, PRIV_CLOCK_SETTIME. adjtimex(2) also reads, CAP_SYS_TIME guards it.
          refuse(EPERM, "settimeofday", "clock_settime", "clock_settime64", "stime"),
          // allow.quotas: needs the block device.
          refuse(EPERM, "quotactl", "quotactl_fd"),
          // PRIV_ACCT.
          refuse(EPERM, "acct"),
          // allow.set_hostname: would need CAP_SYS_ADMIN.
          refuse(EPERM, "sethostname", "setdomainname"),
          // PRIV_IO.
          refuse(EPERM, "iopl", "ioperm"),
          // PRIV_PMC_SYSTEM, PRIV_DTRACE_KERNEL: programs and counters inside the host's kernel.
          refuse(EPERM, "bpf", "perf_event_open"),
          // Not in FreeBSD. The first stalls the kernel in a page fault, the second is another way
          // to the calls refused here, past this filter.
          refuse(EPERM, "userfaultfd"),
          refuse(EPERM, "io_uring_setup", "io_uring_enter", "io_uring_register"),
          // Not in FreeBSD; keyrings know no namespace. PAM and Kerberos do without when the kernel
          // has none.
          refuse(ENOSYS, "keyctl", "add_key", "request_key"));

  /** TIOCSTI and TIOCLINUX type into the terminal of whoever looks at the task. PRIV_TTY_STI. */
  private static final List<Integer> TERMINAL_INPUT_REQUESTS = List.of(0x5412, 0x541c);

  /** {@code CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET}. */
  private static final List<Integer> NAMESPACE_FLAGS =
      List.of(0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000);

  /** In clone(2) the bit of CLONE_NEWTIME belongs to the exit signal. */
  private static final List<Integer> CLONE_NAMESPACE_FLAGS =
      NAMESPACE_FLAGS.subList(1, NAMESPACE_FLAGS.size());

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;
  private static final int AF_PACKET = 17;
  private static final int AF_XDP = 44;

  /** The kernel itself knows none at or above AF_MAX, which is 46 in Linux 6.18. */
  private static final int FAMILIES = 128;

  private static final int NETLINK_ROUTE = 0;

  /** MAX_LINKS of the kernel. */
  private static final int NETLINK_PROTOCOLS = 32;

  /** SOCK_CLOEXEC and SOCK_NONBLOCK are above it. */
  private static final long SOCKET_TYPE = 0xf;

  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_PACKET = 10;
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_ICMPV6 = 58;

  /** What a system call compares: all that the kernel takes of an {@code int}. */
  private static final long INT = 0xffff_ffffL;

  /** Insists on disjoint rules. */
  public SeccompProfile {
    requireNonNull(machine, "machine");
    rules = List.copyOf(rules);
    for (int i = 0; i < rules.size(); i++) {
      for (Rule other : rules.subList(i + 1, rules.size())) {
        if (rules.get(i).overlaps(other)) {
          throw new IllegalArgumentException(rules.get(i) + " overlaps " + other);
        }
      }
    }
  }

  /** The profile of a jail that is allowed just this. */
  public static SeccompProfile of(Machine machine, Set<Allowance> allowances) {
    requireNonNull(allowances, "allowances");
    var rules = new ArrayList<Rule>(ALWAYS);
    rules.addAll(newNamespaces());
    rules.addAll(terminalInput());
    rules.addAll(messageBuffer(allowances));
    rules.addAll(sysvIpc(allowances));
    rules.addAll(sockets(allowances));
    return new SeccompProfile(machine, rules);
  }

  private static List<Rule> newNamespaces() {
    var rules = new ArrayList<Rule>();
    for (Match flags : anyBitOf(0, NAMESPACE_FLAGS)) {
      rules.add(refuse(EPERM, "unshare").when(flags));
    }
    for (Match flags : anyBitOf(0, CLONE_NAMESPACE_FLAGS)) {
      rules.add(refuse(EPERM, "clone").when(flags));
    }
    return rules;
  }

  private static List<Rule> terminalInput() {
    return TERMINAL_INPUT_REQUESTS.stream()
        .map(request -> refuse(EPERM, "ioctl").when(equal(1, request)))
        .toList();
  }

  /** PRIV_MSGBUF reads. Taking messages away, clearing and console levels are the host's. */
  private static List<Rule> messageBuffer(Set<Allowance> allowances) {
    if (!allowances.contains(Allowance.READ_MESSAGE_BUFFER)) {
      return List.of(refuse(EPERM, "syslog"));
    }
    int close = 0;
    int open = 1;
    int readAll = 3;
    int sizeUnread = 9;
    int sizeBuffer = 10;
    Set<Integer> harmless = Set.of(close, open, readAll, sizeUnread, sizeBuffer);
    return allBut(0, 16, harmless::contains).stream()
        .map(type -> refuse(EPERM, "syslog").when(type))
        .toList();
  }

  /** {@code sysvmsg}, {@code sysvsem}, {@code sysvshm}: "disable" is ENOSYS in FreeBSD, too. */
  private static List<Rule> sysvIpc(Set<Allowance> allowances) {
    var rules = new ArrayList<Rule>();
    if (!allowances.contains(Allowance.SYSV_MESSAGES)) {
      rules.add(refuse(ENOSYS, "msgget", "msgsnd", "msgrcv", "msgctl"));
    }
    if (!allowances.contains(Allowance.SYSV_SEMAPHORES)) {
      rules.add(refuse(ENOSYS, "semget", "semop", "semtimedop", "semtimedop_time64", "semctl"));
    }
    if (!allowances.contains(Allowance.SYSV_SHARED_MEMORY)) {
      rules.add(refuse(ENOSYS, "shmget", "shmat", "shmdt", "shmctl"));
    }
    if (!rules.isEmpty()) {
      // i386's one call for all of them: a version in the high half of its number hides which.
      rules.add(refuse(ENOSYS, "ipc"));
    }
    return rules;
  }

  private static List<Rule> sockets(Set<Allowance> allowances) {
    IntPredicate family = allowedFamilies(allowances);
    boolean vnet = allowances.contains(Allowance.VNET);
    var rules = new ArrayList<Rule>();

    // prison_check_af(). A socketpair(2) of a family makes its sockets before it finds that the
    // family has no pairs.
    for (Match refused : allBut(0, FAMILIES, family)) {
      rules.add(refuse(EAFNOSUPPORT, "socket", "socketpair").when(refused));
    }
    if (!vnet && !allowances.contains(Allowance.OTHER_ADDRESS_FAMILIES)) {
      // What FreeBSD has as the routing socket. libaudit takes the error as a kernel without audit.
      for (Match other : allBut(2, NETLINK_PROTOCOLS, protocol -> protocol == NETLINK_ROUTE)) {
        rules.add(socket(EPROTONOSUPPORT, equal(0, AF_NETLINK), other));
      }
    }
    if (!vnet && family.test(AF_INET)) {
      // The kernel's old name of AF_PACKET.
      rules.add(socket(EAFNOSUPPORT, equal(0, AF_INET), type(SOCK_PACKET)));
    }
    if (!vnet && !allowances.contains(Allowance.RAW_SOCKETS)) {
      // PRIV_NETINET_RAW. Datagram sockets of ICMP are no raw sockets to the kernel, which answers
      // EACCES where ping_group_range does not open them.
      if (family.test(AF_INET)) {
        Match domain = equal(0, AF_INET);
        rules.add(socket(EPERM, domain, type(SOCK_RAW)));
        rules.add(socket(EACCES, domain, type(SOCK_DGRAM), equal(2, IPPROTO_ICMP)));
      }
      if (family.test(AF_INET6)) {
        Match domain = equal(0, AF_INET6);
        rules.add(socket(EPERM, domain, type(SOCK_RAW)));
        rules.add(socket(EACCES, domain, type(SOCK_DGRAM), equal(2, IPPROTO_ICMPV6)));
      }
    }
    if (!rules.isEmpty()) {
      // i386's one call for all of them has its arguments behind a pointer.
      rules.add(refuse(ENOSYS, "socketcall"));
    }
    return rules;
  }

  private static IntPredicate allowedFamilies(Set<Allowance> allowances) {
    boolean vnet = allowances.contains(Allowance.VNET);
    boolean others = allowances.contains(Allowance.OTHER_ADDRESS_FAMILIES);
    return family ->
        switch (family) {
          case AF_UNIX, AF_NETLINK -> true;
          case AF_INET -> vnet || allowances.contains(Allowance.INET4);
          case AF_INET6 -> vnet || allowances.contains(Allowance.INET6);
          // bpf(4) in FreeBSD, a device that a jail sees with vnet only.
          case AF_PACKET -> vnet;
          case AF_XDP -> vnet && others;
          default -> others;
        };
  }

  private static Rule socket(Errno errno, Match... matches) {
    return new Rule(List.of("socket"), errno, List.of(matches));
  }

  private static Match type(int socketType) {
    return new Match(1, SOCKET_TYPE, socketType);
  }

  private static Rule refuse(Errno errno, String... syscalls) {
    return new Rule(List.of(syscalls), errno, List.of());
  }

  private static Match equal(int argument, int value) {
    return new Match(argument, INT, Integer.toUnsignedLong(value));
  }

  /**
   * "At least one of these bits is set", as matches of which at most one holds: each says that its
   * bit is the first one set.
   */
  private static List<Match> anyBitOf(int argument, List<Integer> bits) {
    var matches = new ArrayList<Match>();
    long seen = 0;
    for (int bit : bits) {
      seen |= Integer.toUnsignedLong(bit);
      matches.add(new Match(argument, seen, Integer.toUnsignedLong(bit)));
    }
    return matches;
  }

  /**
   * Every value from 0 to below the limit, a power of two, but the allowed ones: the fewest aligned
   * blocks, as a list of address prefixes would say it.
   */
  private static List<Match> allBut(int argument, int limit, IntPredicate allowed) {
    var matches = new ArrayList<Match>();
    addBlocks(matches, argument, 0, limit, allowed);
    return matches;
  }

  private static void addBlocks(
      List<Match> matches, int argument, int first, int size, IntPredicate allowed) {
    boolean anyAllowed = false;
    for (int value = first; value < first + size; value++) {
      anyAllowed |= allowed.test(value);
    }
    if (!anyAllowed) {
      matches.add(new Match(argument, INT & -size, first));
    } else if (size > 1) {
      int half = size / 2;
      addBlocks(matches, argument, first, half, allowed);
      addBlocks(matches, argument, first + half, half, allowed);
    }
  }

  /** The {@code linux.seccomp} object. */
  public JsonObject toJson() {
    var architectures = new JsonArray();
    machine.architectures().forEach(architectures::add);
    var syscalls = new JsonArray();
    // One object for all unconditional rules of an errno: crun 1.8.1 keys its cache of compiled
    // filters by names and arguments and forgets the errno, which is told by the grouping then.
    for (Errno errno : Errno.values()) {
      List<String> names =
          rules.stream()
              .filter(rule -> rule.errno() == errno && rule.matches().isEmpty())
              .flatMap(rule -> rule.syscalls().stream())
              .toList();
      if (!names.isEmpty()) {
        syscalls.add(new Rule(names, errno, List.of()).toJson());
      }
    }
    rules.stream()
        .filter(rule -> !rule.matches().isEmpty())
        .forEach(rule -> syscalls.add(rule.toJson()));

    var json = new JsonObject();
    json.addProperty("defaultAction", "SCMP_ACT_ALLOW");
    json.add("architectures", architectures);
    json.add("syscalls", syscalls);
    return json;
  }

  /** A kind of computer, with every system call table its kernel serves. */
  public enum Machine {
    /** x86-64, with 32-bit programs and the x32 table. */
    AMD64,
    /** AArch64, with 32-bit programs. */
    ARM64;

    private List<String> architectures() {
      return switch (this) {
        case AMD64 -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
        case ARM64 -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
      };
    }

    /**
     * The machine that Java's {@code os.arch}, or {@code uname -m}, names.
     *
     * @throws IllegalArgumentException for one that no profile was written for
     */
    public static Machine named(String name) {
      return switch (requireNonNull(name, "name")) {
        case "amd64", "x86_64" -> AMD64;
        case "aarch64", "arm64" -> ARM64;
        default ->
            throw new IllegalArgumentException(
                "no system call filter is known for the machine "
                    + name
                    + ", only for amd64 and aarch64");
      };
    }
  }

  /** The errors a refused call ends with, by the numbers that all of Linux's machines share. */
  public enum Errno {
    /** Operation not permitted. */
    EPERM(1),
    /** Permission denied. */
    EACCES(13),
    /** Function not implemented. */
    ENOSYS(38),
    /** Protocol not supported. */
    EPROTONOSUPPORT(93),
    /** Address family not supported by protocol. */
    EAFNOSUPPORT(97);

    private final int number;

    Errno(int number) {
      this.number = number;
    }

    /** The number in {@code errno}. */
    public int number() {
      return number;
    }
  }

  /**
   * System calls that end with an error.
   *
   * @param syscalls their names
   * @param errno the error
   * @param matches what their arguments must be, all of it; without any the call is refused
   *     whatever its arguments
   */
  public record Rule(List<String> syscalls, Errno errno, List<Match> matches) {

    /** Copies the lists. */
    public Rule {
      syscalls = List.copyOf(syscalls);
      requireNonNull(errno, "errno");
      matches = List.copyOf(matches);
    }

    private Rule when(Match match) {
      return new Rule(syscalls, errno, List.of(match));
    }

    /** Whether there is a call that both rules match. */
    public boolean overlaps(Rule other) {
      return !Collections.disjoint(syscalls, other.syscalls)
          && matches.stream().noneMatch(match -> other.matches.stream().anyMatch(match::excludes));
    }

    private JsonObject toJson() {
      var names = new JsonArray();
      syscalls.forEach(names::add);
      var json = new JsonObject();
      json.add("names", names);
      json.addProperty("action", "SCMP_ACT_ERRNO");
      json.addProperty("errnoRet", errno.number());
      if (!matches.isEmpty()) {
        var arguments = new JsonArray();
        matches.forEach(match -> arguments.add(match.toJson()));
        json.add("args", arguments);
      }
      return json;
    }
  }

  /**
   * A condition on one argument: the bits of the mask are those of the value.
   *
   * @param argument its index, from 0
   * @param mask which bits count, none above the lowest 32
   * @param value what they are
   */
  public record Match(int argument, long mask, long value) {

    /** Checks the ranges. */
    public Match {
      if (argument < 0 || argument > 5) {
        throw new IllegalArgumentException("a system call has no argument " + argument);
      }
      if ((mask & ~INT) != 0 || (value & ~mask) != 0) {
        throw new IllegalArgumentException(
            "bits that the kernel or the mask drops: value %#x, mask %#x".formatted(value, mask));
      }
    }

    private boolean excludes(Match other) {
      return argument == other.argument && ((value ^ other.value) & mask & other.mask) != 0;
    }

    private JsonObject toJson() {
      var json = new JsonObject();
      json.addProperty("index", argument);
      json.addProperty("value", mask);
      json.addProperty("valueTwo", value);
      json.addProperty("op", "SCMP_CMP_MASKED_EQ");
      return json;
    }
  }
}
