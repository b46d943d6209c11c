"""cpuset(2): which processors the sets of a host, its jails and their processes may use.

A set has a number: 0 and 1 are the host's, each jail has one of its own, and cpuset(1) makes more, which
last as long as a process of theirs. The processors of a host are numbered from 0; on Linux they are those
that the host was made with. Called with the host locked.
"""

import os

from . import processes
from .errors import EDEADLK, EINVAL, EPERM, ESRCH, KernelError

HOST = 1
_SYSTEM = 0


def _real(state):
    """The numbers on Linux of the host's processors."""
    return state.get("cpus") or sorted(os.sched_getaffinity(0))


def all_processors(state):
    return list(range(len(_real(state))))


def free_number(state):
    """The lowest that no set has."""
    _forget(state)
    taken = {jail["cpuset"] for jail in state["jails"].values()}
    taken.update(int(number) for number in state.get("cpusets", {}))
    return next(number for number in range(2, len(taken) + 3) if number not in taken)


# ---- sets

def _forget(state):
    """Sets whose processes have ended are gone."""
    for number, made in list(state.get("cpusets", {}).items()):
        made["processes"] = [pair for pair in made["processes"] if _started(pair[0]) == pair[1]]
        if not made["processes"]:
            del state["cpusets"][number]


def _started(pid):
    """When a process has started; what has ended has not."""
    fields = processes.stat(pid)
    return fields[19] if fields and fields[0] not in "ZX" else None


def create(state, pid):
    """cpuset(2): a new set, which a process is in from now on. Returns its number."""
    number = free_number(state)
    jail = _jail_of(state, pid)
    state.setdefault("cpusets", {})[str(number)] = {
        "cpus": mask_of_set(state, jail["cpuset"] if jail else HOST),
        "root": jail["cpuset"] if jail else HOST, "processes": []}
    enter(state, pid, number)
    return number


def enter(state, pid, number):
    """cpuset_setid(2)."""
    mask = mask_of_set(state, number)
    for made in state.get("cpusets", {}).values():
        made["processes"] = [pair for pair in made["processes"] if pair[0] != pid]
    if str(number) in state.get("cpusets", {}):
        state["cpusets"][str(number)]["processes"].append([pid, _started(pid)])
    _impose(state, pid, mask)


def mask_of_set(state, number):
    """The processors of a set."""
    if number in (_SYSTEM, HOST):
        return state.get("host_cpus") or all_processors(state)
    for jail in state["jails"].values():
        if jail["cpuset"] == number:
            return all_processors(state) if jail.get("cpus") is None else jail["cpus"]
    made = state.get("cpusets", {}).get(str(number))
    if made is None:
        raise KernelError("", ESRCH)
    return made["cpus"]


def _jail_of(state, pid):
    """The jail of a process; None is the host."""
    from . import place
    space = place.of_process("pid", pid or "self")
    return next((jail for jail in state["jails"].values()
                 if space and jail.get("namespaces", {}).get("pid") == space), None)


def set_of(state, pid):
    """The number of the set that a process is in: its own, or that of whoever started it."""
    _forget(state)
    sets = {pair[0]: int(number) for number, made in state.get("cpusets", {}).items()
            for pair in made["processes"]}
    above = pid or os.getpid()
    for _ in range(1000):
        if above in sets:
            return sets[above]
        fields = processes.stat(above)
        if not fields or int(fields[1]) in (0, 1):
            break
        above = int(fields[1])
    return root_of(state, pid)


def root_of(state, pid):
    jail = _jail_of(state, pid)
    return jail["cpuset"] if jail else HOST


def change_set(state, number, mask):
    """cpuset_setaffinity(2) of a set: no more than it has; its processes get by with it at once."""
    old = mask_of_set(state, number)
    made = state.get("cpusets", {}).get(str(number))
    limit = mask_of_set(state, made["root"]) if made else old
    if number == _SYSTEM:
        raise KernelError("", EPERM)
    if not set(mask) <= set(limit):
        raise KernelError("", EINVAL)
    pids = _members(state, number)
    chosen = {pid: of_process(state, pid) for pid in pids}
    # Who has chosen fewer keeps to them.
    wanted = {pid: mask if set(has) >= set(old) else sorted(set(has) & set(mask))
              for pid, has in chosen.items()}
    if mask and any(not found for found in wanted.values()):
        raise KernelError("", EDEADLK)
    if made:
        made["cpus"] = mask
    elif number == HOST:
        state["host_cpus"] = mask
    else:
        jail = next(jail for jail in state["jails"].values() if jail["cpuset"] == number)
        jail["cpus"] = mask
        jail["affinity"] = [_real(state)[one] for one in mask]
    for pid, found in wanted.items():
        if found:
            _impose(state, pid, found)


def _members(state, number):
    made = state.get("cpusets", {}).get(str(number))
    if made:
        return [pair[0] for pair in made["processes"]]
    return [pid for jail in state["jails"].values() if jail["cpuset"] == number
            for pid in processes.in_jail(jail["init"])]


# ---- processes

def of_process(state, pid):
    """The processors of a process (0 is this one)."""
    try:
        has = os.sched_getaffinity(pid)
    except OSError:
        raise KernelError("", ESRCH) from None
    return [number for number, real in enumerate(_real(state)) if real in has]


def change_process(state, pid, mask):
    """cpuset_setaffinity(2) of a process: some of those of its set."""
    of_process(state, pid)
    if not mask or not set(mask) <= set(mask_of_set(state, set_of(state, pid))):
        raise KernelError("", EINVAL)
    _impose(state, pid, mask)


def _impose(state, pid, mask):
    real = _real(state)
    try:
        os.sched_setaffinity(pid, [real[number] for number in mask if number < len(real)])
    except ProcessLookupError:
        raise KernelError("", ESRCH) from None
    except OSError:
        pass


def of_new_jail(state, keeps):
    """What a jail's record has of its set; keeps: who comes in has what he had chosen before."""
    return {"cpuset": free_number(state), "cpus": None, "keeps_affinity": keeps,
            "affinity": None if keeps else _real(state)}


def attach(jail):
    """This process goes into a jail, and gets by with its processors."""
    if jail["affinity"] is None:
        return
    own = set(jail["affinity"])
    kept = os.sched_getaffinity(0) & own if jail["keeps_affinity"] else own
    try:
        os.sched_setaffinity(0, kept or own)
    except OSError:
        pass
