"""What a command sees from where it runs: a jail sees what is below it, under shorter names."""

import os

from . import kernel, processes
from .errors import Failure

#: An ioctl(2) of a pidfd that opens its process's namespace, since Linux 6.11.
_PID_NAMESPACE = 0xFF05


def _namespace(process):
    """The number of a process's namespace of processes; 0 where there is no /proc of it."""
    try:
        return os.stat("/proc/%s/ns/pid" % process).st_ino
    except OSError:
        return 0


def _own_namespace():
    """Of this process, which may be in a jail without a /proc."""
    found = _namespace("self")
    if found:
        return found
    import fcntl
    try:
        asked = os.pidfd_open(os.getpid())
        try:
            namespace = fcntl.ioctl(asked, _PID_NAMESPACE)
        finally:
            os.close(asked)
    except OSError:
        return 0
    found = os.fstat(namespace).st_ino
    os.close(namespace)
    return found


def _namespace_of(other):
    """A jail's: its record keeps it for those who cannot look."""
    return other.get("namespaces", {}).get("pid") or _namespace(other["init"])


def on_host():
    """Whether this process may be on the host, which always has a /proc of its own."""
    return _namespace("self") != 0


def jail(state):
    """The jail that this process is in; None on the host.

    A jail without a /proc that cannot be told from others is no host either: better no answer.
    """
    here = _own_namespace()
    for found in kernel.jails(state, dying=True):
        if here and here == _namespace_of(found):
            return found
    if not on_host():
        raise Failure("stand-in: which jail this is cannot be known without /proc", 70)
    return None


def collect(state):
    """Lets go of jails that have ended; from inside a jail nobody can tell which have."""
    if on_host() and jail(state) is None:
        kernel.collect(state)


def jails(state, viewer, dying=False):
    """Those that a viewer sees, in the order of their numbers."""
    found = sorted(kernel.jails(state, dying), key=lambda other: other["jid"])
    if viewer is None:
        return found
    return [other for other in found if other["name"].startswith(viewer["name"] + ".")]


def find(state, viewer, jid, name):
    """(a jail that is alive, one that may be dying) by its number or by the name that it has here."""
    def matching(dying):
        return next((other for other in jails(state, viewer, dying)
                     if (other["jid"] == jid if jid else value(state, viewer, other, "name") == name)),
                    None)
    return matching(False), matching(True)


def value(state, viewer, other, name):
    """What a parameter of a jail is to a viewer."""
    if viewer is None:
        return kernel.value(state, other, name)
    if name == "name":
        return other["name"][len(viewer["name"]) + 1:]
    if name == "parent":
        return 0 if other["parent"] == viewer["jid"] else other["parent"]
    if name == "host.hostname":
        # Whose processes are not seen cannot be asked.
        return os.uname().nodename if other is viewer else other["values"][name]
    return kernel.value(state, other, name)


def set_hostname(host, viewer, other, hostname):
    """From inside a jail its own host name is that of this process."""
    if other is not viewer:
        kernel.jail_set(host, {"jid": other["jid"], "host.hostname": hostname}, False, True)
        return
    processes.set_own_hostname(hostname)
    other["values"]["host.hostname"] = hostname
