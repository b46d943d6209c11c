"""umount(8)."""

import os
import sys

from .. import fstab, mounts, options, viewpoint
from ..command import warn
from ..errors import KernelError, Usage
from .mount import find, fits

_USAGE = """usage: umount [-fNnv] special ... | node ... | fsid ...
       umount -a | -A [-F fstab] [-fnv] [-h host] [-t type]"""


def run(host, name, arguments):
    """Returns 1 if any was not unmounted."""
    given, words = options.parse(name, arguments, "AaF:fh:Nnt:v", _USAGE)
    letters = {letter for letter, _ in given}
    values = dict(given)
    everything = letters & {"a", "A"}
    if everything and words or not everything and not words:
        raise Usage(_USAGE)
    types = values.get("t")
    if "A" in letters:
        with host.locked() as state:
            viewer = viewpoint.jail(state)
            found = [mount for mount in reversed(mounts.seen(state, viewer))
                     if mount["id"] not in mounts.BASE_IDS and fits(mount["type"], types)]
            return max([_unmount(state, viewer, name, letters, mount) for mount in found], default=0)
    if everything:
        words = _of_fstab(values.get("F", fstab.USUAL), types)
    return max([_one(host, name, letters, types, word) for word in words], default=0)


def _of_fstab(path, types):
    """The nodes of an fstab, backwards; the root stays."""
    try:
        entries = fstab.read(path)
    except OSError as error:
        sys.stderr.write("fstab: %s:0: %s\n" % (path, os.strerror(error.errno)))
        return []
    return [entry.dir for entry in reversed(entries)
            if entry.dir != "/" and entry.type != "swap" and fits(entry.type, types)]


def _one(host, name, letters, types, given):
    with host.locked() as state:
        viewer = viewpoint.jail(state)
        mount = find(state, viewer, given)
        if mount is None:
            _explain(name, given)
            return 1
        if not fits(mount["type"], types):
            return 1
        return _unmount(state, viewer, name, letters, mount)


def _explain(name, given):
    """Why something is no mount."""
    try:
        if os.path.isdir(mounts.resolve(given)):
            warn(name, "%s: not a file system root directory" % given)
            return
    except mounts.Unresolved as error:
        warn(name, "%s: statfs: %s" % (given, error.text))
    warn(name, "%s: unknown file system" % given)


def _unmount(state, viewer, name, letters, mount):
    try:
        mounts.unmount(state, viewer, mount, "f" in letters)
    except KernelError as error:
        warn(name, "unmount of %s failed: %s" % (mount["dir"], error.number))
        return 1
    if "v" in letters:
        sys.stdout.write("%s: unmount from %s\n" % (mount["special"], mount["dir"]))
    return 0
