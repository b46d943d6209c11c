"""ifconfig(8): shows interfaces, and makes, changes, moves and destroys them."""

import _socket
import os
import sys
import time

from .. import network, options, place
from ..errors import EINVAL, EPERM, ENXIO, Failure, KernelError, Usage
from ..network import KINDS

_OPTIONS = "[-g groupname] [-C] [-L] "
_FAMILIES = {"inet": 4, "inet6": 6, "link": 0, "ether": 0, "lladdr": 0}

_FLAGS = {
    "up": network.UP, "-arp": network.NOARP, "debug": 0x4, "promisc": network.PPROMISC,
    "link0": 0x1000, "link1": 0x2000, "link2": 0x4000, "monitor": network.MONITOR,
    "staticarp": network.STATICARP, "compress": 0x1000, "noicmp": 0x2000,
}
_NO_FLAGS = {
    "down": network.UP, "arp": network.NOARP, "-debug": 0x4, "-promisc": network.PPROMISC,
    "-link0": 0x1000, "-link1": 0x2000, "-link2": 0x4000, "-monitor": network.MONITOR,
    "-staticarp": network.STATICARP, "normal": 0x1000,
}
_FLAG_NAMES = (
    (0x1, "UP"), (0x2, "BROADCAST"), (0x4, "DEBUG"), (0x8, "LOOPBACK"), (0x10, "POINTOPOINT"),
    (0x40, "RUNNING"), (0x80, "NOARP"), (0x100, "PROMISC"), (0x200, "ALLMULTI"), (0x400, "OACTIVE"),
    (0x800, "SIMPLEX"), (0x1000, "LINK0"), (0x2000, "LINK1"), (0x4000, "LINK2"),
    (0x8000, "MULTICAST"), (0x20000, "PPROMISC"), (0x40000, "MONITOR"), (0x80000, "STATICARP"),
    (0x1000000, "LOWER_UP"),
)
_ND6 = {"nud": 0x1, "accept_rtadv": 0x2, "prefer_source": 0x4, "ifdisabled": 0x8,
        "auto_linklocal": 0x20, "no_radr": 0x40, "no_prefer_iface": 0x80, "no_dad": 0x100}
_ND6_NAMES = ((0x1, "PERFORMNUD"), (0x2, "ACCEPT_RTADV"), (0x4, "PREFER_SOURCE"),
              (0x8, "IFDISABLED"), (0x10, "DONT_SET_IFROUTE"), (0x20, "AUTO_LINKLOCAL"),
              (0x40, "NO_RADR"), (0x80, "NO_PREFER_IFACE"), (0x100, "NO_DAD"))
#: What a member of a bridge can be told: the flag, and whether it is set.
_MEMBER = {"private": (0x800, True), "stp": (0x4, True), "sticky": (0x10, True),
           "learn": (0x1, True), "discover": (0x2, True), "autoedge": (0x40, True),
           "edge": (0x20, True), "ptp": (0x80, True), "autoptp": (0x100, True)}
_MEMBER.update({"-" + name: (flag, False) for name, (flag, _) in list(_MEMBER.items())})
_MEMBER_NAMES = ((0x1, "LEARNING"), (0x2, "DISCOVER"), (0x4, "STP"), (0x8, "SPAN"),
                 (0x10, "STICKY"), (0x800, "PRIVATE"), (0x20, "EDGE"), (0x40, "AUTOEDGE"),
                 (0x80, "PTP"), (0x100, "AUTOPTP"))
_CAPABILITIES = {sign + name for sign in ("", "-") for name in (
    "rxcsum", "txcsum", "rxcsum6", "txcsum6", "tso", "tso4", "tso6", "lro", "toe", "netcons",
    "polling", "wol", "wol_ucast", "wol_mcast", "wol_magic", "vlanmtu", "vlanhwtag",
    "vlanhwfilter", "vlanhwtso", "vlanhwcsum", "linkstate", "txrtlmt", "hwrxtstmp")}
_ADDRESS_FLAGS = {"anycast", "tentative", "-tentative", "deprecated", "-deprecated", "autoconf",
                  "-autoconf", "prefer_source", "-prefer_source"}
#: Words with an argument that changes nothing here.
_IGNORED = {"fib", "tunnelfib", "media", "mediaopt", "-mediaopt", "mode", "instance", "pltime",
            "vltime", "vhid", "pass", "advbase", "advskew", "maxaddr", "timeout", "priority",
            "hellotime", "fwddelay", "maxage", "holdcnt", "proto", "ifpriority", "ifpathcost",
            "ifmaxaddr", "static", "pcp", "addr"}
_IGNORED_ALONE = {"flush", "flushall", "-pcp", "deletetunnel", "-tunnel", "eui64", "defaultif",
                  "-defaultif"}
_TENTATIVE_SECONDS = 1.0


def run(host, name, arguments):
    release = host.release
    known = "adf:klmnuvg:CL" + ("G:" if release >= (13, 0) else "") \
        + ("j:" if release >= (13, 3) else "")
    try:
        found, words = options.parse(name, arguments, known, None)
    except ValueError:
        raise _usage(release) from None
    return _run(host, found, words, release)


def _usage(release):
    jail = "[-j jail] " if release >= (13, 3) else ""
    return Usage(
        "usage: ifconfig %s[-f type:format] %sinterface address_family\n"
        "                [address [dest_address]] [parameters]\n"
        "       ifconfig %sinterface create\n"
        "       ifconfig %s-a %s[-d] [-m] [-u] [-v] [address_family]\n"
        "       ifconfig %s-l [-d] [-u] [address_family]\n"
        "       ifconfig %s%s[-d] [-m] [-u] [-v]"
        % (jail, _OPTIONS, jail, jail, _OPTIONS, jail, jail, _OPTIONS))


def _run(host, found, words, release):
    chosen = {letter for letter, _ in found}
    given = {letter: argument for letter, argument in found if argument is not None}
    if "G" in chosen and "a" not in chosen or "l" in chosen and chosen & {"a", "m"} \
            or {"u", "d"} <= chosen:
        raise _usage(release)
    with host.locked() as state:
        vnet = place.vnet(state)
        if "j" in given:
            vnet = _jail_vnet(state, given["j"])
        stack = network.Stack(state, vnet, network.Wires(state), release)
        if "C" in chosen:
            print(" ".join(sorted(network.CLONERS)))
            return 0
        if "g" in given and "a" not in chosen:
            for _, one in stack.interfaces():
                if given["g"] in one["groups"] or given["g"] == "all":
                    print(one["name"])
            return 0
        view = _View(state, stack, given.get("f", os.environ.get("IFCONFIG_FORMAT", "")))
        if "l" in chosen or "a" in chosen or not words:
            return _list(view, chosen, given, words, release)
        return _one(view, chosen, words, release)


def _jail_vnet(state, given):
    """-j: acts in a jail."""
    try:
        jail = network.find_jail(state, given)
    except KernelError as error:
        raise Failure(error.text) from None
    return jail["jid"] if jail["values"]["vnet"] == 1 else network.HOST


def _list(view, chosen, given, words, release):
    """-a and -l."""
    if len(words) > 1:
        raise _usage(release)
    family = None
    if words:
        if words[0] not in _FAMILIES:
            sys.stderr.write("ifconfig: Address family '%s' unknown.\n" % words[0])
            raise _usage(release)
        family = _FAMILIES[words[0]]
    names = []
    for key, one in view.stack.interfaces():
        if not _wanted(one, chosen) or not _in_groups(one, given):
            continue
        if "l" not in chosen:
            view.show(key, one, family)
        elif view.has(one, family):
            names.append(one["name"])
    if "l" in chosen:
        print(" ".join(names))
    return 0


def _wanted(one, chosen):
    is_up = one["flags"] & network.UP
    return not ("d" in chosen and is_up or "u" in chosen and not is_up)


def _in_groups(one, given):
    from fnmatch import fnmatchcase
    groups = one["groups"] + ["all"]
    return ("g" not in given or any(fnmatchcase(group, given["g"]) for group in groups)) \
        and ("G" not in given or not any(fnmatchcase(group, given["G"]) for group in groups))


def _one(view, chosen, words, release):
    name, words = words[0], words[1:]
    key, one = view.stack.find(name)
    if one is None:
        if words[:1] in (["create"], ["plumb"]):
            if len(os.fsencode(name)) > network.LONGEST_NAME:
                raise Failure("%s: cloning name too long" % name)
            return _Change(view, name, None, True, release).do(words)
        if words[:1] == ["-vnet"]:
            return _Change(view, name, None, False, release).do(words)
        raise Failure("interface %s does not exist" % name)
    if words[:1] in (["create"], ["plumb"]):
        if len(words) == 1:
            raise Failure("interface %s already exists" % name)
        words = words[1:]
    family = None
    if words and words[0] in _FAMILIES:
        family = _FAMILIES[words[0]]
        words = words[1:]
    if not words:
        if _wanted(one, chosen):
            view.show(key, one, family)
        return 0
    if not _wanted(one, chosen):
        return 0
    return _Change(view, name, family, False, release).do(words)


# ---- showing

class _View:
    """What may be seen of interfaces, and how."""

    def __init__(self, state, stack, formats):
        self.state = state
        self.stack = stack
        self.formats = dict(part.split(":", 1) for part in formats.split(",") if ":" in part)
        self.jail = place.jail(state)
        if self.jail is not None and self.jail["values"]["vnet"] == 1:
            self.jail = None

    def aliases(self, one):
        """A jail without a stack of its own sees its addresses alone."""
        found = []
        for address in one["aliases"]:
            if self.jail is not None:
                values = self.jail["values"]
                version = "ip%d" % address["family"]
                if values[version] != 2 and address["address"] not in values[version + ".addr"]:
                    continue
            found.append(address)
        return found

    def has(self, one, family):
        if family is None:
            return True
        if family == 0:
            return KINDS[one["kind"]].ether
        return any(address["family"] == family for address in self.aliases(one))

    def show(self, key, one, family):
        kind = KINDS[one["kind"]]
        print("%s: flags=%s metric %d mtu %d"
              % (one["name"], _bits(self.stack.flags(one), _FLAG_NAMES), one["metric"], one["mtu"]))
        if one["description"]:
            print("\tdescription: " + one["description"])
        if kind.options:
            print("\toptions=" + kind.options)
        if family in (None, 0) and kind.ether:
            self._show_ether(one)
        self._show_addresses(one, family)
        if family is None:
            if one["kind"] == "bridge":
                self._show_bridge(one)
            if one["groups"]:
                print("\tgroups: " + " ".join(one["groups"]))
            if kind.media:
                print("\tmedia: " + kind.media)
                print("\tstatus: " + ("active" if self._is_active(one) else "no carrier"))
        if family in (None, 6) and one["nd6"] is not None and self._has_ip6():
            print("\tnd6 options=" + _bits(one["nd6"], _ND6_NAMES))

    def _show_ether(self, one):
        dash = self.formats.get("ether") == "dash"
        for word, mac in (("ether", one["mac"]), ("hwaddr", one["first_mac"])):
            if word == "hwaddr" and (mac == one["mac"] or one["kind"] == "bridge"
                                     or mac == "00:00:00:00:00:00"):
                continue
            print("\t%s %s" % (word, mac.replace(":", "-") if dash else mac))

    def _has_ip6(self):
        return self.jail is None or self.jail["values"]["ip6"] == 2 \
            or bool(self.jail["values"]["ip6.addr"])

    def _is_active(self, one):
        if one["kind"] == "tap":
            return False
        if one["kind"] == "eiface":
            return any(node["interface"] is not None and node["hooks"]
                       and self.state["interfaces"].get(node["interface"]) is one
                       for node in self.state["nodes"].values() if node["type"] == "eiface")
        return True

    def _show_addresses(self, one, family):
        aliases = self.aliases(one)
        # A family is where its first address is.
        order = []
        for address in aliases:
            if address["family"] not in order:
                order.append(address["family"])
        for version in order:
            for address in aliases:
                if address["family"] == version and family in (None, version):
                    (self._show_inet if version == 4 else self._show_inet6)(one, address)

    def _show_inet(self, one, address):
        mask = network.mask_of(address["prefix"])
        how = self.formats.get("inet")
        if how == "cidr":
            text = "/%d" % address["prefix"]
        elif how == "dotted":
            text = " netmask " + _socket.inet_ntop(2, mask.to_bytes(4, "big"))
        else:
            text = " netmask 0x%x" % mask
        if address["broadcast"] and one["flags"] & network.BROADCAST:
            text += " broadcast " + address["broadcast"]
        print("\tinet %s%s" % (address["address"], text))

    def _show_inet6(self, one, address):
        text = address["address"]
        local = text.startswith("fe80:")
        if local:
            text += "%" + one["name"]
        text += ("/%d" if self.formats.get("inet6") == "cidr" else " prefixlen %d") \
            % address["prefix"]
        if not one["flags"] & network.LOOPBACK and (
                not one["flags"] & network.UP
                or time.time() - address["made"] < _TENTATIVE_SECONDS):
            text += " tentative"
        if local:
            text += " scopeid 0x%x" % one["index"]
        print("\tinet6 " + text)

    def _show_bridge(self, one):
        print("\tid 00:00:00:00:00:00 priority 32768 hellotime 2 fwddelay 15\n"
              "\tmaxage 20 holdcnt 6 proto stp-rstp maxaddr 2000 timeout 1200\n"
              "\troot id 00:00:00:00:00:00 priority %d ifcost 0 port 0"
              % (32768 if one["started"] else 0))
        for entry in one["members"]:
            member = self.state["interfaces"][entry["key"]]
            cost = {"eiface": 20000, "tap": 2000000}.get(member["kind"], 2000)
            print("\tmember: %s flags=%s\n\t        ifmaxaddr 0 port %d priority 128 path cost %d"
                  % (member["name"], _bits(entry["flags"], _MEMBER_NAMES), member["index"], cost))


def _bits(value, names):
    return "%x<%s>" % (value, ",".join(name for bit, name in names if value & bit))


# ---- changing

class _Change:
    """The words behind an interface, in order; addresses are set last."""

    def __init__(self, view, name, family, create, release):
        self.view = view
        self.stack = view.stack
        self.name = name
        self.family = family
        self.creating = create
        self.made = not create
        self.release = release
        self.print_name = False
        self.set_address = self.set_mask = False
        self.alias = 0
        self.clear = False
        self.new = True
        self.address = self.mask = self.broadcast = self.removed = None

    def do(self, words):
        try:
            self._do(words)
        finally:
            if self.print_name:
                print(self.name)
        return 0

    def _do(self, words):
        words = list(words)
        while words:
            if self.creating:
                if words[0] in ("create", "plumb"):
                    words.pop(0)
                    continue
                self._create()
                if words[0] in _FAMILIES:
                    self.family = _FAMILIES[words.pop(0)]
                    continue
            self._word(words)
        if self.creating:
            self._create()
        self._set_addresses()

    # -- the kernel

    def _key(self):
        return self.stack.find(self.name)[0]

    def _interface(self):
        return self.stack.find(self.name)[1]

    def _call(self, what, act, *given, perror=False):
        """A system call, and what err(3) says of its failure; perror: as ifconfig's own words."""
        try:
            if not self._may():
                raise KernelError("", EPERM)
            return act(*given)
        except KernelError as error:
            number = error.number or error.text
            if perror and number == EPERM:
                raise Failure("%s: permission denied" % what) from None
            if perror and number == ENXIO:
                raise Failure("%s: no such interface" % what) from None
            raise Failure("%s: %s" % (what, number)) from None

    def _may(self):
        return os.geteuid() == 0 and self.view.jail is None

    def _create(self):
        self.creating = False
        try:
            made = self._call("SIOCIFCREATE2", self.stack.create, self.name)
        except Failure as failure:
            if failure.text.endswith("File exists") and self.release >= (13, 0):
                raise Failure("interface %s already exists" % self.name) from None
            raise
        if made != self.name:
            self.name = made
            self.print_name = True

    # -- words

    def _word(self, words):
        word = words.pop(0)
        one = self._interface()
        if word in _FLAGS or word in _NO_FLAGS:
            flags = one["flags"] | _FLAGS.get(word, 0)
            flags &= ~_NO_FLAGS.get(word, 0)
            self._call(word, self.stack.set_flags, self._key(), flags, perror=True)
        elif word in ("alias", "add", "-alias", "delete", "remove"):
            self._note_alias(word in ("alias", "add"))
        elif word in ("destroy", "unplumb"):
            self._call("SIOCIFDESTROY", self.stack.destroy, self._key())
        elif word in _WITH_ARGUMENT:
            if not words:
                raise Failure("'%s' requires argument" % word)
            _WITH_ARGUMENT[word](self, words.pop(0))
        elif word in ("-description", "-descr"):
            self._describe("")
        elif word in _MEMBER and (one["kind"] == "bridge" or word in ("stp", "-stp")):
            if not words:
                raise Failure("'%s' requires argument" % word)
            self._member(word, words.pop(0))
        elif word.lstrip("-") in _ND6 and self.family == 6:
            bit = _ND6[word.lstrip("-")]
            one["nd6"] = (one["nd6"] or 0) & ~bit | (0 if word.startswith("-") else bit)
        elif word in _IGNORED:
            if not words:
                raise Failure("'%s' requires argument" % word)
            words.pop(0)
        elif word == "tunnel":
            if len(words) < 2:
                raise Failure("'tunnel' requires 2 arguments")
            raise Failure("SIOCSIFPHYADDR: " + EINVAL)
        elif word in _CAPABILITIES or word in _ADDRESS_FLAGS or word in _IGNORED_ALONE:
            self._call(word, lambda: None, perror=True)
        elif self.set_address:
            self._parse_broadcast(word)
        else:
            self._take_address(word)

    def _take_address(self, word):
        self.set_address = True
        if self.alias == 0 and self.family != 0:
            self.clear = True
        if self.alias < 0:
            self.removed = self._parse(word, False)
        else:
            self.address = self._parse(word, True)

    def _note_alias(self, adds):
        if self.set_address and self.alias == 0 and not adds:
            self.removed = self.address
        self.alias = 1 if adds else -1
        self.clear = not adds
        if not adds:
            self.new = False

    def _parse(self, word, with_width):
        if self.family == 0:
            if word == "random":
                return "02:" + ":".join("%02x" % byte for byte in os.urandom(5))
            mac = network.parse_mac(word)
            if mac is None:
                raise Failure("malformed link-level address")
            return mac
        text = word
        if with_width and "/" in word:
            text, _, width = word.rpartition("/")
            self._take_width(word, width)
        return self._parse_inet6(text) if self.family == 6 else self._parse_inet(text)

    def _take_width(self, word, width):
        if self.family == 6:
            self.mask = _prefix6(width)
            return
        wrong = None
        if not width[:1].isdigit() or not width.isdigit():
            wrong = "invalid"
        elif int(width) > 32:
            wrong = "too large"
        if wrong:
            raise Failure("%s: bad value (width %s)" % (word, wrong))
        self.mask = int(width)

    @staticmethod
    def _parse_inet(text):
        found = inet(text)
        if found is None:
            raise Failure("%s: bad value" % text)
        return found

    @staticmethod
    def _parse_inet6(text):
        try:
            return _socket.inet_ntop(10, _socket.inet_pton(10, text.partition("%")[0]))
        except OSError:
            raise Failure("%s: bad value" % text) from None

    def _parse_broadcast(self, word):
        if self.family == 0:
            raise Failure("can't set link-level netmask or broadcast")
        self.broadcast = self._parse(word, False)

    def _take_netmask(self, word):
        self.set_mask = True
        if self.family == 0:
            raise Failure("can't set link-level netmask or broadcast")
        if self.family == 6:
            self._parse_inet6(word)
            return
        self.mask = bin(int.from_bytes(_socket.inet_aton(self._parse_inet(word)), "big")).count("1")

    def _take_prefix(self, word):
        if self.family == 6:
            self.mask = _prefix6(word)

    def _describe(self, text):
        self._call("ioctl SIOCSIFDESCR (set descr)",
                   self._interface().__setitem__, "description", text[:1023])

    def _rename(self, new):
        self._call("ioctl SIOCSIFNAME (set name)", self.stack.rename, self._key(), new)
        self.print_name = True
        self.name = new

    def _set_mtu(self, text):
        self._call("ioctl SIOCSIFMTU (set mtu)", self.stack.set_mtu, self._interface(),
                   _atoi(text))

    def _set_metric(self, text):
        self._call("ioctl SIOCSIFMETRIC (set metric)",
                   self._interface().__setitem__, "metric", _atoi(text))

    def _join(self, group):
        if group[-1:].isdigit():
            raise Failure("setifgroup: group names may not end in a digit")
        if len(group) > 15:
            raise Failure("setifgroup: group name too long")

        def join():
            if group not in self._interface()["groups"]:
                self._interface()["groups"].append(group)
        self._call(" SIOCAIFGROUP", join)

    def _leave(self, group):
        if group[-1:].isdigit():
            raise Failure("unsetifgroup: group names may not end in a digit")

        def leave():
            if group not in self._interface()["groups"]:
                raise KernelError("", "No such file or directory")
            self._interface()["groups"].remove(group)
        self._call("SIOCDIFGROUP", leave)

    def _addm(self, name):
        self._call("BRDGADD " + name, self._on_bridge, self.stack.add_member, name)

    def _deletem(self, name):
        def delete(bridge):
            self.stack.delete_member(bridge, self.stack.find(name)[0])
        self._call("BRDGDEL " + name, self._on_bridge, delete)

    def _on_bridge(self, act, *given):
        bridge = self._interface()
        if bridge["kind"] != "bridge":
            raise KernelError("", EINVAL)
        act(bridge, *given)

    def _member(self, word, name):
        flag, is_set = _MEMBER[word]

        def change(bridge):
            entry = self.stack.member(bridge, name)
            entry["flags"] = entry["flags"] | flag if is_set else entry["flags"] & ~flag
        self._call("BRDGGIFFLGS " + name, self._on_bridge, change)

    def _to_jail(self, given):
        self._call("SIOCSIFVNET", network.move_to_jail, self.stack, self._key(), self._jail(given))

    def _from_jail(self, given):
        jail = self._jail(given)
        self._call("SIOCSIFRVNET(%d, %s)" % (jail["jid"], self.name),
                   network.take_back, self.stack, self.name, jail)

    def _jail(self, given):
        try:
            return network.find_jail(self.view.state, given)
        except KernelError as error:
            raise Failure(error.text) from None

    # -- addresses

    def _set_addresses(self):
        family = 4 if self.family is None else self.family
        if self._interface() is None:
            return
        if self.clear:
            self._delete_address(family)
        if self.new and (self.set_address or self.set_mask) and family == 0:
            self._call("ioctl (SIOCAIFADDR)", self.stack.set_mac, self._interface(), self.address,
                       perror=True)
        elif self.new and (self.set_address or self.set_mask):
            self._add_address(family)

    def _delete_address(self, family):
        if family == 0:
            raise Failure("interface %s cannot change link addresses!" % self.name)
        address = self.removed
        if self.alias >= 0:
            # A new address in place of the first: of IPv6 in place of the same alone.
            address = None if family == 4 else self.address
        try:
            self._call("ioctl (SIOCDIFADDR)", self.stack.delete_address, self._interface(), family,
                       address, perror=True)
        except Failure as failure:
            if self.alias < 0 or not failure.text.endswith("Can't assign requested address"):
                raise

    def _add_address(self, family):
        if self.address is None:
            raise Failure("ioctl (SIOCAIFADDR): " + EINVAL)
        prefix = self.mask
        if prefix is None:
            prefix = 64
            if family == 4:
                first = int(self.address.split(".")[0])
                prefix = 8 if first < 128 else 16 if first < 192 else 24
                if self.release >= (14, 0):
                    sys.stderr.write(
                        "ifconfig: WARNING: setting interface address without mask is deprecated,\n"
                        "default mask may not be correct.\n")
        self._call("ioctl (SIOCAIFADDR)", self.stack.add_address, self._key(), family,
                   self.address, prefix, self.broadcast, perror=True)


_WITH_ARGUMENT = {
    "description": _Change._describe, "descr": _Change._describe,
    "netmask": _Change._take_netmask, "broadcast": _Change._parse_broadcast,
    "prefixlen": _Change._take_prefix,
    "metric": _Change._set_metric, "mtu": _Change._set_mtu, "name": _Change._rename,
    "group": _Change._join, "-group": _Change._leave,
    "addm": _Change._addm, "deletem": _Change._deletem,
    "vnet": _Change._to_jail, "-vnet": _Change._from_jail,
}


def _prefix6(text):
    prefix = _atoi(text)
    if not 0 <= prefix <= 128:
        raise Failure("%s: bad value" % text)
    return prefix


def _atoi(text):
    """atoi(3)."""
    digits = text.strip()
    sign = digits[:1] in "+-" and digits[:1]
    number = ""
    for byte in digits[len(sign or ""):]:
        if not byte.isdigit():
            break
        number += byte
    return int((sign or "") + number) if number else 0


def inet(text):
    """An address as inet_aton(3) reads it, or that of a name in /etc/hosts; None if it is neither."""
    try:
        return _socket.inet_ntoa(_socket.inet_aton(text))
    except OSError:
        return _hosts_entry(text)


def _hosts_entry(name):
    """The IPv4 address that /etc/hosts has for a name."""
    try:
        with open("/etc/hosts", encoding="latin-1") as file:
            for line in file:
                words = line.partition("#")[0].split()
                if name in words[1:] and "." in words[0]:
                    return words[0]
    except OSError:
        pass
    return None
