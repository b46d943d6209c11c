"""pgrep(1) and pkill(1), as far as jails have to do with them."""

import os
import re
import signal

from .. import kernel, options, proctable, signals, viewpoint
from ..errors import Failure, Usage

_LETTERS = "DF:G:ILM:N:P:SU:ac:d:fg:ij:lnoqs:t:u:vx"


def run(host, name, arguments):
    number = signal.SIGTERM
    if name == "pkill" and arguments and re.fullmatch(r"-(SIG)?[A-Z]+[0-9]*|-[0-9]+", arguments[0]) \
            and not re.fullmatch(r"-[IDFLS]", arguments[0]):
        number = _signal(arguments[0][1:])
        arguments = arguments[1:]
    given, patterns = options.parse(name, arguments, _LETTERS, _usage(name), 2)
    letters = dict(given)
    if not patterns and not set("juUPgGst") & set(letters):
        raise Usage(_usage(name), 2)
    with host.locked() as state:
        kernel.collect(state)
        wanted = _jails(state, letters["j"]) if "j" in letters else None
        wrong = proctable.open_kernel()
        if wrong:
            raise Failure("Cannot open kernel files (%s)" % wrong, 3)
        everything = proctable.seen(host, state)
    hidden = {os.getpid()} if "a" in letters else _ancestors(everything)
    matched = [process for process in everything
               if process.pid not in hidden and ("S" in letters or not process.is_kernel)
               and (wanted is None or wanted(process.jid))
               and _is_chosen(process, letters)
               and _matches(process, patterns, letters) != ("v" in letters)]
    if "n" in letters or "o" in letters:
        matched = sorted(matched, key=lambda process: process.started)[-1 if "n" in letters else 0:][:1]
    if name == "pgrep":
        if "q" not in letters:
            _print(matched, letters)
        return 0 if matched else 1
    return 0 if proctable.send(matched, number) else 1


def _ancestors(everything):
    """This process and those that have started it, which do not match themselves."""
    parents = {process.pid: process.ppid for process in everything}
    found, pid = set(), os.getpid()
    while pid not in found:
        found.add(pid)
        pid = parents.get(pid, 0)
    return found - {0}


def _signal(text):
    number = signals.of_text(text)
    if number is None:
        raise Failure("illegal signal name: " + text, 2)
    return number


def _jails(state, text):
    jids, viewer = set(), viewpoint.jail(state)
    for word in text.split(","):
        if word in ("any", "0"):
            return lambda jid: jid != 0
        if word == "none":
            jids.add(0)
            continue
        jail, _ = viewpoint.find(state, viewer, int(word) if word.isdigit() else 0, word)
        if jail is None and not word.isdigit():
            raise Failure("Invalid jail ID or name `%s'" % word, 2)
        jids.add(jail["jid"] if jail is not None else int(word))
    return lambda jid: jid in jids


def _is_chosen(process, letters):
    """By -P, -g, -s, -u, -U, -G: lists of numbers, or of names of users and groups."""
    asked = {"P": lambda: process.ppid, "g": lambda: process.pgid, "s": lambda: process.sid,
             "u": lambda: process.uids[1], "U": lambda: process.uids[0], "G": lambda: process.gids[0]}
    for letter in asked.keys() & letters.keys():
        numbers = [_id(letter, word) for word in letters[letter].split(",")]
        if asked[letter]() not in numbers:
            return False
    return True


def _id(letter, word):
    if word.isdigit():
        return int(word)
    try:
        if letter == "G":
            import grp
            return grp.getgrnam(word).gr_gid
        if letter in "uU":
            import pwd
            return pwd.getpwnam(word).pw_uid
    except KeyError:
        raise Failure("Unknown %s `%s'" % ("group" if letter == "G" else "user", word), 2) from None
    raise Failure("Invalid %s `%s'" % ({"P": "pid", "g": "pgid", "s": "sid"}[letter], word), 2)


def _text(process, letters):
    return process.command if "f" in letters else process.name


def _matches(process, patterns, letters):
    if not patterns:
        return True
    flags = re.IGNORECASE if "i" in letters else 0
    test = re.fullmatch if "x" in letters else re.search
    return any(test(pattern, _text(process, letters), flags) for pattern in patterns)


def _print(matched, letters):
    """The newest first."""
    texts = [str(process.pid) + (" " + _text(process, letters) if "l" in letters else "")
             for process in reversed(matched)]
    if texts:
        print(letters.get("d", "\n").join(texts))


def _usage(name):
    first = "[-LSfilnoqvx] [-d delim]" if name == "pgrep" else "[-signal] [-ILfinovx]"
    return """usage: %s %s [-F pidfile] [-G gid]
             [-M core] [-N system] [-P ppid] [-U uid] [-c class]
             [-g pgrp] [-j jail] [-s sid] [-t tty] [-u euid] pattern ...""" % (name, first)
