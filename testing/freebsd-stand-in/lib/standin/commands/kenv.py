"""kenv(1): what the loader has told the kernel."""

from ..errors import EPERM, Exit, Failure, Usage
from .. import options, place

_USAGE = """usage: kenv [-hNq]
       kenv [-qv] variable[=value]
       kenv [-q] -u variable"""

#: What the loader of every host sets.
_LOADED = {
    "vfs.root.mountfrom": "ufs:/dev/vtbd0",
    "vfs.root.mountfrom.options": "rw",
    "hint.uart.0.at": "isa",
    "hint.uart.0.port": "0x3F8",
    "hint.uart.0.flags": "0x10",
    "hint.uart.0.irq": "4",
    "kernelname": "/boot/kernel/kernel",
}


def run(host, name, arguments):
    given, words = options.parse(name, arguments, "hNquv", _USAGE)
    letters = {letter for letter, _ in given}
    if len(words) > 1 or "u" in letters and not words:
        raise Usage(_USAGE)
    with host.locked() as state:
        jailed = place.jail(state) is not None
        kept = state.setdefault("kenv", dict(_LOADED))
        if not words:
            for variable, value in kept.items():
                print(variable if "N" in letters else '%s="%s"' % (variable, value))
            return 0
        variable, given_value, value = words[0].partition("=")
        if "u" in letters:
            if variable not in kept or jailed:
                raise _failure(letters, "unset", variable)
            del kept[variable]
        elif given_value:
            if jailed:
                raise _failure(letters, "set", variable, ": " + EPERM)
            kept[variable] = value
            print('%s="%s"' % (variable, value) if "v" in letters else value)
        elif variable in kept:
            print('%s="%s"' % (variable, kept[variable]) if "v" in letters else kept[variable])
        else:
            raise _failure(letters, "get", variable)
    return 0


def _failure(letters, what, variable, why=""):
    return Exit(1) if "q" in letters else Failure("unable to %s %s%s" % (what, variable, why))
