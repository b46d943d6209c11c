"""devfs(5): the device nodes of a host, its rulesets, and what a mount of it shows.

A devfs is a tmpfs with nodes. Those that Linux has too (null, zero, full, random, urandom) work; the
others are there to be seen, and cannot be opened. What a ruleset hides is not there.

Called with the host locked.
"""

import fnmatch
import os
import stat

_MEMORY, _TTY, _DISK = "mem", "tty", "disk"

#: Nodes by path: (minor of Linux's major 1 or None, mode, type of devfs(8) or None).
NODES = {
    "null": (3, 0o666, _MEMORY),
    "zero": (5, 0o666, _MEMORY),
    "full": (7, 0o666, None),
    "random": (8, 0o644, None),
}
NODES.update({name: (None, 0o600, None) for name in (
    "acpi apm apmctl bpf consolectl devctl devctl2 devstat fido geom.ctl hpet0 io klog mdctl pci pf reroot"
    " sysmouse ufssuspend").split()})
NODES.update({name: (None, 0o640, _MEMORY) for name in ("mem", "kmem")})
NODES.update({name: (None, 0o600, _TTY) for name in (
    "console ctty cuau0 cuau0.init cuau0.lock ttyu0 ttyu0.init ttyu0.lock ttyv0 ttyv1 ttyv2 ttyv3 ttyv4"
    " ttyv5 ttyv6 ttyv7 ttyv8 ttyv9 ttyva ttyvb").split()})
NODES["vtbd0"] = (None, 0o640, _DISK)

_LINKS = {
    "bpf0": "bpf",
    "urandom": "random",
    "stdin": "fd/0",
    "stdout": "fd/1",
    "stderr": "fd/2",
    # What is a device on FreeBSD is a way to Linux's /proc.
    "fd/0": "../../proc/self/fd/0",
    "fd/1": "../../proc/self/fd/1",
    "fd/2": "../../proc/self/fd/2",
}
_FOLDERS = ("fd",)

#: An unused major number of Linux: such a node cannot be opened.
_NOTHING = 511

HIGHEST = 65535

#: What rc(8) loads from /etc/defaults/devfs.rules.
_DEFAULTS = {
    1: ["hide"],
    2: ["path %s unhide" % name for name in ("null", "zero", "crypto", "random", "urandom")],
    3: ["path %s%s* unhide" % (side, letter) for side in ("pty", "tty") for letter in "pqrsPQRSlmnoLMNO"]
       + ["path %s unhide" % name for name in (
           "ttyv[0-9]", "ttyu*", "ptmx", "pts", "pts/*", "fd", "fd/*", "stdin", "stdout", "stderr")],
    4: ["include 1", "include 2", "include 3", "path fuse unhide", "path zfs unhide"],
    5: ["include 1", "include 2", "include 3", "include 4", "path pf unhide"],
}


# ---- rulesets

def _own(state):
    return state.setdefault("devfs", {"sets": {}, "dev": 0})


def ruleset(state, number):
    """The rules of a set as [number, text], in order; of none there are none."""
    own = _own(state)["sets"].get(str(number))
    if own is not None:
        return own
    if number in state["settings"]["rulesets"]:
        return [[(index + 1) * 100, text] for index, text in enumerate(_DEFAULTS.get(number, []))]
    return []


def change(state, number, rules):
    _own(state)["sets"][str(number)] = sorted(rules)


def rulesets(state):
    """The numbers of the sets that have rules, and of those that a mount has."""
    known = set(state["settings"]["rulesets"]) | {int(number) for number in _own(state)["sets"]}
    used = {mount["ruleset"] for mount in state["mounts"] if mount.get("ruleset")}
    return sorted(used | {number for number in known if ruleset(state, number)})


def of_dev(state):
    """The number of the set of the host's own /dev."""
    return _own(state)["dev"]


def set_of_dev(state, number):
    _own(state)["dev"] = number


# ---- what is shown

def judge(state, rules, shown):
    """What rules mean for the nodes: {path: (shown, mode, user, group)}, None where nothing is said.

    shown: the paths that are there before.
    """
    return {path: _of_node(state, rules, path, path in shown) for path in paths()}


def paths():
    return sorted(list(NODES) + list(_LINKS) + list(_FOLDERS))


def _of_node(state, rules, path, shown):
    judged = {"shown": shown, "mode": None, "user": None, "group": None}
    _follow(state, rules, path, judged, 0)
    return judged["shown"], judged["mode"], judged["user"], judged["group"]


def _follow(state, rules, path, judged, depth):
    for _, text in rules:
        words = text.split(" ")
        matching = True
        while words and words[0] in ("path", "type"):
            kind, argument = words[:2]
            words = words[2:]
            matching = matching and (
                _fits(path, argument) if kind == "path" else NODES.get(path, (0, 0, None))[2] == argument)
        if not matching:
            continue
        while words:
            action = words.pop(0)
            if action in ("hide", "unhide"):
                judged["shown"] = action == "unhide"
            elif action == "include":
                number = int(words.pop(0))
                if depth < 16:
                    _follow(state, ruleset(state, number), path, judged, depth + 1)
            else:
                judged[action] = int(words.pop(0), 8 if action == "mode" else 10)


def _fits(path, pattern):
    """fnmatch(3) with FNM_PATHNAME: no wildcard stands for a slash."""
    given, wanted = path.split("/"), pattern.split("/")
    return len(given) == len(wanted) and all(map(fnmatch.fnmatchcase, given, wanted))


def populate(state, directory, rules, shown=()):
    """Makes a folder show what rules say; shown: what it has now (by default what all show)."""
    for path, judged in judge(state, rules, shown).items():
        visible, mode, user, group = judged
        file = directory + "/" + path
        there = os.path.lexists(file)
        if not visible:
            if there and path not in _FOLDERS:
                os.unlink(file)
            elif there:
                _empty(file)
            continue
        if not there:
            if "/" in path and not os.path.isdir(os.path.dirname(file)):
                continue
            _make(path, file)
        if path not in _LINKS:
            if mode is not None:
                os.chmod(file, mode)
            if user is not None or group is not None:
                os.chown(file, -1 if user is None else user, -1 if group is None else group)


def _make(path, file):
    if path in _FOLDERS:
        os.mkdir(file, 0o555)
    elif path in _LINKS:
        os.symlink(_LINKS[path], file)
    else:
        minor, mode, _ = NODES[path]
        number = os.makedev(1, minor) if minor is not None \
            else os.makedev(_NOTHING, sorted(NODES).index(path))
        os.mknod(file, stat.S_IFCHR | mode, number)
        os.chmod(file, mode)


def _empty(folder):
    for name in os.listdir(folder):
        os.unlink(folder + "/" + name)
    os.rmdir(folder)


def fill(state, directory, number):
    """A fresh mount: all that there is, under the rules of a set."""
    populate(state, directory, ruleset(state, number), paths())


def apply(state, directory, rules):
    """Rules on a mount as it is."""
    populate(state, directory, rules,
             {path for path in paths() if os.path.lexists(directory + "/" + path)})
