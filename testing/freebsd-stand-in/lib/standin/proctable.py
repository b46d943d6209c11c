"""The table of processes that sysctl(3) shows: to the host all of them, to a jail its own.

What runs is read from a procfs of Linux. A jail has none, or one with other numbers: a command in it
mounts one where nobody else sees it.
"""

import os
import time

from . import linux, place, viewpoint
from .errors import Failure
from .processes import stat

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_NO_TERMINAL = 0

#: What the kernel and init(8) are on a host: the number, the name, the state.
_SYSTEM = [(0, "kernel", "DLs"), (1, "init", "ILs")] + [
    (number, name, "DL") for number, name in enumerate(
        "soaiod1 soaiod2 soaiod3 soaiod4 rand_harvestq pagedaemon vmdaemon bufdaemon audit idle intr geom"
        " vnlru syncer".split(), 2)]
#: What keeps the namespaces of a host is shown as this one of its daemons.
_DAEMON = ("syslogd", "/usr/sbin/syslogd -s")


class Process:
    """One process, as kinfo_proc has it."""

    #: Whether it is the kernel's, or one that only seems to be there.
    is_kernel = is_shown_only = False

    def __init__(self, pid, jid, jail, jailed, fields):
        self.pid, self.jid, self.jail, self.jailed = pid, jid, jail, jailed
        self._fields = fields
        self.ppid, self.pgid, self.sid = (int(fields[index]) for index in (1, 2, 3))
        self.terminal, self.threads, self.nice = int(fields[4]), int(fields[17]), int(fields[16])
        self.rss, self.vsz = int(fields[21]) * _PAGE // 1024, int(fields[20]) // 1024
        self.seconds = (int(fields[11]) + int(fields[12])) / _TICK
        self.seconds_of_ended_children = (int(fields[13]) + int(fields[14])) / _TICK
        self.started = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + int(fields[19]) / _TICK
        self.name = _read(pid, "comm").rstrip("\n")

    def set_clock(self, step):
        """What the clock was set by since the boot moves the start too: the kernel keeps it from the boot on."""
        self.started += step
        self.age = max(time.time() + step - self.started, 0)

    @property
    def state(self):
        text = {"R": "R", "S": "S", "D": "D", "T": "T", "t": "T"}.get(self._fields[0], "I")
        text += "<" if self.nice < 0 else "N" if self.nice > 0 else ""
        text += "s" if self.sid == self.pid else ""
        text += "+" if self.terminal and int(self._fields[5]) == self.pgid else ""
        return text + ("J" if self.jailed else "")

    @property
    def command(self):
        words = _read(self.pid, "cmdline").rstrip("\0").split("\0")
        if words[1:2] == ["-ISE"]:
            # A command of the stand-in, behind what reads it.
            words = [os.path.basename(words[2])] + words[3:]
        return " ".join(words).rstrip() or "[%s]" % self.name

    @property
    def environment(self):
        """Its variables, to root and to whose process it is."""
        return _read(self.pid, "environ").rstrip("\0").replace("\0", " ")

    def _ids(self, line):
        """Of a line of /proc/PID/status the real and the effective number."""
        for text in _read(self.pid, "status").split("\n"):
            if text.startswith(line + ":"):
                return [int(word) for word in text.split()[1:3]]
        return [0, 0]

    @property
    def uids(self):
        return self._ids("Uid")

    @property
    def gids(self):
        return self._ids("Gid")


class _System(Process):
    """A process of the kernel, or init(8), of which Linux has none."""

    is_shown_only = True
    jid, jail, jailed, threads, nice, rss, vsz, seconds = 0, None, False, 1, 0, 0, 0, 0.0
    seconds_of_ended_children = 0.0
    terminal, ppid, pgid, sid = _NO_TERMINAL, 0, 0, 0
    uids = gids = [0, 0]
    state = command = None
    environment = ""

    def __init__(self, pid, name, state):
        self.pid, self.name, self.state = pid, name, state
        self.is_kernel = pid != 1
        self.command = "[%s]" % name if self.is_kernel else "/sbin/init --"
        self.pgid = self.sid = pid if pid == 1 else 0
        self.started = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


class _Daemon(Process):
    is_shown_only = True
    name = command = None

    def __init__(self, pid, fields):
        super().__init__(pid, 0, None, False, fields)
        self.name, self.command = _DAEMON
        self.ppid = 1


def _read(pid, name):
    try:
        with open("%s/%d/%s" % (place.proc, pid, name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def open_kernel():
    """kvm_openfiles(3): what programs that use it say where there is no /dev/null; None otherwise."""
    try:
        os.close(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        return "/dev/null: " + error.strerror
    return None


def seen(host, state):
    """All processes that whoever asks may see, by their numbers. Called with the host locked."""
    viewer = viewpoint.jail(state)
    if viewer is not None:
        _mount_own_proc(host)
    spaces = {jail["namespaces"]["pid"]: jail for jail in state["jails"].values()}
    own = place.by_proc("mnt")
    found = [] if viewer is not None else [_System(*one) for one in _SYSTEM]
    for entry in os.listdir(place.proc):
        if not entry.isdigit():
            continue
        pid = int(entry)
        fields = stat(pid)
        if not fields or fields[0] in "ZX":
            continue
        jail = spaces.get(place.by_proc("pid", pid))
        if jail is None:
            if viewer is None and place.by_proc("mnt", pid) == own:
                found.append(_Daemon(pid, fields) if pid == state["holder"]
                             else Process(pid, 0, None, False, fields))
            continue
        if _is_init(pid):
            continue
        process = Process(pid, jail["jid"], jail["name"], True, fields)
        _hide_what_is_outside(state, viewer, jail, process)
        found.append(process)
    for process in found:
        process.set_clock(state["settings"].get("clock_step", 0))
    return sorted(found, key=lambda process: process.pid)


def _hide_what_is_outside(state, viewer, jail, process):
    """A jail has no process 1 of its own: what its parent has left is init's, which is the host's."""
    if process.ppid == 0:
        # Outside of the jail: whose number it is cannot be seen from here.
        process.ppid = state["holder"]
    elif process.ppid == jail["init"] or _is_init(process.ppid):
        process.ppid = 1
    if viewer is not None:
        # Whoever is in a jail has no number for it.
        process.jid = 0 if jail is viewer else jail["jid"]
        process.jail = None if jail is viewer else viewpoint.value(state, viewer, jail, "name")


def _is_init(pid):
    """Whether a process is the first one of its namespace: a jail's, which is shown to nobody."""
    for line in _read(pid, "status").split("\n"):
        if line.startswith("NSpid:"):
            words = line.split()
            return len(words) > 1 and words[-1] == "1"
    return False


def _mount_own_proc(host):
    """A procfs of this process's jail, that it alone sees."""
    try:
        linux.unshare(linux.NEWNS)
        linux.mount("proc", host.path("proc"), "proc")
    except OSError as error:
        raise Failure("stand-in: a jail's processes cannot be read: " + error.strerror, 70) from None
    place.proc = host.path("proc")


def send(processes, number):
    """kill(2) of each; returns how many were there. What only seems to be there stays."""
    sent = 0
    for process in processes:
        try:
            if not process.is_shown_only:
                os.kill(process.pid, number)
            sent += 1
        except ProcessLookupError:
            pass
    return sent
