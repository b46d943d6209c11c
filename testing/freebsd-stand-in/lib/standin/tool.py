"""stand-in(1): makes a host, enters it, looks at it, orders faults, and removes it."""

import argparse
import compileall
import json
import os
import shutil
import signal
import sys

from . import host as hosts
from . import etc, kernel, limits, linux, network, processes
from .command import forget_own_locale
from .host import Host

#: Where FreeBSD has each command that the stand-in is.
PATHS = {
    "/usr/sbin/jail": "jail",
    "/usr/sbin/jls": "jls",
    "/usr/sbin/jexec": "jexec",
    "/usr/bin/rctl": "rctl",
    "/usr/bin/limits": "limits",
    "/sbin/dmesg": "dmesg",
    "/sbin/sysctl": "sysctl",
    "/sbin/mount": "mount",
    "/sbin/mount_nullfs": "mount_nullfs",
    "/sbin/umount": "umount",
    "/sbin/devfs": "devfs",
    "/sbin/ifconfig": "ifconfig",
    "/sbin/route": "route",
    "/sbin/kldload": "kldload",
    "/sbin/kldstat": "kldstat",
    "/sbin/kldunload": "kldunload",
    "/sbin/mdconfig": "mdconfig",
    "/sbin/pfctl": "pfctl",
    "/sbin/ping": "ping",
    "/usr/sbin/ngctl": "ngctl",
    "/usr/sbin/daemon": "daemon",
    "/bin/kill": "kill",
    "/bin/kenv": "kenv",
    "/bin/ps": "ps",
    "/bin/pgrep": "pgrep",
    "/bin/pkill": "pkill",
    "/usr/bin/killall": "killall",
    "/usr/bin/time": "time",
    "/usr/bin/cpuset": "cpuset",
    "/usr/bin/ipcs": "ipcs",
    "/usr/bin/ipcrm": "ipcrm",
    "/usr/bin/nc": "nc",
    "/usr/bin/netstat": "netstat",
    "/usr/bin/nice": "nice",
    "/usr/bin/sockstat": "sockstat",
    "/usr/bin/uname": "uname",
    "/usr/sbin/pw": "pw",
    "/usr/sbin/chroot": "chroot",
    "/usr/sbin/setfib": "setfib",
    "/bin/df": "df",
    "/bin/hostname": "hostname",
    "/bin/freebsd-version": "freebsd-version",
    "/usr/share/examples/jails/jib": "jib",
    "/usr/share/examples/jails/jng": "jng",
}

#: What is there with a pool alone.
POOL_PATHS = {"/sbin/zfs": "zfs", "/sbin/zpool": "zpool"}

#: Below /usr, so that jails whose /usr is the host's have it too.
HOME = "/usr/libexec/stand-in"

_SCRIPT = """#!/usr/bin/python3 -ISE
import sys
sys.path.insert(0, %r)
from standin.command import main
main(%r, %r)
"""

#: One that sh(1) can be told to read, and that may be copied elsewhere.
_EXAMPLE = """#!/bin/sh
exec /usr/bin/python3 -ISE -c 'import sys
sys.argv[:2] = [sys.argv[1]]
sys.path.insert(0, "%s")
from standin.command import main
main("%s", "%s")' "$0" "$@"
"""

# ---- making

def make(directory, settings):
    """Makes a host: its directory, its base system, and the process that holds its namespaces."""
    os.makedirs(directory, exist_ok=True)
    there = os.listdir(directory)
    try:
        _make(directory, settings)
    except BaseException:
        for name in set(os.listdir(directory)) - set(there):
            path = os.path.join(directory, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        raise


def _make(directory, settings):
    os.chmod(directory, 0o755)
    host = Host(directory)
    tools = host.path("tools")
    shutil.copytree(os.path.dirname(os.path.dirname(os.path.realpath(__file__))),
                    tools + HOME + "/lib", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(tools + HOME + "/lib", quiet=1)
    os.mkdir(tools + HOME + "/host")
    # The program behind nc(1), under a name that ps(1) can show.
    os.symlink("/usr/bin/nc.openbsd", tools + HOME + "/nc")
    os.mkdir(host.path("proc"))
    for path, name in PATHS.items():
        _write_command(host, path, name)
    with host.locked() as state:
        _settle(host, state, settings)
        state["holder"] = _start_holder(host, state["settings"]["shared"])
        state["cpus"] = sorted(os.sched_getaffinity(0))
        network.start(state)


def _write_command(host, path, name):
    # The base system's /bin and /sbin are Linux's /usr/bin and /usr/sbin.
    file = host.path("tools" + (path if path.startswith("/usr/") else "/usr" + path))
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w", encoding="utf-8") as script:
        text = _EXAMPLE if path.startswith("/usr/share/") else _SCRIPT
        script.write(text % (HOME + "/lib", name, HOME + "/host"))
    os.chmod(file, 0o755)


def _settle(host, state, settings):
    """Takes settings over; with a pool there is zfs(8)."""
    state["settings"].update(settings)
    if state["settings"]["pool"]:
        for path, name in POOL_PATHS.items():
            _write_command(host, path, name)
        if "zfs" not in state["settings"]["modules"]:
            state["settings"]["modules"] = state["settings"]["modules"] + ["zfs"]
    _write_modules(host, state["settings"]["loadable"])


def _write_modules(host, names):
    """The files of a kernel and of its modules, in the host's own /boot: hier(7)."""
    directory = host.path("boot", "kernel")
    os.makedirs(directory, exist_ok=True)
    os.makedirs(host.path("boot", "modules"), exist_ok=True)
    wanted = {"kernel"} | {name + ".ko" for name in names}
    for name in set(os.listdir(directory)) - wanted:
        os.remove(os.path.join(directory, name))
    for name in wanted:
        with open(os.path.join(directory, name), "a", encoding="ascii"):
            pass


def _start_holder(host, shared):
    """What keeps the namespaces of a host, whoever comes and goes."""
    def prepare():
        linux.unshare(linux.NEWNS | linux.NEWNET | linux.NEWIPC | linux.NEWUTS)
        _make_root(host, shared)

    try:
        return processes.start_waiting(prepare)[0]
    except OSError as error:
        raise SystemExit("stand-in: %s" % error.strerror) from None


#: Folders of /var, and their modes: hier(7).
_VAR = {"cache": 0o755, "db": 0o755, "log": 0o755, "mail": 0o775, "run": 0o755, "spool": 0o755, "tmp": 0o1777}


def _make_root(host, shared):
    """A root in memory with the host's own in it; what is written to /etc, /tmp, /var and new folders
    is seen in the stand-in alone."""
    linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
    root = host.path("root")
    os.makedirs(root, exist_ok=True)
    linux.mount("tmpfs", root, "tmpfs", 0, "mode=0755")
    os.mkdir(root + "/.upper")
    for name in os.listdir("/"):
        real, here = "/" + name, root + "/" + name
        if os.path.islink(real):
            os.symlink(os.readlink(real), here)
        elif name == "boot":
            continue
        elif not os.path.isdir(real):
            continue
        else:
            os.mkdir(here)
            if name == "usr":
                linux.mount("overlay", here, "overlay", 0,
                       "lowerdir=%s:/usr" % host.path("tools", "usr"))
                linux.mount(host.directory, root + HOME + "/host", None, linux.BIND)
            elif name == "etc":
                for part in ("etc", "etc.work"):
                    os.mkdir(root + "/.upper/" + part)
                linux.mount("overlay", here, "overlay", 0,
                       "lowerdir=/etc,upperdir=%s/.upper/etc,workdir=%s/.upper/etc.work"
                       % (root, root))
                etc.write(here, host.setting("hostname"), host.setting("release"))
            elif name in ("tmp", "mnt", "home"):
                linux.mount("tmpfs", here, "tmpfs", 0, "mode=1777")
            elif name in ("var", "run"):
                linux.mount("tmpfs", here, "tmpfs", 0, "mode=0755")
            else:
                linux.mount(real, here, None, linux.BIND | linux.REC)
    os.mkdir(root + "/boot")
    linux.mount(host.path("boot"), root + "/boot", None, linux.BIND)
    for name, mode in _VAR.items():
        os.mkdir(root + "/var/" + name)
        os.chmod(root + "/var/" + name, mode)
    with open(root + "/var/log/messages", "w", encoding="ascii"):
        pass
    library = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    # A folder before those in it: they are there with it.
    for kept in sorted({host.directory, os.path.dirname(library), *shared}):
        if not os.path.isdir(root + kept):
            os.makedirs(root + kept)
            linux.mount(kept, root + kept, None, linux.BIND)
    os.chdir(root)
    linux.pivot_root(".", ".")
    linux.unmount(".", linux.DETACH)
    os.chdir("/")


def enter(host):
    """This process is on the host from now on."""
    with host.locked() as state:
        holder, hostname = state["holder"], state["settings"]["hostname"]
    linux.join(holder, linux.NEWUTS | linux.NEWNET | linux.NEWIPC | linux.NEWNS)
    processes.set_own_hostname(hostname)
    os.chdir("/")
    # As login(1) does for root: wheel and operator.
    os.setgroups([0, 5])
    os.umask(0o022)


def remove(host):
    """Ends all that is left of a host, and its directory."""
    with host.locked() as state:
        for jail in list(kernel.jails(state, dying=True)):
            processes.end(jail["init"])
            limits.drop_groups(jail)
        holder = state.get("holder")
    if holder:
        for pid in _of_namespace(holder):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    shutil.rmtree(host.directory, ignore_errors=True)


def _of_namespace(holder):
    """Whoever is in the host's mount namespace: the holder too."""
    try:
        namespace = os.readlink("/proc/%d/ns/mnt" % holder)
    except OSError:
        return []
    found = []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.readlink("/proc/%s/ns/mnt" % name) == namespace:
                found.append(int(name))
        except OSError:
            pass
    return found


# ---- looking

def left(state):
    """What a host has that a fresh one has not, a line each."""
    kernel.collect(state)
    lines = []
    for jail in kernel.jails(state, dying=True):
        lines.append("jail %d %s" % (jail["jid"], jail["name"]))
        for pid in processes.in_jail(jail["init"]):
            lines.append("process %d (%s) of jail %s" % (pid, processes.name(pid), jail["name"]))
    for mount in state["mounts"]:
        if mount["type"] == "zfs" and mount["special"] == state["settings"]["pool"]:
            continue
        lines.append("mount %s on %s (%s)" % (mount["special"], mount["dir"], mount["type"]))
    for rule in state["rules"]:
        lines.append("rule " + json.dumps(rule))
    lines += ["dataset " + name for name in state.get("datasets", {})
              if name != state["settings"]["pool"]]
    for vnet, filters in state.get("pf", {}).items():
        lines += ["rules of pf in anchor %s" % (path or "of the host") for path, one
                  in filters["anchors"].items() if vnet == "0" and any(one.values())]
    lines += ["memory disk md" + unit for unit in state.get("memory_disks", {})]
    return lines + network.left(state)


def main(arguments):
    parser = argparse.ArgumentParser(prog="stand-in", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name, text):
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("directory", type=os.path.realpath, help="where the host is kept")
        return sub

    sub = command("make", "Make a host.")
    sub.add_argument("settings", nargs="*", metavar="NAME=JSON")
    sub = command("run", "Run a command on a host.")
    sub.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    command("show", "Print all that a host's kernel knows, as JSON.")
    command("assert-empty", "Exit with 1, and list what is left, unless a host is as a fresh one.")
    sub = command("set", "Change settings: " + ", ".join(hosts.SETTINGS) + ".")
    sub.add_argument("settings", nargs="+", metavar="NAME=JSON")
    sub = command("fault", "Order a fault of the commands whose line a pattern is in.")
    sub.add_argument("pattern")
    sub.add_argument("kind", choices=("fail", "hang", "slow", "kill"))
    sub.add_argument("--status", type=int, default=1)
    sub.add_argument("--text", default="")
    sub.add_argument("--seconds", type=float, default=1)
    sub.add_argument("--from", dest="first", type=int, default=1, metavar="CALL")
    sub.add_argument("--times", type=int, default=1, help="-1: always")
    command("no-faults", "Forget all faults.")
    sub = command("log", "Print the commands that ran: the number of the process, the name, the arguments.")
    sub.add_argument("--clear", action="store_true", help="forget them instead")
    command("remove", "End all that runs on a host, and remove it.")
    given = parser.parse_args(arguments)

    if given.command == "make":
        make(given.directory, _settings(given.settings))
        return
    host = Host(given.directory)
    if not os.path.exists(host.path("state.json")):
        sys.exit("stand-in: %s is no host: make it first" % given.directory)
    if given.command == "run":
        words = [word for index, word in enumerate(given.words) if index or word != "--"]
        enter(host)
        forget_own_locale()
        environment = dict(os.environ)
        environment["PATH"] = "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
        environment.setdefault("BLOCKSIZE", "K")  # As login.conf(5) says.
        try:
            os.execvpe(words[0], words, environment)
        except OSError as error:
            sys.exit("stand-in: %s: %s" % (words[0], error.strerror))
    if given.command == "remove":
        remove(host)
        return
    if given.command == "log":
        host.forget_log() if given.clear else sys.stdout.write(host.log())
        return
    with host.locked() as state:
        if given.command == "show":
            print(json.dumps(state, indent=2))
        elif given.command == "set":
            _settle(host, state, _settings(given.settings))
        elif given.command == "no-faults":
            state["faults"] = []
        elif given.command == "fault":
            state["faults"].append({
                "pattern": given.pattern, "kind": given.kind, "status": given.status,
                "text": given.text, "seconds": given.seconds, "from": given.first,
                "left": given.times, "seen": 0})
        else:
            lines = left(state)
            for line in lines:
                print(line)
            if lines:
                sys.exit(1)


def _settings(words):
    settings = {}
    for word in words:
        name, equals, value = word.partition("=")
        if name not in hosts.SETTINGS or not equals:
            sys.exit("stand-in: \"%s\" is no NAME=JSON of these: %s"
                     % (word, ", ".join(hosts.SETTINGS)))
        try:
            settings[name] = json.loads(value)
        except ValueError:
            settings[name] = value
        # A release is text, though it reads like a number.
        if isinstance(hosts.SETTINGS[name], str) and not isinstance(settings[name], str):
            settings[name] = value
    return settings
