"""ipcs(1): the System V message queues, semaphores and shared memory that this process can reach."""

import time

from .. import options
from ..errors import Usage

_USAGE = "usage: ipcs [-abcmopqstMQST] [-C corefile] [-N namelist] [-u user]"

#: Kind: (heading, letter, file of Linux, columns of -b, of -o, of -p, of -t).
_KINDS = {
    "q": ("Message Queues", "q", "msg"),
    "m": ("Shared Memory", "m", "shm"),
    "s": ("Semaphores", "s", "sem"),
}
_TITLES = {
    ("q", "b"): "QBYTES              ", ("m", "b"): "       SEGSZ", ("s", "b"): "NSEMS",
    ("q", "o"): "             CBYTES                 QNUM", ("m", "o"): "     NATTCH",
    ("q", "p"): "LSPID        LRPID       ", ("m", "p"): "CPID        LPID        ",
    ("q", "t"): "STIME    RTIME    CTIME    ", ("m", "t"): "ATIME    DTIME    CTIME    ",
    ("s", "t"): "OTIME    CTIME   ",
}


def run(host, name, arguments):
    letters, words = options.parse(name, arguments, "MmQqSsabC:cN:optTu:y", _USAGE)
    if words:
        raise Usage(_USAGE)
    flags = {letter for letter, _ in letters}
    owner = next((text for letter, text in letters if letter == "u"), None)
    details = set("bcopt") if "a" in flags else flags & set("bcopt")
    for kind in "qms":
        if flags & set("mqsMQS") and kind not in flags:
            continue
        _show(kind, details, owner)
    return 0


def _show(kind, details, owner):
    heading, letter, file = _KINDS[kind]
    title = "T %12s %12s MODE        OWNER    GROUP   " % ("ID", "KEY")
    if "c" in details:
        title += " CREATOR  CGROUP  "
    for detail in "bopt":
        if detail in details and (kind, detail) in _TITLES:
            title += " " + _TITLES[kind, detail]
    print("%s:\n%s" % (heading, title))
    for one in _read(file):
        if owner is None or owner in (_name("passwd", one["uid"]), one["uid"]):
            print(_line(kind, letter, one, details))
    print()


def _read(file):
    """The lines of a table of Linux, by its headings; none where there is no /proc."""
    try:
        with open("/proc/sysvipc/" + file, encoding="ascii") as table:
            headings = table.readline().split()
            return [dict(zip(headings, line.split())) for line in table]
    except OSError:
        return []


def _line(kind, letter, one, details):
    number = one.get("msqid") or one.get("shmid") or one.get("semid")
    text = "%s %12s %12d %s %8s %8s" % (letter, number, int(one["key"]), _mode(int(one["perms"], 8)),
                                       _name("passwd", one["uid"]), _name("group", one["gid"]))
    if "c" in details:
        text += " %8s %8s" % (_name("passwd", one["cuid"]), _name("group", one["cgid"]))
    if "b" in details:
        text += {"q": " %20d" % 2048, "m": " %12s" % one.get("size"), "s": " %5s" % one.get("nsems")}[kind]
    if "o" in details and kind != "s":
        text += " %20s %20s" % (one["cbytes"], one["qnum"]) if kind == "q" else " %12s" % one["nattch"]
    if "p" in details and kind != "s":
        text += " %12s %12s" % ((one["lspid"], one["lrpid"]) if kind == "q" else (one["cpid"], one["lpid"]))
    if "t" in details:
        for column in {"q": ("stime", "rtime", "ctime"), "m": ("atime", "dtime", "ctime"),
                       "s": ("otime", "ctime")}[kind]:
            text += " " + _time(int(one[column]))
    return text


def _mode(bits):
    return "--" + "".join(letter if bits & 0o400 >> index else "-"
                          for index, letter in enumerate("rwarwarwa"))


def _time(seconds):
    return time.strftime("%H:%M:%S", time.localtime(seconds)) if seconds else "no-entry"


def _name(file, number):
    try:
        with open("/etc/" + file, encoding="latin-1") as table:
            for line in table:
                fields = line.split(":")
                if len(fields) > 2 and fields[2] == number:
                    return fields[0]
    except OSError:
        pass
    return number
