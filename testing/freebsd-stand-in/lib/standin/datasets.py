"""The datasets of a pool, as zfs(8) knows them: file systems, snapshots and clones, with properties.

The files of each are in a folder of the stand-in, which is mounted where its mountpoint is; a snapshot is
a copy. Called with the host locked.
"""

import os
import shutil
import time

from . import mounts
from .errors import KernelError

#: Properties that can be set: default, and whether datasets below inherit them.
SETTABLE = {
    "quota": ("none", False), "reservation": ("none", False), "recordsize": ("128K", True),
    "mountpoint": (None, True), "sharenfs": ("off", True), "checksum": ("on", True),
    "compression": ("off", True), "atime": ("on", True), "devices": ("on", True), "exec": ("on", True),
    "setuid": ("on", True), "readonly": ("off", True), "jailed": ("off", True), "snapdir": ("hidden", True),
    "aclmode": ("discard", True), "aclinherit": ("restricted", True), "canmount": ("on", False),
    "copies": ("1", True), "sharesmb": ("off", True), "refquota": ("none", False),
    "refreservation": ("none", False), "primarycache": ("all", True), "secondarycache": ("all", True),
    "logbias": ("latency", True), "dedup": ("off", True), "sync": ("standard", True),
    "volmode": ("default", True), "xattr": ("on", True),
}
READ_ONLY = ("type", "creation", "used", "available", "referenced", "compressratio", "mounted", "origin",
             "guid", "usedbysnapshots", "usedbydataset", "usedbychildren", "written", "logicalused", "name",
             "version", "createtxg", "clones")
SHORT = {"avail": "available", "refer": "referenced", "compress": "compression", "rdonly": "readonly",
         "ratio": "compressratio"}
_SIZES = ("quota", "reservation", "refquota", "refreservation", "recordsize")
_VALUES = {
    "compression": ("on", "off", "lzjb", "gzip", "zle", "lz4", "zstd"), "checksum": (
        "on", "off", "fletcher2", "fletcher4", "sha256", "noparity", "sha512", "skein", "edonr"),
    "canmount": ("on", "off", "noauto"), "snapdir": ("hidden", "visible"),
    "sync": ("standard", "always", "disabled"), "copies": ("1", "2", "3"), "primarycache": ("all", "none", "metadata"),
    "secondarycache": ("all", "none", "metadata"), "logbias": ("latency", "throughput"),
}
_SWITCHES = ("atime", "devices", "exec", "setuid", "readonly", "jailed", "xattr")


class Refused(Exception):
    """In the words of zfs(8), behind "cannot ...: "."""


def all_of(state):
    """The datasets by name; a pool has one of its own name."""
    datasets = state.setdefault("datasets", {})
    pool = state["settings"]["pool"]
    if pool and pool not in datasets:
        _add(state, pool, "filesystem", {})
        mount(state, pool)
    return datasets


def _add(state, name, kind, values, origin=None):
    number = state["next_dataset"] = state.get("next_dataset", 0) + 1
    state["datasets"][name] = {"type": kind, "number": number, "made": time.time(), "values": values,
                               "origin": origin, "jail": 0}
    if kind != "volume":
        os.makedirs(folder(state, name))
        os.chmod(folder(state, name), 0o755)


def folder(state, name):
    """Where the files of a dataset are."""
    return "%s/datasets/%d" % (mounts.OWN, state["datasets"][name]["number"])


def below(state, name, depth=None):
    """The file systems and volumes under one, in order."""
    found = [other for other in all_of(state) if other.startswith(name + "/") and "@" not in other]
    return sorted(other for other in found
                  if depth is None or other.count("/") - name.count("/") <= depth)


def snapshots(state, name):
    """Those of one dataset, in the order in which they were made."""
    return [other for other in all_of(state) if other.startswith(name + "@")]


def clones(state, snapshot):
    return [name for name, one in all_of(state).items() if one["origin"] == snapshot]


# ---- properties

def check(name, value):
    """A property that may be set, with its value as it is kept. Raises Refused."""
    if ":" in name:
        return name, value
    name = SHORT.get(name, name)
    if name in READ_ONLY:
        raise Refused("'%s' is readonly" % name)
    if name not in SETTABLE and name != "volsize":
        raise Refused("invalid property '%s'" % name)
    if name == "mountpoint" and not value.startswith("/") and value not in ("none", "legacy"):
        raise Refused("'%s' must be an absolute path, 'none', or 'legacy'" % name)
    known = ("on", "off") if name in _SWITCHES else _VALUES.get(name)
    if known and value not in known and not value.startswith(("gzip-", "zstd-")):
        raise Refused("'%s' must be one of '%s'" % (name, " | ".join(known)))
    if name in _SIZES and value != "none":
        return name, str(size_of(name, value))
    return name, value


def size_of(name, text):
    number, unit = text.rstrip("bBkKmMgGtTpP"), text[len(text.rstrip("bBkKmMgGtTpP")):].upper()
    try:
        return int(float(number) * (1 << 10 * " KMGTP".index(unit[:1].replace("B", " ") or " ")))
    except ValueError:
        raise Refused("bad numeric value '%s'" % text) from None


def value(state, name, wanted):
    """(value, source) of a property; None if there is none of that name."""
    one = all_of(state)[name]
    wanted = SHORT.get(wanted, wanted)
    if wanted in READ_ONLY:
        return _measured(state, name, one, wanted), "-"
    if wanted not in SETTABLE and ":" not in wanted:
        return None
    if one["type"] == "snapshot" and ":" not in wanted:
        return "-", "-"
    if wanted in one["values"]:
        return one["values"][wanted], "local"
    default, inherited = SETTABLE.get(wanted, ("-", True))
    above = name.partition("@")[0] if "@" in name else name.rpartition("/")[0]
    while inherited and above:
        found = all_of(state)[above]["values"].get(wanted)
        if found is not None:
            if wanted == "mountpoint" and found.startswith("/"):
                found = found.rstrip("/") + name[len(above):]
            return found, "inherited from " + above
        above = above.rpartition("/")[0]
    if wanted == "mountpoint":
        return "/" + name, "default"
    return default, "default" if default != "-" else "-"


def _measured(state, name, one, wanted):
    if wanted == "name":
        return name
    if wanted == "type":
        return one["type"]
    if wanted == "creation":
        return int(one["made"])
    if wanted == "mounted":
        return "-" if one["type"] != "filesystem" else "yes" if mounted(state, name) else "no"
    if wanted == "origin":
        return one["origin"] or "-"
    if wanted == "clones":
        return ",".join(clones(state, name)) if "@" in name else "-"
    if wanted in ("guid", "createtxg"):
        return one["number"] + (10 ** 18 if wanted == "guid" else 0)
    if wanted == "compressratio":
        return "1.00x"
    if wanted == "version":
        return "5"
    if wanted == "available":
        return "-" if "@" in name else _available(state, name)
    return _used(state, name, one, wanted)


def _used(state, name, one, wanted):
    own = _size(folder(state, name)) if one["type"] != "volume" else 0
    if wanted in ("referenced", "usedbydataset", "written", "logicalused"):
        return own
    of_snapshots = sum(_size(folder(state, each)) for each in snapshots(state, name))
    if wanted == "usedbysnapshots":
        return of_snapshots
    of_children = sum(_used(state, each, all_of(state)[each], "used") for each in below(state, name, 1))
    if wanted == "usedbychildren":
        return of_children
    # What a snapshot alone has is nothing while its file system has it too.
    return 0 if one["type"] == "snapshot" else own + of_children


def _size(directory):
    """At least what an empty dataset has."""
    total = 98304
    for where, _, files in os.walk(directory):
        for file in files:
            try:
                total += os.lstat(where + "/" + file).st_blocks * 512
            except OSError:
                pass
    return total


def _available(state, name):
    free = os.statvfs(mounts.OWN)
    left = free.f_bavail * free.f_frsize
    above = name
    while above:
        quota = all_of(state)[above]["values"].get("quota", "none")
        if quota not in ("none", "0"):
            left = min(left, max(0, int(quota) - _used(state, above, all_of(state)[above], "used")))
        above = above.rpartition("/")[0]
    return left


# ---- mounts

def mounted(state, name):
    """The mount of a dataset; None if it is not mounted."""
    return next((one for one in state["mounts"] if one["type"] == "zfs" and one["special"] == name), None)


def mount(state, name):
    """Mounts a dataset where it belongs; nothing is done for one that belongs nowhere."""
    where = value(state, name, "mountpoint")[0]
    if all_of(state)[name]["type"] != "filesystem" or not where.startswith("/") or mounted(state, name) \
            or value(state, name, "canmount")[0] == "off" or value(state, name, "jailed")[0] == "on":
        return
    os.makedirs(where, exist_ok=True)
    flags = [flag for switch, flag, off in (("readonly", "ro", "on"), ("exec", "noexec", "off"),
                                            ("setuid", "nosuid", "off"))
             if value(state, name, switch)[0] == off]
    mounts.mount_dataset(state, name, folder(state, name), mounts.resolve(where), flags)


def unmount(state, name, force):
    """Unmounts a dataset and those below it, the deepest first. Raises KernelError with the place as text."""
    for each in sorted([name] + below(state, name), reverse=True):
        record = mounted(state, each)
        if record is not None:
            try:
                mounts.unmount(state, None, record, force)
            except KernelError as error:
                raise KernelError(record["dir"], error.number) from None


def mount_all(state, name):
    for each in [name] + below(state, name):
        if value(state, each, "canmount")[0] == "on":
            mount(state, each)


# ---- making and destroying

def create(state, name, values, kind="filesystem"):
    _add(state, name, kind, values)
    if kind == "filesystem" and values.get("canmount", "on") == "on":
        mount(state, name)


def snapshot(state, name, values):
    _add(state, name, "snapshot", values)
    _copy(folder(state, name.partition("@")[0]), folder(state, name))


def clone(state, source, name, values):
    _add(state, name, "filesystem", values, source)
    _copy(folder(state, source), folder(state, name))
    if values.get("canmount", "on") == "on":
        mount(state, name)


def rollback(state, source):
    target = folder(state, source.partition("@")[0])
    for entry in os.listdir(target):
        path = target + "/" + entry
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    _copy(folder(state, source), target)


def _copy(source, target):
    status = os.spawnv(os.P_WAIT, "/usr/bin/cp", ["cp", "-a", "--reflink=auto", source + "/.", target])
    if status:
        raise OSError(5, "Input/output error")


def destroy(state, name):
    """One alone, which is not mounted."""
    path = folder(state, name)
    del state["datasets"][name]
    shutil.rmtree(path, ignore_errors=True)


def rename(state, old, new):
    """With all that is below it, and its snapshots."""
    datasets = all_of(state)
    for name in list(datasets):
        if name == old or name.startswith((old + "/", old + "@")):
            datasets[new + name[len(old):]] = datasets.pop(name)
    for one in datasets.values():
        if one["origin"] and (one["origin"] == old or one["origin"].startswith((old + "/", old + "@"))):
            one["origin"] = new + one["origin"][len(old):]
