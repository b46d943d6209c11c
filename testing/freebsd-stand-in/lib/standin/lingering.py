"""Dying jails: a jail without processes lives on while its connections do, as tcp(4) keeps them.

On FreeBSD a connection knows the jail that made it. Here the connections of a jail are: all of its own
stack; those that its processes have open; what is left of those of an ended process where its ends tell
(a port that the jail listens at or that a command of the stand-in has taken for it, or an address of the
jail with one that is none). The init of a dying jail is kept, and with it the stack.

The setting "linger" keeps each jail for so many seconds.
"""

import time

from . import processes, sockets
from .parameters import NEW

#: States in which a connection ends with its process, or has no other side yet.
_PASSING = ("LISTEN", "CLOSED", "SYN_SENT", "SYN_RCVD")
_MOST_PORTS = 50


def took(jail, port):
    """A program in a jail uses a local port from now on."""
    ports = jail.setdefault("ports", [])
    if port not in ports:
        ports.append(port)
    del ports[:-_MOST_PORTS]


def begin(state, jail):
    """Whether a jail that is removed lingers; its processes have ended then."""
    seconds = state["settings"].get("linger", 0)
    connections = _connections(jail)
    if seconds or connections:
        processes.end_all_but(jail["init"])
        connections = _still_there(jail, connections)
    if not seconds and not connections and not _has_dying_child(state, jail):
        return False
    jail["dying"] = True
    jail["until"] = time.time() + seconds
    jail["connections"] = connections
    return True


def is_held(state, jail):
    """Whether something still keeps a dying jail."""
    if jail["until"] > time.time() or _has_dying_child(state, jail):
        return True
    jail["connections"] = _still_there(jail, jail["connections"])
    return bool(jail["connections"])


def _has_dying_child(state, jail):
    return any(other["dying"] and other["parent"] == jail["jid"] for other in state["jails"].values())


def _stack(jail):
    """Where its sockets are: None is the stack of this process."""
    return "/proc/%d/ns/net" % jail["init"] if jail["values"]["vnet"] == NEW else None


def _still_there(jail, connections):
    if not connections:
        return []
    there = [one.ends for one in sockets.of_stack(_stack(jail), (sockets.TCP,))
             if one.state not in _PASSING]
    return [ends for ends in connections if ends in there]


def _connections(jail):
    """The ends of a jail's connections."""
    found = sockets.of_stack(_stack(jail), (sockets.TCP,))
    if jail["values"]["vnet"] != NEW:
        found = _of_jail(jail, found)
    return [one.ends for one in found if one.state not in _PASSING]


def _of_jail(jail, found):
    """Those of a stack that others have too which are a jail's."""
    if not found:
        return []
    own = {inode for pid in processes.in_jail(jail["init"]) for inode in sockets.descriptors(pid)}
    ports = set(jail.get("ports", ()))
    ports.update(one.local_port for one in found if one.inode in own and one.state == "LISTEN")
    addresses = jail["values"]["ip4.addr"] + jail["values"]["ip6.addr"]
    return [one for one in found
            if one.inode in own or not one.inode and (
                one.local_port in ports
                or one.local in addresses and one.remote not in addresses)]
