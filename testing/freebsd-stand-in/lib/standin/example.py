"""What the example programs for vnet jails, jib and jng, have in common: they call ifconfig(8) and
ngctl(8), step by step, and end with the status of the first that fails."""

import contextlib
import io
import os
import sys

from . import command, network
from .errors import Exit, Usage

_NAME = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")


class Example:
    """A call of one: its actions are methods, and `usages` says how each is called, and what for."""

    #: By action: (the name of its method, usage, what it does).
    usages = {}

    def __init__(self, host):
        self.host = host
        self._counters = {}

    def do(self, arguments):
        method = self.usages.get(arguments[0] if arguments else None, (None,))[0]
        if method is None:
            raise Usage(self._usage())
        return getattr(self, method)(arguments[1:])

    def _usage(self):
        lines = ["Usage: %s action [arguments]" % _program(), "Actions:"]
        for _, usage, summary in self.usages.values():
            lines += ["\t" + usage, "\t\t" + summary]
        return "\n".join(lines)

    def refuse(self, usage):
        """The usage of one action."""
        raise Usage("Usage: %s %s" % (_program(), usage))

    def name_of(self, words, usage, least, most=None):
        """The name of a jail, which is the first of so many words."""
        if not least <= len(words) <= (most or len(words)) or not _NAME.issuperset(words[0]):
            self.refuse(usage)
        return words[0]

    def bridge_of(self, words, usage):
        """-b: the end of the name of the bridge, and the words behind."""
        bridge = "bridge"
        while words and words[0].startswith("-") and words[0] != "-":
            word = words[0]
            words = words[1:]
            if word == "--":
                break
            if not word.startswith("-b"):
                print("Illegal option -" + word[1:2], file=sys.stderr)
                self.refuse(usage)
            if word == "-b" and not words:
                print("No arg for -b option", file=sys.stderr)
                self.refuse(usage)
            bridge = word[2:] or words[0]
            words = words[1:] if word == "-b" else words
        return bridge or "bridge", words

    def must_be_root(self):
        if os.geteuid() != 0:
            print("Must run as root!", file=sys.stderr)
            raise Exit(1)

    # -- steps

    def step(self, *words):
        """A command that has to do it."""
        status = command.perform(self.host, words[0], list(words[1:]))
        if status:
            raise Exit(status)

    def output(self, *words):
        """What a command that has to do it prints."""
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.step(*words)
        return out.getvalue().strip()

    def quietly(self, *words):
        """A command's status alone."""
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return command.perform(self.host, words[0], list(words[1:]))

    def derive_mac(self, parent, name):
        """The addresses of the two ends of a link below a card: of the card's last three parts, the
        sum(1) of the jail's name, and a number for each further link of the card."""
        counter = self._counters.get(parent, -1) + 1
        self._counters[parent] = counter
        with self.host.locked() as state:
            mac = network.find(state, network.HOST, parent)[1]["mac"]
        second = {"2": "ae", "e": "26", "E": "26"}.get(mac[1], "2e")
        total = checksum(name)
        rest = ":%02x:%02x%s" % (total >> 8, total & 255, mac[8:])
        return ["%x%s%s" % (counter & 15, digit, rest) for digit in second]


def _program():
    return os.path.basename(sys.argv[0])


def checksum(text):
    """sum(1): of 16 bits, turned right before each byte is added."""
    total = 0
    for byte in os.fsencode(text):
        total = ((total >> 1) + ((total & 1) << 15) + byte) & 0xFFFF
    return total
