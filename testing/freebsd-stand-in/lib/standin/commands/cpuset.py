"""cpuset(1): the processors of sets, jails and processes."""

import os
import sys

from .. import cpusets, kernel, options, viewpoint
from ..errors import EINVAL, EPERM, ESRCH, Exit, Failure, KernelError, Usage

_USAGE = """usage: cpuset [-l cpu-list] [-n policy:domain-list] [-s setid] cmd ...
       cpuset [-l cpu-list] [-n policy:domain-list] [-s setid] -p pid
       cpuset [-c] [-l cpu-list] [-n policy:domain-list] -C -p pid
       cpuset [-c] [-l cpu-list] [-n policy:domain-list]
              [-j jailid | -p pid | -t tid | -s setid | -x irq]
       cpuset -g [-cir]
              [-d domain | -j jailid | -p pid | -t tid | -s setid | -x irq]"""

_NAMES = {"d": "domain", "j": "jail", "p": "pid", "s": "cpuset", "t": "tid", "x": "irq"}
_POLICIES = ("first-touch", "round-robin", "prefer", "interleave")


class _Asked:
    """What a call is about: a level ("", "cpuset" or "root") of a jail, a process or a set."""

    def __init__(self, host, arguments):
        self.state = host.state
        self.level, self.which, self.id, self.set = "", "p", -1, None
        self.mask = self.domains = self.process = None
        self.most = 1024 if host.release >= (14, 0) else 256
        letters, self.words = options.parse("cpuset", arguments, "Ccd:gij:l:n:p:rs:t:x:", _USAGE)
        self.flags = {letter for letter, _ in letters}
        for letter, text in letters:
            if letter in "cr":
                self.level = {"c": "cpuset", "r": "root"}[letter]
            elif letter == "l":
                self.mask = self.processors(text)
            elif letter == "n":
                self.domains = _policy(text)
            elif letter in _NAMES:
                self.which = letter
                self.id = self.jail(text) if letter == "j" else _number(text)
                if letter == "s":
                    self.set = self.id
                elif letter == "p":
                    self.process = self.id

    def jail(self, given):
        viewer = viewpoint.jail(self.state)
        if given == "0" and viewer is None:
            return 0
        jid = int(given) if given.isdigit() else 0
        alive, _ = viewpoint.find(self.state, viewer, jid, given)
        if alive is None:
            raise Failure("jail %s not found" % (given if jid else '"%s"' % given))
        return alive["jid"]

    def processors(self, text):
        if text.lower() == "all":
            return cpusets.mask_of_set(self.state, cpusets.HOST)
        return _list(text, self.most)

    def several(self):
        return len(self.flags & set("djpstx")) > 1

    @property
    def pid(self):
        return max(self.id, 0)

    def set_number(self, level):
        """The set of what is asked about."""
        if self.which == "j":
            return kernel.by_jid(self.state, self.id)["cpuset"] if self.id else cpusets.HOST
        if self.which == "s":
            number = self.id if self.id >= 0 else cpusets.set_of(self.state, 0)
            cpusets.mask_of_set(self.state, number)
            made = self.state.get("cpusets", {}).get(str(number))
            return made["root"] if level == "root" and made else number
        if self.which in "dx":
            raise KernelError("", ESRCH if self.which == "x" else EINVAL)
        cpusets.of_process(self.state, self.pid)
        find = cpusets.root_of if level == "root" else cpusets.set_of
        return find(self.state, self.pid)

    def processors_of(self):
        if self.which == "d" and self.id == 0:
            return cpusets.all_processors(self.state)
        if self.level or self.which not in "pt":
            return cpusets.mask_of_set(self.state, self.set_number(self.level))
        return cpusets.of_process(self.state, self.pid)

    def change(self):
        kernel_level = self.level or self.which not in "pt"
        try:
            if kernel_level:
                cpusets.change_set(self.state, self.set_number(self.level), self.mask)
            else:
                cpusets.change_process(self.state, self.pid, self.mask)
        except KernelError as error:
            raise Failure("setaffinity: " + error.number) from None


def run(host, name, arguments):
    with host.locked():
        asked = _Asked(host, arguments)
        if "g" in asked.flags:
            _show(asked)
            return 0
        if asked.flags & set("dir"):
            raise Usage(_USAGE)
        if not asked.words:
            _change(asked)
            return 0
        _prepare(asked)
    _execute(asked.words)
    return 0


# ---- what is asked for

def _number(text):
    """atoi(3)."""
    digits = len(text) - len(text.lstrip("0123456789")) if not text.startswith("-") \
        else 1 + len(text[1:]) - len(text[1:].lstrip("0123456789"))
    return int(text[:digits]) if text[:digits].strip("-") else 0


def _list(text, most):
    """The numbers of a list such as 0-2,4."""
    found, state, last, place = set(), "none", 0, 0
    while place < len(text):
        if text[place].isdigit():
            end = place
            while end < len(text) and text[end].isdigit():
                end += 1
            number, place = int(text[place:end]), end
            if number > most:
                raise Failure("List entry %d exceeds maximum of %d" % (number, most - 1))
            if state == "number":
                raise Failure("Malformed list " + text)
            if state == "dash":
                found.update(range(last, number + 1))
                state = "none"
            else:
                last, state = number, "number"
            continue
        if text[place] == "," and state != "dash":
            if state == "number":
                found.add(last)
            state = "none"
        elif text[place] == "-" and state == "number":
            state = "dash"
        else:
            raise Failure("Malformed list " + text)
        place += 1
    if state == "dash":
        raise Failure("Malformed list " + text)
    if state == "number":
        found.add(last)
    return sorted(found)


def _policy(text):
    """-n: (policy, domains)."""
    policy, colon, domains = text.partition(":")
    matching = [known for known in _POLICIES if policy and known.startswith(policy)]
    if not matching or policy == "rr":
        matching = ["round-robin"] if policy == "rr" else ["first-touch"] if policy == "ft" else matching
    if not matching:
        raise Failure("Invalid policy '%s'" % text)
    return matching[0], _list(domains, 8) if colon and domains != "all" else [0]


# ---- showing

def _show(asked):
    if asked.words or asked.flags & set("Cln"):
        raise Usage(_USAGE)
    if asked.several():
        raise Usage(_USAGE)
    _show_set(asked) if "i" in asked.flags else _show_processors(asked)


def _show_set(asked):
    level = asked.level
    # What is in a set has a number; a set has one only as it stands.
    if not level and "s" not in asked.flags:
        level = "cpuset"
    try:
        number = asked.set_number(level)
    except KernelError as error:
        raise Failure("getid: " + error.number, 3 if error.number == ESRCH else 22) from None
    print("%s %d%s id: %d" % (_NAMES[asked.which], asked.id, " " + level if level else "", number))


def _show_processors(asked):
    try:
        found = asked.processors_of()
    except KernelError as error:
        raise Failure("getaffinity: " + error.number) from None
    of = "%s %d%s" % (_NAMES[asked.which], asked.id, " " + asked.level if asked.level else "")
    print("%s mask: %s" % (of, ", ".join(map(str, found))))
    if asked.which not in "dx":
        print("%s domain policy: first-touch mask: 0" % of)


# ---- changing

def _change(asked):
    flags = asked.flags
    if "C" in flags and ("p" not in flags or flags & set("sjtx")):
        raise Usage(_USAGE)
    changes = asked.mask is not None or asked.domains is not None
    if not changes and ("c" in flags or not flags & set("Cs") or "p" not in flags):
        raise Usage(_USAGE)
    if "t" in flags and flags & set("sjpx") or "x" in flags and flags & set("sjpt"):
        raise Usage(_USAGE)
    _need_root()
    if "C" in flags:
        _called("newid", cpusets.create, asked.state, asked.process)
    elif "p" in flags and "s" in flags:
        _called("setid", cpusets.enter, asked.state, asked.process, asked.set)
    if asked.process is not None:
        # With a set and a list, the list is of the process.
        asked.which, asked.id = "p", asked.process
    if asked.mask is not None:
        asked.change()
    if asked.domains is not None and asked.domains[1] != [0]:
        raise Failure("setdomain: " + EINVAL)


def _called(call, act, *given):
    try:
        return act(*given)
    except KernelError as error:
        raise Failure("%s: %s" % (call, error.number)) from None


def _need_root():
    if os.geteuid() != 0:
        raise Failure("setaffinity: " + EPERM)


def _prepare(asked):
    """This process goes into a set, which the command then has."""
    if asked.flags & set("Cjprtx"):
        raise Usage(_USAGE)
    pid = os.getpid()
    if asked.set is None:
        _called("newid", cpusets.create, asked.state, pid)
    else:
        _called("setid", cpusets.enter, asked.state, pid, asked.set)
    asked.which, asked.id = "p", -1
    if asked.mask is not None:
        asked.change()


def _execute(words):
    sys.stdout.flush()
    try:
        os.execvp(words[0], words)
    except OSError as error:
        sys.stderr.write("cpuset: %s: %s\n" % (words[0], error.strerror))
        raise Exit(127 if isinstance(error, FileNotFoundError) else 126) from None
