"""nice(1): a program at another priority."""

import os
import sys

from .. import options
from ..errors import Exit, Failure, Usage

_USAGE = "usage: nice [-n increment] utility [argument ...]"


def run(host, name, arguments):
    # What was once the option is a number behind a dash.
    if arguments and arguments[0][:1] == "-" and arguments[0][1:].lstrip("-").isdigit():
        arguments = ["-n", arguments[0][1:]] + arguments[1:]
    letters, words = options.parse(name, arguments, "n:", _USAGE)
    if not words:
        raise Usage(_USAGE)
    increment = 10
    for _, text in letters:
        try:
            increment = int(text)
        except ValueError:
            raise Failure("%s: Invalid argument" % text) from None
    os.nice(increment)
    try:
        os.execvp(words[0], words)
    except OSError as error:
        sys.stderr.write("nice: %s: %s\n" % (words[0], error.strerror))
        raise Exit(127 if isinstance(error, FileNotFoundError) else 126) from None
