"""Linux's own network: the links, addresses and routes of a namespace, by rtnetlink(7)."""

# Not "socket": its import takes longer than all that a command does with it.
import _socket
import os
import struct

from . import linux

_AF_NETLINK, _SOCK_RAW = 16, 3
AF_INET, AF_INET6 = 2, 10
_REQUEST, _ACK, _CREATE, _EXCL, _REPLACE = 1, 4, 0x400, 0x200, 0x100
_NEWLINK, _DELLINK, _GETLINK = 16, 17, 18
_NEWADDR, _DELADDR = 20, 21
_NEWROUTE, _DELROUTE = 24, 25
_IFNAME, _MTU, _MASTER, _ADDRESS, _LINKINFO, _NET_NS_FD = 3, 4, 10, 1, 18, 28
_NODAD = 2
_UP = 1


def _attribute(kind, payload):
    if isinstance(payload, int):
        payload = struct.pack("=I", payload)
    elif isinstance(payload, str):
        payload = os.fsencode(payload) + b"\0"
    size = 4 + len(payload)
    return struct.pack("=HH", size, kind) + payload + b"\0" * (-size % 4)


def _mac(text):
    return bytes(int(part, 16) for part in text.split(":"))


def open_socket(protocol, path=None):
    """A netlink(7) socket in this process's network namespace, or in the one of a file of /proc."""
    if path is None:
        return _socket.socket(_AF_NETLINK, _SOCK_RAW, protocol)
    back = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        linux.setns(path, linux.NEWNET)
        try:
            # A socket stays in the namespace that it was made in.
            return _socket.socket(_AF_NETLINK, _SOCK_RAW, protocol)
        finally:
            linux.call(linux.LIBC.setns(back, linux.NEWNET))
    finally:
        os.close(back)


class Namespace:
    """A network namespace: of this process, or the one that a file of /proc stands for."""

    def __init__(self, path=None):
        self._socket = None
        self._socket = open_socket(0, path)

    def __del__(self):
        if self._socket is not None:
            self._socket.close()

    def _ask(self, kind, flags, body):
        """Sends one request; returns what came before the end of its answer. Raises OSError."""
        message = struct.pack("=IHHII", 16 + len(body), kind, _REQUEST | flags, 1, 0) + body
        self._socket.send(message)
        data = self._socket.recv(65536)
        _, answer = struct.unpack_from("=IH", data)
        if answer == 2:
            number = -struct.unpack_from("=i", data, 16)[0]
            if number:
                raise OSError(number, os.strerror(number))
        return data

    def index(self, name):
        """The number of a link; 0 if there is none of that name."""
        body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + _attribute(_IFNAME, name)
        try:
            return struct.unpack_from("=i", self._ask(_GETLINK, 0, body), 16 + 4)[0]
        except OSError:
            return 0

    def _index(self, name):
        number = self.index(name)
        if not number:
            raise OSError(19, os.strerror(19))
        return number

    def _make(self, name, kind, data=b"", mac=None):
        info = _attribute(1, kind) + (_attribute(2, data) if data else b"")
        body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + _attribute(_IFNAME, name)
        if mac:
            body += _attribute(_ADDRESS, _mac(mac))
        self._ask(_NEWLINK, _ACK | _CREATE | _EXCL, body + _attribute(_LINKINFO, info))

    def make_bridge(self, name, mac):
        self._make(name, "bridge", mac=mac)

    def make_pair(self, name, peer, mac=None, peer_mac=None):
        other = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + _attribute(_IFNAME, peer)
        if peer_mac:
            other += _attribute(_ADDRESS, _mac(peer_mac))
        self._make(name, "veth", _attribute(1, other), mac)

    def delete(self, name):
        self._ask(_DELLINK, _ACK, struct.pack("=BxHiII", 0, 0, self._index(name), 0, 0))

    def change(self, name, **wanted):
        """up: a boolean; name, master (a name, or "" for none), mac, mtu, namespace (a descriptor)."""
        index = self._index(name)
        flags = mask = 0
        if "up" in wanted:
            flags, mask = _UP if wanted["up"] else 0, _UP
        body = struct.pack("=BxHiII", 0, 0, index, flags, mask)
        if "new" in wanted:
            body += _attribute(_IFNAME, wanted["new"])
        if "master" in wanted:
            body += _attribute(_MASTER, self._index(wanted["master"]) if wanted["master"] else 0)
        if "mac" in wanted:
            body += _attribute(_ADDRESS, _mac(wanted["mac"]))
        if "mtu" in wanted:
            body += _attribute(_MTU, wanted["mtu"])
        if "namespace" in wanted:
            body += _attribute(_NET_NS_FD, wanted["namespace"])
        self._ask(_NEWLINK, _ACK, body)

    def add_address(self, name, address, prefix):
        """address: its bytes."""
        self._address(_NEWADDR, _ACK | _CREATE | _REPLACE, name, address, prefix)

    def delete_address(self, name, address, prefix):
        self._address(_DELADDR, _ACK, name, address, prefix)

    def _address(self, kind, flags, name, address, prefix):
        family = AF_INET if len(address) == 4 else AF_INET6
        # No one else is on these links, and nobody waits for the check of duplicates.
        body = struct.pack("=BBBBi", family, prefix, _NODAD if family == AF_INET6 else 0, 0,
                           self._index(name))
        self._ask(kind, flags, body + _attribute(2, address) + _attribute(1, address))

    def add_route(self, address, prefix, gateway, name):
        self._route(_NEWROUTE, _ACK | _CREATE | _REPLACE, address, prefix, gateway, name)

    def delete_route(self, address, prefix, gateway, name):
        self._route(_DELROUTE, _ACK, address, prefix, gateway, name)

    def _route(self, kind, flags, address, prefix, gateway, name):
        family = AF_INET if len(address) == 4 else AF_INET6
        scope = 0 if gateway or family == AF_INET6 else 253
        body = struct.pack("=BBBBBBBBI", family, prefix, 0, 0, 254, 4, scope, 1, 0)
        if prefix:
            body += _attribute(1, address)
        if gateway:
            body += _attribute(5, gateway)
        if name:
            body += _attribute(4, self._index(name))
        self._ask(kind, flags, body)
