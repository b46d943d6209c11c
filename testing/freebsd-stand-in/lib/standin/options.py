"""Options as getopt(3) of FreeBSD reads them: they end at the first word that is none."""

from .command import warn
from .errors import Usage


def parse(name, arguments, letters, usage, status=1):
    """(options, the rest): options are (letter, value) in order, value None where none is taken.

    A wrong one is complained of as getopt(3) does, then the usage is shown. `usage` None: the caller
    shows it, from ValueError.
    """
    found = []
    index = 0
    while index < len(arguments):
        word = arguments[index]
        if word == "--":
            index += 1
            break
        if len(word) < 2 or word[0] != "-":
            break
        index += 1
        position = 1
        while position < len(word):
            letter = word[position]
            position += 1
            at = letters.find(letter) if letter != ":" else -1
            if at < 0:
                _wrong(name, "illegal option -- " + letter, usage, status)
            if letters[at + 1:at + 2] != ":":
                found.append((letter, None))
                continue
            if position < len(word):
                value = word[position:]
            elif index < len(arguments):
                value = arguments[index]
                index += 1
            else:
                _wrong(name, "option requires an argument -- " + letter, usage, status)
            found.append((letter, value))
            break
    return found, arguments[index:]


def _wrong(name, text, usage, status):
    warn(name, text)
    if usage is None:
        raise ValueError(text)
    raise Usage(usage, status)
