"""Numbers with units: expand_number(3) and humanize_number(3)."""

import re

_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
_SHIFTS = {"": 0, "b": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50, "e": 60}
_MOST = (1 << 64) - 1


def expand(text, release):
    """The number that a text with a unit means; None if it means none.

    As in C: a leading 0 is octal, 0x hexadecimal. One letter is looked at, so that "64MB" and
    "1Gfoo" pass; 15 takes nothing behind the unit but "B" and "iB".
    """
    number, rest = _leading(text)
    if release >= (15, 0):
        if number is None or "-" in text[:len(text) - len(rest)] \
                or not re.fullmatch(r"([kmgtpe](i?b)?|b)?", rest.lower()):
            return None
    unit = rest[:1].lower()
    if unit not in _SHIFTS or number is not None and abs(number) > _MOST:
        return None
    # What is no number at all is 0, as strtoumax(3) has it: "k" is 0k.
    number = (number or 0) % (1 << 64)
    number <<= _SHIFTS[unit]
    return number if number <= _MOST else None


def _leading(text):
    match = _NUMBER.match(text)
    if match is None:
        return None, text
    sign, digits = match.groups()
    if digits[:2].lower() == "0x":
        number = int(digits, 16)
    elif digits[0] == "0":
        number = int(digits, 8)
    else:
        number = int(digits)
    return (-number if sign == "-" else number), text[match.end():]


def humanize(number):
    """As rctl(8) prints it: the next unit when four digits no longer fit, and a tenth below 10 of it:
    9.8K, 2132K, 1024G."""
    units = ["", "K", "M", "G", "T", "P", "E"]
    scaled, unit = float(number), 0
    while unit < len(units) - 1 and scaled >= (9999.5 if unit else 10000):
        scaled /= 1024
        unit += 1
    if unit and scaled < 9.95:
        return "%.1f%s" % (scaled, units[unit])
    return "%d%s" % (int(scaled + 0.5), units[unit])


def short(number, unit=1024):
    """humanize_number(3) as df(1) and ls(1) have it, in four places: 10M, 4.0K, 0B."""
    scaled, step = float(number), 0
    while step < 6 and scaled >= (999.5 if step else 1000):
        scaled /= unit
        step += 1
    letter = ("BKMGTPE" if unit == 1024 else "BkMGTPE")[step]
    return "%.1f%s" % (scaled, letter) if step and scaled < 9.95 else "%d%s" % (int(scaled + 0.5), letter)
