"""kill(1)."""

import os
import signal

from .. import proctable
from ..command import warn
from ..errors import Failure, Usage
from ..place import is_host

_USAGE = """usage: kill [-s signal_name] pid ...
       kill -l [exit_status]
       kill -signal_name pid ...
       kill -signal_number pid ..."""
#: Signals of FreeBSD by their numbers, from 1 on.
_NAMES = ("HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT CHLD TTIN"
          " TTOU IO XCPU XFSZ VTALRM PROF WINCH INFO USR1 USR2 THR LIBRT").split()


def run(host, name, arguments):
    """Returns 1 if any could not be signalled."""
    words, number = list(arguments), signal.SIGTERM
    if not words:
        raise Usage(_USAGE, 2)
    if words[0] == "-l":
        return _list(words[1:])
    if words[0] == "-s":
        if len(words) < 2:
            warn(name, "option requires an argument -- s")
            raise Usage(_USAGE, 2)
        number = _named(words[1])
        words = words[2:]
    elif words[0].startswith("-") and words[0] != "--":
        number = _named(words[0][1:])
        words = words[1:]
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        raise Usage(_USAGE, 2)
    with host.locked() as state:
        jailed = not is_host(state)
    return max([_send(name, word, number, jailed) for word in words])


def _send(name, word, number, jailed):
    if not word.removeprefix("-").isdigit():
        raise Failure("illegal process id: " + word, 2)
    try:
        if jailed and int(word) == 1:
            raise ProcessLookupError(3, "No such process")
        os.kill(int(word), number)
    except OSError as error:
        warn(name, "%s: %s" % (word, error.strerror))
        return 1
    return 0


def _named(text):
    number = proctable.signal_number(text)
    if number is None:
        raise Usage("kill: unknown signal %s; valid signals:\n%s" % (text, _table()), 2)
    return number


def _list(words):
    if len(words) > 1:
        raise Usage(_USAGE, 2)
    if not words:
        print(_table())
        return 0
    if not words[0].isdigit():
        raise Failure("illegal signal number: " + words[0], 2)
    number = int(words[0]) % 128
    if not 0 < number <= len(_NAMES):
        raise Failure("unknown signal: " + words[0], 2)
    print(_NAMES[number - 1].lower())
    return 0


def _table():
    half = len(_NAMES) // 2
    return "%s\n%s" % (" ".join(_NAMES[:half]).lower(), " ".join(_NAMES[half:]).lower())
