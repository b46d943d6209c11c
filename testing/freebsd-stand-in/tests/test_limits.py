"""limits(1): shows limits, and runs programs under others."""

import unittest

from tests import hosts

_USAGE = ("usage: limits [-C class|-P pid|-U user] [-eaSHBE] [-bcdfklmnostuvpw [val]] [[name=val ...] cmd]")


class Limits(hosts.OnAHost):
    def shown(self, words):
        out, err, status = self.line(words)
        self.assertEqual((err, status), ([], 0), words)
        return out

    def test_a_program_has_the_limits_that_are_given(self):
        self.assertEqual(self.shown("limits -n 50 sh -c 'ulimit -n; ulimit -Hn'"), ["50", "50"])
        self.assertEqual(self.shown("limits -S -n 50 sh -c 'ulimit -n; test $(ulimit -Hn) -gt 50 && echo more'"),
                         ["50", "more"])
        self.assertEqual(self.shown("limits -t1h30m -v 1g -c 8b sh -c 'ulimit -t; ulimit -v; ulimit -c'"),
                         ["5400", "1048576", "8"])
        self.assertEqual(self.shown("limits -E A=b C=d /usr/bin/env"), ["A=b", "C=d"])

    def test_a_jail_and_what_runs_in_it_inherit_them(self):
        self.assertEqual(self.shown("limits -n 50 jail -c name=li path=/ command=/usr/bin/limits -e -n"),
                         ["ulimit -n 50;"])

    def test_they_are_shown_to_people_and_to_shells(self):
        self.assertEqual(self.shown("limits -n 50 limits -n"), [
            "Resource limits (current):", "  openfiles                  50"])
        self.assertEqual(self.shown("limits -S -n 50 limits -S -n")[1], "  openfiles-cur              50")
        self.assertEqual(self.shown("limits -v 1g limits -v -b")[1:], [
            "  sbsize               infinity bytes", "  vmemoryuse            1048576 kB"])
        self.assertEqual(self.shown("limits -c 1k sh -c 'limits -e -c; :'"), ["ulimit -c 2;"])
        self.assertEqual(self.shown("limits -c 1k bash -c 'limits -e -c; :'"), ["ulimit -c 1;"])
        self.assertEqual(self.shown("limits -C default -t | head -1"), ["Resource limits for class default:"])
        self.assertEqual([line.split()[1] for line in self.shown("limits -e")[-6:]], [
            "-b", "-v", "-p", "-w", "-k", "-o"])

    def test_those_of_another_process_are_shown_and_set(self):
        self.assertEqual(self.shown("sleep 5 & limits -P $! -n 60; limits -P $! -n; kill $!"), [])
        self.assertEqual(self.shown("sleep 5 & limits -P $! -n 60; limits -P $! | grep openf; kill $!"), [
            "  openfiles                  60"])
        self.assertEqual(self.line("limits -P 999999999")[1:], (
            ["limits: sysctl: kern.proc.rlimit: 999999999: No such process"], 1))

    def test_release_14_2_and_later_limit_pipes_too(self):
        self.addCleanup(self.tool, "set", self.directory, "release=12.2")
        self.assertNotIn("pipebuf", "".join(self.shown("limits")))
        self.tool("set", self.directory, "release=14.3")
        self.assertEqual(self.shown("limits")[-1], "  pipebuf              infinity kB")

    def test_what_is_wrong_is_said_with_the_usage(self):
        for words, said in (("-x", []), ("-C", []), ("-n 5x true", ["limits: invalid value -n `5x'"]),
                            ("-v 5gx true", ["limits: invalid value -v `5gx'"]),
                            ("-U nosuch", ["limits: invalid user `nosuch'"]), ("-P x", ["limits: invalid pid `x'"]),
                            ("-e true", ["limits: -e cannot be used with `cmd' option"]),
                            ("-P 1 true", ["limits: -P cannot be used with `cmd' option"]),
                            ("-P 1 -U root", ["limits: -U cannot be used with -P option"])):
            self.assertEqual(self.line("limits " + words), ([], said + [_USAGE], 1), words)
        self.assertEqual(self.line("limits /nosuch")[1:], (["limits: /nosuch: No such file or directory"], 1))
        self.assertEqual(self.line("limits -C nosuch -t | head -1")[:2], (
            ["Resource limits for class default:"], ["login class 'nosuch' non-existent, using default"]))


if __name__ == "__main__":
    unittest.main()
