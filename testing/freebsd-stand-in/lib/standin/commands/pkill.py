"""pgrep(1) and pkill(1), as far as jails have to do with them."""

import os
import re
import signal

from .. import kernel, options, processes
from ..errors import Failure, Usage
from . import ps

_LETTERS = "DF:G:ILM:N:P:SU:ac:d:fg:ij:lnoqs:t:u:vx"


def run(host, name, arguments):
    number = signal.SIGTERM
    if name == "pkill" and arguments and re.fullmatch(r"-(SIG)?[A-Z]+[0-9]*|-[0-9]+", arguments[0]) \
            and not re.fullmatch(r"-[IDFLS]", arguments[0]):
        number = _signal(arguments[0][1:])
        arguments = arguments[1:]
    given, patterns = options.parse(name, arguments, _LETTERS, _usage(name), 2)
    letters = dict(given)
    if not patterns and not set("juUPg") & set(letters):
        raise Usage(_usage(name), 2)
    with host.locked() as state:
        kernel.collect(state)
        wanted = _jails(state, letters["j"]) if "j" in letters else None
        jails = {jail["init"]: jail for jail in kernel.jails(state)}
    matched = [process for process in ps.processes_of(jails)
               if process["pid"] not in (os.getpid(), os.getppid())
               and (wanted is None or wanted(process["jid"]))
               and _matches(process, patterns, letters)]
    if name == "pgrep":
        for process in reversed(matched):
            print(_shown(process, letters))
    else:
        processes.send([process["pid"] for process in matched], number)
    return 0 if matched else 1


def _signal(text):
    if text.isdigit():
        return int(text)
    try:
        return getattr(signal, "SIG" + text.upper().removeprefix("SIG"))
    except AttributeError:
        raise Failure("illegal signal name: " + text, 2) from None


def _jails(state, text):
    jids = set()
    for word in text.split(","):
        if word in ("any", "0"):
            return lambda jid: jid != 0
        if word == "none":
            jids.add(0)
            continue
        jail = kernel.find(state, word)
        if jail is None and not word.isdigit():
            raise Failure("Invalid jail ID or name `%s'" % word, 2)
        jids.add(jail["jid"] if jail is not None else int(word))
    return lambda jid: jid in jids


def _matches(process, patterns, letters):
    if not patterns:
        return True
    text = ps.command_line(process["pid"]) if "f" in letters else processes.name(process["pid"])
    for pattern in patterns:
        flags = re.IGNORECASE if "i" in letters else 0
        found = re.fullmatch(pattern, text, flags) if "x" in letters \
            else re.search(pattern, text, flags)
        if found:
            return True
    return False


def _shown(process, letters):
    if "l" not in letters:
        return str(process["pid"])
    text = ps.command_line(process["pid"]) if "f" in letters else processes.name(process["pid"])
    return "%d %s" % (process["pid"], text)


def _usage(name):
    first = "[-LSfilnoqvx] [-d delim]" if name == "pgrep" else "[-signal] [-ILfinovx]"
    return """usage: %s %s [-F pidfile] [-G gid]
             [-M core] [-N system] [-P ppid] [-U uid] [-c class]
             [-g pgrp] [-j jail] [-s sid] [-t tty] [-u euid] pattern ...""" % (name, first)
