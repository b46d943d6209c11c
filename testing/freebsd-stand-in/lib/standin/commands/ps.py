"""ps(1): the processes of a host and of its jails."""

import os
import sys
import time

from .. import kernel, options, proctable, viewpoint, xo
from ..command import warn
from ..errors import Failure, Usage

_USAGE = """usage: ps [--libxo] [-aCcdefHhjlmrSTuvwXxZ] [-O fmt | -o fmt] [-G gid[,gid...]]
          [-J jid[,jid...]] [-M core] [-N system]
          [-p pid[,pid...]] [-t tty[,tty...]] [-U user[,user...]]
       ps [--libxo] -L"""
_LETTERS = "AaCcdefG:gHhJ:jLlM:mN:O:o:p:rSTt:U:uvwXxZ"

_USUAL = "pid,tt,state,time,command"
_FORMATS = {
    "j": "user,pid,ppid,pgid,sid,jobc,state,tt,time,command",
    "l": "uid,pid,ppid,cpu,pri,nice,vsz,rss,mwchan,state,tt,time,command",
    "u": "user,pid,%cpu,%mem,vsz,rss,tt,state,start,time,command",
    "v": "pid,state,time,sl,re,pagein,vsz,rss,lim,tsiz,%cpu,%mem,command",
    "Z": "label",
}
_DAY = 24 * 3600


def _names(file):
    """Names of /etc/passwd or /etc/group by their numbers; of several the first."""
    names = {}
    try:
        with open(file, encoding="latin-1") as lines:
            for line in lines:
                fields = line.split(":")
                if len(fields) > 2 and fields[2].isdigit():
                    names.setdefault(int(fields[2]), fields[0])
    except OSError:
        pass
    return names


class _Names:
    """What numbers are called here, read when it is asked for."""

    def __init__(self):
        self._read = {}

    def of(self, kind, number):
        if kind not in self._read:
            self._read[kind] = _names("/etc/" + kind)
        return self._read[kind].get(number, str(number))


_NAMES = _Names()


def _user(which):
    return lambda process: _NAMES.of("passwd", process.uids[which])


def _terminal(process):
    if not process.terminal:
        return "- "
    major, minor = process.terminal >> 8 & 0xfff, process.terminal & 0xff
    return ("%d " % minor if 136 <= major < 144 else "v%d " % minor)


def _elapsed(process):
    return int(process.age)


def _elapsed_text(process):
    minutes, seconds = divmod(_elapsed(process), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    text = "%02d:%02d" % (minutes, seconds)
    if days:
        return "%d-%02d:%s" % (days, hours, text)
    return "%02d:%s" % (hours, text) if hours else text


def _started(process):
    shape = "%H:%M  " if process.age < _DAY else "%a%H  " if process.age < 7 * _DAY else "%e%b%y"
    return time.strftime(shape, time.localtime(process.started))


def _cpu_time(process):
    hundredths = int(process.seconds * 100)
    return "%d:%02d.%02d" % (hundredths // 6000, hundredths // 100 % 60, hundredths % 100)


def _share_of_cpu(process):
    return "%.1f" % (100 * process.seconds / max(process.age, 1))


def _share_of_memory(process):
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024
    return "%.1f" % (100 * process.rss / pages)


def _shown(attribute):
    return lambda process: str(getattr(process, attribute))


def _fixed(text):
    return lambda process: text


_C_STYLE = {"\\": "\\\\", "\n": "\\n", "\a": "\\a", "\b": "\\b", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_CONTROLS = set(map(chr, range(32))) - {"\t"} | {"\x7f"}


def _visible(text):
    """strvis(3) with VIS_NL and VIS_CSTYLE: a process is one line, whatever its arguments are."""
    return "".join(_C_STYLE.get(one, "\\^" + chr(ord(one) ^ 64) if one in _CONTROLS else one) for one in text)


def _command_line(process):
    return _visible(process.command)


_COMMAND = ("COMMAND", True, "command", _command_line)
_WITH_ENVIRONMENT = ("COMMAND", True, "command",
                     lambda process: _visible((process.environment + " " + process.command).lstrip()))
_STATE = ("STAT", True, "state", _shown("state"))
_NAME = ("COMMAND", True, "command", _shown("name"))
_USER = ("USER", True, "user", _user(1))

#: keyword: (heading, whether it is on the left, its name in libxo(3), its text)
_COLUMNS = {
    "pid": ("PID", False, "pid", _shown("pid")),
    "ppid": ("PPID", False, "ppid", _shown("ppid")),
    "pgid": ("PGID", False, "process-group", _shown("pgid")),
    "sid": ("SID", False, "sid", _shown("sid")),
    "jid": ("JID", False, "jail-id", _shown("jid")),
    "jail": ("JAIL", True, "jail-name", lambda process: process.jail or "-"),
    "state": _STATE, "stat": _STATE,
    "comm": _NAME, "ucomm": _NAME,
    "command": _COMMAND,
    "args": _COMMAND[:2] + ("arguments", _command_line),
    "rss": ("RSS", False, "rss", _shown("rss")),
    "vsz": ("VSZ", False, "virtual-size", _shown("vsz")),
    "%cpu": ("%CPU", False, "percent-cpu", _share_of_cpu),
    "%mem": ("%MEM", False, "percent-memory", _share_of_memory),
    "time": ("TIME", False, "cpu-time", _cpu_time),
    "nlwp": ("NLWP", False, "threads", _shown("threads")),
    "tt": ("TT ", False, "terminal-name", _terminal),
    "tty": ("TTY", True, "tty", lambda process: _terminal(process).strip()),
    "uid": ("UID", False, "uid", lambda process: str(process.uids[1])),
    "ruid": ("RUID", False, "real-uid", lambda process: str(process.uids[0])),
    "gid": ("GID", False, "gid", lambda process: str(process.gids[1])),
    "rgid": ("RGID", False, "real-gid", lambda process: str(process.gids[0])),
    "user": _USER,
    "ruser": ("RUSER", True, "real-user", _user(0)),
    "group": ("GROUP", True, "group", lambda process: _NAMES.of("group", process.gids[1])),
    "lstart": ("STARTED", True, "start-time", lambda process: time.strftime(
        "%c", time.localtime(process.started))),
    "start": ("STARTED", True, "start-time", _started),
    "etime": ("ELAPSED", False, "elapsed-time", _elapsed_text),
    "etimes": ("ELAPSED", False, "elapsed-times", lambda process: str(_elapsed(process))),
    "nice": ("NI", False, "nice", _shown("nice")),
    "pri": ("PRI", False, "priority", _fixed("20")),
    "cpu": ("CPU", False, "on-cpu", _fixed("0")),
    "jobc": ("JOBC", False, "job-control-count", _fixed("0")),
    "mwchan": ("MWCHAN", True, "wait-channel", _fixed("-")),
    "wchan": ("WCHAN", True, "wait-channel", _fixed("-")),
    "sl": ("SL", False, "sleep-time", _fixed("0")),
    "re": ("RE", False, "resident-time", _fixed("127")),
    "pagein": ("PAGEIN", False, "pageins", _fixed("0")),
    "lim": ("LIM", False, "memory-limit", _fixed("-")),
    "tsiz": ("TSIZ", False, "text-size", _fixed("4")),
    "label": ("LABEL", True, "label", _fixed("-")),
    "login": ("LOGIN", True, "login-name", _user(0)),
    "class": ("CLASS", True, "login-class", _fixed("default")),
    "fib": ("FIB", False, "fib", _fixed("0")),
    "emul": ("EMUL", True, "emulation-envirnment", _fixed("FreeBSD ELF64")),
    "flags": ("F", False, "flags", _fixed("10004000")),
}
_COLUMNS.update({alias: _COLUMNS[keyword] for alias, keyword in (
    ("pcpu", "%cpu"), ("pmem", "%mem"), ("vsize", "vsz"), ("rssize", "rss"), ("cputime", "time"),
    ("ni", "nice"), ("logname", "login"), ("f", "flags"), ("ucomm", "comm"))})


def run(host, name, arguments):
    """Returns 1 if there is nothing to show."""
    output, arguments = xo.parse_arguments(name, arguments)
    output.version = "1"
    words = list(arguments)
    if words and words[0][:1] not in ("-", "") and not words[0][0].isdigit():
        words[0] = "-" + words[0]  # As it was called in old times.
    letters, rest = options.parse(name, words, _LETTERS, _USAGE)
    chosen = {letter for letter, _ in letters}
    if "L" in chosen:
        _print_keywords()
        return 0
    columns = _columns(letters)
    with host.locked() as state:
        kernel.collect(state)
        selection = _Selection(state, letters, rest)
        wrong = proctable.open_kernel()
        if wrong:
            raise Failure(wrong)
        found = [process for process in proctable.seen(host, state) if selection.has(process)]
    if "S" in chosen:
        for process in found:
            process.seconds += process.seconds_of_ended_children
    if "m" in chosen:
        found.sort(key=lambda process: -process.rss)
    elif "r" in chosen:
        found.sort(key=lambda process: -float(_share_of_cpu(process)))
    if "e" in chosen:
        columns = [(_WITH_ENVIRONMENT if column in (_COMMAND, _COLUMNS["args"]) else column, heading)
                   for column, heading in columns]
    if "c" in chosen:
        columns = [(_NAME if column is _COMMAND else column, heading) for column, heading in columns]
    _print(output, columns, found)
    return 0 if found else 1


# ---- what is asked for

class _Selection:
    """Which processes are shown: any of the lists that are given; else the user's own ones."""

    def __init__(self, state, letters, rest):
        self._state = state
        self._viewer = viewpoint.jail(state)
        self.lists = {}
        chosen = {letter for letter, _ in letters}
        for letter, text in letters + [("p", word) for word in rest]:
            if letter in "GJptU":
                for word in text.replace(",", " ").split():
                    self.lists.setdefault(letter, []).append(self._one(letter, word))
        self.all = bool(chosen & set("aA"))
        self.without_terminal = bool(chosen & set("xA") or "X" not in chosen and set("GJU") & set(self.lists))
        if not self.all and not self.lists:
            self.lists["U"] = [os.getuid()]

    def _one(self, letter, word):
        if letter == "J":
            return self._jail(word)
        if letter == "p":
            if not word.isdigit():
                raise Failure("Invalid process id: " + word)
            return int(word)
        if letter == "t":
            return word.removeprefix("/dev/").removeprefix("tty").removeprefix("pts/")
        names = _names("/etc/" + ("passwd" if letter == "U" else "group"))
        for number, called in names.items():
            if called == word:
                return number
        if not word.isdigit():
            raise Failure("No %s named '%s'" % ("user" if letter == "U" else "group", word))
        return int(word)

    def _jail(self, word):
        if word == "0":
            return 0
        found, _ = viewpoint.find(self._state, self._viewer, int(word) if word.isdigit() else 0, word)
        if found is None:
            raise Failure("Invalid jail id: " + word)
        return found["jid"]

    def has(self, process):
        if process.pid in self.lists.get("p", ()):
            return True
        if not self.without_terminal and not process.terminal and "t" not in self.lists:
            return False
        if not self.lists:
            return True
        return process.jid in self.lists.get("J", ()) \
            or "U" in self.lists and process.uids[1] in self.lists["U"] \
            or "G" in self.lists and process.gids[0] in self.lists["G"] \
            or process.terminal != 0 and _terminal(process).strip() in self.lists.get("t", ())


def _columns(letters):
    """(column, heading) of each."""
    columns, between = [], []
    for letter, text in letters:
        if letter in _FORMATS:
            columns += _format(_FORMATS[letter])
        elif letter == "o":
            columns += _format(text)
        elif letter == "O":
            between += _format(text)
    if between:
        columns += _format("pid") + between + _format("tt,state,time,command")
    return columns or _format(_USUAL)


def _format(text):
    """The columns of -o: KEYWORD, or KEYWORD=HEADING, which is the last."""
    columns = []
    head, equals, title = text.partition("=")
    words = head.replace(",", " ").split()
    for place, word in enumerate(words):
        if word not in _COLUMNS:
            warn("ps", "%s: keyword not found" % word)
            continue
        heading = title if equals and place == len(words) - 1 else _COLUMNS[word][0]
        columns.append((_COLUMNS[word], heading))
    if not columns:
        warn("ps", "no valid keywords; valid keywords:")
        _print_keywords(sys.stderr)
        raise Usage("", 1)
    return columns


def _print_keywords(file=None):
    print(" ".join(sorted(_COLUMNS)), file=file or sys.stdout)


# ---- what is shown

def _print(output, columns, found):
    rows = [[text(process) for (_, _, _, text), _ in columns] for process in found]
    widths = [max([len(heading)] + [len(row[index]) for row in rows])
              for index, (_, heading) in enumerate(columns)]
    if any(heading for _, heading in columns):
        output.text(_line([heading for _, heading in columns], columns, widths))
    output.open_container("process-information")
    output.open_list("process")
    for row in rows:
        output.open_instance("process")
        for (column, _), text in zip(columns, row):
            output.value(column[2], text.strip())
        output.text(_line(row, columns, widths))
        output.close()
    output.finish()


def _line(cells, columns, widths):
    """Nothing is behind the last one that is on the left."""
    parts = []
    for index, cell in enumerate(cells):
        on_the_left = columns[index][0][1]
        parts.append(cell.rjust(widths[index]) if not on_the_left
                     else cell if index == len(cells) - 1 else cell.ljust(widths[index]))
    return " ".join(parts) + "\n"
