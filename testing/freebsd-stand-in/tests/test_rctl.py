"""rctl(8): its rules, its texts, what it counts and what it enforces."""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
from tests import hosts  # noqa: E402

from standin import amounts, groups, host as standin_host, kernel, limits, rules  # noqa: E402
from standin.errors import KernelError  # noqa: E402

R12, R15 = (12, 2), (15, 0)


class Amounts(unittest.TestCase):
    def test_a_number_is_read_as_in_c_with_one_unit(self):
        for text, number in (("64M", 64 << 20), ("64m", 64 << 20), ("64MB", 64 << 20), ("1T", 1 << 40),
                             ("010", 8), ("0x10", 16), ("0x10k", 16384), ("1Gfoo", 1 << 30), ("7b", 7),
                             ("-1", (1 << 64) - 1), (" 5", 5), ("k", 0), ("15E", 15 << 60)):
            self.assertEqual(amounts.expand(text, R12), number, text)

    def test_what_is_no_number_is_none(self):
        for text in ("abc", "1.5g", "08", "1x", "16E", "-1k", "99999999999999999999", "0x"):
            self.assertIsNone(amounts.expand(text, R12), text)

    def test_release_15_takes_nothing_behind_the_unit(self):
        self.assertEqual(amounts.expand("64MiB", R15), 64 << 20)
        for text in ("1Gfoo", "-1", "k"):
            self.assertIsNone(amounts.expand(text, R15), text)

    def test_numbers_are_shown_with_at_most_four_digits(self):
        for number, text in ((0, "0"), (9999, "9999"), (10000, "9.8K"), (67108864, "64M"),
                             (1 << 40, "1024G"), (2183168, "2132K"), (1288490188, "1229M"),
                             (52981760, "51M"), (75649024, "72M")):
            self.assertEqual(amounts.humanize(number), text)


class Rules(unittest.TestCase):
    def setUp(self):
        self.state = standin_host.fresh_state()

    def add(self, text, release=R12):
        rules.add(self.state, text, release)

    def refused(self, text, number, release=R12):
        with self.assertRaises(KernelError, msg=text) as raised:
            self.add(text, release)
        self.assertEqual(raised.exception.number, number, text)

    def shown(self, text="::"):
        return [rules.text_of(rule) for rule in rules.find(self.state, text)]

    def test_deny_and_throttle_are_refused_where_the_kernel_refuses_them(self):
        undeniable = {"cputime", "wallclock", "readbps", "writebps", "readiops", "writeiops"}
        for resource in rules.RESOURCES:
            for action, refused in (("deny", resource in undeniable),
                                    ("throttle", resource not in undeniable - {"cputime", "wallclock"})):
                text = "jail:r1:%s:%s=5" % (resource, action)
                if refused:
                    self.refused(text, "Operation not supported")
                else:
                    self.add(text)
            self.add("jail:r1:%s:sigterm=5" % resource)

    def test_what_is_not_counted_per_process_is_refused_per_process(self):
        for resource in ("nsem", "shmsize", "swapuse", "pseudoterminals"):
            self.refused("jail:r1:%s:deny=5/process" % resource, "Operation not supported")
            self.add("jail:r1:%s:deny=5/user" % resource)
        self.add("jail:r1:maxproc:deny=5/process")

    def test_incomplete_and_unknown_words_are_invalid(self):
        for text in ("jail:r1:memoryuse:", "jail:r1:memoryuse:deny", "jail:r1:nosuch:deny=1",
                     "jail:r1:memoryuse:nosuch=1", "jail:a:b:maxproc:deny=5", "group:0:maxproc:deny=1",
                     "jail::maxproc:deny=1", "jail:r1:maxproc:deny=1/x", "jail:r1:maxproc:sigcont=1",
                     ":r1:maxproc:deny=1"):
            self.refused(text, "Invalid argument")
        self.refused("jail:r1:maxproc:deny=18446744073709551615", "Result too large")
        self.refused("jail:r1:cputime:log=9223372036855", "Result too large")
        self.refused("jail:%s:maxproc:deny=1" % ("x" * 256), "File name too long")
        self.refused("process:999999999:maxproc:deny=1", "No such process")
        self.refused("jail:r1:readbps:throttle=0", "Invalid argument")
        self.add("jail:r1:readbps:throttle=0", (12, 3))

    def test_a_deny_replaces_an_older_one_and_nothing_else(self):
        for text in ("jail:r1:maxproc:deny=10", "jail:r1:openfiles:deny=100", "jail:r1:maxproc:log=1",
                     "jail:r1:maxproc:log=2", "jail:r1:maxproc:log=2", "jail:r1:maxproc:deny=3/user",
                     "jail:r1:maxproc:deny=12"):
            self.add(text)
        self.assertEqual(self.shown(), [
            "jail:r1:maxproc:deny=12", "jail:r1:maxproc:deny=3/user", "jail:r1:maxproc:log=2",
            "jail:r1:maxproc:log=1", "jail:r1:openfiles:deny=100"])

    def test_words_are_read_in_any_case_and_names_are_not(self):
        self.add("JAIL:Web:MaxProc:Deny=5/JAIL")
        self.assertEqual(self.shown(), ["jail:Web:maxproc:deny=5"])
        self.assertEqual(self.shown("jail:web"), [])

    def test_filters_leave_fields_empty(self):
        for text in ("jail:a:maxproc:deny=5", "jail:b:maxproc:deny=6", "jail:b:nthr:log=7", "user:0:nthr:log=7"):
            self.add(text)
        self.assertEqual(self.shown("::maxproc"), ["jail:b:maxproc:deny=6", "jail:a:maxproc:deny=5"])
        self.assertEqual(self.shown(":::=7"), ["user:0:nthr:log=7", "jail:b:nthr:log=7"])
        self.assertEqual(self.shown("jail:b::log"), ["jail:b:nthr:log=7"])
        rules.remove(self.state, "jail:")
        self.assertEqual(self.shown(), ["user:0:nthr:log=7"])
        with self.assertRaises(KernelError) as raised:
            rules.remove(self.state, "jail:")
        self.assertEqual(raised.exception.number, "No such process")

    def test_the_jail_that_is_known_last_is_shown_first(self):
        limits.hold(self.state, "r1")
        self.add("jail:nosuch:maxproc:deny=10")
        self.add("jail:r1:maxproc:deny=10")
        self.assertEqual(self.shown(), ["jail:nosuch:maxproc:deny=10", "jail:r1:maxproc:deny=10"])

    def test_the_rules_of_a_jail_hold_for_its_children(self):
        self.add("jail:a:maxproc:deny=10")
        self.add("jail:a.b:maxproc:deny=5")
        self.add("jail:ab:maxproc:deny=1")
        self.assertEqual({rule["amount"] for rule in rules.of_jail(self.state, "a.b")}, {5, 10})


class Accounts(unittest.TestCase):
    def test_a_rule_keeps_the_account_of_a_name(self):
        state = standin_host.fresh_state()
        rules.add(state, "jail:r9:cputime:sigkill=2", R12)
        jail = {"jid": 1, "name": "r9", "init": 999999999, "dying": False}
        for _ in range(2):
            state["jails"]["1"] = jail
            limits.hold(state, "r9")
            limits.charge(state, jail, 1.5, 3)
            limits.settle(state, jail)
            limits.release(state, jail)
            del state["jails"]["1"]
        used = dict(limits.usage(state, "jail", "r9"))
        self.assertEqual((used["cputime"], used["wallclock"], used["maxproc"]), (3, 6, 0))
        rules.remove(state, "jail:r9")
        limits.prune(state)
        self.assertEqual(dict(limits.usage(state, "jail", "r9"))["cputime"], 0)

    def test_a_jail_without_rules_takes_its_account_along(self):
        state = standin_host.fresh_state()
        jail = {"jid": 1, "name": "u1", "init": 999999999, "dying": False}
        state["jails"]["1"] = jail
        limits.hold(state, "u1")
        limits.charge(state, jail, 3, 3)
        self.assertEqual(dict(limits.usage(state, "jail", "u1"))["cputime"], 3)
        limits.release(state, jail)
        self.assertEqual(state["usage"], {})

    def test_a_descriptor_table_has_certain_sizes(self):
        for amount, size in ((2, 20), (20, 20), (40, 64), (100, 64), (300, 256), (500, 256), (1000, 512)):
            self.assertEqual(limits.descriptors(amount), size)


class OnAHost(hosts.OnAHost):
    def setUp(self):
        self.addCleanup(self.line, "rctl -r :")

    def in_jail(self, name, text):
        """Runs a shell line in a jail, as jexec(8) does: under the limits of the jail."""
        host = standin_host.Host(self.directory)
        with host.locked() as state:
            jail = kernel.by_name(state, name)
            planned = limits.plan(state, jail)
        program = ("import os,sys;sys.path.insert(0,%r)\nfrom standin import limits,processes\n"
                   "processes.enter(%d)\nif os.fork()==0:\n limits.impose(%r)\n"
                   " os.execv('/bin/bash',['bash','-c',%r])\n"
                   "sys.exit(os.waitstatus_to_exitcode(os.wait()[1])%%256)"
                   % (os.path.join(HERE, "lib"), jail["init"], planned, text))
        return subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, universal_newlines=True, check=False)

    def jail(self, name):
        host = standin_host.Host(self.directory)
        with host.locked():
            kernel.jail_set(host, {"name": name, "path": "/", "persist": 1}, True, False)
        self.addCleanup(self.remove, name)

    def remove(self, name):
        host = standin_host.Host(self.directory)
        with host.locked() as state:
            jail = kernel.by_name(state, name)
            if jail is not None:
                kernel.remove(state, jail)

    def test_the_status_is_the_number_of_failed_rules(self):
        out, err, status = self.line("rctl -a jail:a:maxproc:deny=1 jail:a:x:deny=1 jail:a:maxproc:deny=1.5g nocolon")
        self.assertEqual((out, status), ([], 3))
        self.assertEqual(err, [
            "rctl: failed to add rule 'jail:a:x:deny=1': Invalid argument",
            "rctl: malformed rule 'jail:a:maxproc:deny=1.5g': invalid numeric value '1.5g'",
            "rctl: malformed rule 'nocolon': missing subject"])
        self.assertEqual(self.line("rctl"), (["jail:a:maxproc:deny=1"], [], 0))

    def test_shortcuts_and_users_are_expanded(self):
        self.line("rctl -a j:a:maxproc:deny=0x10; rctl -a u:root:memoryuse:log=1T/process")
        self.assertEqual(self.line("rctl; rctl -n u:root; rctl -h")[0], [
            "user:root:memoryuse:log=1099511627776/process", "jail:a:maxproc:deny=16",
            "user:0:memoryuse:log=1099511627776/process",
            "user:root:memoryuse:log=1024G/process", "jail:a:maxproc:deny=16"])
        self.assertEqual(self.line("rctl -a u:nosuch:maxproc:deny=1")[1:], (
            ["rctl: malformed rule 'u:nosuch:maxproc:deny=1': unknown user 'nosuch'"], 1))

    def test_there_is_a_usage_of_every_jail_and_25_lines_of_it(self):
        for option in ("-u", "-hu"):
            out, err, status = self.line("rctl %s jail:zz" % option)
            self.assertEqual((len(out), err, status), (25, [], 0))
            self.assertEqual(set(out), {name + "=0" for name in rules.RESOURCES})
        self.assertEqual(self.line("rctl -u jail:")[1:], (
            ["rctl: failed to show resource consumption for 'jail:': Invalid argument"], 1))
        self.assertEqual(self.line("rctl -l jail:zz")[1:], (
            ["rctl: failed to get limits for 'jail:zz': Operation not supported"], 1))

    def test_without_accounting_every_call_says_so(self):
        self.tool("set", self.directory, "racct=false")
        self.addCleanup(self.tool, "set", self.directory, "racct=true")
        said = ["rctl: RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable"]
        for words in ("", "-a jail:r1:maxproc:deny=5", "-u jail:r1", "-r jail:r1", "jail:r1"):
            self.assertEqual(self.line("rctl " + words), ([], said, 1))

    def test_who_is_not_root_is_refused(self):
        unprivileged = "setpriv --reuid=65534 --clear-groups "
        self.assertEqual(self.line(unprivileged + "rctl"), (
            [], ["rctl: failed to show rules for '::': Operation not permitted"], 0))
        self.assertEqual(self.line(unprivileged + "rctl -a jail:unp:maxproc:deny=1"), (
            [], ["rctl: failed to add rule 'jail:unp:maxproc:deny=1': Operation not permitted"], 1))

    def test_rules_outlive_their_jail(self):
        self.jail("r1")
        self.line("rctl -a jail:r1:maxproc:deny=12")
        self.remove("r1")
        self.assertEqual(self.line("rctl jail:r1")[0], ["jail:r1:maxproc:deny=12"])

    def test_openfiles_and_vmemoryuse_hold_for_what_starts_in_the_jail(self):
        self.jail("o1")
        self.line("rctl -a jail:o1:openfiles:deny=100 jail:o1:vmemoryuse:deny=1g")
        self.assertEqual(self.in_jail("o1", "ulimit -n; ulimit -v").stdout.split(), ["64", "1048576"])
        self.line("rctl -r jail:o1")
        self.assertNotIn("64", self.in_jail("o1", "ulimit -n").stdout.split())

    def test_a_limit_of_processes_refuses_a_fork(self):
        self.jail("m1")
        self.line("rctl -a jail:m1:maxproc:deny=1")
        program = "import os\ntry:\n os.fork() or os._exit(0)\n print('forked')\nexcept OSError as e: print(e.strerror)"
        text = "exec /usr/bin/python3 -c \"%s\"" % program
        if not groups.can_be_made("pids"):
            self.skipTest("no control group can be made here")
        self.assertEqual(self.in_jail("m1", text).stdout, "Resource temporarily unavailable\n")
        self.line("rctl -r jail:m1")
        self.assertEqual(self.in_jail("m1", text).stdout, "forked\n")

    def test_what_runs_in_a_jail_is_counted_and_limited_at_once(self):
        self.jail("u1")
        host = standin_host.Host(self.directory)
        with host.locked() as state:
            init = kernel.by_name(state, "u1")["init"]
        sleeper = subprocess.Popen([sys.executable, "-c", (
            "import os,sys;sys.path.insert(0,%r)\nfrom standin import processes\nprocesses.enter(%d)\n"
            "if os.fork()==0: os.execv('/bin/sleep',['sleep','60'])\nos.wait()"
            % (os.path.join(HERE, "lib"), init))])
        self.addCleanup(sleeper.wait)
        self.addCleanup(self.remove, "u1")
        from standin import processes
        for _ in range(500):
            pids = processes.in_jail(init)
            if pids and processes.name(pids[0]) == "sleep":
                break
            import time
            time.sleep(0.01)
        used = dict(line.split("=") for line in self.line("rctl -u jail:u1")[0])
        self.assertEqual((used["maxproc"], used["nthr"], used["openfiles"]), ("1", "1", "0"))
        self.assertGreater(int(used["memoryuse"]), 100000)
        self.assertGreater(int(used["vmemoryuse"]), int(used["memoryuse"]))
        import resource
        before = resource.prlimit(pids[0], resource.RLIMIT_NOFILE)
        self.line("rctl -a jail:u1:openfiles:deny=20")
        self.assertEqual(resource.prlimit(pids[0], resource.RLIMIT_NOFILE)[0], 20)
        self.line("rctl -r jail:u1")
        self.assertEqual(resource.prlimit(pids[0], resource.RLIMIT_NOFILE), before)


if __name__ == "__main__":
    unittest.main()
