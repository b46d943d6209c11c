"""Linux's system calls that Python has not: mounts and namespaces."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)

NEWNS, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
RDONLY, REMOUNT, BIND, REC, PRIVATE = 1, 32, 4096, 16384, 1 << 18
DETACH = 2


def call(result):
    """Raises OSError if a call has failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(source, target, kind, flags=0, data=None):
    """mount(2); what is None is NULL."""
    def text(value):
        return None if value is None else os.fsencode(value)

    call(LIBC.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(data)))


def unmount(target, flags=0):
    """umount2(2)."""
    call(LIBC.umount2(os.fsencode(target), flags))


def pivot_root(new, old):
    """pivot_root(2), which the C library has no function for."""
    number = {"x86_64": 155, "aarch64": 41}[os.uname().machine]
    call(LIBC.syscall(number, os.fsencode(new), os.fsencode(old)))


def unshare(flags):
    call(LIBC.unshare(flags))


def setns(path, kind):
    """This process joins the namespace that a file of /proc stands for."""
    _join(os.open(path, os.O_RDONLY | os.O_CLOEXEC), kind)


def join(pid, kinds):
    """This process joins namespaces of another, which is known by its number: there may be no /proc."""
    _join(os.pidfd_open(pid), kinds)


def _join(descriptor, kinds):
    try:
        call(LIBC.setns(descriptor, kinds))
    finally:
        os.close(descriptor)
