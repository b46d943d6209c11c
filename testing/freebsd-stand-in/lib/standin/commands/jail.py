"""jail(8): makes, changes and removes jails, with all that it does around that.

What is done for one jail is in steps.py, and which jail is next in queues.py.
"""

import os
import signal
import sys

from .. import asked, jailconf, kernel, options, parameters, steps, viewpoint
from ..asked import Jail, Refused
from ..errors import EPERM, Exit, Failure, KernelError, Usage
from ..queues import SET, START, STOP, Queues, is_wildcard

CONFIGURATION = "/etc/jail.conf"

_USAGES = [
    ((12, 0), """usage: jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            -[cmr] param=value ... [command=command ...]
       jail [-dqv] [-f file] -[cmr] [jail]
       jail [-qv] [-f file] -[rR] ['*' | jail ...]
       jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            [-n jailname] [-s securelevel]
            path hostname [ip[,...]] command ...
       jail [-f file] -e separator"""),
]

#: On the command line these are lists with commas.
_COMMA_LISTS = {"ip4.addr": (12, 0), "ip6.addr": (12, 0), "vnet.interface": (15, 0),
                "zfs.dataset": (15, 0)}

_OPERATIONS = {"c": START, "m": SET, "r": STOP, "R": STOP}
#: Options of old, and the parameters that they are; None: the option's own text.
_OLD = {"n": [("name", None)], "s": [("securelevel", None)], "l": [("exec.clean", [])],
        "u": [("exec.jail_user", None), ("exec.system_jail_user", [])],
        "U": [("exec.jail_user", None), ("exec.system_jail_user", ["false"])],
        "h": [("ip_hostname", [])]}
#: What the form of old takes from sysctl security.jail, as that is by default.
_OLD_DEFAULTS = ["allow.set_hostname", "allow.nosysvipc", "allow.noraw_sockets", "allow.nochflags",
                 "allow.nomount", "allow.nosocket_af"]


def run(host, name, arguments):
    return Session(host).run(arguments)


class Session:
    """One call of jail(8). loud: 1 with -v, -1 with -q."""

    def __init__(self, host):
        self.host = host
        self.release = host.release
        self.loud = 0
        self.operation = 0
        self.forced = self.prints_jid = self.dying = self.notes_removal = False
        self.old_form = False
        self.file = CONFIGURATION
        self.jid_file = self.separator = None
        self.by_file = True
        self.at_once = -1
        self.single = Jail()

    # ---- saying

    def note(self, jail, text):
        print(("%s: %s" % (jail.name, text)) if jail.name is not None else text, flush=True)

    @staticmethod
    def said(jail, text):
        return "jail: " + ("%s: " % jail.name if jail is not None and jail.name is not None else "") + text

    def warn(self, jail, text):
        sys.stdout.flush()
        sys.stderr.write(self.said(jail, text) + "\n")
        sys.stderr.flush()

    def _warn_named(self, jail, text, without_name=None):
        """Of a jail that is named in some way."""
        name = jail.name or jail.text("jid") or jail.text("name")
        self.warn(None, '"%s" %s' % (name, text) if name is not None else without_name)

    # ---- what is asked for

    def run(self, arguments):
        words = self._read_options(arguments)
        self.queues = Queues(self.warn, self.loud < 0)
        self.steps = steps.Steps(self.host, self.queues, self, self.at_once)
        if self.separator is not None and not self.operation:
            self._load()
            for jail in self.queues.idle:
                print(self.separator.join(asked.assignments(jail)))
            return 0
        self._read_words(words)
        status = self._choose(words)
        file = self._open_jid_file()
        while True:
            jail = self.queues.next()
            if jail is None:
                break
            try:
                if jail.failed:
                    status = 1
                self._work(jail, file)
            except Refused:
                self.queues.fail(jail)
        if file is not None:
            file.close()
        return status

    def _read_options(self, arguments):
        usage = self._usage_text()
        given, words = options.parse("jail", arguments, "cde:f:hiJ:lmn:p:qrRs:u:U:v", usage)
        for letter, text in given:
            if letter in _OPERATIONS:
                self.operation |= _OPERATIONS[letter]
                self.forced = self.forced or letter == "R"
            elif letter in _OLD:
                for key, texts in _OLD[letter]:
                    self._give(key, [text] if texts is None else texts)
                self.by_file = False
            elif letter in "qv":
                self.loud = 1 if letter == "v" else -1
            elif letter == "i":
                self.prints_jid, self.loud = True, -1
            elif letter == "d":
                self.dying = True
            elif letter == "p":
                self.at_once = (int(text) if text.isdigit() else 0) or -1
            else:
                setattr(self, {"f": "file", "J": "jid_file", "e": "separator"}[letter], text)
        return words

    def _usage_text(self):
        return [text for since, text in _USAGES if self.release >= since][-1]

    def _usage(self):
        raise Usage(self._usage_text())

    def _give(self, key, texts):
        if not self.single.add(key, texts, self.release):
            self.warn(None, 'cannot redefine parameter "%s".' % key)
            self.single.failed = self.release >= (13, 0)

    def _read_words(self, words):
        """Which of the four forms of the command line it is."""
        if not self.operation:
            if len(words) < 4 or not words[0].startswith("/"):
                self._usage()
            self._read_old_form(words)
        elif self.operation == STOP:
            if not self.by_file or not words or not self.forced and any("=" in word for word in words):
                self._usage()
            self.by_file = not self.forced and (self.file == "-" or os.path.exists(self.file))
            if self.by_file:
                self._load()
            self.notes_removal = self.by_file or len(words) > 1 or is_wildcard(words[0])
        elif len(words) > 1 or words and "=" in words[0]:
            if self.forced:
                self._usage()
            self.by_file = False
            self._read_parameters(words)
        else:
            if self.forced or not self.by_file:
                self._usage()
            self._load()

    def _read_old_form(self, words):
        self.operation = START
        self.by_file = False
        self.old_form = True
        self._give("path", [words[0]])
        self._give("host.hostname", [words[1]])
        for address in words[2].split(",") if words[2] else []:
            self._give("ip6.addr" if ":" in address else "ip4.addr", [address])
        self._give("command", words[3:])
        for name in _OLD_DEFAULTS:
            given = parameters.without_no(name) if ".no" in name else name
            self._give(given, [] if given == name else ["false"])
        self._give("enforce_statfs", ["2"])

    def _read_parameters(self, words):
        for index, word in enumerate(words):
            key, equals, text = word.partition("=")
            if key == "command":
                self._give(key, ([text] if equals else []) + words[index + 1:])
                return
            if equals and self.release >= _COMMA_LISTS.get(key, (99,)):
                for part in text.split(","):
                    self._give(key, [part])
            else:
                self._give(key, [text] if equals else [])

    def _load(self):
        try:
            found = jailconf.load(self.file, self.release, sys.stdin.buffer)
        except jailconf.SyntaxProblem as problem:
            for line in problem.lines:
                sys.stderr.write("jail: %s\n" % line)
            raise Exit(1) from None
        except IsADirectoryError:
            sys.stderr.write("input in flex scanner failed\n")
            raise Exit(2) from None
        except OSError as error:
            raise Failure("%s: %s" % (self.file, error.strerror)) from None
        for jail in jailconf.configured(found, self.release, self.warn):
            self.queues.new(jail)

    def _choose(self, words):
        """Which jails it is about; returns the exit status of what was not found."""
        queues = self.queues
        if self.by_file:
            queues.link()
        else:
            queues.by_name = []
            if self.operation != STOP:
                queues.new(self.single)
                self._check_needed()
        if self.operation == STOP:
            return max([self._choose_stopped(word) for word in words])
        if not words or not self.by_file or words[0] == "*":
            queues.start_all(self.operation, self.by_file)
        elif is_wildcard(words[0]):
            self._choose_matching(words[0])
        else:
            jail = queues.find(words[0])
            if jail is None:
                self.warn(None, '"%s" not found' % words[0])
                raise Exit(1)
            queues.start(jail, self.operation)
        return 0

    def _check_needed(self):
        """Without a file, it is the jails that run which one can depend on."""
        with self.host.locked() as state:
            for name in self.single.texts("depend"):
                if viewpoint.lookup(state, viewpoint.jail(state), name) is None:
                    self.warn(None, 'depends on nonexistent jail "%s"' % name)
                    self.single.failed = True

    def _choose_matching(self, word):
        for jail in list(self.queues.idle):
            if jailconf.matches(word, jail.name):
                self.queues.start(jail, self.operation, True)

    def _choose_stopped(self, word):
        if not self.forced and word == "*":
            self.queues.start_all(STOP, self.by_file)
            return 0
        if is_wildcard(word) and not self.forced:
            self._choose_matching(word)
            return 0
        with self.host.locked() as state:
            kernel.collect(state)
            viewer = viewpoint.jail(state)
            if is_wildcard(word):
                for there in viewpoint.jails(state, viewer):
                    name = viewpoint.value(state, viewer, there, "name")
                    if jailconf.matches(word, name):
                        self._choose_running(name, there, True)
                return 0
            jail = self.queues.find(word)
            there = viewpoint.lookup(state, viewer, word, dying=True) if jail is None else None
        if jail is not None:
            self.queues.start(jail, STOP)
        elif there is not None:
            self._choose_running(word, there, False)
        else:
            self.warn(None, '"%s" not found' % word)
            return 1
        return 0

    def _choose_running(self, name, there, by_wildcard):
        jail = self.queues.new(Jail(name))
        jail.jid = there["jid"]
        self.queues.start(jail, STOP, by_wildcard)

    def _open_jid_file(self):
        if self.jid_file is None:
            return None
        try:
            return open(self.jid_file, "w", encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            raise Failure("open %s: %s" % (self.jid_file, error.strerror)) from None

    # ---- the work

    def _work(self, jail, file):
        """Goes on with a jail as far as can be; raises Refused if it has failed just now."""
        queues = self.queues
        if jail.failed and jail.steps is None:
            queues.done(jail)
            return
        if not jail.prepared:
            jail.prepared = True
            asked.check_own(jail, self.release, self.warn)
            if jail.operation & (START | SET):
                asked.import_all(jail, self.host, self.warn)
        if jail.jid is None:
            jail.jid = self._running_jid(jail)
        if not self.steps.ended(jail):
            return
        self._decide(jail)
        if jail.operation == SET:
            self._modify(jail)
        elif jail.operation & STOP:
            self._stop(jail)
        else:
            self._start(jail, file)

    def _running_jid(self, jail):
        jid, name = jail.text("jid"), jail.text("name")
        with self.host.locked() as state:
            if jid is not None:
                number = int(jid) if jid.lstrip("-").isdigit() else 0
                there = viewpoint.find(state, viewpoint.jail(state), number, None)[0] if number else None
            else:
                there = viewpoint.find(state, viewpoint.jail(state), 0, name)[0] if name is not None else None
        return -1 if there is None else there["jid"]

    def _decide(self, jail):
        """Of several operations, the one that a jail's state asks for."""
        if jail.operation in (START | SET, START | SET | STOP) and jail.jid < 0:
            jail.operation = START
        elif jail.operation == SET | STOP and jail.jid < 0:
            self._warn_named(jail, "not found", "no jail specified")
            raise Refused()
        elif jail.operation in (SET | STOP, START | SET | STOP):
            jail.operation = START | STOP if self._differing(jail) else SET
            self.queues.reset(jail)
        elif jail.operation == START | SET:
            jail.operation = SET

    def _start(self, jail, file):
        if jail.steps is None:
            if jail.jid > 0 and not jail.implied and not jail.by_wildcard:
                self._warn_named(jail, "already exists")
                raise Refused()
            if self.queues.must_wait(jail):
                return
            if jail.jid < 0:
                jail.steps = steps.of_release(steps.STARTING, self.release)
                jail.at, jail.item = -1, None
        if jail.steps is not None and self.steps.advance(jail):
            return
        self._let_go(jail)
        if file is not None:
            self._print_made(jail, file)
        self.queues.done(jail)

    def _print_made(self, jail, file):
        separator = self.separator or "\t"
        if self.old_form:
            words = [str(jail.jid), jail.text("path"), jail.text("host.hostname"),
                     ",".join(jail.texts("ip4.addr") + jail.texts("ip6.addr")),
                     " ".join(map(asked.quoted, jail.texts("command")))]
        else:
            words = ["jid=%d" % jail.jid] + asked.assignments(jail)
        file.write(separator.join(words) + "\n")
        file.flush()

    def _stop(self, jail):
        if jail.steps is None:
            if self.queues.must_wait(jail):
                return
            if jail.jid < 0:
                if not jail.implied and not jail.by_wildcard:
                    if self.loud >= 0:
                        self._warn_named(jail, "not found")
                    self.queues.fail(jail)
            else:
                jail.steps = steps.of_release(steps.STOPPING, self.release)
                jail.at, jail.item = -1, None
        if jail.steps is not None and not (jail.failed and jail.jid > 0) and self.steps.advance(jail):
            return
        self.queues.done(jail)
        if jail.operation & START and not jail.failed:
            jail.steps = None
            jail.operation &= ~STOP
            self.queues.reset(jail)
            self.queues.move(jail, self.queues.waiting if jail.awaited else self.queues.ready)

    # ---- the kernel

    def create(self, jail):
        path = jail.text("path")
        if path is not None:
            if jail.name is not None and not path.startswith("/"):
                self._refuse(jail, "path %s: not an absolute pathname" % path)
            if not os.path.isdir(path):
                self._refuse(jail, "path %s: %s" % (path, _why_no_folder(path)))
        given = dict(jail.imported)
        holds = not given.get("persist") and any(
            key in jail.params for key in ("exec.start", "command", "exec.poststart"))
        if holds:
            # Until all has run.
            given = {"persist": 1, **{key: value for key, value in given.items() if key != "persist"}}
        jail.jid = -1
        jail.jid = self._jail_set(jail, given, create=True, holds=holds)
        jail.holds = holds
        if self.prints_jid:
            print(jail.jid, flush=True)
        if self.loud > 0 or self.loud == 0 and jail.name is not None:
            self.note(jail, "created")
        self.queues.done(jail, lightly=True)

    def _jail_set(self, jail, given, create, holds=False):
        """jail_set(2), and what -v shows of it; raises Refused."""
        refused = None
        try:
            with self.host.locked() as state:
                kernel.require_root(self.host)
                # With -d one that is dying lives again.
                again = create and self.dying and kernel.is_dying(state, given.get("jid"))
                jid = kernel.jail_set(self.host, given, create=create and not again, update=not create or again,
                                      attach=holds, viewer=viewpoint.jail(state), dying=again)
        except KernelError as error:
            refused = error
        if self.loud > 0:
            words = asked.set_words(jail, {key: value for key, value in given.items()
                                           if not (holds and key == "persist")})
            if holds:
                words.insert(0, "persist")
            self.note(jail, "jail_set(%s) %s%s" % (
                "JAIL_CREATE" if create else "JAIL_UPDATE", " ".join(words),
                "" if refused is None else ": " + (refused.number or "Invalid argument")))
        if refused is not None:
            self._refuse(jail, refused.text or "jail_set: %s" % refused.number)
        return jid

    def _refuse(self, jail, text):
        self.warn(jail, text)
        raise Refused()

    def remove(self, jail):
        """jail_remove(2): it matters only whether it is allowed."""
        with self.host.locked() as state:
            there = kernel.by_jid(state, jail.jid, dying=True)
            if os.geteuid() != 0:
                self._refuse(jail, "jail_remove: " + EPERM)
            if there is not None:
                kernel.remove(state, there)
        stopping = jail.operation & STOP
        if self.loud > 0 or self.loud == 0 and (self.notes_removal if stopping else jail.name is not None):
            self.note(jail, "removed")
        jail.jid = -1
        if stopping:
            self.queues.done(jail, lightly=True)
        else:
            jail.holds = False

    def _let_go(self, jail):
        """What kept a jail until all had run does so no more."""
        if not jail.holds:
            return
        jail.holds = False
        with self.host.locked() as state:
            there = kernel.by_jid(state, jail.jid)
            if there is not None:
                there["held"] = False
                kernel.let_go(state, there)
        if self.loud > 0:
            self.note(jail, "jail_set(JAIL_UPDATE) jid=%d nopersist%s" % (
                jail.jid, "" if there is not None else ": No such file or directory"))

    # ---- changing

    def _modify(self, jail):
        if jail.jid < 0 and not jail.implied:
            self._warn_named(jail, "not found", "no jail specified")
            raise Refused()
        if self.queues.must_wait(jail):
            return
        if not jail.implied:
            fixed = self._differing(jail)
            if fixed:
                self._refuse(jail, "%s cannot be changed after creation" % fixed)
            given = {key: value for key, value in jail.imported.items()
                     if parameters.described(key).change != "C"}
            if given:
                self._jail_set(jail, {"jid": jail.jid, **given}, create=False)
            if self.loud > 0 or self.loud == 0 and jail.name is not None:
                self.note(jail, "updated")
        self.queues.done(jail)

    def _differing(self, jail):
        """The first parameter that is fixed at creation and would change; None if none would."""
        if jail.compared:
            return None
        jail.compared = True
        with self.host.locked() as state:
            there = kernel.by_jid(state, jail.jid)
            for key, wanted in jail.imported.items():
                described = parameters.described(key)
                if described.change != "C" or key == "jid" or there is None:
                    continue
                if not jail.params[key].texts and described.kind == "jailsys" and self.release < (13, 0):
                    # 12.2 reads a value that is not there.
                    os.kill(os.getpid(), signal.SIGSEGV)
                if viewpoint.value(state, viewpoint.jail(state), there, key) != wanted:
                    return jail.params[key].given
        return None

    def names_of(self, jail):
        """What commands are told of their jail."""
        if jail.jid is None or jail.jid < 0:
            return {}
        told = {"JID": str(jail.jid), "JNAME": jail.text("name") or jail.name, "JPATH": jail.text("path")}
        return {name: text for name, text in told.items() if text is not None}


def _why_no_folder(path):
    try:
        os.stat(path)
    except OSError as error:
        return error.strerror
    return "Not a directory"
