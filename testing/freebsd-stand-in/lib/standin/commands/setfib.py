"""setfib(1): a program with another routing table as its default; a host has one unless net.fibs says more."""

import os

from .. import options
from ..errors import Failure, Usage

_USAGE = "usage: setfib [-[F]]value utility [argument ...]"
EX_USAGE = 64
TABLES = 1


def run(host, name, arguments):
    # The number may stand behind a dash, as that of nice(1).
    words = list(arguments)
    if words and words[0][:1] == "-" and words[0].lstrip("-F").isdigit():
        words[0] = words[0].lstrip("-F")
    _, words = options.parse(name, words, "", _USAGE, EX_USAGE)
    if len(words) < 2:
        raise Usage(_USAGE, EX_USAGE)
    if not words[0].isdigit():
        raise Failure("%s: Invalid argument" % words[0], EX_USAGE)
    if int(words[0]) >= TABLES:
        raise Failure("invalid FIB (max %d)" % (TABLES - 1), EX_USAGE)
    try:
        os.execvp(words[1], words[1:])
    except OSError as error:
        raise Failure("%s: %s" % (words[1], error.strerror),
                      127 if isinstance(error, FileNotFoundError) else 126) from None
