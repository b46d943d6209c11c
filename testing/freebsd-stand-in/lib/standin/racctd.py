"""The kernel's racctd: it looks at all processes again and again, and does what rules ask for that are
exceeded: signals, log lines, notes for devd(8), and taking pages away.

Sources: kern_rctl(9) as rctl(8) and rctl_enforce describe it. A rule means a process once, until what it
counts is back below the amount. It runs only while there is a rule that needs it.
"""

import ctypes
import os
import time

from . import limits, linux, messages, racct, rules, signals
from .host import Host

NAME = "racctd"
#: Seconds from look to look; FreeBSD's takes 1.
_PAUSE = 0.2
#: Text of a log line or a note; what is longer is cut. kern.racct.rctl.log_rate_limit is per second.
_LONGEST, _AT_MOST = 127, 10

_PROCESS_MADVISE, _PAGEOUT, _SET_NAME = 440, 21, 15
#: So many bytes are taken away at a time.
_PART = 1 << 20
_GROWING = ("cputime", "wallclock")


def attend(host):
    """Starts it if a rule needs it; for whoever has the lock."""
    state = host.state
    if not any(_watched(rule) for rule in state["rules"]) or _runs(state.get(NAME)):
        return
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        _detach(host.directory)
    finally:
        os._exit(0)


def _watched(rule):
    return rule["action"] not in ("deny", "throttle") or rule["resource"] == "memoryuse" \
        or rule["action"] == "deny" and rule["subject"] != "jail"


def _runs(known):
    """Whether the process that a host knows as its racctd is one still: [number, when it began]."""
    return known is not None and racct.Process(known[0]).begun == known[1]


def _detach(directory):
    os.setsid()
    if os.fork():
        return
    # The lock of the host too, which is not this process's to hold.
    os.closerange(0, 256)
    null = os.open("/dev/null", os.O_RDWR)
    for number in (1, 2):
        os.dup2(null, number)
    os.chdir("/")
    _be_called(NAME)
    host = Host(directory)
    with host.locked() as state:
        if _runs(state.get(NAME)):
            return
        state[NAME] = [os.getpid(), racct.Process(os.getpid()).begun]
    Watch(host).run()


def _be_called(name):
    """As a process of the kernel is shown: by its name, without arguments."""
    linux.LIBC.prctl(_SET_NAME, name.encode(), 0, 0, 0)
    begin, end = (int(field) for field in racct.Process(os.getpid()).fields[45:47])
    ctypes.memset(begin, 0, end - begin)


class Watch:
    """One racctd: what it remembers from look to look."""

    def __init__(self, host):
        self.host = host
        self.changed = None
        self.state = None
        self.before = {}
        self.exceeded = set()
        self.said = []
        self.transferred = {}
        self.looked = time.monotonic()

    def run(self):
        while self._is_needed():
            self.look()
            time.sleep(_PAUSE)

    def _is_needed(self):
        """Reads the state if it is another; without a rule, or without a host, this was the last look."""
        try:
            changed = os.stat(self.host.path("state.json")).st_mtime_ns
        except OSError:
            return False
        if changed == self.changed:
            return True
        with self.host.locked() as state:
            self.changed, self.state = changed, state
            if any(_watched(rule) for rule in state["rules"]):
                return True
            state[NAME] = None
            return False

    def look(self):
        found = [rule for rule in self.state["rules"] if _watched(rule)]
        everyone = racct.everyone(self.state, any(rule["subject"] != "jail" or rule["id"] == "0"
                                                  for rule in found))
        now = time.monotonic()
        self.rates = self._rates(everyone, now - self.looked) \
            if any(rule["resource"] in rules.THROTTLED for rule in found) else {}
        self.looked = now
        self.totals, amounts = {}, {}
        for process in everyone:
            own = limits.rules_among(found, process)
            self._restrict(process, own, everyone)
            for rule in own:
                kind = rule["resource"]
                amounts[process.key, kind] = self._own(process, kind, everyone)
                self._enforce(rule, process, amounts[process.key, kind], everyone)
        self.before = amounts

    def _own(self, process, kind, everyone):
        """What a process uses itself; objects of System V are those of who came last to the jail."""
        if kind in self.rates.get(process.key, ()):
            return self.rates[process.key][kind]
        if kind in racct.SYSV:
            last = max(other.pid for other in everyone if other.jail is process.jail)
            return racct.sysv(process.jail["init"])[kind] if process.jail and last == process.pid else 0
        return process.amount(kind)

    def _rates(self, everyone, seconds):
        """By process, what it read and wrote since the last look."""
        now = {process.key: process.transferred() for process in everyone}
        rates = {key: racct.rates_between(self.transferred.get(key, numbers), numbers, seconds)
                 for key, numbers in now.items()}
        self.transferred = now
        return rates

    def _enforce(self, rule, process, own, everyone):
        over = self._used(rule, process, everyone) - rule["amount"]
        key = process.key, rules.text_of(rule)
        if over <= 0:
            self.exceeded.discard(key)
        elif rule["action"] == "deny":
            if rule["resource"] == "memoryuse":
                self._page_out(rule, process, over)
        elif key not in self.exceeded and (
                rule["resource"] in _GROWING or own > self.before.get((process.key, rule["resource"]), 0)):
            self.exceeded.add(key)
            self._act(rule, process)

    def _page_out(self, rule, process, size):
        """What one process has given, the others of its account need not."""
        freed = page_out(process, size)
        if limits.container(rule, process) + (rule["resource"],) in self.totals:
            self.totals[limits.container(rule, process) + (rule["resource"],)] -= freed

    def _used(self, rule, process, everyone):
        """What the account of a rule has, once for each look."""
        subject, name = limits.container(rule, process)
        kind = rule["resource"]
        if subject == "process":
            return self._own(process, kind, everyone)
        if (subject, name, kind) not in self.totals:
            there = [other for other in everyone if limits.is_of(other, subject, name)]
            if kind in rules.THROTTLED:
                used = sum(self.rates[other.key][kind] for other in there)
            else:
                used = limits.used_by(self.state, subject, name, there, (kind,)).get(kind, 0)
            self.totals[subject, name, kind] = used
        return self.totals[subject, name, kind]

    def _restrict(self, process, own, everyone):
        """Rules of users, login classes and processes mean also those who come later."""
        denied = [rule for rule in own if rule["action"] == "deny" and rule["subject"] != "jail"]
        limits.restrict(process, denied, everyone)

    def _act(self, rule, process):
        text = rules.text_of(rule)
        jail = process.jail["name"] if process.jail else "0"
        if rule["action"] not in ("log", "devctl"):
            number = signals.of_name(rule["action"])
            if number is not None:
                try:
                    os.kill(process.pid, number)
                except ProcessLookupError:
                    pass
        elif not self._may_say():
            pass
        elif rule["action"] == "log":
            messages.say(self.host, 'rctl: rule "%s" matched by pid %d (%s), uid %d, jail %s' % (
                text[:_LONGEST], process.pid, process.name(), process.uid, jail))
        else:
            messages.notify(self.host, "RCTL", "rule", "matched", (
                "rule=%s pid=%d ruid=%d jail=%s" % (text, process.pid, process.uid, jail))[:_LONGEST])

    def _may_say(self):
        """Whether there was not too much of it in this second."""
        now = time.monotonic()
        self.said = [when for when in self.said if now - when < 1] + [now]
        return len(self.said) <= _AT_MOST


class _Range(ctypes.Structure):
    _fields_ = [("begin", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def page_out(process, size):
    """Takes so many resident bytes away from a process, if it has as many; returns how many it was.

    Without swap that is what has a file, or is shared.
    """
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError:
        return 0
    had = left = process.memoryuse()
    for begin, end in process.writable():
        for part in range(begin, end, _PART):
            if had - left >= size:
                break
            wanted = _Range(part, min(_PART, end - part))
            linux.LIBC.syscall(_PROCESS_MADVISE, descriptor, ctypes.byref(wanted), ctypes.c_size_t(1),
                               _PAGEOUT, 0)
            left = racct.Process(process.pid).memoryuse()
    os.close(descriptor)
    return had - left
