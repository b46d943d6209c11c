"""Values of parameters between text and kernel: libjail's jailparam_import and jailparam_export."""

import ipaddress

from . import parameters
from .errors import KernelError
from .parameters import JAILSYS, JAILSYS_NAMES


def import_value(parameter, name, text):
    """What a text means; `name` is as it was given, with its "no".

    Raises KernelError with libjail's text.
    """
    if parameter.kind == "bool":
        return _bool(parameter, name, text)
    if parameter.kind == "jailsys":
        return _jailsys(name, text)
    if parameter.kind in ("int", "uint", "ulong"):
        return _integer(parameter, name, text)
    if parameter.kind in ("ip4", "ip6"):
        return _addresses(parameter, name, text)
    if text is None and parameter.name.partition(".")[0] in parameters.KEYED:
        # The name alone of a key takes the key away.
        return None if "." in parameter.name else ""
    return text or ""


def boolean(name, text):
    """A value of a switch; None is the name alone."""
    if text is None:
        return 1
    if text == "" :
        return 0
    if text.lower() in ("true", "false"):
        return int(text.lower() == "true")
    number = _long(text)
    if number is None:
        raise KernelError('%s: unknown boolean value "%s"' % (name, text))
    return int(_int(number) != 0)


def _bool(parameter, name, text):
    number = boolean(name, text)
    return number if name == parameter.name else 1 - number


def _jailsys(name, text):
    if text is None or text == "":
        return parameters.NEW
    if text.lower() in JAILSYS:
        return JAILSYS[text.lower()]
    number = _long(text)
    if number is None:
        raise KernelError('%s: unknown jailsys value "%s"' % (name, text))
    return _int(number)


def _integer(parameter, name, text):
    if text in (None, ""):
        return 0
    number = integer(name, text)
    if parameter.kind == "ulong":
        # strtoul(3) stops at the most.
        return min(number, (1 << 64) - 1) if number >= 0 else number % (1 << 64)
    number = _int(_long(text))
    return number % (1 << 32) if parameter.kind == "uint" else number


def integer(name, text):
    """A number of jail(8)'s own parameters."""
    number = _digits(text)
    if number is None:
        raise KernelError('%s: non-integer value "%s"' % (name, text))
    return number


def _digits(text):
    """The number that the whole of a text is to strtol(3), without its limits; None if it is none."""
    text = text.lstrip(" \t\n\v\f\r")
    digits = text[1:] if text[:1] in ("-", "+") else text
    return int(text) if digits.isascii() and digits.isdigit() else None


def _long(text):
    """As strtol(3), which stops at the least and at the most."""
    number = _digits(text)
    return None if number is None else max(-(1 << 63), min((1 << 63) - 1, number))


def _int(number):
    """What an int keeps of a long."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def _addresses(parameter, name, text):
    if text in (None, "", "-"):
        return []
    version = 4 if parameter.kind == "ip4" else 6
    found = []
    for part in text.split(","):
        try:
            address = ipaddress.ip_address(part)
        except ValueError:
            address = None
        if address is None or address.version != version or "%" in part:
            raise KernelError("%s: not an IPv%d address: %s" % (name, version, part))
        found.append(str(address))
    return found


def export(parameter, value):
    """The text of a value."""
    if parameter.kind == "bool":
        return "true" if value else "false"
    if parameter.kind == "jailsys":
        return JAILSYS_NAMES.get(value, str(value))
    if parameter.kind in ("ip4", "ip6"):
        return ",".join(value)
    return str(value)
