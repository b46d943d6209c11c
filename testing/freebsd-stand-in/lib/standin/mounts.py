"""The table of mounts, and mount(2) behind it.

Each mount is a real one in the host's mount namespace, and is recorded as FreeBSD would show it: what
Linux has under its own /dev, /proc and so on is not. Called with the host locked.
"""

import errno
import os
import stat

from . import devices, linux
from .errors import EBUSY, EDEADLK, EINVAL, ENODEV, EOPNOTSUPP, EPERM, KernelError

ENOTBLK = "Block device required"

#: Where a host has its own state.
OWN = "/usr/libexec/stand-in/host"
_RDONLY, _NOSUID, _NOEXEC, _SYNC, _REMOUNT = 1, 2, 8, 16, 32
_NOSYMFOLLOW, _NOATIME, _BIND = 256, 1024, 4096

#: Options of mount(8) that stay with a mount: the name in an fstab, in a listing, and Linux's flag; in
#: the order of a listing.
FLAGS = [
    ("async", "asynchronous", 0),
    ("local", "local", 0),
    ("noatime", "noatime", _NOATIME),
    ("noexec", "noexec", _NOEXEC),
    ("nosuid", "nosuid", _NOSUID),
    ("nosymfollow", "nosymfollow", _NOSYMFOLLOW),
    ("ro", "read-only", _RDONLY),
    ("sync", "synchronous", _SYNC),
    ("union", "union", 0),
    ("noclusterr", "noclusterr", 0),
    ("noclusterw", "noclusterw", 0),
    ("suiddir", "suiddir", 0),
    ("multilabel", "multilabel", 0),
    ("acls", "acls", 0),
    ("nfsv4acls", "nfsv4acls", 0),
]
_LINUX = {name: flag for name, _, flag in FLAGS}

#: In the order of `mount -p`.
_FSTAB_ORDER = ("ro", "sync", "noexec", "nosuid", "union", "async", "noatime", "noclusterr", "noclusterw",
                "nosymfollow", "suiddir", "multilabel", "acls", "nfsv4acls")

#: What the host itself has.
BASE = [
    {"special": "/dev/vtbd0", "dir": "/", "type": "ufs", "flags": ["local"], "id": 0},
    {"special": "devfs", "dir": "/dev", "type": "devfs", "flags": ["local", "multilabel"], "id": 1},
]
BASE_IDS = [mount["id"] for mount in BASE]

#: File systems that this kernel can mount: the module that brings each, what is always set, and what
#: the special is shown as (None: what was given).
_TYPES = {
    "nullfs": ("nullfs", [], None),
    "tmpfs": ("tmpfs", ["local"], "tmpfs"),
    "devfs": (None, ["local", "multilabel"], "devfs"),
    "fdescfs": ("fdescfs", [], "fdescfs"),
    "procfs": ("procfs", ["local"], "procfs"),
    "linprocfs": ("linprocfs", ["local"], "linprocfs"),
    "linsysfs": ("linsysfs", ["local"], "linsysfs"),
}
_NEED_A_DEVICE = ("ufs", "cd9660", "msdosfs", "udf", "ext2fs")

#: Of the host, these are links on Linux and folders on FreeBSD.
_FOLDERS = ("bin", "sbin", "lib", "lib64", "lib32", "libx32")

_OWN_OPTIONS = {
    "tmpfs": ("size", "maxfilesize", "inodes", "uid", "gid", "mode", "export", "union", "nonc", "from"),
    "devfs": ("ruleset", "export", "from"),
}
_GENERIC = ("async atime clusterr clusterw exec force fspath fstype ro rw rdonly suid suiddir symfollow sync"
            " union update multilabel acls nfsv4acls userquota groupquota snapshot automounted untrusted"
            " verify nocover emptydir errmsg").split()


# ---- paths

class Unresolved(Exception):
    """realpath(3) has failed at `path`, with an error number."""

    def __init__(self, path, number):
        super().__init__(path)
        self.path = path
        self.text = os.strerror(number)


def resolve(path):
    """realpath(3), in a root where /bin and its like are folders."""
    pending = [part for part in os.path.join(os.getcwd(), path).split("/") if part]
    done, links = [], 0
    while pending:
        part = pending.pop(0)
        if part == ".":
            continue
        if part == "..":
            done = done[:-1]
            continue
        here = "/" + "/".join(done + [part])
        try:
            mode = os.lstat(here).st_mode
        except OSError as error:
            raise Unresolved(here, error.errno) from None
        if stat.S_ISLNK(mode) and not (not done and part in _FOLDERS):
            links += 1
            if links > 32:
                raise Unresolved(here, errno.ELOOP)
            target = os.readlink(here)
            if target.startswith("/"):
                done = []
            pending[:0] = [name for name in target.split("/") if name]
            continue
        done.append(part)
    return "/" + "/".join(done)


# ---- the table

def table(state):
    """All mounts, in the order in which they were made."""
    return BASE + state["mounts"]


def covering(state, path):
    """The mount that a path is on: of those above it, the last one made."""
    found = BASE[0]
    for mount in table(state):
        if is_below(path, mount["dir"]):
            found = mount
    return found


def seen(state, viewer):
    """The mounts that statfs(2) shows to a jail, by the names that they have in it; to the host all.

    enforce_statfs of jail(8): at 2 it is what the jail's root is on, at 1 what is below its root too.
    """
    values = {"enforce_statfs": 0} if viewer is None else viewer["values"]
    if values["enforce_statfs"] == 0:
        return table(state)
    root = covering(state, values["path"])
    found = []
    for mount in table(state):
        if mount is root:
            found.append(dict(mount, dir="/"))
        elif values["enforce_statfs"] == 1 and is_below(mount["dir"], values["path"]):
            found.append(dict(mount, dir=inside(viewer, mount["dir"])))
    return found


def is_below(path, directory):
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def inside(viewer, path):
    """A path of the host as a jail names it."""
    return path if viewer is None else path[len(viewer["values"]["path"].rstrip("/")):] or "/"


def outside(viewer, path):
    """A path of a jail as the host names it."""
    return path if viewer is None else (viewer["values"]["path"].rstrip("/") + path).rstrip("/") or "/"


def at(found, directory):
    """Of mounts that are seen the one whose root a folder is; None if it is none's."""
    return next((mount for mount in reversed(found) if mount["dir"] == directory), None)


def of_special(found, special):
    return next((mount for mount in reversed(found) if mount["special"] == special), None)


def _recorded(state, mount):
    """What stands in the table for a mount that is seen."""
    return next(record for record in table(state) if record["id"] == mount["id"])


def listed(mount, verbose=False):
    """A line of mount(8)."""
    words = [mount["type"]]
    words += [shown for name, shown, _ in FLAGS if name in mount["flags"]]
    if verbose:
        words.append("fsid %02x00ff0071000000" % (mount["id"] % 256))
    return "%s on %s (%s)" % (mount["special"], mount["dir"], ", ".join(words))


def fstab_line(mount):
    """A line of `mount -p`."""
    options = [] if "ro" in mount["flags"] else ["rw"]
    options += [name for name in _FSTAB_ORDER if name in mount["flags"]]
    text = ",".join(options)
    numbers = "1 1" if mount["dir"] == "/" else "2 2" if mount["type"] == "ufs" else "0 0"
    return "%s%s%s\t%s%s\t%s" % (_padded(mount["special"]), _padded(mount["dir"]), mount["type"], text,
                                 "\t" if len(text) < 8 else " ", numbers)


def _padded(text):
    return text + ("\t" * (3 - len(text) // 8) if len(text) < 24 else " ")


# ---- mounting

def options_of(words):
    """Options of -o, in order, to (flags, own): the last of contradicting ones counts."""
    flags, own = [], {}
    for word in words:
        name, _, value = word.partition("=")
        name = {"rdonly": "ro", "nosync": "async"}.get(name, name)
        if name in ("rw", "noro"):
            flags = [flag for flag in flags if flag != "ro"]
        elif name in _LINUX and name != "local":
            flags = [flag for flag in flags if flag != name] + [name]
        elif "no" + name in _LINUX:
            flags = [flag for flag in flags if flag != "no" + name]
        elif name.startswith("no") and name[2:] in _LINUX:
            flags = [flag for flag in flags if flag != name[2:]]
        else:
            own[name] = value
    return flags, own


def check_type(state, kind):
    """Whether the kernel has a file system; a module that can be is loaded."""
    if kind in _NEED_A_DEVICE:
        return
    if kind not in _TYPES:
        raise KernelError("", ENODEV)
    module = _TYPES[kind][0]
    settings = state["settings"]
    if module is None or module in settings["modules"]:
        return
    if module not in settings["loadable"]:
        raise KernelError("", ENODEV)
    settings["modules"] = settings["modules"] + [module]


def _check_jail(state, viewer, kind):
    """Whether a jail may mount a file system: allow.mount of jail(8)."""
    _check_may_mount(viewer)
    if viewer is None:
        return
    module = _TYPES[kind][0] if kind in _TYPES else kind
    if module is not None and module not in state["settings"]["modules"]:
        raise KernelError("", ENODEV)
    if not viewer["values"].get("allow.mount." + kind):
        raise KernelError("", EPERM)


def _check_may_mount(viewer):
    """PRIV_VFS_MOUNT and PRIV_VFS_UNMOUNT."""
    if os.geteuid() != 0 or viewer is not None and (
            not viewer["values"]["allow.mount"] or viewer["values"]["enforce_statfs"] > 1):
        raise KernelError("", EPERM)


def mount(state, viewer, kind, special, directory, words):
    """nmount(2) on a folder, by its resolved path. Returns the record."""
    _check_jail(state, viewer, kind)
    check_type(state, kind)
    if kind in _NEED_A_DEVICE:
        _refuse_device(special)
    flags, own = options_of(words)
    _check_options(kind, own)
    _, always, shown = _TYPES[kind]
    record = {
        "special": special if shown is None else shown,
        "dir": outside(viewer, directory),
        "type": kind,
        "flags": flags + [flag for flag in always if flag not in flags],
        "id": max(other["id"] for other in table(state)) + 1,
        "on": covering(state, outside(viewer, directory))["id"],
        "lower": None,
        "jail": 0 if viewer is None else viewer["jid"],
    }
    if kind == "nullfs":
        _mount_null(state, viewer, record, directory)
    elif kind == "devfs":
        _mount_devices(state, viewer, record, directory, own)
    elif kind == "tmpfs":
        _mount_memory(record, directory, own)
    elif kind == "fdescfs":
        _mount_descriptors(directory)
    else:
        _call("proc" if kind.endswith("procfs") else "sysfs", directory,
              "proc" if kind.endswith("procfs") else "sysfs", _linux_flags(flags), None)
    state["mounts"].append(record)
    return record


def mount_dataset(state, name, folder, directory, flags):
    """Mounts a dataset of zfs(8), whose files are in a folder of the stand-in. Returns the record."""
    flags = flags + ["local", "noatime", "nfsv4acls"]
    record = {"special": name, "dir": directory, "type": "zfs", "flags": flags, "lower": None,
              "id": max(other["id"] for other in table(state)) + 1, "on": covering(state, directory)["id"]}
    _call(folder, directory, None, _BIND, None)
    if _linux_flags(flags):
        _restrict(directory, _linux_flags(flags))
    state["mounts"].append(record)
    return record


def _refuse_device(special):
    """A disk is what this host has only one of."""
    try:
        mode = os.stat(special).st_mode
    except OSError as error:
        raise KernelError("", os.strerror(error.errno)) from None
    raise KernelError("", EINVAL if stat.S_ISBLK(mode) or stat.S_ISCHR(mode) else ENOTBLK)


def _check_options(kind, own):
    """vfs_filteropt(9), of the file systems that ask it; nullfs takes any word."""
    if kind not in _OWN_OPTIONS:
        return
    for name in own:
        plain = name[2:] if name.startswith("no") else name
        if name not in _OWN_OPTIONS[kind] and plain not in _GENERIC and name not in _GENERIC:
            raise KernelError("mount option <%s> is unknown" % name, EINVAL)


def _mount_null(state, viewer, record, target):
    source = record["special"]
    below = covering(state, outside(viewer, source))
    # A node of nullfs may not cover itself.
    if source == target or covering(state, record["dir"])["type"] == "nullfs" \
            and os.path.samefile(source, target):
        raise KernelError("", EDEADLK)
    if "local" in below["flags"]:
        record["flags"].append("local")
    record["lower"] = below["id"]
    flags = _linux_flags(record["flags"])
    _call(source, target, None, _BIND, None)
    _carry_own(source, target)
    if flags:
        # A lower file system that may not be written may not be written from here either.
        while below is not None:
            flags |= _linux_flags(below["flags"])
            below = next((other for other in table(state) if other["id"] == below.get("lower")), None)
        _restrict(target, flags)


def _own_place(source, target):
    """Where the stand-in's own folder, a mount below /usr, is to be seen in a mount of nullfs."""
    source = source.rstrip("/")
    return target + OWN[len(source):] if OWN.startswith(source + "/") else None


def _carry_own(source, target):
    """Commands in a jail are the stand-in's too, and need its state."""
    place = _own_place(source, target)
    if place is not None and os.path.isdir(place):
        _call(OWN, place, None, _BIND, None)


def _restrict(directory, flags):
    """Puts flags on a fresh mount; if they cannot be put, it is none."""
    try:
        _call(None, directory, None, _BIND | _REMOUNT | flags, None)
    except KernelError:
        linux.unmount(directory, linux.DETACH)
        raise


def _mount_devices(state, viewer, record, target, own):
    number = _integer(own.get("ruleset", "0"), 10)
    if number is None or not 0 <= number <= devices.HIGHEST:
        raise KernelError("", EINVAL)
    if viewer is not None:
        # A jail has the ruleset that it was given.
        if number not in (0, viewer["values"]["devfs_ruleset"]):
            raise KernelError("", EPERM)
        number = viewer["values"]["devfs_ruleset"]
    record["ruleset"] = number
    flags = _linux_flags(record["flags"])
    _call("devfs", target, "tmpfs", 0, "mode=0555,size=64k")
    devices.fill(state, target, number)
    if flags:
        _restrict(target, flags)


def _mount_memory(record, target, own):
    """tmpfs: what does not make sense is not looked at, and its root is as the covered folder."""
    covered = os.stat(target)
    data = []
    size = _size(own.get("size", ""))
    if size:
        data.append("size=%d" % size)
    inodes = _size(own.get("inodes", ""))
    if inodes:
        data.append("nr_inodes=%d" % inodes)
    mode = _integer(own.get("mode", ""), 8)
    data.append("mode=%o" % (stat.S_IMODE(covered.st_mode) if mode is None else mode & 0o7777))
    for name, own_default in (("uid", covered.st_uid), ("gid", covered.st_gid)):
        number = _integer(own.get(name, ""), 10)
        data.append("%s=%d" % (name, own_default if number is None else number))
    _call("tmpfs", target, "tmpfs", _linux_flags(record["flags"]), ",".join(data))


def _mount_descriptors(target):
    _call("fdescfs", target, "tmpfs", 0, "mode=0555,size=64k")
    for number in range(3):
        os.symlink("/proc/self/fd/%d" % number, "%s/%d" % (target, number))


def _integer(text, base):
    try:
        return int(text, base) if text.isdigit() else None
    except ValueError:
        return None


def _size(text):
    units = {"b": 0, "k": 10, "m": 20, "g": 30, "t": 40}
    shift = units.get(text[-1:].lower())
    number = _integer(text if shift is None else text[:-1], 10)
    return None if number is None else number << (shift or 0)


def update(state, viewer, found, words):
    """mount -u of a mount that is seen."""
    _check_may_mount(viewer)
    record, target = _recorded(state, found), found["dir"]
    _check_is_own(viewer, record)
    if record["type"] in ("nullfs", "procfs", "fdescfs"):
        raise KernelError("", EOPNOTSUPP)
    flags, own = options_of(words)
    _check_options(record["type"], own)
    if record["type"] == "devfs" and "ruleset" in own:
        number = _integer(own["ruleset"], 10)
        if number is None or number > devices.HIGHEST:
            raise KernelError("", EINVAL)
        record["ruleset"] = number
        devices.fill(state, target, number)
    if record in state["mounts"]:
        record["flags"] = flags + [flag for flag in _TYPES[record["type"]][1] if flag not in flags]
        _call(None, target, None, _BIND | _REMOUNT | _linux_flags(flags), None)


def _check_is_own(viewer, record):
    """vfs_suser(9): what was mounted outside of a jail is not changed from inside."""
    if viewer is not None and record.get("jail", 0) != viewer["jid"]:
        raise KernelError("", EPERM)


def _linux_flags(flags):
    number = 0
    for flag in flags:
        number |= _LINUX[flag]
    return number


def _call(source, target, kind, flags, data):
    try:
        linux.mount(source, target, kind, flags, data)
    except OSError as error:
        raise KernelError("", error.strerror) from None


# ---- unmounting

def unmount(state, viewer, found, force):
    """unmount(2) of a mount that is seen."""
    _check_may_mount(viewer)
    record, target = _recorded(state, found), found["dir"]
    _check_is_own(viewer, record)
    if record["dir"] == "/":
        raise KernelError("", EINVAL)
    if record not in state["mounts"]:
        raise KernelError("", EBUSY)
    for other in state["mounts"]:
        # What is mounted in it, and what nullfs shows of it; that one can be torn off.
        if other["on"] == record["id"] or other["lower"] == record["id"] and not force:
            raise KernelError("", EBUSY)
    own = _own_place(record["special"], target) if record["type"] == "nullfs" else None
    if own is not None and os.path.ismount(own):
        linux.unmount(own, linux.DETACH)
    try:
        linux.unmount(target, linux.DETACH if force else 0)
    except OSError as error:
        if own is not None:
            _carry_own(record["special"], target)
        raise KernelError("", EBUSY if error.errno == errno.EBUSY else error.strerror) from None
    state["mounts"].remove(record)
