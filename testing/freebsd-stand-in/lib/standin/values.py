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
    return text or ""


def boolean(name, text):
    """A value of a switch; None is the name alone."""
    if text is None:
        return 1
    if text == "" :
        return 0
    if text.lower() in ("true", "false"):
        return int(text.lower() == "true")
    try:
        return int(int(text, 10) != 0)
    except ValueError:
        raise KernelError('%s: unknown boolean value "%s"' % (name, text)) from None


def _bool(parameter, name, text):
    number = boolean(name, text)
    return number if name == parameter.name else 1 - number


def _jailsys(name, text):
    if text is None or text == "":
        return parameters.NEW
    if text.lower() in JAILSYS:
        return JAILSYS[text.lower()]
    try:
        return int(text, 10)
    except ValueError:
        raise KernelError('%s: unknown jailsys value "%s"' % (name, text)) from None


def _integer(parameter, name, text):
    if text in (None, ""):
        return 0
    try:
        number = int(text, 10) if text.strip() == text and "_" not in text else None
    except ValueError:
        number = None
    if number is None:
        raise KernelError('%s: non-integer value "%s"' % (name, text))
    if parameter.kind == "ulong":
        # strtoul(3) stops at the most.
        return min(number, (1 << 64) - 1) if number >= 0 else number % (1 << 64)
    return number


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
