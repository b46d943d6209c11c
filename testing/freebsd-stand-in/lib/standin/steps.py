"""The steps of jail(8): what is run for a jail, in which order, and what of it is undone.

Source: jail(8); what a running 12.2 shows with -v.
"""

import os
import time

from . import kernel, limits, mounts, processes, running
from .asked import Refused
from .queues import STOP

#: In the order of creation; a failure goes back through them.
STARTING = ("exec.prepare", "ip4.addr", "ip6.addr", "mount", "mount.fstab", "mount.devfs", "mount.fdescfs",
            "mount.procfs", "exec.prestart", "jail", "exec.created", "zfs.dataset", "vnet.interface",
            "exec.start", "command", "exec.poststart")
STOPPING = ("exec.prestop", "exec.stop", "stop.timeout", "jail", "exec.poststop", "mount.procfs",
            "mount.fdescfs", "mount.devfs", "mount.fstab", "mount", "ip6.addr", "ip4.addr", "exec.release")
_SINCE = {"exec.prepare": (12, 2), "exec.release": (12, 2), "zfs.dataset": (15, 0)}

_INSIDE = ("exec.start", "command", "exec.stop")
#: What a failure does not look at again.
_NOT_UNDONE = ("exec.prepare", "exec.prestart", "exec.created", "exec.start", "command", "exec.poststart")
#: What is done backwards when a jail stops.
_REVERSED = ("mount", "mount.fstab", "ip4.addr", "ip6.addr")
_FOLDERS = {"mount.devfs": ("devfs", "/dev"), "mount.fdescfs": ("fdescfs", "/dev/fd"),
            "mount.procfs": ("procfs", "/proc")}

_STOP_TIMEOUT = 10
#: A command with one of these is the shell's, unless it is one "&" at the end.
_SHELLS = frozenset("!\"$&'()*;<>?[\\]`{|}~")


def of_release(steps, release):
    return [step for step in steps if release >= _SINCE.get(step, (0, 0))]


class Steps:
    """What one call of jail(8) does for its jails.

    session: says what there is to say, and makes and removes jails
    at_once: how many commands may run at a time; negative: any number
    """

    def __init__(self, host, queues, session, at_once):
        self.host = host
        self.queues = queues
        self.session = session
        self.at_once = at_once

    # ---- from step to step

    def advance(self, jail):
        """Does the next things for a jail; returns whether it is to come back."""
        if self.at_once == 0:
            self.queues.move(jail, self.queues.runnable)
            return True
        undoing = jail.failed and not jail.operation & STOP
        while self._to_next(jail, undoing):
            step = jail.steps[jail.at]
            item = jail.items[jail.item]
            if item == "" or undoing and step in _NOT_UNDONE:
                continue
            try:
                if self._run(jail, step, item):
                    return True
            except Refused:
                self.queues.fail(jail)
                return True
        return False

    def _to_next(self, jail, undoing):
        """Goes to the next item of a step, or of the next step that has any."""
        while True:
            if jail.item is None:
                jail.at += -1 if undoing else 1
                if not 0 <= jail.at < len(jail.steps):
                    return False
                jail.items = self._items(jail, jail.steps[jail.at])
                back = self._goes_back(jail, undoing)
                jail.item = len(jail.items) - 1 if back else 0
            else:
                jail.item += -1 if self._goes_back(jail, undoing) else 1
            if 0 <= jail.item < len(jail.items):
                return True
            jail.item = None

    @staticmethod
    def _goes_back(jail, undoing):
        return undoing or jail.operation & STOP and jail.steps[jail.at] in _REVERSED

    @staticmethod
    def _items(jail, step):
        if step in ("jail", "stop.timeout"):
            return [None]
        if step in _FOLDERS:
            return [None] if jail.flag(step) else []
        if step in jail.aliases:
            return jail.aliases[step]
        if step == "mount.fstab":
            return jail.fstab
        if step == "command" and jail.name is None:
            # On the command line it is one, with all words behind it.
            return [None] if jail.texts(step) else []
        return jail.texts(step)

    def ended(self, jail):
        """Looks at how what ran for a jail has ended; returns whether it went well."""
        if not jail.sleeping:
            return True
        jail.sleeping = False
        timed_out, jail.timed_out = jail.timed_out, False
        status, jail.status = jail.status, 0
        if jail.steps[jail.at] == "stop.timeout":
            return True
        self.at_once += 1
        if self.queues.runnable:
            self.queues.move(self.queues.runnable[0], self.queues.ready)
        self._charge(jail)
        if timed_out:
            self.session.warn(jail, "%s: timed out" % jail.shown)
        elif os.WIFSIGNALED(status):
            self.session.warn(jail, "%s: exited on signal %d" % (jail.shown, os.WTERMSIG(status)))
        elif status:
            self.session.warn(jail, "%s: failed" % jail.shown)
        else:
            return True
        self.queues.fail(jail)
        return False

    def _charge(self, jail):
        if jail.begun is None or jail.usage is None:
            return
        there, begun = jail.begun
        with self.host.locked() as state:
            limits.charge(state, there, jail.usage.ru_utime + jail.usage.ru_stime, time.monotonic() - begun)

    # ---- one thing

    def _run(self, jail, step, item):
        """Returns whether something runs now that is waited for."""
        down = jail.failed or jail.operation & STOP
        if step == "jail":
            self.session.remove(jail) if down else self.session.create(jail)
            return False
        if step == "stop.timeout":
            return self._terminate(jail)
        background = False
        if step in jail.aliases:
            argv = _alias(jail, step, item, down)
        elif step == "vnet.interface":
            argv = ["/sbin/ifconfig", item, "-vnet" if down else "vnet", self._called(jail)]
        elif step == "zfs.dataset":
            argv = ["/sbin/zfs", "unjail" if down else "jail", self._called(jail), item]
        elif step in ("mount", "mount.fstab"):
            argv = self._mount(jail, step, item, down)
        elif step in _FOLDERS:
            argv = self._mount_folder(jail, step, down)
        elif item is None:
            argv = jail.texts("command")
        else:
            argv, background = _words(item)
        return bool(argv) and self._execute(jail, step, argv, background)

    def _called(self, jail):
        """How ifconfig(8) is told which jail it is."""
        if self.session.release >= (15, 0):
            return str(jail.jid)
        return jail.text("jid") or jail.text("name") or ""

    # ---- mounts

    def _mount(self, jail, step, line, down):
        fields = line.split()[:4]
        if not fields:
            return []
        if len(fields) < 3:
            self._refuse(jail, "%s: %s: missing information" % (step, line))
        special, directory = _unvis(fields[0]), _unvis(fields[1])
        self._check_path(jail, step, directory, down and fields[2])
        if down:
            return ["/sbin/umount", "-ft", fields[2], directory]
        options = ["-o", fields[3]] if len(fields) == 4 else []
        return ["/sbin/mount", "-t", fields[2], *options, special, directory]

    def _mount_folder(self, jail, step, down):
        kind, below = _FOLDERS[step]
        path = jail.text("path")
        if path is None:
            self._refuse(jail, "%s: no jail root path defined" % step)
        directory = path + below
        self._check_path(jail, step, directory, down and kind)
        if down:
            return ["/sbin/umount", directory]
        options = ["-oruleset=" + (jail.text("devfs_ruleset") or "4")] if kind == "devfs" else []
        return ["/sbin/mount", "-t", kind, *options, ".", directory]

    def _check_path(self, jail, step, path, unmounts=None, is_file=False):
        """No link may lead out of a jail, and what is unmounted is a mount of that kind."""
        if not path.startswith("/"):
            self._refuse(jail, "%s: %s: not an absolute pathname" % (step, path))
        root = jail.text("path") or ""
        if path.startswith(root + "/"):
            end = len(root)
            while end != -1:
                end = path.find("/", end + 1)
                self._check_part(jail, step, path if end == -1 else path[:end], is_file and end == -1)
        if not unmounts:
            return
        try:
            number = os.stat(path).st_ino
            with self.host.locked() as state:
                mount = mounts.covering(state, mounts.resolve(path))
            is_root = number == os.stat(mount["dir"]).st_ino
        except (OSError, mounts.Unresolved) as error:
            self._refuse(jail, "%s: %s: %s" % (step, path, getattr(error, "strerror", None) or error.text))
        if not is_root:
            self._refuse(jail, "%s: %s: not a mount point" % (step, path))
        if mount["type"] != unmounts:
            self._refuse(jail, "%s: %s: not a %s mount" % (step, path, unmounts))

    def _check_part(self, jail, step, part, may_miss):
        try:
            os.lstat(part)
        except FileNotFoundError as error:
            if not may_miss:
                self._refuse(jail, "%s: %s: %s" % (step, part, error.strerror))
        except OSError as error:
            self._refuse(jail, "%s: %s: %s" % (step, part, error.strerror))
        if os.path.islink(part):
            self._refuse(jail, "%s: %s is a symbolic link" % (step, part))

    def _refuse(self, jail, text):
        self.session.warn(jail, text)
        raise Refused()

    # ---- processes

    def _terminate(self, jail):
        """SIGTERM for all that runs in a jail, and time to end."""
        seconds = jail.number("stop.timeout", _STOP_TIMEOUT)
        if seconds == 0:
            return False
        with self.host.locked() as state:
            there = kernel.by_jid(state, jail.jid)
            found = processes.in_jail(there["init"]) if there is not None else []
        try:
            sent = processes.send(sorted(found, reverse=True), 15)
        except PermissionError:
            return False
        if sent and self.session.loud > 0:
            self.session.note(jail, "sent SIGTERM to: " + " ".join(map(str, sent)))
        jail.deadline = time.monotonic() + seconds
        for pid in sent:
            self.queues.watch(jail, pid)
        return bool(jail.pids)

    def _execute(self, jail, step, argv, background):
        timeout = jail.number("exec.timeout", 0)
        jail.deadline = time.monotonic() + timeout if timeout else None
        inside = step in _INSIDE
        who = jail.text("exec.jail_user" if inside else "exec.system_user")
        log = self._open_log(jail) if inside and jail.text("exec.consolelog") is not None else None
        jail.shown = " ".join(argv)
        if self.session.loud > 0:
            self.session.note(jail, "run command%s%s: %s" % (
                " in jail" if inside else "", " as " + who if who else "", jail.shown))
        there = limited = None
        if inside:
            with self.host.locked() as state:
                there = kernel.by_jid(state, jail.jid)
                limited = limits.plan(state, there) if there is not None else None
        attached = there is not None or not inside
        child = running.start(
            lambda: self._become(jail, attached, inside, who, log),
            lambda error: self.session.said(jail, "exec %s: %s" % (argv[0], error.strerror)),
            argv, there, own_session=background, limited=limited)
        if log is not None:
            os.close(log)
        if background:
            return False
        jail.begun = (there, time.monotonic()) if inside and there is not None else None
        self.at_once -= 1
        self.queues.watch(jail, child)
        return True

    def _open_log(self, jail):
        name = jail.text("exec.consolelog")
        self._check_path(jail, "exec.consolelog", name, is_file=True)
        try:
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            self._refuse(jail, "open %s: %s" % (name, error.strerror))

    def _become(self, jail, attached, inside, who, log):
        """In the child: as whom, with what around him."""
        def refuse(text):
            raise running.Refused(self.session.said(jail, text))

        if inside and jail.number("exec.fib", 0):
            refuse("setfib: Invalid argument")
        if not attached:
            refuse("jail_attach: Invalid argument")
        environment = dict(os.environ)
        if self.session.release >= (15, 0):
            environment.update(self.session.names_of(jail))
        clean = jail.flag("exec.clean")
        if who or clean:
            user = self._user(who, refuse)
            if clean:
                environment = running.clean_environment(user)
            if who:
                running.become(user)
            environment.update(HOME=user.home, USER=user.name, SHELL=user.shell or "/bin/sh")
            if clean:
                try:
                    os.chdir(user.home)
                except OSError as error:
                    refuse("chdir %s: %s" % (user.home, error.strerror))
        if log is not None:
            os.dup2(log, 1)
            os.dup2(log, 2)
        return environment

    @staticmethod
    def _user(who, refuse):
        try:
            user = running.find_user(
                (lambda candidate: candidate.name == who) if who
                else (lambda candidate: candidate.uid == os.getuid()))
        except OSError as error:
            user = None
            if who:
                refuse("getpwnam %s: %s" % (who, error.strerror))
        if user is None:
            refuse("%s: no such user" % who if who else "unknown uid %d" % os.getuid())
        return user


def _words(text):
    """(argv, whether it runs in the background) of a command that is a text."""
    first = next((index for index, char in enumerate(text) if char in _SHELLS), None)
    if first is None:
        return text.split(), False
    if text[first:] == "&":
        return text[:first].split(), True
    return ["/bin/sh", "-c", text], False


def _alias(jail, key, text, down):
    """The words for ifconfig(8) of interface|address/mask with further words."""
    interface, bar, place = text.partition("|")
    if not bar:
        interface, place = jail.text("interface"), text
    place, _, more = place.partition(" ")
    address, slash, mask = place.partition("/")
    if key == "ip4.addr" and not slash:
        words = ["inet", address, "netmask", "255.255.255.255"]
    elif key == "ip4.addr" and "." in mask:
        words = ["inet", address, "netmask", mask]
    elif key == "ip4.addr":
        words = ["inet", place]
    else:
        words = ["inet6", place] + ([] if slash else ["prefixlen", "128"])
    return ["/sbin/ifconfig", interface] + words + (["-alias"] if down else more.split() + ["alias"])


def _unvis(field):
    """strunvis(3), as far as an fstab(5) goes."""
    text, at = "", 0
    while at < len(field):
        digits = field[at + 1:at + 4]
        if field[at] == "\\" and len(digits) == 3 and all(char in "01234567" for char in digits):
            text += chr(int(digits, 8) & 0xff)
            at += 4
        elif field[at:at + 2] == "\\\\":
            text += "\\"
            at += 2
        else:
            text += field[at]
            at += 1
    return text
