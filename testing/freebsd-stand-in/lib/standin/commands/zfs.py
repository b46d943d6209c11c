"""zfs(8): the datasets of the host's pool."""

import os
import sys
import time

from .. import datasets, place
from ..errors import EBUSY, Exit, KernelError, Usage

_USAGES = {
    "create": "create [-pu] [-o property=value] ... <filesystem>\n"
              "\tcreate [-ps] [-b blocksize] [-o property=value] ... -V <size> <volume>",
    "destroy": "destroy [-fnpRrv] <filesystem|volume>\n\tdestroy [-dnpRrv] <filesystem|volume>@<snap>",
    "snapshot": "snapshot|snap [-r] [-o property=value] ... <filesystem@snapname|volume@snapname> ...",
    "rollback": "rollback [-rRf] <snapshot>",
    "clone": "clone [-p] [-o property=value] ... <snapshot> <filesystem|volume>",
    "rename": "rename [-f] <filesystem|volume|snapshot> <filesystem|volume|snapshot>",
    "list": "list [-Hp] [-r|-d max] [-o property[,...]] [-s property]...\n"
            "\t    [-S property]... [-t type[,...]] [filesystem|volume|snapshot] ...",
    "set": "set <property=value> ... <filesystem|volume|snapshot> ...",
    "get": "get [-rHp] [-d max] [-o \"all\" | field[,...]]\n\t    [-t type[,...]] [-s source[,...]]\n"
           "\t    <\"all\" | property[,...]> [filesystem|volume|snapshot|bookmark] ...",
    "inherit": "inherit [-rS] <property> <filesystem|volume|snapshot> ...",
    "mount": "mount\n\tmount [-vO] [-o opts] <-a | filesystem>",
    "unmount": "unmount|umount [-f] <-a | filesystem|mountpoint>",
    "jail": "jail <jailid|jailname> <filesystem>",
    "unjail": "unjail <jailid|jailname> <filesystem>",
}
_OTHERS = {"snap": "snapshot", "umount": "unmount"}
_LETTERS = {"create": "puso:b:V:", "destroy": "fnpRrvd", "snapshot": "ro:", "rollback": "rRf", "clone": "po:",
            "rename": "frpu", "list": "Hprd:o:s:S:t:", "set": "", "get": "rHpd:o:t:s:", "inherit": "rS",
            "mount": "vOo:al", "unmount": "fa", "jail": "", "unjail": ""}
_VALID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.: "


def run(host, name, arguments):
    if not arguments:
        raise Usage("missing command\n" + _all_usages(), 2)
    command = _OTHERS.get(arguments[0], arguments[0])
    if command in ("-?", "help", "--help"):
        raise Usage(_all_usages(), 0)
    if command not in _USAGES:
        raise Usage("unrecognized command '%s'\n%s" % (arguments[0], _all_usages()), 2)
    with host.locked() as state:
        return _Call(host, state, command, arguments[1:]).run()


def _all_usages():
    return "usage: zfs command args ...\nwhere 'command' is one of the following:\n\n\t" \
        + "\n\t".join(_USAGES.values()) \
        + "\n\nEach dataset is of the form: pool/[dataset/]*dataset[@name]\n" \
          "\nFor the property list, run: zfs set|get\n"


def human(number):
    """A size as zfs(8) shows it."""
    if not isinstance(number, int):
        return str(number)
    units, size = " KMGTPE", number
    index = 0
    while size >= 1024 and index < 6:
        size /= 1024
        index += 1
    if index == 0:
        return str(number) if number else "0"
    for digits in (2, 1, 0):
        text = "%.*f" % (digits, size)
        if len(text) <= 4 or digits == 0:
            return (text.rstrip("0").rstrip(".") if number % (1 << 10 * index) == 0 and "." in text
                    else text) + units[index]
    return text + units[index]


class _Call:
    def __init__(self, host, state, command, arguments):
        self.host = host
        self.state = state
        self.command = command
        jail = place.jail(state)
        if jail is not None and not os.path.exists("/dev/zfs"):
            self.fail("internal error: failed to initialize ZFS library")
        self.jid = jail["jid"] if jail else 0
        try:
            self.letters, self.words = options_of(arguments, _LETTERS[command])
        except ValueError as error:
            self.usage("%s" % error)
        self.flags = {letter for letter, _ in self.letters}
        self.given = dict(self.letters)
        self.datasets = datasets.all_of(state)

    def run(self):
        return getattr(self, self.command)() or 0

    # ---- refusals

    def say(self, text):
        sys.stdout.flush()
        sys.stderr.write(text + "\n")

    def fail(self, text, status=1):
        self.say(text)
        raise Exit(status)

    def usage(self, text=None):
        raise Usage((text + "\n" if text else "") + "usage:\n\t" + _USAGES[self.command] + "\n"
                    + "\nFor the property list, run: zfs set|get\n"
                    + "\nFor the delegated permission list, run: zfs allow|unallow", 2)

    def need_root(self, doing):
        if os.geteuid() != 0:
            self.fail("%s: permission denied" % doing)

    def arguments(self, least, most, missing):
        if len(self.words) < least:
            self.usage(missing[len(self.words)] if len(self.words) < len(missing) else missing[-1])
        if most is not None and len(self.words) > most:
            self.usage("too many arguments")

    def sees(self, name):
        """In a jail: what was given to it, and the way there."""
        if not self.jid:
            return True
        return any(one["jail"] == self.jid and (name == other or name.startswith((other + "/", other + "@"))
                                                or other.startswith(name + "/"))
                   for other, one in self.datasets.items())

    def open(self, name, kinds=("filesystem", "volume", "snapshot")):
        self.check_name(name, "open")
        if name not in self.datasets or not self.sees(name):
            self.fail("cannot open '%s': dataset does not exist" % name)
        if self.datasets[name]["type"] not in kinds:
            self.fail("cannot open '%s': operation not applicable to datasets of this type" % name)
        return self.datasets[name]

    def check_name(self, name, doing):
        text = "cannot %s '%s': " % (doing, name)
        for char in name:
            if char not in _VALID + "/@#":
                self.fail(text + "invalid character '%s' in name" % char)
        if name.startswith("/"):
            self.fail(text + "leading slash in name")
        if name.endswith("/"):
            self.fail(text + "trailing slash in name")
        if "//" in name or name.endswith("@") or "/@" in name:
            self.fail(text + "empty component in name" if "//" in name else text
                      + "empty component or misplaced '@' or '#' delimiter in name")
        if name.count("@") > 1:
            self.fail(text + "multiple '@' and/or '#' delimiters in name")
        if not name or len(name) > 255:
            self.fail(text + ("name is too long" if name else "empty component in name"))

    def properties(self, doing):
        """What -o sets."""
        values = {}
        for letter, text in self.letters:
            if letter == "o":
                name, equals, value = text.partition("=")
                if not equals:
                    self.usage("missing '=' for property=value argument")
                if name in values:
                    self.usage("property '%s' specified multiple times" % name)
                values[name] = value
        return self.checked(values, doing)

    def checked(self, values, doing):
        try:
            return dict(datasets.check(name, value) for name, value in values.items())
        except datasets.Refused as refused:
            return self.fail("%s: %s" % (doing, refused))

    # ---- making

    def create(self):
        volume = "V" in self.given
        self.arguments(1, 1, ["missing %s argument" % ("volume" if volume else "filesystem")])
        name = self.words[0]
        doing = "cannot create '%s'" % name
        values = self.properties(doing)
        self.check_name(name, "create")
        if "@" in name:
            self.fail(doing + ": snapshot delimiter '@' is not expected here")
        if volume:
            try:
                values["volsize"] = str(datasets.size_of("volsize", self.given["V"]))
            except datasets.Refused as refused:
                self.fail("bad volume size '%s': %s" % (self.given["V"], refused))
        self.need_root(doing)
        self.make_way(name, doing)
        if name in self.datasets:
            if "p" in self.flags:
                return
            self.fail(doing + ": dataset already exists")
        kind = "volume" if volume else "filesystem"
        self.carefully(lambda: datasets.create(self.state, name, values, kind))

    def make_way(self, name, doing):
        """What is above a new dataset, which -p makes."""
        pool = name.partition("/")[0]
        if pool not in self.datasets:
            self.fail(doing + ": no such pool '%s'" % pool)
        above = name.rpartition("/")[0]
        if above and above not in self.datasets:
            if "p" not in self.flags:
                self.fail(doing + ": parent does not exist")
            self.make_way(above, doing)
            self.carefully(lambda: datasets.create(self.state, above, {}))
        elif above and self.datasets[above]["type"] != "filesystem":
            self.fail(doing + ": parent is not a filesystem")

    def carefully(self, act):
        try:
            act()
        except (KernelError, OSError) as error:
            self.fail("cannot mount: %s" % (error.strerror if isinstance(error, OSError) else error.number))

    def snapshot(self):
        self.arguments(1, None, ["missing snapshot argument"])
        values = self.properties("cannot create snapshot")
        asked = []
        for name in self.words:
            of, at, short = name.partition("@")
            if not at:
                self.usage("invalid snapshot name '%s': missing '@' delimiter" % name)
            if of not in self.datasets:
                self.say("cannot open '%s': dataset does not exist" % of)
                self.usage()
            self.check_name(name, "create snapshot")
            asked += [each + "@" + short for each in
                      [of] + (datasets.below(self.state, of) if "r" in self.flags else [])]
        self.need_root("cannot create snapshots")
        there = [name for name in asked if name in self.datasets]
        if there:
            for name in there:
                self.say("cannot create snapshot '%s': dataset already exists" % name)
            if len(asked) > 1:
                self.say("no snapshots were created")
            raise Exit(1)
        for name in asked:
            datasets.snapshot(self.state, name, dict(values))

    def clone(self):
        self.arguments(2, 2, ["missing source dataset argument", "missing target dataset argument"])
        source, name = self.words
        self.open(source, ("snapshot",))
        doing = "cannot create '%s'" % name
        values = self.properties(doing)
        self.check_name(name, "create")
        self.make_way(name, doing)
        if name in self.datasets:
            if "p" in self.flags:
                return
            self.fail(doing + ": dataset already exists")
        self.need_root(doing)
        self.carefully(lambda: datasets.clone(self.state, source, name, values))

    def rollback(self):
        self.arguments(1, 1, ["missing dataset argument"])
        name = self.words[0]
        self.open(name, ("snapshot",))
        of = name.partition("@")[0]
        listed = datasets.snapshots(self.state, of)
        newer = listed[listed.index(name) + 1:]
        cloned = [clone for each in newer for clone in datasets.clones(self.state, each)]
        doing = "cannot rollback to '%s'" % name
        if newer and not self.flags & {"r", "R"}:
            self.fail(doing + ": more recent snapshots or bookmarks exist\nuse '-r' to force deletion of the"
                      " following snapshots and bookmarks:\n" + "\n".join(newer))
        if cloned and "R" not in self.flags:
            self.fail(doing + ": clones of previous snapshots exist\nuse '-R' to force deletion of the"
                      " following clones and dependents:\n" + "\n".join(cloned))
        self.need_root(doing)
        for each in cloned:
            self.remove(each)
        for each in newer:
            datasets.destroy(self.state, each)
        datasets.rollback(self.state, name)

    def rename(self):
        self.arguments(2, 2, ["missing source dataset argument", "missing target dataset argument"])
        old, new = self.words
        self.open(old)
        doing = "cannot rename to '%s'" % new
        if "@" in old and "@" not in new:
            self.fail(doing + ": snapshot must be part of same dataset" if "/" in new else doing + ": empty"
                      " component or misplaced '@' or '#' delimiter in name")
        self.check_name(new, "rename to")
        if "@" in old and old.partition("@")[0] != new.partition("@")[0]:
            self.fail(doing + ": snapshots must be part of same dataset")
        self.make_way(new.partition("@")[0], "cannot rename '%s'" % old)
        if new in self.datasets:
            self.fail("cannot rename '%s': dataset already exists" % old)
        self.need_root("cannot rename '%s'" % old)
        self.unmounted(old)
        datasets.rename(self.state, old, new)
        if "@" not in new:
            datasets.mount_all(self.state, new)

    # ---- destroying

    def destroy(self):
        self.arguments(1, 1, ["missing dataset argument"])
        name = self.words[0]
        if "@" in name:
            return self.destroy_snapshots(*name.split("@", 1))
        self.open(name)
        doing = "cannot destroy '%s'" % name
        inside = datasets.below(self.state, name)
        if "/" not in name and not inside and not self.flags & {"r", "R"}:
            self.fail("%s: operation does not apply to pools\nuse 'zfs destroy -r %s' to destroy all"
                      " datasets in the pool\nuse 'zpool destroy %s' to destroy the pool itself" % (doing, name, name))
        own = [each for one in [name] + inside for each in datasets.snapshots(self.state, one)]
        kind = self.datasets[name]["type"]
        if inside + own and not self.flags & {"r", "R"}:
            self.fail("%s: %s has children\nuse '-r' to destroy the following datasets:\n%s"
                      % (doing, kind, "\n".join(sorted(inside + own))))
        cloned = self.dependent(own, [name] + inside)
        if cloned and "R" not in self.flags:
            self.fail("%s: %s has dependent clones\nuse '-R' to destroy the following datasets:\n%s"
                      % (doing, kind, "\n".join(cloned)))
        everything = cloned + sorted(own + inside, reverse=True) + ([name] if "/" in name else [])
        if self.told(everything):
            return 0
        self.need_root(doing)
        for each in cloned:
            self.remove(each)
        self.remove(name)
        return 0

    def dependent(self, found, besides=()):
        """The clones of snapshots, and theirs."""
        cloned = []
        for each in found:
            for clone in datasets.clones(self.state, each):
                if clone not in besides:
                    cloned += self.dependent(datasets.snapshots(self.state, clone), besides) + [clone]
        return cloned

    def told(self, names):
        """-v and -n: whether that is all."""
        if self.flags & {"v", "n"}:
            for name in names:
                if "v" in self.flags:
                    print("%s%s" % ("would destroy " if "n" in self.flags else "will destroy ", name))
        return "n" in self.flags

    def destroy_snapshots(self, of, shorts):
        if of not in self.datasets:
            self.fail("cannot open '%s': dataset does not exist" % of)
        wide = [of] + (datasets.below(self.state, of) if self.flags & {"r", "R"} else [])
        found = [one + "@" + short for short in shorts.split(",") for one in wide
                 if one + "@" + short in self.datasets]
        if not found:
            self.fail("could not find any snapshots to destroy; check snapshot names.")
        cloned = self.dependent(found)
        if cloned and "R" not in self.flags:
            if "d" in self.flags:
                return 0
            for each in found:
                mine = self.dependent([each])
                if mine:
                    self.say("cannot destroy '%s': snapshot has dependent clones\nuse '-R' to destroy the"
                             " following datasets:\n%s" % (each, "\n".join(mine)))
            return 1
        if self.told(cloned + found):
            return 0
        self.need_root("cannot destroy snapshots")
        for each in cloned:
            self.remove(each)
        for each in found:
            datasets.destroy(self.state, each)
        return 0

    def remove(self, name):
        """A file system with all that is below it; of a pool the root stays."""
        self.unmounted(name)
        for each in sorted(datasets.below(self.state, name), reverse=True) + [name]:
            for snapshot in datasets.snapshots(self.state, each):
                datasets.destroy(self.state, snapshot)
            if "/" in each:
                datasets.destroy(self.state, each)
        if "/" not in name:
            datasets.mount(self.state, name)

    def unmounted(self, name):
        try:
            datasets.unmount(self.state, name, "f" in self.flags)
        except KernelError as error:
            self.fail("cannot unmount '%s': %s" % (error.text, self.busy(error)))

    def busy(self, error):
        return "pool or dataset is busy" if error.number == EBUSY and self.host.release >= (13, 0) \
            else error.number

    # ---- looking

    def chosen(self, recursive, kinds):
        """The datasets that are asked for, in order."""
        depth = int(self.given["d"]) if self.given.get("d", "").isdigit() else None
        recursive = recursive or depth is not None
        found = []
        for name in self.words:
            if name.startswith("/"):
                name = self.of_path(name)
            self.open(name)
            own = [name] if self.datasets[name]["type"] in kinds or not recursive else []
            if recursive:
                for each in [name] + datasets.below(self.state, name, depth):
                    own += [each] if each != name and self.datasets[each]["type"] in kinds else []
                    if "snapshot" in kinds and (depth is None or each.count("/") - name.count("/") < depth):
                        own += [one for one in datasets.snapshots(self.state, each) if one not in own]
            found += own
        if not self.words:
            found = sorted(name for name, one in self.datasets.items() if one["type"] in kinds)
        return [name for name in found if self.sees(name)]

    def of_path(self, path):
        from .. import mounts
        try:
            real = mounts.resolve(path)
        except mounts.Unresolved as error:
            self.fail("%s: %s" % (path, error.text))
        covering = mounts.covering(self.state, real)
        if covering["type"] != "zfs":
            self.fail("%s: not a ZFS filesystem" % path)
        return covering["special"]

    def kinds(self):
        if "t" not in self.given:
            return ("filesystem", "volume")
        kinds = set()
        for word in self.given["t"].split(","):
            known = {"all": ("filesystem", "volume", "snapshot"), "snap": ("snapshot",),
                     "fs": ("filesystem",), "vol": ("volume",), "filesystem": ("filesystem",), "volume": ("volume",),
                     "snapshot": ("snapshot",), "bookmark": ()}
            if word not in known:
                self.usage("invalid type '%s'" % word)
            kinds.update(known[word])
        return tuple(kinds)

    def list(self):
        kinds = self.kinds()
        if "t" not in self.given and any("@" in word for word in self.words):
            kinds += ("snapshot",)
        columns = self.given.get("o", "name,used,avail,refer,mountpoint").split(",")
        for column in columns:
            if datasets.SHORT.get(column, column) not in datasets.SETTABLE and ":" not in column \
                    and datasets.SHORT.get(column, column) not in datasets.READ_ONLY:
                self.usage("bad property list: invalid property '%s'" % column)
        found = self.sorted(self.chosen("r" in self.flags, kinds))
        if not found:
            if not self.words:
                self.say("no datasets available")
            return 0
        rows = [[self.shown(name, column) for column in columns] for name in found]
        if "H" in self.flags:
            for row in rows:
                print("\t".join(row))
            return 0
        headings = [_HEADINGS.get(datasets.SHORT.get(column, column), column.upper()) for column in columns]
        for row in [headings] + rows:
            print(_padded(row, columns, [headings] + rows))
        return 0

    def sorted(self, found):
        for letter, column in reversed(self.letters):
            if letter in "sS":
                column = datasets.SHORT.get(column, column)
                found = sorted(found, key=lambda name: self.sort_key(name, column), reverse=letter == "S")
        return found

    def sort_key(self, name, column):
        value = (datasets.value(self.state, name, column) or ("-",))[0]
        return (0, value, "") if isinstance(value, int) else (1, 0, str(value))

    def shown(self, name, column):
        value = (datasets.value(self.state, name, column) or ("-",))[0]
        column = datasets.SHORT.get(column, column)
        if column == "creation" and "p" not in self.flags:
            return time.strftime("%a %b %e %H:%M %Y", time.localtime(value))
        if column in ("quota", "reservation", "refquota", "refreservation", "recordsize"):
            if "p" in self.flags:
                return {"none": "0", "128K": "131072"}.get(value, value)
            return human(int(value)) if value.isdigit() and int(value) else "none" if value == "0" else value
        if column in ("guid", "createtxg"):
            return str(value)
        return str(value) if "p" in self.flags else human(value)

    def get(self):
        self.arguments(1, None, ["missing property argument"])
        asked = self.words.pop(0)
        names = [datasets.SHORT.get(name, name) for name in asked.split(",")]
        if asked == "all":
            names = [name for name in datasets.READ_ONLY if name not in ("name", "clones")] \
                + list(datasets.SETTABLE)
        for name in names:
            if name not in datasets.SETTABLE and name not in datasets.READ_ONLY and ":" not in name:
                self.usage("bad property list: invalid property '%s'" % name)
        fields = self.given.get("o", "name,property,value,source").split(",")
        fields = ["name", "property", "value", "received", "source"] if fields == ["all"] else fields
        sources = self.given["s"].split(",") if "s" in self.given else None
        kinds = self.kinds() if "t" in self.given else ("filesystem", "volume", "snapshot")
        rows = []
        for name in self.chosen("r" in self.flags, kinds):
            every = names + (sorted(key for key in self.datasets[name]["values"] if ":" in key)
                             if asked == "all" else [])
            for wanted in every:
                _, source = datasets.value(self.state, name, wanted)
                if asked == "all" and self.datasets[name]["type"] == "snapshot" \
                        and wanted in datasets.SETTABLE:
                    continue
                if sources is None or source.split(" ")[0].replace("-", "none") in sources:
                    every_field = {"name": name, "property": wanted, "value": self.shown(name, wanted),
                                   "source": source, "received": "-"}
                    rows.append([every_field[field] for field in fields])
        if "H" in self.flags:
            for row in rows:
                print("\t".join(row))
            return 0
        headings = [field.upper() for field in fields]
        widths = [max(len(row[index]) for row in [headings] + rows) for index in range(len(fields))]
        for row in [headings] + rows if rows else []:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        return 0

    # ---- changing

    def set(self):
        self.arguments(2, None, ["missing property=value argument", "missing dataset(s)"])
        given = [word for word in self.words if "=" in word]
        names = [word for word in self.words if "=" not in word]
        if not given:
            self.usage("missing property=value argument(s)")
        if not names:
            self.usage("missing dataset(s)")
        for name in names:
            one = self.open(name)
            doing = "cannot set property for '%s'" % name
            values = self.checked(dict(word.split("=", 1) for word in given), doing)
            self.need_root(doing)
            if self.jid and set(values) & {"jailed", "quota", "reservation"} \
                    and self.datasets[name]["jail"] == self.jid:
                self.fail(doing + ": permission denied")
            moved = set(values) & {"mountpoint", "canmount", "jailed", "readonly", "exec", "setuid"}
            if moved:
                self.unmounted(name)
            one["values"].update(values)
            if moved:
                self.carefully(lambda: datasets.mount_all(self.state, name))

    def inherit(self):
        self.arguments(2, None, ["missing property argument", "missing dataset argument"])
        name = datasets.SHORT.get(self.words[0], self.words[0])
        if name in datasets.READ_ONLY:
            self.fail("'%s' property cannot be inherited" % name)
        if name not in datasets.SETTABLE and ":" not in name:
            self.fail("invalid property '%s'" % name)
        if not datasets.SETTABLE.get(name, (None, True))[1] and "S" not in self.flags:
            self.fail("'%s' property cannot be inherited" % name)
        for each in self.words[1:]:
            self.open(each)
            for one in [each] + (datasets.below(self.state, each) if "r" in self.flags else []):
                if name == "mountpoint" and self.datasets[one]["values"].get(name) is not None:
                    self.unmounted(one)
                self.datasets[one]["values"].pop(name, None)
            if name == "mountpoint":
                datasets.mount_all(self.state, each)

    def mount(self):
        if "a" in self.flags:
            for name in sorted(self.datasets):
                if self.datasets[name]["type"] == "filesystem" \
                        and datasets.value(self.state, name, "canmount")[0] == "on":
                    datasets.mount(self.state, name)
            return
        if not self.words:
            for one in self.state["mounts"]:
                if one["type"] == "zfs":
                    print("%-30s  %s" % (one["special"], one["dir"]))
            return
        self.arguments(1, 1, [""])
        name = self.words[0]
        self.open(name, ("filesystem",))
        doing = "cannot mount '%s': " % name
        where = datasets.value(self.state, name, "mountpoint")[0]
        if datasets.value(self.state, name, "jailed")[0] == "on" and not self.jid:
            self.fail(doing + "dataset is exported to a local zone")
        if where == "legacy":
            self.fail(doing + "legacy mountpoint\nuse mount(8) to mount this filesystem")
        if where == "none":
            self.fail(doing + "no mountpoint set")
        if datasets.value(self.state, name, "canmount")[0] == "off":
            self.fail(doing + "'canmount' property is set to 'off'")
        if datasets.mounted(self.state, name):
            self.fail(doing + "filesystem already mounted")
        self.need_root("cannot mount '%s'" % name)
        self.carefully(lambda: datasets.mount(self.state, name))

    def unmount(self):
        if "a" in self.flags:
            for pool in [name for name in self.datasets if "/" not in name and "@" not in name]:
                self.unmounted(pool)
            return
        self.arguments(1, 1, ["missing filesystem argument"])
        name = self.words[0]
        if name.startswith("/"):
            record = next((one for one in self.state["mounts"] if one["dir"] == name.rstrip("/")), None)
            if record is None:
                self.fail("cannot unmount '%s': not currently mounted" % name)
            if record["type"] != "zfs":
                self.fail("cannot unmount '%s': not a ZFS filesystem" % name)
            name = record["special"]
        self.open(name, ("filesystem",))
        if datasets.value(self.state, name, "mountpoint")[0] == "legacy":
            self.fail("cannot unmount '%s': legacy mountpoint\nuse umount(8) to unmount this filesystem"
                      % name)
        if not datasets.mounted(self.state, name):
            self.fail("cannot unmount '%s': not currently mounted" % name)
        self.need_root("cannot unmount '%s'" % name)
        self.unmounted(name)

    # ---- jails

    def jail(self):
        jail, one = self.of_jail()
        if one["jail"] == jail["jid"]:
            self.fail("cannot jail '%s': dataset already exists" % self.words[1])
        one["jail"] = jail["jid"]

    def unjail(self):
        jail, one = self.of_jail()
        if one["jail"] != jail["jid"]:
            self.fail("cannot unjail '%s': dataset does not exist" % self.words[1])
        one["jail"] = 0

    def of_jail(self):
        from .. import kernel
        self.arguments(2, 2, ["missing argument(s)"])
        kernel.collect(self.state)
        jail = kernel.find(self.state, self.words[0])
        if jail is None:
            self.usage("invalid jail id or name")
        self.open(self.words[1], ("filesystem",))
        self.need_root("cannot %s '%s'" % (self.command, self.words[1]))
        return jail, self.datasets[self.words[1]]


_HEADINGS = {"available": "AVAIL", "referenced": "REFER", "compressratio": "RATIO", "compression": "COMPRESS",
             "readonly": "RDONLY", "recordsize": "RECSIZE", "reservation": "RESERV",
             "refreservation": "REFRESERV"}
_RIGHT = ("used", "available", "referenced", "quota", "reservation", "refquota", "refreservation",
          "recordsize", "compressratio", "usedbysnapshots", "usedbydataset", "usedbychildren", "written", "guid")


def _padded(row, columns, rows):
    cells = []
    for index, cell in enumerate(row):
        width = max(len(other[index]) for other in rows)
        if datasets.SHORT.get(columns[index], columns[index]) in _RIGHT:
            cells.append(cell.rjust(width))
        else:
            cells.append(cell if index == len(row) - 1 else cell.ljust(width))
    return "  ".join(cells)


def options_of(arguments, letters):
    """Options as getopt(3); what is wrong raises ValueError with the words of zfs(8)."""
    found, index = [], 0
    while index < len(arguments) and arguments[index].startswith("-") and len(arguments[index]) > 1:
        word = arguments[index]
        index += 1
        if word == "--":
            break
        place_of = 1
        while place_of < len(word):
            letter = word[place_of]
            place_of += 1
            at = letters.find(letter) if letter != ":" else -1
            if at < 0:
                raise ValueError("invalid option '%s'" % letter)
            if letters[at + 1:at + 2] != ":":
                found.append((letter, None))
                continue
            value = word[place_of:]
            if not value:
                if index >= len(arguments):
                    raise ValueError("missing argument for '%s' option" % letter)
                value = arguments[index]
                index += 1
            found.append((letter, value))
            break
    return found, arguments[index:]
