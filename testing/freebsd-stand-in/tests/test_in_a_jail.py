"""What a process in a jail sees and may do: processes, mounts, its host name, its users."""

import unittest

from . import hosts


class InAJail(hosts.OnAHost):
    """Two jails with one root, which has devices in it: one may see and mount nothing, one may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tool("run", cls.directory, "--", "sh", "-ec", """
            mkdir -p /j/dev /j/tmp /j/etc /j/bin /j/sbin /j/usr /j/mnt
            ln -s usr/lib /j/lib; ln -s usr/lib64 /j/lib64
            for d in bin sbin usr; do mount_nullfs -o ro /$d /j/$d; done
            cp /etc/passwd /etc/group /j/etc/
            mount -t devfs -oruleset=4 devfs /j/dev
            jail -c name=shut path=/j persist host.hostname=shut.example allow.set_hostname=0
            jail -c name=open path=/j persist host.hostname=open.example devfs_ruleset=4 enforce_statfs=1 \\
                allow.mount allow.mount.tmpfs allow.mount.nullfs allow.mount.devfs""")

    def out(self, text):
        out, err, status = self.line(text)
        self.assertEqual(([], 0), (err, status), text)
        return out

    # ---- users and ports

    def test_chroot_becomes_a_user_of_the_host_before_it_leaves_it(self):
        for groups, left in (("65534,wheel,5", "65534(nobody),0(wheel),5(operator)"),
                             # The first of setgroups(2) is the effective group up to 14: -g takes its place.
                             ("wheel,5", "65534(nobody),5(operator)")):
            self.assertEqual(
                ["uid=65534(nobody) gid=65534(nobody) groups=" + left],
                self.out("chroot -u nobody -g 65534 -G %s /j /bin/sh -c 'cd /; id'" % groups))
        for words, text in (("-u nosuch / true", "chroot: no such user `nosuch'"),
                            ("-g nosuch / true", "chroot: no such group `nosuch'"),
                            ("/nosuch true", "chroot: /nosuch: No such file or directory"),
                            ("/ /nosuch", "chroot: /nosuch: No such file or directory")):
            self.assertEqual(([], [text], 1), self.line("chroot " + words))
        self.assertEqual(
            ([], ["usage: chroot [-g group] [-G group,group,...] [-u user] newroot [command]"], 1),
            self.line("chroot"))

    def test_a_jail_may_be_kept_from_reserved_ports(self):
        self.out("jail -c name=low path=/j persist ip4=inherit allow.noreserved_ports")
        self.assertEqual(([], ["nc: Permission denied"], 1), self.line("jexec low timeout 1 nc -l 81"))
        self.assertEqual(([], [], 124), self.line("jexec low timeout 1 nc -l 8181"))
        self.out("jail -m name=low allow.reserved_ports")
        self.assertEqual(([], [], 124), self.line("jexec low timeout 1 nc -l 81"))
        self.out("jail -r low")

    # ---- processes

    def test_ps_shows_a_jail_its_own_processes_alone(self):
        lines = self.out("sleep 300 >/dev/null 2>&1 & jexec open sh -c 'sleep 301 >/dev/null 2>&1 &"
                         " ps -axo jid,jail,user,state,command; kill $!'; kill $!")
        self.assertEqual("JID JAIL USER STAT COMMAND", lines[0])
        commands = [line.split(None, 4)[4] for line in lines[1:]]
        self.assertIn("sleep 301", commands)
        self.assertFalse({"sleep 300", "/sbin/init --", "[kernel]"} & set(commands))
        self.assertTrue(all(line.split()[:3] == ["0", "-", "root"] and line.split()[3].endswith("J")
                            for line in lines[1:]), lines)

    def test_the_host_shows_the_kernel_and_init_and_the_processes_of_jails(self):
        lines = self.out("jexec shut daemon -f sleep 302; sleep 1; ps -axo pid,jid,jail,state,command")
        self.assertEqual([["0", "0", "-", "DLs", "[kernel]"], ["1", "0", "-", "ILs", "/sbin/init", "--"]],
                         [line.split() for line in lines[1:3]])
        shown = [line.split(None, 4)[2:] for line in lines]
        self.assertIn(["shut", "SJ", "sleep 302"], [[jail, state.replace("s", ""), command]
                                                    for jail, state, command in shown])
        self.assertFalse([line for line in lines if "catatonit" in line])
        self.assertEqual(["-"], self.out("ps -o jail= -p 1"))

    def test_a_jail_signals_its_own_processes_alone(self):
        self.out("jexec shut daemon -f sleep 303; jexec open daemon -f sleep 303; sleep 0.2;"
                 " jexec open pkill -f 'sleep 303'")
        self.assertEqual([1, 0], [self.line("sleep 0.2; pgrep -j %s -f 'sleep 303'" % name)[2]
                                  for name in ("open", "shut")])
        self.assertEqual(([], ["kill: 1: No such process"], 1), self.line("jexec open /bin/kill -0 1"))

    def test_without_dev_null_programs_that_read_the_kernel_do_not_start(self):
        self.out("mkdir -p /k/bin /k/usr; ln -s usr/lib /k/lib; ln -s usr/lib64 /k/lib64;"
                 " for d in bin usr; do mount_nullfs -o ro /$d /k/$d; done; jail -c name=k path=/k persist")
        null = "/dev/null: No such file or directory"
        self.assertEqual(([], ["ps: " + null], 1), self.line("jexec k ps aux"))
        self.assertEqual(([], ["pkill: Cannot open kernel files (%s)" % null], 3),
                         self.line("jexec k pkill x"))
        self.assertEqual(([], ["No matching processes were found"], 1),
                         self.line("jexec k killall x"))

    def test_what_cannot_be_asked_of_ps_is_refused(self):
        self.assertEqual(["ps: Invalid jail id: nosuch"], self.line("ps -J nosuch")[1])
        self.assertEqual(["ps: nosuch: keyword not found"], self.line("ps -o pid,nosuch -p 1")[1])
        self.assertEqual("ps: illegal option -- y", self.line("ps -y")[1][0])

    # ---- mounts

    def test_a_jail_sees_the_mounts_that_enforce_statfs_shows(self):
        self.assertEqual(["/dev/vtbd0 on / (ufs, local)"], self.out("jexec shut mount"))
        self.assertEqual(
            ["/dev/vtbd0 on / (ufs, local)"]
            + ["/%s on /%s (nullfs, local, read-only)" % (name, name) for name in ("bin", "sbin", "usr")]
            + ["devfs on /dev (devfs, local, multilabel)"], self.out("jexec open mount"))
        lines = self.out("jexec shut df -k")
        self.assertEqual(2, len(lines))
        self.assertRegex(lines[0], r"^Filesystem 1K-blocks +Used +Avail Capacity  Mounted on$")
        self.assertRegex(lines[1], r"^/dev/vtbd0 +\d+ +\d+ +\d+ +\d+%    /$")

    def test_a_jail_mounts_what_it_may_and_unmounts_what_is_its_own(self):
        self.assertEqual(([], ["mount: tmpfs: Operation not permitted"], 1),
                         self.line("jexec shut mount -t tmpfs tmpfs /tmp"))
        self.assertEqual(([], ["mount: f: Operation not permitted"], 1),
                         self.line("jexec open mount -t fdescfs f /mnt"))
        self.assertEqual(([], ["mount: devfs: Operation not permitted"], 1),
                         self.line("jexec open mount -t devfs -o ruleset=3 devfs /mnt"))
        self.out("jexec open mount -t tmpfs -o size=1m tmpfs /mnt; jexec open touch /mnt/new; ls /j/mnt/new")
        self.assertIn("tmpfs on /j/mnt (tmpfs, local)", self.out("mount"))
        self.assertEqual(["Filesystem    Size    Used   Avail Capacity  Mounted on",
                          "tmpfs         1.0M    4.0K    1.0M     0%    /mnt"], self.out("jexec open df -h /mnt"))
        self.assertEqual(([], ["umount: unmount of /bin failed: Operation not permitted"], 1),
                         self.line("jexec open umount /bin"))
        self.out("jexec open umount /mnt")
        self.assertNotIn("tmpfs on /j/mnt (tmpfs, local)", self.out("mount"))

    # ---- names

    def test_a_jail_changes_its_host_name_if_it_may(self):
        self.assertEqual(["open.example", "open"], self.out("jexec open hostname; jexec open hostname -s"))
        self.out("jexec open hostname new.example")
        self.assertEqual(["new.example", "fbsd122"], self.out("jls -j open host.hostname; hostname"))
        self.assertEqual(([], ["hostname: sethostname: Operation not permitted"], 1),
                         self.line("jexec shut hostname x"))
        self.out("jexec open hostname open.example")

    def test_users_are_freebsds_inside_and_outside(self):
        self.assertEqual(["uid=0(root) gid=0(wheel) groups=0(wheel),5(operator)"], self.out("id"))
        self.assertEqual(2 * ["uid=80(www) gid=80(www) groups=80(www)"],
                         self.out("jexec -u www open id; jexec -U www open id"))

    def test_no_variable_is_added_to_the_environment_of_a_program(self):
        lines = self.out("env -i PATH=/usr/sbin:/bin FOO=bar jexec open /usr/bin/env")
        self.assertEqual(["FOO=bar", "PATH=/usr/sbin:/bin"], sorted(line for line in lines))

    # ---- addresses

    def test_a_jail_without_a_stack_sees_its_own_addresses_of_the_hosts(self):
        self.out("ifconfig lo0 inet 10.1.1.1/32 alias; ifconfig lo0 inet 10.1.1.2/32 alias;"
                 " jail -c name=one path=/j persist ip4.addr=10.1.1.2")
        self.addCleanup(self.line, "jail -R one; ifconfig lo0 -alias 10.1.1.1; ifconfig lo0 -alias 10.1.1.2")
        self.assertEqual(["\tinet 10.1.1.2 netmask 0xffffffff"],
                         [line for line in self.out("jexec one ifconfig lo0") if "inet" in line])
        self.assertFalse([line for line in self.out("jexec shut ifconfig lo0") if "inet" in line])


if __name__ == "__main__":
    unittest.main()
