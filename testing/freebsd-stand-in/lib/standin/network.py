"""The network stacks of a host and of its vnet jails: interfaces, their addresses, and routes.

A stack (vnet(9)) is named by the number of its jail; 0 is the host's. The records of interfaces are
in state["interfaces"], by a number that an interface keeps when it is renamed or moved; each says
which stack it is in, and where it was made. Their order is that of ifconfig(8).

What is decided here is in the state; `Wires` then makes it so on Linux: an epair(4) is a veth pair, a
bridge(4) is a bridge, any other card is a veth pair whose far end nobody sees, and each stack is a
network namespace. Linux has one loopback interface for each, so all of lo(4) are it.
"""

import _socket
import os
import time

from . import place
from .errors import (EADDRNOTAVAIL, EBUSY, EEXIST, EINVAL, ENAMETOOLONG, ENETUNREACH, ENOENT, ENXIO,
                     ESRCH, KernelError)

HOST = 0
LONGEST_NAME = 15

UP, BROADCAST, LOOPBACK, RUNNING = 0x1, 0x2, 0x8, 0x40
NOARP, PROMISC, SIMPLEX, MULTICAST = 0x80, 0x100, 0x800, 0x8000
PPROMISC, MONITOR, STATICARP, LOWER_UP = 0x20000, 0x40000, 0x80000, 0x1000000

PERFORMNUD, ACCEPT_RTADV, IFDISABLED, AUTO_LINKLOCAL = 0x1, 0x2, 0x8, 0x20

LEARNING, DISCOVER, AUTOEDGE, AUTOPTP = 0x1, 0x2, 0x40, 0x100
#: What a bridge makes of a new member.
MEMBER_FLAGS = LEARNING | DISCOVER | AUTOEDGE | AUTOPTP

_CARD = BROADCAST | SIMPLEX | MULTICAST


class Kind:
    """What all interfaces of a driver have in common."""

    def __init__(self, flags, mtu, options, nd6, group=None, media=None, ether=True, cloned=True):
        self.flags = flags
        self.mtu = mtu
        self.options = options
        self.nd6 = nd6
        self.group = group
        self.media = media
        self.ether = ether
        self.cloned = cloned


KINDS = {
    "vtnet": Kind(_CARD | UP | RUNNING, 1500, "80028<VLAN_MTU,JUMBO_MTU,LINKSTATE>",
                  PERFORMNUD | IFDISABLED | AUTO_LINKLOCAL,
                  media="Ethernet 10Gbase-T <full-duplex>", cloned=False),
    "lo": Kind(LOOPBACK | MULTICAST, 16384,
               "680003<RXCSUM,TXCSUM,LINKSTATE,RXCSUM_IPV6,TXCSUM_IPV6>",
               PERFORMNUD | AUTO_LINKLOCAL, group="lo", ether=False),
    "pflog": Kind(0, 33160, None, None, group="pflog", ether=False, cloned=False),
    "epair": Kind(_CARD | RUNNING, 1500, "8<VLAN_MTU>", PERFORMNUD | AUTO_LINKLOCAL, group="epair",
                  media="Ethernet 10Gbase-T (10Gbase-T <full-duplex>)"),
    "bridge": Kind(_CARD, 1500, None, PERFORMNUD, group="bridge"),
    "tap": Kind(_CARD, 1500, "80000<LINKSTATE>", PERFORMNUD | AUTO_LINKLOCAL, group="tap",
                media="Ethernet autoselect"),
    "eiface": Kind(_CARD, 1500, "28<VLAN_MTU,JUMBO_MTU>", PERFORMNUD | AUTO_LINKLOCAL,
                   media="Ethernet autoselect (1000baseT <full-duplex>)", cloned=False),
}

#: What ifconfig(8) can make by name.
CLONERS = tuple(name for name, kind in KINDS.items() if kind.cloned)


# ---- the records

def fresh_interfaces():
    """Of a host that has just started: its card, its loopback interface, and pf's."""
    card = record("vtnet", "vtnet0", HOST, 1, mac="52:54:00:12:34:56")
    card["aliases"].append(_address(4, "10.0.2.15", 24, "10.0.2.255"))
    card["wire"] = "vtnet0.wire"
    loopback = record("lo", "lo0", HOST, 2)
    loopback["flags"] |= UP | RUNNING
    loopback["aliases"] += [_address(6, "::1", 128), _address(6, "fe80::1", 64),
                            _address(4, "127.0.0.1", 8)]
    log = record("pflog", "pflog0", HOST, 3)
    for interface in (card, loopback, log):
        interface["builtin"] = True
        for address in interface["aliases"]:
            address["builtin"] = True
    return {"1": card, "2": loopback, "3": log}


def fresh_routes():
    return [{"vnet": HOST, "family": 4, "address": "0.0.0.0", "prefix": 0, "gateway": "10.0.2.2",
             "interface": "1", "flags": ["UP", "GATEWAY", "DONE", "STATIC"], "builtin": True}]


def record(kind, name, vnet, index, unit=0, mac=None):
    driver = KINDS[kind]
    return {
        "vnet": vnet, "home": vnet, "kind": kind, "name": name, "unit": unit, "index": index,
        "flags": driver.flags, "mtu": driver.mtu, "metric": 0, "mac": mac, "first_mac": mac,
        "groups": [driver.group] if driver.group else [], "nd6": driver.nd6, "description": "",
        "aliases": [], "linux": "lo" if kind == "lo" else name, "space": vnet,
    }


def _address(family, address, prefix, broadcast=None, automatic=False):
    return {"family": family, "address": address, "prefix": prefix, "broadcast": broadcast,
            "automatic": automatic, "made": 0}


def packed(address):
    """The bytes of an address."""
    return _socket.inet_pton(10 if ":" in address else 2, address)


def network_of(address, prefix):
    """The network that an address is in."""
    data = packed(address)
    size = 8 * len(data)
    number = int.from_bytes(data, "big") >> (size - prefix) << (size - prefix)
    return _socket.inet_ntop(10 if ":" in address else 2, number.to_bytes(len(data), "big"))


def mask_of(prefix):
    return 0xFFFFFFFF << (32 - prefix) & 0xFFFFFFFF


def in_vnet(state, vnet):
    """The interfaces of a stack, (key, record), in the order of ifconfig(8)."""
    ensure(state, vnet)
    return [(key, one) for key, one in state["interfaces"].items() if one["vnet"] == vnet]


def find(state, vnet, name):
    """An interface of a stack: (key, record), or (None, None)."""
    for key, one in in_vnet(state, vnet):
        if one["name"] == name:
            return key, one
    return None, None


def ensure(state, vnet):
    """A new stack has a loopback interface, which is down, and pf's."""
    if vnet == HOST or any(one["vnet"] == vnet and one.get("builtin")
                           for one in state["interfaces"].values()):
        return
    for index, kind in enumerate(("lo", "pflog"), 1):
        one = record(kind, kind + "0", vnet, index)
        one["builtin"] = True
        state["interfaces"][_new_key(state)] = one


def _new_key(state):
    return str(max(map(int, state["interfaces"]), default=0) + 1)


def _free_index(state, vnet):
    taken = {one["index"] for one in state["interfaces"].values() if one["vnet"] == vnet}
    index = 1
    while index in taken:
        index += 1
    return index


def parse_mac(text):
    """The address of a card as ifconfig(8) writes it, or None."""
    parts = text.split(":")
    if len(parts) != 6 or any(not 1 <= len(part) <= 2 or part.strip("0123456789abcdefABCDEF")
                              for part in parts):
        return None
    return ":".join("%02x" % int(part, 16) for part in parts)


def link_local(mac):
    """The address that RFC 4291 makes of a card's."""
    parts = [int(part, 16) for part in mac.split(":")]
    data = bytes([0xfe, 0x80] + [0] * 6 + [parts[0] ^ 2] + parts[1:3] + [0xff, 0xfe] + parts[3:])
    return _socket.inet_ntop(10, data)


# ---- Linux

class NoWires:
    """Nothing is done on Linux."""

    def __getattr__(self, name):
        return lambda *given, **named: None


class Wires:
    """Does on Linux what was decided; an OSError says that it could not be done.

    Names that Linux does not take are replaced, so the record of an interface says which it has.
    """

    def __init__(self, state):
        self._state = state
        self._own = place.of_process("net")
        self._open = {}

    def _path(self, vnet):
        state = self._state
        if vnet == HOST:
            return "/proc/%d/ns/net" % state.get("holder", 0)
        jail = state["jails"].get(str(vnet))
        return "/proc/%d/ns/net" % (jail["init"] if jail else 0)

    def _is_here(self, vnet):
        path = self._path(vnet)
        try:
            return os.stat(path).st_ino == self._own
        except OSError:
            # No /proc, or one of a jail: then this process is in the only stack that it can reach.
            return place.vnet(self._state) == vnet

    def space(self, vnet):
        if vnet not in self._open:
            from . import netlink
            self._open[vnet] = netlink.Namespace(None if self._is_here(vnet) else self._path(vnet))
        return self._open[vnet]

    def _name(self, key, name, vnet):
        """What an interface is called on Linux: its name, if that is possible."""
        possible = not any(byte in name for byte in "/:%\0") and not name.isspace() \
            and " " not in name and name not in (".", "..", "lo")
        return name if possible and not self.space(vnet).index(name) else "si" + key

    def make_pair(self, key, one, other_key, other):
        space = self.space(one["vnet"])
        one["linux"] = self._name(key, one["name"], one["vnet"])
        other["linux"] = self._name(other_key, other["name"], one["vnet"])
        space.make_pair(one["linux"], other["linux"], one["mac"], other["mac"])

    def make_card(self, key, one):
        space = self.space(one["vnet"])
        one["linux"] = self._name(key, one["name"], one["vnet"])
        one["wire"] = "si%s.wire" % key
        mac = one["mac"] if one["mac"] != "00:00:00:00:00:00" else None
        space.make_pair(one["linux"], one["wire"], mac)
        space.change(one["wire"], up=True)

    def make_bridge(self, key, one):
        one["linux"] = self._name(key, one["name"], one["vnet"])
        self.space(one["vnet"]).make_bridge(one["linux"], one["mac"])

    def delete(self, one):
        if one["linux"] == "lo":
            for address in one["aliases"]:
                self.delete_address(one, address)
        else:
            self.space(one["space"]).delete(one["linux"])

    def rename(self, key, one):
        """To the name that its record has now."""
        if one["linux"] == "lo":
            return
        space = self.space(one["space"])
        new = self._name(key, one["name"], one["space"])
        up = bool(one["flags"] & UP)
        try:
            space.change(one["linux"], new=new)
        except OSError:
            # Linux before 6.2 renames only what is down.
            space.change(one["linux"], up=False)
            space.change(one["linux"], new=new)
            if up:
                self.raised(one)
        one["linux"] = new

    def raised(self, one):
        if one["linux"] == "lo" and one["name"] != "lo0":
            return
        self.space(one["space"]).change(one["linux"], up=bool(one["flags"] & UP))

    def change(self, one, **wanted):
        if one["linux"] != "lo":
            self.space(one["space"]).change(one["linux"], **wanted)

    def member(self, one, bridge):
        """Puts a card into a bridge (by its name on Linux), or out of one.

        On Linux the bridge has the stack that the addresses of a card in it are for.
        """
        kept = [address for address in one["aliases"] if not address["automatic"]]
        for address in kept:
            _quietly(self.delete_address, one, address)
        self.change(one, master=bridge or "")
        one["carrier"] = bridge
        for address in kept:
            _quietly(self.add_address, one, address)

    def _device(self, one):
        return one.get("carrier") or one["linux"]

    def add_address(self, one, address):
        if one["kind"] == "lo" and address["family"] == 6 and address["address"] in ("::1", "fe80::1"):
            return
        if address["automatic"]:
            # Linux makes the same one of the same card.
            return
        self.space(one["space"]).add_address(self._device(one), packed(address["address"]),
                                             address["prefix"])

    def delete_address(self, one, address):
        if not address["automatic"]:
            self.space(one["space"]).delete_address(
                self._device(one), packed(address["address"]), address["prefix"])

    def move(self, key, one, vnet):
        """To another namespace, under a name that cannot be taken there."""
        if one["space"] == vnet:
            return
        here = self.space(one["space"])
        there = self.space(vnet)
        path = "/proc/self/ns/net" if self._is_here(vnet) else self._path(vnet)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            here.change(one["linux"], up=False, master="")
            if there.index(one["linux"]):
                here.change(one["linux"], new="si" + key)
                one["linux"] = "si" + key
            here.change(one["linux"], namespace=descriptor)
        finally:
            os.close(descriptor)
        one["space"] = vnet
        if one["linux"] != one["name"]:
            self.rename(key, one)

    def add_route(self, route, one):
        self._route("add_route", route, one)

    def delete_route(self, route, one):
        self._route("delete_route", route, one)

    def _route(self, what, route, one):
        gateway = packed(route["gateway"]) if route["gateway"] else b""
        getattr(self.space(route["vnet"]), what)(
            packed(route["address"]), route["prefix"], gateway, self._device(one) if one else None)


def start(state):
    """What a new host has on Linux; without veth pairs its card is only in its state."""
    _quietly(_start, state)


def _start(state):
    wires = Wires(state)
    space = wires.space(HOST)
    space.change("lo", up=True)
    card = state["interfaces"]["1"]
    space.make_pair(card["linux"], card["wire"], card["mac"])
    space.change(card["linux"], up=True)
    space.change(card["wire"], up=True)
    for address in card["aliases"]:
        wires.add_address(card, address)


# ---- what the kernel does

class Stack:
    """The network of a state, seen from one stack; all of it with the host locked."""

    def __init__(self, state, vnet=HOST, wires=None, release=(12, 2)):
        self.state = state
        self.vnet = vnet
        self.wires = wires or NoWires()
        self.release = release
        ensure(state, vnet)

    def interfaces(self):
        return in_vnet(self.state, self.vnet)

    def find(self, name):
        return find(self.state, self.vnet, name)

    def flags(self, one):
        """What ifconfig(8) shows: since 14 there is a flag for a link that is up."""
        flags = one["flags"]
        if one["kind"] == "bridge" or one["kind"] == "tap":
            lower = bool(flags & RUNNING and flags & UP and one["kind"] == "bridge")
        else:
            lower = bool(flags & RUNNING)
        return flags | LOWER_UP if lower and self.release >= (14, 0) else flags

    # -- making and destroying

    def create(self, name):
        """SIOCIFCREATE2: makes an interface of a driver's name, with a unit or without one; returns
        the name that it has."""
        if len(name) > LONGEST_NAME:
            raise KernelError("", EINVAL)
        driver = name.rstrip("0123456789")
        unit = name[len(driver):]
        if driver not in CLONERS or (len(unit) > 1 and unit[0] == "0"):
            raise KernelError("", EINVAL)
        if unit:
            number = int(unit)
            if self._unit_taken(driver, number):
                raise KernelError("", EEXIST)
        else:
            number = 0
            while self._unit_taken(driver, number):
                number += 1
        return self._make_epair(number) if driver == "epair" else self._make(driver, number)

    def _unit_taken(self, driver, unit):
        """Whether a stack has made one of this unit, or has another of its name. The ends of an
        epair(4) are called otherwise, so one that was moved in takes no unit here."""
        name = "%s%d" % (driver, unit)
        return any(one["kind"] == driver and one["unit"] == unit and one["home"] == self.vnet
                   or one["vnet"] == self.vnet and one["name"] == name
                   for one in self.state["interfaces"].values())

    def _add(self, kind, name, unit=0, mac=None):
        one = record(kind, name, self.vnet, _free_index(self.state, self.vnet), unit, mac)
        key = _new_key(self.state)
        self.state["interfaces"][key] = one
        return key, one

    def _make_epair(self, unit):
        # The units are the system's, though each stack looks for a free one among its own.
        if any(one["kind"] == "epair" and one["unit"] == unit
               for one in self.state["interfaces"].values()):
            raise KernelError("", EEXIST)
        random = os.urandom(4)
        mac = "02:" + ":".join("%02x" % byte for byte in random)
        key_a, end_a = self._add("epair", "epair%da" % unit, unit, mac + ":0a")
        key_b, end_b = self._add("epair", "epair%db" % unit, unit, mac + ":0b")
        end_a["peer"], end_b["peer"] = key_b, key_a
        self._made(key_a, end_a, key_b, end_b)
        return end_a["name"]

    def _make(self, driver, unit):
        mac = None
        if driver != "lo":
            mac = "58:9c:fc:%02x:%02x:%02x" % (0x10 if driver == "tap" else 0, *os.urandom(2))
        key, one = self._add(driver, "%s%d" % (driver, unit), unit, mac)
        if driver == "bridge":
            one["members"] = []
            one["started"] = False
        self._made(key, one)
        return one["name"]

    def make_eiface(self, unit):
        """ng_eiface(4)'s: returns its key."""
        key, one = self._add("eiface", "ngeth%d" % unit, unit, "00:00:00:00:00:00")
        try:
            self.wires.make_card(key, one)
        except OSError as error:
            del self.state["interfaces"][key]
            raise KernelError(str(error)) from error
        return key

    def _made(self, key, one, other_key=None, other=None):
        try:
            if other is not None:
                self.wires.make_pair(key, one, other_key, other)
            elif one["kind"] == "bridge":
                self.wires.make_bridge(key, one)
            elif one["kind"] != "lo":
                self.wires.make_card(key, one)
        except OSError as error:
            for made in (key, other_key):
                self.state["interfaces"].pop(made, None)
            raise KernelError(str(error)) from error
        from . import graph
        for made in (key, other_key):
            if made:
                graph.attach(self.state, made)

    def destroy(self, key):
        """SIOCIFDESTROY: of an epair both ends, wherever they are."""
        one = self.state["interfaces"][key]
        if not KINDS[one["kind"]].cloned or one.get("builtin"):
            raise KernelError("", EINVAL)
        self.forget(key)

    def forget(self, key):
        one = self.state["interfaces"][key]
        _quietly(self.wires.delete, one)
        for gone in (key, one.get("peer")):
            if gone in self.state["interfaces"]:
                self._detach(gone)
                del self.state["interfaces"][gone]

    def _detach(self, key):
        """An interface leaves its stack: its bridge, its members, its routes and its node go."""
        one = self.state["interfaces"][key]
        for member in [entry["key"] for entry in one.get("members", ())]:
            self.delete_member(one, member)
        for other in self.state["interfaces"].values():
            if any(entry["key"] == key for entry in other.get("members", ())):
                self.delete_member(other, key)
        self.state["routes"] = [route for route in self.state["routes"]
                                if route["interface"] != key]
        one["carrier"] = None
        from . import graph
        graph.detach(self.state, key)

    # -- names and places

    def rename(self, key, name):
        """SIOCSIFNAME."""
        one = self.state["interfaces"][key]
        if not name:
            raise KernelError("", EINVAL)
        if len(os.fsencode(name)) > LONGEST_NAME:
            raise KernelError("", ENAMETOOLONG)
        if name == one["name"] and self.release >= (14, 0):
            return
        if self.find(name)[1] is not None:
            raise KernelError("", EEXIST)
        one["name"] = name
        _quietly(self.wires.rename, key, one)
        from . import graph
        graph.renamed(self.state, key)

    def move(self, key, vnet, keep_groups=True):
        """To another stack, at the end of its interfaces; addresses, routes, bridges and all groups
        but the driver's are left behind."""
        ensure(self.state, vnet)
        one = self.state["interfaces"][key]
        self._detach(key)
        one["aliases"] = []
        one["flags"] &= ~(UP | PROMISC)
        group = KINDS[one["kind"]].group
        one["groups"] = [group] if group and keep_groups else []
        one["index"] = _free_index(self.state, vnet)
        one["vnet"] = vnet
        interfaces = self.state["interfaces"]
        interfaces[key] = interfaces.pop(key)
        _quietly(self.wires.move, key, one, vnet)
        from . import graph
        graph.attach(self.state, key, moved=True)

    # -- flags and numbers

    def set_flags(self, key, flags):
        one = self.state["interfaces"][key]
        was_up = one["flags"] & UP
        one["flags"] = flags
        if bool(flags & UP) != bool(was_up):
            self._up_or_down(one, flags & UP)

    def _up_or_down(self, one, is_up):
        if is_up:
            if one["kind"] not in ("tap", "pflog"):
                one["flags"] |= RUNNING
            if one["kind"] == "bridge":
                one["started"] = True
        elif one["kind"] in ("bridge", "eiface", "lo", "vtnet"):
            one["flags"] &= ~RUNNING
        if one["kind"] != "pflog":
            _quietly(self.wires.raised, one)
        if is_up:
            self._make_automatic(one)
            self._rewire(one)

    def _make_automatic(self, one):
        """An interface that comes up has a link-local address, and a loopback interface ::1 too."""
        if not one["nd6"] or not one["nd6"] & AUTO_LINKLOCAL or one["nd6"] & IFDISABLED:
            return
        if any(address["family"] == 6 and address["address"].startswith("fe80:")
               for address in one["aliases"]):
            return
        if one["kind"] == "lo":
            if one["name"] == "lo0":
                one["aliases"].append(_address(6, "::1", 128, automatic=True))
            one["aliases"].append(_address(6, "fe80::1", 64, automatic=True))
            return
        mac = one["mac"]
        if mac == "00:00:00:00:00:00":
            others = [other["mac"] for _, other in in_vnet(self.state, one["vnet"])
                      if other["mac"] and other["mac"] != mac]
            if not others:
                return
            mac = others[0]
        made = _address(6, link_local(mac), 64, automatic=True)
        made["made"] = time.time()
        one["aliases"].append(made)

    def _rewire(self, one):
        """Linux forgets the routes of what was down, and IPv6 addresses."""
        for address in one["aliases"]:
            if address["family"] == 6 and not address["automatic"]:
                _quietly(self.wires.add_address, one, address)
        for route in self.state["routes"]:
            if self.state["interfaces"].get(route["interface"]) is one \
                    and not route.get("builtin"):
                _quietly(self.wires.add_route, route, one)

    def set_mtu(self, one, mtu):
        limit = 16000 if one["kind"] == "eiface" else 65535
        if not 72 <= mtu <= limit:
            raise KernelError("", EINVAL)
        bridged = [entry for other in self.state["interfaces"].values()
                   for entry in other.get("members", ())
                   if self.state["interfaces"][entry["key"]] is one]
        if bridged and one["mtu"] != mtu:
            raise KernelError("", EINVAL)
        one["mtu"] = mtu
        _quietly(self.wires.change, one, mtu=mtu)

    def set_mac(self, one, mac):
        if not KINDS[one["kind"]].ether:
            raise KernelError("", EINVAL)
        one["mac"] = mac
        if mac != "00:00:00:00:00:00" and not int(mac[:2], 16) & 1:
            _quietly(self.wires.change, one, mac=mac)

    # -- addresses

    def add_address(self, key, family, address, prefix, broadcast=None):
        """SIOCAIFADDR: one that is there gets the prefix; its interface is up then."""
        one = self.state["interfaces"][key]
        if address in ("255.255.255.255", "::") or one["kind"] == "pflog":
            raise KernelError("", EINVAL)
        if family == 4 and one["flags"] & BROADCAST and broadcast is None:
            broadcast = "255.255.255.255" if prefix == 31 else _last(address, prefix)
        for old in one["aliases"]:
            if old["family"] == family and old["address"] == address:
                if old["prefix"] != prefix:
                    _quietly(self.wires.delete_address, one, old)
                    old["prefix"] = prefix
                    _quietly(self.wires.add_address, one, old)
                old["broadcast"] = broadcast
                break
        else:
            new = _address(family, address, prefix, broadcast)
            new["made"] = time.time()
            one["aliases"].append(new)
            self._set_on_linux(one, new)
        if family == 6 and one["nd6"] is not None:
            one["nd6"] &= ~IFDISABLED
        if not one["flags"] & UP:
            self.set_flags(key, one["flags"] | UP)
        if one["kind"] == "tap":
            one["flags"] |= RUNNING

    def _set_on_linux(self, one, address):
        try:
            self.wires.add_address(one, address)
        except OSError as error:
            one["aliases"].remove(address)
            raise KernelError("", EINVAL) from error

    def delete_address(self, one, family, address):
        """SIOCDIFADDR: without an address, the first of the family."""
        for old in one["aliases"]:
            if old["family"] == family and (address is None or old["address"] == address):
                one["aliases"].remove(old)
                if not any(other is not one and other["linux"] == one["linux"] == "lo"
                           and other["space"] == one["space"]
                           and any(alias["address"] == old["address"] for alias in other["aliases"])
                           for other in self.state["interfaces"].values()):
                    _quietly(self.wires.delete_address, one, old)
                return
        raise KernelError("", EADDRNOTAVAIL)

    # -- bridges

    def add_member(self, bridge, name):
        """BRDGADD."""
        key, one = self.find(name)
        if one is None:
            raise KernelError("", ENOENT)
        for other in self.state["interfaces"].values():
            if any(entry["key"] == key for entry in other.get("members", ())):
                raise KernelError("", EEXIST if other is bridge else EBUSY)
        if not KINDS[one["kind"]].ether or one["kind"] == "bridge":
            raise KernelError("", EINVAL)
        if not bridge["members"]:
            bridge["mtu"] = one["mtu"]
        elif one["mtu"] != bridge["mtu"]:
            raise KernelError("", EINVAL)
        bridge["members"].insert(0, {"key": key, "flags": MEMBER_FLAGS})
        one["flags"] |= PROMISC
        _quietly(self.wires.member, one, bridge["linux"])

    def delete_member(self, bridge, key):
        """BRDGDEL."""
        for entry in bridge.get("members", ()):
            if entry["key"] == key:
                bridge["members"].remove(entry)
                one = self.state["interfaces"][key]
                one["flags"] &= ~PROMISC
                _quietly(self.wires.member, one, None)
                return
        raise KernelError("", ENOENT)

    def member(self, bridge, name):
        key, _ = self.find(name)
        for entry in bridge.get("members", ()):
            if entry["key"] == key:
                return entry
        raise KernelError("", ENOENT)

    # -- routes

    def routes(self, family):
        """All of a stack's: those of the interfaces' addresses, and those that were made."""
        found = []
        for key, one in self.interfaces():
            if not one["flags"] & UP:
                continue
            for address in one["aliases"]:
                if address["family"] != family:
                    continue
                whole = 32 if family == 4 else 128
                if address["prefix"] < whole:
                    if not one["flags"] & LOOPBACK or family == 6:
                        found.append(self._direct(key, address, address["prefix"],
                                                  ["UP", "DONE"]))
                # What is for this stack itself goes by its loopback interface.
                loopback = self.find("lo0")[0] or key
                found.append(self._direct(loopback, address, whole, ["UP", "HOST", "DONE"]
                                          + ([] if one["flags"] & LOOPBACK else ["STATIC"])))
        return found + [route for route in self.state["routes"]
                        if route["vnet"] == self.vnet and route["family"] == family]

    def _direct(self, key, address, prefix, flags):
        return {"vnet": self.vnet, "family": address["family"],
                "address": network_of(address["address"], prefix), "prefix": prefix,
                "gateway": None, "interface": key, "flags": flags + ["PINNED"]}

    def route_to(self, family, address):
        """The longest match; None if there is none."""
        best = None
        for route in self.routes(family):
            if network_of(address, route["prefix"]) == route["address"] \
                    and (best is None or route["prefix"] > best["prefix"]):
                best = route
        return best

    def route_of(self, family, address, prefix):
        """The one of exactly this network."""
        for route in self.routes(family):
            if route["address"] == address and route["prefix"] == prefix:
                return route
        return None

    def add_route(self, family, address, prefix, gateway, flags, interface=None):
        """RTM_ADD. gateway: an address, or None for an interface's own (interface: its key)."""
        address = network_of(address, prefix)
        if interface is None:
            through = self.route_to(4 if "." in gateway else 6, gateway)
            if through is None or "GATEWAY" in through["flags"]:
                raise KernelError("", ENETUNREACH)
            interface = through["interface"]
        if self.route_of(family, address, prefix) is not None:
            raise KernelError("", EEXIST)
        route = {"vnet": self.vnet, "family": family, "address": address, "prefix": prefix,
                 "gateway": gateway, "interface": interface, "flags": flags}
        self.state["routes"].append(route)
        _quietly(self.wires.add_route, route, self.state["interfaces"].get(interface))

    def delete_route(self, family, address, prefix):
        """RTM_DELETE."""
        route = self.route_of(family, network_of(address, prefix), prefix)
        if route not in self.state["routes"]:
            raise KernelError("", ESRCH)
        self.state["routes"].remove(route)
        _quietly(self.wires.delete_route, route, self.state["interfaces"].get(route["interface"]))
        return route


def _last(address, prefix):
    number = int.from_bytes(packed(address), "big") | (~mask_of(prefix) & 0xFFFFFFFF)
    return _socket.inet_ntop(2, number.to_bytes(4, "big"))


def _quietly(act, *given, **named):
    """What Linux cannot do, or has done already, is no error of FreeBSD's."""
    try:
        act(*given, **named)
    except OSError:
        pass


# ---- jails

def vnet_gone(state, jail):
    """A vnet jail is gone: what was moved into it is back where it was made, down, without addresses
    and without a group; what was made in it is no more."""
    vnet = jail["jid"]
    stack = Stack(state, HOST, Wires(state))
    for key, one in list(state["interfaces"].items()):
        if one["vnet"] == vnet and one["home"] != vnet and key in state["interfaces"]:
            home = one["home"]
            if home != HOST and str(home) not in state["jails"]:
                home = one["home"] = HOST
            stack.move(key, home, keep_groups=False)
    for key, one in list(state["interfaces"].items()):
        if vnet in (one["vnet"], one["home"]) and key in state["interfaces"] \
                and not one.get("builtin"):
            stack.forget(key)
    for key, one in list(state["interfaces"].items()):
        if one["vnet"] == vnet:
            del state["interfaces"][key]
    state["routes"] = [route for route in state["routes"] if route["vnet"] != vnet]
    from . import graph
    graph.vnet_gone(state, vnet)


def renumber(state, old, new):
    """The jail of a stack has another number."""
    for one in state["interfaces"].values():
        for place_of in ("vnet", "home", "space"):
            if one[place_of] == old:
                one[place_of] = new
    for route in state["routes"]:
        if route["vnet"] == old:
            route["vnet"] = new
    from . import graph
    graph.renumber(state, old, new)


def find_jail(state, given):
    """jail_getid(3), with its own words for what it does not find."""
    from . import kernel
    jail = kernel.find(state, given, dying=True)
    alive = kernel.find(state, given)
    what = given if given.isdigit() else '"%s"' % given
    if alive is not None:
        return alive
    if jail is not None:
        raise KernelError("jail %s is dying" % what)
    raise KernelError("jail %s not found" % what)


def move_to_jail(stack, key, jail):
    """SIOCSIFVNET."""
    target = jail["jid"] if jail["values"]["vnet"] == 1 else HOST
    one = stack.state["interfaces"][key]
    if target == one["vnet"] or find(stack.state, target, one["name"])[1] is not None:
        raise KernelError("", EEXIST)
    stack.move(key, target)


def take_back(stack, name, jail):
    """SIOCSIFRVNET."""
    source = jail["jid"] if jail["values"]["vnet"] == 1 else HOST
    if source == stack.vnet:
        raise KernelError("", EEXIST)
    key, one = find(stack.state, source, name)
    if one is None:
        raise KernelError("", ENXIO)
    if one.get("builtin") or find(stack.state, stack.vnet, name)[1] is not None:
        raise KernelError("", EEXIST)
    stack.move(key, stack.vnet)


# ---- looking

def left(state):
    """What a host has that a fresh one has not, a line each."""
    lines = []
    for one in state["interfaces"].values():
        where = "" if one["vnet"] == HOST else " of jail %d" % one["vnet"]
        if not one.get("builtin"):
            lines.append("interface %s%s" % (one["name"], where))
        elif one["vnet"] == HOST:
            for address in one["aliases"]:
                if not address.get("builtin") and not address["automatic"]:
                    lines.append("alias %s on %s" % (address["address"], one["name"]))
    for route in state["routes"]:
        if route["vnet"] == HOST and not route.get("builtin"):
            lines.append("route %s/%d by %s" % (route["address"], route["prefix"], route["gateway"]))
    from . import graph
    return lines + graph.left(state)
