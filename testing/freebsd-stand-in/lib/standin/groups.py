"""Linux's control groups, in which the processes of a jail are held to some of its rules.

pids refuses processes and threads; cpu keeps them from a processor; blkio (io) slows down what goes to
disks. Where a group cannot be made, its rules have no effect.
"""

import os
import time

_MOUNTED = "/sys/fs/cgroup"
_PERIOD = 100000
_PAGE = 4096

#: By resource and action of a rule: the controller, and the files of its two versions.
_KINDS = {
    ("maxproc", "deny"): ("pids", "pids.max", "pids.max"),
    ("nthr", "deny"): ("pids", "pids.max", "pids.max"),
    ("pcpu", "deny"): ("cpu", "cpu.cfs_quota_us", "cpu.max"),
    ("readbps", "throttle"): ("blkio", "blkio.throttle.read_bps_device", "io.max"),
    ("writebps", "throttle"): ("blkio", "blkio.throttle.write_bps_device", "io.max"),
    ("readiops", "throttle"): ("blkio", "blkio.throttle.read_iops_device", "io.max"),
    ("writeiops", "throttle"): ("blkio", "blkio.throttle.write_iops_device", "io.max"),
}
_IO_KEYS = {"readbps": "rbps", "writebps": "wbps", "readiops": "riops", "writeiops": "wiops"}


def arrange(jail, found):
    """Makes the groups of a jail that its rules ask for, and sets their limits; returns all of its groups.

    What runs already is moved into a group by move().
    """
    least = {}
    for rule in found:
        kind = rule["resource"], rule["action"]
        if kind in _KINDS and rule["per"] != "process":
            least[kind] = min(rule["amount"], least.get(kind, rule["amount"]))
    groups = jail.setdefault("groups", {})
    for kind in least:
        controller = _KINDS[kind][0]
        if controller not in groups:
            groups[controller] = _make(controller, jail["init"])
    for kind, (controller, *_) in _KINDS.items():
        if groups.get(controller) is not None:
            _set(groups[controller], kind, _least_of(least, kind))
    return [group for group in groups.values() if group is not None]


def _least_of(least, kind):
    """Processes are counted together with threads."""
    amounts = [least[other] for other in least if _KINDS[other] == _KINDS[kind]]
    return min(amounts, default=None)


def move(group, pid="0"):
    """A process, or this one, goes into a group."""
    _write(group + "/cgroup.procs", str(pid))


def drop(jail):
    """Removes the groups of a jail whose processes have ended."""
    for group in jail.get("groups", {}).values():
        for _ in range(100):
            try:
                if group is not None:
                    os.rmdir(group)
                break
            except FileNotFoundError:
                break
            except OSError:
                time.sleep(0.002)


def can_be_made(controller):
    """Whether a rule that needs a controller has an effect on this machine."""
    group = _make(controller, os.getpid())
    if group is not None:
        os.rmdir(group)
    return group is not None


def _make(controller, init):
    """Below the group of this process; None where none can be made."""
    parent = _own(controller)
    if parent is None:
        return None
    group = "%s/stand-in-%d" % (parent, init)
    try:
        os.makedirs(group, exist_ok=True)
    except OSError:
        return None
    files = [name for known, *names in _KINDS.values() if known == controller for name in names]
    if any(os.path.exists(group + "/" + name) for name in files):
        return group
    os.rmdir(group)
    return None


def _own(controller):
    """The group of this process."""
    unified = None
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as file:
            for line in file:
                _, controllers, path = line.rstrip("\n").split(":", 2)
                if controller in controllers.split(","):
                    return "%s/%s%s" % (_MOUNTED, controllers, path.rstrip("/"))
                if not controllers:
                    unified = _MOUNTED + path.rstrip("/")
    except OSError:
        pass
    return unified


def _set(group, kind, most):
    resource, action = kind
    controller, old, new = _KINDS[kind]
    if action == "throttle":
        _throttle(group, resource, old, most)
    elif controller == "cpu":
        quota = "-1" if most is None else str(max(1000, most * _PERIOD // 100))
        _write(group + "/" + old, quota)
        _write(group + "/" + new, "%s %d" % (quota.replace("-1", "max"), _PERIOD))
    else:
        _write(group + "/" + new, "max" if most is None else str(most))


def _throttle(group, resource, old, most):
    # A page at a time is the least that a disk is asked for.
    most = None if most is None else max(most, _PAGE if resource.endswith("bps") else 1)
    for device in _disks():
        _write(group + "/" + old, "%s %d" % (device, most or 0))
        _write(group + "/io.max", "%s %s=%s" % (device, _IO_KEYS[resource], most or "max"))


def _disks():
    """As MAJOR:MINOR, of those that are there."""
    found = []
    for name in os.listdir("/sys/block"):
        try:
            with open("/sys/block/%s/dev" % name, encoding="ascii") as file:
                found.append(file.read().strip())
        except OSError:
            pass
    return found


def _write(path, text):
    """Only what is there: another version of control groups has other files."""
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(descriptor, text.encode())
    except OSError:
        pass
    finally:
        os.close(descriptor)
