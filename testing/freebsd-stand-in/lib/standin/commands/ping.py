"""ping(8): asks with ICMP whether a host is there, by a raw socket as on FreeBSD."""

import _socket
import math
import os
import select
import signal
import struct
import sys
import time

from .. import options, viewpoint
from ..errors import EPERM, Exit, Failure, Usage

_USAGE = """usage: ping [-AaDdfnoQqRrv] [-c count] [-G sweepmaxsize] [-g sweepminsize]
            [-h sweepincrsize] [-i wait] [-l preload] [-M mask | time] [-m ttl]
            [-P policy] [-p pattern] [-S src_addr] [-s packetsize] [-t timeout]
            [-W waittime] [-z tos] host
       ping [-AaDdfLnoQqRrv] [-c count] [-I iface] [-i wait] [-l preload]
            [-M mask | time] [-m ttl] [-P policy] [-p pattern] [-S src_addr]
            [-s packetsize] [-T ttl] [-t timeout] [-W waittime]
            [-z tos] mcast-group"""
_EX_USAGE, _EX_NOHOST, _EX_OSERR = 64, 68, 71

_ICMP, _ICMP6 = 1, 58
#: FreeBSD's words for what Linux says otherwise.
_SAID = {101: "Network is unreachable", 113: "No route to host", 99: "Can't assign requested address",
         22: "Invalid argument", 1: EPERM, 90: "Message too long", 105: "No buffer space available"}


class _Asked:
    def __init__(self, arguments):
        letters, words = options.parse("ping", arguments, "46Aac:DdfG:g:h:I:i:Ll:M:m:nop:QqRrS:s:T:t:vW:z:",
                                       _USAGE, _EX_USAGE)
        self.flags = {letter for letter, _ in letters}
        given = dict(letters)
        self.count = _integer(given, "c", "invalid count of packets to transmit: `%s'", 1) or 0
        self.size = _integer(given, "s", "invalid packet size: `%s'", 0)
        self.size = 56 if self.size is None else self.size
        self.timeout = _integer(given, "t", "invalid timeout: `%s'", 1)
        self.ttl = _integer(given, "m", "invalid TTL: `%s'", 0, 255)
        waittime = _integer(given, "W", "invalid timing interval: `%s'", 1)
        self.waittime = 10 if waittime is None else waittime / 1000
        self.interval = _seconds(given["i"]) if "i" in given else 0.01 if "f" in self.flags else 1
        self.source = given.get("S")
        if len(words) != 1:
            raise Usage(_USAGE, _EX_USAGE)
        self.target = words[0]


def _integer(given, letter, text, least, most=2 ** 31 - 1):
    if letter not in given:
        return None
    word = given[letter]
    if not word.isdigit() or not least <= int(word) <= most:
        raise Failure(text % word, _EX_USAGE)
    return int(word)


def _seconds(word):
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1
    if not seconds > 0:
        raise Failure("invalid timing interval: `%s'" % word, _EX_USAGE)
    return seconds


def run(host, name, arguments):
    asked = _Asked(arguments)
    with host.locked() as state:
        jail = viewpoint.jail(state)
        values = jail["values"] if jail else {}
        refused = jail is not None and values["vnet"] != 1 and not values["allow.raw_sockets"]
        six = ":" in asked.target and host.release >= (13, 0)
    if refused:
        raise Failure("ssend socket: " + EPERM, _EX_OSERR)
    source = asked.source
    if source is None and values.get("ip4.addr") and not six:
        source = values["ip4.addr"][0]
    return _Pinging(asked, _resolved(asked.target, six), six, source).run()


def _resolved(target, six):
    if six:
        try:
            return _socket.inet_ntop(10, _socket.inet_pton(10, target.partition("%")[0]))
        except OSError:
            raise Failure("cannot resolve %s: Unknown host" % target, _EX_NOHOST) from None
    try:
        return _socket.inet_ntoa(_socket.inet_aton(target))
    except OSError:
        pass
    try:
        return _socket.gethostbyname(target)
    except OSError:
        raise Failure("cannot resolve %s: Unknown host" % target, _EX_NOHOST) from None


class _Pinging:
    """One call: what was sent, what came back, and how long that took."""

    def __init__(self, asked, address, six, source):
        self.asked = asked
        self.address = address
        self.six = six
        self.sent = self.repeated = 0
        self.times = []
        self.came = set()
        self.departed = {}
        self.number = os.getpid() & 0xFFFF
        try:
            self.socket = _socket.socket(10 if six else 2, _socket.SOCK_RAW, _ICMP6 if six else _ICMP)
        except OSError:
            raise Failure("ssend socket: " + EPERM, _EX_OSERR) from None
        if asked.ttl is not None:
            self.socket.setsockopt(0, _socket.IP_TTL, asked.ttl)
        if source is not None:
            self._bind(source)

    def _bind(self, source):
        try:
            self.socket.bind((source, 0))
        except OSError:
            if self.asked.source is not None:
                raise Failure("bind: Can't assign requested address", 1) from None

    # ---- the exchange

    def run(self):
        signal.signal(signal.SIGINT, self._interrupted)
        quiet = "q" in self.asked.flags
        if self.six:
            print("PING6(%d=40+8+%d bytes) %s --> %s"
                  % (48 + self.asked.size, self.asked.size, self._own(), self.address))
        else:
            print("PING %s (%s): %d data bytes" % (self.asked.target, self.address, self.asked.size))
        sys.stdout.flush()
        end = time.monotonic() + self.asked.timeout if self.asked.timeout else math.inf
        next_time = time.monotonic()
        while time.monotonic() < end:
            now = time.monotonic()
            if now >= next_time:
                if self.asked.count and self.sent >= self.asked.count:
                    break
                self._send()
                next_time = now + self.asked.interval
                if self.asked.count and self.sent >= self.asked.count:
                    # The last one is waited for.
                    next_time = now + self.asked.waittime
            if self._receive(min(next_time, end), quiet):
                break
        self._finish()
        return 0 if self.times else 2

    def _own(self):
        probe = _socket.socket(10, 2, 0)
        try:
            probe.connect((self.address, 1))
            return probe.getsockname()[0]
        except OSError:
            return "::"
        finally:
            probe.close()

    def _send(self):
        body = bytes(index & 0xFF for index in range(8, max(8, self.asked.size)))
        stamp = struct.pack("=d", time.monotonic())[:self.asked.size]
        head = struct.pack(">BBHHH", 128 if self.six else 8, 0, 0, self.number, self.sent & 0xFFFF)
        packet = head + stamp + body[:max(0, self.asked.size - 8)]
        if not self.six:
            packet = packet[:2] + struct.pack(">H", _checksum(packet)) + packet[4:]
        self.departed[self.sent & 0xFFFF] = time.monotonic()
        self.sent += 1
        try:
            self.socket.sendto(packet, (self.address, 0))
        except OSError as error:
            sys.stdout.flush()
            sys.stderr.write("ping: sendto: %s\n" % _SAID.get(error.errno, error.strerror))
            sys.stderr.flush()

    def _receive(self, until, quiet):
        """Prints what comes until a time; whether all is done."""
        while True:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return False
            data, origin = self.socket.recvfrom(65536)
            arrived = time.monotonic()
            ttl = 64 if self.six else data[8]
            answer = data if self.six else data[(data[0] & 15) * 4:]
            if len(answer) < 8 or answer[0] != (129 if self.six else 0):
                continue
            number, sequence = struct.unpack_from(">HH", answer, 4)
            if number != self.number:
                continue
            taken = 1000 * (arrived - self.departed.get(sequence, arrived))
            again = sequence in self.came
            if again:
                self.repeated += 1
            else:
                self.came.add(sequence)
                self.times.append(taken)
            if not quiet:
                words = (len(answer), origin[0], sequence, ttl, taken)
                text = "%d bytes from %s, icmp_seq=%d hlim=%d time=%.3f ms" if self.six \
                    else "%d bytes from %s: icmp_seq=%d ttl=%d time=%.3f ms"
                print(text % words + (" (DUP!)" if again else ""))
                sys.stdout.flush()
            if "o" in self.asked.flags or self.asked.count and len(self.times) >= self.asked.count:
                return True

    # ---- the end

    def _interrupted(self, *_):
        self._finish()
        raise Exit(0 if self.times else 2)

    def _finish(self):
        received = len(self.times)
        print("\n--- %s %s statistics ---" % (self.asked.target, "ping6" if self.six else "ping"))
        line = "%d packets transmitted, %d packets received, " % (self.sent, received)
        if self.repeated:
            line += "+%d duplicates, " % self.repeated
        if self.sent:
            line += "%.1f%% packet loss" % (100.0 * (self.sent - received) / self.sent)
        print(line)
        if received:
            mean = sum(self.times) / received
            deviation = math.sqrt(max(0.0, sum(one * one for one in self.times) / received - mean * mean))
            print("round-trip min/avg/max/%s = %.3f/%.3f/%.3f/%.3f ms"
                  % ("std-dev" if self.six else "stddev", min(self.times), mean, max(self.times), deviation))
        sys.stdout.flush()


def _checksum(packet):
    packet += b"\0" * (len(packet) % 2)
    total = sum(struct.unpack(">%dH" % (len(packet) // 2), packet))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
