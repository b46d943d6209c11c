"""jail(8): makes, changes and removes jails, with all that it does around that.

The order of the steps, and what is undone of them, are those of the manual and of what a running 12.2
showed with -v.
"""

import contextlib
import os
import signal
import sys
import time

from .. import options as options_of
from .. import jailconf, kernel, limits, modules, parameters, processes, running, values
from ..errors import EPERM, Exit, Failure, KernelError, Usage
from ..jailconf import Variable

CONFIGURATION = "/etc/jail.conf"

_USAGE = """usage: jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            -[cmr] param=value ... [command=command ...]
       jail [-dqv] [-f file] -[cmr] [jail]
       jail [-qv] [-f file] -[rR] ['*' | jail ...]
       jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            [-n jailname] [-s securelevel]
            path hostname [ip[,...]] command ...
       jail [-f file] -e separator"""

#: A command with one of these is the shell's.
_SHELLS = frozenset("!\"$&'()*;<>?[\\]`{|}~")

_COMMA_LISTS = {"ip4.addr": (12, 0), "ip6.addr": (12, 0), "vnet.interface": (15, 0),
                "zfs.dataset": (15, 0)}

#: In the order of creation; "undo" tells what a later failure undoes.
_START = ("exec.prepare", "ip4.addr", "ip6.addr", "mount", "mount.devfs", "mount.fdescfs",
          "mount.procfs", "exec.prestart", "create", "exec.created", "zfs.dataset",
          "vnet.interface", "exec.start", "command", "exec.poststart")
_STOP = ("exec.prestop", "exec.stop", "stop.timeout", "remove", "exec.poststop", "mount.procfs",
         "mount.fdescfs", "mount.devfs", "mount", "ip6.addr", "ip4.addr", "exec.release")
_INSIDE = ("exec.start", "command", "exec.stop")
_SINCE = {"exec.prepare": (12, 2), "exec.release": (12, 2), "zfs.dataset": (15, 0)}


#: What an option switches on, what takes its text, and which parameters the old ones are.
_SWITCHES = {"c": ("create",), "m": ("modify",), "r": ("remove",), "R": ("remove_only",),
             "i": ("print_jid", "quiet"), "q": ("quiet",), "v": ("verbose",), "d": ("dying",)}
_TEXTS = {"f": "file", "J": "jid_file", "e": "separator"}
_TEXT = object()
_OLD = {"n": [("name", _TEXT)], "s": [("securelevel", _TEXT)], "l": [("exec.clean", None)],
        "u": [("exec.jail_user", _TEXT), ("exec.system_jail_user", None)],
        "U": [("exec.jail_user", _TEXT), ("exec.system_jail_user", "false")],
        "h": [("ip_hostname", None)]}


class Options:
    def __init__(self):
        self.create = self.modify = self.remove = self.remove_only = False
        self.file = None
        self.jid_file = None
        self.separator = None
        self.print_jid = self.quiet = self.verbose = self.dying = False
        self.given = []


class JailFailed(Exception):
    """A step of one jail failed, and it was said why."""


def run(host, name, arguments):
    options, words = _options(host, arguments)
    return Session(host, options).run(words)


def _options(host, arguments):
    options = Options()
    given, words = options_of.parse("jail", arguments, "cde:f:hiJ:lmn:p:qrRs:u:U:v", _USAGE)
    for letter, text in given:
        if letter in _SWITCHES:
            for name in _SWITCHES[letter]:
                setattr(options, name, True)
        elif letter in _TEXTS:
            setattr(options, _TEXTS[letter], text)
        elif letter in _OLD:
            options.given += [(key, text if value is _TEXT else value) for key, value in _OLD[letter]]
    return options, words


class Param:
    """A parameter of a jail: as it was given, and its texts; None among them is the name alone."""

    def __init__(self, key, given, texts):
        self.key = key
        self.given = given
        self.texts = texts


class Jail:
    """A jail that is asked for."""

    def __init__(self, name, configured):
        self.name = name
        self.configured = configured
        self.params = {}
        self.commands = []
        self.failed = False
        self.jid = None
        self.imported = {}
        self.fstab = []

    def texts(self, key):
        param = self.params.get(key)
        return [] if param is None else [text for text in param.texts if text is not None]

    def text(self, key):
        texts = self.texts(key)
        return texts[-1] if texts else None

    def flag(self, key):
        param = self.params.get(key)
        return bool(param is not None
                    and _boolean(param.given, param.key, param.texts[-1] if param.texts else None))

    def number(self, key, default):
        text = self.text(key)
        return default if text is None else int(text)


def _boolean(given, key, text):
    number = values.boolean(given, text)
    return number if given == key else 1 - number


class Session:
    """One call of jail(8)."""

    def __init__(self, host, options):
        self.host = host
        self.options = options
        self.release = host.release
        self.failed = False
        self.blocks = []
        self.loaded = False
        self.file = options.file or CONFIGURATION
        self.many = False
        self.jid_lines = []

    # ---- saying

    def note(self, jail, text):
        if self.options.quiet:
            return
        print(("%s: %s" % (jail.name, text)) if jail.configured else text)
        sys.stdout.flush()

    def verbose(self, jail, text):
        if self.options.verbose:
            print(("%s: %s" % (jail.name, text)) if jail.configured else text)
            sys.stdout.flush()

    def warn(self, jail, text):
        sys.stdout.flush()
        prefix = "jail: %s: " % jail.name if jail is not None and jail.configured else "jail: "
        sys.stderr.write(prefix + text + "\n")
        sys.stderr.flush()

    def fail(self, jail, text):
        self.warn(jail, text)
        jail.failed = True
        self.failed = True
        raise JailFailed()

    # ---- what is to be done

    def run(self, words):
        options = self.options
        if options.separator is not None:
            self._load()
            return self._print_all()
        if not (options.create or options.modify or options.remove or options.remove_only):
            if len(words) >= 4:
                return self._old_form(words)
            raise Usage(_USAGE)
        by_parameters = (options.create or options.modify) and (
            options.given or (words and ("=" in words[0] or len(words) > 1)))
        if by_parameters:
            return self._by_parameters(words)
        return self._by_names(words)

    def _load(self, needed=True):
        try:
            self.blocks = jailconf.load(self.file, self.release, sys.stdin.buffer)
            self.loaded = True
        except jailconf.SyntaxProblem as problem:
            for line in problem.lines:
                sys.stderr.write("jail: %s\n" % line)
            raise Exit(1) from None
        except OSError as error:
            if needed:
                raise Failure("%s: %s" % (self.file, error.strerror)) from None

    def _old_form(self, words):
        self.options.create = True
        self.options.given += [("path", words[0]), ("host.hostname", words[1])]
        for address in words[2].split(","):
            if address:
                self.options.given.append(("ip6.addr" if ":" in address else "ip4.addr", address))
        return self._by_parameters(["command=" + words[3]] + words[4:])

    def _by_parameters(self, words):
        jail = Jail("", False)
        for key, text in self.options.given:
            self._add(jail, key, [text])
        for index, word in enumerate(words):
            key, equals, text = word.partition("=")
            if key == "command" and equals:
                jail.commands = [[text] + words[index + 1:]]
                break
            texts = [text if equals else None]
            if equals and self.release >= _COMMA_LISTS.get(key, (99,)):
                texts = text.split(",")
            self._add(jail, key, texts)
        jail.name = jail.text("jid") or jail.text("name") or ""
        with contextlib.suppress(JailFailed):
            self._prepare(jail)
            for other in jail.texts("depend"):
                self._require_running(jail, other)
            self._carry_out(jail)
        self._write_jid_file()
        return int(self.failed)

    def _require_running(self, jail, other):
        with self.host.locked() as state:
            there = kernel.find(state, other) is not None
        if not there:
            self.fail(jail, 'depends on nonexistent jail "%s"' % other)

    def _add(self, jail, given, texts):
        key = _key(given, self.release)
        if key in ("name", "jid") and key in jail.params:
            self.warn(None, 'cannot redefine parameter "%s".' % key)
            return
        if key in jail.params:
            jail.params[key].texts += texts
            jail.params[key].given = given
        else:
            jail.params[key] = Param(key, given, list(texts))

    # ---- by names

    def _by_names(self, words):
        options = self.options
        wildcard = any(jailconf.is_pattern(word) or "*" in word for word in words)
        if options.remove_only or options.remove:
            if not words and not (options.create or options.modify):
                raise Usage(_USAGE)
            needed = options.file is not None
            # -R looks at no configuration, and a plain -r does without one.
            if not options.remove_only:
                self._load(needed=needed or options.create or options.modify)
            self.many = len(words) > 1 or wildcard or self.loaded
            return self._remove_all(words)
        self._load()
        self.many = True
        names = self._wanted(words)
        for jail in self._with_dependencies(names):
            with contextlib.suppress(JailFailed):
                self._carry_out(jail)
        self._write_jid_file()
        return int(self.failed)

    def _wanted(self, words):
        known = list(dict.fromkeys(jailconf.jail_names(self.blocks)))
        if not words:
            return known
        names = []
        for word in words:
            if jailconf.is_pattern(word) or "*" in word:
                found = [name for name in known if jailconf.glob_matches(word, name)]
                if not found and word != "*":
                    self._not_found(word)
            else:
                found = [word] if word in known else []
                if not found:
                    self._not_found(word)
            names += [name for name in found if name not in names]
        return names

    def _not_found(self, name):
        self.warn(None, '"%s" not found' % name)
        self.failed = True

    def _configured(self, name):
        jail = Jail(name, True)
        numeric = name.isdigit() and int(name) != 0
        jail.params["jid" if numeric else "name"] = Param(
            "jid" if numeric else "name", "jid" if numeric else "name", [name])
        variables = {}
        for statement in jailconf.statements_of(self.blocks, name):
            if statement.variable:
                variables[statement.name] = statement
                continue
            key = _key(statement.name, self.release)
            if key in ("name", "jid") and key in jail.params:
                self.warn(jail if self.release >= (14, 0) else None,
                          'cannot redefine parameter "%s".' % key)
                if self.release >= (14, 0):
                    jail.failed = self.failed = True
                continue
            pieces = statement.values if statement.values is not None else [None]
            if statement.adds and key in jail.params:
                jail.params[key].texts += pieces
            else:
                # One that is given again stays where it was.
                jail.params[key] = Param(key, statement.name, list(pieces))
        self._fill_in(jail, variables)
        return jail

    def _fill_in(self, jail, variables):
        filled = {}

        def texts_of(name, asking, loop):
            if name in loop:
                self.warn(jail, "%s: variable loop" % asking)
                jail.failed = self.failed = True
                return [""]
            if name in variables:
                pieces = variables[name].values or [[""]]
            elif name in jail.params:
                if name in filled:
                    return filled[name]
                pieces = jail.params[name].texts
            else:
                self.warn(jail, '%s: variable "%s" not found' % (asking, name))
                jail.failed = self.failed = True
                return [""]
            return [whole(value, asking, loop | {name}) for value in pieces]

        def whole(pieces, asking, loop):
            if pieces is None or isinstance(pieces, str):
                return pieces
            text = ""
            for piece in pieces:
                if isinstance(piece, Variable):
                    text += texts_of(piece.name, asking, loop)[-1] or ""
                else:
                    text += piece
            return text

        for key, param in jail.params.items():
            filled[key] = [whole(value, key, frozenset()) for value in param.texts]
        for key, param in jail.params.items():
            param.texts = filled[key]

    def _with_dependencies(self, names):
        """Whom they depend on first; each once."""
        known = set(jailconf.jail_names(self.blocks))
        done, order = {}, []

        def visit(name, required):
            if name in done:
                return done[name]
            jail = self._configured(name)
            done[name] = jail
            if not jail.failed:
                with contextlib.suppress(JailFailed):
                    self._prepare(jail)
            for other in jail.texts("depend"):
                if other not in known:
                    with contextlib.suppress(JailFailed):
                        self._require_running(jail, other)
                    continue
                visit(other, False)
            with self.host.locked() as state:
                there = kernel.find(state, name) is not None
            jail.implied = not required and there
            order.append(jail)
            return jail

        for name in names:
            visit(name, True)
        for jail in order:
            if jail.implied:
                continue
            lacking = [other for other in jail.texts("depend")
                       if other in done and done[other].failed]
            if lacking or jail.failed:
                if lacking and not jail.failed:
                    self.warn(jail, "skipped")
                    jail.failed = self.failed = True
                continue
            yield jail

    # ---- the parameters, before anything is done

    def _prepare(self, jail):
        for key, param in jail.params.items():
            kind = parameters.pseudo(key, self.release)
            if kind is None:
                continue
            if kind[0] == "bool":
                try:
                    _boolean(param.given, key, param.texts[-1])
                except KernelError as error:
                    self.fail(jail, error.text)
            elif kind[0] == "int":
                text = jail.text(key)
                if text is not None and not text.lstrip("+-").isdigit():
                    self.fail(jail, '%s: non-integer value "%s"' % (key, text))
        for name in jail.texts("mount.fstab"):
            jail.fstab += self._fstab(jail, name)
        known = self.host.setting("modules")
        for key, param in jail.params.items():
            if parameters.pseudo(key, self.release) is not None:
                continue
            found = parameters.find(key, self.release, known)
            if found is None:
                with self.host.locked() as state:
                    modules.load_for(state, key)
                    known = list(state["settings"]["modules"])
                found = parameters.find(key, self.release, known)
            if found is None or found.change == "RO":
                self.fail(jail, "unknown parameter: %s" % param.given)
            try:
                jail.imported[key] = values.import_value(
                    found, param.given, self._kernel_text(jail, key))
            except KernelError as error:
                self.fail(jail, error.text)

    def _kernel_text(self, jail, key):
        param = jail.params[key]
        if key in ("ip4.addr", "ip6.addr"):
            return ",".join(_Address(text).address for text in jail.texts(key) if text)
        return param.texts[-1]

    def _fstab(self, jail, name):
        lines = []
        try:
            with open(name, encoding="latin-1") as file:
                for line in file:
                    line = line.partition("#")[0].strip()
                    if line:
                        lines.append(line)
        except OSError as error:
            self.fail(jail, "mount.fstab: %s: %s" % (name, error.strerror))
        return lines

    # ---- making and changing

    def _carry_out(self, jail):
        if jail.failed:
            return
        with self.host.locked() as state:
            kernel.collect(state)
            there = self._running(state, jail)
        if self.options.create and there is None:
            self._create(jail)
        elif self.options.modify:
            if there is None:
                self.fail_unprefixed(jail, '"%s" not found' % jail.name)
            self._modify(jail)
        else:
            self.fail_unprefixed(jail, '"%s" already exists' % jail.name)

    def fail_unprefixed(self, jail, text):
        self.warn(None, text)
        jail.failed = self.failed = True
        raise JailFailed()

    def _running(self, state, jail):
        if "jid" in jail.imported and jail.imported["jid"]:
            return kernel.by_jid(state, jail.imported["jid"])
        name = jail.imported.get("name")
        return kernel.by_name(state, name) if name else None

    def _modify(self, jail):
        if not jail.configured:
            self._check_crash(jail)
        given = dict(jail.imported)
        if jail.configured:
            given = {key: wanted for key, wanted in given.items()
                     if parameters.BY_NAME[key].change == "CM"}
        self.verbose(jail, "jail_set(JAIL_UPDATE) " + self._shown(jail, given))
        try:
            with self.host.locked():
                kernel.require_root(self.host)
                kernel.jail_set(self.host, given, create=False, update=True)
        except KernelError as error:
            self.fail(jail, _of_kernel("jail_set", error))
        if jail.configured:
            self.note(jail, "updated")

    def _check_crash(self, jail):
        """12.2 reads a value that is not there."""
        for key in ("vnet", "ip4", "ip6"):
            if self.release < (13, 0) and key in jail.params \
                    and jail.params[key].texts[-1] is None:
                os.kill(os.getpid(), signal.SIGSEGV)

    def _create(self, jail):
        done = []
        try:
            for step in _START:
                if self.release >= _SINCE.get(step, (12, 0)):
                    self._start_step(jail, step, done)
        except JailFailed:
            for undo in reversed(done):
                try:
                    undo()
                except JailFailed:
                    pass
            jail.failed = self.failed = True
            self.jid_lines.append((jail, -1))
            return
        self.jid_lines.append((jail, jail.jid))
        with self.host.locked() as state:
            made = kernel.by_jid(state, jail.jid)
            if made is not None:
                made["held"] = False
                kernel.collect(state)

    def _start_step(self, jail, step, done):
        if step == "create":
            self._jail_set(jail)
            done.append(lambda: self._jail_remove(jail))
        elif step in ("ip4.addr", "ip6.addr"):
            for words in _aliases(jail, step):
                self._command(jail, ["/sbin/ifconfig"] + words + ["alias"])
                done.append(lambda words=_removal(words): self._command(
                    jail, ["/sbin/ifconfig"] + words + ["-alias"]))
        elif step == "mount" or step.startswith("mount."):
            for mount in self._mounts(jail, step):
                self._mount(jail, mount)
                done.append(lambda mount=mount: self._unmount(jail, mount))
        elif step == "vnet.interface":
            for name in jail.texts(step):
                self._command(jail, ["/sbin/ifconfig", name, "vnet", self._vnet_name(jail)])
                done.append(lambda name=name: self._command(
                    jail, ["/sbin/ifconfig", name, "-vnet", self._vnet_name(jail)]))
        elif step == "zfs.dataset":
            for name in jail.texts(step):
                self._command(jail, ["/sbin/zfs", "jail", str(jail.jid), name])
        else:
            self._commands(jail, step)

    def _vnet_name(self, jail):
        return jail.name if jail.name and self.release < (15, 0) else str(jail.jid)

    def _jail_set(self, jail):
        given = dict(jail.imported)
        temporary = not given.get("persist") and bool(
            jail.texts("exec.start") or jail.texts("command") or jail.commands
            or jail.texts("exec.poststart"))
        self.verbose(jail, "jail_set(JAIL_CREATE) " + self._shown(jail, given))
        try:
            with self.host.locked():
                kernel.require_root(self.host)
                # With -d one that is dying lives again.
                again = self.options.dying and kernel.is_dying(self.host.state, given.get("jid"))
                jail.jid = kernel.jail_set(self.host, given, create=not again, update=again,
                                           attach=temporary, dying=again)
        except KernelError as error:
            if error.number in ("No such file or directory", "Not a directory"):
                self.fail(jail, "path %s: %s" % (jail.text("path") or "/", error.number))
            self.fail(jail, _of_kernel("jail_set", error))
        if self.options.print_jid:
            print(jail.jid)
        if jail.configured:
            self.note(jail, "created")
        else:
            self.verbose(jail, "created")

    def _shown(self, jail, given):
        return " ".join(_assignment(jail.params[key], self._kernel_text(jail, key))
                        for key in given)

    def _jail_remove(self, jail):
        with self.host.locked() as state:
            there = kernel.by_jid(state, jail.jid)
            if there is not None:
                kernel.remove(state, there)
        if jail.configured:
            self.note(jail, "removed")

    # ---- mounts

    def _mounts(self, jail, step):
        path = jail.text("path") or "/"
        if step == "mount":
            return [self._mount_line(jail, line) for line in jail.texts("mount") + jail.fstab]
        if not jail.flag(step):
            return []
        if step == "mount.devfs":
            ruleset = jail.number("devfs_ruleset", 0) or 4
            return [("devfs", "ruleset=%d" % ruleset, ".", os.path.join(path, "dev"), step)]
        if step == "mount.fdescfs":
            return [("fdescfs", None, ".", os.path.join(path, "dev/fd"), step)]
        return [("procfs", None, ".", os.path.join(path, "proc"), step)]

    def _mount_line(self, jail, line):
        fields = [_unvis(field) for field in line.split()]
        if len(fields) < 3:
            self.fail(jail, "mount: %s: missing information" % line)
        special, directory, kind = fields[:3]
        return kind, fields[3] if len(fields) > 3 else None, special, directory, "mount"

    def _check_place(self, jail, directory, step):
        if not directory.startswith("/"):
            self.fail(jail, "%s: %s: not an absolute pathname" % (step, directory))
        path = os.path.normpath(jail.text("path") or "/")
        reached = path
        below = os.path.relpath(os.path.normpath(directory), path)
        for part in [] if below.startswith("..") else below.split("/"):
            reached = os.path.normpath(os.path.join(reached, part))
            if os.path.islink(reached):
                self.fail(jail, "%s: %s is a symbolic link" % (step, reached))
            if not os.path.lexists(reached):
                self.fail(jail, "%s: %s: No such file or directory" % (step, directory))

    def _mount(self, jail, mount):
        kind, options, special, directory, step = mount
        self._check_place(jail, directory, step)
        words = ["/sbin/mount", "-t", kind]
        if options is not None:
            words += ["-o" + options] if step == "mount.devfs" else ["-o", options]
        self._command(jail, words + [special, directory])

    def _unmount(self, jail, mount):
        kind, _, _, directory, step = mount
        words = ["-ft", kind] if step == "mount" else []
        self._command(jail, ["/sbin/umount"] + words + [directory])

    # ---- commands

    def _commands(self, jail, step):
        for argv in jail.commands if step == "command" else []:
            self._run(jail, step, argv, " ".join(argv))
        for text in jail.texts(step):
            background = False
            if not any(char in _SHELLS for char in text.rstrip().rstrip("&")) \
                    and text.rstrip().endswith("&"):
                background = True
                argv = text.rstrip()[:-1].split()
                shown = text
            elif any(char in _SHELLS for char in text):
                argv = ["/bin/sh", "-c", text]
                shown = " ".join(argv)
            else:
                argv = text.split()
                shown = text
            if argv:
                self._run(jail, step, argv, shown, background)

    def _command(self, jail, argv):
        self._run(jail, "internal", argv, " ".join(argv))

    def _run(self, jail, step, argv, shown, background=False):
        inside = step in _INSIDE
        there = limited = None
        if inside:
            with self.host.locked() as state:
                there = kernel.by_jid(state, jail.jid)
                if there is not None:
                    limited = limits.plan(state, there)
            if there is None:
                self.fail(jail, "jail_attach(%d): %s" % (jail.jid, "Invalid argument"))
        who = jail.text("exec.jail_user" if inside else "exec.system_user")
        self.verbose(jail, "run command%s%s: %s" % (
            " in jail" if inside else "", " as " + who if who and step != "internal" else "",
            shown))
        log = None
        if inside and jail.text("exec.consolelog"):
            log = self._console_log(jail)
        child = running.start(
            lambda: self._become(jail, step, inside, who, log),
            lambda error: "%sexec %s: %s" % (
                "jail: %s: " % jail.name if jail.configured else "jail: ", argv[0],
                error.strerror),
            argv, there, own_session=background, limited=limited)
        if log is not None:
            os.close(log)
        if background:
            return
        self._wait(jail, child, shown, there)

    def _console_log(self, jail):
        name = jail.text("exec.consolelog")
        try:
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            self.fail(jail, "open %s: %s" % (name, error.strerror))

    def _become(self, jail, step, inside, who, log):
        """In the child: as whom, with what around him."""
        said = "jail: %s: " % jail.name if jail.configured else "jail: "
        if log is not None:
            os.dup2(log, 1)
            os.dup2(log, 2)
        if inside and jail.number("exec.fib", 0):
            raise running.Refused(said + "setfib: Invalid argument")
        clean = step != "internal" and jail.flag("exec.clean")
        if step == "internal" or not (who or clean):
            return dict(os.environ)
        try:
            user = running.find_user(
                (lambda candidate: candidate.name == who) if who
                else (lambda candidate: candidate.uid == os.getuid()))
        except OSError:
            user = None
        if user is None:
            raise running.Refused(said + ("%s: no such user" % who if who else "unknown uid 0"))
        environment = running.clean_environment(user) if clean else dict(os.environ)
        if who:
            running.become(user)
            environment.update(HOME=user.home, USER=user.name, SHELL=user.shell)
        if clean:
            try:
                os.chdir(user.home)
            except OSError as error:
                raise running.Refused(
                    said + "chdir %s: %s" % (user.home, error.strerror)) from None
        return environment

    def _wait(self, jail, child, shown, inside):
        limit = jail.number("exec.timeout", 0)
        begin = time.monotonic()
        deadline = time.monotonic() + limit if limit > 0 else None
        while True:
            found, status, usage = os.wait4(child, 0 if deadline is None else os.WNOHANG)
            if found:
                break
            if time.monotonic() > deadline:
                self.fail(jail, "%s: timed out" % shown)
            time.sleep(0.005)
        if inside is not None:
            with self.host.locked() as state:
                limits.charge(state, inside, usage.ru_utime + usage.ru_stime,
                              time.monotonic() - begin)
        if os.WIFSIGNALED(status):
            self.fail(jail, "%s: exited on signal %d" % (shown, os.WTERMSIG(status)))
        if os.WEXITSTATUS(status):
            self.fail(jail, "%s: failed" % shown)

    # ---- removing

    def _remove_all(self, words):
        removed = []
        for name in self._to_remove(words):
            with contextlib.suppress(JailFailed):
                self._remove(name)
                removed.append(name)
        if self.options.create or self.options.modify:
            # A restart is of those that ran.
            known = jailconf.jail_names(self.blocks)
            for jail in self._with_dependencies([name for name in removed if name in known]):
                with contextlib.suppress(JailFailed):
                    self._carry_out(jail)
            self._write_jid_file()
        return int(self.failed)

    def _to_remove(self, words):
        known = list(dict.fromkeys(jailconf.jail_names(self.blocks)))
        with self.host.locked() as state:
            kernel.collect(state)
            there = [jail["name"] for jail in kernel.jails(state) if jail["parent"] == 0]
            names = []
            for word in words:
                if "*" in word:
                    pool = there if self.options.remove_only else [n for n in known if n in there]
                    found = [n for n in reversed(pool) if jailconf.glob_matches(word, n)]
                    if not found and word != "*":
                        self._not_found(word)
                else:
                    jail = kernel.find(state, word)
                    found = [jail["name"]] if jail is not None else []
                    if jail is None:
                        self._not_found(word)
                        self._skip(word)
                names += [name for name in found if name not in names]
        if self.options.remove_only:
            return names
        return self._dependents_first(names, known, there)

    def _skip(self, name):
        """Whom it depends on is not looked at any more."""
        if name in jailconf.jail_names(self.blocks) and not self.options.remove_only:
            for other in self._configured(name).texts("depend"):
                self.warn(None, "%s: skipped" % other)

    def _dependents_first(self, names, known, there):
        configured = {name: self._configured(name) for name in known}
        order = []

        def visit(name):
            if name in order:
                return
            for other in known:
                if other in there and name in configured[other].texts("depend"):
                    visit(other)
            order.append(name)

        for name in names:
            visit(name)
        return order

    def _remove(self, name):
        if os.geteuid() != 0:
            self.fail(Jail(name, True), "jail_remove: " + EPERM)
        if name in jailconf.jail_names(self.blocks):
            jail = self._configured(name)
            self._prepare(jail)
        else:
            jail = Jail(name, self.many or self.options.verbose)
            jail.params["name"] = Param("name", "name", [name])
        with self.host.locked() as state:
            there = kernel.find(state, name)
            if there is None:
                self.fail_unprefixed(jail, '"%s" not found' % name)
            jail.jid = there["jid"]
            if not jail.text("path"):
                jail.params["path"] = Param("path", "path", [there["values"]["path"]])
        if self.options.remove_only:
            self._terminate(jail, kernel_only=True)
            self._kernel_remove(jail)
            return
        for step in _STOP:
            if self.release < _SINCE.get(step, (12, 0)):
                continue
            try:
                self._stop_step(jail, step)
            except JailFailed:
                if step in ("exec.prestop", "exec.stop", "remove"):
                    raise
        if jail.failed:
            self.failed = True

    def _stop_step(self, jail, step):
        if step == "stop.timeout":
            self._terminate(jail)
        elif step == "remove":
            self._kernel_remove(jail)
        elif step in ("ip4.addr", "ip6.addr"):
            self._each(jail, [["/sbin/ifconfig"] + _removal(words) + ["-alias"]
                              for words in reversed(_aliases(jail, step))])
        elif step == "mount" or step.startswith("mount."):
            failed = False
            for mount in reversed(self._mounts(jail, step)):
                try:
                    self._unmount(jail, mount)
                except JailFailed:
                    failed = True
            if failed:
                raise JailFailed()
        else:
            self._commands(jail, step)

    def _each(self, jail, commands):
        failed = False
        for argv in commands:
            try:
                self._command(jail, argv)
            except JailFailed:
                failed = True
        if failed:
            raise JailFailed()

    def _terminate(self, jail, kernel_only=False):
        seconds = 10 if kernel_only else jail.number("stop.timeout", 10)
        with self.host.locked() as state:
            there = kernel.by_jid(state, jail.jid)
            init = there["init"] if there is not None else None
        if init is None or seconds <= 0:
            return
        sent = processes.send(sorted(processes.in_jail(init), reverse=True), signal.SIGTERM)
        if sent:
            self.verbose(jail, "sent SIGTERM to: " + " ".join(map(str, sent)))
            processes.await_none(init, seconds)

    def _kernel_remove(self, jail):
        with self.host.locked() as state:
            there = kernel.by_jid(state, jail.jid)
            if there is not None:
                kernel.remove(state, there)
        if jail.configured or self.options.verbose:
            if not self.options.quiet:
                print("%s: removed" % jail.name)
                sys.stdout.flush()

    # ---- printing

    def _print_all(self):
        for name in jailconf.jail_names(self.blocks):
            jail = self._configured(name)
            print(self.options.separator.join(self._assignments(jail)))
        return int(self.failed)

    def _assignments(self, jail):
        texts = []
        for param in jail.params.values():
            kind = parameters.pseudo(param.key, self.release)
            several = kind is not None and kind[1] or param.key in ("ip4.addr", "ip6.addr")
            if several and param.texts != [None]:
                texts.append(param.given + "=" + ",".join(_quoted(t) for t in param.texts
                                                          if t is not None))
            else:
                texts.append(_assignment(param, param.texts[-1]))
        return texts

    def _write_jid_file(self):
        if self.options.jid_file is None:
            return
        with open(self.options.jid_file, "w", encoding="latin-1") as file:
            for jail, jid in self.jid_lines:
                file.write("\t".join(["jid=%d" % jid] + self._assignments(jail)) + "\n")


def _key(given, release):
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


def _of_kernel(call, error):
    return error.text if error.text else "%s: %s" % (call, error.number)


def _quoted(text):
    if text == "":
        return '""'
    quote = ""
    if "'" in text:
        quote = '"'
    elif '"' in text:
        quote = "'"
    elif " " in text or "\t" in text:
        quote = '"'
    if not quote:
        return text.replace("\\", "\\\\")
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def _assignment(param, text):
    return param.given if text is None else "%s=%s" % (param.given, _quoted(text))


def _unvis(field):
    return field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n") \
        .replace("\\134", "\\")


class _Address:
    """ip4.addr as jail(8) has it: interface|address/mask and words for ifconfig(8)."""

    def __init__(self, text):
        self.interface, bar, rest = text.partition("|")
        if not bar:
            self.interface, rest = None, text
        words = rest.split()
        self.address, slash, self.mask = (words[0] if words else "").partition("/")
        self.words = words[1:]


def _aliases(jail, key):
    """The words for ifconfig(8) of each address that has an interface, without "alias"."""
    found = []
    for text in jail.texts(key):
        address = _Address(text)
        interface = address.interface or jail.text("interface")
        if not interface or not address.address:
            continue
        if key == "ip4.addr":
            if not address.mask:
                place = [address.address, "netmask", "255.255.255.255"]
            elif "." in address.mask:
                place = [address.address, "netmask", address.mask]
            else:
                place = [address.address + "/" + address.mask]
            found.append([interface, "inet"] + place + address.words)
        else:
            place = [address.address + "/" + address.mask] if address.mask \
                else [address.address, "prefixlen", "128"]
            found.append([interface, "inet6"] + place + address.words)
    return found


def _removal(words):
    """The same without what was only for making it."""
    return words[:5] if "netmask" in words or "prefixlen" in words else words[:3]
