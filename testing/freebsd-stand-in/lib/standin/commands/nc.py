"""nc(1): netcat, the program itself, after what FreeBSD's kernel does about the addresses of jails.

In a jail that has addresses of the host's stack, a socket that is bound to none gets the first of them,
and one without addresses of a family has no sockets of it.
"""

import _socket
import os

from .. import lingering, options, place
from ..errors import EADDRNOTAVAIL, Exit, Failure
from ..parameters import INHERIT, NEW

_PROGRAM = "/usr/libexec/stand-in/nc"
#: Ports below are root's: ip(4).
_RESERVED = 1024
_LETTERS = "46DdE:e:FhI:i:klM:m:NnO:oP:p:rSs:T:tUuV:vW:w:X:x:z"


def run(host, name, arguments):
    with host.locked() as state:
        jail = place.jail(state)
        if jail is not None and jail["values"]["vnet"] != NEW:
            arguments = _in_jail(jail, arguments)
    try:
        os.execv(_PROGRAM, [name] + arguments)
    except OSError as error:
        raise Failure("%s: %s: install netcat-openbsd" % (_PROGRAM, error.strerror), 127) from None


def _in_jail(jail, arguments):
    try:
        letters, words = options.parse("nc", arguments, _LETTERS, "")
    except Exception:
        return arguments
    given = dict(letters)
    if "U" in given or not words:
        return arguments
    if "l" in given:
        return _listening(jail, arguments, given, words)
    return _connecting(jail, arguments, given, words)


def _version(host):
    return "6" if ":" in host else "4"


def _addresses(jail, version):
    """The addresses of a jail; None is all of the host's."""
    values = jail["values"]
    if values["ip%s.addr" % version]:
        return values["ip%s.addr" % version]
    return None if values["ip" + version] == INHERIT else []


def _listening(jail, arguments, given, words):
    target, port = words[0] if len(words) > 1 else "", words[-1]
    version = "6" if "6" in given else _version(target)
    addresses = _addresses(jail, version)
    if addresses == []:
        raise Failure("Protocol not supported")
    if port.isdigit() and int(port) < _RESERVED and not jail["values"]["allow.reserved_ports"]:
        raise Failure("Permission denied")
    if "u" not in given:
        _took(jail, port)
    if addresses is None:
        return arguments
    if target in ("", "0.0.0.0", "::", "127.0.0.1", "::1"):
        target = addresses[0]
    elif _is_address(target) and target not in addresses:
        raise Failure(EADDRNOTAVAIL)
    return arguments[:len(arguments) - len(words)] + [target, port]


def _connecting(jail, arguments, given, words):
    addresses = _addresses(jail, "6" if "6" in given else _version(words[0]))
    if addresses == []:
        raise Exit(1)
    before = []
    if addresses and "s" not in given:
        before += ["-s", addresses[0]]
    if "u" not in given and len(words) == 2 and words[1].isdigit():
        if "p" not in given:
            before += ["-p", str(_free_port())]
        _took(jail, given.get("p", before[-1] if before else ""))
    return before + arguments


def _took(jail, port):
    if port.isdigit():
        lingering.took(jail, int(port))


def _free_port():
    asked = _socket.socket(2, 1, 0)
    try:
        asked.bind(("", 0))
        return asked.getsockname()[1]
    finally:
        asked.close()


def _is_address(text):
    try:
        _socket.inet_pton(10 if ":" in text else 2, text)
        return True
    except OSError:
        return False
