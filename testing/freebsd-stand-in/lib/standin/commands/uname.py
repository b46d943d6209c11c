"""uname(1)."""

import os

from .. import viewpoint
from ..errors import Usage
from ..options import parse
from . import sysctl

#: In the order in which they are printed.
_ORDER = "snrvmpiKUb"


def run(host, name, arguments):
    with host.locked() as state:
        newer = host.release >= (13, 0)
        usage = "usage: uname [-a%siKmnoprsUv]" % ("b" if newer else "")
        options, rest = parse(name, arguments, "aiKmnoprsUv" + ("b" if newer else ""), usage)
        if rest:
            raise Usage(usage)
        wanted = set()
        for letter, _ in options:
            wanted.update("mnrsv" if letter == "a" else "s" if letter == "o" else letter)
        values = _values(host, viewpoint.jail(state))
    print(" ".join(os.environ.get("UNAME_" + letter, values[letter])
                   for letter in _ORDER if letter in (wanted or "s")))
    return 0


def _values(host, jail):
    def of_jail(parameter, otherwise):
        return otherwise if jail is None else str(
            viewpoint.value(host.state, jail, jail, parameter))

    return {
        "s": "FreeBSD",
        "n": of_jail("host.hostname", host.setting("hostname")),
        "r": of_jail("osrelease", host.osrelease),
        "v": sysctl.version(host),
        "m": "amd64",
        "p": "amd64",
        "i": sysctl.ident(host),
        "K": of_jail("osreldate", str(host.osreldate)),
        "U": str(host.osreldate),
        "b": "0123456789abcdef0123456789abcdef01234567",
    }
