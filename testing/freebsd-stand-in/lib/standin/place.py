"""Where a command runs: on the host, or in which jail.

A jail's namespaces are known by the numbers of their inodes, which its record keeps: a command in a
jail may have no /proc, and the numbers of processes are others there.
"""

import os

#: ioctl(2) requests that answer with a namespace: of a socket, and of a pidfd (Linux 6.11).
_OF_SOCKET, _OF_PIDFD = 0x894C, 0xFF05


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
    return by_proc(kind, pid) or (_own(kind) if pid == "self" else 0)


def _own(kind):
    import _socket
    import fcntl
    try:
        if kind == "net":
            asked = _socket.socket(2, 2, 0)
            descriptor = fcntl.ioctl(asked.fileno(), _OF_SOCKET)
            asked.close()
        else:
            asked = os.pidfd_open(os.getpid())
            descriptor = fcntl.ioctl(asked, _OF_PIDFD)
            os.close(asked)
        try:
            return os.fstat(descriptor).st_ino
        finally:
            os.close(descriptor)
    except (OSError, AttributeError):
        return 0


def namespaces(pid):
    """What a jail's record keeps of its init."""
    return {"net": of_process("net", pid), "pid": of_process("pid", pid)}


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
