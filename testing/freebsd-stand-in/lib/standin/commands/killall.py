"""killall(1) with -j."""

import os
import re
import signal
import sys

from .. import kernel, proctable, running, signals, viewpoint
from ..errors import Exit, Failure, Usage

_USAGE = """usage: killall [-delmsqvz] [-help] [-I] [-j jail]
               [-u user] [-t tty] [-c cmd] [-SIGNAL] [cmd]...
At least one option or argument to specify processes must be given."""


def run(host, name, arguments):
    number, jail_word, user, names = signal.SIGTERM, None, None, []
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word == "-j":
            if not words:
                raise Failure("option requires an argument -- j")
            jail_word = words.pop(0)
        elif word == "-u":
            user = _user(words.pop(0) if words else "")
        elif re.fullmatch(r"-([0-9]+|[A-Z]{2,}[0-9]*)", word):
            number = signals.of_text(word[1:])
            if number is None:
                raise Failure("unknown signal %s" % word[1:])
        elif word.startswith("-"):
            continue
        else:
            names.append(word)
    if not names and jail_word is None and user is None:
        raise Usage(_USAGE)
    with host.locked() as state:
        kernel.collect(state)
        jail = None
        if jail_word is not None:
            jail, _ = viewpoint.find(state, viewpoint.jail(state),
                                     int(jail_word) if jail_word.isdigit() else 0, jail_word)
            if jail is None:
                raise Failure('jail "%s" not found' % jail_word)
        matched = [process for process in proctable.seen(host, state)
                   if process.pid != os.getpid() and not process.is_kernel
                   and (jail is None or process.jid == jail["jid"])
                   and (user is None or process.uids[1] == user)
                   and (not names or process.name in names)]
    if not proctable.send(matched, number):
        sys.stderr.write("No matching processes %swere found\n"
                         % ("belonging to you " if os.geteuid() else ""))
        raise Exit(1)
    return 0


def _user(word):
    try:
        found = running.find_user(lambda candidate: candidate.name == word)
    except OSError:
        found = None
    if found is None:
        raise Failure("user %s does not exist" % word)
    return found.uid
