"""mount(8), mount_nullfs(8), umount(8), devfs(8)."""

import os
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
from tests import hosts  # noqa: E402

from standin import devices, fstab, host as standin_host, mounts  # noqa: E402
from standin.commands import mount as mount_command  # noqa: E402

HOST = ["/dev/vtbd0 on / (ufs, local)", "devfs on /dev (devfs, local, multilabel)"]
JAIL_DEVICES = ("fd null random stderr stdin stdout ttyu0 ttyu0.init ttyu0.lock ttyv0 ttyv1 ttyv2 ttyv3 ttyv4"
                " ttyv5 ttyv6 ttyv7 ttyv8 ttyv9 urandom zero").split()


class Parts(unittest.TestCase):
    def test_the_last_of_contradicting_options_counts(self):
        self.assertEqual(mounts.options_of(["ro", "nosuid", "rw", "suid", "noexec"]), (["noexec"], {}))
        self.assertEqual(mounts.options_of(["size=5m", "rdonly"]), (["ro"], {"size": "5m"}))

    def test_a_type_list_with_no_is_of_those_that_are_not_meant(self):
        self.assertTrue(mount_command.fits("nullfs", "nullfs,tmpfs"))
        self.assertFalse(mount_command.fits("nullfs", "nonullfs,tmpfs"))
        self.assertTrue(mount_command.fits("devfs", "nonullfs,tmpfs"))

    def test_an_fstab_is_read_with_its_codes(self):
        with tempfile.NamedTemporaryFile("w", prefix="stand-in-") as file:
            file.write("# none\n\n/a\\040b /c nullfs ro,noexec 0 0\nshort line here\n")
            file.flush()
            self.assertEqual(fstab.read(file.name), [("/a b", "/c", "nullfs", ["ro", "noexec"])])

    def test_the_last_mount_above_a_path_is_what_it_is_on(self):
        state = standin_host.fresh_state()
        state["mounts"] = [{"dir": "/a/b", "type": "tmpfs", "id": 2}, {"dir": "/a", "type": "nullfs", "id": 3}]
        self.assertEqual(mounts.covering(state, "/a/b/c")["id"], 3)
        self.assertEqual(mounts.covering(state, "/ab")["id"], 0)
        self.assertEqual(mounts.covering(state, "/dev/null")["id"], 1)

    def shown(self, state, number):
        judged = devices.judge(state, devices.ruleset(state, number), devices.paths())
        return [path for path, result in judged.items() if result[0] and "/" not in path]

    def test_a_jail_sees_few_devices_and_all_of_them_without_its_ruleset(self):
        state = standin_host.fresh_state()
        self.assertEqual(self.shown(state, 4), JAIL_DEVICES)
        self.assertEqual(len(self.shown(state, 99)), 52)
        state["settings"]["rulesets"] = []
        self.assertEqual(len(self.shown(state, 4)), 52)
        self.assertEqual(devices.rulesets(state), [])
        state["mounts"] = [{"dir": "/jails/a/dev", "type": "devfs", "id": 2, "ruleset": 4}]
        self.assertEqual(devices.rulesets(state), [4])

    def test_no_wildcard_of_a_rule_stands_for_a_slash(self):
        state = standin_host.fresh_state()
        devices.change(state, 9, [[100, "hide"], [200, "path * unhide"]])
        judged = devices.judge(state, devices.ruleset(state, 9), devices.paths())
        self.assertEqual((judged["fd"][0], judged["fd/0"][0]), (True, False))


class OnAHost(hosts.OnAHost):
    def out(self, text):
        out, err, status = self.line(text)
        self.assertEqual((err, status), ([], 0), text)
        return out

    def setUp(self):
        self.out("mkdir -p /tmp/j/bin /tmp/j/dev /tmp/j/home /tmp/a /tmp/b; echo text >/tmp/a/file")
        self.addCleanup(self.line, "umount -Af")

    def test_the_host_has_its_root_and_its_devices(self):
        self.assertEqual(self.out("mount"), HOST)
        self.assertEqual(self.out("mount -t devfs"), HOST[1:])
        self.assertEqual(self.out("mount -p"), [
            "/dev/vtbd0\t\t/\t\t\tufs\trw\t\t1 1", "devfs\t\t\t/dev\t\t\tdevfs\trw,multilabel \t0 0"])

    def test_nullfs_shows_a_folder_under_its_options(self):
        self.out("mount -t nullfs -o ro,nosuid /tmp/a /tmp/b; mount_nullfs -o ro /bin /tmp/j/bin")
        self.assertEqual(self.out("cat /tmp/b/file; test -e /tmp/j/bin/sh && echo sh"), ["text", "sh"])
        self.assertEqual(self.line("touch /tmp/b/new")[2], 1)
        self.assertEqual(self.out("mount")[2:], [
            "/tmp/a on /tmp/b (nullfs, local, nosuid, read-only)",
            "/bin on /tmp/j/bin (nullfs, local, read-only)"])
        self.assertEqual(self.out("mount -p -t nullfs"), [
            "/tmp/a\t\t\t/tmp/b\t\t\tnullfs\tro,nosuid \t0 0",
            "/bin\t\t\t/tmp/j/bin\t\tnullfs\tro\t\t0 0"])

    def test_nullfs_of_what_may_not_be_written_may_not_be_written(self):
        self.out("mount_nullfs -o ro /tmp/a /tmp/b; mount_nullfs -o noexec /tmp/b /tmp/j/home")
        self.assertEqual(self.line("touch /tmp/j/home/new")[2], 1)

    def test_missing_paths_and_files_are_64_and_the_same_pair_is_1(self):
        for words, text in (("/nonexistent /mnt", "/nonexistent: No such file or directory"),
                            ("/home /nonexistent/x", "/nonexistent: No such file or directory"),
                            ("/etc/hosts /tmp/b", "/etc/hosts: Not a directory")):
            self.assertEqual(self.line("mount_nullfs " + words), ([], ["mount_nullfs: " + text], 64))
        self.assertEqual(self.line("mount -t nullfs /nonexistent /tmp/b"), (
            [], ["mount_nullfs: /nonexistent: No such file or directory"], 64))
        self.assertEqual(self.line("mount -t nullfs /home /nonexistent"), (
            [], ["mount: /nonexistent: No such file or directory"], 1))
        self.out("mount_nullfs /tmp/a /tmp/b")
        self.assertEqual(self.line("mount_nullfs /tmp/a /tmp/b"), (
            [], ["mount_nullfs: /tmp/b: Resource deadlock avoided"], 1))
        self.out("mount_nullfs /home /tmp/b; mount_nullfs -o nosuchopt /tmp/a /tmp/j/home")

    def test_a_file_is_shown_by_nullfs_since_14(self):
        self.out("touch /tmp/j/file")
        self.assertEqual(self.line("mount_nullfs /tmp/a/file /tmp/j/file")[2], 64)
        self.tool("set", self.directory, "release=14.3")
        self.addCleanup(self.tool, "set", self.directory, "release=12.2")
        self.assertEqual(self.out("mount_nullfs /tmp/a/file /tmp/j/file; cat /tmp/j/file"), ["text"])
        self.out("umount /tmp/j/file")

    def test_tmpfs_takes_its_size_mode_and_owner_and_looks_over_nonsense(self):
        self.out("mount -t tmpfs -o size=10m,mode=0700,uid=1001 tmpfs /tmp/b")
        self.assertEqual(self.out("stat -c '%a %u' /tmp/b; df -m /tmp/b | tail -1"), [
            "700 1001", "tmpfs             10    0     9     0%    /tmp/b"])
        self.assertEqual(self.out("mount -p -t tmpfs"), ["tmpfs\t\t\t/tmp/b\t\t\ttmpfs\trw\t\t0 0"])
        for option in ("size=abc", "size=-1", "mode=999", "uid=nosuch"):
            self.out("mount -t tmpfs -o %s tmpfs /tmp/j/home" % option)
        self.assertEqual(self.line("mount -t tmpfs -o foo tmpfs /tmp/b"), (
            [], ["mount: tmpfs: mount option <foo> is unknown: Invalid argument"], 1))

    def test_what_is_no_file_system_is_refused(self):
        self.assertEqual(self.line("mount -t nosuchfs a /mnt"), (
            [], ["mount: a: Operation not supported by device"], 1))
        self.assertEqual(self.line("mount /nodev /mnt"), ([], ["mount: /nodev: No such file or directory"], 1))
        self.assertEqual(self.line("mount /tmp/a"), ([], ["mount: /tmp/a: unknown special file or file system"], 1))
        self.assertEqual(self.line("umount /nonexistent"), ([], [
            "umount: /nonexistent: statfs: No such file or directory", "umount: /nonexistent: unknown file system"], 1))
        self.assertEqual(self.line("umount /tmp/a"), ([], ["umount: /tmp/a: not a file system root directory"], 1))
        self.assertEqual(self.line("umount /tmp/a/file"), ([], ["umount: /tmp/a/file: unknown file system"], 1))

    def test_mounts_stack_and_the_top_one_goes_first(self):
        self.out("mount_nullfs /tmp/a /tmp/b; mount -t tmpfs tmpfs /tmp/b")
        self.assertEqual(self.out("ls /tmp/b; umount /tmp/b; ls /tmp/b; umount /tmp/b"), ["file"])
        self.assertEqual(self.line("umount /tmp/b")[1], ["umount: /tmp/b: not a file system root directory"])

    def test_what_is_used_is_busy_and_can_be_torn_off(self):
        out, err, status = self.line("mount -t tmpfs tmpfs /tmp/b; cd /tmp/b; umount /tmp/b; echo $?; umount -f /tmp/b")
        self.assertEqual((out, err, status), (["1"], ["umount: unmount of /tmp/b failed: Device busy"], 0))

    def test_what_others_are_mounted_in_or_show_is_busy(self):
        self.out("mount -t tmpfs tmpfs /tmp/b; mkdir /tmp/b/in; mount -t tmpfs tmpfs /tmp/b/in")
        busy = ["umount: unmount of /tmp/b failed: Device busy"]
        self.assertEqual(self.line("umount /tmp/b"), ([], busy, 1))
        self.out("umount /tmp/b/in; mount_nullfs /tmp/b /tmp/j/home")
        self.assertEqual(self.line("umount /tmp/b"), ([], busy, 1))
        self.out("umount /tmp/j/home; umount -v /tmp/b")

    def test_a_type_that_does_not_fit_is_left_alone_silently(self):
        self.out("mount -t tmpfs tmpfs /tmp/b")
        self.assertEqual(self.line("umount -t nullfs /tmp/b"), ([], [], 1))
        self.out("umount -ft tmpfs /tmp/b")
        self.assertEqual(self.out("mount"), HOST)

    def test_an_fstab_is_mounted_whole_and_once_and_unmounted_backwards(self):
        self.out("printf 'tmpfs /tmp/b tmpfs rw 0 0\\n/tmp/a /tmp/j/home nullfs ro,noauto 0 0\\n"
                 "/tmp/a /tmp/j/bin nullfs ro 0 0\\n' >/tmp/fstab; mount -a -F /tmp/fstab; mount -a -F /tmp/fstab")
        self.assertEqual(self.out("mount")[2:], [
            "tmpfs on /tmp/b (tmpfs, local)", "/tmp/a on /tmp/j/bin (nullfs, local, read-only)"])
        self.out("mount -F /tmp/fstab /tmp/j/home; umount -a -F /tmp/fstab")
        self.assertEqual(self.out("mount"), HOST)

    def test_devices_of_a_jail_go_by_its_ruleset(self):
        self.out("mount -t devfs -oruleset=4 . /tmp/j/dev")
        self.assertEqual(self.out("mount")[2:], ["devfs on /tmp/j/dev (devfs, local, multilabel)"])
        self.assertEqual(self.out("LC_ALL=C ls /tmp/j/dev"), JAIL_DEVICES)
        self.out("echo x >/tmp/j/dev/null; head -c 4 /tmp/j/dev/urandom >/tmp/j/dev/null; umount /tmp/j/dev")
        self.assertEqual(self.out("mount -t devfs -oruleset=99 . /tmp/j/dev; ls /tmp/j/dev | wc -l"), ["52"])
        self.assertNotEqual(self.line("echo x >/tmp/j/dev/mem")[2], 0)

    def test_rules_are_added_shown_and_removed(self):
        self.addCleanup(self.line, "devfs rule -s 9 delset")
        self.assertEqual(self.out(
            "devfs rule -s 9 add hide; devfs rule -s 9 add path 'std*' unhide mode 660;"
            "devfs rule -s 9 add 150 include 2; devfs rule -s 9 show; devfs rule showsets"), [
                "100 hide", "150 include 2", "200 path std* unhide mode 660", "1", "2", "3", "4", "9"])
        self.assertEqual(self.line("devfs rule -s 9 add 100 hide"), (
            [], ["devfs rule: ioctl DEVFSIO_RADD: File exists"], 1))
        self.assertEqual(self.out("devfs rule -s 9 del 150; devfs rule -s 9 show 150; devfs rule -s 9 delset;"
                                  "devfs rule showsets"), ["1", "2", "3", "4"])
        self.assertEqual(self.line("devfs rule -s 9 add nosuch"), ([], ["devfs rule: unknown argument: nosuch"], 1))
        self.assertEqual(self.line("devfs"), ([], ["usage: devfs rule|ruleset arguments"], 1))

    def test_a_mount_takes_rules_later(self):
        self.out("mount -t devfs devfs /tmp/j/dev; devfs -m /tmp/j/dev ruleset 4")
        self.assertEqual(self.out("ls /tmp/j/dev | wc -l"), ["52"])
        self.out("devfs -m /tmp/j/dev rule applyset")
        self.assertEqual(self.out("LC_ALL=C ls /tmp/j/dev"), JAIL_DEVICES)
        self.out("devfs -m /tmp/j/dev rule apply path pf unhide; test -c /tmp/j/dev/pf")
        self.assertEqual(self.line("devfs -m /tmp rule showsets")[1], [
            "devfs rule: ioctl DEVFSIO_SGETNEXT: Inappropriate ioctl for device"])

    def test_who_is_not_root_may_not_mount(self):
        unprivileged = "setpriv --reuid=65534 --clear-groups "
        self.assertEqual(self.line(unprivileged + "mount -t tmpfs tmpfs /tmp/b"), ([], ["mount: tmpfs: Operation not permitted"], 1))
        self.assertEqual(self.line(unprivileged + "mount_nullfs /tmp/a /tmp/b"), (
            [], ["mount_nullfs: /tmp/b: Operation not permitted"], 1))

    def test_a_host_whose_mounts_are_gone_is_empty(self):
        self.out("mount -t tmpfs tmpfs /tmp/b")
        done = subprocess.run([os.path.join(HERE, "stand-in"), "assert-empty", self.directory],
                              stdout=subprocess.PIPE, universal_newlines=True, check=False)
        self.assertEqual((done.stdout, done.returncode), ("mount tmpfs on /tmp/b (tmpfs)\n", 1))
        self.out("umount /tmp/b")
        self.tool("assert-empty", self.directory)


if __name__ == "__main__":
    unittest.main()


class Shared(unittest.TestCase):

    def test_a_folder_of_the_machine_is_on_the_host_too_if_it_is_shared(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/file", "w", encoding="ascii") as file:
                file.write("shared")
            with hosts.StandIn('shared=["%s"]' % folder) as host:
                self.assertEqual("shared", host.run("cat %s/file" % folder).out)
            with hosts.StandIn() as host:
                self.assertNotEqual(0, host.run("cat %s/file" % folder).status)

    def test_a_folder_around_another_one_has_the_other_one_and_all_else_in_it(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(folder + "/inner")
            os.mkdir(folder + "/other")
            with hosts.StandIn('shared=["%s/inner","%s"]' % (folder, folder)) as host:
                self.assertEqual("inner\nother\n", host.run("ls " + folder).out)
