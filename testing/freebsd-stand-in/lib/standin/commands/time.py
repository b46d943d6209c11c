"""time(1): how long a command took, on one line as FreeBSD has it."""

import os
import sys
import time

from ..errors import Usage


def run(host, name, arguments):
    words = list(arguments)
    portable = bool(words) and words[0] == "-p"
    if portable:
        words.pop(0)
    if not words:
        raise Usage("usage: time [-al] [-h | -p] [-o file] utility [argument ...]")
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.execvp(words[0], words)
        except OSError as error:
            os.write(2, ("time: %s: %s\n" % (words[0], error.strerror)).encode())
            os._exit(127 if error.errno == 2 else 126)
    _, status, usage = os.wait4(child, 0)
    real = time.monotonic() - begin
    if portable:
        sys.stderr.write("real %.2f\nuser %.2f\nsys %.2f\n"
                         % (real, usage.ru_utime, usage.ru_stime))
    else:
        sys.stderr.write("%12.2f real %12.2f user %12.2f sys\n"
                         % (real, usage.ru_utime, usage.ru_stime))
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) \
        else 128 + os.WTERMSIG(status)
