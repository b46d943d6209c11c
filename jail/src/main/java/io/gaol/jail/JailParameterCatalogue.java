package io.gaol.jail;

import static io.gaol.jail.JailParameter.Kind.KERNEL;
import static io.gaol.jail.JailParameter.Kind.PSEUDO;
import static io.gaol.jail.Relation.Kind.DEFAULTS;
import static io.gaol.jail.Relation.Kind.EXCLUDES;
import static io.gaol.jail.Relation.Kind.IMPLIES;
import static io.gaol.jail.Relation.Kind.NEEDS;
import static io.gaol.jail.Relation.Kind.WORKS_WITH;

import io.gaol.jail.JailParameter.Kind;
import io.gaol.jail.JailParameter.Settable;
import io.gaol.jail.JailParameter.Setter;
import io.gaol.jail.ParameterType.Addresses.Family;
import io.gaol.jail.ParameterType.Text;
import io.gaol.jail.ParameterType.WholeNumber;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The parameters of jail(8), FreeBSD 12.0 to 15.1: the one table that everything else is read from.
 *
 * <p>Sources: jail(8), jail.conf(5), jail_set(2), the kernel's {@code security.jail.param} nodes,
 * mac_do(4), linux(4). Defaults are the kernel's and jail(8)'s, not those of {@code gaol run}.
 */
public final class JailParameterCatalogue {
  private static final List<JailParameter> ALL = table();
  private static final List<ParameterFamily> FAMILIES = familyTable();
  private static final ParameterNames NAMES = new ParameterNames(ALL, FAMILIES);

  private JailParameterCatalogue() {}

  /** Every parameter that has one name, in the order of the manual. */
  public static List<JailParameter> all() {
    return ALL;
  }

  /** The parameters that a kernel's file systems, or an operator's keys, extend. */
  public static List<ParameterFamily> families() {
    return FAMILIES;
  }

  /**
   * The parameter of a spelling: jail(8)'s own name or a Nomad job's, in any letter case, with dots
   * or underscores. A member of a family ({@code allow.mount.<fs>}, {@code meta.<key>}, {@code
   * env.<key>}) is known by its jail(8) name only. A synonym finds what it is a synonym of: {@code
   * Command} is {@code exec.start}.
   *
   * @return empty if no parameter is spelled so; a negation ({@code nopersist}) is no spelling of a
   *     parameter, see {@link AssignmentReader}
   */
  public static Optional<JailParameter> find(String spelling) {
    return NAMES.find(spelling).map(NAMES::meant);
  }

  /**
   * The row to read of a spelling: that of the parameter that it sets, also by its negation; a
   * synonym has a row of its own.
   *
   * @return empty if no parameter is spelled so
   */
  public static Optional<JailParameter> row(String spelling) {
    Optional<JailParameter> synonym =
        NAMES.find(spelling).filter(parameter -> parameter.addsTo().isPresent());
    return synonym.or(
        () ->
            NAMES
                .resolve(spelling, Assignment.Source.JOB_PARAMS)
                .map(ParameterNames.Found::parameter));
  }

  /** Those of {@link #nomadSpellings()} that are of one parameter. */
  public static List<String> nomadSpellingsOf(JailParameter parameter) {
    return NAMES.nomadSpellingsOf(parameter);
  }

  /**
   * The keys of a Nomad job's {@code config} that are parameters: every spelling that jobs use, and
   * the same in lower case. They are case-sensitive, and a schema lists exactly these. {@code
   * command} is not among them: it is the main process.
   */
  public static List<String> nomadSpellings() {
    return NAMES.nomadSpellings();
  }

  /**
   * Parameters that a kernel has and the catalogue has not: a newer kernel's, or another module's.
   * They take what jail(8) makes of their kind: all below {@code allow} are flags, what has others
   * below it says whether those are the jail's own, and the rest is passed on as it is written.
   *
   * @param listed the names of {@code sysctl -N security.jail.param} without that prefix; one that
   *     has others below it ends with a dot
   */
  public static List<JailParameter> besides(Collection<String> listed) {
    List<JailParameter> others = new ArrayList<>();
    for (String name : listed) {
      boolean group = name.endsWith(".");
      String plain = group ? name.substring(0, name.length() - 1) : name;
      if (find(plain).isEmpty()) {
        ParameterType type = Text.of(Text.UNLIMITED);
        if (plain.startsWith("allow.")) {
          type = new ParameterType.Flag();
        } else if (group) {
          type = choice("disable", "new", "inherit");
        }
        others.add(
            onlyFreeBsd(kernel(plain, type))
                .says("A parameter of this host's kernel that Gaol knows nothing else of.")
                .build());
      }
    }
    return others;
  }

  static ParameterNames names() {
    return NAMES;
  }

  // ---- the table

  private static List<JailParameter> table() {
    List<Row> rows = new ArrayList<>();
    rows.addAll(identity());
    rows.addAll(host());
    rows.addAll(network());
    rows.addAll(limits());
    rows.addAll(emulation());
    rows.addAll(labels());
    rows.addAll(permissions());
    rows.addAll(mountPermissions());
    rows.addAll(ipc());
    rows.addAll(commands());
    rows.addAll(mounts());
    return rows.stream().map(Row::build).toList();
  }

  private static List<ParameterFamily> familyTable() {
    return List.of(
        new ParameterFamily(
            "allow.mount.",
            "fs",
            Pattern.compile("[a-z0-9_]+"),
            mountPermission("allow.mount.<fs>", "12.0", "of a file system that a module brings")
                .module("the file system's")
                .group(ParameterGroup.MOUNT_PERMISSIONS)
                .build()),
        new ParameterFamily(
            "meta.",
            "key",
            Pattern.compile("[^=\\s\0]+"),
            onlyFreeBsd(kernel("meta.<key>", Text.of(Text.UNLIMITED)))
                .policy(PolicyGroup.SAFE)
                .since("15.0", "14.4")
                .says("One line of meta: the value of a key.")
                .group(ParameterGroup.LABELS)
                .build()),
        new ParameterFamily(
            "env.",
            "key",
            Pattern.compile("[^=\\s\0]+"),
            onlyFreeBsd(kernel("env.<key>", Text.of(Text.UNLIMITED)))
                .policy(PolicyGroup.SAFE)
                .since("15.0", "14.4")
                .says("One line of env: the value of a key.")
                .group(ParameterGroup.LABELS)
                .build()));
  }

  private static List<Row> identity() {
    return inGroup(
        ParameterGroup.IDENTITY,
        kernel("jid", WholeNumber.from(1, ""))
            .atCreation()
            .byDefault("the next free number")
            .says("The jail's number, one on the whole host.")
            .linux(refused("Gaol numbers no jails: a number could be taken already; leave it out")),
        kernel("name", Text.of(255))
            .byDefault("the jid")
            .says(
                "The jail's name. A dot in it makes it the child of the jail named before the dot;"
                    + " digits alone are taken for the jid. Gaol names each jail itself: on every"
                    + " host a job that sets it is refused, whatever allow_params says.")
            .linux(refused("Gaol names each jail itself, a new name for each start; leave it out")),
        kernel("path", new ParameterType.FilePath())
            .policy(PolicyGroup.SAFE)
            .atCreation()
            .byDefault("/; in a Nomad job the task's own directory under the host's system")
            .says("The directory that is the jail's root. It has to be there.")
            .linux(asThere("the root of a mount namespace, pivot_root(2)")),
        kernel("persist", new ParameterType.Flag())
            .policy(PolicyGroup.SAFE)
            .byDefault("false")
            .says("Keeps the jail when it has no process.")
            .linux(asThere("the first process of the jail stays")),
        kernel("dying", new ParameterType.Flag())
            .readOnly()
            .says("Whether the jail is gone but for what the kernel still holds of it.")
            .linux(refused("it is a state of FreeBSD's jails")),
        kernel("parent", WholeNumber.from(0, ""))
            .readOnly()
            .says("The jid of the jail that this one is in; 0 is the host.")
            .linux(refused("it is a state of FreeBSD's jails")),
        kernel("cpuset.id", WholeNumber.from(0, ""))
            .readOnly()
            .says("The number of the jail's set of CPUs; cpuset(1) changes the set.")
            .linux(refused("it is a state of FreeBSD's jails")),
        pseudo("depend", Text.of(255, "the name of a jail", ".+"))
            .repeatable()
            .says("Jails that have to run before this one, and that stop after it.")
            .linux(refused("another task's jail is not started for this one; use a job's order")),
        pseudo("allow.dying", new ParameterType.Flag())
            .byDefault("false")
            .says("Lets jail(8) act on a dying jail. No effect from FreeBSD 15.0 on.")
            .linux(new LinuxVerdict.AlreadySo("no jail is ever dying")));
  }

  private static List<Row> host() {
    String setHost = "a field of its own makes a jail's host \"new\" (jail(8))";
    return inGroup(
        ParameterGroup.HOST,
        kernel("host", choice("new", "inherit"))
            .policy(PolicyGroup.SAFE)
            .needs("inherit", PolicyGroup.ALL)
            .byDefault("new, with an empty host name")
            .says("Whether host name, domain, UUID and id are the jail's own or the host's.")
            .linux(asThere("a UTS namespace for \"new\", none for \"inherit\"")),
        kernel("host.hostname", Text.of(255))
            .policy(PolicyGroup.SAFE)
            .byDefault("empty; the drivers and gaol run set the jail's name")
            .says("The host name seen in the jail.")
            .with(IMPLIES, "host", "new", setHost)
            .linux(asThere("the host name of a UTS namespace")),
        kernel("host.domainname", Text.of(255))
            .policy(PolicyGroup.SAFE)
            .byDefault("empty")
            .says("The NIS domain name seen in the jail.")
            .with(IMPLIES, "host", "new", setHost)
            .linux(asThere("the sysctl kernel.domainname of a UTS namespace")),
        kernel("host.hostuuid", Text.of(63))
            .policy(PolicyGroup.SAFE)
            .byDefault("00000000-0000-0000-0000-000000000000")
            .says("The host's UUID seen in the jail; any text is one to the kernel.")
            .with(IMPLIES, "host", "new", setHost)
            .linux(
                new LinuxVerdict.Emulated(
                    "a file of its own for /etc/machine-id",
                    "it is /etc/machine-id that shows it; the firmware's UUID stays the host's")),
        kernel(
                "host.hostid",
                new WholeNumber(
                    BigInteger.ZERO, BigInteger.TWO.pow(64).subtract(BigInteger.ONE), ""))
            .policy(PolicyGroup.SAFE)
            .byDefault("0")
            .says("The host's number seen in the jail, gethostid(3).")
            .with(IMPLIES, "host", "new", setHost)
            .linux(
                new LinuxVerdict.Emulated(
                    "a file of its own for /etc/hostid",
                    "it is /etc/hostid that shows it, 32 bits, and not every C library reads it")));
  }

  private static List<Row> network() {
    String way = "a network namespace with a routed pair of virtual interfaces, veth(4)";
    String ownStack =
        "a jail with a network stack of its own has no restriction on addresses (jail_set(2))";
    List<Row> rows = new ArrayList<>();
    for (Family family : Family.values()) {
      String name = family == Family.IPV4 ? "ip4" : "ip6";
      String called = family == Family.IPV4 ? "IPv4" : "IPv6";
      rows.add(
          kernel(name, choice("disable", "new", "inherit"))
              .policy(PolicyGroup.NETWORK)
              .needs("disable", PolicyGroup.SAFE)
              .atCreation()
              .byDefault("no " + called + " at all, unless " + name + ".addr is given")
              .says(
                  "Whether the jail has all the host's "
                      + called
                      + " addresses (inherit), only its own (new), or no "
                      + called
                      + ".")
              .linux(
                  always(asThere("no network namespace: the host's stack"))
                      .but("disable", asThere("seccomp refuses sockets of " + called))
                      .but("new", asThere(way + "; none without an address"))));
      rows.add(
          kernel(name + ".addr", new ParameterType.Addresses(family))
              .policy(PolicyGroup.NETWORK)
              .repeatable()
              .otherNames(family == Family.IPV4 ? "Ip4Addr" : "Ip6Addr")
              .otherNames(family == Family.IPV4 ? "Ip4addr" : "Ip6addr")
              .byDefault("none")
              .says(
                  "The jail's "
                      + called
                      + " addresses, the first one its primary. Written"
                      + " \"interface|address/mask parameters\", jail(8) makes an alias of it by"
                      + " ifconfig(8), and removes that with the jail.")
              .with(
                  IMPLIES, name, "new", "addresses of its own make " + name + " \"new\" (jail(8))")
              .linux(
                  new LinuxVerdict.Emulated(
                      way
                          + ", for which the host answers on the named interface: ip-neighbour(8)"
                          + " proxy",
                      family == Family.IPV4
                          ? "the address is the jail's alone, as /32; its loopback is its own; and"
                              + " the host forwards IPv4 that comes in on the named interface while"
                              + " the jail is there"
                          : "the address is the jail's alone, as /128; its loopback is its own; and"
                              + " the host has to forward IPv6 already"
                              + " (net.ipv6.conf.all.forwarding)")));
      rows.add(
          kernel(name + ".saddrsel", new ParameterType.Flag())
              .policy(PolicyGroup.NETWORK)
              .byDefault("true")
              .since("8.1")
              .says("Whether the kernel chooses among the addresses; false is always the primary.")
              .linux(asThere("the source address of the jail's default route")));
    }
    rows.add(
        kernel("vnet", choice("new", "inherit"))
            .policy(PolicyGroup.NETWORK)
            .needs("inherit", PolicyGroup.SAFE)
            .atCreation()
            .byDefault("inherit")
            .says("Whether the jail has a network stack of its own.")
            .when("new", EXCLUDES, "ip4", ownStack)
            .when("new", EXCLUDES, "ip4.addr", ownStack)
            .when("new", EXCLUDES, "ip6", ownStack)
            .when("new", EXCLUDES, "ip6.addr", ownStack)
            .linux(
                always(asThere("a network namespace, ip-netns(8)"))
                    .but("inherit", asThere("no network namespace: the host's stack"))));
    rows.add(
        pseudo("vnet.interface", Text.of(15, "the name of an interface", "[^\\s/|]+"))
            .policy(PolicyGroup.NETWORK)
            .repeatable()
            .otherNames("Vnet_nic")
            .says("Interfaces of the host that go into the jail's network stack.")
            .with(
                NEEDS,
                "vnet",
                "new",
                "an interface can only go to a jail with a network stack of its own")
            .linux(
                asThere("moving it to the network namespace, and back before the namespace goes")));
    rows.add(
        pseudo("interface", Text.of(15, "the name of an interface", "[^\\s/|]+"))
            .policy(PolicyGroup.NETWORK)
            .otherNames("Nic")
            .says("The interface for those of the jail's addresses that name none.")
            .with(WORKS_WITH, "ip4.addr", "", "it is where their aliases are made")
            .linux(asThere("where the host answers for the addresses: ip-neighbour(8) proxy")));
    rows.add(
        pseudo("ip_hostname", new ParameterType.Flag())
            .policy(PolicyGroup.NETWORK)
            .byDefault("false")
            .says("Looks the host name up and adds its addresses to the jail's.")
            .with(WORKS_WITH, "host.hostname", "", "it is the name that is looked up")
            .linux(asThere("a lookup on the host while the jail is planned")));
    rows.add(
        pseudo("exec.fib", WholeNumber.between(0, 65_535))
            .policy(PolicyGroup.NETWORK)
            .byDefault("0")
            .says("The routing table (FIB) of the commands in the jail.")
            .linux(
                always(
                        new LinuxVerdict.Emulated(
                            "rules of ip-rule(8) for what comes from the jail",
                            "the table is the whole jail's, not its commands' alone; with vnet it"
                                + " is a table of its own namespace, whose main table is asked"
                                + " after it"))
                    .but("0", new LinuxVerdict.AlreadySo("it is the main table"))));
    return inGroup(ParameterGroup.NETWORK, rows);
  }

  private static List<Row> limits() {
    LinuxVerdict noLevel = new LinuxVerdict.AlreadySo("Linux has no other level");
    return inGroup(
        ParameterGroup.LIMITS,
        kernel("securelevel", WholeNumber.between(-1, 3))
            .policy(PolicyGroup.SAFE)
            .limited()
            .byDefault("the parent's")
            .says("The jail's kern.securelevel; never below the parent's.")
            .linux(
                always(
                        new LinuxVerdict.Emulated(
                            "a promise that is checked",
                            "what the level forbids is impossible in this jail by its capabilities,"
                                + " devices and system calls, which was checked; kern.securelevel"
                                + " cannot be read there"))
                    .but("-1", noLevel)
                    .but("0", noLevel)),
        kernel("children.max", WholeNumber.from(0, ""))
            .needs("0", PolicyGroup.SAFE)
            .limited()
            .byDefault("0")
            .says("How many jails there may be in this one.")
            .linux(
                always(
                        refused(
                            "a jail in a jail would need a user namespace, which jails may not"
                                + " have"))
                    .but("0", asThere("seccomp refuses to make or to enter namespaces"))),
        kernel("children.cur", WholeNumber.from(0, ""))
            .readOnly()
            .says("How many jails there are in this one.")
            .linux(refused("it is a state of FreeBSD's jails")),
        kernel("enforce_statfs", WholeNumber.between(0, 2))
            .policy(PolicyGroup.MOUNT)
            .needs("2", PolicyGroup.SAFE)
            .limited()
            .byDefault("2")
            .says(
                "Which mounts processes can see: all (0), those below the root (1), only the"
                    + " root's own (2).")
            .linux(
                always(
                        refused(
                            "mounts cannot be hidden from those who live among them; use 1, or"
                                + " leave it out, which is 1 here"))
                    .but("1", asThere("a mount namespace"))
                    .but("0", refused("it would need the host's own mounts; use 1"))));
  }

  private static List<Row> emulation() {
    String setLinux = "a value of its own makes a jail's linux \"new\" (jail(8))";
    LinuxVerdict release =
        new LinuxVerdict.AlreadySo("it is the kernel's own release; any other is refused");
    return inGroup(
        ParameterGroup.EMULATION,
        kernel("osrelease", Text.of(31, "a release, such as \"13.2-RELEASE\"", ".+"))
            .policy(PolicyGroup.SAFE)
            .atCreation()
            .since("10.2")
            .byDefault("the parent's")
            .says("The release that uname -r shows in the jail.")
            .linux(release),
        kernel("osreldate", WholeNumber.from(1, ""))
            .policy(PolicyGroup.SAFE)
            .atCreation()
            .since("10.2")
            .byDefault("the parent's")
            .says("The version of the system that uname -K shows in the jail.")
            .linux(refused("Linux has no such number; leave it out")),
        kernel("linux", choice("new", "inherit"))
            .policy(PolicyGroup.SAFE)
            .needs("inherit", PolicyGroup.ALL)
            .module("linux")
            .byDefault("new: a copy of the parent's")
            .says("Whether the jail has its own settings of the Linux emulation.")
            .linux(
                always(refused("the jail is Linux already; use \"inherit\" or leave it out"))
                    .but("inherit", new LinuxVerdict.AlreadySo("the jail is Linux"))),
        kernel("linux.osname", Text.of(64))
            .policy(PolicyGroup.SAFE)
            .module("linux")
            .byDefault("the parent's")
            .says("The system's name that Linux programs see.")
            .with(IMPLIES, "linux", "new", setLinux)
            .linux(
                always(refused("the jail is Linux already"))
                    .but("Linux", new LinuxVerdict.AlreadySo("the jail is Linux"))),
        kernel(
                "linux.osrelease",
                Text.of(64, "a version of Linux, such as \"4.4.0\"", "[0-9]+\\.[0-9]+\\.[0-9]+.*"))
            .policy(PolicyGroup.SAFE)
            .module("linux")
            .byDefault("the parent's")
            .says("The version of Linux that Linux programs see.")
            .with(IMPLIES, "linux", "new", setLinux)
            .linux(release),
        kernel("linux.oss_version", WholeNumber.from(0, ""))
            .policy(PolicyGroup.SAFE)
            .module("linux")
            .byDefault("the parent's")
            .says("The version of the Open Sound System that Linux programs see.")
            .with(IMPLIES, "linux", "new", setLinux)
            .linux(refused("only FreeBSD's Linux emulation has it")));
  }

  private static List<Row> labels() {
    String rules = "rules of its own make a jail's mac.do \"new\" (mac_do(4))";
    return inGroup(
        ParameterGroup.LABELS,
        onlyFreeBsd(kernel("meta", Text.of(Text.UNLIMITED)))
            .policy(PolicyGroup.SAFE)
            .since("15.0", "14.4")
            .byDefault("empty")
            .says(
                "Notes on the jail that its processes cannot read: lines of key=value, or any"
                    + " text. The sysctl security.jail.meta_maxbufsize limits it (4096 bytes)."),
        onlyFreeBsd(kernel("env", Text.of(Text.UNLIMITED)))
            .policy(PolicyGroup.SAFE)
            .since("15.0", "14.4")
            .byDefault("empty")
            .says(
                "As meta, but processes in the jail can read it, as the sysctl security.jail.env."
                    + " It is not the environment of the task."),
        onlyFreeBsd(kernel("mac.label", Text.of(Text.UNLIMITED)))
            .since("15.1")
            .byDefault("the policies'")
            .says("The label of mandatory access control, in a kernel that has MAC."),
        onlyFreeBsd(kernel("mac.do", choice("disable", "new", "inherit")))
            .needs("disable", PolicyGroup.SAFE)
            .since("15.0", "14.3")
            .module("mac_do")
            .byDefault("disable")
            .says("Whether the jail has rules of mac_do(4), its own or the parent's."),
        onlyFreeBsd(kernel("mac.do.rules", Text.of(Text.UNLIMITED)))
            .since("15.0", "14.3")
            .module("mac_do")
            .byDefault("those that hold for the parent")
            .says("Which users may become which, by mac_do(4).")
            .with(IMPLIES, "mac.do", "new", rules),
        onlyFreeBsd(kernel("mac.do.exec_paths", Text.of(Text.UNLIMITED)))
            .since("16.0")
            .module("mac_do")
            .byDefault("those that hold for the parent")
            .says("The programs that may use mac_do(4), with colons between them."));
  }

  private static List<Row> permissions() {
    LinuxVerdict noPrivilege = refused("jailed root never has that privilege here");
    LinuxVerdict never = new LinuxVerdict.AlreadySo("jailed root never has that privilege here");
    return inGroup(
        ParameterGroup.PERMISSIONS,
        permission("allow.set_hostname")
            .policy(PolicyGroup.SAFE)
            .byDefault("true")
            .says("May change the jail's host name.")
            .linux(
                always(
                        refused(
                            "it needs CAP_SYS_ADMIN, which is no longer a jail; use host.hostname"))
                    .but(
                        "false",
                        new LinuxVerdict.AlreadySo("jailed root may not change its host name"))),
        permission("allow.raw_sockets")
            .policy(PolicyGroup.NETWORK)
            .says("May open raw sockets, as ping(8) and traceroute(8) do.")
            .linux(asThere("CAP_NET_RAW; without it seccomp refuses raw sockets, too")),
        permission("allow.chflags")
            .says("May change the system's flags of files, as immutable.")
            .linux(asThere("CAP_LINUX_IMMUTABLE")),
        permission("allow.quotas")
            .says("May administer quotas of the jail's file systems.")
            .linux(
                onlyFalse(
                    "it needs CAP_SYS_ADMIN and the disk itself", "jailed root may set no quotas")),
        permission("allow.read_msgbuf")
            .since("12.1", "11.3")
            .says("May read the kernel's messages, dmesg(8).")
            .linux(asThere("CAP_SYSLOG; without it seccomp refuses syslog(2), too")),
        permission("allow.socket_af")
            .says("May open sockets of other families than UNIX, IPv4, IPv6 and route.")
            .linux(asThere("without it seccomp refuses other families")),
        permission("allow.mlock")
            .since("12.0")
            .says("May lock memory, mlock(2).")
            .linux(asThere("CAP_IPC_LOCK; without it RLIMIT_MEMLOCK is 0")),
        permission("allow.reserved_ports")
            .policy(PolicyGroup.SAFE)
            .since("12.0")
            .byDefault("true")
            .says("May bind to ports below 1024.")
            .linux(asThere("CAP_NET_BIND_SERVICE")),
        permission("allow.unprivileged_proc_debug")
            .policy(PolicyGroup.SAFE)
            .since("13.0")
            .byDefault("true")
            .says("Users without privilege may debug their processes.")
            .linux(
                always(refused("it cannot be taken away"))
                    .but("true", new LinuxVerdict.AlreadySo("users may debug their processes"))),
        permission("allow.suser")
            .policy(PolicyGroup.SAFE)
            .since("13.0")
            .byDefault("true")
            .says("User 0 has a jailed root's privileges.")
            .linux(
                always(refused("uid 0 always has a jailed root's privileges"))
                    .but("true", asThere("uid 0 has the capabilities of a jailed root"))),
        permission("allow.nfsd")
            .since("14.0", "13.3")
            .says("May run mountd(8) and nfsd(8).")
            .with(WORKS_WITH, "vnet", "new", "NFS is served from a network stack of its own")
            .linux(always(noPrivilege).but("false", never)),
        permission("allow.extattr")
            .since("15.0")
            .says("May use extended attributes of the system's name space.")
            .linux(always(noPrivilege).but("false", never)),
        permission("allow.adjtime")
            .since("15.0")
            .says("May slew the system's clock.")
            .linux(always(noPrivilege).but("false", never)),
        permission("allow.settime")
            .since("15.0")
            .says("May set the system's clock.")
            .when(
                "true",
                IMPLIES,
                "allow.adjtime",
                "true",
                "who may set the clock may slew it (jail(8))")
            .linux(always(noPrivilege).but("false", never)),
        permission("allow.routing")
            .since("15.0", "14.4")
            .says("May change the host's routing table, in a jail without a stack of its own.")
            .linux(always(noPrivilege).but("false", never)),
        permission("allow.unprivileged_parent_tampering")
            .since("15.0", "14.4")
            .byDefault("false; on 14 true")
            .says("Processes of the same user outside the jail may signal and debug those in it.")
            .linux(
                onlyFalse("the jail's processes are its own", "the jail's processes are its own")),
        permission("allow.setaudit")
            .since("15.1")
            .says("May set the state of audit sessions, in a kernel that has AUDIT.")
            .linux(always(noPrivilege).but("false", never)),
        permission("allow.vmm")
            .since("12.0")
            .module("vmm")
            .says("May run virtual machines, vmm(4).")
            .linux(onlyFalse("there is no vmm(4)", "there is no vmm(4)")),
        permission("allow.vmm_ppt")
            .since("15.1")
            .module("vmm")
            .says("May give PCI devices to virtual machines.")
            .linux(onlyFalse("there is no vmm(4)", "there is no vmm(4)")));
  }

  private static List<Row> mountPermissions() {
    return inGroup(
        ParameterGroup.MOUNT_PERMISSIONS,
        permission("allow.mount")
            .policy(PolicyGroup.MOUNT)
            .says("May mount and unmount file systems that are fit for jails, see lsvfs(1).")
            .with(WORKS_WITH, "enforce_statfs", List.of("0", "1"), BELOW_TWO)
            .linux(noMounts()),
        mountPermission("allow.mount.devfs", "9.1", "devfs(5)").policy(PolicyGroup.MOUNT),
        mountPermission("allow.mount.fdescfs", "10.1", "fdescfs(5)").policy(PolicyGroup.MOUNT),
        mountPermission("allow.mount.fusefs", "12.0", "fusefs(5)"),
        mountPermission("allow.mount.nullfs", "9.1", "nullfs(5)").policy(PolicyGroup.MOUNT),
        mountPermission("allow.mount.procfs", "9.1", "procfs(5)").policy(PolicyGroup.MOUNT),
        mountPermission("allow.mount.linprocfs", "10.2", "linprocfs(5)").policy(PolicyGroup.MOUNT),
        mountPermission("allow.mount.linsysfs", "10.2", "linsysfs(5)").policy(PolicyGroup.MOUNT),
        mountPermission("allow.mount.tmpfs", "9.2", "tmpfs(5)").policy(PolicyGroup.MOUNT),
        mountPermission("allow.mount.zfs", "9.1", "ZFS, which zfs.dataset needs too")
            .policy(PolicyGroup.MOUNT));
  }

  private static List<Row> ipc() {
    List<Row> rows = new ArrayList<>();
    rows.add(
        permission("allow.sysvipc")
            .says("Shares the host's System V IPC. Deprecated: set sysvmsg, sysvsem and sysvshm.")
            .when("true", DEFAULTS, "sysvmsg", "inherit", "it stands for the three")
            .when("true", DEFAULTS, "sysvsem", "inherit", "it stands for the three")
            .when("true", DEFAULTS, "sysvshm", "inherit", "it stands for the three")
            .linux(asThere("no IPC namespace: the host's")));
    for (List<String> module :
        List.of(
            List.of("sysvmsg", "message queues"),
            List.of("sysvsem", "semaphores"),
            List.of("sysvshm", "shared memory"))) {
      rows.add(
          kernel(module.get(0), choice("disable", "new", "inherit"))
              .policy(PolicyGroup.SAFE)
              .needs("inherit", PolicyGroup.ALL)
              .since("11.0")
              .module(module.get(0))
              .byDefault("disable")
              .says(
                  "Whether the jail has System V "
                      + module.get(1)
                      + ": the host's (inherit), its own (new), or none.")
              .linux(
                  always(asThere("an IPC namespace"))
                      .but("inherit", asThere("no IPC namespace: the host's"))
                      .but("disable", asThere("seccomp refuses the system calls"))));
    }
    return inGroup(ParameterGroup.IPC, rows);
  }

  private static List<Row> commands() {
    return inGroup(
        ParameterGroup.COMMANDS,
        hook("exec.prepare", "on the host, before anything else is done for the jail")
            .policy(PolicyGroup.HOST_HOOK)
            .since("12.2"),
        hook("exec.prestart", "on the host, with everything mounted and no jail yet")
            .policy(PolicyGroup.HOST_HOOK),
        hook("exec.created", "on the host, once the jail is there, before anything runs in it")
            .policy(PolicyGroup.HOST_HOOK)
            .since("12.0"),
        hook("exec.start", "in the jail, when it has been created").policy(PolicyGroup.SAFE),
        hook("command", "in the jail, after exec.start")
            .policy(PolicyGroup.SAFE)
            .addsTo("exec.start")
            .otherNames("Command"),
        hook("exec.poststart", "on the host, when the commands in the jail are done")
            .policy(PolicyGroup.HOST_HOOK),
        hook("exec.prestop", "on the host, before the jail is stopped")
            .policy(PolicyGroup.HOST_HOOK),
        hook("exec.stop", "in the jail, before its processes get the signal to end")
            .policy(PolicyGroup.SAFE),
        hook("exec.poststop", "on the host, when the jail is gone, with everything still mounted")
            .policy(PolicyGroup.HOST_HOOK),
        hook("exec.release", "on the host, when all that was made for the jail is gone")
            .policy(PolicyGroup.HOST_HOOK)
            .since("12.2"),
        pseudo("exec.clean", new ParameterType.Flag())
            .policy(PolicyGroup.SAFE)
            .byDefault("false; with gaol run true")
            .says(
                "Runs commands with no variables but HOME, SHELL, TERM, USER and the login"
                    + " class's. What a job and Nomad set stays.")
            .linux(
                asThere(
                    "the variables that the jail is made with; it begins in the user's home, where"
                        + " the jail has that")),
        pseudo("exec.jail_user", Text.of(Text.UNLIMITED, "the name of a user", "\\S+"))
            .policy(PolicyGroup.SAFE)
            .byDefault("root")
            .says("Whom the commands in the jail run as, by the jail's passwd(5).")
            .linux(asThere("the user and groups that the jail is made with")),
        pseudo("exec.system_jail_user", new ParameterType.Flag())
            .policy(PolicyGroup.SAFE)
            .byDefault("false")
            .says("Looks exec.jail_user up in the host's passwd(5).")
            .with(WORKS_WITH, "exec.jail_user", "", "it is who is looked up")
            .linux(asThere("the host's passwd(5) and group(5)")),
        pseudo("exec.system_user", Text.of(Text.UNLIMITED, "the name of a user", "\\S+"))
            .policy(PolicyGroup.HOST_HOOK)
            .byDefault("root")
            .says("Whom the commands on the host run as.")
            .linux(asThere("setpriv(1), with the user's groups")),
        pseudo("exec.timeout", WholeNumber.from(0, "seconds"))
            .policy(PolicyGroup.SAFE)
            .byDefault("0: none")
            .says("How long each command may take.")
            .linux(asThere("Gaol's own clock")),
        pseudo("exec.consolelog", new ParameterType.FilePath())
            .policy(PolicyGroup.SAFE)
            .says(
                "A file of the host that what the commands in the jail print is added to. What"
                    + " exec.stop prints is told as an event.")
            .linux(
                new LinuxVerdict.Emulated(
                    "tee(1) beside the supervisor",
                    "the file gets a copy, and the task's own log stays whole; what exec.stop prints"
                        + " is told as an event only")),
        pseudo("stop.timeout", WholeNumber.from(0, "seconds"))
            .policy(PolicyGroup.SAFE)
            .byDefault("10; in a Nomad job its kill_timeout")
            .says("How long the jail's processes have to end after SIGTERM; 0 kills them at once.")
            .linux(asThere("Gaol's own clock")));
  }

  private static List<Row> mounts() {
    String mounts =
        "bind mounts, tmpfs, proc, sysfs and overlayfs, and mount(8) on the host for the file"
            + " systems of disks and of other hosts; what differs is told for each line";
    LinuxVerdict fewerDevices =
        refused(
            "the runtime makes null, zero, full, random, urandom and tty in every jail; use 4, or"
                + " leave it out");
    return inGroup(
        ParameterGroup.MOUNTS,
        pseudo("mount", new ParameterType.Mount())
            .policy(PolicyGroup.MOUNT)
            .repeatable()
            .says("File systems that are mounted before the jail is created, as fstab(5) lines.")
            .linux(asThere(mounts)),
        pseudo("mount.fstab", new ParameterType.FilePath())
            .repeatable()
            .says("Files of fstab(5) lines that are mounted before the jail is created.")
            .linux(asThere(mounts)),
        pseudo("mount.devfs", new ParameterType.Flag())
            .policy(PolicyGroup.SAFE)
            .byDefault("false; with gaol run true")
            .says("Mounts devfs(5) on /dev, with the ruleset of devfs_ruleset, or else 4.")
            .linux(
                always(
                        new LinuxVerdict.Emulated(
                            "a tmpfs with the standard devices",
                            "the runtime makes a /dev all the same, with null, zero, full, random,"
                                + " urandom and tty"))
                    .but(
                        "true",
                        new LinuxVerdict.Emulated(
                            "a tmpfs with the standard devices, and a device cgroup",
                            "a tmpfs with the standard devices stands for devfs"))),
        pseudo("mount.fdescfs", new ParameterType.Flag())
            .policy(PolicyGroup.SAFE)
            .since("12.0")
            .byDefault("false")
            .says("Mounts fdescfs(5) on /dev/fd.")
            .linux(
                always(new LinuxVerdict.AlreadySo("every jail has /dev/fd"))
                    .but(
                        "false",
                        new LinuxVerdict.Emulated(
                            "a link to /proc/self/fd", "every jail has /dev/fd here"))),
        pseudo("mount.procfs", new ParameterType.Flag())
            .policy(PolicyGroup.SAFE)
            .since("12.0")
            .byDefault("false")
            .says("Mounts procfs(5) on /proc.")
            .linux(
                always(refused("the runtime needs a /proc; leave the parameter out"))
                    .but("true", new LinuxVerdict.AlreadySo("every jail has /proc"))),
        kernel("devfs_ruleset", WholeNumber.between(0, 65_535))
            .policy(PolicyGroup.SAFE)
            .since("9.1")
            .byDefault("the parent's; mount.devfs takes 4")
            .says("The devfs(8) ruleset that devfs is mounted with in the jail.")
            .linux(
                always(
                        refused(
                            "the standard devices are ruleset 4, and no other ruleset is known"
                                + " here; use 4, or have the operator define it in"
                                + " devfs_rulesets of the plugin's config"))
                    .but("0", refused("all devices of the host would be the host; use 4"))
                    .but("1", fewerDevices)
                    .but("2", fewerDevices)
                    .but("3", fewerDevices)
                    .but("4", asThere("a tmpfs with the standard devices, and a device cgroup"))
                    .but(
                        "5",
                        new LinuxVerdict.Emulated(
                            "a tmpfs with the standard devices, and a device cgroup",
                            "the devices are those of ruleset 4: Linux has no /dev/pf"))),
        onlyFreeBsd(pseudo("zfs.dataset", Text.of(255, "the name of a ZFS dataset", "[^\\s,]+")))
            .policy(PolicyGroup.MOUNT)
            .repeatable()
            .since("15.0")
            .says("ZFS datasets that are attached to the jail once it is there, zfs-jail(8).")
            .with(WORKS_WITH, "allow.mount.zfs", "true", "the jail mounts them itself"),
        onlyFreeBsd(kernel("zfs.mount_snapshot", WholeNumber.between(0, 1)))
            .policy(PolicyGroup.MOUNT)
            .since("14.0")
            .module("zfs")
            .byDefault("0")
            .says("Whether users in the jail may enter .zfs and its snapshots."));
  }

  // ---- how a row is written

  private static final String BELOW_TWO =
      "jail(8) lets nobody mount in a jail whose enforce_statfs is 2";

  private static List<Row> inGroup(ParameterGroup group, Row... rows) {
    return inGroup(group, List.of(rows));
  }

  private static List<Row> inGroup(ParameterGroup group, List<Row> rows) {
    return rows.stream().map(row -> row.group(group)).toList();
  }

  private static Row kernel(String name, ParameterType type) {
    return new Row(name, KERNEL, type);
  }

  private static Row pseudo(String name, ParameterType type) {
    Row row = new Row(name, PSEUDO, type).since("9.1");
    row.settable = Settable.AT_CREATION;
    return row;
  }

  private static Row permission(String name) {
    return kernel(name, new ParameterType.Flag()).limited().byDefault("false");
  }

  private static Row mountPermission(String name, String since, String what) {
    return permission(name)
        .since(since)
        .says("May mount and unmount " + what + ".")
        .with(WORKS_WITH, "allow.mount", "true", "it is asked for first")
        .with(WORKS_WITH, "enforce_statfs", List.of("0", "1"), BELOW_TWO)
        .linux(noMounts());
  }

  private static ByValue<LinuxVerdict> noMounts() {
    return always(
            new LinuxVerdict.Emulated(
                "nothing is done",
                "no effect: jail(8) allows mounts only with enforce_statfs below 2, and Linux"
                    + " never does in a jail"))
        .but("false", new LinuxVerdict.AlreadySo("no jail may mount"));
  }

  private static Row hook(String name, String when) {
    return pseudo(name, new ParameterType.CommandLine())
        .repeatable()
        .byDefault(
            name.equals("exec.stop") ? "none; with gaol run /bin/sh /etc/rc.shutdown" : "none")
        .says("Commands that run " + when + ".")
        .linux(asThere("sh(1), as jail(8) runs it"));
  }

  private static Row onlyFreeBsd(Row row) {
    return row.linux(refused("only FreeBSD's kernel has it"));
  }

  private static ParameterType choice(String... choices) {
    return new ParameterType.Choice(List.of(choices));
  }

  private static ByValue<LinuxVerdict> always(LinuxVerdict verdict) {
    return ByValue.always(verdict);
  }

  private static ByValue<LinuxVerdict> onlyFalse(String otherwise, String why) {
    return always(refused(otherwise)).but("false", new LinuxVerdict.AlreadySo(why));
  }

  private static LinuxVerdict asThere(String how) {
    return new LinuxVerdict.Native(how);
  }

  private static LinuxVerdict refused(String reason) {
    return new LinuxVerdict.Refused(reason);
  }

  /** A row while it is being written. */
  private static final class Row {
    private final String name;
    private final Kind kind;
    private final ParameterType type;
    private ParameterGroup group = ParameterGroup.IDENTITY;
    private boolean repeatable;
    private Settable settable = Settable.AT_ANY_TIME;
    private Setter setter = Setter.ROOT;
    private Availability availability = Availability.since("8.0");
    private String byDefault = "";
    private String description = "";
    private final List<Relation> relations = new ArrayList<>();
    private ByValue<LinuxVerdict> linux = always(refused("no such thing is known here"));
    // What nobody judged is opened by its own name only.
    private ByValue<PolicyGroup> policy = ByValue.always(PolicyGroup.ALL);
    private final List<String> otherNames = new ArrayList<>();
    private Optional<String> addsTo = Optional.empty();

    Row(String name, Kind kind, ParameterType type) {
      this.name = name;
      this.kind = kind;
      this.type = type;
    }

    Row group(ParameterGroup itsGroup) {
      group = itsGroup;
      return this;
    }

    Row repeatable() {
      repeatable = true;
      return this;
    }

    Row atCreation() {
      settable = Settable.AT_CREATION;
      return this;
    }

    Row readOnly() {
      settable = Settable.NEVER;
      setter = Setter.KERNEL;
      return this;
    }

    Row limited() {
      setter = Setter.ROOT_WITHIN_ITS_OWN_LIMITS;
      return this;
    }

    Row since(String first, String... branches) {
      Optional<String> module = availability.module();
      availability = Availability.since(first, branches);
      return module.map(this::module).orElse(this);
    }

    Row module(String module) {
      availability = availability.inModule(module);
      return this;
    }

    Row byDefault(String value) {
      byDefault = value;
      return this;
    }

    Row says(String text) {
      description = text;
      return this;
    }

    Row with(Relation.Kind how, String other, String value, String reason) {
      return with(how, other, value.isEmpty() ? List.of() : List.of(value), reason);
    }

    Row with(Relation.Kind how, String other, List<String> values, String reason) {
      relations.add(new Relation(how, Optional.empty(), other, values, reason));
      return this;
    }

    Row when(String own, Relation.Kind how, String other, String reason) {
      relations.add(new Relation(how, Optional.of(own), other, List.of(), reason));
      return this;
    }

    Row when(String own, Relation.Kind how, String other, String value, String reason) {
      relations.add(new Relation(how, Optional.of(own), other, List.of(value), reason));
      return this;
    }

    Row linux(LinuxVerdict verdict) {
      return linux(always(verdict));
    }

    Row linux(ByValue<LinuxVerdict> realisation) {
      linux = realisation;
      return this;
    }

    Row policy(PolicyGroup itsGroup) {
      policy = ByValue.always(itsGroup);
      return this;
    }

    /** One value needs another group than the parameter. */
    Row needs(String value, PolicyGroup other) {
      policy = policy.but(value, other);
      return this;
    }

    Row otherNames(String other) {
      otherNames.add(other);
      return this;
    }

    Row addsTo(String other) {
      addsTo = Optional.of(other);
      return this;
    }

    JailParameter build() {
      return new JailParameter(
          name,
          group,
          kind,
          type,
          repeatable,
          settable,
          setter,
          availability,
          byDefault,
          description,
          relations,
          linux,
          policy,
          otherNames,
          addsTo);
    }
  }
}
