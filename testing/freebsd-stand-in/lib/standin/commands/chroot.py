"""chroot(8): a program with another root, and as another user."""

import grp
import os

from .. import options, running
from ..errors import Failure, Usage

_USAGE = "usage: chroot [-g group] [-G group,group,...] [-u user] newroot [command]"


def run(host, name, arguments):
    given, words = options.parse(name, arguments, "G:g:u:", _USAGE)
    given = dict(given)
    if not words:
        raise Usage(_USAGE)
    # All are looked up before the root is another.
    group = _group(given["g"]) if "g" in given else None
    groups = [_group(one) for one in given.get("G", "").split(",") if one]
    user = _user(given["u"]) if "u" in given else None
    try:
        os.chdir(words[0])
        os.chroot(".")
    except OSError as error:
        raise Failure("%s: %s" % (words[0], error.strerror)) from None
    if groups:
        os.setgroups(groups)
    if group is not None:
        # Up to 14 the first of the list is the effective group, and gets the new one's place.
        own = os.getegid()
        before = groups or [own] + [one for one in os.getgroups() if one != own]
        os.setgroups([group] + before[1:])
        os.setgid(group)
    if user is not None:
        os.setuid(user)
    argv = words[1:] or [os.environ.get("SHELL") or "/bin/sh", "-i"]
    running.reset_signals()
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        raise Failure("%s: %s" % (argv[0], error.strerror)) from None


def _group(text):
    try:
        return grp.getgrnam(text).gr_gid
    except KeyError:
        if text.isdigit():
            return int(text)
        raise Failure("no such group `%s'" % text) from None


def _user(text):
    found = running.find_user(lambda candidate: candidate.name == text)
    if found is not None:
        return found.uid
    if text.isdigit():
        return int(text)
    raise Failure("no such user `%s'" % text)
