"""pf.conf(5): the rules of a packet filter, read and written as pfctl(8) does. They filter nothing here.

The state of a stack's filter: whether it runs, and its anchors by their paths, each with rules of
translation ("nat"), of filtering ("rules"), and tables.
"""

import itertools

from . import network

_ORDER = "Rules must be in order: options, normalization, queueing, translation, filtering"
_STAGES = {"set": 1, "scrub": 2, "altq": 3, "queue": 3, "nat": 4, "rdr": 4, "binat": 4, "no": 4,
           "nat-anchor": 4, "rdr-anchor": 4, "binat-anchor": 4, "pass": 5, "block": 5, "match": 5, "anchor": 5, "antispoof": 5}
_PROTOCOLS = ("tcp", "udp", "icmp", "icmp6", "ipv6-icmp", "esp", "ah", "gre", "igmp", "sctp", "carp", "ospf",
              "pfsync", "ipencap", "ipv6")
_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
_STATES = ("keep", "modulate", "synproxy")
_CALLS = ("anchor ", "nat-anchor ", "rdr-anchor ", "binat-anchor ")
_SEPARATE = "{}(),=<>!"


class Wrong(Exception):
    """What is wrong with a line: its number, and texts, each a line of its own."""

    def __init__(self, line, *texts):
        super().__init__(line, *texts)
        self.line = line
        self.texts = texts


def fresh():
    return {"enabled": False, "since": 0, "anchors": {"": fresh_anchor()}}


def fresh_anchor():
    return {"nat": [], "rules": [], "tables": {}}


def anchor(filters, path, make=False):
    """An anchor by its path; one that is made has those above it."""
    if make and path not in filters["anchors"]:
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            filters["anchors"].setdefault("/".join(parts[:length]), fresh_anchor())
    return filters["anchors"].get(path)


def prune(filters):
    """Anchors with nothing in them, or below them, which no rule calls, are gone."""
    called = {"/".join(part for part in (path, rule.split('"')[1].removesuffix("*").rstrip("/")) if part)
              for path, one in filters["anchors"].items() for rule in one["nat"] + one["rules"]
              if rule.startswith(_CALLS)}
    for path in called:
        anchor(filters, path, make=True)
    for path in sorted(filters["anchors"], key=len, reverse=True):
        one = filters["anchors"][path]
        if path and path not in called and not any(one.values()) and not below(filters, path):
            del filters["anchors"][path]


def below(filters, path):
    """The anchors directly below one."""
    start = path + "/" if path else ""
    return sorted(name for name in filters["anchors"]
                  if name and name.startswith(start) and "/" not in name[len(start):])


# ---- words

def _lines(text):
    """(number, words) of each logical line."""
    pending, first = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        first = first or number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        pending += line
        words = _words(pending, first)
        depth = words.count("{") - words.count("}")
        if depth > 0 and words:
            # A list goes on behind the end of a line.
            pending += " "
            if number < text.count("\n") + 1:
                continue
        if words:
            yield first, words
        pending, first = "", 0
    if pending.strip():
        yield first, _words(pending, first)


def _words(line, number):
    """The words of a line; what was quoted starts with a quotation mark."""
    words, place = [], 0
    while place < len(line):
        char = line[place]
        if char == "#":
            break
        if char in " \t\r":
            place += 1
        elif char in "\"'":
            end = line.find(char, place + 1)
            if end < 0:
                raise Wrong(number, "syntax error")
            words.append('"' + line[place + 1:end])
            place = end + 1
        elif line[place:place + 2] in ("->", "!=", "<=", ">=", "<>", "><"):
            words.append(line[place:place + 2])
            place += 2
        elif char in _SEPARATE:
            words.append(char)
            place += 1
        else:
            end = place
            while end < len(line) and line[end] not in " \t\r#\"'" + _SEPARATE \
                    and line[end:end + 2] != "->":
                end += 1
            words.append(line[place:end])
            place = end
    return words


def _expand_macros(words, macros, number):
    found = []
    for word in words:
        if word.startswith("$"):
            if word[1:] not in macros:
                raise Wrong(number, "macro '%s' not defined" % word[1:], "syntax error")
            found += macros[word[1:]]
        else:
            found.append(word)
    return found


def _expand_lists(words, number):
    """The rules that one with lists stands for; what a pool is is not taken apart."""
    end = words.index("->") if "->" in words else len(words)
    parts, place = [], 0
    while place < end:
        if words[place] != "{":
            parts.append([[words[place]]])
            place += 1
            continue
        close = next((index for index in range(place, end) if words[index] == "}"), None)
        if close is None:
            raise Wrong(number, "syntax error")
        parts.append(_members(words[place + 1:close], number))
        place = close + 1
    for chosen in itertools.product(*parts):
        yield [word for part in chosen for word in part] + words[end:]


def _members(words, number):
    found, current = [], []
    for word in words:
        # A comma may be left out.
        if word == "," or current and not _goes_on(current):
            if current:
                found.append(current)
            current = []
        if word != ",":
            current.append(word)
    if current:
        found.append(current)
    if not found:
        raise Wrong(number, "syntax error")
    return found


def _goes_on(words):
    return words[-1] in ("!", "<", "(") + _COMPARISONS or words.count("(") > words.count(")") \
        or words.count("<") > words.count(">")


# ---- rules

class Reader:
    """The words of one rule."""

    def __init__(self, words, line, stack):
        self.words = words
        self.place = 0
        self.line = line
        self.stack = stack
        self.family = None

    def peek(self):
        return self.words[self.place] if self.place < len(self.words) else None

    def next(self):
        word = self.peek()
        if word is None:
            self.wrong()
        self.place += 1
        return word

    def take(self, *known):
        """The next word, if it is one of these."""
        if self.peek() in known:
            return self.next()
        return None

    def text(self):
        """A word or a quoted text."""
        word = self.next()
        return word[1:] if word.startswith('"') else word

    def wrong(self, *texts):
        raise Wrong(self.line, *(texts or ("syntax error",)))

    # -- parts

    def interface(self):
        if not self.take("on"):
            return ""
        negated = "! " if self.take("!") else ""
        return " on %s%s" % (negated, self.text())

    def versions(self):
        self.family = {"inet": 4, "inet6": 6}.get(self.take("inet", "inet6"))

    def protocol(self):
        if not self.take("proto"):
            return None
        name = self.text()
        if not name.isdigit() and name not in _PROTOCOLS:
            self.wrong("unknown protocol " + name)
        return {"ipv6-icmp": "ipv6-icmp", "icmp6": "ipv6-icmp"}.get(name, name)

    def from_to(self, protocol):
        """" all", or " from X port = Y to Z"."""
        if self.take("all"):
            return " all"
        source = target = "any"
        source_port = target_port = ""
        given = False
        if self.take("from"):
            given = True
            source, source_port = self.host(), self.port(protocol)
        if self.take("to"):
            given = True
            target, target_port = self.host(), self.port(protocol)
        if not given or source == target == "any" and not source_port + target_port:
            return " all"
        return " from %s%s to %s%s" % (source, source_port, target, target_port)

    def host(self):
        negated = "! " if self.take("!") else ""
        word = self.text()
        if word == "any":
            return "any"
        if word in ("no-route", "urpf-failed", "self"):
            return negated + word
        if word == "<":
            name = self.text()
            if self.next() != ">":
                self.wrong()
            return "%s<%s>" % (negated, name)
        if word == "(":
            name = self.text()
            if self.next() != ")":
                self.wrong()
            return "%s(%s)" % (negated, name)
        return negated + self.address(word)

    def address(self, word):
        plain, slash, bits = word.partition("/")
        try:
            family = 6 if ":" in plain else 4
            parts = plain.split(".")
            if family == 4 and slash and all(part.isdigit() for part in parts):
                plain = ".".join(parts + ["0"] * (4 - len(parts)))
            network.packed(plain)
        except (OSError, ValueError):
            return self.named(word)
        whole = 32 if family == 4 else 128
        if slash and (not bits.isdigit() or int(bits) > whole):
            self.wrong()
        self.of_family(family)
        if slash and int(bits) < whole:
            return "%s/%s" % (network.network_of(plain, int(bits)), bits)
        return plain

    def of_family(self, family):
        if self.family not in (None, family):
            self.wrong("rule expands to no valid combination")
        self.family = family

    def named(self, word):
        """An interface stands for its address."""
        name, colon, part = word.partition(":")
        _, one = self.stack.find(name)
        found = next((address for address in (one["aliases"] if one else [])
                      if address["family"] == (self.family or 4)), None)
        if found is None or part not in ("", "0", "network"):
            self.wrong("no IP address found for " + word, "could not parse host specification")
        self.of_family(found["family"])
        if part == "network":
            return "%s/%d" % (network.network_of(found["address"], found["prefix"]), found["prefix"])
        return found["address"]

    def port(self, protocol):
        if not self.take("port"):
            return ""
        if protocol not in ("tcp", "udp", "sctp"):
            self.wrong("port only applies to tcp/udp", "skipping rule due to errors",
                       "rule expands to no valid combination")
        comparison = self.take(*_COMPARISONS)
        word = self.text()
        between = self.take("><", "<>")
        if between:
            return " port %d %s %d" % (self.number(word, protocol), between,
                                       self.number(self.text(), protocol))
        first, colon, last = word.partition(":")
        if colon:
            return " port %d:%d" % (self.number(first, protocol), self.number(last, protocol))
        number = self.number(word, protocol)
        return " port %s %s" % (comparison or "=", service(number, protocol))

    def number(self, word, protocol):
        if word.isdigit():
            if int(word) > 65535:
                self.wrong("illegal port value " + word)
            return int(word)
        import _socket
        try:
            return _socket.getservbyname(word, protocol)
        except OSError:
            return self.wrong("unknown port " + word)

    def parenthesized(self):
        if not self.take("("):
            return ""
        words = []
        while self.peek() != ")":
            words.append(self.text())
        self.next()
        return " (%s)" % " ".join(words).replace(" ,", ",")

    @property
    def version(self):
        return {4: " inet", 6: " inet6", None: ""}[self.family]


def service(number, protocol):
    """The name of a port, if it has one."""
    import _socket
    try:
        return _socket.getservbyport(number, protocol)
    except OSError:
        return str(number)


def _filter(reader):
    action = reader.next()
    text = action
    if action == "block":
        kind = reader.take("drop", "return", "return-rst", "return-icmp", "return-icmp6") or "drop"
        text += " " + kind + (reader.parenthesized() if kind != "drop" else "")
    direction = reader.take("in", "out")
    text += " " + direction if direction else ""
    if reader.take("log"):
        text += " log" + reader.parenthesized()
    if reader.take("quick"):
        text += " quick"
    text += reader.interface()
    for route in ("route-to", "reply-to", "dup-to"):
        if reader.take(route):
            text += " %s%s" % (route, reader.parenthesized() or " " + reader.text())
    reader.versions()
    protocol = reader.protocol()
    ends = reader.from_to(protocol)
    options, flags, state = _options(reader, action)
    text += reader.version + (" proto " + protocol if protocol else "") + ends
    if action == "pass" and state != " no state":
        if flags is None:
            flags = " flags S/SA" if protocol in (None, "tcp") else ""
        state = state or " keep state"
    return text + (flags or "") + options[0] + (state or "") + options[1]


def _options(reader, action):
    """((what is printed before the state, behind it), flags, state)."""
    before, behind, flags, state = "", "", None, None
    while reader.peek() is not None:
        word = reader.next()
        if word == "flags":
            flags = " flags " + reader.text()
        elif word in _STATES and reader.take("state"):
            state = " %s state%s" % (word, reader.parenthesized())
        elif word == "no" and reader.take("state"):
            state = " no state"
        elif word in ("icmp-type", "icmp6-type"):
            before += " %s %s" % (word, reader.text())
            if reader.take("code"):
                before += " code " + reader.text()
        elif word == "label":
            behind += ' label "%s"' % reader.text()
        elif word == "tag":
            behind += " tag " + reader.text()
        elif word == "tagged":
            behind += " tagged " + reader.text()
        elif word in ("rtable", "queue", "tos", "probability"):
            behind += " %s %s" % (word, reader.text())
        elif word in ("user", "group"):
            comparison = reader.take(*_COMPARISONS) or "="
            before += " %s %s %s" % (word, comparison, reader.text())
        elif word in ("allow-opts", "fragment"):
            behind += " " + word
        else:
            reader.wrong()
    return (before, behind), flags, state


def _translation(reader):
    negated = "no " if reader.take("no") else ""
    action = reader.next()
    if action not in ("nat", "rdr", "binat"):
        reader.wrong()
    text = negated + action
    if reader.take("pass"):
        text += " pass"
        text += " log" + reader.parenthesized() if reader.take("log") else ""
    text += reader.interface()
    reader.versions()
    protocol = reader.protocol()
    ends = reader.from_to(protocol)
    for word in ("tag", "tagged"):
        if reader.take(word):
            ends += " %s %s" % (word, reader.text())
    pool = ""
    if reader.take("->"):
        pool = " -> " + _pool(reader, protocol)
    elif not negated:
        reader.wrong()
    if reader.peek() is not None:
        reader.wrong()
    return text + reader.version + (" proto " + protocol if protocol else "") + ends + pool


def _pool(reader, protocol):
    hosts = []
    if reader.take("{"):
        while not reader.take("}"):
            hosts.append(reader.host())
            reader.take(",")
    else:
        hosts.append(reader.host())
    several = len(hosts) > 1 or hosts[0].startswith("(") or "/" in hosts[0]
    text = "{ %s }" % ", ".join(hosts) if len(hosts) > 1 else hosts[0]
    if reader.take("port"):
        first, colon, last = reader.text().partition(":")
        text += " port %d" % reader.number(first, protocol or "tcp")
        text += ":" + last if colon else ""
    way = reader.take("round-robin", "random", "bitmask", "source-hash")
    text += " " + way if way else " round-robin" if several else ""
    for word in ("sticky-address", "static-port"):
        text += " " + word if reader.take(word) else ""
    return text


def _anchor_call(reader):
    kind = reader.next()
    name = reader.peek()
    if name is None or not name.startswith('"') and kind != "anchor":
        reader.wrong()
    text = '%s "%s"' % (kind, reader.text())
    direction = reader.take("in", "out")
    text += " " + direction if direction else ""
    text += " quick" if reader.take("quick") else ""
    text += reader.interface()
    reader.versions()
    protocol = reader.protocol()
    ends = reader.from_to(protocol)
    if reader.peek() is not None:
        reader.wrong()
    return text + reader.version + (" proto " + protocol if protocol else "") + ends


def _scrub(reader):
    text = reader.next()
    direction = reader.take("in", "out")
    text += " " + direction if direction else ""
    text += reader.interface()
    reader.versions()
    text += reader.version + reader.from_to(None)
    rest = [reader.text() for _ in range(len(reader.words) - reader.place)]
    return text + ("" if not rest else " " + " ".join(rest)) + (
        "" if "reassemble" in rest else " fragment reassemble")


def _table(reader):
    """(name, addresses)."""
    reader.next()
    if reader.next() != "<":
        reader.wrong()
    name = reader.text()
    if reader.next() != ">":
        reader.wrong()
    addresses = []
    while reader.peek() is not None:
        if reader.take("persist", "const", "counters"):
            continue
        if not reader.take("{"):
            reader.wrong()
        while not reader.take("}"):
            negated = "! " if reader.take("!") else ""
            reader.family = None
            addresses.append(negated + reader.address(reader.text()))
            reader.take(",")
    return name, addresses


def parse(text, stack, macros=None):
    """A file of rules, as an anchor. Raises Wrong with all that is wrong, each with its line."""
    found, stage = fresh_anchor(), 0
    macros = {name: _words(value, 0) for name, value in (macros or {}).items()}
    wrong = []
    for number, words in _lines(text):
        try:
            stage = _one(found, number, words, macros, stack, stage)
        except Wrong as error:
            wrong.append(error)
    if wrong:
        raise Wrong(0, *["%d: %s" % (error.line, each) if not each.startswith("no IP") else each
                         for error in wrong for each in error.texts])
    return found


def _one(found, number, words, macros, stack, stage):
    if len(words) > 2 and words[1] == "=" and words[0].replace("_", "").isalnum():
        value = [part for word in words[2:]
                 for part in (_words(word[1:], number) if word.startswith('"') else [word])]
        macros[words[0]] = _expand_macros(value, macros, number)
        return stage
    words = _expand_macros(words, macros, number)
    kind = words[0]
    if kind == "table":
        name, addresses = _table(Reader(words, number, stack))
        found["tables"][name] = addresses
        return stage
    if kind not in _STAGES:
        raise Wrong(number, "syntax error")
    if _STAGES[kind] < stage:
        raise Wrong(number, _ORDER)
    if kind == "set":
        if len(words) < 2:
            raise Wrong(number, "syntax error")
        return _STAGES[kind]
    for rule in _expand_lists(words, number):
        reader = Reader(rule, number, stack)
        if kind in ("nat", "rdr", "binat", "no"):
            found["nat"].append(_translation(reader))
        elif kind.endswith("anchor"):
            found["rules" if kind == "anchor" else "nat"].append(_anchor_call(reader))
        elif kind == "scrub":
            found["rules"].append(_scrub(reader))
        elif kind in ("pass", "block", "match"):
            found["rules"].append(_filter(reader))
        elif kind == "antispoof":
            found["rules"] += _antispoof(reader)
        else:
            reader.wrong()
    return _STAGES[kind]


def _antispoof(reader):
    reader.next()
    quick = " quick" if reader.take("quick") else ""
    if not reader.take("for"):
        reader.wrong()
    name = reader.text()
    reader.versions()
    _, one = reader.stack.find(name)
    rules = []
    for address in one["aliases"] if one else []:
        if reader.family in (None, address["family"]) and not address["address"].startswith("fe80"):
            version = "inet" if address["family"] == 4 else "inet6"
            rules.append("block drop in%s on ! %s %s from %s/%d to any" % (
                quick, name, version, network.network_of(address["address"], address["prefix"]),
                address["prefix"]))
            rules.append("block drop in%s %s from %s to any" % (quick, version, address["address"]))
    return rules
