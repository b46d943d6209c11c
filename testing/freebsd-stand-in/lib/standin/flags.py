"""Options as getopt(3) of FreeBSD reads them: up to the first word that is none."""

import sys

from .errors import Usage


def parse(name, words, known, usage):
    """(options as (letter, argument) in order, the other words).

    known: letters; a colon behind one says that it takes an argument. A bad option ends the command
    with getopt's line and the usage text.
    """
    found = []
    index = 0
    while index < len(words) and len(words[index]) > 1 and words[index][0] == "-":
        word = words[index]
        index += 1
        if word == "--":
            break
        position = 1
        while position < len(word):
            letter = word[position]
            position += 1
            place = known.find(letter) if letter != ":" else -1
            if place < 0:
                _refuse(name, "illegal option", letter, usage)
            if known[place + 1:place + 2] != ":":
                found.append((letter, None))
                continue
            if position < len(word):
                argument = word[position:]
            elif index < len(words):
                argument = words[index]
                index += 1
            else:
                _refuse(name, "option requires an argument", letter, usage)
            found.append((letter, argument))
            break
    return found, words[index:]


def _refuse(name, text, letter, usage):
    sys.stdout.flush()
    sys.stderr.write("%s: %s -- %s\n" % (name, text, letter))
    raise Usage(usage)
