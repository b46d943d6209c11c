"""devfs(8): rules and rulesets."""

import os
import re
import sys

from .. import devices, mounts, options
from ..command import warn
from ..errors import EEXIST, ENOENT, EPERM, Exit, Usage

_USAGE = "usage: devfs rule|ruleset arguments"
_EIO = "Input/output error"
_ENOTTY = "Inappropriate ioctl for device"
_TYPES = ("disk", "mem", "tape", "tty")


def run(host, name, arguments):
    given, words = options.parse(name, arguments, "m:", _USAGE)
    mountpoint = dict(given).get("m", "/dev")
    if not words:
        raise Usage(_USAGE)
    if not os.path.exists(mountpoint):
        _end(name, "open: %s: %s" % (mountpoint, ENOENT))
    if words[0] == "rule":
        return _Rule(host, mountpoint, words[1:]).run()
    if words[0] == "ruleset":
        return _ruleset(host, mountpoint, words[1:])
    _end(name, "unknown command: " + words[0])


def _end(name, text):
    warn(name, text)
    raise Exit(1)


def _number(name, text):
    """atonum: a number of a rule or a set."""
    if not re.fullmatch("[0-9]+", text) or int(text) > devices.HIGHEST:
        _end(name, "error converting to number: " + text)
    return int(text)


def _mount_of(state, name, request, mountpoint):
    """The mount that a call is about."""
    if os.geteuid() != 0:
        _end(name, "ioctl %s: %s" % (request, EPERM))
    mount = mounts.covering(state, mounts.resolve(mountpoint))
    if mount["type"] != "devfs":
        _end(name, "ioctl %s: %s" % (request, _ENOTTY))
    return mount


def _is_host(mount):
    return mount["dir"] == "/dev" and mount["special"] == "devfs" and "on" not in mount


def _ruleset(host, mountpoint, words):
    """Says which set a mount has from now on: for nodes to come."""
    name = "devfs ruleset"
    if not words:
        raise Usage(_USAGE)
    number = _number(name, words[0])
    with host.locked() as state:
        mount = _mount_of(state, name, "DEVFSIO_SUSE", mountpoint)
        if _is_host(mount):
            devices.set_of_dev(state, number)
        else:
            mount["ruleset"] = number
    return 0


class _Rule:
    """A call of `devfs rule`."""

    name = "devfs rule"

    def __init__(self, host, mountpoint, arguments):
        self.host = host
        self.mountpoint = mountpoint
        given, self.words = options.parse(self.name, arguments, "s:", _USAGE)
        self.number = 0
        for _, argument in given:
            self.number = _number(self.name, argument)

    def run(self):
        if not self.words:
            raise Usage(_USAGE)
        command, self.words = self.words[0], self.words[1:]
        known = {
            "add": self.add, "apply": self.apply, "applyset": self.applyset, "del": self.delete,
            "delset": self.delset, "show": self.show, "showsets": self.showsets,
        }
        if command not in known:
            _end(self.name, "unknown command: " + command)
        if command in ("add", "apply", "del") and not self.words \
                or command in ("applyset", "delset", "showsets") and self.words:
            raise Usage(_USAGE)
        with self.host.locked() as state:
            known[command](state)
        return 0

    def mount(self, state, request):
        return _mount_of(state, self.name, request, self.mountpoint)

    def set_of(self, state, request):
        """-s, or the set that the mount has."""
        mount = self.mount(state, request)
        if self.number:
            return self.number
        return devices.of_dev(state) if _is_host(mount) else mount.get("ruleset", 0)

    def fail(self, request, text):
        _end(self.name, "ioctl %s: %s" % (request, text))

    # ---- commands

    def add(self, state):
        specs = [self.words]
        if self.words[0] == "-":
            specs = [line.split() for line in sys.stdin if line.strip()]
        for words in specs:
            number, text = self.read(words)
            target = self.set_of(state, "DEVFSIO_RADD")
            rules = [list(rule) for rule in devices.ruleset(state, target)]
            if target == 0:
                self.fail("DEVFSIO_RADD", _EIO)
            if number == 0:
                number = (max([rule[0] for rule in rules], default=0) // 100 + 1) * 100
            elif any(rule[0] == number for rule in rules):
                self.fail("DEVFSIO_RADD", EEXIST)
            devices.change(state, target, rules + [[number, text]])

    def apply(self, state):
        if re.fullmatch("[0-9]+", self.words[0]):
            target = self.set_of(state, "DEVFSIO_RAPPLYID")
            number = int(self.words[0])
            rules = [rule for rule in devices.ruleset(state, target) if rule[0] == number]
            if not rules:
                self.fail("DEVFSIO_RAPPLYID", ENOENT)
        else:
            rules = [list(self.read(self.words))]
        self.onto(state, "DEVFSIO_RAPPLY", rules)

    def applyset(self, state):
        target = self.set_of(state, "DEVFSIO_SAPPLY")
        self.onto(state, "DEVFSIO_SAPPLY", devices.ruleset(state, target))

    def onto(self, state, request, rules):
        """The host's own /dev is Linux's, and left alone."""
        mount = self.mount(state, request)
        if not _is_host(mount):
            devices.apply(state, mount["dir"], rules)

    def delete(self, state):
        target = self.set_of(state, "DEVFSIO_RDEL")
        number = self.integer(self.words[0])
        rules = devices.ruleset(state, target)
        if all(rule[0] != number for rule in rules):
            self.fail("DEVFSIO_RDEL", ENOENT)
        devices.change(state, target, [rule for rule in rules if rule[0] != number])

    def delset(self, state):
        devices.change(state, self.set_of(state, "DEVFSIO_RGETNEXT"), [])

    def show(self, state):
        wanted = self.integer(self.words[0]) if self.words else None
        rules = devices.ruleset(state, self.set_of(state, "DEVFSIO_RGETNEXT"))
        if wanted is not None and all(rule[0] < wanted for rule in rules):
            self.fail("DEVFSIO_RGETNEXT", ENOENT)
        for number, text in rules:
            if wanted in (None, number):
                sys.stdout.write("%d %s\n" % (number, text))

    def showsets(self, state):
        self.mount(state, "DEVFSIO_SGETNEXT")
        for number in devices.rulesets(state):
            sys.stdout.write("%d\n" % number)

    # ---- a rule

    def integer(self, text):
        if not re.fullmatch("[0-9]+", text):
            _end(self.name, "error converting to integer: " + text)
        return int(text)

    def read(self, words):
        """(number or 0, text) of a rule: conditions, then actions, as `show` prints them."""
        words = list(words)
        number = 0
        if re.fullmatch("[0-9]+", words[0]) and int(words[0]) <= devices.HIGHEST:
            number = int(words.pop(0))
        path, kinds, actions = [], [], {}
        while words and words[0] in ("type", "path"):
            condition = words.pop(0)
            argument = self.argument(condition, words)
            if condition == "path":
                path = ["path", argument]
            elif argument in _TYPES:
                kinds += ["type", argument]
            else:
                _end(self.name, "unknown type: " + argument)
        while words:
            action = words.pop(0)
            if action in ("hide", "unhide"):
                actions[action] = ""
            elif action in ("user", "group", "mode", "include"):
                actions[action] = self.value(action, self.argument(action, words))
            else:
                _end(self.name, "unknown argument: " + action)
        shown = kinds + path
        for action in ("hide", "unhide", "user", "group", "mode", "include"):
            if action in actions:
                shown += [word for word in (action, actions[action]) if word]
        return number, " ".join(shown)

    def argument(self, word, words):
        if not words:
            _end(self.name, "expecting argument for " + word)
        return words.pop(0)

    def value(self, action, text):
        if action == "include":
            return str(_number(self.name, text))
        if action == "mode":
            if not re.fullmatch("[0-7]{1,4}", text):
                _end(self.name, "invalid mode: " + text)
            return "%o" % int(text, 8)
        if text.isdigit():
            return text
        try:
            if action == "user":
                import pwd
                return str(pwd.getpwnam(text).pw_uid)
            import grp
            return str(grp.getgrnam(text).gr_gid)
        except KeyError:
            _end(self.name, "error converting to integer: " + text)
