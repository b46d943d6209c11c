"""kldload(8) and its kin, uname(1), freebsd-version(1), kill(1), kenv(1)."""

import signal
import subprocess
import unittest

from . import hosts, inprocess
from .inprocess import run
from standin.commands import freebsd_version, kenv, kill, kld, uname

TITLE = "Id Refs Address                Size Name\n"
KERNEL = " 1    1 0xffffffff80200000   af9118 kernel\n"


class Modules(unittest.TestCase):

    def setUp(self):
        context = inprocess.host()
        self.host = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def kld(self, name, *arguments):
        return run(kld, self.host, name, *arguments)

    def test_a_fresh_host_has_the_kernel_alone(self):
        self.assertEqual((TITLE + KERNEL, "", 0), self.kld("kldstat"))

    def test_a_loaded_module_has_a_file_and_an_id(self):
        self.assertEqual(("Loaded vmm, id=2\n", "", 0), self.kld("kldload", "-v", "vmm"))
        lines = self.kld("kldstat")[0].splitlines()
        self.assertRegex(lines[1], r"^ 1    2 0xffffffff80200000   af9118 kernel$")
        self.assertRegex(lines[2], r"^ 2    1 0xffffffff80[0-9a-f]{6} {1,5}[0-9a-f]+ vmm\.ko$")

    def test_a_module_is_there_whether_it_was_loaded_or_is_in_the_kernel(self):
        self.assertEqual(("", "", 0), self.kld("kldstat", "-qm", "if_epair"))
        self.assertEqual("Id  Refs Name\n", self.kld("kldstat", "-m", "nullfs")[0].splitlines(True)[0])
        self.assertEqual(("", "kldstat: can't find module zfs: No such file or directory\n", 1),
                         self.kld("kldstat", "-m", "zfs"))
        self.assertEqual(("", "", 1), self.kld("kldstat", "-q", "-m", "zfs"))

    def test_what_is_in_the_kernel_has_no_file(self):
        self.assertEqual(("", "kldstat: can't find file nullfs: No such file or directory\n", 1),
                         self.kld("kldstat", "-n", "nullfs"))
        self.assertEqual((TITLE + KERNEL, "", 0), self.kld("kldstat", "-n", "kernel"))

    def test_what_is_there_is_not_loaded_again(self):
        self.assertEqual(
            ("", "kldload: can't load nullfs: module already loaded or in kernel\n", 1),
            self.kld("kldload", "nullfs"))
        self.assertEqual(("", "", 0), self.kld("kldload", "-n", "nullfs"))
        self.assertEqual(("nullfs.ko is already loaded\n", "", 0),
                         self.kld("kldload", "-nv", "nullfs.ko"))

    def test_what_is_not_there_is_not_found_and_others_are_loaded(self):
        self.assertEqual(("", "kldload: can't load nosuch: No such file or directory\n", 1),
                         self.kld("kldload", "nosuch", "vmm"))
        self.assertEqual(0, self.kld("kldstat", "-qn", "vmm.ko")[2])

    def test_a_module_brings_what_it_needs_and_takes_it_away(self):
        self.kld("kldload", "linprocfs")
        self.assertIn("linux_common.ko", self.kld("kldstat")[0])
        self.assertEqual(("", "kldunload: can't unload file: Device busy\n", 1),
                         self.kld("kldunload", "linux_common"))
        self.assertEqual(("Unloading linprocfs.ko, id=3\n", "", 0),
                         self.kld("kldunload", "-v", "linprocfs"))
        self.assertEqual(TITLE + KERNEL, self.kld("kldstat")[0])

    def test_a_mounted_file_system_is_not_unloaded(self):
        self.kld("kldload", "linprocfs")
        with self.host.locked() as state:
            state["mounts"].append({"special": "l", "dir": "/p", "type": "linprocfs"})
        self.assertEqual("kldunload: can't unload file: Device busy\n",
                         self.kld("kldunload", "linprocfs")[1])

    def test_the_kernel_is_not_unloaded_and_what_is_not_loaded_is_not_found(self):
        self.assertEqual("kldunload: can't unload file: Device busy\n",
                         self.kld("kldunload", "kernel")[1])
        self.assertEqual(("", "kldunload: can't find file nosuch\n", 1),
                         self.kld("kldunload", "nosuch"))

    def test_called_wrongly_they_show_their_usage(self):
        self.assertEqual(("", "usage: kldload [-nqv] file ...\n", 1), self.kld("kldload"))
        self.assertEqual(64, self.kld("kldunload")[2])
        self.assertEqual(1, self.kld("kldstat", "x")[2])


class Files(hosts.OnAHost):

    def test_each_module_that_can_be_loaded_has_a_file_where_the_kernel_looks_for_it(self):
        path = self.line("sysctl -n kern.module_path")[0][0]
        self.assertIn("/boot/kernel", path.split(";"))
        self.assertEqual((["/boot/kernel/kernel", "/boot/kernel/linux.ko"], [], 0),
                         self.line("ls /boot/kernel/kernel /boot/kernel/linux.ko"))
        self.tool("set", self.directory, 'loadable=["vmm"]')
        self.assertEqual((["kernel", "vmm.ko"], [], 0), self.line("ls /boot/kernel"))
        self.assertEqual(([], [], 0), self.line("kldload vmm && echo x >>/boot/loader.conf"))


class Names(unittest.TestCase):

    def test_all_of_12_has_the_blank_before_the_machine(self):
        with inprocess.host() as host:
            self.assertEqual("FreeBSD fbsd122 12.2-RELEASE FreeBSD 12.2-RELEASE JAILVM  amd64\n",
                             run(uname, host, "uname", "-a")[0])

    def test_parts_are_in_one_order(self):
        with inprocess.host("14.3") as host:
            self.assertEqual("FreeBSD\n", run(uname, host, "uname")[0])
            self.assertEqual("14.3-RELEASE amd64 1403000\n", run(uname, host, "uname", "-Kmr")[0])
            self.assertEqual("FreeBSD\n", run(uname, host, "uname", "-o")[0])

    def test_the_environment_has_the_last_word(self):
        with inprocess.host() as host:
            self.assertEqual("11.0\n", run(uname, host, "uname", "-r",
                                           environment={"UNAME_r": "11.0"})[0])

    def test_an_unknown_option_shows_the_usage(self):
        with inprocess.host() as host:
            self.assertEqual(("", "uname: illegal option -- b\nusage: uname [-aiKmnoprsUv]\n", 1),
                             run(uname, host, "uname", "-b"))

    def test_the_version_is_the_release(self):
        with inprocess.host("13.3") as host:
            def version(*arguments):
                return run(freebsd_version, host, "freebsd-version", *arguments)
            self.assertEqual(("13.3-RELEASE\n", "", 0), version())
            self.assertEqual("13.3-RELEASE\n" * 3, version("-kru")[0])
            self.assertEqual(("", "usage: freebsd-version [-kru] [-j jail]\n", 1), version("x"))
            self.assertEqual(1, version("-j", "nosuch")[2])


if __name__ == "__main__":
    unittest.main()


class Kill(unittest.TestCase):

    def setUp(self):
        context = inprocess.host()
        self.host = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def kill(self, *arguments):
        return run(kill, self.host, "kill", *arguments)

    def ended_by(self, *options):
        sleeper = subprocess.Popen(["/bin/sleep", "60"])
        self.assertEqual(("", "", 0), self.kill(*options, str(sleeper.pid)))
        return -sleeper.wait(10)

    def test_the_numbers_of_signals_are_those_of_freebsd(self):
        self.assertEqual(signal.SIGUSR1, self.ended_by("-30"))
        self.assertEqual(signal.SIGBUS, self.ended_by("-10"))
        self.assertEqual(signal.SIGUSR2, self.ended_by("-s", "usr2"))
        self.assertEqual(signal.SIGHUP, self.ended_by("-SIGHUP"))
        self.assertEqual(signal.SIGTERM, self.ended_by())
        self.assertEqual(("USR1\n", "", 0), self.kill("-l", "158"))

    def test_each_process_that_is_not_there_is_named_and_the_others_are_signalled(self):
        sleeper = subprocess.Popen(["/bin/sleep", "60"])
        self.assertEqual(("", "kill: 4194305: No such process\n", 1),
                         self.kill("4194305", str(sleeper.pid)))
        self.assertEqual(-signal.SIGTERM, sleeper.wait(10))
        self.assertEqual(("", "kill: illegal process id: x\n", 2), self.kill("x"))

    def test_a_signal_that_is_none_is_refused_with_those_that_are(self):
        out, err, status = self.kill("-NOSUCH", "1")
        self.assertEqual(("", 2), (out, status))
        self.assertEqual("kill: unknown signal NOSUCH; valid signals:", err.splitlines()[0])
        self.assertEqual(31, len(" ".join(err.splitlines()[1:]).split()))
        self.assertEqual(("", "kill: illegal signal number: 9x\n", 2), self.kill("-9x", "1"))
        self.assertEqual(2, self.kill()[2])


class Kenv(unittest.TestCase):

    def setUp(self):
        context = inprocess.host()
        self.host = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def kenv(self, *arguments):
        return run(kenv, self.host, "kenv", *arguments)

    def test_what_the_loader_set_is_listed_and_asked_for(self):
        self.assertIn('kernelname="/boot/kernel/kernel"', self.kenv()[0].splitlines())
        self.assertIn("kernelname", self.kenv("-N")[0].splitlines())
        self.assertEqual(("/boot/kernel/kernel\n", "", 0), self.kenv("kernelname"))
        self.assertEqual(("", "kenv: unable to get nosuch\n", 1), self.kenv("nosuch"))
        self.assertEqual(("", "", 1), self.kenv("-q", "nosuch"))

    def test_a_variable_is_there_from_its_setting_to_its_unsetting(self):
        self.assertEqual(("1\n", "", 0), self.kenv("a=1"))
        self.assertEqual(('a="1"\n', "", 0), self.kenv("-v", "a"))
        self.assertEqual(("", "", 0), self.kenv("-u", "a"))
        self.assertEqual(("", "kenv: unable to unset a\n", 1), self.kenv("-u", "a"))
