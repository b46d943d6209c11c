"""A FreeBSD host in a directory: its settings, and all that its kernel would know.

The state is one JSON file. Whoever changes it holds the lock: two commands at once see each other's
work whole or not at all.
"""

import contextlib
import fcntl
import json
import os

from . import place

RELEASES = {
    "12.2": ("12.2-RELEASE", 1202000),
    "13.3": ("13.3-RELEASE", 1303001),
    "14.3": ("14.3-RELEASE", 1403000),
    "15.0": ("15.0-RELEASE", 1500068),
}

#: What `stand-in set` can change.
SETTINGS = {
    "release": "12.2",
    "hostname": "fbsd122",
    # kern.racct.enable, a tunable of the loader: off in GENERIC. null: a kernel without options RACCT.
    "racct": True,
    # options VIMAGE, in GENERIC since 12.0.
    "vimage": True,
    # What kldstat(8) shows, and what could be loaded.
    "modules": ["kernel", "pf", "nullfs", "tmpfs", "fdescfs", "procfs", "if_bridge", "if_epair",
                "netgraph", "ng_ether", "ng_eiface", "ng_bridge", "ng_socket"],
    "loadable": ["linux", "linux64", "linux_common", "linprocfs", "linsysfs", "fusefs", "zfs",
                 "vmm", "mac_do", "nfsd"],
    # Rulesets of devfs(8) that are in the kernel: rc(8) loads 1 to 4, and 5 since 11.
    "rulesets": [1, 2, 3, 4],
    # Seconds that each jail stays dying; its connections may keep it longer.
    "linger": 0,
    # Seconds by which the clock was set since the boot: kern.boottime and all that is reckoned from it, such as
    # when a process started, have moved with it.
    "clock_step": 0,
    # Folders of this machine that the host has too, at the same place. Only for `stand-in make`.
    "shared": [],
    # The name of a pool of zfs(8); none by default, and no zfs(8) then.
    "pool": "",
}


def fresh_state():
    from . import graph, network
    return {
        "settings": dict(SETTINGS),
        "next_jid": 1,
        "jails": {},
        "rules": [],
        "usage": {},
        "users": {},
        "interfaces": network.fresh_interfaces(),
        "routes": network.fresh_routes(),
        "nodes": graph.fresh_nodes(),
        "node_ids": {"0": 1},
        "mounts": [],
        "faults": [],
        "calls": {},
    }


class Host:
    """A stand-in host.

    `state` may be read and changed inside `locked()` alone.
    """

    def __init__(self, directory):
        self.directory = directory
        self.state = None
        self._before = None
        self._depth = 0
        self._lock = None

    def path(self, *names):
        return os.path.join(self.directory, *names)

    @contextlib.contextmanager
    def locked(self):
        """The state, to be read and changed; what was changed is written at the end, also when the
        body raises: what a command did before it failed was done."""
        if self._depth:
            self._depth += 1
            try:
                yield self.state
            finally:
                self._depth -= 1
            return
        self._acquire()
        try:
            yield self.state
        finally:
            self._release()

    def _acquire(self):
        # No O_CLOEXEC is missed: descriptors of Python are not inherited.
        # Whoever runs a command waits for it; who is not root may only read the state.
        self._lock = os.open(self.path("lock"), os.O_RDONLY | os.O_CREAT, 0o644)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            with open(self.path("state.json"), encoding="utf-8", errors="surrogateescape") as file:
                self._before = file.read()
        except FileNotFoundError:
            self._before = ""
        self.state = json.loads(self._before) if self._before else fresh_state()
        place.localize(self.state)
        self._depth = 1

    def _release(self):
        self._depth -= 1
        text = json.dumps(place.globalized(self.state))
        if text != self._before and os.geteuid() == 0:
            new = self.path("state.json.new")
            with open(new, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
            os.replace(new, self.path("state.json"))
        self.state = None
        os.close(self._lock)
        self._lock = None

    # ---- what ran

    def note(self, line):
        """Adds a command to the log, before it does anything. Whoever runs one writes it, also in a jail."""
        log = os.open(self.path("log"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.fchmod(log, 0o666)
        except PermissionError:
            pass  # Who is not root has not made it.
        text = "%d %s\n" % (os.getpid(), line.replace("\\", "\\\\").replace("\n", "\\n"))
        os.write(log, text.encode("utf-8", "surrogateescape"))
        os.close(log)

    def log(self):
        """A line for each command that ran: the number of its process, its name, its arguments."""
        try:
            with open(self.path("log"), encoding="utf-8", errors="surrogateescape") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def forget_log(self):
        with contextlib.suppress(FileNotFoundError):
            os.truncate(self.path("log"), 0)

    # ---- what the host is

    def setting(self, name):
        with self.locked() as state:
            return state["settings"].get(name, SETTINGS.get(name))

    @property
    def release(self):
        """As (12, 2)."""
        return tuple(int(part) for part in self.setting("release").split("."))

    @property
    def osrelease(self):
        return RELEASES[self.setting("release")][0]

    @property
    def osreldate(self):
        return RELEASES[self.setting("release")][1]
