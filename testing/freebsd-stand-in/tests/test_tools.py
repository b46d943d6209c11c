"""cpuset(1), zfs(8), pfctl(8), ping(8), netstat(1), sockstat(1), nc(1), and jails that are dying."""

import calendar
import os
import time
import unittest

from .hosts import StandIn
from .refusals_tools import REFUSALS
from standin import host as hosts, network, pf

PROCESSORS = len(os.sched_getaffinity(0))


class OnOneHost(unittest.TestCase):
    """Tests that share a host."""

    settings = ()

    @classmethod
    def setUpClass(cls):
        cls.host = StandIn(*cls.settings)
        cls.addClassCleanup(cls.host.close)

    def out(self, line, status=0, err=""):
        done = self.host.run(line)
        self.assertEqual((done.err, done.status), (err, status), line)
        return done.out

    def jail(self, name, *parameters):
        self.out("jail -c name=%s path=/jails/base persist mount.devfs %s" % (name, " ".join(parameters)))
        self.addCleanup(self.host.run, "jail -R %s; umount -f /jails/base/dev" % name)


class Refused(OnOneHost):
    settings = ("pool=tank",)

    def test_what_is_refused_is_refused_in_freebsds_words(self):
        self.out("zfs create -p tank/a/b; zfs snapshot tank/a@s; zfs clone tank/a@s tank/clone;"
                 "zfs create -o mountpoint=none tank/none; zfs create -o jailed=on tank/jailed;"
                 "jail -c name=web path=/jails/base persist; jail -c name=net path=/jails/base vnet persist")
        for command, err, status in REFUSALS:
            with self.subTest(command):
                done = self.host.run(command)
                self.assertEqual((done.err, done.status), (err, status))
        self.assertEqual(self.out("zfs list -H -o name"),
                         "tank\ntank/a\ntank/a/b\ntank/clone\ntank/jailed\ntank/none\n")


class Processors(OnOneHost):

    def test_each_jail_has_a_set_of_its_own_which_jls_shows(self):
        self.jail("one")
        self.assertEqual(self.out("jls -nj one cpuset.id; cpuset -g -i -j one").split("\n")[:2],
                         ["cpuset.id=2", "jail %s cpuset id: 2" % self.out("jls -j one jid").strip()])

    def test_a_new_set_takes_the_number_that_a_jail_would_have_had(self):
        self.assertEqual(self.out("cpuset -l 0 jail -c name=two path=/jails/base persist;"
                                  "jls -nj two cpuset.id; jail -R two"), "cpuset.id=3\n")

    @unittest.skipIf(PROCESSORS < 2, "needs two processors")
    def test_the_processes_of_a_jail_get_by_with_its_processors(self):
        self.jail("three")
        self.out("jexec three sleep 50 >/dev/null 2>&1 & sleep 0.3; cpuset -l 1 -j three")
        for shown in ("jexec three cpuset -g", "cpuset -g -p $(pgrep -j three sleep)", "cpuset -g -j three"):
            self.assertIn(" mask: 1\n", self.out(shown), shown)
        self.assertIn("\n1\n", "\n" + self.out("jexec three nproc"))
        # What was taken is not given back.
        self.out("cpuset -l 0 -j three", 1, "cpuset: setaffinity: Invalid argument\n")

    def test_all_processors_are_shown_where_none_was_chosen(self):
        every = ", ".join(map(str, range(PROCESSORS)))
        self.assertEqual(self.out("cpuset -g"),
                         "pid -1 mask: %s\npid -1 domain policy: first-touch mask: 0\n" % every)


class Dying(OnOneHost):

    CONNECT = "jexec %s sh -c 'nc -l 9098 >/dev/null </dev/null & sleep 0.5; echo x | nc -N 127.0.0.1 9098;" \
              " sleep 0.3'"

    def tearDown(self):
        self.host.tool("set", "linger=0")

    def test_a_connection_keeps_a_jail(self):
        self.jail("b1", "ip4=inherit")
        jid = self.out("jls -j b1 jid").strip()
        self.out(self.CONNECT % "b1")
        self.assertEqual(self.out("jail -R b1; jls -d jid name dying; jls name"), jid + " b1 1\n")
        self.assertRegex(self.out("netstat -an | grep 9098"),
                         r"^tcp4       0      0 127\.0\.0\.1\.[0-9]+ +127\.0\.0\.1\.9098 +TIME_WAIT  $")
        again = int(jid) + 1
        self.assertEqual(self.out("jail -c name=b1 path=/jails/base persist; jls -d jid name dying"),
                         "%s b1 1\n%d b1 0\n" % (jid, again))
        self.out("jail -c name=c jid=%s path=/jails/base persist" % jid, 1,
                 "jail: jail %s already exists\n" % jid)
        self.assertEqual(self.out("jail -R b1; jls -d jid name dying"), jid + " b1 1\n")
        # -d makes it live.
        self.out("jail -d -c name=c jid=%s path=/jails/base persist" % jid)
        self.assertEqual(self.out("jls jid name; jexec c echo in"), jid + " c\nin\n")
        self.out("jail -R c")

    def test_a_connection_of_the_host_keeps_no_jail(self):
        self.jail("b2", "ip4=inherit")
        self.out("nc -l 9097 >/dev/null </dev/null & sleep 0.5; echo x | nc -N 127.0.0.1 9097; sleep 0.3;"
                 "netstat -an | grep -q 9097.*TIME_WAIT")
        self.assertNotIn("b2", self.out("jail -R b2; jls -d name"))

    def test_a_jail_lingers_as_long_as_is_set(self):
        self.jail("b3")
        self.host.tool("set", "linger=1")
        self.assertIn("b3 1", self.out("jail -R b3; jls -d name dying; jexec b3 true 2>/dev/null || true"))
        time.sleep(1.1)
        self.assertNotIn("b3", self.out("jls -d name"))

    def test_a_dying_jail_has_no_process_and_keeps_its_interface_until_it_is_gone(self):
        self.host.tool("set", "linger=600")
        self.jail("b4", "vnet")
        self.out("ifconfig epair create; ifconfig epair0b vnet b4;"
                 "jexec b4 sleep 50 >/dev/null 2>&1 & sleep 0.5")
        self.assertNotIn("epair0b", self.out("jail -R b4; ifconfig -l"))
        self.assertFalse([line for line in self.host.left() if line.startswith("process")])
        host = hosts.Host(self.host.directory)
        with host.locked() as state:
            next(jail for jail in state["jails"].values() if jail["name"] == "b4")["until"] = 0
        self.assertIn("epair0b", self.out("ifconfig -l"))
        self.out("ifconfig epair0a destroy")

    def test_since_15_a_new_jail_takes_the_number_of_one_that_is_dying(self):
        self.host.tool("set", "linger=600", "release=15.0")
        self.addCleanup(self.host.tool, "set", "release=12.2")
        self.out("jail -c name=b5 jid=55 path=/jails/base persist; jail -R b5;"
                 "jail -c name=b6 jid=55 path=/jails/base persist")
        shown = self.out("jls -d jid name dying")
        self.assertIn("55 b6 false\n", shown)
        self.assertRegex(shown, "(?m)^[0-9]+ b5 true$")
        self.host.tool("set", "linger=0")
        self.out("jail -R b6")

    def test_a_jail_that_is_refused_late_has_used_up_a_number(self):
        self.out("jail -c name=i1 path=/jails/base persist ip4.addr=10.3.3.3,10.3.3.4")
        first = int(self.out("jls -j i1 jid"))
        self.out("jail -c name=i2 path=/jails/base persist ip4.addr=10.3.3.4", 1,
                 "jail: IPv4 addresses clash\n")
        self.out("jail -c name=i3 path=/jails/base persist ip4.addr=0.0.0.0", 1,
                 "jail: jail_set: Invalid argument\n")
        self.assertEqual(self.out("jail -i -c name=i4 path=/jails/base persist"), "%d\n" % (first + 2))
        self.out("jail -R i1; jail -R i4")


class Network(OnOneHost):

    def test_an_answer_is_shown_with_its_time_and_counted(self):
        lines = self.out("ping -c2 -i0.1 127.0.0.1").split("\n")
        self.assertEqual(lines[0], "PING 127.0.0.1 (127.0.0.1): 56 data bytes")
        self.assertRegex(lines[2], r"^64 bytes from 127\.0\.0\.1: icmp_seq=1 ttl=64 time=[0-9.]+ ms$")
        self.assertEqual(lines[3:6], ["", "--- 127.0.0.1 ping statistics ---",
                                      "2 packets transmitted, 2 packets received, 0.0% packet loss"])
        self.assertRegex(lines[6], "^round-trip min/avg/max/stddev = [0-9.]+/[0-9.]+/[0-9.]+/[0-9.]+ ms$")

    def test_who_does_not_answer_is_waited_for_until_the_timeout(self):
        began = time.monotonic()
        self.assertIn("1 packets transmitted, 0 packets received, 100.0% packet loss\n",
                      self.out("ping -c1 -t1 10.0.2.77", 2))
        self.assertLess(time.monotonic() - began, 3)

    def test_a_jail_with_a_stack_of_its_own_has_its_routes(self):
        self.jail("r1", "vnet")
        self.out("ifconfig epair create; ifconfig epair0b vnet r1; ifconfig epair0a 10.5.0.1/24 up;"
                 "jexec r1 ifconfig epair0b 10.5.0.2/24; jexec r1 route add default 10.5.0.1")
        self.assertEqual(self.out("jexec r1 netstat -rn -f inet"), "Routing tables\n\nInternet:\n"
                         "Destination        Gateway            Flags     Netif Expire\n"
                         "default            10.5.0.1           UGS     epair0b\n"
                         "10.5.0.0/24        link#3             U       epair0b\n"
                         "10.5.0.2           link#3             UHS         lo0\n")
        self.assertIn("1 packets received", self.out("jexec r1 ping -c1 10.5.0.1"))
        self.out("ifconfig epair0a destroy")

    def test_what_a_jail_binds_to_no_address_has_its_address(self):
        self.out("ifconfig lo0 inet 10.1.1.1/32 alias")
        self.addCleanup(self.host.run, "ifconfig lo0 inet 10.1.1.1 -alias")
        self.jail("s1", "ip4.addr=10.1.1.1")
        self.out("jexec s1 nc -lk 7001 >/dev/null 2>&1 & sleep 0.5")
        line = r"root     nc         [0-9 ]{5} [0-9] +tcp4   10\.1\.1\.1:7001         \*:\*\n"
        for shown in ("sockstat -4l | grep 7001", "sockstat -4l -q -j s1"):
            self.assertRegex(self.out(shown), "^" + line + "$", shown)
        self.out("nc -z 127.0.0.1 7001", 1)
        self.out("nc -z 10.1.1.1 7001; jexec s1 nc -z 10.1.1.1 7001")
        self.assertIn("tcp4       0      0 10.1.1.1.7001          *.*                    LISTEN     \n",
                      self.out("netstat -an"))

    def test_ipc_of_a_jail_is_its_own(self):
        self.out("ipcmk -M 4096 >/dev/null")
        self.jail("i1", "mount.procfs")
        self.addCleanup(self.host.run, "umount -f /jails/base/proc")
        shown = self.out("ipcs -m")
        self.assertRegex(shown, r"m +0 +-?[0-9]+ --rw-r--r-- +root +wheel\n")
        self.assertEqual(self.out("jexec i1 ipcs -m"), "Shared Memory:\n"
                         "T           ID          KEY MODE        OWNER    GROUP   \n\n")
        self.out("ipcrm -m 0")
        self.assertNotIn("rw", self.out("ipcs -m"))


class Filter(unittest.TestCase):
    """pf.conf(5), without a host."""

    def shown(self, text):
        found = pf.parse(text, network.Stack(hosts.fresh_state()))
        return found["nat"] + found["rules"]

    def test_a_rule_is_shown_with_all_that_it_means(self):
        for given, meant in (
                ("pass", "pass all flags S/SA keep state"),
                ("block", "block drop all"),
                ("block return in log quick on em0 inet from any to 10.0.0.1",
                 "block return in log quick on em0 inet from any to 10.0.0.1"),
                ("pass in proto udp to any port 53",
                 "pass in proto udp from any to any port = domain keep state"),
                ("pass out no state", "pass out all no state"),
                ("pass from 10/8 to ! 10.1.2.3/16",
                 "pass inet from 10.0.0.0/8 to ! 10.1.0.0/16 flags S/SA keep state"),
                ("nat on vtnet0 from 10.0.0.0/24 to any -> (vtnet0)",
                 "nat on vtnet0 inet from 10.0.0.0/24 to any -> (vtnet0) round-robin"),
                ("nat on vtnet0 inet from any to any -> vtnet0", "nat on vtnet0 inet all -> 10.0.2.15"),
                ("rdr pass on vtnet0 proto tcp to vtnet0 port 2000:2010 -> 10.1.1.1 port 3000:*",
                 "rdr pass on vtnet0 inet proto tcp from any to 10.0.2.15 port 2000:2010"
                 " -> 10.1.1.1 port 3000:*"),
                ('rdr-anchor "jails/*"', 'rdr-anchor "jails/*" all')):
            self.assertEqual(self.shown(given), [meant], given)

    def test_lists_and_macros_make_a_rule_of_each(self):
        self.assertEqual(self.shown('web = "{ 80, 443 }"\npass { in, out } proto tcp to any port $web'),
                         ["pass %s proto tcp from any to any port = %s flags S/SA keep state" % (way, name)
                          for way in ("in", "out") for name in ("http", "https")])


class Anchors(OnOneHost):

    def test_an_anchor_is_there_while_there_is_something_in_it(self):
        self.out("echo 'rdr pass inet proto tcp to any port 2000 -> 10.1.1.1 port 80' | pfctl -a a/web -f -")
        self.assertEqual(self.out("pfctl -s Anchors; pfctl -a a -s Anchors; pfctl -a a/web -s nat"),
                         "  a\n  a/web\nrdr pass inet proto tcp from any to any port = 2000"
                         " -> 10.1.1.1 port 80\n".replace("2000", self._service()))
        self.assertIn("rules of pf in anchor a/web", self.host.left())
        self.out("pfctl -a a/web -F nat", err="nat cleared\n")
        self.assertEqual(self.out("pfctl -s Anchors"), "")

    @staticmethod
    def _service():
        return pf.service(2000, "tcp")

    def test_what_is_only_checked_is_not_loaded(self):
        self.assertEqual(self.out("echo pass | pfctl -a x -nvf -; pfctl -s Anchors"),
                         "pass all flags S/SA keep state\n")

    def test_a_file_with_an_error_changes_nothing(self):
        self.out("echo pass | pfctl -a y -f -;"
                 "printf 'block\\nbogus\\n' | pfctl -a y -f - 2>/dev/null || true")
        self.assertEqual(self.out("pfctl -a y -s rules"), "pass all flags S/SA keep state\n")
        self.out("pfctl -a y -F all", err="rules cleared\nnat cleared\n0 tables deleted.\n")

    def test_tables_take_addresses_and_show_them_in_order(self):
        self.out("pfctl -t bad -T add 10.9.0.1 10.8.0.0/16", err="1 table created.\n2/2 addresses added.\n")
        self.assertEqual(self.out("pfctl -t bad -T show"), "   10.8.0.0/16\n   10.9.0.1\n")
        self.out("pfctl -t bad -T test 10.8.1.1", err="1/1 addresses match.\n")
        self.out("pfctl -t bad -T delete 10.9.0.1 10.9.0.2", err="1/2 addresses deleted.\n")
        self.out("pfctl -t bad -T kill", err="1 table deleted.\n")

    def test_a_filter_is_enabled_once(self):
        self.out("pfctl -e", err="pf enabled\n")
        self.out("pfctl -e", 1, "pfctl: pf already enabled\n")
        self.assertIn("Status: Enabled for 0 days 00:00:0", self.out("pfctl -s info"))
        self.out("pfctl -d", err="pf disabled\n")

    def test_without_the_module_there_is_no_filter(self):
        modules = self.host.state()["settings"]["modules"]
        self.host.tool("set", 'modules=["kernel"]')
        self.addCleanup(self.host.tool, "set", "modules=" + str(modules).replace("'", '"'))
        self.out("pfctl -s info", 1, "pfctl: /dev/pf: No such file or directory\n")


class Pool(OnOneHost):
    settings = ("pool=tank",)

    def test_files_of_a_snapshot_stay_as_they_were(self):
        self.out("zfs create tank/w; echo one >/tank/w/f; zfs snapshot tank/w@a; echo two >/tank/w/f")
        self.assertEqual(self.out("zfs clone tank/w@a tank/c; cat /tank/c/f /tank/w/f"), "one\ntwo\n")
        self.assertEqual(self.out("zfs get -H -o value origin tank/c"), "tank/w@a\n")
        self.out("zfs destroy tank/c; zfs rollback tank/w@a")
        self.assertEqual(self.out("cat /tank/w/f; zfs destroy -r tank/w; zfs list -H -o name -t all"),
                         "one\ntank\n")

    def test_a_mountpoint_is_inherited_and_followed(self):
        self.out("zfs create -o mountpoint=/data tank/d; zfs create tank/d/e")
        self.assertEqual(self.out("zfs get -H -o name,value,source mountpoint tank/d tank/d/e"),
                         "tank/d\t/data\tlocal\ntank/d/e\t/data/e\tinherited from tank/d\n")
        self.out("touch /data/e/x; zfs set mountpoint=/moved tank/d; test -e /moved/e/x; ! test -e /data/e/x")
        self.assertIn("tank/d/e on /moved/e (zfs, local, noatime, nfsv4acls)\n", self.out("mount"))
        self.assertIn("dataset tank/d/e", self.host.left())
        self.out("zfs inherit mountpoint tank/d; test -e /tank/d/e/x; zfs destroy -r tank/d")
        self.assertEqual(self.host.left(), [])

    def test_a_dataset_that_is_given_to_a_jail_is_not_mounted_on_the_host(self):
        self.jail("j1")
        self.out("zfs create -o jailed=on tank/j; zfs jail j1 tank/j")
        self.out("zfs jail j1 tank/j", 1, "cannot jail 'tank/j': dataset already exists\n")
        self.assertEqual(self.out("zfs get -H -o value mounted,jailed tank/j"), "no\non\n")
        self.out("zfs unjail j1 tank/j; zfs set jailed=off tank/j; zfs destroy tank/j")

    def test_what_is_busy_is_torn_off_with_f(self):
        self.out("zfs create tank/b; cd /tank/b; zfs destroy -f tank/b")
        self.host.tool("set", "release=14.3")
        self.addCleanup(self.host.tool, "set", "release=12.2")
        self.out("zfs create tank/b; cd /tank/b; zfs destroy tank/b", 1,
                 "cannot unmount '/tank/b': pool or dataset is busy\n")
        self.out("zfs destroy tank/b")

    def test_without_a_pool_there_is_no_program(self):
        with StandIn() as host:
            self.assertEqual(host.run("which zfs zpool").out, "")


class Processes(unittest.TestCase):

    def test_ps_has_a_process_in_one_line_whatever_its_arguments_are(self):
        with StandIn() as host:
            out = host.run("env -i V='a\n1 2 b' /bin/sh -c 'sleep 2\n# \\ \t\001' & sleep 1;"
                           " ps -eww -o command= -p $!").out
            self.assertEqual("V=a\\n1 2 b /bin/sh -c sleep 2\\n# \\\\ \t\\^A\n", out)


class Clock(unittest.TestCase):

    def test_a_clock_that_is_set_moves_the_boot_and_all_starts_alike(self):
        with StandIn() as host:
            ask = "sysctl -n kern.boottime | tr -d , | cut -d' ' -f4;" \
                  " TZ=UTC ps -o lstart= -p 1; ps -o etimes= -p 1"
            boot, start, age = host.run(ask).out.splitlines()
            host.tool("set", "clock_step=7200")
            later, moved, age_after = host.run(ask).out.splitlines()
            self.assertAlmostEqual(int(boot) + 7200, int(later), delta=1)
            self.assertAlmostEqual(_epoch(start) + 7200, _epoch(moved), delta=1)
            self.assertLess(int(age_after) - int(age), 60)

    def test_the_time_of_ended_children_is_in_that_of_their_parent_if_it_is_asked_for(self):
        with StandIn() as host:
            lines = host.run("sh -c 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done';"
                             " ps -o time= -p $$; ps -S -o time= -p $$").out.splitlines()
            self.assertLess(lines[0].strip(), lines[1].strip())


def _epoch(started):
    return calendar.timegm(time.strptime(started.strip(), "%a %b %d %H:%M:%S %Y"))
