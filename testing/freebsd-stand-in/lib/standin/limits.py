"""rctl(4) as far as Linux can: the accounts of jails and users, and what holds their processes to rules.

An account hangs on a name: it is there while a jail or a rule of the name is. What runs is read from
/proc; what has ended is in the account.

How a rule has its effect:
openfiles, vmemoryuse, datasize, stacksize, coredumpsize, memorylocked (deny): setrlimit(2), for each process
  what the others leave it;
maxproc, nthr, pcpu (deny) and throttle: control groups of a jail, see groups;
nmsgq, nsem, nsemop, nshm, shmsize, msgqsize (deny): the sysctls of a jail's IPC namespace;
memoryuse (deny), signals, log, devctl: racctd looks again and again, as FreeBSD's does.
Without effect are pseudoterminals, swapuse and msgqqueued (deny), what control groups and sysctls would do
for users, login classes and single processes, and /process and /user of them.
"""

import os
import resource
import signal
import time

from . import groups, linux, processes, racct, rules

_RLIMITS = {
    "openfiles": resource.RLIMIT_NOFILE,
    "vmemoryuse": resource.RLIMIT_AS,
    "datasize": resource.RLIMIT_DATA,
    "stacksize": resource.RLIMIT_STACK,
    "coredumpsize": resource.RLIMIT_CORE,
    "memorylocked": resource.RLIMIT_MEMLOCK,
}

#: What no program's image fits into.
_LEAST_IMAGE = 4 << 20
#: What is left of pcpu after a second, once its process has ended.
_DECAY = 0.3
#: prison0, in which all processes are.
EVERYTHING = "0"
LOGIN_CLASS = "default"


# ---- accounts

def hold(state, name):
    """A jail of this name is made: it has an account."""
    state["usage"].setdefault(name, {})


def rename(state, old, new):
    """A jail takes its account along; its rules stay with the old name, and those of the new one hold."""
    _add(state["usage"].setdefault(new, {}), **state["usage"].pop(old, {}))
    if any(rule["subject"] == "jail" and rule["id"] == old for rule in state["rules"]):
        state["usage"][old] = {}


def charge(state, jail, cputime, wallclock):
    """A process that a command waited for has ended in a jail: seconds of wait4(2), and since it began.

    Nothing is done when the jail is gone: settle() has counted the process.
    """
    now = state["jails"].get(str(jail["jid"]))
    if now is not None and now["init"] == jail["init"]:
        _book(state, now["name"], cputime, wallclock, 100 * cputime / max(wallclock, 1))


def settle(state, jail):
    """A jail is about to lose its processes: what they have used goes to its account."""
    used = _running([process for process in racct.everyone(state, host_too=False)
                     if process.jail is jail], [jail])
    _book(state, jail["name"], used["cputime"], used["wallclock"], used["pcpu"])


def _book(state, name, cputime, wallclock, pcpu):
    """What is used in a jail is used in those that it is in, too, and by root, who starts all there."""
    accounts = [state.setdefault("users", {}).setdefault("0", {})]
    while name:
        accounts.append(state["usage"].setdefault(name, {}))
        name = name.rpartition(".")[0]
    for account in accounts:
        _add(account, cputime, wallclock, pcpu)


def _add(account, cputime=0, wallclock=0, pcpu=0, at=0):
    account["cputime"] = account.get("cputime", 0) + cputime
    account["wallclock"] = account.get("wallclock", 0) + wallclock
    account["pcpu"] = _decayed(account) + pcpu
    account["at"] = time.monotonic()


def _decayed(account):
    """The pcpu of processes that have ended: it fades."""
    return account.get("pcpu", 0) * _DECAY ** int(time.monotonic() - account.get("at", 0))


def release(state, jail):
    """A jail is gone: its account too, unless a rule keeps it."""
    drop_groups(jail)
    prune(state, without=jail)


def drop_groups(jail):
    """Removes the control groups of a jail whose processes have ended."""
    groups.drop(jail)


def prune(state, without=None):
    """Forgets the accounts that neither a jail nor a rule keeps."""
    kept = {jail["name"] for jail in state["jails"].values() if jail is not without}
    kept.update(rule["id"] for rule in state["rules"] if rule["subject"] == "jail")
    for name in list(state["usage"]):
        if name not in kept:
            del state["usage"][name]


def usage(state, subject, name):
    """What rctl_get_racct(2) answers: (resource, number), in order."""
    if subject == "process":
        used = racct.total([racct.Process(numbered(state, int(name)))], rules.RESOURCES)
        used["cputime"] = racct.Process(numbered(state, int(name))).cputime()
        return [(kind, int(used[kind])) for kind in rules.RESOURCES if kind not in rules.SLOPPY]
    found = [process for process in racct.everyone(state) if is_of(process, subject, name)]
    used = used_by(state, subject, name, found)
    used.update(racct.rates(found))
    return [(kind, int(used.get(kind, 0))) for kind in rules.RESOURCES]


def numbered(state, pid):
    """Linux's number of a process; that of init(8) is what keeps the host alive."""
    return state.get("holder", pid) if pid == 1 else pid


def used_by(state, subject, name, found, kinds=rules.RESOURCES):
    """What the processes of a jail, a user or a login class use, and what those that have ended did."""
    jails = []
    if subject == "jail":
        jails = [jail for jail in state["jails"].values()
                 if not jail["dying"] and _is_within(jail["name"], name)]
    used = _running(found, jails, kinds)
    if any(kind in racct.SYSV for kind in kinds):
        for jail in jails:
            for kind, number in racct.sysv(jail["init"]).items():
                used[kind] = used.get(kind, 0) + number
    for account in _accounts(state, subject, name):
        used["cputime"] += account.get("cputime", 0)
        used["wallclock"] += account.get("wallclock", 0)
        used["pcpu"] += _decayed(account)
    return used


def _running(found, jails, kinds=()):
    used = racct.total(found, kinds)
    for jail in jails:
        # Whoever lost its parent was waited for by the jail's init.
        used["cputime"] += racct.Process(jail["init"]).children_cputime()
    return used


def _accounts(state, subject, name):
    if subject == "jail" and name != EVERYTHING:
        return [state["usage"].get(name, {})]
    users = state.get("users", {})
    if subject == "user":
        return [users.get(name, {})]
    return users.values() if _is_everything(subject, name) else []


def _is_everything(subject, name):
    return (subject, name) in (("jail", EVERYTHING), ("loginclass", LOGIN_CLASS))


def _is_within(jail, name):
    """Whether a jail is one of this name, or in it."""
    return name == EVERYTHING or jail == name or jail.startswith(name + ".")


def is_of(process, subject, name):
    """Whether a rule of a subject means a process."""
    if subject == "jail":
        return name == EVERYTHING or process.jail is not None and _is_within(process.jail["name"], name)
    if subject == "user":
        return process.uid == int(name)
    if subject == "process":
        return process.pid == int(name)
    return _is_everything(subject, name)


# ---- which rules hold for a process

def rules_for(state, process):
    """In the order of rctl -l: those that were added last come first."""
    return rules_among(state["rules"], process)


def rules_among(found, process):
    return [rule for rule in found if is_of(process, rule["subject"], rule["id"])]


def of_process(state, pid):
    """The same for a number."""
    pid = numbered(state, pid)
    known = {process.pid: process for process in racct.everyone(state)}
    return rules_for(state, known.get(pid) or racct.Process(pid))


def container(rule, process):
    """(subject, name) of the account that a rule compares for a process: what it counts "per"."""
    if rule["per"] == "jail":
        return "jail", process.jail["name"] if process.jail else EVERYTHING
    return rule["per"], {"process": str(process.pid), "user": str(process.uid),
                         "loginclass": LOGIN_CLASS}[rule["per"]]


# ---- enforcement

def plan(state, jail):
    """What impose() is to do for a process that starts in a jail: for whoever has the lock."""
    found = rules.of_jail(state, jail["name"]) if state["settings"]["racct"] else []
    if not found:
        return {"rlimits": [], "groups": [], "dies": False}
    starting = racct.Process(0, jail)
    left = _left(found, starting, racct.everyone(state, host_too=False))
    _limit_sysv(jail, found)
    return {"rlimits": sorted(_rlimits(left).items()), "groups": groups.arrange(jail, found),
            # execve(2) has given up the old program when it finds no room for the new one.
            "dies": left.get("vmemoryuse", _LEAST_IMAGE) < _LEAST_IMAGE}


def impose(planned):
    """Puts this process, which is about to exec(2) in a jail, under the rules of it."""
    for group in planned["groups"]:
        groups.move(group)
    if planned["dies"]:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.kill(os.getpid(), signal.SIGSEGV)
    for kind, most in planned["rlimits"]:
        _limit(0, kind, most)


def refresh(state, dropped=()):
    """Rules were changed, some were dropped: what runs goes by them at once."""
    if not state["rules"] and not dropped:
        return
    everyone = racct.everyone(state)
    for jail in state["jails"].values():
        found = rules.of_jail(state, jail["name"])
        _limit_sysv(jail, found, dropped)
        for group in groups.arrange(jail, found):
            for process in everyone:
                if process.jail is jail:
                    groups.move(group, process.pid)
    for process in everyone:
        restrict(process, rules_for(state, process), everyone)
        for rule in dropped:
            if rule["resource"] in _RLIMITS and is_of(process, rule["subject"], rule["id"]):
                free(process, rule["resource"], rules_for(state, process))


def restrict(process, found, everyone):
    """Sets the limits of a process that runs; the hard ones stay, so that a rule can be taken back."""
    for kind, most in _rlimits(_left(found, process, everyone)).items():
        _limit(process.pid, kind, most, hard=False)


def free(process, kind, found):
    """A rule about a resource is gone: unless another limits it, the process has its freedom back."""
    if not any(rule["resource"] == kind and rule["action"] == "deny" for rule in found):
        _limit(process.pid, _RLIMITS[kind], None)


def _left(found, process, everyone):
    """By resource: the most that a process may have, as the others in its containers have the rest."""
    left = {}
    for rule in found:
        kind = rule["resource"]
        if rule["action"] == "deny" and kind in _RLIMITS:
            subject, name = container(rule, process)
            others = 0 if subject == "process" else sum(
                other.amount(kind) for other in everyone
                if other.pid != process.pid and is_of(other, subject, name))
            most = max(0, rule["amount"] - others)
            left[kind] = min(most, left.get(kind, most))
    return left


def _rlimits(left):
    return {_RLIMITS[kind]: descriptors(most) if kind == "openfiles" else most
            for kind, most in left.items()}


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


# ---- System V

#: Linux's sysctl of an IPC namespace, which of its numbers, in which unit, and what it is without a rule.
_SYSV = {
    "nmsgq": ("msgmni", 0, 1, 32000),
    "msgqsize": ("msgmnb", 0, 1, 16384),
    "nsem": ("sem", 1, 1, 1024000000),
    "nsemop": ("sem", 2, 1, 500),
    "nshm": ("shmmni", 0, 1, 4096),
    "shmsize": ("shmall", 0, os.sysconf("SC_PAGE_SIZE"), ((1 << 64) - (1 << 24) - 1) * 4096),
}


def _limit_sysv(jail, found, dropped=()):
    """Sets what the rules of a jail say, and back what none says any more."""
    most = {rule["resource"]: _SYSV[rule["resource"]][3] for rule in dropped if rule["resource"] in _SYSV}
    for rule in found:
        if rule["resource"] in _SYSV and rule["action"] == "deny":
            most[rule["resource"]] = min(rule["amount"], most.get(rule["resource"], rule["amount"]))
    if most:
        processes.inside(jail["init"], linux.NEWIPC, lambda: _write_sysv(most))


def _write_sysv(most):
    for kind, amount in most.items():
        name, index, unit, _ = _SYSV[kind]
        with open("/proc/sys/kernel/" + name, encoding="ascii") as file:
            numbers = file.read().split()
        numbers[index] = str(amount // unit)
        with open("/proc/sys/kernel/" + name, "w", encoding="ascii") as file:
            file.write(" ".join(numbers))
    return ""
