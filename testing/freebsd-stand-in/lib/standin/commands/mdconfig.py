"""mdconfig(8): memory disks, of which a host has the names; nothing can be put on one."""

import os

from .. import options
from ..errors import EBUSY, EINVAL, ENOENT, Failure, Usage

_USAGE = """usage: mdconfig -a -t type [-n] [-o [no]option] ... [-f file]
                [-s size] [-S sectorsize] [-u unit] [-L label]
                [-x sectors/track] [-y heads/cylinder]
       mdconfig -d -u unit [-o [no]force]
       mdconfig -r -u unit -s size [-o [no]force]
       mdconfig -l [-v] [-n] [-f file] [-u unit]
       mdconfig file
\t\ttype = {malloc, vnode, swap}
\t\toption = {cache, cluster, compress, force,
\t\t          readonly, reserve, ro, verify}
\t\tsize = %d (512 byte blocks), %db (B),
\t\t       %dk (kB), %dm (MB), %dg (GB), 
\t\t       %dt (TB), or %dp (PB)"""
_TYPES = ("malloc", "preload", "vnode", "swap", "null")


def run(host, name, arguments):
    letters, words = options.parse(name, arguments, "ab:df:lno:rs:S:t:u:vx:y:L:", _USAGE)
    given = dict(letters)
    actions = [letter for letter in "adrl" if letter in given]
    if len(actions) > 1 or not actions and not words:
        raise Usage(_USAGE)
    if not actions and len(words) == 1:
        actions, given["t"], given["f"] = ["a"], "vnode", words[0]
    with host.locked() as state:
        disks = state.setdefault("memory_disks", {})
        {"a": _attach, "d": _detach, "r": _resize, "l": _list}[actions[0]](state, disks, given)
    return 0


def _unit(given):
    """md9, 9 or /dev/md9."""
    text = given["u"].removeprefix("/dev/").removeprefix("md")
    if not text.isdigit():
        raise Failure("bad unit: " + given["u"])
    return int(text)


def _size(given):
    text = given.get("s")
    if text is None:
        return None
    number, unit = text.rstrip("bkmgtpBKMGTP"), text[-1:].lower()
    if not number.isdigit() or len(text) - len(number) > 1:
        raise Failure("invalid size: " + text)
    return int(number) << {"b": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50}.get(unit, 9)


def _attach(state, disks, given):
    kind = given.get("t") or ("vnode" if "f" in given else "swap" if "s" in given else None)
    if kind is None:
        raise Usage(_USAGE)
    matching = [known for known in _TYPES if known.startswith(kind)]
    if not matching:
        raise Failure("unknown type: " + kind)
    kind, size, file = matching[0], _size(given), given.get("f")
    if kind == "vnode":
        if file is None:
            raise Failure("must specify -f for -t vnode")
        if not os.path.exists(file):
            raise Failure("ioctl(/dev/mdctl): " + ENOENT)
        size = size or os.path.getsize(file)
    elif size is None:
        raise Failure("must specify -s for -t malloc or -t swap")
    if os.geteuid() != 0:
        raise Failure("open(/dev/mdctl): Permission denied")
    automatic = "u" not in given
    unit = _unit(given) if not automatic else next(
        number for number in range(len(disks) + 1) if str(number) not in disks)
    if str(unit) in disks:
        raise Failure("ioctl(/dev/mdctl): " + EBUSY)
    disks[str(unit)] = {"type": kind, "size": size, "file": file}
    if automatic:
        print(unit if "n" in given else "md%d" % unit)


def _asked(disks, given):
    if "u" not in given:
        raise Failure("-%s requires -u" % ("d" if "d" in given else "r"))
    unit = str(_unit(given))
    if unit not in disks:
        raise Failure("ioctl(/dev/mdctl): " + ENOENT)
    return unit


def _detach(state, disks, given):
    del disks[_asked(disks, given)]


def _resize(state, disks, given):
    unit, size = _asked(disks, given), _size(given)
    if not size:
        raise Failure("ioctl(/dev/mdctl): " + EINVAL)
    disks[unit]["size"] = size


def _list(state, disks, given):
    wanted = str(_unit(given)) if "u" in given else None
    if wanted is not None and wanted not in disks:
        raise Failure("md%s: %s" % (wanted, ENOENT))
    shown = [unit for unit in disks if wanted in (None, unit)]
    for unit in sorted(shown, key=int):
        disk = disks[unit]
        if "v" in given or wanted is not None:
            print("md%s\t%8s\t%8s\t%s" % (unit, disk["type"], _human(disk["size"]), disk["file"] or "-"))
    if "v" not in given and wanted is None and shown:
        print(" ".join(("" if "n" in given else "md") + unit for unit in sorted(shown, key=int)))


def _human(size):
    for unit in ("B", "K", "M", "G", "T"):
        if size < 10000:
            return "%d%s" % (size, unit)
        size //= 1024
    return "%dP" % size
