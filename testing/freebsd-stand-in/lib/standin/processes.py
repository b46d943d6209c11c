"""The processes of jails.

A jail has a process namespace, so that nothing in it can see or signal what is outside, with a small
init that nobody is shown; a UTS and an IPC namespace; with vnet a network namespace. Its root is a
chroot(2).
"""

import ctypes
import os
import signal
import time

_LIBC = ctypes.CDLL(None, use_errno=True)

NEWIPC, NEWUTS, NEWNET, NEWPID = 0x08000000, 0x04000000, 0x40000000, 0x20000000

_INITS = ("/usr/bin/catatonit", "/usr/libexec/podman/catatonit", "/usr/bin/tini-static")


def _call(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def unshare(flags):
    _call(_LIBC.unshare(flags))


def setns(pid, kind, flag):
    fd = os.open("/proc/%d/ns/%s" % (pid, kind), os.O_RDONLY | os.O_CLOEXEC)
    try:
        _call(_LIBC.setns(fd, flag))
    finally:
        os.close(fd)


def die_with_parent():
    _call(_LIBC.prctl(1, signal.SIGKILL, 0, 0, 0))


def start_init(hostname, vnet):
    """Starts a jail's init, in namespaces of its own; returns its number."""
    program = next((path for path in _INITS if os.access(path, os.X_OK)), None)
    if program is None:
        raise OSError(2, "no catatonit: install it")
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            unshare(NEWPID | NEWUTS | NEWIPC | (NEWNET if vnet else 0))
            if hostname is not None:
                name = os.fsencode(hostname)[:64]
                _call(_LIBC.sethostname(name, len(name)))
            init = os.fork()
            if init == 0:
                null = os.open("/dev/null", os.O_RDWR)
                for fd in (0, 1, 2):
                    os.dup2(null, fd)
                os.closerange(3, 256)
                os.chdir("/")
                os.execv(program, [program, "-P"])
            os.write(sender, str(init).encode())
        except OSError as error:
            os.write(sender, ("!" + str(error)).encode())
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    if text.startswith("!"):
        raise OSError(1, text[1:])
    return int(text)


def hostname_of(init):
    """The host name that a jail has now: who is in it may have changed it."""
    return _inside(init, lambda: os.uname().nodename)


def set_hostname(init, hostname):
    _inside(init, lambda: str(set_own_hostname(hostname)))


def set_own_hostname(hostname):
    """The host name of the UTS namespace of this process, as far as Linux takes it."""
    name = os.fsencode(hostname)[:64]
    return _LIBC.sethostname(name, len(name))


def _inside(init, act):
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            setns(init, "uts", NEWUTS)
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
    setns(init, "net", NEWNET)
    setns(init, "ipc", NEWIPC)
    setns(init, "uts", NEWUTS)
    setns(init, "pid", NEWPID)


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
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
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


def end(init):
    """Kills a jail's init, and with it all of its processes."""
    try:
        os.kill(init, signal.SIGKILL)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + 10
    while not is_zombie(init) and time.monotonic() < deadline:
        time.sleep(0.002)
