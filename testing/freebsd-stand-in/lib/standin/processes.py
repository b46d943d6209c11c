"""The processes of jails.

A jail has a process namespace, so that nothing in it can see or signal what is outside, with a small
init that nobody is shown; a UTS and an IPC namespace; with vnet a network namespace. Its root is a
chroot(2).
"""

import os
import signal
import time

from . import linux, place

_INITS = ("/usr/bin/catatonit", "/usr/libexec/podman/catatonit", "/usr/bin/tini-static")


def start_waiting(prepare, inside=None):
    """Starts a small init that waits for ever, behind what `prepare` does, such as new namespaces.

    inside: the init of the jail that it is started in; None: where this process is
    Returns (its number here, or 0 if that cannot be known; the numbers of its namespaces).
    Raises OSError.
    """
    program = next((path for path in _INITS if os.access(path, os.X_OK)), None)
    if program is None:
        raise OSError(2, "no catatonit: install it")
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            if inside is not None:
                enter(inside)
                middle = os.fork()
                if middle:
                    os.waitpid(middle, 0)
                    os._exit(0)
            prepare()
            told, tell = os.pipe()
            init = os.fork()
            if init == 0:
                # A /proc of the host has the host's number.
                os.write(tell, _own_number().encode())
                _become_init(program)
            number = os.read(told, 20).decode() if inside is not None else init
            found = place.namespaces(init)
            os.write(sender, ("%s %d %d" % (number, found["net"], found["pid"])).encode())
        except OSError as error:
            os.write(sender, ("!" + str(error)).encode())
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    if not text[:1].isdigit():
        raise OSError(1, text[1:])
    number, net, pid = map(int, text.split())
    return number, {"net": net, "pid": pid}


def _own_number():
    try:
        return os.readlink("/proc/self")
    except OSError:
        return "0"


def _become_init(program):
    try:
        null = os.open("/dev/null", os.O_RDWR)
    except OSError:
        # A jail may have none: what nobody is at the other end of is as good.
        null, other = os.pipe()
        os.close(other)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.closerange(3, 256)
    os.chdir("/")
    os.execv(program, [program, "-P"])


def start_init(hostname, vnet, above=None):
    """Starts a jail's init, in namespaces of its own, below those of the jail above it; returns as
    start_waiting()."""
    def prepare():
        linux.unshare(linux.NEWPID | linux.NEWUTS | linux.NEWIPC | (linux.NEWNET if vnet else 0))
        if hostname is not None:
            linux.call(set_own_hostname(hostname))

    # Its own init has the number 1 in a jail.
    inside = above["init"] if above is not None and above["init"] != 1 else None
    return start_waiting(prepare, inside)


def hostname_of(init):
    """The host name that a jail has now: who is in it may have changed it."""
    return inside(init, linux.NEWUTS, lambda: os.uname().nodename)


def set_hostname(init, hostname):
    inside(init, linux.NEWUTS, lambda: str(set_own_hostname(hostname)))


def set_own_hostname(hostname):
    """The host name of the UTS namespace of this process, as far as Linux takes it."""
    name = os.fsencode(hostname)[:64]
    return linux.LIBC.sethostname(name, len(name))


def inside(init, kind, act):
    """The text that a function makes in namespaces of a jail; empty if it cannot."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            linux.join(init, kind)
            os.write(sender, os.fsencode(act()))
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver, "rb") as answer:
        text = os.fsdecode(answer.read())
    os.waitpid(child, 0)
    return text


def enter(init):
    """This process joins a jail's namespaces; what it forks then is in the jail."""
    linux.join(init, linux.NEWNET | linux.NEWIPC | linux.NEWUTS | linux.NEWPID)


def in_jail(init):
    """The numbers of a jail's processes, without its init, in order."""
    try:
        namespace = os.readlink("/proc/%d/ns/pid" % init)
    except OSError:
        return []
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != init:
            try:
                if os.readlink("/proc/%s/ns/pid" % name) == namespace and not is_zombie(int(name)):
                    found.append(int(name))
            except OSError:
                pass
    return sorted(found)


def stat(pid):
    """The fields of /proc/PID/stat behind the name, from the state on; empty if it is gone."""
    try:
        with open("%s/%d/stat" % (place.proc, pid), encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def is_zombie(pid):
    fields = stat(pid)
    return not fields or fields[0] in "ZX"


def name(pid):
    try:
        with open("/proc/%d/comm" % pid, encoding="utf-8", errors="replace") as file:
            return file.read().rstrip("\n")
    except OSError:
        return ""


def send(pids, number):
    """Sends a signal; returns to whom."""
    sent = []
    for pid in pids:
        try:
            os.kill(pid, number)
            sent.append(pid)
        except ProcessLookupError:
            pass
    return sent


def await_none(init, seconds):
    """Whether a jail has no process within so many seconds."""
    deadline = time.monotonic() + seconds
    while in_jail(init):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.01)
    return True


def end_all_but(init):
    """Kills the processes of a jail, and leaves its init."""
    deadline = time.monotonic() + 10
    while send(in_jail(init), signal.SIGKILL) and time.monotonic() < deadline:
        time.sleep(0.002)


def end(init):
    """Kills a jail's init, and with it all of its processes."""
    try:
        os.kill(init, signal.SIGKILL)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + 10
    while not is_zombie(init) and time.monotonic() < deadline:
        time.sleep(0.002)
