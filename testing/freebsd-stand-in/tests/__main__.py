"""Runs all tests, and prints a line of each: how it ended, its name, and what was wrong."""

import os
import sys
import unittest


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


import replay

HERE = os.path.dirname(os.path.realpath(__file__))
names = sys.argv[1:]
loader = unittest.TestLoader()
suite = loader.loadTestsFromNames(names) if names \
    else loader.discover(HERE, top_level_dir=os.path.dirname(HERE))
suite.run(Lines())
if not names:
    for boot in replay.BOOTS:
        for ended, called, text in replay.verdicts(boot):
            # One that is excepted is none that was tested.
            if ended != "excepted":
                print("%s\t%s\t%s" % (ended, called.replace("\t", " "),
                                     text.replace("\t", " ").replace("\n", "\\n")), flush=True)
