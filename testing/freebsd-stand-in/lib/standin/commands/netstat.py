"""netstat(1): connections, routes and interfaces of this network stack."""

from .. import network, options, place, seen, sockets, viewpoint
from ..errors import Failure, Usage

_USAGE = """usage: netstat [-46AaLnRSTWx] [-f protocol_family | -p protocol]
               [-M core] [-N system]
       netstat -i | -I interface [-46abdhnW] [-f address_family]
               [-M core] [-N system]
       netstat -w wait [-I interface] [-46d] [-M core] [-N system]
               [-q howmany]
       netstat -s [-46sz] [-f protocol_family | -p protocol]
               [-M core] [-N system]
       netstat -i | -I interface -s [-46s]
               [-f protocol_family | -p protocol] [-M core] [-N system]
       netstat -m [-M core] [-N system]
       netstat -B [-z] [-I interface]
       netstat -r [-46AnW] [-F fibnum] [-f address_family]
       netstat -rs [-s] [-M core] [-N system]
       netstat -g [-46W] [-f address_family] [-M core] [-N system]
       netstat -gs [-46s] [-f address_family] [-M core] [-N system]
       netstat -Q"""

_FAMILIES = {"inet": (4,), "inet6": (6,), "unix": (), "local": (), "pfkey": (), "netgraph": (), "ng": (),
             "link": ()}
_PROTOCOLS = {"tcp": (sockets.TCP,), "udp": (sockets.UDP,), "ip": (), "icmp": (), "sctp": (), "ip6": (),
              "icmp6": (), "igmp": (), "udplite": (), "divert": (), "ipsec": (), "carp": (), "pfsync": ()}

#: Flags of routes, in order, with their letters.
_ROUTE_FLAGS = (("UP", "U"), ("GATEWAY", "G"), ("HOST", "H"), ("REJECT", "R"), ("DYNAMIC", "D"),
                ("MODIFIED", "M"), ("STATIC", "S"), ("BLACKHOLE", "B"), ("PROTO1", "1"), ("PROTO2", "2"))


def run(host, name, arguments):
    letters, words = options.parse(
        name, arguments, "46AaBbCdF:f:ghI:iLlM:mN:noPp:Qq:RrSTsuWw:xz", _USAGE)
    if words:
        raise Usage(_USAGE)
    given = dict(letters)
    families = _families(given)
    if "p" in given and given["p"] not in _PROTOCOLS:
        raise Failure("%s: unknown or uninstrumented protocol" % given["p"])
    with host.locked() as state:
        stack = network.Stack(state, place.vnet(state), release=host.release)
        if "r" in given:
            _routes(state, stack, families)
        elif "i" in given or "I" in given:
            _interfaces(stack, given, families)
        else:
            _connections(host, state, given, families)
    return 0


def _families(given):
    if "f" in given:
        if given["f"] not in _FAMILIES:
            raise Failure("%s: unknown address family" % given["f"])
        return _FAMILIES[given["f"]]
    chosen = tuple(version for version in (4, 6) if str(version) in given)
    return chosen or (4, 6)


# ---- connections

def _connections(host, state, given, families):
    owners = seen.owners(host, state)
    protocols = _PROTOCOLS[given["p"]] if "p" in given else (sockets.TCP, sockets.UDP)
    listed = [one for one in seen.all_seen(state)
              if one.version in families and one.protocol in protocols
              and ("a" in given or one.remote_port)]
    first = True
    for protocol in protocols:
        for one in listed:
            if one.protocol == protocol:
                if first:
                    _print_title("a" in given)
                first = False
                local = seen.bound(state, one, owners.get(one.inode, []))
                print(_connection(one, local))


def _print_title(everything):
    print("Active Internet connections" + (" (including servers)" if everything else ""))
    print("%-5.5s %-6.6s %-6.6s %-22.22s %-22.22s %-11s"
          % ("Proto", "Recv-Q", "Send-Q", "Local Address", "Foreign Address", "(state)"))


def _connection(one, local):
    name = ("tcp" if one.protocol == sockets.TCP else "udp") + str(one.version)
    listens = one.state == "LISTEN"
    return "%-5.5s %6d %6d %-22.22s %-22.22s %-11s" % (
        name, 0 if listens else one.received, 0 if listens else one.sent, _end(local, one.local_port),
        _end(one.remote, one.remote_port), one.state)


def _end(address, port):
    return "%s.%s" % (address or "*", port or "*")


# ---- routes

def _routes(state, stack, families):
    jail = viewpoint.jail(state)
    print("Routing tables")
    for family in families:
        found = [_route(stack, family, route) for route in stack.routes(family)
                 if _is_seen(jail, family, route)]
        if not found:
            continue
        width = 18 if family == 4 else 33
        other = 18 if family == 4 else 29
        print("\nInternet%s:" % ("" if family == 4 else "6"))
        print("%-*s %-*s %-6s %8s %s" % (width, "Destination", other, "Gateway", "Flags", "Netif", "Expire"))
        for _, destination, gateway, flags, interface in sorted(found):
            print("%-*s %-*s %-6s %8s" % (width, destination, other, gateway, flags, interface))


def _is_seen(jail, family, route):
    """A jail of the host's stack sees the routes of its own addresses."""
    if jail is None or jail["values"]["vnet"] == 1:
        return True
    return seen.has_address(jail, family, route["address"])


def _route(stack, family, route):
    """(what it is sorted by, destination, gateway, flags, interface)."""
    whole = 32 if family == 4 else 128
    one = stack.state["interfaces"][route["interface"]]
    owner = _owner(stack, family, route, one)
    gateway = route["gateway"] or "link#%d" % owner["index"]
    flags = "".join(letter for flag, letter in _ROUTE_FLAGS if flag in route["flags"])
    return ((network.packed(route["address"]), route["prefix"]), _destination(route, owner, whole), gateway,
            flags, one["name"])


def _owner(stack, family, route, one):
    """The interface that has an address, which is not the one that its route leads to."""
    for _, other in stack.interfaces():
        if "HOST" in route["flags"] and any(
                address["family"] == family and address["address"] == route["address"]
                for address in other["aliases"]):
            return other
    return one


def _destination(route, one, whole):
    if not route["prefix"] and route["address"] in ("0.0.0.0", "::"):
        return "default"
    address = route["address"]
    if address.startswith("fe80:"):
        address += "%" + one["name"]
    return address if route["prefix"] == whole else "%s/%d" % (address, route["prefix"])


# ---- interfaces

def _interfaces(stack, given, families):
    found = [one for _, one in stack.interfaces() if given.get("I", one["name"]) == one["name"]]
    width = max([5] + [len(one["name"]) for _, one in stack.interfaces()])
    counted = _counters()
    print("%-*s %5s %-13s %-17s %8s %5s %5s%s %8s %5s%s %5s" % (
        width, "Name", "Mtu", "Network", "Address", "Ipkts", "Ierrs", "Idrop",
        " %10s" % "Ibytes" if "b" in given else "", "Opkts", "Oerrs",
        " %10s" % "Obytes" if "b" in given else "", "Coll"))
    for one in found:
        counts = counted.get(one["linux"], [0] * 16)
        down = "*" if not one["flags"] & network.UP else ""
        print("%-*s %5d %-13s %-17s %8d %5d %5d%s %8d %5d%s %5d" % (
            width, one["name"] + down if len(one["name"] + down) <= width else one["name"], one["mtu"],
            "<Link#%d>" % one["index"], one["mac"] or one["name"], counts[1], counts[2], counts[3],
            " %10d" % counts[0] if "b" in given else "", counts[9], counts[10],
            " %10d" % counts[8] if "b" in given else "", 0))
        for address in one["aliases"]:
            if address["family"] in families:
                print("%-*s %5s %-13.13s %-17s %8d %5s %5s%s %8d %5s%s %5s" % (
                    width, one["name"], "-", _network(one, address), address["address"], 0, "-", "-",
                    " %10d" % 0 if "b" in given else "", 0, "-", " %10d" % 0 if "b" in given else "", "-"))


def _network(one, address):
    base = network.network_of(address["address"], address["prefix"])
    if address["family"] == 6 and base.startswith("fe80:"):
        base += "%" + one["name"]
    return "%s/%d" % (base, address["prefix"])


def _counters():
    """What Linux has counted of each interface; nothing where there is no /proc."""
    found = {}
    try:
        with open("/proc/self/net/dev", encoding="ascii") as table:
            for line in table:
                name, colon, numbers = line.partition(":")
                if colon:
                    found[name.strip()] = [int(number) for number in numbers.split()]
    except OSError:
        pass
    return found
