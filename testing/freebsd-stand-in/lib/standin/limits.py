"""What rctl(4) counts and enforces, as far as Linux can: racct's accounts of jails, and the limits of
their processes.

An account hangs on a name: it is there while a jail or a rule of the name is. What runs is read from
/proc; what has ended is in the account.

Enforced are maxproc (by a control group for pids, where one can be made; it counts threads too),
openfiles, vmemoryuse, datasize, stacksize, coredumpsize and memorylocked (by setrlimit(2), for each
process), cputime:sigkill, and memoryuse:sigkill (by a control group for memory). memoryuse:deny refuses
nothing on FreeBSD either: the pager takes pages away.
"""

import os
import resource
import time

from . import processes, rules

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")

_GROUPS = "/sys/fs/cgroup"
_LIMIT_FILES = {"pids": ("pids.max",), "memory": ("memory.limit_in_bytes", "memory.max")}

_RLIMITS = {
    "openfiles": resource.RLIMIT_NOFILE,
    "vmemoryuse": resource.RLIMIT_AS,
    "datasize": resource.RLIMIT_DATA,
    "stacksize": resource.RLIMIT_STACK,
    "coredumpsize": resource.RLIMIT_CORE,
    "memorylocked": resource.RLIMIT_MEMLOCK,
}


# ---- accounts

def hold(state, name):
    """A jail of this name is made: it has an account."""
    state["usage"].setdefault(name, {})


def rename(state, old, new):
    """A jail takes its account along; its rules stay with the old name."""
    account = state["usage"].pop(old, {})
    state["usage"][new] = account
    if any(rule["subject"] == "jail" and rule["id"] == old for rule in state["rules"]):
        state["usage"][old] = {}


def charge(state, jail, cputime, wallclock):
    """A process that a command waited for has ended in a jail: seconds of wait4(2), and since it began.

    Nothing is done when the jail is gone: settle() has counted the process.
    """
    now = state["jails"].get(str(jail["jid"]))
    if now is not None and now["init"] == jail["init"]:
        _book(state, now["name"], cputime, wallclock)


def settle(state, jail):
    """A jail is about to lose its processes: what they have used goes to its account."""
    used = _running([jail])
    _book(state, jail["name"], used["cputime"], used["wallclock"])


def _book(state, name, cputime, wallclock):
    """What is used in a jail is used in those that it is in, too."""
    while name:
        account = state["usage"].setdefault(name, {})
        account["cputime"] = account.get("cputime", 0) + cputime
        account["wallclock"] = account.get("wallclock", 0) + wallclock
        name = name.rpartition(".")[0]


def release(state, jail):
    """A jail is gone: its account too, unless a rule keeps it."""
    drop_groups(jail)
    prune(state, without=jail)


def prune(state, without=None):
    """Forgets the accounts that neither a jail nor a rule keeps."""
    kept = {jail["name"] for jail in state["jails"].values() if jail is not without}
    kept.update(rule["id"] for rule in state["rules"] if rule["subject"] == "jail")
    for name in list(state["usage"]):
        if name not in kept:
            del state["usage"][name]


def usage(state, subject, name):
    """What rctl_get_racct(2) answers: (resource, number), in order."""
    if subject == "jail":
        jails = [jail for jail in state["jails"].values() if not jail["dying"]
                 and (jail["name"] == name or jail["name"].startswith(name + "."))]
        used = _running(jails)
        for kind, number in state["usage"].get(name, {}).items():
            used[kind] += number
    elif subject == "user":
        used = _sum(_of_user(state, int(name)))
    elif subject == "process":
        used = _sum([int(name)])
    else:
        used = _sum([])
    return [(kind, int(used.get(kind, 0))) for kind in rules.RESOURCES
            if subject != "process" or kind not in rules.SLOPPY]


def _running(jails):
    used = _sum([pid for jail in jails for pid in processes.in_jail(jail["init"])])
    for jail in jails:
        # Whoever lost its parent was waited for by the jail's init.
        fields = processes.stat(jail["init"])
        if fields:
            used["cputime"] += (int(fields[13]) + int(fields[14])) / _TICKS
    return used


def _of_user(state, uid):
    found = []
    for jail in state["jails"].values():
        for pid in processes.in_jail(jail["init"]):
            try:
                if os.stat("/proc/%d" % pid).st_uid == uid:
                    found.append(pid)
            except OSError:
                pass
    return found


def _sum(pids):
    used = {"cputime": 0.0, "wallclock": 0.0}
    for pid in pids:
        for kind, number in _of_process(pid).items():
            used[kind] = used.get(kind, 0) + number
    return used


def _of_process(pid):
    fields = processes.stat(pid)
    if not fields:
        return {}
    cputime = sum(int(field) for field in fields[11:15]) / _TICKS
    wallclock = max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / _TICKS)
    sizes = _sizes(pid)
    return {
        "cputime": cputime,
        "wallclock": wallclock,
        "datasize": sizes.get("VmData", 0),
        "memoryuse": int(fields[21]) * _PAGE,
        "memorylocked": sizes.get("VmLck", 0),
        "maxproc": 1,
        "openfiles": _table(pid),
        "vmemoryuse": int(fields[20]),
        "swapuse": sizes.get("VmData", 0),
        "nthr": int(fields[17]),
        "pcpu": 100 * cputime / max(wallclock, 1),
    }


def _sizes(pid):
    sizes = {}
    try:
        with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("Vm"):
                    name, _, text = line.partition(":")
                    sizes[name] = int(text.split()[0]) * 1024
    except OSError:
        pass
    return sizes


def _table(pid):
    """The size of a process's descriptor table, which is what openfiles counts; the first one, of 20, is
    not counted."""
    try:
        highest = max((int(name) for name in os.listdir("/proc/%d/fd" % pid)), default=0)
    except OSError:
        return 0
    if highest < 20:
        return 0
    size = 64
    while size <= highest:
        size *= 2
    return size


# ---- enforcement

def plan(state, jail):
    """What impose() is to do for a process that starts in a jail: for whoever has the lock."""
    if not state["settings"]["racct"]:
        return {"rlimits": [], "groups": []}
    found = rules.of_jail(state, jail["name"])
    return {"rlimits": _rlimits(state, jail, found), "groups": _groups(jail, found)}


def impose(planned):
    """Puts this process, which is about to exec(2) in a jail, under the rules of it."""
    for group in planned["groups"]:
        try:
            with open(group + "/cgroup.procs", "w", encoding="ascii") as file:
                file.write("0")
        except OSError:
            pass
    for kind, most in planned["rlimits"]:
        _limit(0, kind, most)


def refresh(state):
    """Rules were changed: what runs in jails goes by them at once."""
    for jail in state["jails"].values():
        planned = plan(state, jail)
        limited = {kind for kind, _ in planned["rlimits"]}
        wanted = list(planned["rlimits"])
        for kind in jail.get("limited", []):
            if kind not in limited:
                wanted.append((kind, None))
        jail["limited"] = sorted(limited)
        if wanted:
            for pid in processes.in_jail(jail["init"]):
                for kind, most in wanted:
                    # The hard limit stays, so that the rule can be taken back.
                    _limit(pid, kind, most, hard=kind == resource.RLIMIT_CPU)


def _rlimits(state, jail, found):
    """(which, most), the least of each."""
    least = {}
    for rule in found:
        kind, amount = _RLIMITS.get(rule["resource"]), rule["amount"]
        if rule["resource"] == "cputime" and rule["action"] == "sigkill":
            # The account goes on where the last process stopped.
            kind = resource.RLIMIT_CPU
            amount = max(1, amount - int(state["usage"].get(rule["id"], {}).get("cputime", 0)))
        elif kind is None or rule["action"] != "deny":
            continue
        if rule["resource"] == "openfiles":
            amount = descriptors(amount)
        least[kind] = min(amount, least.get(kind, amount))
    jail["limited"] = sorted(set(jail.get("limited", [])) | set(least))
    return sorted(least.items())


def descriptors(amount):
    """How many descriptors fit in so large a table: tables are of 20, 64, 128, 256 and so on.

    Seen: 20 gives 20, 40 and 100 give 64, 300 and 500 give 256, 1000 gives 512.
    """
    if amount <= 20:
        return 20
    size = 64
    while size * 2 <= amount:
        size *= 2
    return size


def _limit(pid, kind, most, hard=True):
    """Sets a limit of a process, or gives it back its freedom (None) as far as it may have it."""
    try:
        highest = resource.prlimit(pid, kind)[1]
        if most is None:
            try:
                resource.prlimit(pid, kind, resource.getrlimit(kind))
            except OSError:
                # To raise a hard limit takes CAP_SYS_RESOURCE.
                resource.prlimit(pid, kind, (highest, highest))
            return
        most = min(most, (1 << 63) - 1)
        if highest != resource.RLIM_INFINITY:
            most = min(most, highest)
        resource.prlimit(pid, kind, (most, most if hard else highest))
    except (OSError, ValueError):
        pass


# ---- control groups

def _groups(jail, found):
    """The groups of a jail, with the limits that its rules mean; made when there is none yet."""
    least = {"pids": None, "memory": None}
    for rule in found:
        kind = {("maxproc", "deny"): "pids", ("memoryuse", "sigkill"): "memory"}.get(
            (rule["resource"], rule["action"]))
        if kind is not None:
            least[kind] = min(rule["amount"], least[kind] or rule["amount"])
    groups = jail.setdefault("groups", {})
    # A limit of processes can come later, and then is to find them; one of memory costs too much for that.
    if "pids" not in groups:
        groups["pids"] = _make_group("pids", jail["init"])
    if "memory" not in groups and least["memory"] is not None:
        groups["memory"] = _make_group("memory", jail["init"])
    for kind, group in groups.items():
        if group is not None:
            _write_limit(kind, group, least[kind])
    return [group for group in groups.values() if group is not None]


def _make_group(kind, init):
    """Below the group of this process; None where none can be made."""
    parent = _own_group(kind)
    if parent is None:
        return None
    group = "%s/stand-in-%d" % (parent, init)
    try:
        os.makedirs(group, exist_ok=True)
    except OSError:
        return None
    if any(os.path.exists(group + "/" + name) for name in _LIMIT_FILES[kind]):
        return group
    os.rmdir(group)
    return None


def _own_group(kind):
    unified = None
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as file:
            for line in file:
                _, controllers, path = line.rstrip("\n").split(":", 2)
                if kind in controllers.split(","):
                    return "%s/%s%s" % (_GROUPS, controllers, path.rstrip("/"))
                if not controllers:
                    unified = _GROUPS + path.rstrip("/")
    except OSError:
        pass
    return unified


def _write_limit(kind, group, most):
    for name in _LIMIT_FILES[kind]:
        unlimited = "-1" if name == "memory.limit_in_bytes" else "max"
        try:
            with open(group + "/" + name, "w", encoding="ascii") as file:
                file.write(unlimited if most is None else str(most))
        except OSError:
            pass


def drop_groups(jail):
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


# ---- one process

def of_process(state, pid):
    """The rules that hold for a process: its own, its user's, and its jail's."""
    found = [rule for rule in state["rules"] if rule["subject"] == "process" and rule["id"] == str(pid)]
    try:
        uid = os.stat("/proc/%d" % pid).st_uid
        namespace = os.readlink("/proc/%d/ns/pid" % pid)
    except OSError:
        return found
    found += [rule for rule in state["rules"] if rule["subject"] == "user" and rule["id"] == str(uid)]
    for jail in state["jails"].values():
        try:
            if os.readlink("/proc/%d/ns/pid" % jail["init"]) == namespace:
                found += rules.of_jail(state, jail["name"])
        except OSError:
            pass
    return found
