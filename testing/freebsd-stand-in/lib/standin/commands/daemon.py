"""daemon(8): a program in the background, in a session of its own."""

import os
import signal
import time

from .. import options, running
from ..errors import Failure, Usage

_USAGE = """usage: daemon [-cfrS] [-p child_pidfile] [-P supervisor_pidfile]
              [-u user] [-o output_file] [-t title]
              [-l syslog_facility] [-s syslog_priority]
              [-T syslog_tag] [-m output_mask] [-R restart_delay_secs]
command arguments ..."""


def run(host, name, arguments):
    letters, words = options.parse("daemon", arguments, "cfHl:m:o:p:P:rR:s:St:T:u:", _USAGE)
    if not words:
        raise Usage(_USAGE)
    given = dict(letters)
    user = None
    if "u" in given:
        user = running.find_user(lambda candidate: candidate.name == given["u"])
        if user is None:
            raise Failure("unknown user: %s" % given["u"])
    for letter in ("p", "P"):
        if letter in given:
            _write(given[letter], "")
    if os.fork():
        return 0
    os.setsid()
    if "c" in given:
        os.chdir("/")
    if "f" in given and "o" not in given:
        _redirect("/dev/null", os.O_RDWR, (0, 1, 2))
    elif "f" in given:
        _redirect("/dev/null", os.O_RDWR, (0,))
    if "o" in given:
        _redirect(given["o"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, (1, 2))
    if "P" in given:
        _write(given["P"], str(os.getpid()))
    supervised = any(letter in given for letter in ("p", "P", "r", "R", "o", "S"))
    if not supervised:
        _execute(words, user)
    _supervise(words, user, given)
    os._exit(0)


def _supervise(words, user, given):
    child = None

    def pass_on(number, _):
        if child:
            os.kill(child, number)

    signal.signal(signal.SIGTERM, pass_on)
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _execute(words, user)
        if "p" in given:
            _write(given["p"], str(child))
        while True:
            try:
                os.waitpid(child, 0)
                break
            except InterruptedError:
                pass
        if "r" not in given and "R" not in given:
            break
        time.sleep(float(given.get("R", "1")))
    for letter in ("p", "P"):
        if letter in given:
            try:
                os.unlink(given[letter])
            except OSError:
                pass


def _write(path, text):
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise Failure("ppidfile ``%s'': %s" % (path, error.strerror)) from None


def _redirect(path, flags, descriptors):
    try:
        fd = os.open(path, flags, 0o600)
    except OSError:
        return  # daemon(3) goes on where a jail has no /dev/null.
    for descriptor in descriptors:
        os.dup2(fd, descriptor)
    os.close(fd)


def _execute(words, user):
    try:
        if user is not None:
            running.become(user)
        os.execvp(words[0], words)
    except OSError as error:
        os.write(2, ("daemon: %s: %s\n" % (words[0], error.strerror)).encode())
        os._exit(1)
