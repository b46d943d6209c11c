"""Runs a command of the stand-in in this process, on a state that is made for it, without namespaces."""

import contextlib
import io
import os
import shutil
import sys
import tempfile
import time
from unittest import mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))

from standin import kernel, processes, viewpoint  # noqa: E402
from standin.errors import Exit, Failure, Usage  # noqa: E402
from standin.host import Host  # noqa: E402


class Stream(io.TextIOWrapper):
    """A standard stream that keeps what is written to it."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8", errors="surrogateescape")

    def bytes(self):
        self.flush()
        return self.buffer.getvalue()


@contextlib.contextmanager
def host(release="12.2", **settings):
    """A host without processes: what a jail's init would say is what its values say."""
    directory = tempfile.mkdtemp(prefix="stand-in-")
    made = Host(directory)
    try:
        with made.locked() as state:
            state["settings"]["release"] = release
            state["settings"].update(settings)
        with mock.patch.object(processes, "in_jail", return_value=[]), \
                mock.patch.object(processes, "hostname_of", side_effect=_hostname(made)), \
                mock.patch.object(viewpoint, "jail", side_effect=_viewer(made)), \
                mock.patch.object(kernel, "require_root"):
            yield made
    finally:
        shutil.rmtree(directory)


def _hostname(made):
    def hostname(init):
        return next(jail["values"]["host.hostname"] for jail in made.state["jails"].values()
                    if jail["init"] == init)
    return hostname


def _viewer(made):
    """Who looks is on the host, or in the jail whose number is `viewer` of the host."""
    made.viewer = None
    return lambda state: None if made.viewer is None else state["jails"][str(made.viewer)]


def jail(made, jid, name, **values):
    """Puts a jail into a host's state; "_" in a value's name is "." where it has to be."""
    with made.locked() as state:
        kept = kernel._defaults(made)
        kept.update({"path": "/jails/base", "persist": 1})
        kept.update(values.pop("given", {}))
        state["jails"][str(jid)] = {
            "jid": jid, "name": name, "parent": values.get("parent", 0),
            "dying": values.get("dying", False), "cpuset": values.get("cpuset", 2),
            "init": 10_000_000 + jid, "held": False, "values": kept,
            "until": time.time() + 600, "connections": [],
        }


def run(module, made, name, *arguments, environment=None):
    """(stdout, stderr, exit status) as texts and a number; stdout may be asked for as bytes."""
    out, err, status = run_bytes(module, made, name, *arguments, environment=environment)
    return out.decode("utf-8", "surrogateescape"), err, status


def run_bytes(module, made, name, *arguments, environment=None):
    out, err = Stream(), Stream()
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        with mock.patch.dict(os.environ, environment or {}, clear=environment is not None):
            status = _run(module, made, name, list(arguments))
        return out.bytes(), err.bytes().decode("utf-8"), status
    finally:
        sys.stdout, sys.stderr = kept


def _run(module, made, name, arguments):
    try:
        return module.run(made, name, arguments) or 0
    except Failure as failure:
        sys.stderr.write("%s: %s\n" % (name, failure.text))
        return failure.status
    except Usage as usage:
        sys.stderr.write(usage.text + "\n")
        return usage.status
    except Exit as ended:
        return ended.status
