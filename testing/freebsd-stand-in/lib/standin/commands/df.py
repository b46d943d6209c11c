"""df(1): how much of file systems is used."""

import os

from .. import amounts, mounts, options, viewpoint, xo
from ..command import warn
from ..errors import EPERM
from .mount import fits

_USAGE = """usage: df [-b | -g | -H | -h | -k | -m | -P] [-acilnT,] [-t type] [file | filesystem ...]"""
_SIZES = {"b": 512, "P": 512, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_PAGE = 4096


class _Usage:
    """What statfs(2) says of one file system."""

    def __init__(self, special, kind, directory, size=1, counts=(0, 0, 0), files=(0, 0)):
        self.special, self.kind, self.directory = special, kind, directory
        self.size = size
        self.blocks, self.free, self.available = counts
        self.files, self.free_files = files

    @property
    def used(self):
        return self.blocks - self.free

    def bytes(self):
        """(all, used, available)."""
        return self.blocks * self.size, self.used * self.size, self.available * self.size


def _usage_of(mount):
    """The file systems that have no blocks tell of two of 512 bytes, or of one page."""
    special, kind, directory = mount["special"], mount["type"], mount["dir"]
    if kind in ("devfs", "fdescfs"):
        return _Usage(special, kind, directory, 512, (2, 0, 0))
    if kind in ("procfs", "linprocfs", "linsysfs"):
        return _Usage(special, kind, directory, _PAGE, (1, 0, 0))
    found = os.statvfs(directory)
    counts = (found.f_blocks, found.f_bfree, found.f_bavail)
    files = (found.f_files, found.f_ffree)
    if kind == "tmpfs":
        # Its root takes a page.
        page = max(_PAGE // found.f_frsize, 1)
        counts = (counts[0], counts[1] - page, counts[2] - page)
    return _Usage(special, kind, directory, found.f_frsize, counts, files)


def run(host, name, arguments):
    """Returns 1 if a file was not found."""
    output, arguments = xo.parse_arguments(name, arguments)
    output.version = "1"
    letters, words = options.parse(name, arguments, "abcgHhiklmnPTt:,", _USAGE)
    values = dict(letters)
    status, chosen = 0, []
    with host.locked() as state:
        seen = mounts.seen(state, viewpoint.jail(state))
    for word in words:
        mount = _mount_of(seen, word)
        if isinstance(mount, str):
            warn(name, "%s: %s" % (word, mount))
            status = 1
        else:
            chosen.append(mount)
    if not words:
        # What is covered is not to be reached.
        last = {mount["dir"]: mount for mount in seen}
        chosen = [mount for mount in seen if last[mount["dir"]] is mount
                  and fits(mount["type"], values.get("t"))
                  and ("l" not in values or "local" in mount["flags"])]
    if chosen:
        how = _format([letter for letter, _ in letters])
        _print(output, [_usage_of(mount) for mount in chosen], how, values)
    return status


def _mount_of(seen, word):
    """The mount that a file is on, or that has a special; the text of an error."""
    special = mounts.of_special(seen, word)
    if special is not None and not os.path.isdir(word):
        return special
    try:
        path = mounts.resolve(word)
    except mounts.Unresolved as error:
        return error.text
    for mount in reversed(seen):
        if mounts.is_below(path, mount["dir"]):
            return mount
    return EPERM


def _format(letters):
    """(the heading of sizes, the size of a block): None of what is for people."""
    size = None
    for letter in letters:
        if letter in "Hh":
            size = letter
        elif letter in _SIZES:
            size = _SIZES[letter]
    if size == "h":
        return "   Size", None
    if size == "H":
        return "   Size", 1000
    if size is None:
        size = _block_size(os.environ.get("BLOCKSIZE", ""))
    for shift, letter in ((30, "G"), (20, "M"), (10, "K")):
        if size % (1 << shift) == 0:
            return "%d%s-blocks" % (size >> shift, letter), size
    return "%d-blocks" % size, size


def _block_size(text):
    """getbsize(3): BLOCKSIZE."""
    digits = text.rstrip("kKmMgG")
    if not text or len(text) - len(digits) > 1 or digits and not digits.isdigit():
        return 512
    shift = {"k": 10, "m": 20, "g": 30}.get(text[len(digits):].lower(), 0)
    return min(max((int(digits) if digits else 1) << shift, 512), 1 << 30)


def _print(output, found, how, values):
    heading, size = how
    human = heading.strip() == "Size"
    if "c" in values:
        found.append(_total(found))

    def shown(amount):
        if not human:
            return str(amount // size)
        return amounts.short(amount, size or 1024)

    rows = [[shown(amount) for amount in one.bytes()] for one in found]
    widths = [7, 7, 7] if human else [
        max([len(title)] + [len(row[column]) for row in rows])
        for column, title in enumerate((heading, "Used", "Avail"))]
    first = max([10] + [len(one.special) for one in found])
    second = max([4] + [len(one.kind) for one in found])
    line = "%-*s" % (first, "Filesystem")
    if "T" in values:
        line += "  %-*s" % (second, "Type")
    line += " %*s %*s %*s Capacity" % (widths[0], heading, widths[1], "Used", widths[2], "Avail")
    if "i" in values:
        line += "   iused   ifree %iused"
    output.text(line + "  Mounted on\n")
    output.open_container("storage-system-information")
    output.open_list("filesystem")
    for one, row in zip(found, rows):
        output.open_instance("filesystem")
        _row(output, one, row, (first, second, widths), values)
        output.close()
    output.finish()


def _row(output, one, row, widths, values):
    first, second, sizes = widths
    output.value("name", one.special)
    output.text("%-*s" % (first, one.special))
    if "T" in values:
        output.value("type", one.kind)
        output.text("  %-*s" % (second, one.kind))
    for width, name, text in zip(sizes, ("total-blocks", "used-blocks", "available-blocks"), row):
        output.value(name, text, number=text.isdigit())
        output.text(" %*s" % (width, text))
    reached = one.available + one.used
    percent = "%.0f" % (100.0 * one.used / reached if reached else 100.0)
    output.value("used-percent", percent, number=True)
    output.text(" %5s%%" % percent)
    if "i" in values:
        used = one.files - one.free_files
        share = "%.0f" % (100.0 * used / one.files if one.files else 100.0)
        for name, text in (("inodes-used", str(used)), ("inodes-free", str(one.free_files))):
            output.value(name, text, number=True)
            output.text(" %7s" % text)
        output.value("inodes-used-percent", share, number=True)
        output.text(" %5s%% " % share)
    else:
        output.text("  ")
    output.value("mounted-on", one.directory)
    output.text("  %s\n" % one.directory)


def _total(found):
    """The line of -c."""
    totals = [sum(one.bytes()[column] for one in found) for column in range(3)]
    return _Usage("total", "", "", 1, (totals[0], totals[0] - totals[1], totals[2]),
                  (sum(one.files for one in found), sum(one.free_files for one in found)))
