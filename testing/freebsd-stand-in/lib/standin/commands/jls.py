"""jls(8): lists jails.

Sources: jls(8), and what a running 12.2 prints. Up to 12.x a parameter that is named loses its type,
so that switches print as numbers, and an empty string is misprinted.
"""

from .. import kernel, modules, parameters, values, viewpoint, xo
from ..command import warn
from ..errors import Exit, KernelError
from ..options import parse
from ..parameters import NEW, Parameter

_USAGE = "usage: jls [-dhNnqv] [-j jail] [param ...]"

#: What 12.x prints for an empty string: its format ends before it should.
_MISPRINTED = '/""}'

_VERBOSE = ("jid", "host.hostname", "path", "name", "dying", "cpuset.id", "ip4.addr", "ip6.addr")

#: Of jail_get(2), not of a jail: where a list goes on.
_LASTJID = Parameter("lastjid", "int", "CM", (12, 0), None, 0, (), 0, "")


class _Column:
    """A parameter that is printed: as it was named, with or without what its type is."""

    def __init__(self, name, parameter, negated, typed, shown=True):
        self.name = name
        self.parameter = parameter
        self.negated = negated
        self.typed = typed
        self.shown = shown

    @property
    def switch(self):
        return self.typed and self.parameter.kind == "bool"

    @property
    def is_list(self):
        return self.parameter.kind in ("ip4", "ip6")

    def value(self, state, viewer, jail):
        if self.parameter is _LASTJID:
            return jail["jid"]
        number = viewpoint.value(state, viewer, jail, self.parameter.name)
        return int(not number) if self.negated else number

    def exported(self, value):
        if self.parameter.kind in ("bool", "jailsys") and not self.typed:
            return str(int(value))
        return values.export(self.parameter, value)


class _Listing:
    """One call of jls."""

    def __init__(self, host, output):
        self.host = host
        self.output = output
        self.viewer = viewpoint.jail(host.state)
        self.columns = []
        self.quoted = self.named = self.header = self.skip = self.verbose = self.by_name = False
        self.default = False
        self.dying = False
        self.jid = 0
        self.name = None

    # ---- what is asked for

    def read(self, arguments):
        try:
            options, names = parse("jls", arguments, "adj:hNnqsv", None)
        except ValueError:
            self.fail(_USAGE)
        for letter, value in options:
            self._option(letter, value)
        if names:
            self.verbose = False
            for name in names:
                self.add(name)
        elif self.header or self.named:
            self.add("all")
        elif self.verbose:
            for name in _VERBOSE:
                self.add(name)
        else:
            self.default = True
            for name in ("name" if self.by_name else "jid", "ip4.addr", "host.hostname", "path"):
                self.add(name)

    def _option(self, letter, value):
        if letter in "ad":
            self.dying = True
        elif letter == "j":
            self.jid = _number(value)
            self.name = None if self.jid else value
        elif letter == "h":
            self.header, self.skip, self.verbose = True, False, False
        elif letter == "N":
            self.by_name = True
        elif letter == "n":
            self.named, self.verbose = True, False
        elif letter == "q":
            self.quoted = True
        elif letter == "s":
            self.named = self.quoted = self.skip = True
            self.header = self.verbose = False
        else:
            self.verbose = True
            self.header = self.named = self.skip = False

    def add(self, name):
        """A column, or with "all" one for each parameter; one that is there already stays."""
        if name == "all":
            for parameter in parameters.printed_order(self._known()):
                if not any(column.name == parameter.name for column in self.columns):
                    self.columns.append(_Column(parameter.name, parameter, False, True))
            return
        if any(column.name == name for column in self.columns):
            return
        parameter, negated = self._find(name)
        typed = self.host.release >= (13, 0)
        self.columns.append(_Column(name, parameter, negated, typed))

    def _known(self):
        settings = self.host.state["settings"]
        return parameters.known(self.host.release, settings["modules"])

    def _lookup(self, name):
        settings = self.host.state["settings"]
        return parameters.find(name, self.host.release, settings["modules"])

    def _find(self, name):
        """(parameter, whether its "no" was named); libjail loads what may bring it."""
        if name == "lastjid":
            return _LASTJID, False
        parameter = self._lookup(name)
        if parameter is None and self._load(name):
            parameter = self._lookup(name)
        if parameter is not None:
            return parameter, False
        other = parameters.without_no(name)
        parameter = self._lookup(other) if other else None
        if parameter is None or parameter.kind != "bool":
            self.fail("unknown parameter: " + name)
        return parameter, True

    def _load(self, name):
        try:
            kernel.require_root(self.host)
        except KernelError:
            return False
        return modules.load_for(self.host.state, name)

    # ---- printing

    def fail(self, text):
        warn("jls", text)
        self.output.finish()
        raise Exit(1)

    def print(self):
        state = self.host.state
        self._print_header()
        self.output.open_container("jail-information")
        self.output.open_list("jail")
        if self.jid or self.name is not None:
            found = [self._one(state)]
        else:
            found = viewpoint.jails(state, self.viewer, self.dying)
        for jail in found:
            self.output.open_instance("jail")
            self._print_jail(state, jail)
            self.output.close()
        self.output.finish()

    def _one(self, state):
        given = str(self.jid) if self.jid else '"%s"' % self.name
        jail, dying = viewpoint.find(state, self.viewer, self.jid, self.name)
        if jail is None and dying is not None and self.dying:
            jail = dying
        if jail is None:
            # What is not found is said with all that was to be printed before it.
            self.fail("jail %s %s" % (given, "not found" if dying is None else "is dying"))
        return jail

    def _print_header(self):
        show = self.output.text
        if self.verbose:
            show("   JID  Hostname%22sPath\n" % "")
            show("%8sName%26sState\n" % ("", ""))
            show("%8sCPUSetID\n" % "")
            show("%8sIP Address(es)\n" % "")
        elif self.default and self.by_name:
            show(" %-15s %-15s %-29s Path\n" % ("JID", "IP Address", "Hostname"))
        elif self.default:
            show("   JID  IP Address      Hostname%22sPath\n" % "")
        elif self.header:
            show(" ".join(column.name for column in self.columns) + "\n")

    def _print_jail(self, state, jail):
        if self.verbose:
            self._print_verbose(state, jail)
        elif self.default:
            self._print_default(state, jail)
        else:
            self._print_columns(state, jail)

    def _print_default(self, state, jail):
        output = self.output
        first, addresses, hostname, path = (column.value(state, self.viewer, jail) for column in self.columns)
        address = addresses[0] if addresses else ""
        if self.by_name:
            output.value("name", first)
            output.text(" %-15s " % first)
        else:
            output.value("jid", str(first), number=True)
            output.text("%6d  " % first)
        output.value("ipv4", address)
        output.value("hostname", hostname)
        output.value("path", path)
        output.text("%-15.15s %-29.29s %.74s\n" % (address, hostname, path))

    def _print_verbose(self, state, jail):
        output = self.output
        values_ = dict((column.name, column.value(state, self.viewer, jail)) for column in self.columns)
        condition = "DYING" if values_["dying"] else "ACTIVE"
        output.value("jid", str(values_["jid"]), number=True)
        output.value("hostname", values_["host.hostname"])
        output.value("path", values_["path"])
        output.text("%6d  %-29.29s %.74s\n"
                    % (values_["jid"], values_["host.hostname"], values_["path"]))
        output.value("name", values_["name"])
        output.value("state", condition)
        output.text("        %-29.29s %.74s\n" % (values_["name"], condition))
        output.value("cpusetid", str(values_["cpuset.id"]), number=True)
        output.text("        %d\n" % values_["cpuset.id"])
        for version in ("4", "6"):
            self._print_list("ipv%s_addrs" % version, "ipv%s_addr" % version,
                             values_["ip%s.addr" % version])

    def _print_list(self, name, item, addresses):
        self.output.open_list(name)
        for address in addresses:
            self.output.item(item, address)
            self.output.text("        %s\n" % address)
        self.output.close()

    def _print_columns(self, state, jail):
        output = self.output
        blank = ""
        for column in self.columns:
            if self.skip and self._skipped(state, jail, column):
                continue
            output.text(blank)
            blank = " "
            value = column.value(state, self.viewer, jail)
            if self.named and column.switch:
                self._print_switch(column, value)
                continue
            if value is None:
                # A key of meta or env that is not there.
                output.text(column.name if self.named else "")
                continue
            if self.named:
                output.text(column.name + "=")
            if column.is_list and output.structured:
                self._print_list(column.name, "ipv%s_addr" % column.name[2], value)
            elif column.is_list and not value:
                output.text('""' if self.quoted else "" if self.named else "-")
            else:
                self._print_quoted(column.name, column.exported(value))
        output.text("\n")

    def _skipped(self, state, jail, column):
        """-s: what cannot be set, and what belongs to a group that is not the jail's own."""
        if column.parameter.change == "RO":
            return True
        group = self._lookup(column.name.partition(".")[0]) if "." in column.name else None
        return group is not None and group.kind == "jailsys" \
            and kernel.value(state, jail, group.name) != NEW

    def _print_switch(self, column, value):
        if value:
            self.output.value(column.name, "true", number=True)
            self.output.text(column.name)
        else:
            self.output.value(column.name, "true" if column.negated else "false", number=True)
            self.output.text(parameters.without_no(column.name) if column.negated
                             else parameters.no_name(column.name))

    def _print_quoted(self, name, text):
        output = self.output
        if text == "":
            if self.host.release < (13, 0):
                output.value(name, _MISPRINTED)
                output.text(_MISPRINTED)
            else:
                output.value(name, "")
            output.text('""')
            return
        quote = '"' if "'" in text else "'" if '"' in text \
            else '"' if " " in text or "\t" in text else ""
        if not self.quoted:
            quote = ""
        output.value(name, text)
        output.text(quote + text + quote)


def _number(text):
    """strtoul(3) of the whole of it, as an int; 0 if it is no number."""
    digits = text.lstrip(" \t\n\v\f\r")
    negative = digits.startswith("-")
    digits = digits[1:] if digits[:1] in ("-", "+") else digits
    if not (digits.isascii() and digits.isdigit()):
        return 0
    number = min(int(digits), (1 << 64) - 1)
    number = (-number if negative else number) & 0xffffffff
    return number - (1 << 32) if number >= 1 << 31 else number


def run(host, name, arguments):
    output, rest = xo.parse_arguments(name, arguments)
    output.version = "2"
    output.split_end = host.release < (13, 0)
    with host.locked() as state:
        kernel.collect(state)
        listing = _Listing(host, output)
        listing.read(rest)
        listing.print()
    return 0
