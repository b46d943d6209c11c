"""fstab(5)."""

from collections import namedtuple

Entry = namedtuple("Entry", "special dir type options")

USUAL = "/etc/fstab"


def read(path):
    """The entries of an fstab, in order; lines that have no four fields are passed over.

    Raises OSError.
    """
    entries = []
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            fields = [_plain(field) for field in line.split()]
            if len(fields) >= 4 and not fields[0].startswith("#"):
                entries.append(Entry(fields[0], fields[1], fields[2], fields[3].split(",")))
    return entries


def _plain(field):
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field
