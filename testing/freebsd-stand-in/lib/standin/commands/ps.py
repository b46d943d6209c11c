"""ps(1): the processes of a host and of its jails."""

import os

from .. import kernel, processes
from ..errors import Failure, Usage

_USAGE = """usage: ps [--libxo] [-aCcdefHhjlmrSTuvwXxZ] [-O fmt | -o fmt] [-G gid[,gid...]]
          [-J jid[,jid...]] [-M core] [-N system]
          [-p pid[,pid...]] [-t tty[,tty...]] [-U user[,user...]]
       ps [--libxo] -L"""

#: keyword: (heading, right-aligned)
_COLUMNS = {
    "pid": ("PID", True), "ppid": ("PPID", True), "jid": ("JID", True), "jail": ("JAIL", False),
    "state": ("STAT", False), "stat": ("STAT", False), "comm": ("COMMAND", False),
    "ucomm": ("COMMAND", False), "command": ("COMMAND", False), "args": ("COMMAND", False),
    "rss": ("RSS", True), "vsz": ("VSZ", True), "pcpu": ("%CPU", True), "time": ("TIME", True),
    "nlwp": ("NLWP", True), "tt": ("TT", False), "uid": ("UID", True), "user": ("USER", False),
    "pgid": ("PGID", True), "sid": ("SID", True), "lstart": ("STARTED", False),
    "etimes": ("ELAPSED", True),
}
_TICK = os.sysconf("SC_CLK_TCK")


def run(host, name, arguments):
    asked = _arguments(arguments)
    with host.locked() as state:
        kernel.collect(state)
        jails = {jail["init"]: jail for jail in kernel.jails(state)}
        chosen = [_jail(state, word) for word in asked["jails"]] if asked["jails"] else None
    found = processes_of(jails)
    if chosen is not None:
        found = [process for process in found if process["jid"] in chosen]
    elif asked["pids"]:
        found = [process for process in found if process["pid"] in asked["pids"]]
    else:
        own = os.getpid()
        found = [process for process in found if process["pid"] != own]
    _print(asked["columns"], found)
    return 0 if found else 1


def _jail(state, word):
    if word == "0":
        return 0
    jail = kernel.find(state, word)
    if jail is None:
        raise Failure("Invalid jail id: " + word)
    return jail["jid"]


def _arguments(arguments):
    asked = {"jails": [], "pids": [], "columns": []}
    index = 0
    while index < len(arguments):
        word = arguments[index]
        letters = word[1:] if word.startswith("-") else word
        place = 0
        while place < len(letters):
            letter = letters[place]
            if letter in "JopOtUG":
                text = letters[place + 1:]
                if not text:
                    index += 1
                    if index >= len(arguments):
                        raise Usage("ps: option requires an argument -- %s\n%s"
                                    % (letter, _USAGE))
                    text = arguments[index]
                if letter == "J":
                    asked["jails"] += [part for part in text.split(",") if part]
                elif letter == "p":
                    asked["pids"] += [int(part) for part in text.split(",")]
                elif letter in "oO":
                    asked["columns"] += _format(text)
                break
            if letter not in "aACcdefHhjlmrSTuvwXxZ":
                raise Usage("ps: illegal option -- %s\n%s" % (letter, _USAGE))
            place += 1
        index += 1
    asked["columns"] = asked["columns"] or _format("pid,tt,state,time,command")
    return asked


def _format(text):
    """The columns of -o: KEYWORD, or KEYWORD=HEADING, which is the last."""
    columns = []
    head, equals, title = text.partition("=")
    words = head.replace(" ", ",").split(",")
    for place, word in enumerate(words):
        if word not in _COLUMNS:
            raise Failure("%s: keyword not found" % word)
        heading = title if equals and place == len(words) - 1 else _COLUMNS[word][0]
        columns.append((word, heading))
    return columns


def processes_of(jails):
    """All processes that a host shows: its own, and those of jails by their inits."""
    spaces = {}
    for init, jail in jails.items():
        try:
            spaces[os.readlink("/proc/%d/ns/pid" % init)] = (init, jail)
        except OSError:
            pass
    own = os.readlink("/proc/self/ns/mnt")
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        pid = int(entry)
        try:
            init, jail = spaces.get(os.readlink("/proc/%d/ns/pid" % pid), (None, None))
            if pid == init or (jail is None and os.readlink("/proc/%d/ns/mnt" % pid) != own):
                continue
        except OSError:
            continue
        fields = processes.stat(pid)
        if fields and fields[0] not in "ZX":
            found.append({"pid": pid, "jid": jail["jid"] if jail else 0,
                          "jail": jail["name"] if jail else "-", "fields": fields,
                          "parent_hidden": init})
    return sorted(found, key=lambda process: process["pid"])


def value(process, keyword):
    fields, pid = process["fields"], process["pid"]
    if keyword == "pid":
        return str(pid)
    if keyword == "ppid":
        # What its parent has left is the first process's, and no jail has one of its own.
        return "1" if int(fields[1]) == process["parent_hidden"] else fields[1]
    if keyword in ("jid", "jail"):
        return str(process[keyword])
    if keyword in ("state", "stat"):
        return _state(process)
    if keyword in ("comm", "ucomm"):
        return processes.name(pid)
    if keyword in ("command", "args"):
        return command_line(pid)
    if keyword == "rss":
        return str(int(fields[21]) * 4)
    if keyword == "vsz":
        return str(int(fields[20]) // 1024)
    if keyword == "time":
        ticks = int(fields[11]) + int(fields[12])
        seconds = ticks / _TICK
        return "%d:%05.2f" % (seconds // 60, seconds % 60)
    if keyword == "nlwp":
        return fields[17]
    if keyword == "pcpu":
        return "0.0"
    if keyword == "tt":
        return "- "
    if keyword == "pgid":
        return fields[2]
    if keyword == "sid":
        return fields[3]
    if keyword == "uid":
        return str(_owner(pid))
    if keyword == "user":
        return "root" if _owner(pid) == 0 else str(_owner(pid))
    return "-"


def _owner(pid):
    try:
        return os.stat("/proc/%d" % pid).st_uid
    except OSError:
        return 0


def _state(process):
    fields = process["fields"]
    text = {"R": "R", "S": "S", "D": "D", "T": "T", "t": "T", "I": "I"}.get(fields[0], "S")
    if int(fields[3]) == process["pid"]:
        text += "s"
    return text + ("J" if process["jid"] else "")


def command_line(pid):
    try:
        with open("/proc/%d/cmdline" % pid, encoding="utf-8", errors="replace") as file:
            words = file.read().split("\0")
    except OSError:
        words = []
    return " ".join(words).rstrip() or "[%s]" % processes.name(pid)


def _print(columns, found):
    rows = [[value(process, keyword) for keyword, _ in columns] for process in found]
    widths = [max([len(heading)] + [len(row[index]) for row in rows])
              for index, (_, heading) in enumerate(columns)]
    if any(heading for _, heading in columns):
        print(_line([heading for _, heading in columns], columns, widths))
    for row in rows:
        print(_line(row, columns, widths))


def _line(cells, columns, widths):
    parts = []
    for index, cell in enumerate(cells):
        right = _COLUMNS[columns[index][0]][1]
        last = index == len(cells) - 1
        parts.append(cell.rjust(widths[index]) if right
                     else cell if last else cell.ljust(widths[index]))
    return " ".join(parts)
