"""What racct counts, as far as Linux knows it: the amounts of a process, and of a jail's System V objects.

Where FreeBSD and Linux differ in what they count:
stacksize is 0 until the stack outgrows what every process begins with; swapuse is what is reserved for
memory that has no file; readiops and writeiops are guessed from bytes, in the blocks of UFS; coredumpsize
and nsemop are only there for a moment, and so 0.
"""

import os
import time

from . import linux, place, processes, rules

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: What Linux gives a stack at first.
_FIRST_STACK = 132 << 10
_BLOCK = 32 << 10
#: Which waits for a program in a jail; FreeBSD's becomes it.
_GO_BETWEEN = "jexec"
#: How long the rates of a process are looked at, in seconds.
_GLANCE = 0.02


class Process:
    """A process as it was when it was first looked at."""

    def __init__(self, pid, jail=None):
        self.pid, self.jail = pid, jail
        self.fields = processes.stat(pid)
        self._status = self._maps = None

    @property
    def key(self):
        """Tells it from another that gets its number."""
        return self.pid, self.begun

    @property
    def begun(self):
        return self._field(19)

    @property
    def uid(self):
        """The real one: -1 of a process that is gone."""
        return int(self.status().get("Uid", "-1").split()[0])

    def name(self):
        return processes.name(self.pid)

    def amount(self, kind):
        return int(_MEASURES[kind](self)) if kind in _MEASURES and self.fields else 0

    def _field(self, index):
        return int(self.fields[index]) if self.fields else 0

    def cputime(self):
        return (self._field(11) + self._field(12)) / _TICKS

    def children_cputime(self):
        """Of those that it has waited for."""
        return (self._field(13) + self._field(14)) / _TICKS

    def wallclock(self):
        return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - self.begun / _TICKS)

    def pcpu(self):
        return 100 * self.cputime() / max(self.wallclock(), 1)

    def datasize(self):
        """The data segment: what the program brings, and what brk(2) has added."""
        return self._field(43) - self._field(42) + self.mappings()["heap"]

    def stacksize(self):
        size = self.mappings()["stack"]
        return size if size > _FIRST_STACK else 0

    def memoryuse(self):
        return self._field(21) * _PAGE

    def memorylocked(self):
        return int(self.status().get("VmLck", "0").split()[0]) * 1024

    def vmemoryuse(self):
        return self._field(20)

    def openfiles(self):
        """The size of its descriptor table; the first one, of 20, is not counted."""
        highest = max((int(name) for name in self._descriptors()), default=0)
        if highest < 20:
            return 0
        size = 64
        while size <= highest:
            size *= 2
        return size

    def pseudoterminals(self):
        found = 0
        for name in self._descriptors():
            try:
                found += os.readlink("/proc/%d/fd/%s" % (self.pid, name)).endswith("/ptmx")
            except OSError:
                pass
        return found

    def _descriptors(self):
        try:
            return os.listdir("/proc/%d/fd" % self.pid)
        except OSError:
            return []

    def status(self):
        """/proc/PID/status, by its names."""
        if self._status is None:
            self._status = dict(line.rstrip("\n").split(":\t", 1) for line in self._lines("status")
                                if ":\t" in line)
        return self._status

    def mappings(self):
        """Bytes of the heap, of the stack, and of all that has no file behind it."""
        if self._maps is None:
            self._maps = {"heap": 0, "stack": 0, "anonymous": 0}
            for line in self._lines("maps"):
                addresses, modes, _, _, _, name = (line.rstrip("\n").split(None, 5) + [""])[:6]
                begin, _, end = addresses.partition("-")
                size = int(end, 16) - int(begin, 16)
                if name in ("[heap]", "[stack]"):
                    self._maps[name[1:-1]] += size
                if "w" in modes and ("p" in modes or name.startswith(("/dev/zero", "/SYSV"))):
                    self._maps["anonymous"] += size
        return self._maps

    def writable(self):
        """(begin, end) of what it can write to."""
        for line in self._lines("maps"):
            addresses, modes = line.split()[:2]
            if "w" in modes:
                begin, _, end = addresses.partition("-")
                yield int(begin, 16), int(end, 16)

    def transferred(self):
        """Bytes that it has read from disks and written to them, so far."""
        found = dict(line.split(":") for line in self._lines("io"))
        return int(found.get("read_bytes", 0)), int(found.get("write_bytes", 0))

    def _lines(self, name):
        try:
            with open("/proc/%d/%s" % (self.pid, name), encoding="utf-8", errors="replace") as file:
                return file.readlines()
        except OSError:
            return []


_MEASURES = {
    "cputime": Process.cputime,
    "wallclock": Process.wallclock,
    "datasize": Process.datasize,
    "stacksize": Process.stacksize,
    "memoryuse": Process.memoryuse,
    "memorylocked": Process.memorylocked,
    "maxproc": lambda process: 1,
    "openfiles": Process.openfiles,
    "vmemoryuse": Process.vmemoryuse,
    "pseudoterminals": Process.pseudoterminals,
    "swapuse": lambda process: process.mappings()["anonymous"],
    "nthr": lambda process: process._field(17),
    "pcpu": Process.pcpu,
}


# ---- who there is

def everyone(state, host_too=True):
    """The processes of jails, and with `host_too` of the host, without the stand-in's own."""
    spaces = {place.by_proc("pid", jail["init"]): jail for jail in state["jails"].values()}
    hidden = {jail["init"] for jail in state["jails"].values()} | {state.get("holder")}
    hidden.update((state.get("racctd") or ())[:1])
    own = place.by_proc("mnt")
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in hidden:
            continue
        jail = spaces.get(place.by_proc("pid", name) or None)
        if jail is None and not (host_too and place.by_proc("mnt", name) == own
                                 and processes.name(int(name)) != _GO_BETWEEN):
            continue
        process = Process(int(name), jail)
        if process.fields and process.fields[0] not in "ZX":
            found.append(process)
    return sorted(found, key=lambda process: process.pid)


def total(found, kinds):
    """What processes use together; the time of the children that they waited for is with theirs."""
    used = {kind: sum(process.amount(kind) for process in found)
            for kind in kinds if kind not in ("cputime", "wallclock", "pcpu")}
    used["cputime"] = sum(process.cputime() + process.children_cputime() for process in found)
    used["wallclock"] = sum(process.wallclock() for process in found)
    used["pcpu"] = sum(process.pcpu() for process in found)
    return used


def rates(found):
    """What processes read and write in a second: looked at for a moment, if they did so at all."""
    before = {process: process.transferred() for process in found}
    busy = [process for process in found if any(before[process])]
    if busy:
        time.sleep(_GLANCE)
    used = dict.fromkeys(rules.THROTTLED, 0)
    for process in busy:
        for kind, rate in rates_between(before[process], process.transferred(), _GLANCE).items():
            used[kind] += rate
    return used


def rates_between(before, after, seconds):
    """By resource, from what transferred() said then and now."""
    used = {}
    for name, then, now in zip(("read", "write"), before, after):
        used[name + "bps"] = max(0, now - then) / max(seconds, _GLANCE)
        used[name + "iops"] = -(-used[name + "bps"] // _BLOCK)
    return used


# ---- System V

#: By resource: the file of /proc/sysvipc, and the column that is added up; None counts lines.
SYSV = {"msgqqueued": ("msg", "qnum"), "msgqsize": ("msg", "cbytes"), "nmsgq": ("msg", None),
         "nsem": ("sem", "nsems"), "nshm": ("shm", None), "shmsize": ("shm", "size")}


def sysv(init):
    """The System V objects of a jail, by resource."""
    try:
        text = processes.inside(init, linux.NEWIPC, _read_sysv)
    except OSError:
        text = ""
    numbers = [int(number) for number in text.split()]
    return dict(zip(SYSV, numbers)) if len(numbers) == len(SYSV) else dict.fromkeys(SYSV, 0)


def _read_sysv():
    return " ".join(str(_count(*described)) for described in SYSV.values())


def _count(name, column):
    with open("/proc/sysvipc/" + name, encoding="ascii") as file:
        rows = [line.split() for line in file]
    if column is None:
        return len(rows) - 1
    at = rows[0].index(column)
    return sum(int(row[at]) for row in rows[1:])
