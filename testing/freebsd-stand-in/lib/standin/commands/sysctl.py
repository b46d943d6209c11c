"""sysctl(8): reads and sets what the kernel tells of itself.

Sources: sysctl(8), and what a running 12.2 prints. The tree is printed as the kernel has it: in a
group, what was registered last is first.
"""

import os
import sys
import time
from collections import namedtuple

from .. import kernel, modules, parameters, viewpoint
from ..command import warn
from ..errors import EPERM, Exit, Failure, KernelError, Usage
from ..options import parse

#: kind: as -t says; change: "RW", "RD" or "TUN", which is set before the kernel starts.
#: read: of (host, jail that asks or None); None is what sysctl(8) cannot show.
#: write: (host, jail, value), which may raise KernelError; None keeps the value until asked again.
Oid = namedtuple("Oid", "name kind change text read write")

_INTEGER, _STRING, _OPAQUE = "integer", "string", "opaque"
_RANGES = {
    "integer": (-(1 << 31), (1 << 31) - 1),
    "unsigned integer": (0, (1 << 32) - 1),
    "long integer": (-(1 << 63), (1 << 63) - 1),
    "unsigned long": (0, (1 << 64) - 1),
    "uint32_t": (0, (1 << 32) - 1),
    "int64_t": (-(1 << 63), (1 << 63) - 1),
    "uint8_t": (0, 255),
}

#: Where the stand-in keeps what a command has set.
_KEPT = "sysctls"

_GROUPS = {
    "kern": "High kernel, proc, limits &c",
    "kern.features": "Kernel Features",
    "kern.ipc": "IPC",
    "kern.racct": "Resource Accounting",
    "kern.racct.rctl": "Resource Limits",
    "kern.smp": "Kernel SMP",
    "vm": "Virtual memory",
    "vm.stats": "VM meter stats",
    "vm.stats.vm": "VM meter vm stats",
    "vfs": "File system",
    "net": "Network, (see socket.h)",
    "net.inet": "Internet Family",
    "net.inet.ip": "IP",
    "net.inet6": "Internet6 Family",
    "net.inet6.ip6": "IP6",
    "net.link": "Link layers",
    "net.link.epair": "epair sysctl",
    "hw": "hardware",
    "security": "Security",
    "security.bsd": "BSD security policy",
    "security.jail": "Jails",
    "security.jail.param": "Jail parameters",
}


# ---- the tree

def _fixed(name, value, change="RD", text="", kind=None):
    if kind is None:
        kind = _STRING if isinstance(value, str) else _INTEGER
    return Oid(name, kind, change, text, lambda host, jail: _kept(host, name, value), None)


def _kept(host, name, value):
    return host.state.get(_KEPT, {}).get(name, value)


def _of_jail(parameter, otherwise):
    """What a jail has of its own, and the host otherwise."""
    def read(host, jail):
        return otherwise(host) if jail is None else kernel.value(host.state, jail, parameter)
    return read


def _tree(host):
    """Every oid, in the order in which the kernel shows them."""
    return (_kern(host) + _vm() + _vfs() + _net(host) + _hw() + _security_bsd()
            + _security_jail(host))


def _kern(host):
    return [
        *_features(host),
        *_racct(host.setting("racct")),
        _fixed("kern.smp.cpus", os.cpu_count() or 1, text="Number of CPUs online"),
        _fixed("kern.smp.maxcpus", 256, text="Max number of CPUs that the system was compiled for."),
        _fixed("kern.disallow_high_osrel", 0, "RW",
               "Disallow execution of binaries built for higher version of the world"),
        _fixed("kern.module_path", "/boot/kernel;/boot/modules;/boot/dtb;/boot/dtb/overlays", "RW",
               "module load search path"),
        _fixed("kern.ident", ident(host), text="Kernel identifier"),
        _fixed("kern.bootfile", "/boot/kernel/kernel", "RW", "Name of kernel file booted"),
        _fixed("kern.ipc.somaxconn", 128, "RW",
               "Maximum listen socket pending connection accept queue size (compat)"),
        _fixed("kern.ngroups", 1023, "TUN",
               "Maximum number of supplemental groups a user can belong to"),
        Oid("kern.osreldate", _INTEGER, "RD", "Kernel release date",
            _of_jail("osreldate", lambda host: host.osreldate), None),
        Oid("kern.boottime", "opaque", "RD", "Estimated system boottime", _boot_time, None),
        Oid("kern.domainname", _STRING, "RW", "Name of the current YP/NIS domain",
            _of_jail("host.domainname", lambda host: _kept(host, "kern.domainname", "")),
            _set_of_jail("host.domainname", "kern.domainname")),
        Oid("kern.hostuuid", _STRING, "RW", "Host UUID",
            _of_jail("host.hostuuid", lambda host: _kept(
                host, "kern.hostuuid", "00000000-0000-0000-0000-000000000000")),
            _set_of_jail("host.hostuuid", "kern.hostuuid")),
        Oid("kern.hostid", "unsigned long", "RW", "Host ID",
            _of_jail("host.hostid", lambda host: _kept(host, "kern.hostid", 0)),
            _set_of_jail("host.hostid", "kern.hostid")),
        Oid("kern.securelevel", _INTEGER, "RW", "Current secure level",
            _of_jail("securelevel", lambda host: _kept(host, "kern.securelevel", -1)),
            _set_securelevel),
        Oid("kern.hostname", _STRING, "RW", "Hostname", _hostname, _set_hostname),
        _fixed("kern.argmax", 524288, text="Maximum bytes of argument to execve(2)"),
        _fixed("kern.maxfilesperproc", 114678, "RW", "Maximum files allowed open per process"),
        _fixed("kern.maxfiles", 127422, "RW", "Maximum number of files"),
        _fixed("kern.maxproc", 10500, "TUN", "Maximum number of processes"),
        _fixed("kern.version", version(host) + "\n", text="Kernel version"),
        _fixed("kern.osrevision", 199506, text="Operating system revision"),
        Oid("kern.osrelease", _STRING, "RD", "Operating system release",
            _of_jail("osrelease", lambda host: host.osrelease), None),
        _fixed("kern.ostype", "FreeBSD", text="Operating system type"),
    ]


def ident(host):
    """kern.ident: the name of the kernel's configuration."""
    # The 12.2 that was observed had a kernel of its own.
    return "JAILVM" if host.release == (12, 2) else "GENERIC"


def version(host):
    """kern.version without its newline, as uname(1) -v has it."""
    blank = " " if host.release < (13, 0) else ""
    return "FreeBSD %s %s%s" % (host.osrelease, ident(host), blank)


def _racct(enabled):
    if enabled is None:
        return []
    group = "kern.racct."
    return [
        _fixed(group + "rctl.throttle_pct2", 100, "RW", kind="unsigned integer",
               text="Throttling penalty for process consumption, in percent"),
        _fixed(group + "rctl.throttle_pct", 100, "RW", kind="unsigned integer",
               text="Throttling penalty for process consumption, in percent"),
        _fixed(group + "rctl.throttle_max", 200, "RW", kind="unsigned integer",
               text="Longest throttling duration, in hz"),
        _fixed(group + "rctl.throttle_min", 1, "RW", kind="unsigned integer",
               text="Shortest throttling duration, in hz"),
        _fixed(group + "rctl.devctl_rate_limit", 10, "RW",
               "Maximum number of devctl messages per second"),
        _fixed(group + "rctl.log_rate_limit", 10, "RW",
               "Maximum number of log messages per second"),
        _fixed(group + "rctl.maxbufsize", 16777216, "RW", "Maximum output buffer size"),
        _fixed(group + "pcpu_threshold", 1, "RW",
               "Processes with higher %cpu usage than this value can be throttled.",
               "unsigned integer"),
        _fixed(group + "enable", int(enabled), "TUN", "Enable RACCT/RCTL"),
    ]


_FEATURES = (
    ("ufs_acl", "ACL support for UFS"), ("softupdates", "FFS soft-updates support"),
    ("ffs_snapshot", "FFS snapshot support"),
    ("security_mac", "Mandatory Access Control Framework support"),
    ("inet6", "Internet Protocol version 6"), ("inet", "Internet Protocol version 4"),
    ("vimage", "VIMAGE kernel virtualization"), ("aio", "Asynchronous I/O"),
    ("posix_shm", "POSIX shared memory"), ("posix_sem", "POSIX semaphores"),
    ("p1003_1b_semaphores", "POSIX P1003.1B semaphores support"),
    ("p1003_1b_mqueue", "POSIX P1003.1B message queues support"),
    ("sysv_shm", "System V shared memory segments support"),
    ("sysv_sem", "System V semaphores support"),
    ("sysv_msg", "System V message queues support"),
    ("process_descriptors", "Process Descriptors"),
    ("security_capabilities", "Capsicum Capabilities"),
    ("security_capability_mode", "Capsicum Capability Mode"),
    ("stack", "Support for capturing kernel stack"), ("rctl", "Resource Limits"),
    ("racct", "Resource Accounting"), ("ktrace", "Kernel support for system-call tracing"),
    ("kposix_priority_scheduling", "POSIX P1003.1B realtime extensions"),
    ("geom_part_mbr", "GEOM partitioning class for MBR support"),
    ("geom_part_gpt", "GEOM partitioning class for GPT partitions support"),
    ("geom_part_ebr_compat",
     "GEOM EBR partitioning class: backward-compatible partition names"),
    ("geom_part_ebr", "GEOM partitioning class for extended boot records support"),
    ("geom_part_bsd", "GEOM partitioning class for BSD disklabels"),
    ("geom_label", "GEOM labeling support"),
    ("compat_freebsd_32bit", "Compatible with 32-bit FreeBSD"),
)

_LINUX_FEATURES = (
    ("linux64", "Linux 64bit support", "linux64"),
    ("linux", "Linux 32bit support", "linux"),
    ("linuxulator_v4l2", "V4L2 ioctl wrapper support in the linuxulator", "linux_common"),
    ("linuxulator_v4l", "V4L ioctl wrapper support in the linuxulator", "linux_common"),
)


def _features(host):
    loaded = host.setting("modules")
    found = [(name, text) for name, text, module in _LINUX_FEATURES if module in loaded]
    missing = set() if host.setting("vimage") else {"vimage"}
    if host.setting("racct") is None:
        missing |= {"racct", "rctl"}
    found += [(name, text) for name, text in _FEATURES if name not in missing]
    return [_fixed("kern.features." + name, 1, text=text) for name, text in found]


def _vm():
    return [
        _fixed("vm.swap_total", 0, text="Total amount of available swap storage.", kind="unsigned long"),
        _fixed("vm.nswapdev", 0, text="Number of swap devices"),
        _fixed("vm.stats.vm.v_free_count", 1195961, text="Free pages", kind="unsigned integer"),
        _fixed("vm.stats.vm.v_page_count", 1278912, text="Total number of pages in system",
               kind="unsigned integer"),
        _fixed("vm.stats.vm.v_page_size", 4096, text="Page size in bytes", kind="unsigned integer"),
        _fixed("vm.overcommit", 0, "RW",
               "Configure virtual memory overcommit behavior. See tuning(7) for details."),
    ]


def _vfs():
    return [_fixed("vfs.usermount", 0, "RW", "Unprivileged users may mount and unmount file systems")]


def _net(host):
    found = [
        _fixed("net.inet.ip.forwarding", 0, "RW", "Enable IP forwarding between interfaces"),
        _fixed("net.inet6.ip6.forwarding", 0, "RW", "Enable forwarding of IPv6 packets between"
               " interfaces"),
    ]
    if "if_epair" in host.setting("modules") and host.release >= (14, 0):
        found.append(_fixed("net.link.epair.ether_gen_addr", int(host.release >= (15, 0)), "RW",
                            "Generate MAC with FreeBSD OUI using ether_gen_addr(9)"))
    return found


def _hw():
    memory = 5354311680
    return [
        _fixed("hw.machine_arch", "amd64", text="System architecture"),
        _fixed("hw.floatingpoint", 1, text="Floating point instructions executed in hardware"),
        _fixed("hw.realmem", 5368709120, text="Amount of memory (in bytes) reported by the firmware",
               kind="unsigned long"),
        _fixed("hw.pagesize", 4096, text="System memory page size"),
        _fixed("hw.usermem", memory - 471859200,
               text="Amount of memory (in bytes) which is not wired", kind="unsigned long"),
        _fixed("hw.physmem", memory, text="Amount of physical memory (in bytes)",
               kind="unsigned long"),
        _fixed("hw.byteorder", 1234, text="System byte order"),
        _fixed("hw.ncpu", os.cpu_count() or 1, text="Number of active CPUs"),
        _fixed("hw.model", "QEMU TCG CPU version 2.5+", text="Machine model"),
        _fixed("hw.machine", "amd64", text="Machine class"),
    ]


def _security_bsd():
    rows = (
        ("stack_guard_page", 1, "Specifies the number of guard pages for a stack that grows"),
        ("unprivileged_get_quota", 0, "Unprivileged processes may retrieve quotas for other uids and"
         " gids"),
        ("allow_read_dir", 0, "Enable read(2) of directory by root for filesystems that support it"),
        ("hardlink_check_gid", 0, "Unprivileged processes cannot create hard links to files owned by"
         " other groups"),
        ("hardlink_check_uid", 0, "Unprivileged processes cannot create hard links to files owned by"
         " other users"),
        ("unprivileged_idprio", 0, "Allow non-root users to set an idle priority"),
        ("unprivileged_proc_debug", 1, "Unprivileged processes may use process debugging facilities"),
        ("conservative_signals", 1, "Unprivileged processes prevented from sending certain signals to"
         " processes whose credentials have changed"),
        ("see_jail_proc", 1, "Unprivileged processes may see subjects/objects with different jail"
         " ids"),
        ("see_other_gids", 1, "Unprivileged processes may see subjects/objects with different real"
         " gid"),
        ("see_other_uids", 1, "Unprivileged processes may see subjects/objects with different real"
         " uid"),
        ("unprivileged_read_msgbuf", 1, "Unprivileged processes may read the kernel message buffer"),
        ("unprivileged_mlock", 1, "Allow non-root users to call mlock(2)"),
        ("suser_enabled", 1, "processes with uid 0 have privilege"),
        ("map_at_zero", 0, "Permit processes to map an object at virtual address 0."),
    )
    return [_fixed("security.bsd." + name, value, "TUN" if name == "map_at_zero" else "RW", text)
            for name, value, text in rows]


#: security.jail.*: what only matters to the old form of jail(8).
_OLD_RULES = (
    ("devfs_ruleset", 0, "RD", "Ruleset for the devfs filesystem in jail (deprecated)"),
    ("enforce_statfs", 2, "RW", "Processes in jail cannot see all mounted file systems (deprecated)"),
    ("mount_allowed", 0, "RW",
     "Processes in jail can mount/unmount jail-friendly file systems (deprecated)"),
    ("chflags_allowed", 0, "RW", "Processes in jail can alter system file flags (deprecated)"),
    ("allow_raw_sockets", 0, "RW", "Prison root can create raw sockets (deprecated)"),
    ("sysvipc_allowed", 0, "RW", "Processes in jail can use System V IPC primitives (deprecated)"),
    ("socket_unixiproute_only", 1, "RW", "Processes in jail are limited to creating UNIX/IP/route"
     " sockets only (deprecated)"),
    ("set_hostname_allowed", 1, "RW", "Processes in jail can set their hostnames (deprecated)"),
    ("jail_max_af_ips", 255, "RW",
     "Number of IP addresses a jail may have at most per address family (deprecated)"),
)


def _security_jail(host):
    loaded = host.setting("modules")
    known = parameters.registered_order(
        parameters.known(host.release, loaded), loaded, modules.in_kernel(host.state))
    found = []
    for parameter in known:
        if parameter.name.startswith("allow.mount.") or parameter.name == "allow.vmm":
            name = parameter.name[len("allow."):].replace(".", "_") + "_allowed"
            found.append(_fixed("security.jail." + name, 0, "RW",
                                parameter.text + " (deprecated)"))
    if host.release >= (15, 0):
        found.append(Oid("security.jail.env", _STRING, "RD",
                         "Meta information provided by parent jail",
                         _of_jail("env", lambda host: ""), None))
        found.append(_fixed("security.jail.meta_maxbufsize", 4096, "RW",
                            "Maximum buffer size of each meta and env", "uint32_t"))
    found += [_of_parameter(parameter) for parameter in known]
    found += [_fixed("security.jail." + name, value, change, text)
              for name, value, change, text in _OLD_RULES]
    found.append(Oid("security.jail.vnet", _INTEGER, "RD", "Jail owns vnet?",
                     lambda host, jail: int(jail is not None
                                            and jail["values"]["vnet"] == parameters.NEW), None))
    found.append(Oid("security.jail.jailed", _INTEGER, "RD", "Process in jail?",
                     lambda host, jail: int(jail is not None), None))
    found.append(Oid("security.jail.list", _OPAQUE, "RD", "List of active jails", None, None))
    return found


def _of_parameter(parameter):
    name = "security.jail.param." + parameter.name
    if parameters.is_group(parameter):
        name += "."
    change = "RD" if parameter.change == "RO" else "TUN" if parameter.change == "C" else "RW"
    if parameter.kind in ("ip4", "ip6"):
        return Oid(name, _OPAQUE, change, parameter.text, None, None)
    kind = {"string": _STRING, "ulong": "unsigned long"}.get(parameter.kind, _INTEGER)
    # What it describes is set with jail(8); as a sysctl it answers how long a text may be.
    value = str(parameter.size) if kind == _STRING else 0
    return Oid(name, kind, change, parameter.text, lambda host, jail: value, _refuse)


# ---- what can be set

def _refuse(host, jail, value):
    raise KernelError(EPERM)


def _hostname(host, jail):
    if jail is None:
        return host.state["settings"]["hostname"]
    return viewpoint.value(host.state, viewpoint.jail(host.state), jail, "host.hostname")


def _set_hostname(host, jail, value):
    viewpoint.set_hostname(host, viewpoint.jail(host.state), jail, value)


def _set_of_jail(parameter, name):
    def write(host, jail, value):
        if jail is None:
            host.state.setdefault(_KEPT, {})[name] = value
        elif not jail["values"]["allow.set_hostname"]:
            raise KernelError(EPERM)
        else:
            kernel.jail_set(host, {"jid": jail["jid"], parameter: value}, False, True)
    return write


def _set_securelevel(host, jail, value):
    now = _of_jail("securelevel", lambda host: _kept(host, "kern.securelevel", -1))(host, jail)
    if value < now:
        raise KernelError(EPERM)
    if jail is None:
        host.state.setdefault(_KEPT, {})["kern.securelevel"] = value
    else:
        jail["values"]["securelevel"] = value


def _boot_time(host, jail):
    with open("/proc/uptime", encoding="ascii") as file:
        booted = time.time() - float(file.read().split()[0]) + host.setting("clock_step")
    return "{ sec = %d, usec = %d } %s" % (
        booted, booted % 1 * 1_000_000, time.strftime("%a %b %e %T %Y", time.localtime(booted)))


# ---- the command

_USAGES = (
    ((14, 3), "usage: sysctl [-bdeFhilNnoqTtVWx] [ -B <bufsize> ] [-f filename] [-j jail]"
     " name[=value] ...\n       sysctl [-bdeFhlNnoqTtVWx] [ -B <bufsize> ] [-j jail] -a"),
    ((0, 0), "usage: sysctl [-bdehiNnoqTtWx] [ -B <bufsize> ] [-f filename] name[=value] ...\n"
     "       sysctl [-bdehNnoqTtWx] [ -B <bufsize> ] -a"),
)


class _Call:
    """One call of sysctl."""

    def __init__(self, host):
        self.host = host
        self.jail = None
        self.usage = next(text for release, text in _USAGES if host.release >= release)
        self.given = ""
        self.file = None
        self.tree = None

    def run(self, arguments):
        letters = "AabB:def:hiNnoqtTwWxX" + ("FlVj:" if self.host.release >= (14, 3) else "")
        options, words = parse("sysctl", arguments, letters, self.usage)
        self.given = "".join(letter for letter, _ in options)
        for letter, value in options:
            if letter == "f":
                self.file = value
            elif letter == "j":
                self._enter(value)
        if self.jail is None:
            self.jail = viewpoint.jail(self.host.state)
        if "N" in self.given and "n" in self.given:
            raise Usage(self.usage)
        self.tree = _tree(self.host)
        if any(letter in self.given for letter in "aAX") and not words:
            self._show_all(self.tree)
            return 0
        if not words and self.file is None:
            raise Usage(self.usage)
        failed = self._read_file() if self.file is not None else 0
        for word in words:
            failed += self._one(word, "")
        return failed

    def _enter(self, name):
        self.jail = kernel.find(self.host.state, name)
        if self.jail is None:
            raise Failure('jail %s not found' % (name if name.isdigit() else '"%s"' % name))

    def _read_file(self):
        try:
            with open(self.file, encoding="utf-8", errors="surrogateescape") as file:
                lines = file.read().split("\n")
        except OSError as error:
            raise Failure("%s: %s" % (self.file, error.strerror), 66) from None
        failed = 0
        for number, line in enumerate(lines, 1):
            line = line.partition("#")[0].strip()
            if line:
                failed += self._one(line, " at line %d" % number)
        return failed

    def _one(self, word, where):
        """Shows or sets one; 1 if that failed."""
        name, value = _split(word)
        if value is not None and ("T" in self.given or "W" in self.given):
            warn("sysctl", "Can't set variables when using -T or -W")
            raise Usage(self.usage)
        found, leaf = self._find(name)
        if not found:
            if "i" in self.given:
                return 0
            if "q" not in self.given:
                warn("sysctl", "unknown oid '%s'%s" % (name, where))
            return 1
        if value is None or "d" in self.given:
            if not leaf and "d" in self.given:
                self._show_group(name.rstrip("."))
            self._show_all(found)
            return 0
        if not leaf:
            warn("sysctl", "oid '%s' isn't a leaf node%s" % (name, where))
            return 1
        return self._set(found[0], name, value, word, where)

    def _find(self, name):
        """(what is at a name or below it, whether it is that alone); a dot at the end is nothing."""
        plain = name[:-1] if name.endswith(".") else name
        for oid in self.tree:
            if oid.name == plain:
                return [oid], True
        return [oid for oid in self.tree if oid.name.startswith(plain + ".")], False

    # ---- showing

    def _show_all(self, oids):
        for oid in oids:
            text = self._shown(oid)
            if text is not None:
                self._write(text + "\n")

    def _show_group(self, name):
        if "N" in self.given:
            self._write(name + "\n")
            return
        text = _GROUPS.get(name) or self._group_text(name)
        self._write(("" if "n" in self.given else name + self._joint())
                    + ("node" + self._joint() if "t" in self.given else "") + text + "\n")

    def _group_text(self, name):
        """The text of what describes a group of parameters."""
        return next((oid.text for oid in self.tree if oid.name == name + "."), "")

    def _joint(self):
        return "=" if "e" in self.given else ": "

    def _shown(self, oid):
        """A line of one; None if it has none."""
        if "W" in self.given and oid.change != "RW" or "T" in self.given and oid.change != "TUN":
            return None
        if "N" in self.given:
            return oid.name
        name = "" if "n" in self.given else oid.name + self._joint()
        if "t" in self.given and "d" in self.given:
            return name + oid.kind + self._joint() + oid.text
        if "t" in self.given:
            return name + oid.kind
        if "d" in self.given:
            return name + oid.text
        if oid.read is None:
            return None
        return name + self._text(oid)

    def _text(self, oid):
        value = oid.read(self.host, self.jail)
        if isinstance(value, int) and ("x" in self.given or "X" in self.given):
            low, high = _RANGES[oid.kind]
            digits = 8 if high < 1 << 32 else 16
            return "0x%0*x" % (digits, value & ((1 << 4 * digits) - 1)) if value \
                else "0" * (digits + 2)
        return str(value)

    @staticmethod
    def _write(text):
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(text))
        sys.stdout.buffer.flush()

    # ---- setting

    def _set(self, oid, name, text, word, where):
        if oid.change == "TUN":
            warn("sysctl", "oid '%s' is a read only tunable%s" % (name, where))
            warn("sysctl", "Tunable values are set in /boot/loader.conf")
            return 1
        if oid.change == "RD":
            warn("sysctl", "oid '%s' is read only%s" % (name, where))
            return 1
        if oid.kind == _OPAQUE:
            warn("sysctl", "oid '%s' is type 5, cannot set that%s" % (name, where))
            return 1
        value = text
        if oid.kind != _STRING:
            if text == "":
                warn("sysctl", "empty numeric value")
                return 1
            value = _number(oid.kind, text)
            if value is None:
                warn("sysctl", "invalid %s '%s'%s" % (oid.kind, text, where))
                return 1
        shown = self._shown(oid)
        try:
            kernel.require_root(self.host)
            self._write_value(oid, value)
        except KernelError as error:
            self._write((shown or "") + "\n")
            warn("sysctl", "%s%s: %s" % (word, where, error.text or EPERM))
            return 1
        self._write((shown or "") + " -> " + self._text(oid) + "\n")
        return 0

    def _write_value(self, oid, value):
        if oid.write is not None:
            oid.write(self.host, self.jail, value)
        elif self.jail is not None:
            raise KernelError(EPERM)
        else:
            self.host.state.setdefault(_KEPT, {})[oid.name] = value


def _split(word):
    """(name, value or None): "=" or ":" parts them, blanks around it and quotes go."""
    at = min((word.index(mark) for mark in "=:" if mark in word), default=None)
    if at is None:
        return word.rstrip(), None
    value = word[at + 1:].lstrip()
    if value[:1] in ('"', "'"):
        quote = value[0]
        value = value[1:]
        if value.endswith(quote):
            value = value[:-1]
    return word[:at].rstrip(), value


def _number(kind, text):
    """A number as strtol(3) with any base has it; None if it is none."""
    sign, digits = (text[0], text[1:]) if text[:1] in ("-", "+") else ("", text)
    base = 16 if digits[:2].lower() == "0x" else 8 if digits.startswith("0") and digits != "0" else 10
    try:
        number = int(digits[2:] if base == 16 else digits, base) if "_" not in digits else None
    except ValueError:
        return None
    if number is None:
        return None
    number = -number if sign == "-" else number
    low, high = _RANGES[kind]
    width = high - low + 1
    return (number - low) % width + low


def run(host, name, arguments):
    with host.locked():
        failed = _Call(host).run(arguments)
    if failed:
        raise Exit(failed & 255)
    return 0
