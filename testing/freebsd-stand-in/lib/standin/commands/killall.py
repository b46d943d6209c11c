"""killall(1) with -j."""

import os
import re
import signal
import sys

from .. import kernel, processes
from ..errors import Exit, Failure, Usage
from . import ps

_USAGE = """usage: killall [-delmsqvz] [-help] [-I] [-j jail]
               [-u user] [-t tty] [-c cmd] [-SIGNAL] [cmd]...
At least one option or argument to specify processes must be given."""


def run(host, name, arguments):
    number, jail_word, names = signal.SIGTERM, None, []
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word == "-j":
            if not words:
                raise Failure("option requires an argument -- j")
            jail_word = words.pop(0)
        elif re.fullmatch(r"-[0-9]+", word):
            number = int(word[1:])
        elif re.fullmatch(r"-(SIG)?[A-Z]{2,}[0-9]*", word):
            number = getattr(signal, "SIG" + word[1:].removeprefix("SIG"))
        elif word.startswith("-"):
            continue
        else:
            names.append(word)
    if not names and jail_word is None:
        raise Usage(_USAGE)
    with host.locked() as state:
        kernel.collect(state)
        jail = None
        if jail_word is not None:
            jail = kernel.find(state, jail_word)
            if jail is None:
                raise Failure('jail "%s" not found' % jail_word)
        jails = {each["init"]: each for each in kernel.jails(state)}
    matched = [process["pid"] for process in ps.processes_of(jails)
               if process["pid"] != os.getpid()
               and (jail is None or process["jid"] == jail["jid"])
               and (not names or processes.name(process["pid"]) in names)]
    if not processes.send(matched, number):
        sys.stderr.write("No matching processes %swere found\n"
                         % ("belonging to you " if os.geteuid() else ""))
        raise Exit(1)
    return 0
