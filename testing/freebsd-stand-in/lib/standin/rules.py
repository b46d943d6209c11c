"""What the kernel does about rules of rctl(4): reading them, adding, removing, finding them.

Sources: rctl(8), and what a running 12.2 accepts and refuses. Everything here is called with the host
locked; a rule is a dictionary of subject, id, resource, action, amount, per, and a filter is one with
None in the fields that it leaves empty.
"""

import os
import re

from .errors import EINVAL, ENAMETOOLONG, EOPNOTSUPP, ERANGE, ESRCH, KernelError

E2BIG = "Argument list too long"

#: In the order in which rctl -u prints them.
RESOURCES = ("cputime", "datasize", "stacksize", "coredumpsize", "memoryuse", "memorylocked", "maxproc",
             "openfiles", "vmemoryuse", "pseudoterminals", "swapuse", "nthr", "msgqqueued", "msgqsize",
             "nmsgq", "nsem", "nsemop", "nshm", "shmsize", "wallclock", "pcpu", "readbps", "writebps",
             "readiops", "writeiops")
#: Counted roughly, and so not for a single process.
SLOPPY = ("pseudoterminals", "swapuse", "msgqqueued", "msgqsize", "nmsgq", "nsem", "nshm", "shmsize")
THROTTLED = ("readbps", "writebps", "readiops", "writeiops")
_UNDENIABLE = ("cputime", "wallclock") + THROTTLED
_IN_MILLIONS = ("cputime", "wallclock", "pcpu")
_SIGNALS = ("hup int quit ill trap abrt emt fpe kill bus segv sys pipe alrm term urg stop tstp chld ttin"
            " ttou io xcpu xfsz vtalrm prof winch info usr1 usr2 thr").split()
_ACTIONS = ("deny", "log", "devctl", "throttle") + tuple("sig" + name for name in _SIGNALS)
SUBJECTS = ("process", "loginclass", "user", "jail")

_MOST = (1 << 63) - 1
_LONGEST = 4096
_LONGEST_NAMES = {"loginclass": 32, "jail": 255}
_FIELDS = ("subject", "id", "resource", "action", "amount", "per")


# ---- text

def split(text):
    """The parts of a rule as they stand; None is a part that the text does not come to."""
    parts = []
    rest = text
    for separators in (":", ":", ":", "=/", "/"):
        if rest is None:
            parts.append(None)
            continue
        match = re.search("[%s]" % separators, rest)
        parts.append(rest[:match.start()] if match else rest)
        rest = rest[match.end():] if match else None
    return parts + [rest]


def parse(text):
    """A rule or a filter from its text, with numbers in plain decimal."""
    if len(os.fsencode(text)) >= _LONGEST:
        raise KernelError("", E2BIG)
    subject, name, resource, action, amount, per = split(text)
    rule = {
        "subject": _word(subject, SUBJECTS),
        "id": None,
        "resource": _word(resource, RESOURCES),
        "action": _word(action, _ACTIONS),
        "amount": None,
        "per": _word(per, SUBJECTS),
    }
    if name:
        rule["id"] = _identity(rule["subject"], name)
    if amount:
        rule["amount"] = _amount(rule["resource"], amount)
    return rule


def _word(text, known):
    if not text:
        return None
    if text.lower() not in known:
        raise KernelError("", EINVAL)
    return text.lower()


def _identity(subject, text):
    if subject in ("process", "user"):
        if not re.fullmatch("[0-9]+", text):
            raise KernelError("", EINVAL)
        if subject == "process" and not os.path.exists("/proc/" + text):
            raise KernelError("", ESRCH)
        return str(int(text))
    if subject is None:
        raise KernelError("", EINVAL)
    if len(os.fsencode(text)) > _LONGEST_NAMES[subject]:
        raise KernelError("", ENAMETOOLONG)
    return text


def _amount(resource, text):
    if not re.fullmatch("[0-9]+", text):
        raise KernelError("", EINVAL)
    number = int(text)
    if number > (_MOST // 1000000 if resource in _IN_MILLIONS else _MOST):
        raise KernelError("", ERANGE)
    return number


def text_of(rule):
    """A rule as rctl(8) prints it: what it counts for is left out when it is the subject."""
    text = "%s:%s:%s:%s=%d" % (rule["subject"], rule["id"], rule["resource"], rule["action"],
                              rule["amount"])
    return text if rule["per"] == rule["subject"] else text + "/" + rule["per"]


# ---- the table

def add(state, text, release):
    """rctl_add_rule(2)."""
    rule = parse(text)
    rule["per"] = rule["per"] or rule["subject"]
    if any(rule[field] is None for field in _FIELDS):
        raise KernelError("", EINVAL)
    _check(rule, release)
    if rule["action"] == "deny":
        _drop(state, dict(rule, amount=None))
    _drop(state, rule)
    if rule["subject"] == "jail":
        state["usage"].setdefault(rule["id"], {})
    # The newest of a subject is the first that is shown.
    state["rules"].insert(0, rule)
    return rule


def _check(rule, release):
    resource, action = rule["resource"], rule["action"]
    refused = (action == "deny" and resource in _UNDENIABLE
               or action == "throttle" and resource not in THROTTLED
               or rule["per"] == "process" and resource in SLOPPY)
    if refused:
        raise KernelError("", EOPNOTSUPP)
    if action == "throttle" and rule["amount"] == 0 and release < (12, 3):
        raise KernelError("", EINVAL)


def remove(state, text):
    """rctl_remove_rule(2): all that a filter matches. Returns them."""
    dropped = _drop(state, parse(text))
    if not dropped:
        raise KernelError("", ESRCH)
    return dropped


def _drop(state, wanted):
    _forget_processes(state)
    dropped = [rule for rule in state["rules"] if matches(rule, wanted)]
    state["rules"] = [rule for rule in state["rules"] if rule not in dropped]
    return dropped


def matches(rule, wanted):
    return all(wanted[field] in (None, rule[field]) for field in _FIELDS)


def find(state, text):
    """rctl_get_rules(2): what a filter matches, in the kernel's order: processes, login classes, users,
    jails; of these the one that is known last comes first."""
    wanted = parse(text)
    _forget_processes(state)
    found = [rule for rule in state["rules"] if matches(rule, wanted)]
    # The host's own is known from the beginning.
    known = {"jail": ["0"] + [name for name in state["usage"] if name != "0"]}
    for rule in reversed(state["rules"]):
        names = known.setdefault(rule["subject"], [])
        if rule["id"] not in names:
            names.append(rule["id"])
    return sorted(found, key=lambda rule: (SUBJECTS.index(rule["subject"]),
                                           -known[rule["subject"]].index(rule["id"])))


def of_jail(state, name):
    """The rules that hold for what runs in a jail: its own, and those of the jails that it is in; 0 is the
    host."""
    names = {"0", name}
    while "." in name:
        name = name.rpartition(".")[0]
        names.add(name)
    return [rule for rule in state["rules"] if rule["subject"] == "jail" and rule["id"] in names]


def _forget_processes(state):
    """A process takes its rules with it."""
    state["rules"] = [rule for rule in state["rules"]
                      if rule["subject"] != "process" or os.path.exists("/proc/" + rule["id"])]
