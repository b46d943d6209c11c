"""How every command of the stand-in starts and ends."""

import importlib
import os
import re
import signal
import sys
import time

from .errors import Exit, Failure, Usage
from .host import Host


def main(name, directory):
    """Runs a command of the base system on a host and exits with its status."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    forget_own_locale()
    for stream in (sys.stdout, sys.stderr):
        # Bytes that are no text go out as they came in.
        stream.reconfigure(errors="surrogateescape")
    status = perform(Host(directory), name, sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def forget_own_locale():
    """Python puts LC_CTYPE behind all other variables where there is no locale: no program gets it."""
    if list(os.environ)[-1:] == ["LC_CTYPE"] and os.environ["LC_CTYPE"] == "C.UTF-8" \
            and not {"LANG", "LC_ALL"} & set(os.environ):
        del os.environ["LC_CTYPE"]


def perform(host, name, arguments):
    """Runs a command in this process, with the faults that were ordered for it; returns its status."""
    try:
        apply_faults(host, name, arguments)
        module = importlib.import_module("standin.commands." + _module(name))
        return module.run(host, name, arguments) or 0
    except Failure as failure:
        warn(name, failure.text)
        return failure.status
    except Usage as usage:
        sys.stdout.flush()
        sys.stderr.write(usage.text + "\n")
        return usage.status
    except Exit as ended:
        return ended.status


def _module(name):
    return {
        "mount_nullfs": "mount",
        "pgrep": "pkill",
        "kldstat": "kld",
        "kldload": "kld",
        "kldunload": "kld",
    }.get(name, name.replace("-", "_"))


def warn(name, text):
    """A line on stderr as warnx(3) writes it."""
    sys.stdout.flush()
    sys.stderr.write("%s: %s\n" % (name, text))
    sys.stderr.flush()


def apply_faults(host, name, arguments):
    """Does what `stand-in fault` has ordered for this call."""
    line = " ".join([name] + arguments)
    with host.locked() as state:
        state["calls"][name] = state["calls"].get(name, 0) + 1
        host.note(line)
        if any(jail["dying"] for jail in state["jails"].values()):
            # What nothing keeps any more is gone whoever looks.
            from . import kernel
            kernel.collect(state)
        fault = None
        for ordered in state["faults"]:
            if re.search(ordered["pattern"], line):
                ordered["seen"] += 1
                if ordered["seen"] >= ordered["from"] and ordered["left"] != 0:
                    ordered["left"] -= 1
                    fault = dict(ordered)
                    break
    if fault is None:
        return
    if fault["kind"] == "hang":
        time.sleep(1_000_000)
    elif fault["kind"] == "slow":
        time.sleep(fault["seconds"])
    elif fault["kind"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        if fault["text"]:
            sys.stderr.write(fault["text"] + "\n")
        raise Exit(fault["status"])
