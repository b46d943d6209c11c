"""rctl(8): shows, adds and removes rules, and shows what is used."""

import os
import re
import sys

from .. import amounts, limits, options, place, racctd, rules
from ..command import warn
from ..errors import EINVAL, EOPNOTSUPP, EPERM, Failure, KernelError, Usage

_USAGE = "usage: rctl [ -h ] [-a rule | -l filter | -r filter | -u filter | filter]"
_MISSING = "RACCT/RCTL support not present in kernel; see rctl(8) for details"
_DISABLED = "RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable"

_SUBJECTS = {"u": "user", "g": "group", "p": "process", "l": "loginclass", "c": "loginclass",
             "class": "loginclass", "j": "jail"}
#: What is said when the kernel refuses, by option.
_REFUSED = {
    "a": "failed to add rule '%s': %s",
    "l": "failed to get limits for '%s': %s",
    "r": "failed to remove rule '%s': %s",
    "u": "failed to show resource consumption for '%s': %s",
    "": "failed to show rules for '%s': %s",
}


class _Malformed(Exception):
    """A rule that does not come to the kernel."""


def run(host, name, arguments):
    """Returns how many of the rules failed."""
    given, words = options.parse(name, arguments, "ahlnru", _USAGE)
    letters = {letter for letter, _ in given}
    modes = sorted(letters & set("alru"))
    if len(modes) > 1:
        raise Failure("at most one of -a, -l, -r, or -u may be specified")
    mode = modes[0] if modes else ""
    if not words:
        if mode:
            raise Usage(_USAGE)
        # An error of this one is said, and forgotten.
        _one(host, name, mode, letters, "::")
        return 0
    return sum(not _one(host, name, mode, letters, word) for word in words)


def _one(host, name, mode, letters, given):
    """Does what is to be done for one rule or filter; whether it went well."""
    try:
        expanded = _expand(given, host.release, resolve=not {"a", "n"} <= letters)
    except _Malformed as malformed:
        warn(name, "malformed rule '%s': %s" % (given, malformed))
        return False
    try:
        with host.locked() as state:
            if not state["settings"]["racct"]:
                raise Failure(_MISSING if state["settings"]["racct"] is None else _DISABLED)
            if os.geteuid() != 0 or not place.is_host(state):
                raise KernelError("", EPERM)
            _act(host, state, mode, letters, expanded)
            racctd.attend(host)
    except KernelError as error:
        warn(name, _REFUSED[mode] % (given, error.number))
        return False
    return True


def _act(host, state, mode, letters, text):
    if mode == "a":
        rules.add(state, text, host.release)
        limits.refresh(state)
    elif mode == "r":
        dropped = rules.remove(state, text)
        limits.prune(state)
        limits.refresh(state, dropped)
    elif mode == "u":
        _show_usage(state, text, "h" in letters)
    elif mode == "l":
        _show_rules(_limits_of(state, text), letters)
    else:
        _show_rules(rules.find(state, text), letters)


# ---- the text of a rule

def _expand(given, release, resolve):
    """A rule as the kernel wants it: subjects by their full names, users by number, plain numbers."""
    subject, colon, rest = given.partition(":")
    if not colon:
        raise _Malformed("missing subject")
    name, _, rest = rest.partition(":")
    subject = _SUBJECTS.get(subject.lower(), subject)
    if resolve and name and subject.lower() in ("user", "group"):
        name = _number_of(subject.lower(), name)
    text = "%s:%s:%s" % (subject, name, rest)
    _, _, resource, action, amount, per = rules.split(text)
    if not amount:
        return text
    number = amounts.expand(amount, release)
    if number is None:
        raise _Malformed("invalid numeric value '%s'" % amount)
    text = "%s:%s:%s:%s=%d" % (subject, name, resource, action, number)
    return text if per is None else text + "/" + per


def _number_of(kind, name):
    try:
        if kind == "user":
            import pwd
            return str(pwd.getpwnam(name).pw_uid)
        import grp
        return str(grp.getgrnam(name).gr_gid)
    except KeyError:
        if not name[0].isdigit():
            raise _Malformed("unknown %s '%s'" % (kind, name)) from None
        if not re.fullmatch("[0-9]+", name):
            raise _Malformed("trailing characters after numerical id") from None
        return str(int(name))


def _named(rule):
    """A rule with its user by name."""
    if rule["subject"] != "user":
        return rule
    try:
        import pwd
        return dict(rule, id=pwd.getpwuid(int(rule["id"])).pw_name)
    except KeyError:
        return rule


# ---- showing

def _show_rules(found, letters):
    for rule in found:
        text = rules.text_of(rule if "n" in letters else _named(rule))
        if "h" in letters:
            head, _, tail = text.rpartition("=")
            _, slash, per = tail.partition("/")
            text = head + "=" + amounts.humanize(rule["amount"]) + slash + per
        sys.stdout.write(text + "\n")


def _show_usage(state, text, human):
    wanted = rules.parse(text)
    if wanted["subject"] is None or wanted["id"] is None:
        raise KernelError("", EINVAL)
    for resource, number in limits.usage(state, wanted["subject"], wanted["id"]):
        sys.stdout.write("%s=%s\n" % (resource, amounts.humanize(number) if human else number))


def _limits_of(state, text):
    """The rules that hold for a process; there is no such question about anything else."""
    wanted = rules.parse(text)
    if wanted["subject"] is None:
        raise KernelError("", EINVAL)
    if wanted["subject"] != "process":
        raise KernelError("", EOPNOTSUPP)
    if wanted["id"] is None:
        raise KernelError("", EINVAL)
    return limits.of_process(state, int(wanted["id"]))
