"""Where a command runs: on the host, or in which jail.

A jail's namespaces are known by the numbers of their inodes, which its record keeps: a command in a
jail may have no /proc, and the numbers of processes are others there.
"""

import os

#: ioctl(2) requests that answer with a namespace: of a socket, and of a pidfd (Linux 6.11).
_OF_SOCKET = 0x894C
_OF_PIDFD = {"net": 0xFF04, "pid": 0xFF05}


#: Where processes are looked up.
proc = "/proc"


def by_proc(kind, pid="self"):
    """The number of a process's namespace; 0 where there is no /proc of it."""
    try:
        return os.stat("%s/%s/ns/%s" % (proc, pid, kind)).st_ino
    except OSError:
        return 0


def of_process(kind, pid="self"):
    """The same; this process is known also where there is no /proc."""
    return by_proc(kind, pid) or _by_descriptor(kind, os.getpid() if pid == "self" else pid)


def _by_descriptor(kind, pid):
    import _socket
    import fcntl
    try:
        if kind == "net" and pid == os.getpid():
            asked = _socket.socket(2, 2, 0)
            descriptor = fcntl.ioctl(asked.fileno(), _OF_SOCKET)
            asked.close()
        else:
            asked = os.pidfd_open(pid)
            descriptor = fcntl.ioctl(asked, _OF_PIDFD[kind])
            os.close(asked)
        try:
            return os.fstat(descriptor).st_ino
        finally:
            os.close(descriptor)
    except (OSError, AttributeError):
        return 0


def namespaces(pid):
    """What a jail's record keeps of its init; the number is that of this process's own namespace."""
    return {kind: _by_descriptor(kind, pid) or by_proc(kind, pid) for kind in ("net", "pid")}


def _number(jail, kind):
    kept = jail.get("namespaces")
    return kept[kind] if kept else of_process(kind, jail["init"])


def vnet(state):
    """The number of the jail whose network stack this process has; 0 is the host's."""
    own = of_process("net")
    for jail in state["jails"].values():
        if own and jail["values"]["vnet"] == 1 and _number(jail, "net") == own:
            return jail["jid"]
    return 0


def is_host(state):
    """Whether this process is on the host, which always has a /proc of its own."""
    return by_proc("pid") != 0 and jail(state) is None


def jail(state):
    """The jail that this process is in; None on the host, and where nobody can tell."""
    own = of_process("pid")
    for candidate in state["jails"].values():
        if own and _number(candidate, "pid") == own:
            return candidate
    return None


# ---- what is elsewhere called otherwise

def root(candidate):
    """A jail's root, as the host has it; None is the host."""
    return "/" if candidate is None else candidate.get("root") or candidate["values"]["path"]


def below(upper, path):
    """A path of a root, as the one above has it."""
    return os.path.normpath(upper + "/" + path)


def seen_from(upper, path):
    """A path as who has another root sees it."""
    if upper == "/":
        return path
    return path[len(upper):] or "/" if path == upper or path.startswith(upper + "/") else path


def localize(state):
    """Numbers of processes are others in a jail, and paths are: those of jails are made what they are
    here."""
    if not state["jails"]:
        return
    here = jail(state)
    for candidate in state["jails"].values():
        candidate["here"] = seen_from(root(here), root(candidate))
        if here is not None:
            candidate["init"] = 1 if candidate is here else \
                candidate.get("inits", {}).get(str(here["jid"]), 0)
        elif not candidate["init"]:
            _find_init(state, candidate)


def _find_init(state, candidate):
    """What was made in a jail, and has no number on the host yet."""
    for name in os.listdir("/proc"):
        if name.isdigit() and by_proc("pid", name) == candidate["namespaces"]["pid"]:
            numbers = inits(state, candidate, int(name))
            if numbers:
                candidate["inits"] = numbers
                candidate["init"] = numbers["0"]
                return


def inits(state, candidate, pid):
    """The numbers of a jail's init, as the host and each jail above it have them; none if it is another
    process of the jail."""
    try:
        with open("/proc/%d/status" % pid, encoding="utf-8", errors="replace") as file:
            numbers = next(line.split()[1:] for line in file if line.startswith("NSpid:"))
    except (OSError, StopIteration):
        return {}
    above, upper = [], candidate["parent"]
    while upper:
        above.insert(0, str(upper))
        upper = state["jails"][str(upper)]["parent"]
    if numbers[-1] != "1" or len(numbers) != len(above) + 2:
        return {}
    return dict(zip(["0"] + above, map(int, numbers)))


def globalized(state):
    """The state without what localize() has made of it."""
    kept = {}
    for number, candidate in state["jails"].items():
        kept[number] = {key: value for key, value in candidate.items() if key != "here"}
        if "inits" in candidate:
            kept[number]["init"] = candidate["inits"].get("0", 0)
    return {**state, "jails": kept}
