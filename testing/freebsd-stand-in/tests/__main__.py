"""Runs the tests, and prints a line of each: how it ended, its name, and what was wrong.

Without names all of them, a few at a time: each has hosts of its own, and waits more than it computes.
"""

import concurrent.futures
import os
import subprocess
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
AT_ONCE = 4
LIMIT = 300


class Lines(unittest.TestResult):
    def _line(self, ended, test, text=""):
        print("%s\t%s\t%s" % (ended, test.id(), text.replace("\t", " ").replace("\n", "\\n")),
              flush=True)

    def addSuccess(self, test):
        self._line("ok", test)

    def addFailure(self, test, err):
        self._line("failed", test, self._exc_info_to_string(err, test))

    addError = addFailure

    def addSkip(self, test, reason):
        self._line("skipped", test, reason)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._line("failed", subtest, self._exc_info_to_string(err, test))


def names_of(suite):
    """What runs by itself: a class, or each test of one that has a host for each."""
    names = []
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            names += names_of(test)
        else:
            kind = type(test)
            names.append(test.id() if getattr(kind, "EACH_ALONE", False)
                         else "%s.%s" % (kind.__module__, kind.__qualname__))
    return list(dict.fromkeys(names))


def run_one(name):
    done = subprocess.run([sys.executable, "-B", "-m", "tests", name], cwd=ROOT, timeout=LIMIT,
                          stdout=subprocess.PIPE, universal_newlines=True, check=True)
    return done.stdout


def main(names):
    loader = unittest.TestLoader()
    if names:
        loader.loadTestsFromNames(names).run(Lines())
        return
    everything = names_of(loader.discover(os.path.join(ROOT, "tests"), top_level_dir=ROOT))
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for text in pool.map(run_one, everything):
            sys.stdout.write(text)
            sys.stdout.flush()


main(sys.argv[1:])
