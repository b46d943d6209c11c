"""pw(8): users and groups.

Its exit statuses are those of sysexits(3).
"""

import os
import shutil

from .. import options
from ..errors import Failure, Usage

EX_USAGE, EX_DATAERR, EX_NOUSER, EX_NOPERM, EX_CONFIG = 64, 65, 67, 77, 78
_LONGEST_NAME = 32
_HIGHEST = 32000
#: The first that a user gets who asks for none.
_FIRST = 1001

_LETTERS = {
    ("user", "add"): "b:C:c:Dd:e:G:g:h:H:i:k:L:mM:n:NoPp:qs:u:w:y:Y",
    ("user", "del"): "C:n:qru:y:Y",
    ("user", "mod"): "C:c:d:e:G:g:h:H:k:L:l:mM:n:NPp:qs:u:w:y:Y",
    ("user", "show"): "aFn:Pqu:7",
    ("user", "next"): "C:q",
    ("group", "add"): "C:g:h:H:M:n:NopPqY",
    ("group", "del"): "C:g:n:qY",
    ("group", "mod"): "C:d:g:h:H:l:m:M:n:NPqY",
    ("group", "show"): "aFg:n:Pq",
    ("group", "next"): "C:q",
}

#: Fields of master.passwd(5) and of group(5).
NAME, PASSWORD, UID, GID, CLASS, CHANGE, EXPIRE, GECOS, HOME, SHELL = range(10)
MEMBERS = 3


def run(host, name, arguments):
    """Returns the exit status."""
    root, etc, words = "", None, list(arguments)
    while words[:1] and words[0][:2] in ("-V", "-R"):
        word = words.pop(0)
        value = word[2:] or (words.pop(0) if words else "")
        if word[1] == "R":
            root = value.rstrip("/")
        else:
            etc = value
    what, action, words = _keyword(words)
    named = [words.pop(0)] if words and not words[0].startswith("-") else []
    given, rest = options.parse(name, words, _LETTERS[what, action], _usage(what, action), EX_USAGE)
    if rest:
        raise Usage(_usage(what, action), EX_USAGE)
    letters = dict(given)
    if named and "n" not in letters:
        # Digits are the number of one that is there.
        number = "u" if what == "user" else "g"
        letters[number if named[0].isdigit() and action != "add" else "n"] = named[0]
    if action not in ("show", "next") and os.geteuid() != 0:
        raise Failure("you must be root to run this program", EX_NOPERM)
    base = _Base(etc if etc is not None else root + "/etc")
    return _ACTIONS[what, action](base, letters, root) or 0


def _keyword(words):
    """(user or group, the action, the other words): "useradd", "user add", "add user", "adduser"."""
    if not words:
        raise Usage(_usage(None, None), EX_USAGE)
    joined, rest = words[0], words[1:]
    if joined in ("user", "group", "add", "del", "mod", "show", "next") and rest:
        joined, rest = joined + rest[0], rest[1:]
    for what, action in _LETTERS:
        if joined in (what + action, action + what):
            return what, action, rest
    raise Failure("Unknown keyword `%s'" % words[0], EX_USAGE)


def _usage(what, action):
    if what is None:
        return "usage:\n  pw [user|group|lock|unlock] [add|del|mod|show|next] [help|switches/values]"
    return "usage: pw %s%s [uid|name] [switches]" % (what, action) if what == "user" \
        else "usage: pw %s%s [group|gid] [switches]" % (what, action)


# ---- the files

class _Base:
    """master.passwd and group of a folder: the fields of each line, and what is none as it stands."""

    def __init__(self, directory):
        self.directory = directory
        self.users = self._read("master.passwd", 10)
        self.groups = self._read("group", 4)

    def _read(self, name, count):
        try:
            with open(os.path.join(self.directory, name), encoding="latin-1") as file:
                lines = file.read().splitlines()
        except OSError as error:
            # Whoever is not root sees passwd(5) alone.
            if name == "master.passwd":
                return [fields[:4] + ["", "0", "0"] + fields[4:] if isinstance(fields, list) else fields
                        for fields in self._read("passwd", 7)]
            raise Failure("%s: %s" % (os.path.join(self.directory, name), error.strerror), 71) from None
        return [line.split(":") if line.count(":") == count - 1 and not line.startswith("#") else line
                for line in lines]

    def write(self):
        self._write("master.passwd", self.users, 0o600)
        self._write("passwd", [user if isinstance(user, str) else user[:4] + user[7:]
                               for user in self.users], 0o644)
        self._write("group", self.groups, 0o644)

    def _write(self, name, lines, mode):
        path = os.path.join(self.directory, name)
        with open(path + ".new", "w", encoding="latin-1") as file:
            for line in lines:
                file.write((line if isinstance(line, str) else ":".join(line)) + "\n")
        os.chmod(path + ".new", mode)
        os.replace(path + ".new", path)

    def user(self, field, value):
        return _found(self.users, field, value)

    def group(self, field, value):
        return _found(self.groups, field, value)

    def group_of(self, text, wrong):
        """A group by its name or its number."""
        group = self.group(NAME, text) or self.group(UID, _number(text))
        if group is None:
            raise Failure(wrong % text, EX_NOUSER)
        return group

    def next(self, entries):
        """The number behind the last one that is in use."""
        used = [int(entry[UID]) for entry in entries
                if isinstance(entry, list) and _FIRST <= int(entry[UID]) <= _HIGHEST]
        return str(max(used, default=_FIRST - 1) + 1)

    def next_user(self):
        return self.next(self.users)

    def next_group(self, wished=None):
        if wished is not None and self.group(UID, wished) is None:
            return wished
        return self.next(self.groups)


def _found(entries, field, value):
    return next((entry for entry in entries if isinstance(entry, list) and entry[field] == value), None)


def _number(text):
    """pw_checkid(), by strtonum(3)."""
    if not text.isdigit():
        raise Failure("Bad id '%s': invalid" % text, EX_USAGE)
    if int(text) > 0xffffffff:
        raise Failure("Bad id '%s': too large" % text, EX_USAGE)
    return str(int(text))


def _checked_name(text, gecos=False):
    """pw_checkname()."""
    bad = ":\x7f" if gecos else " ,\t:+&#%$^()!@~*?<>=|\\/\";\x7f"
    for place, letter in enumerate(text):
        if letter in bad or letter < " " or not gecos and letter == "-" and place == 0 \
                or not gecos and letter == "$" and place != len(text) - 1:
            raise Failure("invalid character `%s' at position %d in %s"
                          % (letter, place, "gecos field" if gecos else "userid/group name"), EX_DATAERR)
    if not gecos and len(text) > _LONGEST_NAME:
        raise Failure("name too long `%s' (max is %d)" % (text, _LONGEST_NAME), EX_DATAERR)
    return text


def _shell(text):
    if not text or text.startswith("/"):
        return text
    for directory in ("/bin", "/usr/bin", "/usr/local/bin"):
        if os.access("%s/%s" % (directory, text), os.X_OK):
            return "%s/%s" % (directory, text)
    raise Failure("can't find shell `%s' in shell paths" % text, EX_CONFIG)


# ---- users

def _the_user(base, letters):
    if "n" in letters:
        user = base.user(NAME, letters["n"])
        if user is None and letters["n"].isdigit():
            user = base.user(UID, letters["n"])
        if user is None:
            raise Failure("no such user `%s'" % letters["n"], EX_NOUSER)
        return user
    if "u" not in letters:
        raise Failure("username or id required", EX_NOUSER)
    user = base.user(UID, _number(letters["u"]))
    if user is None:
        raise Failure("no such uid `%s'" % letters["u"], EX_NOUSER)
    return user


def _user_add(base, letters, root):
    if "D" in letters:  # Defaults for pw.conf(5), which nobody asks for here.
        return
    if "n" not in letters:
        raise Failure("login name required", EX_DATAERR)
    name = _checked_name(letters["n"])
    if base.user(NAME, name) is not None:
        raise Failure("login name `%s' already exists" % name, EX_DATAERR)
    uid = base.next_user()
    if "u" in letters:
        uid = _number(letters["u"])
        if base.user(UID, uid) is not None and "o" not in letters:
            raise Failure("uid `%s' has already been allocated" % uid, EX_DATAERR)
    groups = [base.group_of(word, "group `%s' does not exist")
              for word in letters.get("G", "").replace(",", " ").split()]
    if "g" in letters:
        gid = base.group_of(letters["g"], "group `%s' is not defined")[UID]
    elif base.group(NAME, name) is not None:
        gid = base.group(NAME, name)[UID]
    else:
        gid = base.next_group(uid)
        base.groups.append([name, "*", gid, ""])
    user = [name, "*", uid, gid, letters.get("L", ""), "0", "0",
            _checked_name(letters.get("c", "User &"), gecos=True),
            letters.get("d", "%s/%s" % (letters.get("b", "/home").rstrip("/"), name)),
            _shell(letters.get("s", "/bin/sh"))]
    if "N" in letters:
        print(":".join(user))
        return
    base.users.append(user)
    for group in groups:
        _join(group, name)
    base.write()
    if "m" in letters:
        _make_home(root + user[HOME], int(uid), int(gid), root + letters.get("k", "/usr/share/skel"))


def _make_home(path, uid, gid, skeleton):
    os.makedirs(path, exist_ok=True)
    if os.path.isdir(skeleton):
        for file in sorted(os.listdir(skeleton)):
            target = os.path.join(path, file[3:] if file.startswith("dot.") else file)
            if os.path.isfile(os.path.join(skeleton, file)) and not os.path.lexists(target):
                shutil.copy(os.path.join(skeleton, file), target)
                os.chown(target, uid, gid)
    os.chown(path, uid, gid)


def _user_mod(base, letters, root):
    user = _the_user(base, letters)
    name = user[NAME]
    if "l" in letters:
        if base.user(NAME, _checked_name(letters["l"])) is not None:
            raise Failure("user `%s' already exists" % letters["l"], EX_DATAERR)
        if name == "root":
            raise Failure("can't rename `root' account", EX_DATAERR)
        user[NAME] = letters["l"]
        for group in _lists(base.groups):
            group[MEMBERS] = ",".join(letters["l"] if member == name else member
                                      for member in group[MEMBERS].split(","))
        name = letters["l"]
    if "u" in letters and "n" in letters:
        user[UID] = _number(letters["u"])
        if name == "root" and user[UID] != "0":
            raise Failure("can't change uid of `root' account", EX_DATAERR)
    if "g" in letters:
        user[GID] = base.group_of(letters["g"], "group `%s' does not exist")[UID]
    for letter, field in (("c", GECOS), ("d", HOME), ("L", CLASS)):
        if letter in letters:
            user[field] = letters[letter]
    if "s" in letters:
        user[SHELL] = _shell(letters["s"])
    if "G" in letters:
        wanted = [base.group_of(word, "group `%s' does not exist")[NAME]
                  for word in letters["G"].replace(",", " ").split()]
        for group in _lists(base.groups):
            (_join if group[NAME] in wanted else _leave)(group, name)
    base.write()
    if "m" in letters:
        _make_home(root + user[HOME], int(user[UID]), int(user[GID]),
                   root + letters.get("k", "/usr/share/skel"))


def _user_del(base, letters, root):
    user = _the_user(base, letters)
    if user[NAME] == "root":
        raise Failure("cannot remove user 'root'", EX_DATAERR)
    base.users.remove(user)
    own = base.group(NAME, user[NAME])
    for group in _lists(base.groups):
        _leave(group, user[NAME])
    if own is not None and own[UID] == user[GID] and not own[MEMBERS] \
            and base.user(GID, own[UID]) is None:
        base.groups.remove(own)
    base.write()
    if "r" in letters and user[HOME] not in ("", "/"):
        shutil.rmtree(root + user[HOME], ignore_errors=True)


def _user_show(base, letters, root):
    users = _lists(base.users) if "a" in letters else [_shown_user(base, letters)]
    for user in users:
        shown = [user[NAME], "*" if user[PASSWORD] else ""] + user[2:]
        if "7" in letters:
            shown = shown[:4] + shown[7:]
        if "P" in letters:
            _pretty(base, user)
        else:
            print(":".join(shown))


def _shown_user(base, letters):
    try:
        return _the_user(base, letters)
    except Failure as failure:
        if "F" not in letters or failure.status != EX_NOUSER:
            raise
        return ["nouser", "*", "65534", "-1", "", "0", "0", "User &", "/home/nouser", "/bin/sh"]


def _pretty(base, user):
    group = base.group(UID, user[GID])
    member_of = ",".join(other[NAME] for other in _lists(base.groups)
                         if user[NAME] in other[MEMBERS].split(","))
    print("Login Name: %-15s   #%-12s Group: %-15s   #%s"
          % (user[NAME], user[UID], group[NAME] if group else "", user[GID]))
    print(" Full Name: %s" % user[GECOS].replace("&", user[NAME].capitalize()))
    print("      Home: %-26.26s      Class: %s" % (user[HOME], user[CLASS]))
    print("     Shell: %-26.26s     Office: " % user[SHELL])
    print("Work Phone:                            Home Phone: ")
    print("Acc Expire:                            Pwd Expire: ")
    print("    Groups: %s" % member_of)


def _user_next(base, letters, root):
    print("%s:%s" % (base.next_user(), base.next_group(base.next_user())))


# ---- groups

def _lists(entries):
    return [entry for entry in entries if isinstance(entry, list)]


def _join(group, name):
    members = [member for member in group[MEMBERS].split(",") if member]
    if name not in members:
        group[MEMBERS] = ",".join(members + [name])


def _leave(group, name):
    group[MEMBERS] = ",".join(member for member in group[MEMBERS].split(",") if member and member != name)


def _the_group(base, letters):
    if "n" not in letters and "g" not in letters:
        raise Failure("groupname or id required", EX_DATAERR)
    group = base.group(NAME, letters["n"]) if "n" in letters else base.group(UID, _number(letters["g"]))
    if group is None:
        if "n" not in letters:
            raise Failure("unknown gid `%s'" % letters["g"], EX_DATAERR)
        raise Failure("unknown group `%s'" % letters["n"], EX_DATAERR)
    return group


def _members(base, text):
    """User names of a list; a number is of a user too."""
    names = []
    for word in text.replace(",", " ").split():
        user = base.user(NAME, word)
        if user is None and word.isdigit():
            user = base.user(UID, word)
        if user is None:
            raise Failure("user `%s' does not exist" % word, EX_NOUSER)
        names.append(user[NAME])
    return names


def _group_add(base, letters, root):
    if "n" not in letters:
        raise Failure("group name required", EX_DATAERR)
    name = _checked_name(letters["n"])
    if base.group(NAME, name) is not None:
        raise Failure("group name `%s' already exists" % name, EX_DATAERR)
    gid = base.next_group()
    if "g" in letters:
        gid = _number(letters["g"])
        if base.group(UID, gid) is not None and "o" not in letters:
            raise Failure("gid `%s' has already been allocated" % gid, EX_DATAERR)
    group = [name, "*", gid, ",".join(_members(base, letters.get("M", "")))]
    if "N" in letters:
        print(":".join(group))
        return
    base.groups.append(group)
    base.write()


def _group_mod(base, letters, root):
    group = _the_group(base, letters)
    if "g" in letters and "n" in letters:
        group[UID] = _number(letters["g"])
    if "l" in letters:
        group[NAME] = _checked_name(letters["l"])
    if "M" in letters:
        group[MEMBERS] = ",".join(_members(base, letters["M"]))
    for name in _members(base, letters.get("m", "")):
        _join(group, name)
    for name in letters.get("d", "").replace(",", " ").split():
        _leave(group, name)
    base.write()


def _group_del(base, letters, root):
    base.groups.remove(_the_group(base, letters))
    base.write()


def _group_show(base, letters, root):
    for group in _lists(base.groups) if "a" in letters else [_the_group(base, letters)]:
        print(":".join(group))


def _group_next(base, letters, root):
    print(base.next_group())


_ACTIONS = {
    ("user", "add"): _user_add, ("user", "mod"): _user_mod, ("user", "del"): _user_del,
    ("user", "show"): _user_show, ("user", "next"): _user_next,
    ("group", "add"): _group_add, ("group", "mod"): _group_mod, ("group", "del"): _group_del,
    ("group", "show"): _group_show, ("group", "next"): _group_next,
}
