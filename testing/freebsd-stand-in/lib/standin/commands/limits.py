"""limits(1): shows the limits of processes, or runs a program under others.

Linux has none for socket buffers, pseudo-terminals, swap, kqueues, shared locks and pipes: these are
never limited.
"""

import os
import resource
import sys

from .. import running
from ..command import warn
from ..errors import Failure, Usage

_INFINITY = resource.RLIM_INFINITY
_SOFT, _HARD = 1, 2

_SIZE, _NUMBER, _TIME = "size", "number", "time"


class _Limit:
    """One of getrlimit(2): its letter, its name, Linux's number, and how it is written.

    unit: what follows the number for people, and by what it is divided; block: by what ulimit of sh(1)
    divides; shown, csh: its name for people, and for csh(1)
    """

    def __init__(self, letter, name, kind, number, unit, block, shown=None, csh=None):
        self.letter, self.name, self.kind, self.number = letter, name, kind, number
        self.unit, self.block = unit, block
        self.shown, self.csh = shown or name, csh or name

    def now(self, pid):
        if self.number is None:
            return [_INFINITY, _INFINITY]
        return list(resource.prlimit(pid, self.number))

    def set(self, pid, pair):
        if self.number is not None:
            resource.prlimit(pid, self.number, tuple(pair))


_KB, _BYTES, _SECONDS, _PLAIN = (" kB", 1024), (" bytes", 1), (" secs", 1), ("", 1)

_LIMITS = (
    _Limit("t", "cputime", _TIME, resource.RLIMIT_CPU, _SECONDS, 1),
    _Limit("f", "filesize", _SIZE, resource.RLIMIT_FSIZE, _KB, 512),
    _Limit("d", "datasize", _SIZE, resource.RLIMIT_DATA, _KB, 1024),
    _Limit("s", "stacksize", _SIZE, resource.RLIMIT_STACK, _KB, 1024),
    _Limit("c", "coredumpsize", _SIZE, resource.RLIMIT_CORE, _KB, 512),
    _Limit("m", "memoryuse", _SIZE, resource.RLIMIT_RSS, _KB, 1024),
    _Limit("l", "memorylocked", _SIZE, resource.RLIMIT_MEMLOCK, _KB, 1024),
    _Limit("u", "maxproc", _NUMBER, resource.RLIMIT_NPROC, _PLAIN, 1, shown="maxprocesses"),
    _Limit("n", "openfiles", _NUMBER, resource.RLIMIT_NOFILE, _PLAIN, 1),
    _Limit("b", "sbsize", _SIZE, None, _BYTES, 1),
    _Limit("v", "vmemoryuse", _SIZE, resource.RLIMIT_AS, _KB, 1024),
    _Limit("p", "pseudoterminals", _NUMBER, None, _PLAIN, 1, shown="pseudo-terminals"),
    _Limit("w", "swapuse", _SIZE, None, _KB, 1024, csh="swapsize"),
    _Limit("k", "kqueues", _NUMBER, None, _PLAIN, 1),
    _Limit("o", "umtxp", _NUMBER, None, _PLAIN, 1),
)
#: Since 14.2.
_PIPEBUF = _Limit("y", "pipebuf", _SIZE, None, _KB, 1024)

#: Which limits a shell knows; the last ones are younger than most shells.
_OLD_SHELLS = ("bash", "ksh", "pdksh", "zsh", "rc", "es")
_UNITS = {"b": 512, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


class _Asked:
    def __init__(self):
        self.all = self.evaluate = self.clean = False
        self.login_class = self.user = self.pid = None
        self.which = 0
        #: By letter: (which of soft and hard, the number); None shows it.
        self.limits = {}


def run(host, name, arguments):
    known = _LIMITS + ((_PIPEBUF,) if host.release >= (14, 2) else ())
    usage = _usage(host.release)
    asked, words = _options(name, arguments, known, usage)
    if asked.pid is not None and (asked.login_class is not None or asked.user is not None):
        letter = "C" if asked.login_class is not None else "U"
        _complain(name, "-%s cannot be used with -P option" % letter, usage)
    login_class = _login_class(asked)
    current = _current(asked, known)
    if words and asked.evaluate:
        _complain(name, "-e cannot be used with `cmd' option", usage)
    if words and asked.pid is not None:
        _complain(name, "-P cannot be used with `cmd' option", usage)
    changed = {letter: given for letter, given in asked.limits.items() if given is not None}
    for limit in known:
        if limit.letter in changed:
            which, number = changed[limit.letter]
            pair = current[limit.letter]
            current[limit.letter] = [number if which & _SOFT else pair[0],
                                     number if which & _HARD else pair[1]]
    if words:
        return _start(asked, words, known, current, changed, usage)
    if asked.pid is not None and asked.limits and not asked.all:
        # What is only to be shown is set to what it is, and not shown.
        for limit in known:
            if limit.letter in asked.limits:
                _set(limit, asked.pid, current[limit.letter],
                     "sysctl: kern.proc.rlimit: %d" % asked.pid)
        return 0
    _show(asked, known, current, login_class)
    return 0


def _usage(release):
    letters = "bcdfklmnostuvpwy" if release >= (14, 2) else "bcdfklmnostuvpw"
    return "usage: limits [-C class|-P pid|-U user] [-eaSHBE] [-%s [val]] [[name=val ...] cmd]" % letters


def _complain(name, text, usage):
    warn(name, text)
    raise Usage(usage)


def _options(name, arguments, known, usage):
    """A limit's value is the rest of its word or the next word, unless that is an option."""
    asked, index = _Asked(), 0
    letters = {limit.letter: limit for limit in known}
    while index < len(arguments):
        word = arguments[index]
        if word == "--":
            index += 1
            break
        if len(word) < 2 or word[0] != "-":
            break
        index += 1
        for place, letter in enumerate(word[1:], 2):
            if letter in "EeBSHa":
                _switch(asked, letter)
                continue
            value = word[place:] or None
            if value is None and index < len(arguments) \
                    and not (letter in letters and arguments[index].startswith("-")):
                value = arguments[index]
                index += 1
            if letter in letters:
                which = asked.which = asked.which or _SOFT | _HARD
                asked.limits[letter] = None if value is None else (
                    which, _number(name, letters[letter], value, usage))
            elif letter in "CUP" and value is not None:
                _subject(asked, name, letter, value, usage)
            else:
                raise Usage(usage)
            break
    return asked, arguments[index:]


def _switch(asked, letter):
    if letter == "a":
        asked.all = True
    elif letter == "e":
        asked.evaluate = True
    elif letter == "E":
        asked.clean = True
    else:
        asked.which = {"S": _SOFT, "H": _HARD, "B": _SOFT | _HARD}[letter]


def _subject(asked, name, letter, value, usage):
    if letter == "C":
        asked.login_class = value
    elif letter == "U":
        asked.user = running.find_user(lambda user: user.name == value) or value.isdigit() \
            and running.find_user(lambda user: user.uid == int(value)) or None
        if asked.user is None:
            _complain(name, "invalid user `%s'" % value, usage)
    else:
        if not value[:1].isdigit():
            _complain(name, "invalid pid `%s'" % value, usage)
        asked.pid = int("".join(_digits(value)))


def _digits(text):
    for letter in text:
        if not letter.isdigit():
            return
        yield letter


def _number(name, limit, text, usage):
    """As login.conf(5) writes numbers: sizes 1g512m, times 1h30m."""
    if text.lower() in ("inf", "infinity", "unlimit", "unlimited"):
        return _INFINITY
    total, rest = 0, text
    while rest:
        digits = "".join(_digits(rest))
        if not digits:
            break
        rest = rest[len(digits):]
        number = int(digits, 8) if digits[0] == "0" and set(digits) <= set("01234567") else int(digits)
        if limit.kind == _NUMBER:
            total = number
            break
        factors = _SPANS if limit.kind == _TIME else _UNITS
        total += number * factors.get(rest[:1].lower(), 1)
        rest = rest[1:]
    if rest:
        _complain(name, "invalid value -%s `%s'" % (limit.letter, text), usage)
    return min(total, _INFINITY if _INFINITY > 0 else (1 << 63) - 1)


def _login_class(asked):
    """There is one that every system has; what login.conf(5) limits in it, is unlimited."""
    if asked.user is not None:
        return "root" if asked.user.uid == 0 else "default"
    if asked.login_class:
        if asked.login_class not in ("default", "root", "daemon"):
            sys.stderr.write("login class '%s' non-existent, using default\n" % asked.login_class)
            return "default"
        return asked.login_class
    return None


def _current(asked, known):
    pid = asked.pid or 0
    try:
        return {limit.letter: limit.now(pid) for limit in known}
    except OSError as error:
        raise Failure("sysctl: kern.proc.rlimit: %d: %s" % (pid, error.strerror)) from None


def _start(asked, words, known, current, changed, usage):
    environment = {} if asked.clean else dict(os.environ)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    if not words:
        raise Usage(usage)
    for limit in known:
        if limit.letter in changed:
            _set(limit, 0, current[limit.letter], "setrlimit " + limit.name)
    try:
        os.execvpe(words[0], words, environment)
    except OSError as error:
        raise Failure("%s: %s" % (words[0], error.strerror)) from None


def _set(limit, pid, pair, said):
    """The soft one is at most the hard one."""
    hard = pair[1]
    soft = hard if hard != _INFINITY and (pair[0] == _INFINITY or pair[0] > hard) else pair[0]
    try:
        limit.set(pid, (soft, hard))
    except ValueError:
        raise Failure("%s: Operation not permitted" % said) from None
    except OSError as error:
        raise Failure("%s: %s" % (said, error.strerror)) from None


# ---- showing

def _show(asked, known, current, login_class):
    shell = _shell() if asked.evaluate else None
    which = asked.which or _SOFT
    if shell is None:
        print("Resource limits%s:" % (" (current)" if login_class is None
                                      else " for class " + login_class))
    for limit in known:
        if asked.limits and not asked.all and limit.letter not in asked.limits:
            continue
        if shell in _OLD_SHELLS and limit.letter in "koy":
            continue
        soft, hard = current[limit.letter]
        if soft == hard and shell not in ("csh", "tcsh", "rc", "es"):
            print(_line(shell, limit, hard, None))
            continue
        if which & _HARD:
            print(_line(shell, limit, hard, _HARD))
        if which & _SOFT:
            print(_line(shell, limit, soft, _SOFT))


def _line(shell, limit, number, which):
    if shell is None:
        unit, divisor = limit.unit
        return "  %s %8s%s" % (
            (limit.shown + {_HARD: "-max", _SOFT: "-cur", None: "    "}[which]).ljust(20),
            _written(number, divisor, "infinity"), unit)
    if shell in ("csh", "tcsh", "rc", "es"):
        name = limit.csh
        if limit.letter == "n" and shell != "csh":
            name = "descriptors"
        return "limit%s %s %s;" % (" -h" if which == _HARD else "", name,
                                   _written(number, limit.unit[1], "unlimited"))
    block = 1024 if shell == "bash" and limit.block == 512 else limit.block
    letter = "p" if limit.letter == "u" and shell in ("ksh", "pdksh") else limit.letter
    return "ulimit%s -%s %s;" % ({_HARD: " -H", _SOFT: " -S", None: ""}[which], letter,
                                 _written(number, block, "unlimited"))


def _written(number, divisor, infinity):
    return infinity if number == _INFINITY else str((number + divisor // 2) // divisor)


def _shell():
    """What the parent is, by its name; sh where that is no shell."""
    try:
        with open("/proc/%d/comm" % os.getppid(), encoding="utf-8", errors="replace") as file:
            name = file.read().strip()
    except OSError:
        name = ""
    for shell in ("csh", "bash", "tcsh", "ksh", "pdksh", "zsh", "rc", "es"):
        if name.startswith(shell):
            return shell
    return "sh"
