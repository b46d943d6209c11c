"""mount(8) and mount_nullfs(8)."""

import os
import sys

from .. import fstab, mounts, options, viewpoint
from ..command import warn
from ..errors import ENOTDIR, Failure, KernelError, Usage

_USAGE = """usage: mount [-adflpruvw] [-F fstab] [-o options] [-t ufs | external_type]
       mount [-dfpruvw] special | node
       mount [-dfpruvw] [-o options] [-t ufs | external_type] special node"""
_USAGE_NULLFS = "usage: mount_nullfs [-o options] target mount-point"

#: Types that have a program of their own; of these the host has one.
_PROGRAMS = ("nullfs", "nfs", "cd9660", "msdosfs", "udf", "unionfs", "fusefs", "smbfs", "autofs", "mfs",
             "portalfs", "newnfs", "oldnfs")
#: Options that mount(8) keeps for itself.
_KEPT = ("auto", "noauto", "late", "failok", "fstab", "current", "userquota", "groupquota")
_EX_USAGE = 64


def run(host, name, arguments):
    if name == "mount_nullfs":
        return _mount_nullfs(host, arguments)
    return _Mount(host, name, arguments).run()


# ---- mount_nullfs

def _mount_nullfs(host, arguments):
    name = "mount_nullfs"
    letters, words = options.parse(name, arguments, "o:", _USAGE_NULLFS)
    if len(words) != 2:
        raise Usage(_USAGE_NULLFS)
    source, target = (_checked(word, host.release >= (14, 0)) for word in words)
    if os.path.isdir(source) != os.path.isdir(target):
        raise Failure("%s: %s" % (target if os.path.isdir(source) else source, ENOTDIR), _EX_USAGE)
    given = [word for _, argument in letters for word in argument.split(",") if word]
    try:
        with host.locked() as state:
            mounts.mount(state, viewpoint.jail(state), "nullfs", source, target, given)
    except KernelError as error:
        raise Failure("%s: %s" % (target, _said(error))) from None
    return 0


def _checked(path, files):
    try:
        real = mounts.resolve(path)
    except mounts.Unresolved as error:
        raise Failure("%s: %s" % (error.path, error.text), _EX_USAGE) from None
    if not os.path.isdir(real) and not (files and os.path.isfile(real)):
        raise Failure("%s: %s" % (real, ENOTDIR), _EX_USAGE)
    return real


def _said(error):
    return "%s: %s" % (error.text, error.number) if error.text else error.number


# ---- types

def fits(kind, wanted):
    """Whether a type is one of -t: a list, of which "no" makes those that are not meant."""
    if wanted is None:
        return True
    if wanted.startswith("no"):
        return kind not in wanted[2:].split(",")
    return kind in wanted.split(",")


def find(state, viewer, given):
    """A mount that is seen, by its node, or by its special; of several the last one."""
    found = mounts.seen(state, viewer)
    try:
        node = mounts.resolve(given)
    except mounts.Unresolved:
        node = given
    return mounts.at(found, node) or mounts.of_special(found, given)


# ---- mount

class _Mount:
    """A call of mount(8)."""

    def __init__(self, host, name, arguments):
        self.host = host
        self.name = name
        self.letters = set()
        self.fstab = fstab.USUAL
        self.options = []
        self.types = None
        given, self.words = options.parse(name, arguments, "adF:fLlno:prt:uvw", _USAGE)
        for letter, argument in given:
            self.letters.add(letter)
            if letter == "F":
                self.fstab = argument
            elif letter == "t":
                if self.types is not None:
                    raise Failure("only one -t option may be specified")
                self.types = argument
            elif letter == "o":
                self.options += [word for word in argument.split(",") if word]
            elif letter in "rw":
                self.options.append({"r": "ro", "w": "rw"}[letter])
        if "update" in self.options:
            self.letters.add("u")

    def run(self):
        if not self.words:
            if "a" in self.letters:
                return self.all()
            if self.letters & set("fruw") or self.options:
                raise Usage(_USAGE)
            self.list()
            return 0
        if len(self.words) == 1:
            return self.update(self.words[0]) if "u" in self.letters else self.one(self.words[0])
        if len(self.words) == 2:
            return self.mount(self.type_of(), self.words[0], self.words[1], self.options)
        raise Usage(_USAGE)

    def type_of(self):
        """-t, or what is guessed of the special."""
        if self.types is not None:
            return self.types
        return "nfs" if ":" in self.words[0] and not self.words[0].startswith("/") else "ufs"

    def list(self):
        with self.host.locked() as state:
            for mount in mounts.seen(state, viewpoint.jail(state)):
                if fits(mount["type"], self.types):
                    line = mounts.fstab_line(mount) if "p" in self.letters \
                        else mounts.listed(mount, "v" in self.letters)
                    sys.stdout.write(line + "\n")

    def all(self):
        """Mounts what the fstab has; what is mounted already is passed over."""
        status = 0
        for entry in self.entries():
            if "noauto" in entry.options or "late" in entry.options and not self.letters & set("lL"):
                continue
            if "L" in self.letters and "late" not in entry.options:
                continue
            if not fits(entry.type, self.types) or entry.type == "swap" or self.mounted(entry):
                continue
            if self.mount(entry.type, entry.special, entry.dir, entry.options + self.options) != 0 \
                    and "failok" not in entry.options:
                status = 1
        return status

    def entries(self):
        try:
            return fstab.read(self.fstab)
        except OSError as error:
            sys.stderr.write("fstab: %s:0: %s\n" % (self.fstab, os.strerror(error.errno)))
            return []

    def mounted(self, entry):
        with self.host.locked() as state:
            return any(mount["special"] == entry.special and mount["dir"] == entry.dir.rstrip("/")
                       or entry.dir == "/" for mount in mounts.seen(state, viewpoint.jail(state)))

    def one(self, given):
        """Mounts what the fstab has of a special or a node."""
        for entry in self.entries():
            if given in (entry.special, entry.dir):
                return self.mount(entry.type, entry.special, entry.dir, entry.options + self.options)
        raise Failure("%s: unknown special file or file system" % given)

    def update(self, given):
        with self.host.locked() as state:
            viewer = viewpoint.jail(state)
            mount = find(state, viewer, given)
            if mount is None:
                raise Failure("%s: not currently mounted" % given)
            try:
                mounts.update(state, viewer, mount, [word for word in self.options if word != "update"])
            except KernelError as error:
                raise Failure("%s: %s" % (mount["special"], _said(error))) from None
        return 0

    def mount(self, kind, special, node, options):
        """Mounts one; returns a status."""
        try:
            directory = mounts.resolve(node)
        except mounts.Unresolved as error:
            warn(self.name, "%s: %s" % (error.path, error.text))
            return 1
        plain_file = kind == "nullfs" and self.host.release >= (14, 0)
        if not os.path.isdir(directory) and not (plain_file and os.path.isfile(directory)):
            warn(self.name, "%s: %s" % (directory, ENOTDIR))
            return 1
        passed = [word for word in options if word.partition("=")[0] not in _KEPT]
        if "d" in self.letters:
            self.show(kind, special, directory, passed)
            return 0
        if kind in _PROGRAMS:
            return self.program(kind, special, directory, passed)
        try:
            with self.host.locked() as state:
                mount = mounts.mount(state, viewpoint.jail(state), kind, special, directory, passed)
        except KernelError as error:
            warn(self.name, "%s: %s" % (special, _said(error)))
            return 1
        self.shown(mount)
        return 0

    def program(self, kind, special, directory, options):
        """What mount_TYPE does, and its status."""
        if kind != "nullfs":
            warn(self.name, "exec mount_%s not found: No such file or directory" % kind)
            return 1
        arguments = ["-o", ",".join(options)] if options else []
        try:
            _mount_nullfs(self.host, arguments + ["--", special, directory])
        except Failure as failure:
            warn("mount_nullfs", failure.text)
            return failure.status
        with self.host.locked() as state:
            self.shown(find(state, viewpoint.jail(state), directory))
        return 0

    def show(self, kind, special, directory, options):
        words = ["exec: mount_" + kind] if kind in _PROGRAMS else ["mount -t " + kind]
        words += ["-o", ",".join(options)] if options else []
        sys.stdout.write(" ".join(words + [special, directory]) + "\n")

    def shown(self, mount):
        if "v" in self.letters:
            sys.stdout.write(mounts.listed(mount, verbose=True) + "\n")
