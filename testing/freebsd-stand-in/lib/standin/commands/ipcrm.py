"""ipcrm(1): removes System V message queues, semaphores and shared memory."""

import ctypes
import os
import sys

from .. import options
from ..command import warn
from ..errors import ENOSYS, Usage
from ..linux import LIBC

_USAGE = "usage: ipcrm [-W] [-v[v]]\n" \
         "             [-q msqid] [-m shmid] [-s semid]\n" \
         "             [-Q msgkey] [-M shmkey] [-S semkey] ..."

_CALLS = {"q": ("msgctl", "msq"), "m": ("shmctl", "shm"), "s": ("semctl", "sem")}


def run(host, name, arguments):
    letters, words = options.parse(name, arguments, "q:m:s:Q:M:S:vWy", _USAGE)
    if words or not any(letter.lower() in _CALLS for letter, _ in letters):
        raise Usage(_USAGE)
    status = 0
    for letter, text in letters:
        if letter.lower() in _CALLS:
            status = max(status, _remove(name, letter, text))
    return status


def _remove(name, letter, text):
    call, prefix = _CALLS[letter.lower()]
    by_key = letter.isupper()
    try:
        number = int(text, 0)
    except ValueError:
        number = 0
    error = _control(call, _of_key(call, number) if by_key else number)
    if error is None:
        return 0
    sys.stdout.flush()
    warn(name, "%s%s(%d): : %s" % (prefix, "key" if by_key else "id", number, error))
    return 1


def _of_key(call, key):
    get = getattr(LIBC, call.replace("ctl", "get"))
    # Private ones have no key.
    return -1 if key == 0 else get(key, 0, 0)


def _control(call, number):
    control = getattr(LIBC, call)
    arguments = (number, 0, 0, None) if call == "semctl" else (number, 0, None)
    if control(*arguments) == 0:
        return None
    error = ctypes.get_errno()
    return ENOSYS if error == 38 else os.strerror(error)
