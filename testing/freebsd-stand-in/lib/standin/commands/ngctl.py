"""ngctl(8): looks at the netgraph(4) of a network stack, and changes it.

Each call has a socket node of its own, which is gone, with its hooks, when it ends.
"""

import os
import sys

from .. import graph, network, options, place
from ..errors import EPERM, Failure, KernelError, Usage

EX_USAGE, EX_NOINPUT, EX_OSERR = 64, 66, 71
_ROW = "  %-15s %-15s %-12s %-15s %-15s"
_UNNAMED = "<unnamed>"


class _Refused(Exception):
    """A command failed, and has said why: the status."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


def run(host, name, arguments):
    release = host.release
    has_jail = release >= (15, 0)
    try:
        found, words = options.parse(name, arguments, "df:n:" + ("j:" if has_jail else ""), None)
    except ValueError:
        raise _usage(has_jail) from None
    given = dict(found)
    lines = None
    if "f" in given and not words:
        lines = _lines_of(given["f"])
    if lines is None and not words:
        raise _usage(has_jail, "no command specified")
    with host.locked() as state:
        vnet = place.vnet(state)
        if "j" in given:
            try:
                vnet = network.find_jail(state, given["j"])["jid"]
            except KernelError as error:
                raise Failure(error.text) from None
        inside = place.jail(state)
        if os.geteuid() != 0 or inside is not None and inside["values"]["vnet"] != 1:
            raise Failure("can't create node: " + EPERM, EX_OSERR)
        stack = network.Stack(state, vnet, network.Wires(state), release)
        shell = _Shell(stack, given.get("n", "ngctl%d" % os.getpid()))
        try:
            if words:
                shell.do(words)
            else:
                shell.read(lines)
        except _Refused as refused:
            return refused.status
        finally:
            shell.end()
    return 0


def _usage(has_jail, text=None):
    return Usage(("ngctl: %s\n" % text if text else "") + (
        "usage: ngctl [-j jail] [-d] [-f filename] [-n nodename] [command [argument ...]]"
        if has_jail else "usage: ngctl [-d] [-f file] [-n name] [command ...]"), EX_USAGE)


def _lines_of(path):
    try:
        if path == "-":
            return sys.stdin.read().splitlines()
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read().splitlines()
    except OSError as error:
        raise Failure("%s: %s" % (path, error.strerror), EX_NOINPUT) from None


def _warn(text):
    sys.stdout.flush()
    sys.stderr.write("ngctl: %s\n" % text)
    sys.stderr.flush()


class _Shell:
    def __init__(self, stack, name):
        self.graph = graph.Graph(stack)
        self.nodes = self.graph.nodes
        self.me = graph.add(stack.state, stack.vnet, "socket", name[:graph.LONGEST_NAME])
        self.ended = False

    def end(self):
        if self.me in self.nodes:
            self.graph.drop(self.me)

    # -- commands

    def read(self, lines):
        """Lines of a file, up to the first that fails."""
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            try:
                self.do(line.split())
            except _Refused:
                _warn("line %d: error in file" % number)
                raise
            if self.ended:
                break

    def do(self, words):
        if not words or not words[0]:
            return
        name = _command(words[0])
        usage, summary, aliases, act = _COMMANDS[name]
        if act(self, words[1:]) is False:
            _warn("usage: " + usage)
            raise _Refused(EX_USAGE)

    def _call(self, what, act, *given):
        try:
            return act(*given)
        except KernelError as error:
            _warn("%s: %s" % (what, error.number or error.text))
            raise _Refused(EX_OSERR) from None

    def _find(self, path):
        return self._call("send msg", self.graph.find, path, self.me)

    def make_peer(self, words):
        if len(words) not in (3, 4):
            return False
        key = self._find(words[0] if len(words) == 4 else ".")
        self._call("send msg", self.graph.make_peer, key, *words[-3:])
        return None

    def connect(self, words):
        if len(words) not in (3, 4):
            return False
        key = self._find(words[0] if len(words) == 4 else ".")
        peer = self._call("send msg", self.graph.find, words[-3], key)
        self._call("send msg", self.graph.connect, key, words[-2], peer, words[-1])
        return None

    def name(self, words):
        if len(words) != 2:
            return False
        self._call("send msg", self.graph.rename, self._find(words[0]), words[1])
        return None

    def remove_hook(self, words):
        if len(words) not in (1, 2):
            return False
        self.graph.remove_hook(self._find(words[0] if len(words) == 2 else "."), words[-1])
        return None

    def shut_down(self, words):
        if len(words) != 1:
            return False
        key = self._call("shutdown", self.graph.find, words[0], self.me)
        self.graph.shut_down(key)
        return None

    def message(self, words):
        if len(words) < 2:
            return False
        key = self._find(words[0])
        answer = self._call("send msg", self.graph.message, key, words[1], words[2:])
        if answer is not None:
            command, number, text = answer
            print("Rec'd response \"%s\" (%d) from \"[%x]:\":"
                  % (command, number, self.nodes[key]["id"]))
            print("Args:\t" + text if text else "No arguments")
        return None

    def list(self, words):
        try:
            found, rest = options.parse("ngctl", words, "ln", None)
        except ValueError:
            return False
        if rest:
            return False
        chosen = {letter for letter, _ in found}
        shown = [(key, node) for key, node in self.graph.all()
                 if "n" not in chosen or node["name"]]
        print("There are %d total %snodes:" % (len(shown), "named " if "n" in chosen else ""))
        for index, (key, node) in enumerate(shown):
            if "l" in chosen and index:
                print()
            self._show(key, node, "l" in chosen)
        return None

    def show(self, words):
        try:
            found, rest = options.parse("ngctl", words, "n", None)
        except ValueError:
            return False
        if len(rest) != 1:
            return False
        key = self._find(rest[0])
        self._show(key, self.nodes[key], not found)
        return None

    def _show(self, key, node, with_hooks):
        print("  Name: %-15s Type: %-15s ID: %08x   Num hooks: %d"
              % (node["name"] or _UNNAMED, node["type"], node["id"], len(node["hooks"])))
        if with_hooks and node["hooks"]:
            print(_ROW % ("Local hook", "Peer name", "Peer type", "Peer ID", "Peer hook"))
            print(_ROW % ("----------", "---------", "---------", "-------", "---------"))
            for entry in node["hooks"]:
                peer = self.nodes[entry["peer"]]
                print(_ROW % (entry["name"], peer["name"] or _UNNAMED, peer["type"],
                              "%08x" % peer["id"], entry["peer_hook"]))

    def types(self, words):
        if words:
            return False
        print("There are %d total types:" % len(graph.TYPES))
        print("%15s   Number of living nodes" % "Type name")
        print("%15s   ----------------------" % "---------")
        for kind in graph.TYPES:
            print("%15s  %6d" % (kind, sum(1 for node in self.nodes.values()
                                           if node["type"] == kind)))
        return None

    def status(self, words):
        if len(words) != 1:
            return False
        self._find(words[0])
        print("No status available for \"%s\"" % words[0])
        return None

    def config(self, words):
        if not words:
            return False
        self._find(words[0])
        print("No config available for \"%s\"" % words[0])
        return None

    def dot(self, words):
        if len(words) > 1:
            return False
        print("graph netgraph {")
        print("\tedge [ weight = 1.0 ];")
        print("\tnode [ shape = record, fontsize = 12 ] {")
        for _, node in self.graph.all():
            print("\t\t\"%x\" [ label = \"{%s:|{%s|[%x]:}}\" ];"
                  % (node["id"], node["name"] or _UNNAMED, node["type"], node["id"]))
        print("\t};")
        for _, node in self.graph.all():
            for entry in node["hooks"]:
                peer = self.nodes[entry["peer"]]
                if (node["id"], entry["name"]) <= (peer["id"], entry["peer_hook"]):
                    print("\t\"%x\" -- \"%x\";" % (node["id"], peer["id"]))
        print("};")
        return None

    def read_file(self, words):
        if len(words) != 1:
            return False
        try:
            lines = _lines_of(words[0])
        except Failure as failure:
            _warn(failure.text)
            raise _Refused(EX_OSERR) from None
        self.read(lines)
        return None

    def help(self, words):
        if not words:
            print("Available commands:")
            for name, (_, summary, _, _) in _COMMANDS.items():
                print("  %-10s %s" % (name, summary))
            return None
        usage, summary, aliases, _ = _COMMANDS[_command(words[0])]
        print("usage:    " + usage)
        if aliases:
            print("Aliases:  " + ", ".join(aliases))
        print("Summary:  " + summary)
        return None

    def debug(self, words):
        if not words:
            print("Current debug level is 0.")
        return None

    def quit(self, words):
        self.ended = True

    def write(self, words):
        if len(words) < 2:
            return False
        if self.graph.hook(self.me, words[0]) is None:
            _warn("writing to hook: Socket is not connected")
            raise _Refused(EX_OSERR)
        return None


#: By name: usage, what it does, other names, and the function; in the order of `ngctl help`.
_COMMANDS = {
    "config": ("config <path> [arguments]", "get or set configuration of node at <path>", (),
               _Shell.config),
    "connect": ("connect [path] <relpath> <hook> <peerhook>",
                "Connects hook <peerhook> of the node at <relpath> to <hook>", ("join",),
                _Shell.connect),
    "debug": ("debug [level]", "Get/set debugging verbosity level", (), _Shell.debug),
    "dot": ("dot [outputfile]", "Produce a GraphViz (.dot) of the entire netgraph.", (),
            _Shell.dot),
    "help": ("help [command]", "Show command summary or get more help on a specific command",
             ("?",), _Shell.help),
    "list": ("list [-ln]", "Show information about all nodes", ("ls",), _Shell.list),
    "mkpeer": ("mkpeer [path] <type> <hook> <peerhook>",
               "Create and connect a new node to the node at \"path\"", (), _Shell.make_peer),
    "msg": ("msg path command [args ... ]",
            "Send a netgraph control message to the node at \"path\"", ("cmd",), _Shell.message),
    "name": ("name <path> <name>", "Assign name <name> to the node at <path>", (), _Shell.name),
    "read": ("read <filename>", "Read and execute commands from a file", ("source", "."),
             _Shell.read_file),
    "rmhook": ("rmhook [path] <hook>", "Disconnect hook \"hook\" of the node at \"path\"",
               ("disconnect",), _Shell.remove_hook),
    "show": ("show [-n] <path>", "Show information about the node at <path>",
             ("inquire", "info"), _Shell.show),
    "shutdown": ("shutdown <path>", "Shutdown the node at <path>", ("kill",), _Shell.shut_down),
    "status": ("status <path>", "Get human readable status information from the node at <path>",
               (), _Shell.status),
    "types": ("types", "Show information about all installed node types", (), _Shell.types),
    "write": ("write hook < -f file | byte ... >", "Send a data packet out the hook", ("w",),
              _Shell.write),
    "quit": ("quit", "Exit program", ("exit",), _Shell.quit),
}


def _command(given):
    """The one whose name, or other name, starts so, whatever the case."""
    word = given.lower()
    found = [name for name, (_, _, aliases, _) in _COMMANDS.items()
             if any(known.startswith(word) for known in (name,) + aliases)]
    if len(found) == 1:
        return found[0]
    _warn("\"%s\": %s" % (given, "ambiguous command" if found else "unknown command"))
    raise _Refused(EX_OSERR)
