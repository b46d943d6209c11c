"""jail.conf(5): its grammar, and what a jail's parameters come to.

A value is a list of pieces: texts, and variables to be filled in later.
"""

import os

from . import parameters
from .asked import Jail, Param, key_of

_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_!%&()-.:<>?@[]^`|~")
#: Each is a piece of its own in an unquoted string.
_SINGLE = frozenset("$*+/\\")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NAME_START = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_NAME = _NAME_START | frozenset("0123456789")
MOST_INCLUDES = 32


class SyntaxProblem(Exception):
    """The file cannot be read; the lines that jail(8) says of it."""

    def __init__(self, *lines):
        super().__init__("\n".join(lines))
        self.lines = lines


class Variable:
    """A place in a value that another parameter's value fills."""

    def __init__(self, name):
        self.name = name


class Token:
    """A string, or a mark: ; , = += { }."""

    def __init__(self, kind, line, text="", pieces=(), count=1):
        self.kind = kind
        self.line = line
        self.text = text
        self.pieces = list(pieces)
        self.count = count


class _Lexer:
    def __init__(self, text, file):
        self.text = text
        self.file = file
        self.at = 0
        self.line = 1
        self.problem = None

    def _peek(self, offset=0):
        place = self.at + offset
        return self.text[place] if place < len(self.text) else ""

    def _next(self):
        char = self.text[self.at]
        self.at += 1
        if char == "\n":
            self.line += 1
        return char

    def _unterminated(self, what, line):
        raise SyntaxProblem("%s line %d: unterminated %s" % (self.file, line, what),
                            "%s: unexpected EOF" % self.file)

    def tokens(self):
        found = []
        while True:
            token = self._token()
            if token is None:
                return found
            found.append(token)

    def _token(self):
        self._skip()
        char = self._peek()
        if not char:
            return None
        line = self.line
        if char == "+" and self._peek(1) == "=":
            self.at += 2
            return Token("+=", line, "+=")
        if char in ";,={}":
            self.at += 1
            return Token(char, line, char)
        return self._string(line)

    def _skip(self):
        while True:
            char = self._peek()
            if char and char in " \t\r\n":
                self._next()
            elif char == "#" or (char == "/" and self._peek(1) == "/"):
                while self._peek() and self._peek() != "\n":
                    self._next()
            elif char == "/" and self._peek(1) == "*":
                line = self.line
                end = self.text.find("*/", self.at + 2)
                if end < 0:
                    self._unterminated("comment", line)
                self.line += self.text.count("\n", self.at, end)
                self.at = end + 2
            else:
                return

    def _string(self, line):
        start, pieces, count = self.at, [], 0
        while True:
            char = self._peek()
            if char in ("'", '"'):
                self._quoted(char, pieces)
                count += 1
            elif char == "$" and (self._peek(1) in _NAME_START or self._peek(1) == "{") \
                    and self._peek(1):
                pieces.append(self._variable())
                count += 1
            elif char == "/" and self._peek(1) in ("/", "*") and self._peek(1):
                break
            elif char == "+" and self._peek(1) == "=":
                break
            elif char and char in _SINGLE:
                pieces.append(self._next())
                count += 1
            elif char and char in _BARE:
                bare = []
                while self._peek() and self._peek() in _BARE:
                    bare.append(self._next())
                pieces.append("".join(bare))
                count += 1
            else:
                break
        if count == 0:
            raise SyntaxProblem("%s line %d: %s: syntax error"
                                % (self.file, line, _native(self._peek())))
        return Token("string", line, _native(self.text[start:self.at]), pieces, count)

    def _quoted(self, quote, pieces):
        line = self.line
        self._next()
        text = []
        while True:
            char = self._peek()
            if not char:
                self._unterminated("string", line)
            if char == quote:
                self._next()
                break
            if char == "\\":
                self._next()
                text.append(self._escape(line))
            elif char == "$" and quote == '"' and self._peek(1) \
                    and (self._peek(1) in _NAME_START or self._peek(1) == "{"):
                pieces.append(_native("".join(text)))
                text = []
                pieces.append(self._variable())
            else:
                text.append(self._next())
        # A NUL ends a string of C.
        pieces.append(_native("".join(text).partition("\0")[0]))

    def _escape(self, line):
        char = self._peek()
        if not char:
            self._unterminated("string", line)
        self._next()
        if char == "\n":
            return ""
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char in "01234567":
            digits = char
            while len(digits) < 3 and self._peek() and self._peek() in "01234567":
                digits += self._next()
            return chr(int(digits, 8) & 0xff)
        if char == "x":
            digits = ""
            while len(digits) < 2 and self._peek() and self._peek() in "0123456789abcdefABCDEF":
                digits += self._next()
            return chr(int(digits, 16)) if digits else "x"
        return char

    def _variable(self):
        line = self.line
        self._next()
        if self._peek() == "{":
            end = self.text.find("}", self.at)
            if end < 0:
                self._unterminated("variable", line)
            name = self.text[self.at + 1:end]
            self.at = end + 1
            return Variable(name)
        name = []
        while self._peek() and self._peek() in _NAME:
            name.append(self._next())
        return Variable("".join(name))


def _native(text):
    """A text of bytes, one each character, as all other texts are."""
    return os.fsdecode(text.encode("latin-1"))


class Statement:
    """A parameter with its values: lists of pieces. No values: the name alone."""

    def __init__(self, name, values, adds, line, variable=False):
        self.name = name
        self.values = values
        self.adds = adds
        self.line = line
        self.variable = variable


class Block:
    """Statements for the jails that a pattern names."""

    def __init__(self, pattern):
        self.pattern = pattern
        self.statements = []


class _Parser:
    def __init__(self, text, file, release, depth=0):
        self.file = file
        self.release = release
        self.depth = depth
        self.tokens = _Lexer(text, file).tokens()
        self.at = 0
        self.blocks = []

    def _peek(self, offset=0):
        place = self.at + offset
        return self.tokens[place] if place < len(self.tokens) else None

    def _refuse(self, token):
        if token is None:
            raise SyntaxProblem("%s: unexpected EOF" % self.file)
        raise SyntaxProblem("%s line %d: %s: syntax error" % (self.file, token.line, token.text))

    def blocks_of_file(self):
        globals_first = None
        while self._peek() is not None:
            token = self._peek()
            if token.kind == ";":
                self.at += 1
                continue
            if token.kind != "string":
                self._refuse(token)
            follows = self._peek(1)
            if follows is not None and follows.kind == "{":
                self._jail("")
                continue
            if self._include(None):
                continue
            # 12: a statement behind a jail begins a new block; later: all are where the first is.
            if self.release >= (14, 0):
                if globals_first is None:
                    globals_first = Block("*")
                    self.blocks.append(globals_first)
                block = globals_first
            else:
                if not self.blocks or self.blocks[-1].pattern != "*":
                    self.blocks.append(Block("*"))
                block = self.blocks[-1]
            block.statements.append(self._statement())
            self._semicolon()
        return self.blocks

    def _semicolon(self):
        token = self._peek()
        if token is None or token.kind != ";":
            self._refuse(token)
        self.at += 1

    def _jail(self, above):
        name = self._peek()
        quoted = name.text[:1] in "'\""
        if (name.count != 1 and not quoted) or any(isinstance(p, Variable) for p in name.pieces):
            self._refuse(name)
        block = Block(above + "".join(name.pieces))
        self.blocks.append(block)
        self.at += 2
        while True:
            token = self._peek()
            if token is None:
                self._refuse(None)
            if token.kind == "}":
                self.at += 1
                return
            if token.kind == ";":
                self.at += 1
                continue
            if token.kind != "string":
                self._refuse(token)
            follows = self._peek(1)
            if follows is not None and follows.kind == "{":
                if self.release < (14, 0):
                    self._refuse(follows)
                self._jail(block.pattern + ".")
                continue
            if self._include(block):
                continue
            block.statements.append(self._statement())
            self._semicolon()

    def _include(self, block):
        token = self._peek()
        if self.release < (14, 0) or token.text != ".include":
            return False
        value = self._peek(1)
        if value is None or value.kind != "string":
            self._refuse(value)
        self.at += 2
        self._semicolon()
        if self.depth >= MOST_INCLUDES:
            raise SyntaxProblem("maximum include depth exceeded")
        pattern = os.path.join(os.path.dirname(self.file), "".join(value.pieces))
        import glob
        names = sorted(glob.glob(pattern))
        if not names and not any(char in pattern for char in "*?["):
            raise SyntaxProblem("%s: No such file or directory" % pattern)
        for name in names:
            parser = _Parser(_read(name), name, self.release, self.depth + 1)
            for included in parser.blocks_of_file():
                if block is not None and included.pattern == "*":
                    block.statements.extend(included.statements)
                else:
                    self.blocks.append(included)
        return True

    def _statement(self):
        token = self._peek()
        self.at += 1
        variable = len(token.pieces) == 1 and isinstance(token.pieces[0], Variable)
        if variable:
            name = token.pieces[0].name
        elif any(isinstance(piece, Variable) for piece in token.pieces):
            self._refuse(token)
        else:
            name = "".join(token.pieces)
        follows = self._peek()
        adds = follows is not None and follows.kind == "+="
        if follows is None:
            self._refuse(None)
        if follows.kind in ("=", "+="):
            self.at += 1
            return Statement(name, self._values(), adds, token.line, variable)
        if follows.kind == "string":
            return Statement(name, self._values(), False, token.line, variable)
        return Statement(name, None, False, token.line, variable)

    def _values(self):
        values = []
        while True:
            token = self._peek()
            if token is None or token.kind != "string":
                self._refuse(token)
            values.append(token.pieces)
            self.at += 1
            follows = self._peek()
            if follows is None or follows.kind != ",":
                return values
            self.at += 1


def _read(path):
    with open(path, encoding="latin-1", newline="") as file:
        return file.read()


def parse(text, file, release):
    """The blocks of a file, in order. The text is Latin-1: a byte is a character.

    Raises SyntaxProblem.
    """
    return _Parser(text, file, release).blocks_of_file()


def load(path, release, standard_input=None):
    """The blocks of a file by its name; "-" is standard input, named STDIN.

    Raises SyntaxProblem; OSError if it cannot be read.
    """
    if path == "-":
        return parse(standard_input.read().decode("latin-1"), "STDIN", release)
    return parse(_read(path), path, release)


def is_pattern(name):
    return any(part == "*" for part in name.split("."))


def matches(pattern, name):
    """A "*" in the middle is one part of a name, at the end one or more."""
    wanted, parts = pattern.split("."), name.split(".")
    while len(wanted) > 1 and len(parts) > 1:
        want, part = wanted.pop(0), parts.pop(0)
        if want not in ("*", part):
            return False
    return wanted == ["*"] or wanted == parts


# ---- what a jail comes to

def configured(blocks, release, warn):
    """The jails that a file names, in its order, each with what patterns give it; those that cannot be
    are marked as failed, and it is said why."""
    found = [(block, Jail(block.pattern)) for block in blocks if not is_pattern(block.pattern)]
    for own, jail in found:
        _collect(jail, own, blocks, release, warn)
        _fill_in(jail, warn)
    return [jail for _, jail in found]


def _collect(jail, own, blocks, release, warn):
    """A jail's parameters, with variables among them: these are named with their "$"."""
    number = _is_number(jail.name)
    jail.add("jid" if number else "name", [jail.name], release)
    for block in blocks:
        if block is not own and not (is_pattern(block.pattern) and matches(block.pattern, jail.name)):
            continue
        for statement in block.statements:
            _take(jail, statement, release, warn)
    if release >= (15, 0) and number and "name" not in jail.params:
        jail.add("name", [jail.name], release)


def _is_number(name):
    """Whether strtol(3) makes a number other than 0 of the whole of a name."""
    digits = name[1:] if name[:1] in ("-", "+") else name
    return digits.isascii() and digits.isdigit() and int(digits) != 0


def _take(jail, statement, release, warn):
    def refuse(text):
        warn(jail, text)
        # Until 12 it is only said.
        jail.failed = jail.failed or release >= (13, 0)

    plain = key_of(statement.name, release)
    named = "$" + statement.name if statement.variable else plain
    clashes = plain in jail.params or _is_known(plain, release) if statement.variable \
        else "$" + statement.name in jail.params
    if clashes:
        refuse('variable "$%s" cannot have the same name as a parameter.' % statement.name)
        return
    texts = statement.values if statement.values is not None else []
    if statement.variable:
        if statement.adds and named in jail.params:
            jail.params[named].texts += texts
        else:
            jail.params[named] = Param(named, named, list(texts))
    elif not jail.add(statement.name, texts, release, statement.adds):
        refuse('cannot redefine parameter "%s".' % plain)


def _is_known(name, release):
    """Whether jail(8) itself has to do with a parameter; of others it does not know the names."""
    return parameters.pseudo(name, release) is not None or name in _OF_JAIL


#: Parameters of the kernel that jail(8) looks at.
_OF_JAIL = ("allow.chflags", "allow.mount", "allow.raw_sockets", "allow.set_hostname", "allow.socket_af",
            "allow.sysvipc", "devfs_ruleset", "host.hostname", "ip4.addr", "ip6.addr", "jid", "name", "path",
            "persist", "securelevel", "vnet")


class _Unfilled(Exception):
    """A value has a variable that cannot be; it was said why."""


def _fill_in(jail, warn):
    """Puts the values of variables, which may be other parameters, where their names stand."""
    filling = _Filling(jail, warn)
    for key in list(jail.params):
        try:
            filling.fill(key)
        except _Unfilled:
            jail.failed = True
    for key in [key for key in jail.params if key.startswith("$")]:
        del jail.params[key]
    for param in jail.params.values():
        param.texts = [text if isinstance(text, str) else "" for text in param.texts]


class _Filling:
    def __init__(self, jail, warn):
        self.jail = jail
        self.warn = warn
        self.under_way = []
        self.bad = set()

    def fill(self, key):
        if key in self.bad:
            raise _Unfilled()
        param = self.jail.params[key]
        self.under_way.append(key)
        try:
            texts = []
            for pieces in param.texts:
                texts += [pieces] if isinstance(pieces, str) else self._filled(param, pieces)
            param.texts = texts
        except _Unfilled:
            self.bad.add(key)
            raise
        finally:
            self.under_way.pop()

    def _filled(self, param, pieces):
        """The texts that a value comes to: an array stands for itself alone."""
        texts = [""]
        for piece in pieces:
            found = [piece]
            if isinstance(piece, Variable):
                found = self._texts_of(param, piece.name)
                if len(found) > 1 and len(pieces) > 1:
                    self._refuse("%s: array cannot be substituted inline" % param.given.lstrip("$"))
            texts = [texts[0] + found[0]] + found[1:]
        return texts

    def _texts_of(self, param, name):
        key = "$" + name if "$" + name in self.jail.params else name
        if key not in self.jail.params or not self.jail.params[key].texts:
            self._refuse('%s: variable "%s" not found' % (param.given.lstrip("$"), name))
        if key in self.under_way:
            self._refuse("%s: variable loop" % name)
        self.fill(key)
        return self.jail.params[key].texts

    def _refuse(self, text):
        self.warn(self.jail, text)
        raise _Unfilled()
