"""getopt(3) as the base system's commands use it: options end at the first word that is none."""

import sys


class Unknown(Exception):
    """An option that is not there, or has no argument; what there is to say was said."""


def parse(name, arguments, known):
    """The options, (letter, argument), and the words behind them. known: as for getopt(3)."""
    found = []
    at = 0
    while at < len(arguments) and len(arguments[at]) > 1 and arguments[at][0] == "-":
        word = arguments[at]
        at += 1
        if word == "--":
            break
        place = 1
        while place < len(word):
            letter = word[place]
            place += 1
            where = known.find(letter)
            if where < 0 or letter == ":":
                _say(name, "illegal option -- " + letter)
            argument = None
            if known[where + 1:where + 2] == ":":
                argument = word[place:]
                place = len(word)
                if not argument:
                    if at == len(arguments):
                        _say(name, "option requires an argument -- " + letter)
                    argument = arguments[at]
                    at += 1
            found.append((letter, argument))
    return found, arguments[at:]


def _say(name, text):
    sys.stdout.flush()
    sys.stderr.write("%s: %s\n" % (name, text))
    raise Unknown
