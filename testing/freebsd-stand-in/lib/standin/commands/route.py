"""route(8): shows and changes the routes of a network stack."""

import _socket
import os
import sys

from .. import network, options, place
from ..errors import ENETUNREACH, EEXIST, EPERM, ESRCH, Failure, KernelError, Usage

EX_USAGE, EX_DATAERR, EX_NOHOST, EX_OSERR, EX_NOPERM = 64, 65, 68, 71, 77

_FLAG_NAMES = ("UP", "GATEWAY", "HOST", "REJECT", "DYNAMIC", "MODIFIED", "DONE", "XRESOLVE",
               "LLINFO", "STATIC", "BLACKHOLE", "PROTO2", "PROTO1", "PRCLONING", "WASCLONED",
               "PROTO3", "FIXEDMTU", "PINNED", "LOCAL", "BROADCAST", "MULTICAST", "STICKY")
_COMMANDS = ("add", "delete", "del", "change", "get", "show", "flush", "monitor")
_METRICS = ("mtu", "hopcount", "expire", "recvpipe", "sendpipe", "ssthresh", "rtt", "rttvar",
            "weight")
_MARKS = {"reject": "REJECT", "blackhole": "BLACKHOLE", "proto1": "PROTO1", "proto2": "PROTO2",
          "sticky": "STICKY", "xresolve": "XRESOLVE"}
_WORDS = {ENETUNREACH: ENETUNREACH, EEXIST: "route already in table", ESRCH: "not in table"}


def run(host, name, arguments):
    release = host.release
    if not arguments:
        raise _usage(release)
    known = "46dnqtv" + ("j:" if release >= (14, 0) else "")
    try:
        found, words = options.parse(name, arguments, known, None)
    except ValueError:
        raise _usage(release) from None
    chosen = {letter for letter, _ in found}
    if not words:
        raise _usage(release)
    if words[0] not in _COMMANDS:
        raise _usage(release, words[0])
    with host.locked() as state:
        vnet = place.vnet(state)
        for letter, given in found:
            if letter == "j":
                try:
                    jail = network.find_jail(state, given)
                except KernelError as error:
                    raise Failure(error.text) from None
                vnet = jail["jid"] if jail["values"]["vnet"] == 1 else network.HOST
        stack = network.Stack(state, vnet, network.Wires(state), release)
        if words[0] not in ("get", "show", "monitor") and os.geteuid() != 0 \
                and not chosen & {"d", "t"}:
            raise Failure("must be root to alter routing table", EX_NOPERM)
        call = _Call(stack, chosen, release)
        inside = place.jail(state)
        call.may = inside is None or inside["values"]["vnet"] == 1
        if words[0] == "flush":
            return call.flush(words[1:])
        if words[0] == "monitor":
            raise Failure("monitor is not there", EX_USAGE)
        return call.change(words)


def _usage(release, keyword=None):
    jail = "[-j jail] " if release >= (14, 0) else ""
    text = "" if keyword is None else "route: bad keyword: %s\n" % keyword
    return Usage("%sroute: usage: route %s[-46dnqtv] command [[modifiers] args]" % (text, jail),
                 EX_USAGE)


class _Call:
    def __init__(self, stack, chosen, release):
        self.stack = stack
        self.chosen = chosen
        self.release = release
        self.may = True
        self.family = 6 if "6" in chosen else 4 if "4" in chosen else None
        self.destination = self.gateway = self.mask = None
        self.destination_text = self.gateway_text = ""
        self.is_host = False
        self.force_host = self.force_net = self.by_interface = False
        self.marks = ["STATIC"]

    def _bad(self, keyword=None):
        return _usage(self.release, keyword)

    def change(self, words):
        """add, delete, change, get and show."""
        command = words[0]
        words = words[1:]
        while words:
            word = words.pop(0)
            if word.startswith("-"):
                self._modifier(word[1:], words)
            elif self.destination is None:
                self._take_destination(word)
            elif self.gateway is None:
                self._take_gateway(word)
            else:
                self._take_mask(word)
        if self.destination is None:
            sys.stderr.write("route: destination parameter required\n")
            raise self._bad()
        if self.force_host:
            self.is_host = True
        if self.force_net:
            self.is_host = False
        if command in ("get", "show"):
            return self._get()
        return self._alter(command)

    def _modifier(self, word, words):
        if word in ("inet", "4"):
            self.family = 4
        elif word in ("inet6", "6"):
            self.family = 6
        elif word in ("iface", "interface"):
            self.by_interface = True
        elif word == "host":
            self.force_host = True
        elif word == "net":
            self.force_net = True
        elif word in _MARKS:
            self.marks.append(_MARKS[word])
        elif word == "nostatic":
            self.marks = [mark for mark in self.marks if mark != "STATIC"]
        elif word in ("static", "lock", "lockrest", "nostick", "proxy", "link", "osi", "sa"):
            pass
        elif word in ("netmask", "prefixlen", "gateway", "dst", "ifa", "ifp", "fib",
                      "genmask") + _METRICS:
            if not words:
                raise self._bad()
            self._with_argument(word, words.pop(0))
        else:
            raise self._bad(word)

    def _with_argument(self, word, given):
        if word == "netmask":
            self._take_mask(given)
        elif word == "prefixlen":
            whole = 128 if self.family == 6 else 32
            if not given.isdigit() or int(given) > whole:
                raise Failure("%s: invalid prefixlen" % given, EX_USAGE)
            self.mask = int(given)
            self.force_net = self.mask != whole
            self.is_host = not self.force_net
        elif word == "gateway":
            self._take_gateway(given)
        elif word == "dst":
            self._take_destination(given)
        elif word == "fib":
            if given not in ("0", "default", "all"):
                raise Failure("invalid fib number: %s" % given, EX_USAGE)
        elif word in _METRICS:
            if not given.lstrip("+-").isdigit():
                raise Failure("%s: Invalid argument" % given, EX_USAGE)

    # -- addresses

    def _take_destination(self, word):
        self.destination_text = word
        self.family = self.family or 4
        if word == "default":
            self.destination, self.mask = ("0.0.0.0" if self.family == 4 else "::"), 0
            return
        if self.family == 6:
            address, slash, width = word.partition("/")
            self.destination = self._inet6(address)
            if slash or self.destination == "::":
                self.mask = int(width) if width.isdigit() else 0
            self.is_host = self.mask in (None, 128)
            return
        address, slash, width = word.partition("/")
        if slash:
            try:
                self.destination = _socket.inet_ntoa(_socket.inet_aton(address))
            except OSError:
                raise Failure("bad address: %s" % address, EX_NOHOST) from None
            if not width.isdigit() or int(width) > 32:
                raise Failure("bad mask length: %s" % width, EX_NOHOST)
            self.mask = int(width)
            return
        self.destination = self._inet(word)
        self.is_host = True

    def _take_gateway(self, word):
        self.gateway_text = word
        self.family = self.family or 4
        if self.by_interface:
            key, one = self.stack.find(word)
            if one is None:
                raise Failure("interface '%s' does not exist" % word, EX_DATAERR)
            self.gateway = key
        elif word == "default":
            self.gateway = "0.0.0.0" if self.family == 4 else "::"
        else:
            self.gateway = self._inet(word) if self.family == 4 else self._inet6(word)

    def _take_mask(self, word):
        self.family = self.family or 4
        text = self._inet(word) if self.family == 4 else self._inet6(word)
        self.mask = bin(int.from_bytes(network.packed(text), "big")).count("1")
        self.force_net = True

    @staticmethod
    def _inet(word):
        from .ifconfig import inet
        found = inet(word)
        if found is None:
            raise Failure("bad address: %s" % word, EX_NOHOST)
        return found

    @staticmethod
    def _inet6(word):
        try:
            return _socket.inet_ntop(10, _socket.inet_pton(10, word.partition("%")[0]))
        except OSError:
            raise Failure("%s: Name does not resolve" % word, EX_OSERR) from None

    def _prefix(self):
        if self.mask is not None and not self.is_host:
            return self.mask
        if self.is_host:
            return 32 if self.family == 4 else 128
        # -net of a bare address: what is not zero of it, as the classes had it.
        parts = self.destination.split(".")
        while len(parts) > 1 and parts[-1] == "0":
            parts.pop()
        return 8 * len(parts)

    # -- what is done

    def _alter(self, command):
        error = None
        try:
            if not self.may:
                raise KernelError("", EPERM)
            if not self.chosen & {"d", "t"}:
                self._apply(command)
        except KernelError as refused:
            error = refused.number or refused.text
            if error == EPERM:
                raise Failure("writing to routing socket: " + EPERM) from None
            if error == ESRCH:
                sys.stderr.write("route: route has not been found\n")
            elif error != EEXIST:
                sys.stderr.write("route: writing to routing socket: %s\n" % error)
        if "q" not in self.chosen:
            self._say(command, error)
        return int(error is not None)

    def _apply(self, command):
        prefix = self._prefix()
        if command in ("delete", "del"):
            self.stack.delete_route(self.family, self.destination, prefix)
            return
        if command == "change":
            self.stack.delete_route(self.family, self.destination, prefix)
        if self.gateway is None:
            raise KernelError("", "Invalid argument")
        flags = ["UP"] + ([] if self.by_interface else ["GATEWAY"]) \
            + (["HOST"] if self.is_host else []) + ["DONE"] + self.marks
        self.stack.add_route(self.family, self.destination, prefix,
                             None if self.by_interface else self.gateway, flags,
                             self.gateway if self.by_interface else None)

    def _say(self, command, error):
        text = "%s %s %s" % (command, "host" if self.is_host else "net", self.destination_text)
        if self.gateway_text:
            text += ": gateway " + self.gateway_text
        if error is not None:
            text += " fib 0: " + _WORDS.get(error, error)
        print(text)

    def _get(self):
        route = self.stack.route_to(self.family, self.destination)
        if route is None:
            sys.stderr.write("route: route has not been found\n")
            # -1, as it left the function.
            return 255
        whole = 32 if self.family == 4 else 128
        one = self.stack.state["interfaces"][route["interface"]]
        numeric = "n" in self.chosen
        print("   route to: " + self._name(self.destination, numeric))
        print("destination: " + self._name(route["address"], numeric))
        if route["prefix"] < whole:
            print("       mask: " + self._name(self._mask(route["prefix"]), numeric))
        if route["gateway"]:
            print("    gateway: " + self._name(route["gateway"], numeric))
        print("        fib: 0")
        print("  interface: " + one["name"])
        names = [name for name in _FLAG_NAMES if name in route["flags"]]
        print("      flags: <%s>" % ",".join(names))
        print("%9s %9s %9s %9s %9s %10s %9s" % ("recvpipe", "sendpipe", "ssthresh", "rtt,msec",
                                                "mtu   ", "weight", "expire"))
        print("%8d  %8d  %8d  %8d  %8d  %8d  %8d " % (0, 0, 0, 0, one["mtu"], 1, 0))
        return 0

    def _mask(self, prefix):
        if self.family == 4:
            return _socket.inet_ntop(2, network.mask_of(prefix).to_bytes(4, "big"))
        number = ((1 << 128) - 1) << (128 - prefix) & ((1 << 128) - 1)
        return _socket.inet_ntop(10, number.to_bytes(16, "big"))

    @staticmethod
    def _name(address, numeric):
        if numeric:
            return address
        if address in ("0.0.0.0", "::"):
            return "default"
        try:
            with open("/etc/hosts", encoding="latin-1") as file:
                for line in file:
                    words = line.partition("#")[0].split()
                    if len(words) > 1 and words[0] == address:
                        return words[1]
        except OSError:
            pass
        return address

    def flush(self, words):
        """All that lead to a gateway."""
        for word in words:
            if word in ("-inet", "-4"):
                self.family = 4
            elif word in ("-inet6", "-6"):
                self.family = 6
            else:
                raise self._bad(word)
        for route in list(self.stack.state["routes"]):
            if route["vnet"] != self.stack.vnet or not route["gateway"] \
                    or self.family not in (None, route["family"]):
                continue
            self.stack.delete_route(route["family"], route["address"], route["prefix"])
            if "q" not in self.chosen:
                print("%-20.20s %-20.20s -fib 0   done"
                      % (self._name(route["address"], False), self._name(route["gateway"], False)))
        return 0
