"""What jail -v says in which order, and what is left behind, when each step goes well, fails or hangs."""

import re
import unittest

from tests.hosts import StandIn

#: A jail with every step that there is.
FULL = """k {
  path = /jails/base; persist; stop.timeout = 1;
  ip4.addr = "lo0|10.9.9.1/32", "lo0|10.9.9.2/32";
  mount = "tmpfs /jails/base/tmp tmpfs rw 0 0"; mount.fstab = /tmp/fstab; mount.devfs; mount.fdescfs;
  exec.prepare = "%(exec.prepare)s"; exec.prestart = "%(exec.prestart)s"; exec.created = "%(exec.created)s";
  exec.start = "true one"; exec.start += "%(exec.start)s"; exec.poststart = "%(exec.poststart)s";
  exec.prestop = "%(exec.prestop)s"; exec.stop = "%(exec.stop)s"; exec.poststop = "%(exec.poststop)s";
  exec.release = "%(exec.release)s"; %(more)s
}
"""
HOOKS = ("exec.prepare", "exec.prestart", "exec.created", "exec.start", "exec.poststart", "exec.prestop",
         "exec.stop", "exec.poststop", "exec.release")

_UP = ["run command: true prepare",
       "run command: /sbin/ifconfig lo0 inet 10.9.9.1/32 alias",
       "run command: /sbin/ifconfig lo0 inet 10.9.9.2/32 alias",
       "run command: /sbin/mount -t tmpfs -o rw tmpfs /jails/base/tmp",
       "run command: /sbin/mount -t tmpfs -o rw,size=1m tmpfs /jails/base/home",
       "run command: /sbin/mount -t devfs -oruleset=4 . /jails/base/dev",
       "run command: /sbin/mount -t fdescfs . /jails/base/dev/fd",
       "run command: true prestart",
       "jail_set(JAIL_CREATE) name=k path=/jails/base persist ip4.addr=10.9.9.1,10.9.9.2",
       "created",
       "run command: true created",
       "run command in jail: true one",
       "run command in jail: true start",
       "run command: true poststart"]
_DOWN = ["run command: /sbin/umount /jails/base/dev/fd",
         "run command: /sbin/umount /jails/base/dev",
         "run command: /sbin/umount -ft tmpfs /jails/base/home",
         "run command: /sbin/umount -ft tmpfs /jails/base/tmp",
         "run command: /sbin/ifconfig lo0 inet 10.9.9.2/32 -alias",
         "run command: /sbin/ifconfig lo0 inet 10.9.9.1/32 -alias"]
_STOP = ["run command: true prestop", "run command in jail: true stop", "removed",
         "run command: true poststop", *_DOWN, "run command: true release"]

#: The hook that fails at creation, how far it came, and what is undone.
FAILING_STARTS = [
    ("exec.prepare", 1, []),
    ("exec.prestart", 8, _DOWN),
    ("exec.created", 11, ["removed"] + _DOWN),
    ("exec.start", 13, ["removed"] + _DOWN),
    ("exec.poststart", 14, ["removed"] + _DOWN),
]
#: The hook that fails when a jail stops, which lines follow it, and whether the jail stays.
FAILING_STOPS = [
    ("exec.prestop", 1, 1, True),
    ("exec.stop", 2, 2, True),
    ("exec.poststop", 4, len(_STOP), False),
    ("exec.release", len(_STOP), len(_STOP), False),
]
#: Further parameters that make a step fail: how far it came, what is said, and what is undone.
FAILING_STEPS = [
    ('ip4.addr += "lo0|10.9.9.3/33";', _UP[:3] + ["run command: /sbin/ifconfig lo0 inet 10.9.9.3/33 alias"],
     None, _DOWN[4:]),
    ('mount += "/none /jails/base/root nullfs ro";',
     _UP[:4] + ["run command: /sbin/mount -t nullfs -o ro /none /jails/base/root"],
     "mount_nullfs: /none: No such file or directory\n"
     "jail: k: /sbin/mount -t nullfs -o ro /none /jails/base/root: failed\n", _DOWN[3:]),
    ('mount += "/home /jails/base/none nullfs ro";', _UP[:4],
     "jail: k: mount: /jails/base/none: No such file or directory\n", _DOWN[3:]),
    ("mount.procfs;", _UP[:7], "jail: k: mount.procfs: /jails/base/proc: No such file or directory\n", _DOWN),
    ("enforce_statfs = 5;", _UP[:8] + [_UP[8] + " enforce_statfs=5: Invalid argument"],
     "jail: k: jail_set: Invalid argument\n", _DOWN),
    ("vnet.interface = nosuch0;", _UP[:11] + ["run command: /sbin/ifconfig nosuch0 vnet k"],
     "ifconfig: interface nosuch0 does not exist\njail: k: /sbin/ifconfig nosuch0 vnet k: failed\n",
     ["removed"] + _DOWN),
    ('command = "false command";', _UP[:13] + ["run command in jail: false command"],
     "jail: k: false command: failed\n", ["removed"] + _DOWN),
    ('exec.consolelog = /none/log;', _UP[:11], "jail: k: open /none/log: No such file or directory\n",
     ["removed"] + _DOWN),
]


class _Steps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = StandIn()
        cls.addClassCleanup(cls.host.close)
        cls.host.run("rmdir /jails/base/proc; echo 'tmpfs /jails/base/home tmpfs rw,size=1m 0 0 # kept' > /tmp/fstab")

    def call(self, operation, more="", **hooks):
        values = {hook: "true " + hook[len("exec."):] for hook in HOOKS}
        values.update({"exec." + hook: command for hook, command in hooks.items()}, more=more)
        # Files, as what hangs keeps them open.
        done = self.host.run(
            "jail -v -f - %s >/tmp/out 2>/tmp/err; s=$?; cat /tmp/out; cat /tmp/err >&2; exit $s" % operation,
            (FULL % values).encode())
        return re.sub(" jid=[0-9]+", "", done.out).splitlines(), done.err, done.status

    @staticmethod
    def named(lines):
        return ["k: " + line for line in lines]

    def reset(self):
        self.host.run("pkill -x sleep; sleep 0.2; jail -R k;"
                      " for d in dev/fd dev home tmp; do umount /jails/base/$d; done;"
                      " ifconfig lo0 -alias 10.9.9.1; ifconfig lo0 -alias 10.9.9.2")
        self.assertEqual(self.host.left(), [])


class Going(_Steps):
    def test_all_is_done_in_the_order_of_the_manual_and_undone_when_it_stops(self):
        self.assertEqual(self.call("-c k"), (self.named(_UP), "", 0))
        self.assertEqual(self.call("-m k"),
                         (self.named(["jail_set(JAIL_UPDATE) name=k persist ip4.addr=10.9.9.1,10.9.9.2",
                                      "updated"]), "", 0))
        self.assertEqual(self.call("-rc k"), (self.named(_STOP + _UP), "", 0))
        self.assertEqual(self.call("-r k"), (self.named(_STOP), "", 0))
        self.assertEqual(self.host.left(), [])

    def test_who_is_removed_by_force_leaves_mounts_and_addresses_behind(self):
        self.call("-c k")
        self.assertEqual(self.call("-R k"), (["k: removed"], "", 0))
        self.assertEqual(len(self.host.left()), 6)
        self.reset()

    def test_a_restart_that_nothing_asks_for_is_a_change(self):
        self.call("-c k")
        self.assertEqual(self.call("-mr k")[0][-1:], ["k: updated"])
        out, _, _ = self.call("-cmr k", "osrelease = 11.0-RELEASE;")
        self.assertEqual(out[:3], self.named(_STOP[:3]))
        self.assertEqual(out[-1:], self.named(_UP[-1:]))
        self.call("-r k")
        self.assertEqual(self.host.left(), [])


class Failing(_Steps):
    def test_a_hook_that_fails_when_it_starts_is_followed_by_what_undoes_the_steps_before(self):
        for hook, reached, undone in FAILING_STARTS:
            with self.subTest(hook=hook):
                out, err, status = self.call("-c k", **{hook[len("exec."):]: "false"})
                lines = _UP[:reached - 1] + [_UP[reached - 1].partition(": ")[0] + ": false"] + undone
                self.assertEqual((out, err, status), (self.named(lines), "jail: k: false: failed\n", 1))
                self.assertEqual(self.host.left(), [])

    def test_any_step_that_fails_is_not_undone_itself(self):
        for more, reached, said, undone in FAILING_STEPS:
            with self.subTest(more=more):
                out, err, status = self.call("-c k", more)
                if more.startswith("ip4"):
                    out = [line.replace(",10.9.9.3", "") for line in out]
                self.assertEqual((out, status), (self.named(reached + undone), 1))
                if said is not None:
                    self.assertEqual(err, said)
                self.assertEqual(self.host.left(), [])

    def test_a_hook_that_fails_before_the_removal_keeps_the_jail_and_one_behind_it_does_not(self):
        for hook, reached, said, stays in FAILING_STOPS:
            with self.subTest(hook=hook):
                self.call("-c k")
                out, err, status = self.call("-r k", **{hook[len("exec."):]: "false"})
                lines = list(_STOP[:said])
                lines[reached - 1] = lines[reached - 1].partition(": ")[0] + ": false"
                self.assertEqual((out, err, status), (self.named(lines), "jail: k: false: failed\n", 1))
                self.assertEqual(self.host.jails(), ["k"] if stays else [])
                if stays:
                    self.call("-r k")
                self.assertEqual(self.host.left(), [])

    def test_a_mount_that_is_busy_stays_and_all_else_is_undone(self):
        self.call("-c k")
        self.host.run("cd /jails/base/dev && sleep 60 >/dev/null 2>&1 </dev/null &")
        out, err, status = self.call("-r k")
        self.assertEqual((out, status), (self.named(_STOP), 1))
        self.assertEqual(err, "umount: unmount of /jails/base/dev failed: Device busy\n"
                              "jail: k: /sbin/umount /jails/base/dev: failed\n")
        self.assertEqual(self.host.left(), ["mount devfs on /jails/base/dev (devfs)"])
        self.reset()

    def test_what_is_no_mount_is_not_unmounted(self):
        self.call("-c k")
        self.host.run("umount /jails/base/tmp; umount -f /jails/base/home;"
                      " mount -t nullfs /etc /jails/base/home")
        out, err, status = self.call("-r k")
        self.assertEqual(err, "jail: k: mount.fstab: /jails/base/home: not a tmpfs mount\n"
                              "jail: k: mount: /jails/base/tmp: not a mount point\n")
        self.assertEqual((out[-3:], status), (self.named(_STOP[-3:]), 1))
        self.assertEqual(self.host.left(), ["mount /etc on /jails/base/home (nullfs)"])
        self.reset()


class Hanging(_Steps):
    def test_a_hook_that_hangs_fails_after_exec_timeout_and_is_left_alone(self):
        for hook, reached, undone in FAILING_STARTS:
            with self.subTest(hook=hook):
                out, err, status = self.call("-c k", "exec.timeout = 1;", **{hook[len("exec."):]: "sleep 60"})
                lines = _UP[:reached - 1] + [_UP[reached - 1].partition(": ")[0] + ": sleep 60"] + undone
                self.assertEqual((out, err, status), (self.named(lines), "jail: k: sleep 60: timed out\n", 1))
                self.assertEqual(self.host.left(), [])
                left = self.host.run("pgrep -x sleep | wc -l; pkill -x sleep").out.strip()
                # What is in the jail ends with it.
                self.assertEqual(left, "0" if hook == "exec.start" else "1")

    def test_a_hook_that_hangs_when_it_stops_fails_as_one_that_ends_badly(self):
        for hook, reached, said, stays in FAILING_STOPS:
            with self.subTest(hook=hook):
                self.call("-c k")
                _, err, status = self.call("-r k", "exec.timeout = 1;", **{hook[len("exec."):]: "sleep 60"})
                self.assertEqual((err, status), ("jail: k: sleep 60: timed out\n", 1))
                self.assertEqual(self.host.jails(), ["k"] if stays else [])
                self.host.run("pkill -x sleep")
                if stays:
                    self.call("-r k")
                self.assertEqual(self.host.left(), [])

    def test_who_does_not_heed_sigterm_is_told_it_and_killed(self):
        self.call("-c k")
        self.host.run("jexec k sh -c 'trap \"\" TERM; while :; do sleep 1; done' >/dev/null 2>&1 &")
        out, err, status = self.call("-r k")
        out = [line.partition(" to: ")[0] for line in out]
        self.assertEqual((out, err, status),
                         (self.named(_STOP[:2] + ["sent SIGTERM"] + _STOP[2:]), "", 0))
        self.assertEqual(self.host.left(), [])


#: Jails that depend on each other; what each call says on both streams.
CHAIN = """path = /jails/base;
a { depend = b; persist; } b { depend = c; persist; } c { persist; }
e { depend = c; persist; exec.start = false; } f { depend = e; persist; }
"""
CHAINED = [
    ("-c a", "c: created\nb: created\na: created\n", "", 0),
    ("-m a", "a: updated\n", "", 0),
    # A restart does not tell of removals; who was drawn in is not started again.
    ("-rc c", "c: created\n", "", 0),
    ("-c a", "b: created\na: created\n", "", 0),
    ("-c f", "e: created\ne: removed\n", "jail: e: false: failed\njail: f: skipped\n", 1),
    ("-r b", "a: removed\nb: removed\n", "", 0),
    ("-r b", "", 'jail: "b" not found\njail: c: skipped\n', 1),
    ("-c b", "b: created\n", "", 0),
    ("-r a b", "", 'jail: "a" not found\njail: b: skipped\njail: c: skipped\n', 1),
    ("-R '*'", "b: removed\nc: removed\n", "", 0),
    ("-q -c a", "", "", 0),
    ("-q -rc c", "", "", 0),
    ("-r '*'", "c: removed\n", "", 0),
]


class Depending(_Steps):
    def test_who_depends_is_made_after_and_removed_before_and_skipped_with_whom_it_needs(self):
        for words, out, err, status in CHAINED:
            with self.subTest(words=words):
                done = self.host.run("jail -f - " + words, CHAIN.encode())
                self.assertEqual((done.out, done.err, done.status), (out, err, status))


if __name__ == "__main__":
    unittest.main()
