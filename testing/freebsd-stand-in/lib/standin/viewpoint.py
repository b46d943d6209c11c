"""What a command sees from where it runs: a jail sees what is below it, under shorter names."""

import os

from . import kernel, place, processes
from .errors import EPERM, Failure, KernelError


def jail(state):
    """The jail that this process is in; None on the host.

    A jail without a /proc that cannot be told from others is no host either: better no answer.
    """
    found = place.jail(state)
    if found is None and not place.is_host(state):
        raise Failure("stand-in: which jail this is cannot be known without /proc", 70)
    return found


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


def lookup(state, viewer, given, dying=False):
    """As jail_getid(3): digits are a number, all else is a name."""
    number = int(given) if given.isdigit() else 0
    alive, any_of_them = find(state, viewer, number, given)
    return alive or (any_of_them if dying else None)


def value(state, viewer, other, name):
    """What a parameter of a jail is to a viewer."""
    if viewer is None:
        return kernel.value(state, other, name)
    if name == "name":
        return other["name"][len(viewer["name"]) + 1:]
    if name == "parent":
        return 0 if other["parent"] == viewer["jid"] else other["parent"]
    if name == "path":
        return place.seen_from(place.root(viewer), other["values"][name])
    if name == "host.hostname":
        # Whose processes are not seen cannot be asked.
        return os.uname().nodename if other is viewer else other["values"][name]
    return kernel.value(state, other, name)


def set_hostname(host, viewer, jail, hostname):
    """kern.hostname of a jail, or of the host if it is None; from inside it is that of this process."""
    if os.geteuid() != 0 or jail is not None and not jail["values"]["allow.set_hostname"]:
        raise KernelError(EPERM)
    if jail is not viewer:
        kernel.jail_set(host, {"jid": jail["jid"], "host.hostname": hostname}, False, True, viewer=viewer)
        return
    processes.set_own_hostname(hostname)
    if jail is None:
        host.state["settings"]["hostname"] = hostname
    else:
        jail["values"]["host.hostname"] = hostname
