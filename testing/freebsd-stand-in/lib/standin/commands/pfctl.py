"""pfctl(8): the packet filter of this network stack. What is loaded is kept and shown."""

import os
import sys
import time

from .. import network, options, pf, place
from ..errors import Exit, Failure, Usage

_USAGE = """usage: pfctl [-AdeghMmNnOPqRrvz] [-a anchor] [-D macro=value] [-F modifier]
\t[-f file] [-i interface] [-K host | network]
\t[-k host | network | gateway | label | id] [-o level] [-p device]
\t[-s modifier] [-t table -T command [address ...]] [-x level]"""

_SHOWN = ("nat", "queue", "rules", "Anchors", "Sources", "states", "info", "Interfaces", "labels", "timeouts",
          "memory", "Tables", "osfp", "Running", "all")
_FLUSHED = ("nat", "queue", "rules", "Sources", "states", "info", "Tables", "osfp", "all")
_TABLE_COMMANDS = ("kill", "flush", "add", "delete", "load", "replace", "show", "test", "zero", "expire")

_COUNTERS = ("match", "bad-offset", "fragment", "short", "normalize", "memory", "bad-timestamp", "congestion",
             "ip-option", "proto-cksum", "state-mismatch", "state-insert", "state-limit", "src-limit",
             "synproxy", "map-failed")
_LIMITS = (("states", 100000), ("src-nodes", 10000), ("frags", 5000), ("table-entries", 200000))


class _Call:
    def __init__(self, host, arguments):
        letters, self.words = options.parse(
            "pfctl", arguments, "a:AdD:eqf:F:ghi:k:K:mMnNOo:Pp:rRs:t:T:vx:z", _USAGE)
        self.given = dict(letters)
        self.macros = {}
        for letter, text in letters:
            if letter == "D":
                name, equals, value = text.partition("=")
                if not equals:
                    raise Failure("could not parse macro definition " + text)
                self.macros[name] = value
        if "h" in self.given or not letters:
            raise Usage(_USAGE)
        self.show = _lookup(self.given, "s", _SHOWN, "show")
        self.flush = _lookup(self.given, "F", _FLUSHED, "flush")
        if "T" in self.given and not any(name.startswith(self.given["T"]) for name in _TABLE_COMMANDS):
            raise Usage("pfctl: Unknown table command '%s'\n%s" % (self.given["T"], _USAGE))
        if self.words and "T" not in self.given or "T" in self.given and "t" not in self.given:
            raise Usage(_USAGE)
        self.anchor = self.given.get("a", "").strip("/")
        self.recursive = self.anchor == "*" or self.anchor.endswith("/*")
        self.anchor = self.anchor[:-1].rstrip("/") if self.recursive else self.anchor
        _check_device(host)
        vnet = place.vnet(host.state)
        self.stack = network.Stack(host.state, vnet, release=host.release)
        self.filters = host.state.setdefault("pf", {}).setdefault(str(vnet), pf.fresh())
        self.text = _file(self.given["f"]) if "f" in self.given else None

    def say(self, text):
        if "q" not in self.given:
            sys.stdout.flush()
            sys.stderr.write(text + "\n")


def _lookup(given, letter, known, what):
    """A modifier, which may be shortened."""
    if letter not in given:
        return None
    for name in known:
        if name.startswith(given[letter]):
            return name
    raise Usage("pfctl: Unknown %s modifier '%s'\n%s" % (what, given[letter], _USAGE))


def _check_device(host):
    if "pf" not in host.state["settings"]["modules"] \
            or place.jail(host.state) is not None and not os.path.exists("/dev/pf"):
        raise Failure("/dev/pf: No such file or directory")
    if os.geteuid() != 0:
        raise Failure("/dev/pf: Permission denied")


def _file(path):
    if path == "-":
        return sys.stdin.read()
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError as error:
        sys.stderr.write("pfctl: %s: %s\npfctl: cannot open the main config file!: %s\n"
                         "pfctl: Syntax error in config file: pf rules not loaded\n"
                         % (path, error.strerror, error.strerror))
        raise Exit(1) from None


def run(host, name, arguments):
    with host.locked():
        call = _Call(host, arguments)
        if "d" in call.given:
            _disable(call)
        if call.show:
            _Showing(call).show(call.show)
        if call.flush:
            _flush(call)
        if "k" in call.given or "K" in call.given:
            call.say("killed 0 %s from 1 sources and 0 destinations"
                     % ("states" if "k" in call.given else "src nodes"))
        status = _table(call) if "T" in call.given else 0
        if call.text is not None:
            _load(call)
        pf.prune(call.filters)
        if "e" in call.given:
            _enable(call)
    return status


def _disable(call):
    if not call.filters["enabled"]:
        raise Failure("pf not enabled")
    call.filters["enabled"] = False
    call.say("pf disabled")


def _enable(call):
    if "n" in call.given:
        return
    if call.filters["enabled"]:
        raise Failure("pf already enabled")
    call.filters["enabled"], call.filters["since"] = True, time.time()
    call.say("pf enabled")


# ---- loading

def _load(call):
    name = "stdin" if call.given["f"] == "-" else call.given["f"]
    try:
        found = pf.parse(call.text, call.stack, call.macros)
    except pf.Wrong as wrong:
        for text in wrong.texts:
            sys.stderr.write(text + "\n" if text.startswith("no IP") else "%s:%s\n" % (name, text))
        sys.stderr.write("pfctl: Syntax error in config file: pf rules not loaded\n")
        raise Exit(1) from None
    if "v" in call.given:
        for table, addresses in found["tables"].items():
            print("table <%s> {%s}" % (table, "".join(" " + address for address in addresses) + " "
                                       if addresses else " "))
        for rule in found["nat"] + found["rules"]:
            print(rule)
    if "n" in call.given:
        return
    there = pf.anchor(call.filters, call.anchor, make=True)
    only = call.given.keys() & {"R", "N", "A"}
    if not only or "N" in only:
        there["nat"] = found["nat"]
    if not only or "R" in only:
        there["rules"] = found["rules"]
    if not only:
        there["tables"].update(found["tables"])


# ---- tables

def _table(call):
    command = next(name for name in _TABLE_COMMANDS if name.startswith(call.given["T"]))
    name = call.given["t"]
    there = pf.anchor(call.filters, call.anchor)
    table = there["tables"].get(name) if there else None
    words = [_table_address(call, word) for word in call.words]
    if command in ("add", "replace") and "n" not in call.given:
        if table is None:
            table = pf.anchor(call.filters, call.anchor, make=True)["tables"].setdefault(name, [])
            call.say("1 table created.")
    if table is None:
        raise Failure("Table does not exist.")
    if command == "show":
        for address in sorted(table, key=lambda one: network.packed(one.lstrip("! ").partition("/")[0])):
            print("   " + address)
        return 0
    if command == "test":
        matching = [word for word in words if any(_matches(word, address) for address in table)]
        call.say("%d/%d addresses match." % (len(matching), len(words)))
        return 0 if len(matching) == len(words) else 2
    if command == "kill":
        del there["tables"][name]
        call.say("1 table deleted.")
    elif command == "flush":
        call.say("%d addresses deleted." % len(table))
        table.clear()
    elif command == "add":
        fresh = [word for word in words if word not in table]
        table += fresh
        call.say("%d/%d addresses added." % (len(fresh), len(words)))
    elif command == "delete":
        gone = [word for word in words if word in table]
        table[:] = [address for address in table if address not in gone]
        call.say("%d/%d addresses deleted." % (len(gone), len(words)))
    elif command == "replace":
        _replace(call, table, words)
    elif command == "zero":
        call.say("%d addresses has been cleared." % len(table) if words else "1 table/stats cleared.")
    elif command == "expire":
        call.say("0/%d addresses expired." % len(table))
    return 0


def _replace(call, table, words):
    added, gone = [word for word in words if word not in table], [one for one in table if one not in words]
    table[:] = words
    if added:
        call.say("%d addresses added." % len(added))
    if gone:
        call.say("%d addresses deleted." % len(gone))
    if not added and not gone:
        call.say("no changes.")


def _table_address(call, word):
    reader = pf.Reader([word.lstrip("!")], 0, call.stack)
    try:
        return ("!" if word.startswith("!") else "") + reader.address(word.lstrip("!"))
    except pf.Wrong:
        sys.stderr.write("no IP address found for %s\n" % word)
        raise Failure("cannot create address buffer: Invalid argument") from None


def _matches(word, address):
    plain, slash, bits = address.lstrip("! ").partition("/")
    if (":" in plain) != (":" in word):
        return False
    if not slash:
        return word == plain
    return network.network_of(word.partition("/")[0], int(bits)) == plain


# ---- flushing

def _flush(call):
    what = call.flush
    there = pf.anchor(call.filters, call.anchor) or pf.fresh_anchor()
    if what in ("rules", "all"):
        there["rules"] = []
        call.say("rules cleared")
    if what in ("nat", "all"):
        there["nat"] = []
        call.say("nat cleared")
    if what in ("Tables", "all"):
        call.say("%d tables deleted." % len(there["tables"]))
        there["tables"] = {}
    if call.anchor:
        return
    if what in ("states", "all"):
        call.say("0 states cleared")
    if what in ("Sources", "all"):
        call.say("source tracking entries cleared")
    if what in ("info", "all"):
        call.say("pf: statistics cleared")
    if what == "all":
        call.say("pf: interface flags reset")


# ---- showing

class _Showing:
    def __init__(self, call):
        self.call = call
        self.filters = call.filters

    def show(self, what):
        {"nat": self.nat, "rules": self.rules, "Anchors": self.anchors, "info": self.info,
         "Tables": self.tables, "memory": self.memory, "Running": self.running, "all": self.all,
         "Interfaces": self.interfaces}.get(what, lambda: None)()

    def _anchor(self, call):
        there = pf.anchor(self.filters, self.call.anchor)
        if there is None:
            raise Failure(call + ": Invalid argument")
        return there

    def nat(self):
        self._list("nat", self._anchor("DIOCGETRULES"), self.call.anchor, "")

    def rules(self):
        self._list("rules", self._anchor("DIOCGETRULES"), self.call.anchor, "")

    def _list(self, kind, there, path, indent):
        for number, rule in enumerate(there[kind]):
            label = "@%d " % number if "g" in self.call.given else ""
            words = rule.split('"')
            called = rule.startswith(("anchor", "rdr-", "nat-"))
            below = path + "/" * bool(path) + words[1] if called else None
            inside = pf.anchor(self.filters, below) if below and self.call.recursive else None
            print(indent + label + rule + (" {" if inside else ""))
            if "v" in self.call.given:
                print(indent + "  [ Evaluations: 0         Packets: 0         Bytes: 0           States: 0     ]")
            if inside:
                self._list(kind, inside, below, indent + "  ")
                print(indent + "}")

    def anchors(self):
        if self.call.anchor and pf.anchor(self.filters, self.call.anchor) is None:
            raise Failure('Anchor \'%s\' not found.' % self.call.anchor)
        self._anchors(self.call.anchor)

    def _anchors(self, path):
        for name in pf.below(self.filters, path):
            if not name.rpartition("/")[2].startswith("_") or "v" in self.call.given:
                print("  " + name)
                if "v" in self.call.given:
                    self._anchors(name)

    def tables(self):
        there = pf.anchor(self.filters, self.call.anchor)
        for name in sorted(there["tables"]) if there else []:
            print(("-pa-r--\t" if "v" in self.call.given else "") + name)

    def info(self):
        status = "Status: Disabled"
        if self.filters["enabled"]:
            seconds = int(time.time() - self.filters["since"])
            status = "Status: Enabled for %d days %.2d:%.2d:%.2d" % (
                seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
        print("%-44s%15s\n" % (status, "Debug: Urgent"))
        print("%-27s %14s %16s" % ("State Table", "Total", "Rate"))
        print("  %-25s %14d %14s" % ("current entries", 0, ""))
        for name in ("searches", "inserts", "removals"):
            print("  %-25s %14d %14s" % (name, 0, "0.0/s"))
        print("Counters")
        for name in _COUNTERS:
            print("  %-25s %14d %14s" % (name, 0, "0.0/s"))

    def memory(self):
        for name, most in _LIMITS:
            print("%-13s hard limit %8d" % (name, most))

    def running(self):
        print("Enabled" if self.filters["enabled"] else "Disabled")

    def interfaces(self):
        names = {one["name"] for _, one in self.call.stack.interfaces()}
        groups = {group for _, one in self.call.stack.interfaces() for group in one["groups"]}
        for name in sorted(names | groups | {"all"}):
            print(name)

    def all(self):
        there = self._anchor("DIOCGETRULES")
        if there["nat"]:
            print("TRANSLATION RULES:")
            self.nat()
            print()
        print("FILTER RULES:")
        self.rules()
        print("\nINFO:")
        self.info()
        print("\nLIMITS:")
        self.memory()
        if there["tables"]:
            print("\nTABLES:")
            self.tables()
