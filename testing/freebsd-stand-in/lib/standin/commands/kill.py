"""kill(1)."""

import os
import sys

from .. import place, signals
from ..command import warn
from ..errors import EPERM, Exit, Failure, Usage

_USAGE = """usage: kill [-s signal_name] pid ...
       kill -l [exit_status]
       kill -signal_name pid ...
       kill -signal_number pid ..."""
ESRCH = "No such process"


def run(host, name, arguments):
    words = list(arguments)
    number = signals.of_name("TERM")
    if words and words[0] == "-l":
        return _list(words[1:])
    if words and words[0] == "-s":
        if len(words) < 2:
            warn("kill", "option requires an argument -- s")
            raise Usage(_USAGE, 2)
        number = _signal(words[1])
        words = words[2:]
    elif words and words[0].startswith("-") and words[0] not in ("-", "--"):
        number = _signal(words[0][1:])
        words = words[1:]
    if words and words[0] == "--":
        words = words[1:]
    if not words:
        raise Usage(_USAGE, 2)
    with host.locked() as state:
        jailed = not place.is_host(state)
    return max([_send(word, number, jailed) for word in words])


def _list(words):
    if len(words) > 1:
        raise Usage(_USAGE, 2)
    if not words:
        _print_signals(sys.stdout)
        return 0
    if not words[0].isdigit():
        raise Failure("illegal signal number: " + words[0], 2)
    given = int(words[0])
    found = signals.name_of(given - 128 if given > 128 else given)
    if found is None:
        _unknown(words[0])
    print(found)
    return 0


def _signal(word):
    if word.isdigit():
        return signals.of_number(int(word))
    if word[:1].isdigit():
        raise Failure("illegal signal number: " + word, 2)
    return signals.of_name(word) or _unknown(word)


def _unknown(word):
    warn("kill", "unknown signal %s; valid signals:" % word)
    _print_signals(sys.stderr)
    raise Exit(2)


def _print_signals(file):
    half = len(signals.NAMES) // 2 + 1
    for part in (signals.NAMES[:half], signals.NAMES[half:]):
        file.write(" ".join(part) + "\n")


def _send(word, number, jailed):
    if not word.lstrip("-").isdigit():
        raise Failure("illegal process id: " + word, 2)
    # The first process of a jail's namespace is Linux's, and no process of FreeBSD's.
    if jailed and word == "1":
        warn("kill", "%s: %s" % (word, ESRCH))
        return 1
    try:
        os.kill(int(word), number)
        return 0
    except ProcessLookupError:
        text = ESRCH
    except PermissionError:
        text = EPERM
    except (OSError, OverflowError):
        text = "Invalid argument"
    warn("kill", "%s: %s" % (word, text))
    return 1
