"""freebsd-version(1): a script of sh(1), so its options are complained of as sh does."""

import sys

from .. import kernel
from ..errors import Exit, Usage

_USAGE = "usage: freebsd-version [-kru] [-j jail]"


def run(host, name, arguments):
    asked, jails = _options(arguments)
    for letter in "kru":
        if letter in asked:
            # What is installed, what runs, what the programs are of: all the same release here.
            print(host.osrelease)
    for jail in jails:
        with host.locked() as state:
            if kernel.find(state, jail) is None:
                given = jail if jail.isdigit() else '"%s"' % jail
                warning = "jexec: jail %s not found\n" % given
                sys.stdout.flush()
                sys.stderr.write(warning)
                raise Exit(1)
        print(host.osrelease)
    return 0


def _options(arguments):
    asked, jails = set(), []
    words = list(arguments)
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in "kru":
                asked.add(letter)
            elif letter == "j" and (letters or words):
                jails.append(letters or words.pop(0))
                letters = ""
            else:
                sys.stderr.write("No arg for -j option\n" if letter == "j"
                                 else "Illegal option -%s\n" % letter)
                raise Usage(_USAGE)
    if words:
        raise Usage(_USAGE)
    return (asked if asked or jails else {"u"}), jails
