"""Which jail jail(8) works on next: those that are ready, those that wait for others, and those whose
commands run. Jails depend on those of "depend" and, lightly, on their parents.

Sources: jail(8) on dependencies and on several jails at once.
"""

import os
import time

#: What is done with a jail; several of them together are a restart, or what its state asks for.
START, SET, STOP = 1, 2, 4


def stops(jail):
    return jail.operation & (SET | STOP) == STOP


class Link:
    """One jail depends on another; lightly: only that there is one."""

    def __init__(self, jail, needed, light):
        self.jail = jail
        self.needed = needed
        self.light = light
        self.seen = False


def is_wildcard(name):
    return any(part == "*" for part in name.split("."))


class Queues:
    def __init__(self, warn, quiet):
        self.warn = warn
        self.quiet = quiet
        self.idle, self.ready, self.waiting, self.sleeping, self.runnable = [], [], [], [], []
        self.poll = None
        self.running = {}

    # ---- queues

    def new(self, jail):
        jail.queue = self.idle
        self.idle.append(jail)
        return jail

    def move(self, jail, queue, first=False):
        if jail.queue is queue and not first:
            return
        jail.queue.remove(jail)
        queue.insert(0 if first else len(queue), jail)
        jail.queue = queue

    def fail(self, jail):
        jail.failed = True
        self.move(jail, self.ready, first=True)

    def next(self):
        """Who starts is served in order, who stops backwards."""
        jail = self._next_ended(bool(self.ready))
        if jail is None and self.ready:
            jail = self.ready[0]
            if stops(jail):
                jail = next(other for other in reversed(self.ready) if stops(other))
        if jail is not None:
            self.move(jail, self.idle)
        return jail

    # ---- commands that run

    def watch(self, jail, pid):
        """A jail sleeps until all of its processes have ended, or its time is over."""
        import select
        if self.poll is None:
            self.poll = select.poll()
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        self.poll.register(descriptor, select.POLLIN)
        self.running[descriptor] = (jail, pid)
        jail.pids.add(pid)
        jail.sleeping = True
        jail.queue.remove(jail)
        index = len(self.sleeping)
        if jail.deadline is not None:
            index = next((number for number, other in enumerate(self.sleeping)
                          if other.deadline is None or jail.deadline <= other.deadline), index)
        self.sleeping.insert(index, jail)
        jail.queue = self.sleeping

    def _next_ended(self, busy):
        while self.sleeping:
            first = self.sleeping[0]
            left = None if first.deadline is None else first.deadline - time.monotonic()
            if left is not None and left <= 0:
                return self._give_up(first)
            wait = 0 if busy else None if left is None else max(1, int(left * 1000))
            found = self.poll.poll(wait)
            for descriptor, _ in found[:1]:
                jail, pid = self._forget(descriptor)
                jail.status, jail.usage = _reaped(pid)
                if not jail.pids:
                    return jail
            if not found and busy:
                return None
        return None

    def _forget(self, descriptor):
        self.poll.unregister(descriptor)
        os.close(descriptor)
        jail, pid = self.running.pop(descriptor)
        jail.pids.discard(pid)
        return jail, pid

    def _give_up(self, jail):
        """What takes too long is left alone."""
        for descriptor in [fd for fd, (other, _) in self.running.items() if other is jail]:
            self._forget(descriptor)
        jail.timed_out = True
        return jail

    # ---- dependencies

    def link(self):
        """Who depends on whom; complains of who is not there, and of loops."""
        self.by_name = sorted(self.idle, key=lambda jail: jail.name)
        links = light_links = 0
        for jail in self.idle:
            if jail.failed:
                continue
            for name in jail.texts("depend"):
                needed = self.find(name)
                if needed is None:
                    self.warn(jail, 'depends on undefined jail "%s"' % name)
                    jail.failed = True
                else:
                    links += 1
                    self._link(jail, needed, False)
            parent = self.find(jail.name.rpartition(".")[0]) if "." in jail.name else None
            if parent is not None:
                light_links += 1
                self._link(jail, parent, True)
        if links and (links > 1 or light_links):
            self._find_loops()

    @staticmethod
    def _link(jail, needed, light):
        link = Link(jail, needed, light)
        jail.on.append(link)
        needed.of.append(link)

    def find(self, name):
        """By bsearch(3): of two of one name it meets one."""
        start, length = 0, len(self.by_name)
        while length:
            middle = start + length // 2
            jail = self.by_name[middle]
            if jail.name == name:
                return jail
            if jail.name < name:
                start = middle + 1
                length -= 1
            length //= 2
        return None

    def _find_loops(self):
        self.start_all(0, False)
        while self.ready:
            self._pass(self.ready[0])
        while self.waiting:
            jail = self.waiting[0]
            self.warn(jail, "dependency loop")
            jail.failed = True
            self._pass(jail)
            while self.ready:
                self._pass(self.ready[0])
        for jail in self.idle:
            for link in jail.on:
                link.seen = False

    def _pass(self, jail):
        self.move(jail, self.idle)
        self.done(jail, lenient=True)

    def start_all(self, operation, by_wildcard):
        for jail in list(self.idle):
            self.set_to(jail, operation, by_wildcard)
            self.move(jail, self.waiting if jail.awaited else self.ready)

    def start(self, jail, operation, by_wildcard=False):
        self.set_to(jail, operation, by_wildcard)
        self.move(jail, self.ready)

    def set_to(self, jail, operation, by_wildcard):
        jail.operation = operation
        jail.by_wildcard = by_wildcard
        jail.implied = False
        self.reset(jail)

    @staticmethod
    def reset(jail):
        jail.awaited = len(jail.of if stops(jail) else jail.on)

    def must_wait(self, jail):
        """Whether a jail waits for others, who then are to do alike."""
        if jail.awaited == 0:
            return False
        backwards = stops(jail)
        waits = 0
        for link in jail.of if backwards else jail.on:
            if link.seen:
                continue
            other = link.jail if backwards else link.needed
            if other.failed:
                if not jail.implied and not jail.failed and not self.quiet:
                    self.warn(jail, "skipped")
                jail.failed = True
                continue
            self._draw_in(jail, other)
            there = other.jid is not None and other.jid > 0
            gone = other.jid is not None and other.jid < 0
            if not (link.light and (gone if backwards else there)):
                waits += 1
        if not waits:
            return False
        self.move(jail, self.waiting)
        return True

    def _draw_in(self, jail, other):
        if bin(other.operation).count("1") > 1:
            return
        afresh = False
        if not other.operation:
            afresh = True
            other.implied = True
            self.move(other, self.ready)
        if jail.operation == START:
            other.operation |= START
        elif jail.operation == SET:
            if not other.operation:
                other.operation |= SET
            elif other.operation & STOP:
                other.operation |= START
        elif jail.operation in (STOP, STOP | START):
            afresh = afresh or not other.operation & STOP
            other.operation |= STOP
            if other.operation & SET:
                other.operation ^= START | SET
        if afresh:
            self.reset(other)

    def done(self, jail, lenient=False, lightly=False):
        """Whoever has waited for a jail goes on, or is skipped if it has failed."""
        backwards = stops(jail)
        for link in jail.on if backwards else jail.of:
            if link.seen or lightly and not link.light:
                continue
            link.seen = True
            other = link.needed if backwards else link.jail
            if not lenient and jail.failed and not (jail.operation == SET and jail.implied):
                if not other.implied and not other.failed and not self.quiet:
                    self.warn(other, "skipped")
                other.failed = True
            other.awaited -= 1
            if other.awaited == 0 and other.queue is self.waiting:
                self.move(other, self.ready)


def _reaped(pid):
    """(status, usage) of a child; of whoever is none, nothing."""
    try:
        _, status, usage = os.wait4(pid, 0)
        return status, usage
    except ChildProcessError:
        return 0, None
