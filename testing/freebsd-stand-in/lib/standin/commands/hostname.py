"""hostname(1)."""

from .. import options, viewpoint
from ..errors import Failure, KernelError, Usage


def run(host, name, arguments):
    newer = host.release >= (13, 0)
    usage = "usage: hostname [-f] [-s%s] [name-of-host]" % (" | -d" if newer else "")
    letters, words = options.parse(name, arguments, "fs" + ("d" if newer else ""), usage)
    asked = {letter for letter, _ in letters}
    if len(words) > 1 or {"s", "d"} <= asked:
        raise Usage(usage)
    with host.locked() as state:
        jail = viewpoint.jail(state)
        if words:
            try:
                viewpoint.set_hostname(host, jail, jail, words[0])
            except KernelError as error:
                raise Failure("sethostname: " + error.text) from None
            return 0
        known = state["settings"]["hostname"] if jail is None \
            else viewpoint.value(state, jail, jail, "host.hostname")
    short, _, domain = known.partition(".")
    print(short if "s" in asked else domain if "d" in asked else known)
    return 0

