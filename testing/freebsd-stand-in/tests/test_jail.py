import os
import subprocess
import tempfile
import time
import unittest

from tests.hosts import TOOL, StandIn

class Jails(unittest.TestCase):
    EACH_ALONE = True

    def setUp(self):
        self.host = StandIn()
        self.addCleanup(self.host.close)

    def run_line(self, line, status=0):
        done = self.host.run(line)
        self.assertEqual(done.status, status, done)
        return done

    def configured(self, text):
        with open(self.host.directory + "/conf", "w", encoding="utf-8") as file:
            file.write(text)
        return self.host.directory + "/conf"

    def test_a_jail_that_persists_is_there_until_it_is_removed(self):
        self.assertEqual(self.run_line("jail -c name=j path=/jails/base persist"), ("", "", 0))
        self.assertEqual(self.host.jails(), ["j"])
        taken = self.run_line("jail -c name=j path=/jails/base persist", 1)
        self.assertEqual(taken.err, 'jail: "j" already exists\n')
        self.run_line("jail -r j")
        self.assertEqual(self.host.jails(), [])

    def test_a_command_ends_the_jail_and_its_status_is_lost(self):
        done = self.run_line("jail -c name=j path=/jails/base command=/bin/sh -c 'echo in; exit 7'",
                             1)
        self.assertEqual(done.out, "in\n")
        self.assertEqual(done.err, "jail: /bin/sh -c echo in; exit 7: failed\n")
        self.assertEqual(self.host.jails(), [])

    def test_jexec_ends_as_its_command(self):
        self.run_line("jail -c name=j path=/jails/base persist")
        self.run_line("jexec j sh -c 'exit 42'", 42)
        done = self.run_line("jexec j sh -c 'kill -9 $$'; echo $?")
        self.assertEqual(done.out, "137\n")
        missing = self.run_line("jexec j /nonexistent", 1)
        self.assertEqual(missing.err, "jexec: execvp: /nonexistent: No such file or directory\n")
        self.assertEqual(self.run_line("jexec j pwd").out, "/\n")

    def test_a_signal_to_jexec_is_one_to_its_command(self):
        self.run_line("jail -c name=j path=/jails/base persist")
        done = self.run_line("jexec j sleep 30 & P=$!; sleep 1; kill -TERM $P; wait $P; echo $?")
        self.assertEqual(done.out, "143\n")
        self.assertEqual(self.run_line("pgrep -j j", 1).out, "")

    def test_signals_in_a_jail_stay_in_it(self):
        self.run_line("jail -c name=j path=/jails/base persist")
        done = self.run_line(
            "sleep 30 & O=$!; jexec j sleep 31 & P=$!; sleep 1; jexec j kill -TERM -1; wait $P;"
            " echo $?; kill -0 $O && echo there; kill $O")
        self.assertEqual(done.out, "143\nthere\n")

    def test_the_order_is_that_of_the_manual_and_undone_backwards(self):
        conf = self.configured(
            'c { path = /jails/base; persist; exec.prepare = "echo prepare";'
            ' exec.prestart = "echo prestart"; exec.created = "echo created";'
            ' exec.start = "echo start"; exec.poststart = "echo poststart";'
            ' exec.prestop = "echo prestop"; exec.stop = "echo stop";'
            ' exec.poststop = "echo poststop"; exec.release = "echo release"; }')
        self.assertEqual(
            self.run_line("jail -f %s -c c" % conf).out,
            "prepare\nprestart\nc: created\ncreated\nstart\npoststart\n")
        self.assertEqual(
            self.run_line("jail -f %s -r c" % conf).out,
            "prestop\nstop\nc: removed\npoststop\nrelease\n")
        self.assertEqual(self.host.left(), [])

    def test_a_failed_start_removes_the_jail_and_runs_no_hook_of_the_stop(self):
        conf = self.configured(
            'k { path = /jails/base; persist; exec.prestart = "echo pre"; exec.start = "echo one";'
            ' exec.start += "false"; exec.start += "echo two"; exec.stop = "echo stop";'
            ' exec.poststop = "echo poststop"; exec.release = "echo release"; }')
        done = self.run_line("jail -f %s -c k" % conf, 1)
        self.assertEqual(done.out, "pre\nk: created\none\nk: removed\n")
        self.assertEqual(done.err, "jail: k: false: failed\n")

    def test_a_failing_stop_hook_keeps_the_jail_until_it_is_removed_by_force(self):
        conf = self.configured(
            'a { path = /jails/base; persist; exec.stop = "/bin/sh -c \'exit 9\'"; }')
        self.run_line("jail -f %s -c a" % conf)
        for _ in range(2):
            self.assertEqual(self.run_line("jail -f %s -r a" % conf, 1).err,
                             "jail: a: /bin/sh -c /bin/sh -c 'exit 9': failed\n")
        self.assertEqual(self.host.jails(), ["a"])
        self.run_line("jail -R a")
        self.assertEqual(self.host.jails(), [])

    def test_a_command_that_takes_too_long_fails_and_is_not_killed_by_jail(self):
        conf = self.configured(
            'h { path = /jails/base; persist; exec.timeout = 1; exec.prestart = "sleep 77"; }')
        done = self.run_line("jail -f %s -c h; echo $?; pgrep -fl 'sleep 77' | wc -l;"
                             " pkill -f 'sleep 77'" % conf)
        self.assertEqual(done.err, "jail: h: sleep 77: timed out\n")
        self.assertEqual(done.out.split(), ["1", "1"])

    def test_who_ignores_sigterm_is_killed_after_stop_timeout(self):
        conf = self.configured(
            "t { path = /jails/base; persist; stop.timeout = 1; exec.start = \"daemon -f sh -c"
            " 'trap \\\"\\\" TERM; while :; do sleep 1; done'\"; }")
        # Without a /dev/null a daemon keeps what it was given.
        self.run_line("jail -f %s -c t >/dev/null 2>&1" % conf)
        begin = time.monotonic()
        self.run_line("jail -f %s -r t" % conf)
        self.assertGreater(time.monotonic() - begin, 1)
        self.assertEqual(self.host.left(), [])

    def test_a_plain_removal_runs_no_hook(self):
        conf = self.configured('p { path = /jails/base; persist; exec.poststop = "echo no"; }')
        self.run_line("jail -f %s -c p" % conf)
        self.assertEqual(self.run_line("jail -r p").out, "")

    def test_a_jail_without_persist_goes_with_its_last_process(self):
        self.run_line("jail -c name=n path=/jails/base exec.start='daemon -f sleep 1' >/dev/null 2>&1")
        self.assertEqual(self.host.jails(), ["n"])
        time.sleep(1.5)
        self.assertEqual(self.host.jails(), [])

    def test_killing_jail_does_not_kill_its_command(self):
        self.run_line("jail -c name=n path=/jails/base command=/bin/sleep 30 & P=$!; sleep 1;"
                      " kill -9 $P")
        self.assertEqual(self.host.jails(), ["n"])
        self.run_line("jail -R n")

    def test_an_address_is_shared_by_jails_that_each_have_no_other(self):
        made = [self.host.run("jail -c name=i%d path=/jails/base persist ip4.addr=%s"
                              % (number, addresses)).status
                for number, addresses in enumerate(
                    ["10.3.3.3", "10.3.3.3", "10.3.3.3,10.3.3.4", "10.3.3.4",
                     "10.3.3.5,10.3.3.6", "10.3.3.6"])]
        self.assertEqual(made, [0, 0, 1, 0, 0, 1])

    def test_what_is_fixed_at_creation_cannot_be_changed(self):
        self.run_line("jail -c name=a path=/jails/base persist")
        for words, text in [("path=/", "path"), ("vnet=new", "vnet"),
                            ("osrelease=11.0-RELEASE", "osrelease")]:
            self.assertEqual(self.run_line("jail -m name=a " + words, 1).err,
                             "jail: %s cannot be changed after creation\n" % text)
        # 12.2 reads a value that is not there.
        self.assertEqual(self.run_line("jail -m name=a vnet; echo $?").out, "139\n")
        self.run_line("jail -m jid=1 name=b")
        self.assertEqual(self.host.jails(), ["b"])

    def test_variables_and_wildcards_make_a_configuration(self):
        conf = self.configured(
            '$root = "/jails"; * { path = "$root/base"; persist; } w { exec.start = "echo $name"; }')
        self.assertEqual(self.run_line("jail -f %s -c w" % conf).out, "w: created\nw\n")

    def test_who_depends_is_made_after_and_removed_before(self):
        conf = self.configured("path = /jails/base; persist; one { } two { depend = one; }"
                               .replace("one { }", "one { ; }"))
        self.assertEqual(self.run_line("jail -f %s -c two" % conf).out,
                         "one: created\ntwo: created\n")
        self.assertEqual(self.run_line("jail -f %s -r one" % conf).out,
                         "two: removed\none: removed\n")

    def test_of_many_that_make_one_name_at_once_one_wins(self):
        done = self.run_line("for i in 1 2 3 4 5 6; do (jail -c name=cc path=/jails/base persist"
                             " && echo made) & done; wait")
        self.assertEqual(done.out, "made\n")
        self.assertEqual(self.host.jails(), ["cc"])

    def test_twenty_at_once_keep_their_state_right(self):
        self.run_line("for i in $(seq 20); do jail -c name=p$i path=/jails/base persist & done;"
                      " wait")
        self.assertEqual(sorted(self.host.jails()), sorted("p%d" % i for i in range(1, 21)))
        self.run_line("for i in $(seq 20); do jail -r p$i & done; wait")
        self.assertEqual(self.host.jails(), [])

    def test_faults_are_those_that_were_ordered(self):
        self.host.tool("fault", "^jail -c .*name=x", "fail", "--status", "3", "--text", "boom")
        done = self.run_line("jail -c name=x path=/jails/base persist", 3)
        self.assertEqual(done.err, "boom\n")
        self.run_line("jail -c name=x path=/jails/base persist")
        self.host.tool("fault", "^jexec", "kill")
        self.assertEqual(self.run_line("jexec x true; echo $?").out, "137\n")

    def test_the_log_has_each_command_that_ran_with_its_process_also_of_those_in_jails(self):
        self.run_line("jail -c name=l path=/jails/base persist")
        self.host.tool("log", "--clear")
        self.host.tool("fault", "^jls", "fail")
        self.run_line("jls; jexec l hostname; ps -o 'pid\n'; true")
        lines = self.host.tool("log").out.splitlines()
        self.assertEqual([line.split(" ", 1)[1] for line in lines],
                         ["jls", "jexec l hostname", "hostname", "ps -o pid\\n"])
        for line in lines:
            self.assertRegex(line, r"^[0-9]+ [a-z]")
        self.host.tool("log", "--clear")
        self.assertEqual(self.host.tool("log").out, "")
        self.run_line("jail -r l")

    def test_a_shared_folder_is_there_also_around_the_host_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            open(os.path.join(folder, "here"), "w", encoding="ascii").close()
            host = os.path.join(folder, "host")
            subprocess.run([TOOL, "make", host, 'shared=["%s"]' % folder], check=True)
            try:
                done = subprocess.run([TOOL, "run", host, "--", "ls", folder], check=True,
                                      stdout=subprocess.PIPE)
                self.assertEqual(done.stdout, b"here\nhost\n")
            finally:
                subprocess.run([TOOL, "remove", host], check=True)

    def test_who_enters_as_a_user_has_his_variables_besides_the_callers(self):
        self.run_line("jail -c name=u path=/jails/base persist")
        done = self.run_line("HERE=1 TERM=vt jexec -U nobodyjob u /bin/sh -c"
                             " 'echo $HERE $TERM $HOME $USER $MAIL $BLOCKSIZE; id -u; pwd'")
        self.assertEqual(done.out,
                         "1 vt /home/nobodyjob nobodyjob /var/mail/nobodyjob K\n1001\n/\n")
        self.run_line("jail -r u")

    def test_chroot_makes_another_user_with_his_groups_of_who_runs_a_program(self):
        done = self.run_line("chroot -u nobodyjob -g 1001 -G 1001,5 / /bin/sh -c"
                             " 'id -u; id -g; id -G'; chroot -u nosuch / id; chroot", 1)
        self.assertEqual(done.out.split(), ["1001", "1001", "1001", "5"])
        self.assertEqual(done.err, "chroot: no such user `nosuch'\n"
                         "usage: chroot [-g group] [-G group,group,...] [-u user] newroot [command]\n")

    def test_removing_a_host_ends_all_of_it(self):
        self.run_line("jail -c name=j path=/jails/base persist; jexec j sleep 4711 >/dev/null 2>&1 &"
                      " sleep 0.5")
        self.host.close()
        self.assertFalse(os.path.exists(self.host.directory))
        for name in os.listdir("/proc"):
            try:
                with open("/proc/%s/cmdline" % name, "rb") as file:
                    self.assertNotIn(b"\x004711", file.read())
            except OSError:
                pass


if __name__ == "__main__":
    unittest.main()
