"""What a command sees from where it runs: a jail sees what is below it, under shorter names."""

import os

from . import kernel, processes


def _namespace(process):
    try:
        return os.readlink("/proc/%s/ns/pid" % process)
    except OSError:
        return None


def jail(state):
    """The jail that this process is in; None on the host, which always has a /proc."""
    here = _namespace("self")
    if here is None:
        return None
    return next((found for found in kernel.jails(state)
                 if found["init"] and here == _namespace(found["init"])), None)


def collect(state):
    """Lets go of jails that have ended; from inside a jail nobody can tell which have."""
    if _namespace("self") is not None and jail(state) is None:
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
