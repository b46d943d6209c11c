"""rctl(8): what it refuses, in which words."""

import collections
import unittest

from tests import hosts
from tests.refusals_rctl import REFUSALS


class Refusals(hosts.OnAHost):
    def setUp(self):
        self.addCleanup(self.tool, "set", self.directory, "release=12.2", "racct=true")

    def test_each_is_refused_in_the_words_of_its_release_and_leaves_no_rule(self):
        of_release = collections.defaultdict(list)
        for release, *refusal in REFUSALS:
            of_release[release].append(refusal)
        for release, refusals in of_release.items():
            self.tool("set", self.directory, "release=" + release)
            for command, err, status in refusals:
                with self.subTest(command=command, release=release):
                    self.assertEqual(self.line(command), ([], err, status))
        self.assertEqual(self.line("rctl"), ([], [], 0))

    def test_there_are_no_two_of_the_same(self):
        commands = [refusal[:2] for refusal in REFUSALS]
        self.assertEqual(len(set(commands)), len(commands))

    def test_a_rule_that_is_too_long_is_refused(self):
        rule = "jail:r1:maxproc:deny=" + "0" * 4096 + "5"
        self.assertEqual(self.line("rctl -l %s" % ("jail:" + "x" * 4096))[1:], (
            ["rctl: failed to get limits for 'jail:%s': Argument list too long" % ("x" * 4096)], 1))
        # The command makes a short number of it first.
        self.assertEqual(self.line("rctl -a %s; rctl; rctl -r jail:" % rule), (
            ["jail:r1:maxproc:deny=5"], [], 0))

    def test_without_accounting_each_way_to_call_it_says_which_of_both_is_missing(self):
        said = {"false": "RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable",
                "null": "RACCT/RCTL support not present in kernel; see rctl(8) for details"}
        for setting, text in said.items():
            self.tool("set", self.directory, "racct=" + setting)
            for words in ("", "-h", "-n", "jail:r1", "-a jail:r1:maxproc:deny=5", "-r jail:r1", "-u jail:r1",
                          "-hu user:root", "-l process:1", "-l jail:r1", "-a jail:r1:nosuch:deny=5"):
                self.assertEqual(self.line("rctl " + words), ([], ["rctl: " + text], 1), words)
            self.assertEqual(self.line("rctl -a jail:r1:maxproc:deny=x")[1], [
                "rctl: malformed rule 'jail:r1:maxproc:deny=x': invalid numeric value 'x'"])
        self.assertEqual(self.line("sysctl kern.racct.enable kern.features.rctl kern.features.racct")[1], [
            "sysctl: unknown oid 'kern.racct.enable'", "sysctl: unknown oid 'kern.features.rctl'",
            "sysctl: unknown oid 'kern.features.racct'"])

    def test_in_a_jail_nobody_may_ask(self):
        self.assertEqual(self.line("jail -c name=in path=/ command=/usr/bin/rctl -u jail:in")[1], [
            "rctl: failed to show resource consumption for 'jail:in': Operation not permitted",
            "jail: /usr/bin/rctl -u jail:in: failed"])


if __name__ == "__main__":
    unittest.main()
