"""The jails that jail(8) is asked for: their parameters as they were given, and what is made of them.

Texts are kept in the order in which they were given; a parameter without any is its name alone.
"""

from . import modules, parameters, values
from .errors import KernelError

#: Those that name a jail, and so are given once.
_NAMING = ("jid", "name")


class Param:
    """A parameter: its own name, the name that it was given by, which may have a "no", and its texts."""

    def __init__(self, key, given, texts):
        self.key = key
        self.given = given
        self.texts = texts

    @property
    def text(self):
        """Of several values the last one counts."""
        return self.texts[-1] if self.texts else None


class Refused(Exception):
    """What was asked for cannot be; it was said why."""


class Jail:
    """A jail that is asked for. `name` is that of jail.conf(5) or of -r; None: it has parameters alone."""

    def __init__(self, name=None):
        self.name = name
        self.params = {}
        self.jid = None
        self.imported = {}
        self.aliases = {"ip4.addr": [], "ip6.addr": []}
        self.fstab = []
        # What is to be done, and how far it is.
        self.operation = 0
        self.failed = self.by_wildcard = self.implied = False
        self.prepared = self.compared = self.holds = False
        self.steps = self.items = self.item = None
        self.at = -1
        # Commands that run.
        self.pids = set()
        self.deadline = None
        self.sleeping = self.timed_out = False
        self.status = 0
        self.shown = ""
        self.begun = self.usage = None
        # Dependencies.
        self.on, self.of = [], []
        self.awaited = 0
        self.queue = None

    def texts(self, key):
        return self.params[key].texts if key in self.params else []

    def text(self, key):
        return self.params[key].text if key in self.params else None

    def flag(self, key):
        param = self.params.get(key)
        return param is not None and bool(_switched(param))

    def number(self, key, default):
        text = self.text(key)
        return default if text is None else int(text)

    def add(self, given, texts, release, appends=True):
        """Adds a parameter, or values to one; returns whether it may be given."""
        key = key_of(given, release)
        param = self.params.get(key)
        if param is None:
            self.params[key] = Param(key, given, list(texts))
            return True
        if key in _NAMING:
            return False
        # One that is given again stays where it was.
        param.texts = param.texts + list(texts) if appends and texts else list(texts)
        param.given = given
        return True


def key_of(given, release):
    """One name for a switch and its "no" form."""
    for name in (given, parameters.without_no(given)):
        if name is None:
            continue
        found = parameters.BY_NAME.get(name)
        if found is not None and (name == given or found.kind == "bool"):
            return name
        kind = parameters.pseudo(name, release)
        if kind is not None and (name == given or kind[0] == "bool"):
            return name
    return given


def _switched(param):
    number = values.boolean(param.given, param.text)
    return number if param.given == param.key else 1 - number


# ---- before anything is done

def check_own(jail, release, warn):
    """jail(8)'s own parameters: their format, what is to be read of files, and the interfaces of
    addresses. Raises Refused."""
    wrong = False
    for param in jail.params.values():
        kind = parameters.pseudo(param.key, release)
        try:
            if kind is not None and kind[0] == "bool":
                _switched(param)
            elif kind is not None and kind[0] == "int" and param.texts:
                values.integer(param.given, param.text)
        except KernelError as error:
            warn(jail, error.text)
            wrong = True
    if jail.flag("ip_hostname") if not wrong else False:
        wrong = not _resolve_hostname(jail, release, warn)
    interface = jail.text("interface") is not None
    for key, aliases in jail.aliases.items():
        texts = jail.texts(key)
        for index, text in enumerate(texts):
            if "|" in text or interface:
                aliases.append(text)
            texts[index] = text.partition("|")[2 if "|" in text else 0].partition("/")[0].partition(" ")[0]
    for name in jail.texts("mount.fstab"):
        try:
            jail.fstab += _fstab_lines(name) if name else []
        except OSError as error:
            warn(jail, "mount.fstab: %s: %s" % (name, error.strerror))
            wrong = True
    if wrong:
        raise Refused()


def _resolve_hostname(jail, release, warn):
    hostname = jail.text("host.hostname")
    if hostname is None:
        return True
    import socket
    try:
        found = socket.getaddrinfo(hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        warn(jail, "host.hostname %s: %s" % (
            hostname, "hostname nor servname provided, or not known" if release < (13, 0)
            else "Name does not resolve"))
        return False
    for family, _, _, _, address in found:
        jail.add("ip4.addr" if family == socket.AF_INET else "ip6.addr", [address[0]], release)
    return True


def _fstab_lines(name):
    try:
        with open(name, encoding="utf-8", errors="surrogateescape") as file:
            return [line.partition("#")[0].rstrip("\n") for line in file]
    except IsADirectoryError:
        # A folder can be opened, and has no lines.
        return []


def import_all(jail, host, warn):
    """The kernel's parameters, as libjail reads them; raises Refused after all that are wrong were
    told."""
    release = host.release
    known = host.setting("modules")
    wrong = False
    for key, param in jail.params.items():
        if parameters.pseudo(key, release) is not None:
            continue
        found = parameters.find(key, release, known)
        if found is None:
            with host.locked() as state:
                modules.load_for(state, key)
                known = list(state["settings"]["modules"])
            found = parameters.find(key, release, known)
        if found is None:
            warn(jail, "unknown parameter: %s" % param.given)
            wrong = True
            continue
        text = param.text
        if found.kind in ("ip4", "ip6") and param.texts:
            text = ",".join(param.texts)
        try:
            jail.imported[key] = values.import_value(found, param.given, text)
        except KernelError as error:
            warn(jail, error.text)
            wrong = True
    if wrong:
        raise Refused()


# ---- printing

def quoted(text):
    """With quotes around blanks, as -v, -e and -J have it."""
    quote = '"' if text == "" or "'" in text else "'" if '"' in text \
        else '"' if " " in text or "\t" in text else ""
    text = text.replace("\\", "\\\\")
    return quote + (text.replace(quote, "\\" + quote) if quote else text) + quote


def assignments(jail):
    """NAME or NAME=VALUE,... of each parameter but the jid: what -e and -J print."""
    listed = [(param.given, param.texts) for param in jail.params.values() if param.key != "jid"]
    listed += [(key, texts) for key, texts in jail.aliases.items() if texts]
    if jail.fstab:
        listed.append(("mount.fstab", jail.fstab))
    return [name + ("=" + ",".join(map(quoted, texts)) if texts else "") for name, texts in listed]


def set_words(jail, given):
    """What -v shows of the parameters that go to jail_set(2)."""
    words = []
    for key, value in given.items():
        param = jail.params.get(key)
        described = parameters.described(key)
        if param is None:
            words.append(key if described.kind == "bool" else "%s=%s" % (key, value))
        elif described.kind == "bool":
            # libjail turns a switch that is false into its "no" form.
            name = key if value else parameters.no_name(key)
            words.append(name if not param.texts
                         else "%s=%s" % (name, "true" if (value == 1) == (param.given == key) else "false"))
        elif described.kind in ("ip4", "ip6") and not param.texts:
            words.append(param.given)
        else:
            words.append("%s=%s" % (param.given, quoted(values.export(described, value))))
    return words
