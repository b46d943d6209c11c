"""sysctl(8), held to what a running 12.2 printed; transcripts/sysctl.txt has its long lists."""

import os
import unittest
from unittest import mock

from . import inprocess
from .inprocess import jail, run
from standin import parameters, processes
from standin.commands import sysctl

TRANSCRIPTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                           "transcripts", "sysctl.txt")


def transcripts():
    """What each command line printed."""
    found, command = {}, None
    with open(TRANSCRIPTS, encoding="utf-8") as file:
        for line in file:
            if line.startswith("$ "):
                command = line[2:].rstrip("\n")
                found[command] = ""
            elif line != "\n":
                found[command] += line
    return found


class OfRelease(unittest.TestCase):

    release = "12.2"
    settings = {}

    def setUp(self):
        context = inprocess.host(self.release, **self.settings)
        self.host = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def sysctl(self, *arguments):
        return run(sysctl, self.host, "sysctl", *arguments)

    def shown(self, *arguments):
        out, err, status = self.sysctl(*arguments)
        self.assertEqual(("", 0), (err, status))
        return out


class Transcripts(OfRelease):

    def test_every_list_is_as_observed(self):
        for command, expected in transcripts().items():
            words = command.split("|")[0].split()[1:]
            if words == ["kern.features"]:
                continue
            with self.subTest(command):
                self.assertEqual(expected, self.shown(*words))

    def test_the_features_are_as_observed_with_linux_loaded(self):
        with self.host.locked() as state:
            state["settings"]["modules"] += ["linux_common", "linux64"]
        self.assertEqual(transcripts()["sysctl kern.features | head -40"],
                         self.shown("kern.features"))

    def test_names_alone_have_addresses_too(self):
        names = self.shown("-N", "security.jail.param").splitlines()
        self.assertEqual(44, len(names))
        self.assertEqual("security.jail.param.sysvshm.", names[0])
        self.assertIn("security.jail.param.ip4.addr", names)
        self.assertEqual("security.jail.param.jid", names[-1])

    def test_all_that_has_jail_in_it_are_59_lines(self):
        lines = [line for line in self.shown("-a").splitlines() if "jail" in line]
        self.assertEqual(59, len(lines))

    def test_what_was_loaded_last_comes_first_in_its_group(self):
        with self.host.locked() as state:
            state["settings"]["modules"] += ["linprocfs", "linsysfs"]
        self.assertEqual(
            ["linsysfs", "linprocfs", "nullfs", "devfs", "fdescfs", "tmpfs", "procfs", ""],
            [name.rpartition(".")[2]
             for name in self.shown("-N", "security.jail.param.allow").splitlines()
             if ".mount." in name])

    def test_values_of_the_host_are_as_observed(self):
        self.assertEqual(
            "kern.ostype: FreeBSD\nkern.osrelease: 12.2-RELEASE\nkern.osreldate: 1202000\n"
            "hw.machine: amd64\nkern.hostuuid: 00000000-0000-0000-0000-000000000000\n"
            "hw.physmem: 5354311680\nhw.model: QEMU TCG CPU version 2.5+\n",
            self.shown("kern.ostype", "kern.osrelease", "kern.osreldate", "hw.machine",
                       "kern.hostuuid", "hw.physmem", "hw.model"))

    def test_a_value_alone_has_no_name(self):
        self.assertEqual("1\n", self.shown("-n", "kern.racct.enable"))
        self.assertEqual("0\n", self.shown("-n", "security.jail.jailed"))
        self.assertEqual("kern.racct.enable=1\n", self.shown("-e", "kern.racct.enable"))

    def test_what_it_cannot_show_is_left_out(self):
        self.assertEqual("", self.shown("-n", "security.jail.list"))


class RacctOff(OfRelease):

    settings = {"racct": False}

    def test_accounting_that_is_off_is_there_and_says_so(self):
        self.assertEqual(
            "kern.racct.enable: 0\nkern.features.racct: 1\nkern.features.rctl: 1\n",
            self.shown("kern.racct.enable", "kern.features.racct", "kern.features.rctl"))


class Refusals(OfRelease):

    def test_a_tunable_is_not_set(self):
        self.assertEqual(
            ("", "sysctl: oid 'kern.racct.enable' is a read only tunable\n"
             "sysctl: Tunable values are set in /boot/loader.conf\n", 1),
            self.sysctl("kern.racct.enable=1"))

    def test_what_is_read_only_is_not_set(self):
        self.assertEqual(("", "sysctl: oid 'hw.ncpu' is read only\n", 1), self.sysctl("hw.ncpu=3"))

    def test_a_group_is_not_set(self):
        self.assertEqual(("", "sysctl: oid 'kern.racct' isn't a leaf node\n", 1),
                         self.sysctl("kern.racct=1"))

    def test_the_status_is_the_number_of_what_failed(self):
        out, err, status = self.sysctl("kern.jail", "kern.ostype", "nosuch")
        self.assertEqual("kern.ostype: FreeBSD\n", out)
        self.assertEqual("sysctl: unknown oid 'kern.jail'\nsysctl: unknown oid 'nosuch'\n", err)
        self.assertEqual(2, status)

    def test_the_unknown_can_be_passed_over_or_be_silent(self):
        self.assertEqual(("", "", 0), self.sysctl("-i", "kern.jail"))
        self.assertEqual(("", "", 1), self.sysctl("-q", "kern.jail"))

    def test_a_number_has_to_be_one(self):
        self.assertEqual(("", "sysctl: invalid integer 'x'\n", 1),
                         self.sysctl("kern.ipc.somaxconn=x"))
        self.assertEqual(("", "sysctl: empty numeric value\n", 1),
                         self.sysctl("kern.ipc.somaxconn="))

    def test_called_wrongly_it_shows_its_usage(self):
        usage = ("usage: sysctl [-bdehiNnoqTtWx] [ -B <bufsize> ] [-f filename] name[=value] ...\n"
                 "       sysctl [-bdehNnoqTtWx] [ -B <bufsize> ] -a\n")
        self.assertEqual(("", usage, 1), self.sysctl())
        self.assertEqual(("", usage, 1), self.sysctl("-N", "-n", "kern"))
        self.assertEqual(("", "sysctl: illegal option -- z\n" + usage, 1), self.sysctl("-z"))


class Setting(OfRelease):

    def test_what_was_set_is_read_again(self):
        self.assertEqual("kern.ipc.somaxconn: 128 -> 1024\n",
                         self.shown("kern.ipc.somaxconn=0x400"))
        self.assertEqual("1024\n", self.shown("-n", "kern.ipc.somaxconn"))

    def test_a_colon_sets_as_an_equals_sign_and_quotes_go(self):
        self.assertEqual("kern.hostname: fbsd122 -> a b\n", self.shown('kern.hostname: "a b"'))

    def test_a_secure_level_is_not_lowered(self):
        self.shown("kern.securelevel=2")
        self.assertEqual(
            ("kern.securelevel: 2\n", "sysctl: kern.securelevel=1: Operation not permitted\n", 1),
            self.sysctl("kern.securelevel=1"))

    def test_a_file_is_read_line_by_line(self):
        file = self.host.path("sysctl.conf")
        with open(file, "w", encoding="utf-8") as conf:
            conf.write("# first\n\nkern.ipc.somaxconn = 256 # more\nkern.nosuch=1\n")
        self.assertEqual(("kern.ipc.somaxconn: 128 -> 256\n",
                          "sysctl: unknown oid 'kern.nosuch' at line 4\n", 1),
                         self.sysctl("-f", file))


class FromInside(OfRelease):

    def test_a_jail_is_told_what_it_has_of_its_own(self):
        jail(self.host, 3, "web", given={
            "vnet": parameters.NEW, "securelevel": 2, "host.hostuuid": "abc", "host.hostid": 42,
            "host.domainname": "dom", "osrelease": "11.4-RELEASE", "osreldate": 1104000})
        self.host.viewer = 3
        self.assertEqual(
            "security.jail.jailed: 1\nsecurity.jail.vnet: 1\nkern.securelevel: 2\n"
            "kern.hostuuid: abc\nkern.hostid: 42\nkern.domainname: dom\n"
            "kern.osrelease: 11.4-RELEASE\nkern.osreldate: 1104000\n",
            self.shown("security.jail.jailed", "security.jail.vnet", "kern.securelevel",
                       "kern.hostuuid", "kern.hostid", "kern.domainname", "kern.osrelease",
                       "kern.osreldate"))

    def test_a_jail_sets_its_own_host_name_if_it_may(self):
        jail(self.host, 3, "web")
        self.host.viewer = 3
        with mock.patch.object(processes, "set_own_hostname") as changed:
            self.assertTrue(self.shown("kern.hostname=zz").startswith("kern.hostname: "))
        changed.assert_called_once_with("zz")
        with self.host.locked() as state:
            state["jails"]["3"]["values"]["allow.set_hostname"] = 0
        out, err, status = self.sysctl("kern.hostname=yy")
        self.assertEqual(("sysctl: kern.hostname=yy: Operation not permitted\n", 1), (err, status))

    def test_a_jail_changes_nothing_of_the_host(self):
        jail(self.host, 3, "web")
        self.host.viewer = 3
        self.assertEqual(
            ("kern.ipc.somaxconn: 128\n",
             "sysctl: kern.ipc.somaxconn=1: Operation not permitted\n", 1),
            self.sysctl("kern.ipc.somaxconn=1"))


class Later(OfRelease):

    release = "15.0"

    def test_the_parameters_are_those_of_the_release(self):
        names = [name[len("security.jail.param."):]
                 for name in self.shown("-N", "security.jail.param").splitlines()]
        self.assertEqual(["sysvshm.", "sysvsem.", "sysvmsg.", "env", "meta"], names[:5])
        self.assertLess(names.index("allow.suser"), names.index("allow.read_msgbuf"))
        self.assertEqual("4096\n", self.shown("-n", "security.jail.param.meta"))

    def test_a_jail_can_be_asked(self):
        jail(self.host, 3, "web", given={"host.hostname": "web.example"})
        self.assertEqual("web.example\n", self.shown("-j", "web", "-n", "kern.hostname"))
        self.assertEqual(("", 'sysctl: jail "nosuch" not found\n', 1),
                         self.sysctl("-j", "nosuch", "kern.hostname"))


class Registered(unittest.TestCase):

    def names(self, release, modules):
        known = parameters.known(release, modules)
        return [p.name for p in parameters.registered_order(known, modules, modules[:1])]

    def test_a_module_brings_its_group_to_the_front(self):
        names = self.names((12, 2), ["kernel", "linux"])
        self.assertEqual(["linux.oss_version", "linux.osrelease", "linux.osname", "linux", "sysvshm"],
                         names[:5])

    def test_a_switch_of_a_module_is_first_among_switches(self):
        names = self.names((12, 2), ["kernel", "vmm"])
        self.assertEqual("allow.vmm", [name for name in names if name.startswith("allow.")][0])
        self.assertEqual("sysvshm", names[0])

    def test_each_release_has_its_parameters(self):
        for release, there, missing in (
                ((12, 2), "allow.read_msgbuf", "allow.suser"),
                ((13, 3), "allow.nfsd", "mac.do"),
                ((14, 3), "allow.unprivileged_proc_debug", "meta"),
                ((15, 0), "allow.extattr", "nosuch")):
            with self.subTest(release):
                self.assertIsNotNone(parameters.find(there, release, ["kernel"]))
                self.assertIsNone(parameters.find(missing, release, ["kernel"]))

    def test_linux_parameters_come_with_either_module(self):
        for module in ("linux", "linux64"):
            self.assertIsNotNone(parameters.find("linux.osname", (12, 2), ["kernel", module]))
        self.assertIsNone(parameters.find("linux.osname", (12, 2), ["kernel"]))

    def test_libjail_loads_for_few_names(self):
        self.assertEqual("linux", parameters.module_to_load("linux.osname"))
        self.assertEqual("zfs", parameters.module_to_load("allow.mount.zfs"))
        self.assertIsNone(parameters.module_to_load("linuxen"))
        self.assertIsNone(parameters.module_to_load("allow.vmm"))


if __name__ == "__main__":
    unittest.main()
