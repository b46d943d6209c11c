"""The parameters of jails: what the kernel knows (sysctl security.jail.param), and what jail(8) makes
of its own.

Sources: jail(8), jail(2), and what a running 12.2 shows of each.
"""

from collections import namedtuple

#: kind: bool, jailsys, int, uint, ulong, string, ip4, ip6
#: change: "C" only at creation, "CM" later too, "RO" never
#: values: of jailsys, which of disable, new, inherit the kernel takes
#: size: of a string, with its NUL
#: module: what brings it; None is the kernel
Parameter = namedtuple("Parameter", "name kind change since module size values default text")

DISABLE, NEW, INHERIT = 0, 1, 2
JAILSYS = {"disable": DISABLE, "new": NEW, "inherit": INHERIT}
JAILSYS_NAMES = {number: name for name, number in JAILSYS.items()}


def _p(name, kind, change, default=0, since=(12, 0), module=None, size=0, values=(0, 1, 2), text=""):
    return Parameter(name, kind, change, since, module, size, values, default, text)


#: In the order in which the kernel registers them; those of modules come when the module does.
_ALL = [
    _p("jid", "int", "C", text="Jail ID"),
    _p("parent", "int", "RO", text="Jail parent ID"),
    _p("name", "string", "CM", "", size=256, text="Jail name"),
    _p("path", "string", "C", "/", size=1024, text="Jail root path"),
    _p("securelevel", "int", "CM", -1, text="Jail secure level"),
    _p("osreldate", "int", "C", text="Jail value for kern.osreldate and uname -K"),
    _p("osrelease", "string", "C", size=32, text="Jail value for kern.osrelease and uname -r"),
    _p("enforce_statfs", "int", "CM", 2, text="Jail cannot see all mounted file systems"),
    _p("devfs_ruleset", "int", "CM", 0, text="Ruleset for in-jail devfs mounts"),
    _p("persist", "bool", "CM", 0, text="Jail persistence"),
    _p("vnet", "jailsys", "C", INHERIT, values=(1, 2), text="Virtual network stack"),
    _p("dying", "bool", "RO", text="Jail is in the process of shutting down"),
    _p("children.cur", "int", "RO", text="Current number of child jails"),
    _p("children.max", "int", "CM", 0, text="Maximum number of child jails"),
    _p("host", "jailsys", "CM", NEW, values=(1, 2), text="Jail host info"),
    _p("host.hostname", "string", "CM", "", size=256, text="Jail hostname"),
    _p("host.domainname", "string", "CM", "", size=256, text="Jail NIS domainname"),
    _p("host.hostuuid", "string", "CM", "00000000-0000-0000-0000-000000000000", size=64,
       text="Jail host UUID"),
    _p("host.hostid", "ulong", "CM", 0, text="Jail host ID"),
    _p("cpuset.id", "int", "RO", text="Jail cpuset ID"),
    _p("ip4", "jailsys", "C", DISABLE, text="Jail IPv4 address virtualization"),
    _p("ip4.addr", "ip4", "CM", [], text="Jail IPv4 addresses"),
    _p("ip4.saddrsel", "bool", "CM", 1, text="Do (not) use IPv4 source address selection rather than"
       " the primary jail IPv4 address."),
    _p("ip6", "jailsys", "C", DISABLE, text="Jail IPv6 address virtualization"),
    _p("ip6.addr", "ip6", "CM", [], text="Jail IPv6 addresses"),
    _p("ip6.saddrsel", "bool", "CM", 1, text="Do (not) use IPv6 source address selection rather than"
       " the primary jail IPv6 address."),
    _p("allow.set_hostname", "bool", "CM", 1, text="Jail may set hostname"),
    _p("allow.sysvipc", "bool", "CM", text="Jail may use SYSV IPC"),
    _p("allow.raw_sockets", "bool", "CM", text="Jail may create raw sockets"),
    _p("allow.chflags", "bool", "CM", text="Jail may alter system file flags"),
    _p("allow.quotas", "bool", "CM", text="Jail may set file quotas"),
    _p("allow.socket_af", "bool", "CM",
       text="Jail may create sockets other than just UNIX/IPv4/IPv6/route"),
    _p("allow.mlock", "bool", "CM", text="Jail may lock (unlock) physical pages in memory"),
    _p("allow.reserved_ports", "bool", "CM", 1, text="Jail may bind sockets to reserved ports"),
    _p("allow.read_msgbuf", "bool", "CM", since=(12, 1),
       text="Jail may read the kernel message buffer"),
    _p("allow.unprivileged_proc_debug", "bool", "CM", 1, since=(13, 0),
       text="Unprivileged processes may use process debugging facilities"),
    _p("allow.suser", "bool", "CM", 1, since=(13, 0),
       text="Processes in jail with uid 0 have privilege"),
    _p("allow.nfsd", "bool", "CM", since=(13, 3), text="Mountd/nfsd may run in the jail"),
    _p("allow.extattr", "bool", "CM", since=(15, 0),
       text="Jail may set system-level filesystem extended attributes"),
    _p("allow.adjtime", "bool", "CM", since=(15, 0), text="Jail may adjust system time"),
    _p("allow.settime", "bool", "CM", since=(15, 0), text="Jail may set system time"),
    _p("allow.routing", "bool", "CM", since=(15, 0), text="Jail may modify routing table"),
    _p("allow.unprivileged_parent_tampering", "bool", "CM", since=(15, 0),
       text="Unprivileged parent jail processes may tamper with same-uid processes"),
    _p("allow.mount", "bool", "CM", text="Jail may mount/unmount jail-friendly file systems in"
       " general"),
    _p("allow.mount.procfs", "bool", "CM", module="procfs",
       text="Jail may mount the procfs file system"),
    _p("allow.mount.tmpfs", "bool", "CM", module="tmpfs",
       text="Jail may mount the tmpfs file system"),
    _p("allow.mount.fdescfs", "bool", "CM", module="fdescfs",
       text="Jail may mount the fdescfs file system"),
    _p("allow.mount.devfs", "bool", "CM", text="Jail may mount the devfs file system"),
    _p("allow.mount.nullfs", "bool", "CM", module="nullfs",
       text="Jail may mount the nullfs file system"),
    _p("allow.mount.linprocfs", "bool", "CM", module="linprocfs",
       text="Jail may mount the linprocfs file system"),
    _p("allow.mount.linsysfs", "bool", "CM", module="linsysfs",
       text="Jail may mount the linsysfs file system"),
    _p("allow.mount.fusefs", "bool", "CM", module="fusefs",
       text="Jail may mount the fusefs file system"),
    _p("allow.mount.zfs", "bool", "CM", module="zfs", text="Jail may mount the zfs file system"),
    _p("allow.vmm", "bool", "CM", module="vmm", text="Allow use of vmm in a jail."),
    _p("meta", "string", "CM", "", since=(15, 0), size=4096,
       text="Jail meta information hidden from the jail"),
    _p("env", "string", "CM", "", since=(15, 0), size=4096,
       text="Jail meta information readable by the jail"),
    _p("sysvmsg", "jailsys", "CM", DISABLE, text="SYSV message queues"),
    _p("sysvsem", "jailsys", "CM", DISABLE, text="SYSV semaphores"),
    _p("sysvshm", "jailsys", "CM", DISABLE, text="SYSV shared memory"),
    _p("linux", "jailsys", "CM", NEW, module="linux", values=(1, 2), text="Jail Linux parameters"),
    _p("linux.osname", "string", "CM", "Linux", module="linux", size=65,
       text="Jail Linux kernel OS name"),
    _p("linux.osrelease", "string", "CM", "3.2.0", module="linux", size=65,
       text="Jail Linux kernel OS release"),
    _p("linux.oss_version", "int", "CM", 198144, module="linux", text="Jail Linux OSS version"),
    _p("zfs", "jailsys", "CM", NEW, since=(14, 0), module="zfs", text="Jail ZFS parameters"),
    _p("zfs.mount_snapshot", "int", "CM", 0, since=(14, 0), module="zfs",
       text="Allow mounting snapshots in the .zfs directory for unjailed datasets"),
    _p("mac.do", "jailsys", "CM", DISABLE, since=(14, 3), module="mac_do",
       text="Jail MAC/do parameters"),
    _p("mac.do.rules", "string", "CM", "", since=(14, 3), module="mac_do", size=1024,
       text="Jail MAC/do rules"),
]

BY_NAME = {parameter.name: parameter for parameter in _ALL}

#: jail(8)'s own: name to (kind, whether values add up).
PSEUDO = {
    "exec.prepare": ("command", True),
    "exec.prestart": ("command", True),
    "exec.created": ("command", True),
    "exec.start": ("command", True),
    "command": ("command", True),
    "exec.poststart": ("command", True),
    "exec.prestop": ("command", True),
    "exec.stop": ("command", True),
    "exec.poststop": ("command", True),
    "exec.release": ("command", True),
    "exec.clean": ("bool", False),
    "exec.jail_user": ("string", False),
    "exec.system_jail_user": ("bool", False),
    "exec.system_user": ("string", False),
    "exec.timeout": ("int", False),
    "exec.consolelog": ("string", False),
    "exec.fib": ("int", False),
    "stop.timeout": ("int", False),
    "interface": ("string", False),
    "vnet.interface": ("string", True),
    "zfs.dataset": ("string", True),
    "ip_hostname": ("bool", False),
    "mount": ("string", True),
    "mount.fstab": ("string", True),
    "mount.devfs": ("bool", False),
    "mount.fdescfs": ("bool", False),
    "mount.procfs": ("bool", False),
    "allow.dying": ("bool", False),
    "allow.nodying": ("bool", False),
    "depend": ("string", True),
}

_PSEUDO_SINCE = {"zfs.dataset": (15, 0)}


def pseudo(name, release):
    """(kind, adds up) of one of jail(8)'s own; None if it is none."""
    return PSEUDO.get(name) if release >= _PSEUDO_SINCE.get(name, (12, 0)) else None


#: Linux emulation has its parameters in a module that both of its two load.
_LINUX = ("linux", "linux64", "linux_common")


def _present(parameter, release, modules):
    if release < parameter.since:
        return False
    if parameter.module == "linux":
        return any(module in modules for module in _LINUX)
    return parameter.module is None or parameter.module in modules


def known(release, modules):
    """The kernel's parameters on a host, in no order."""
    return [parameter for parameter in _ALL if _present(parameter, release, modules)]


#: Texts of lines KEY=VALUE, each of which is a parameter by itself: meta.KEY.
KEYED = ("meta", "env")


def described(name):
    """A parameter of any release by its name; None if there is none."""
    group, _, key = name.partition(".")
    if group in KEYED and key:
        return BY_NAME[group]._replace(name=name)
    return BY_NAME.get(name)


def find(name, release, modules):
    """A kernel parameter by its name; None if this kernel has none."""
    parameter = described(name)
    return parameter if parameter is not None and _present(parameter, release, modules) else None


def module_to_load(name):
    """The module that libjail tries when a parameter is unknown; None if it tries none."""
    if name == "linux" or name.startswith("linux."):
        return "linux"
    if name in ("sysvmsg", "sysvsem", "sysvshm"):
        return name
    if name.startswith("allow.mount."):
        return name[len("allow.mount."):]
    return None


def printed_order(parameters):
    """As jls(8) has them: those without a dot first, each part by the alphabet."""
    return sorted(parameters, key=lambda p: ("." in p.name, p.name))


def is_group(parameter):
    """Whether sysctl(8) shows it as what describes a group of others: with a dot at its end."""
    return parameter.name == "allow.mount" or parameter.kind == "jailsys" and parameter.name != "vnet"


def registered_order(known_ones, modules, in_kernel):
    """As sysctl(8) has them: in each group what was registered last is first.

    modules: in the order in which they were loaded; in_kernel: those of them that were never loaded.
    """
    ages = {}
    for index, parameter in enumerate(_ALL):
        module = parameter.module
        if module in modules and module not in in_kernel:
            index += 1000 * (1 + modules.index(module))
        ages[parameter.name] = index
    groups = {}
    for parameter in known_ones:
        parts = parameter.name.split(".")
        for length in range(1, len(parts) + (1 if is_group(parameter) else 0)):
            group = ".".join(parts[:length])
            groups[group] = min(groups.get(group, ages[parameter.name]), ages[parameter.name])

    def newest_first(parameter):
        parts = parameter.name.split(".")
        above = [".".join(parts[:length]) for length in range(1, len(parts))]
        if is_group(parameter):
            above.append(parameter.name)
        return [-groups[group] for group in above] + [-ages[parameter.name]]

    return sorted(known_ones, key=newest_first)


def no_name(name):
    """"allow.nomount.devfs" never: the "no" stands before the last part."""
    head, dot, last = name.rpartition(".")
    return head + dot + "no" + last


def without_no(name):
    """The name that a "no" form negates; None if it is no such form."""
    head, dot, last = name.rpartition(".")
    return head + dot + last[2:] if last.startswith("no") else None
