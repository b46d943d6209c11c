"""What commands print through libxo(3): text, or JSON or XML of the same values.

A command opens the list and its instances, and says each value once; what a style does not show it
leaves away.
"""

import os
import sys

from .command import warn
from .errors import Exit

_STYLES = {"text": "text", "xml": "xml", "json": "json"}
_LETTERS = {"T": "text", "X": "xml", "J": "json"}
#: Options that change nothing of what is written here.
_WITHOUT_EFFECT = ("color", "flush", "flush-line", "indent", "info", "keys", "log-gettext",
                   "log-syslog", "no-humanize", "no-locale", "no-retain", "retain", "units", "warn",
                   "warn-xml", "xpath", "not-first")


def parse_arguments(name, arguments):
    """(Output, the other arguments): takes "--libxo OPTIONS", "--libxo=OPTIONS", "--libxo:LETTERS"
    out of the words, wherever they are, as xo_parse_args(3)."""
    output = Output(name)
    rest = []
    words = iter(arguments)
    for word in words:
        if not word.startswith("--libxo"):
            rest.append(word)
            continue
        tail = word[len("--libxo"):]
        if tail == "":
            options = next(words, None)
            if options is None:
                _refuse(name, "missing libxo option")
        elif tail[0] == ":":
            options = tail
        elif tail[0] == "=":
            options = tail[1:]
        elif tail == "-check":
            raise Exit(121)
        else:
            _refuse(name, "unknown libxo option: '%s'" % word)
        _apply(output, options)
    return output, rest


def _refuse(name, text):
    warn(name, text)
    raise Exit(1)


def _apply(output, options):
    if options.startswith(":"):
        for letter in options[1:]:
            if letter in _LETTERS:
                output.style = _LETTERS[letter]
            elif letter == "P":
                output.pretty = True
            elif letter == "U":
                output.underscores = True
        return
    for option in options.split(","):
        option = option.partition("=")[0]
        if option in _STYLES:
            output.style = _STYLES[option]
        elif option == "pretty":
            output.pretty = True
        elif option == "underscores":
            output.underscores = True
        elif option and option not in _WITHOUT_EFFECT:
            _refuse(output.name, "unknown libxo option value: '%s'" % option)


def _clean(text):
    """Without bytes that are no UTF-8, which libxo leaves out."""
    return "".join(char for char in text if not "\ud800" <= char <= "\udfff")


def _utf8_locale():
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = os.environ.get(name)
        if value:
            return value.upper().replace("-", "").endswith("UTF8")
    return False


class Output:
    """Values on their way to stdout."""

    def __init__(self, name):
        self.name = name
        self.style = "text"
        self.pretty = False
        self.underscores = False
        self.version = None
        #: Whether JSON's last brace is on a line of its own without "pretty" too, as in 12.x.
        self.split_end = True
        self._parts = []
        self._open = []
        self._first = True
        self._begun = False

    @property
    def structured(self):
        return self.style != "text"

    # ---- what only text shows

    def text(self, text):
        if self.style == "text":
            self._parts.append(_clean(text))

    # ---- structure

    def open_container(self, name):
        name = self._tag(name)
        if self.style == "json":
            self._begin_json()
            self._member(name, "{")
        elif self.style == "xml":
            version = ""
            if not self._begun and self.version is not None:
                version = ' version="%s"' % self.version
            self._xml("<%s%s>" % (name, version))
        self._enter("container", name)

    def open_list(self, name):
        name = self._tag(name)
        if self.style == "json":
            self._member(name, "[")
        self._enter("list", name)

    def open_instance(self, name):
        name = self._tag(name)
        if self.style == "json":
            self._separate(", ")
            self._parts.append("{")
        elif self.style == "xml":
            self._xml("<%s>" % name)
        self._enter("instance", name)

    def close(self):
        kind, name = self._open.pop()
        if self.style == "json":
            self._parts.append(self._line() + ("]" if kind == "list" else "}"))
        elif self.style == "xml" and kind != "list":
            self._xml("</%s>" % name)
        self._first = False

    def finish(self):
        """Closes what is open, and writes all."""
        while self._open:
            self.close()
        if self.style == "json":
            end = "\n}\n" if self.pretty or self.split_end else "}\n"
            self._parts.append(end if self._begun else "{ }\n")
        self._write()

    # ---- values

    def value(self, name, value, number=False):
        """A member of JSON, an element of XML; nothing in text."""
        name = self._tag(name)
        if self.style == "json":
            self._separate(",")
            self._parts.append('"%s":%s%s' % (name, " " if self.pretty else "",
                                              value if number else _json(value)))
        elif self.style == "xml":
            self._xml("<%s>%s</%s>" % (name, _xml(value), name))
        self._first = False

    def item(self, name, value):
        """One of a list of values."""
        if self.style == "json":
            self._separate(",")
            self._parts.append(_json(value))
        elif self.style == "xml":
            self._xml("<%s>%s</%s>" % (self._tag(name), _xml(value), self._tag(name)))
        self._first = False

    # ---- how it is laid out

    def _tag(self, name):
        return name.replace("-", "_") if self.underscores else name

    def _line(self):
        """The start of a line that is indented, where lines are."""
        if not self.pretty:
            return ""
        depth = len([1 for kind, _ in self._open if kind != "list"]) if self.style == "xml" \
            else len(self._open) + 1
        return "\n" + "  " * depth

    def _begin_json(self):
        if not self._begun:
            self._parts.append("{")
            if self.version is not None:
                self._parts.append('%s"__version": "%s", ' % ("\n  " if self.pretty else "",
                                                              self.version))
            self._begun = True

    def _member(self, name, bracket):
        if not self._first:
            self._parts.append(", " if not self.pretty else ",")
        self._parts.append('%s"%s": %s' % (self._line(), name, bracket))

    def _separate(self, text):
        if not self._first:
            self._parts.append("," if self.pretty else text)
        self._parts.append(self._line())

    def _enter(self, kind, name):
        self._open.append((kind, name))
        self._first = True
        self._begun = True

    def _xml(self, text):
        self._parts.append(text if not self.pretty else self._line()[1:] + text + "\n")

    def _write(self):
        text = "".join(self._parts)
        self._parts = []
        if self.style == "text" and not _utf8_locale():
            # A locale without UTF-8 has the first 256 characters as bytes.
            data = text.encode("latin-1", "replace")
        else:
            data = text.encode("utf-8")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _json(text):
    return '"%s"' % _clean(text).replace("\\", "\\\\").replace('"', '\\"') \
        .replace("\n", "\\n").replace("\r", "\\r")


def _xml(text):
    return _clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
