"""The sockets of a network namespace, by sock_diag(7), and whose they are."""

import _socket
import os
import struct

from . import netlink, place

_SOCK_DIAG, _BY_FAMILY, _ERROR, _DONE = 4, 20, 2, 3
_DUMP = 0x301

TCP, UDP = 6, 17
#: Linux's states of tcp(7) under the names of netstat(1).
STATES = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RCVD", 4: "FIN_WAIT_1", 5: "FIN_WAIT_2", 6: "TIME_WAIT",
          7: "CLOSED", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN_RCVD"}


class Socket:
    """One socket: addresses are texts, and "" where none is bound."""

    def __init__(self, protocol, data):
        family, state = data[0], data[1]
        self.protocol = protocol
        self.version = 4 if family == netlink.AF_INET else 6
        self.state = STATES.get(state, "CLOSED") if protocol == TCP else ""
        self.local_port, self.remote_port = struct.unpack_from(">HH", data, 4)
        self.local = _address(family, data[8:24])
        self.remote = _address(family, data[24:40])
        self.received, self.sent, self.uid, self.inode = struct.unpack_from("=IIII", data, 56)

    @property
    def ends(self):
        """What tells a connection from all others."""
        return [self.local, self.local_port, self.remote, self.remote_port]


def _address(family, data):
    text = _socket.inet_ntop(family, data[:4] if family == netlink.AF_INET else data)
    if text.startswith("::ffff:") and "." in text:
        # Of IPv4, on a socket of IPv6.
        text = text[len("::ffff:"):]
    return "" if text in ("0.0.0.0", "::") else text


def of_stack(path=None, protocols=(TCP, UDP)):
    """All sockets of this process's namespace, or of the one of a file of /proc; none if it is gone."""
    try:
        asked = netlink.open_socket(_SOCK_DIAG, path)
    except OSError:
        return []
    try:
        return [one for protocol in protocols for family in (netlink.AF_INET, netlink.AF_INET6)
                for one in _dump(asked, protocol, family)]
    finally:
        asked.close()


def _dump(asked, protocol, family):
    body = struct.pack("=BBBxI48x", family, protocol, 0, 0xFFFFFFFF)
    asked.send(struct.pack("=IHHII", 16 + len(body), _BY_FAMILY, _DUMP, 1, 0) + body)
    found = []
    while True:
        data = asked.recv(65536)
        place = 0
        while place + 16 <= len(data):
            size, kind = struct.unpack_from("=IH", data, place)
            if kind in (_ERROR, _DONE) or size < 16:
                return found
            found.append(Socket(protocol, data[place + 16:place + size]))
            place += size + 3 & ~3


def descriptors(pid):
    """The sockets that a process has open: {inode: descriptor}."""
    found = {}
    folder = "%s/%d/fd/" % (place.proc, pid)
    try:
        names = os.listdir(folder)
    except OSError:
        return found
    for name in sorted(names, key=int):
        try:
            target = os.readlink(folder + name)
        except OSError:
            continue
        if target.startswith("socket:["):
            found.setdefault(int(target[8:-1]), int(name))
    return found
