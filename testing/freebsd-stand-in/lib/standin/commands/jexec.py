"""jexec(8): a program in a jail."""

import os
import time

from .. import kernel, limits, options, running, viewpoint
from ..errors import Failure, Usage


def run(host, name, arguments):
    clean, user, in_jail, directory, words = _options(host, arguments)
    found = None
    if user is not None and not in_jail:
        # Looked up before the jail is.
        found = running.find_user(lambda candidate: candidate.name == user)
        if found is None:
            raise Failure("%s: no such user" % user)
    with host.locked() as state:
        kernel.collect(state)
        jail = viewpoint.lookup(state, viewpoint.jail(state), words[0])
        if jail is None:
            raise Failure("jail %s not found" % (words[0] if words[0].isdigit()
                                                 else '"%s"' % words[0]))
        if os.geteuid() != 0:
            raise Failure("jail_attach(%d): Operation not permitted" % jail["jid"])
        limited = limits.plan(state, jail)
    command = words[1:]

    def prepare():
        who = found
        if user is not None and in_jail:
            try:
                who = running.find_user(lambda candidate: candidate.name == user)
            except OSError as error:
                raise running.Refused(
                    "jexec: getpwnam: %s: %s" % (user, error.strerror)) from None
            if who is None:
                raise running.Refused("jexec: %s: no such user" % user)
        if clean and who is None:
            try:
                who = running.find_user(lambda candidate: candidate.uid == os.getuid())
            except OSError:
                who = None
            who = who or running.User("root", 0, 0, "/root", "/bin/sh")
        environment = {} if clean else dict(os.environ)
        if who is not None:
            # Without -l the rest of the caller's stays.
            environment.update(running.clean_environment(who))
        if who is not None and user is not None:
            running.become(who)
        if clean:
            try:
                os.chdir(who.home)
            except OSError as error:
                raise running.Refused(
                    "jexec: chdir: %s: %s" % (who.home, error.strerror)) from None
        elif directory is not None:
            try:
                os.chdir(directory)
            except OSError as error:
                raise running.Refused(
                    "jexec: chdir: %s: %s" % (directory, error.strerror)) from None
        return environment

    shell = os.environ.get("SHELL") or "/bin/sh"
    argv = command or [shell, "-i"]
    call = "execvp: " + argv[0] if command else "execlp: " + shell
    begin = time.monotonic()
    child = running.start(prepare, lambda error: "jexec: %s: %s" % (call, error.strerror), argv,
                          jail, limited=limited)

    def ended(usage):
        with host.locked() as state:
            limits.charge(state, jail, usage.ru_utime + usage.ru_stime,
                          time.monotonic() - begin)

    running.mirror(child, ended)
    return 0


def _options(host, arguments):
    usage = "usage: jexec [-l] [-u username | -U username] jail [command ...]"
    letters = "lnu:U:"
    if host.release >= (14, 0):
        usage = "usage: jexec [-l] [-d working-directory] [-u username | -U username] jail" \
                " [command ...]"
        letters = "lnd:u:U:"
    given, words = options.parse("jexec", arguments, letters, usage)
    clean, user, in_jail, directory = False, None, False, None
    for letter, text in given:
        if letter == "l":
            clean = True
        elif letter == "d":
            directory = text
        elif letter in "uU":
            user, in_jail = text, letter == "U"
    if not words:
        raise Usage(usage)
    return clean, user, in_jail, directory, words
