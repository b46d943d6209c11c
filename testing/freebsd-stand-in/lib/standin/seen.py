"""The sockets that are seen from where a command runs, and whose they are."""

import os

from . import place, proctable, sockets
from .parameters import INHERIT, NEW


class Owner:
    """A process that has a socket open."""

    def __init__(self, process, descriptor):
        self.pid, self.jid, self.name = process.pid, process.jid, process.name
        self.descriptor = descriptor


def owners(host, state):
    """Who has a socket open: {inode: [Owner]}, without this process. Called with the host locked."""
    found = {}
    for process in proctable.seen(host, state):
        if process.pid != os.getpid() and not process.is_kernel:
            for inode, descriptor in sockets.descriptors(process.pid).items():
                found.setdefault(inode, []).append(Owner(process, descriptor))
    return found


def bound(state, one, owned):
    """The local address of a socket: of a jail with one address, one that is bound to none has that."""
    if one.local:
        return one.local
    for owner in owned:
        jail = state["jails"].get(str(owner.jid))
        if jail is not None and jail["values"]["vnet"] != NEW:
            addresses = jail["values"]["ip%d.addr" % one.version]
            if len(addresses) == 1:
                return addresses[0]
    return ""


def has_address(jail, version, address):
    """Whether an address is one of a jail of the host's stack."""
    values = jail["values"]
    addresses = values["ip%d.addr" % version]
    return address in addresses if addresses else values["ip%d" % version] == INHERIT


def all_seen(state):
    """The sockets of this process's stack, as far as it may see them."""
    found = sockets.of_stack()
    jail = place.jail(state)
    if jail is not None and jail["values"]["vnet"] != NEW:
        found = [one for one in found if has_address(jail, one.version, one.local)]
    return found
