"""dmesg(8): the message buffer of the kernel."""

import os
import sys

from .. import messages, options
from ..errors import EPERM, Failure, Usage

_USAGE = "usage: dmesg [-ac] [-M core [-N system]]"


def run(host, name, arguments):
    given, words = options.parse(name, arguments, "acM:N:", _USAGE)
    if words:
        raise Usage(_USAGE)
    sys.stdout.write(messages.said(host))
    if any(letter == "c" for letter, _ in given):
        if os.geteuid() != 0:
            raise Failure("sysctl kern.msgbuf_clear: " + EPERM)
        messages.clear(host)
    return 0
