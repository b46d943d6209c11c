"""Interfaces, routes and netgraph of the stand-in: what it decides, and that jails talk on Linux."""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(HERE, "lib"))

from standin import graph, host as hosts, kernel, network  # noqa: E402
from standin.errors import EBUSY, EEXIST, EINVAL, ENETUNREACH, ENXIO, KernelError  # noqa: E402
from standin.example import Example, checksum  # noqa: E402
from standin.parameters import NEW  # noqa: E402

TOOL = os.path.join(HERE, "stand-in")
JAILS = "/usr/share/examples/jails/"


def names(state, vnet=network.HOST):
    return [one["name"] for _, one in network.in_vnet(state, vnet)]


class Decided(unittest.TestCase):
    """Without a host: the state alone."""

    def setUp(self):
        self.state = hosts.fresh_state()
        self.stack = network.Stack(self.state)

    def refused(self, act, *given):
        with self.assertRaises(KernelError) as caught:
            act(*given)
        return caught.exception.number or caught.exception.text

    def one(self, name, vnet=network.HOST):
        return network.find(self.state, vnet, name)[1]

    def key(self, name, vnet=network.HOST):
        return network.find(self.state, vnet, name)[0]

    def test_a_fresh_host_has_a_card_a_loopback_interface_and_pfs(self):
        self.assertEqual(names(self.state), ["vtnet0", "lo0", "pflog0"])
        self.assertEqual(network.left(self.state), [])

    def test_an_epair_has_two_ends_whose_cards_differ_in_the_last_part(self):
        self.assertEqual(self.stack.create("epair"), "epair0a")
        end_a, end_b = self.one("epair0a"), self.one("epair0b")
        self.assertEqual(end_a["mac"][:-1], end_b["mac"][:-1])
        self.assertEqual(end_a["mac"][-2:] + end_b["mac"][-2:], "0a0b")

    def test_units_are_the_lowest_that_are_free(self):
        for name in ("bridge", "bridge2", "bridge", "bridge"):
            self.stack.create(name)
        self.stack.destroy(self.key("bridge1"))
        self.assertEqual(self.stack.create("bridge"), "bridge1")

    def test_a_renamed_interface_keeps_its_unit(self):
        self.stack.create("bridge")
        self.stack.rename(self.key("bridge0"), "br")
        self.assertEqual(self.stack.create("bridge"), "bridge1")

    def test_units_of_epairs_are_those_of_all_stacks(self):
        self.stack.create("epair")
        self.stack.move(self.key("epair0b"), 7)
        inside = network.Stack(self.state, 7)
        self.assertEqual(self.refused(inside.create, "epair"), EEXIST)
        self.assertEqual(inside.create("epair4"), "epair4a")

    def test_what_no_driver_is_called_cannot_be_made(self):
        for name in ("nosuch0", "epair5a", "vtnet1", "bridge01", "bridge0a"):
            self.assertEqual(self.refused(self.stack.create, name), EINVAL, name)

    def test_to_destroy_an_end_of_an_epair_destroys_the_other_wherever_it_is(self):
        self.stack.create("epair")
        self.stack.move(self.key("epair0b"), 7)
        self.stack.destroy(self.key("epair0a"))
        self.assertEqual(names(self.state, 7), ["lo0", "pflog0"])
        self.assertEqual(names(self.state), ["vtnet0", "lo0", "pflog0"])

    def test_an_interface_of_a_driver_that_does_not_clone_stays(self):
        for name in ("vtnet0", "lo0", "pflog0"):
            self.assertEqual(self.refused(self.stack.destroy, self.key(name)), EINVAL, name)

    def test_a_move_leaves_addresses_up_and_bridge_behind(self):
        self.stack.create("epair")
        self.stack.create("bridge")
        key = self.key("epair0b")
        self.stack.add_member(self.one("bridge0"), "epair0b")
        self.stack.add_address(key, 4, "10.1.1.1", 24)
        self.stack.move(key, 7)
        moved = self.one("epair0b", 7)
        self.assertEqual(moved["aliases"], [])
        self.assertFalse(moved["flags"] & (network.UP | network.PROMISC))
        self.assertEqual(self.one("bridge0")["members"], [])
        self.assertEqual((moved["groups"], moved["index"]), (["epair"], 3))

    def test_a_jail_that_goes_gives_back_what_was_moved_in_and_takes_what_it_made(self):
        self.stack.create("epair")
        self.stack.move(self.key("epair0b"), 7)
        network.Stack(self.state, 7).create("epair3")
        network.Stack(self.state, 7).create("bridge")
        network.vnet_gone(self.state, {"jid": 7})
        self.assertEqual(names(self.state), ["vtnet0", "lo0", "pflog0", "epair0a", "epair0b"])
        self.assertEqual(self.one("epair0b")["groups"], [])
        self.assertFalse([one for one in self.state["interfaces"].values() if one["vnet"] == 7])
        self.assertFalse([node for node in self.state["nodes"].values() if node["vnet"] == 7])

    def test_a_bridge_takes_a_card_once_and_no_card_of_another_bridge(self):
        for name in ("bridge", "bridge", "epair"):
            self.stack.create(name)
        first, second = self.one("bridge0"), self.one("bridge1")
        self.stack.add_member(first, "epair0a")
        self.assertEqual(self.refused(self.stack.add_member, first, "epair0a"), EEXIST)
        self.assertEqual(self.refused(self.stack.add_member, second, "epair0a"), EBUSY)
        self.assertEqual(self.refused(self.stack.add_member, second, "lo0"), EINVAL)

    def test_an_alias_that_is_there_is_no_error_and_not_twice(self):
        for _ in range(2):
            self.stack.add_address(self.key("lo0"), 4, "10.9.9.9", 32)
        self.assertEqual(network.left(self.state), ["alias 10.9.9.9 on lo0"])

    def test_an_interface_that_comes_up_has_the_link_local_address_of_its_card(self):
        self.stack.create("epair")
        one = self.one("epair0a")
        one["mac"] = "02:8e:12:56:ac:0a"
        self.stack.set_flags(self.key("epair0a"), one["flags"] | network.UP)
        self.assertEqual(one["aliases"][0]["address"], "fe80::8e:12ff:fe56:ac0a")

    def test_a_gateway_must_be_in_reach(self):
        self.assertEqual(self.refused(self.stack.add_route, 4, "10.5.0.0", 16, "1.2.3.4", ["UP"]),
                         ENETUNREACH)
        self.assertEqual(self.refused(self.stack.add_route, 4, "0.0.0.0", 0, "10.0.2.9", ["UP"]),
                         EEXIST)
        self.stack.add_route(4, "10.5.0.0", 16, "10.0.2.9", ["UP", "GATEWAY"])
        self.assertEqual(self.stack.route_to(4, "10.5.6.7")["gateway"], "10.0.2.9")

    def test_the_routes_of_an_interface_go_with_it(self):
        self.stack.create("epair")
        self.stack.add_address(self.key("epair0a"), 4, "10.1.1.1", 24)
        self.stack.add_route(4, "10.5.0.0", 16, "10.1.1.2", ["UP", "GATEWAY"])
        self.stack.destroy(self.key("epair0a"))
        self.assertEqual(len(self.state["routes"]), 1)

    def test_what_is_in_no_stack_cannot_be_taken_back(self):
        jail = {"jid": 7, "values": {"vnet": NEW}}
        self.assertEqual(self.refused(network.take_back, self.stack, "nosuch0", jail), ENXIO)

    def test_nodes_are_listed_by_the_kernels_table(self):
        for number in (0x11, 0xe, 0x1e, 0x4):
            self.state["node_ids"]["0"] = number - 1
            graph.add(self.state, 0, "hole")
        found = [node["id"] for _, node in graph.Graph(self.stack).all()]
        self.assertEqual(found, [0x11, 0x1, 0x4, 0x1e, 0xe])

    def test_a_bridge_without_hooks_goes_unless_it_is_persistent(self):
        nodes = graph.Graph(self.stack)
        first = graph.add(self.state, 0, "socket", "me")
        for hook in ("a", "b"):
            nodes.make_peer(first, "bridge", hook, "link0")
        nodes.message(nodes.find("me:b", first), "setpersistent", [])
        nodes.drop(first)
        self.assertEqual([node["type"] for node in self.state["nodes"].values()],
                         ["ether", "bridge"])

    def test_a_mkpeer_that_fails_uses_a_number_and_leaves_nothing(self):
        nodes = graph.Graph(self.stack)
        me = graph.add(self.state, 0, "socket", "me")
        nodes.make_peer(me, "eiface", "ether", "ether")
        before = self.state["node_ids"]["0"]
        self.refused(nodes.make_peer, me, "eiface", "ether", "ether")
        self.assertEqual(self.state["node_ids"]["0"], before + 1)
        self.assertEqual(names(self.state)[3:], ["ngeth0"])

    def test_addresses_of_jib_are_of_the_sum_of_the_name_and_the_card(self):
        self.assertEqual([checksum(name) for name in ("loghost", "web01", "xxx")],
                         [55521, 36981, 210])


class Hosted(unittest.TestCase):
    """A host on Linux, with jails whose network is their own."""

    EACH_ALONE = True

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="stand-in-")
        subprocess.run([TOOL, "make", self.directory], check=True)
        self.addCleanup(subprocess.run, [TOOL, "remove", self.directory], check=True)
        self.host = hosts.Host(self.directory)

    def sh(self, line, status=0, err=""):
        """A line's standard output; its status and error output are as said."""
        done = subprocess.run([TOOL, "run", self.directory, "--", "sh", "-c", line], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual((done.stderr, done.returncode), (err, status), line)
        return done.stdout

    def jail(self, name, vnet=NEW):
        with self.host.locked() as state:
            jid = kernel.jail_set(self.host, {"name": name, "path": "/", "persist": 1, "vnet": vnet},
                                  True, False)
            return state["jails"][str(jid)]

    def remove(self, name):
        with self.host.locked() as state:
            kernel.remove(state, kernel.by_name(state, name))

    def inside(self, jail, line, **expected):
        return self.sh("nsenter --net=/proc/%d/ns/net sh -c '%s'" % (jail["init"], line),
                       **expected)

    def talk(self, jail, address):
        """What a server in a jail says to a client of the host."""
        server = ("import socket; s = socket.create_server((\"%s\", 99)); print(flush=True);"
                  "s.accept()[0].send(b\"hello\")" % address)
        client = ("import socket; print(socket.create_connection((\"%s\", 99), 5).recv(9).decode())"
                  % address)
        return self.sh("{ nsenter --net=/proc/%d/ns/net python3 -c '%s' & } | "
                       "{ read x; python3 -c '%s'; }" % (jail["init"], server, client)).strip()

    def test_an_epair_and_a_bridge_bring_a_jail_and_the_host_together(self):
        jail = self.jail("v1")
        self.sh("ifconfig epair create; ifconfig bridge create; ifconfig bridge0 inet 10.50.0.1/24 "
                "addm epair0a up; ifconfig epair0a up; ifconfig epair0b vnet v1")
        self.assertEqual(self.inside(jail, "ifconfig -l"), "lo0 pflog0 epair0b\n")
        self.assertIn("8842<BROADCAST,RUNNING,SIMPLEX,MULTICAST>",
                      self.inside(jail, "ifconfig epair0b"))
        self.assertEqual(self.inside(jail, "ifconfig epair0b 10.50.0.2/24 up; "
                                           "route add default 10.50.0.1"),
                         "add net default: gateway 10.50.0.1\n")
        self.assertEqual(self.talk(jail, "10.50.0.2"), "hello")
        self.assertIn("via 10.50.0.1", self.inside(jail, "ip route show default"))

    def test_netgraph_brings_a_jail_and_the_host_together(self):
        jail = self.jail("n1")
        self.sh("ngctl mkpeer eiface ether ether; ngctl mkpeer eiface ether ether;"
                "ngctl mkpeer ngeth0: bridge ether link0; ngctl name ngeth0:ether br0;"
                "ngctl connect ngeth1: br0: ether link1; ifconfig ngeth0 10.60.0.1/24 up;"
                "ifconfig ngeth1 ether 02:00:00:00:00:11; ifconfig ngeth1 name job1;"
                "ifconfig job1 vnet n1")
        self.inside(jail, "ifconfig job1 10.60.0.2/24 up")
        self.assertEqual(self.talk(jail, "10.60.0.2"), "hello")
        self.assertIn("Name: job1            Type: ether           ID: 00000001",
                      self.inside(jail, "ngctl list"))
        self.sh("ngctl shutdown ngeth1:")
        self.assertEqual(self.inside(jail, "ifconfig -l"), "lo0 pflog0\n")

    def test_jib_brings_a_jail_to_the_hosts_card(self):
        jail = self.jail("loghost")
        self.assertEqual(self.sh("sh %sjib addm loghost vtnet0" % JAILS),
                         "vtnet0bridge\ne0a_loghost\ne0b_loghost\n")
        self.assertIn("ether 0e:d8:e1:12:34:56", self.sh("ifconfig e0b_loghost ether"))
        self.sh("ifconfig e0b_loghost vnet loghost")
        self.inside(jail, "ifconfig e0b_loghost 10.0.2.20/24 up")
        self.assertEqual(self.talk(jail, "10.0.2.20"), "hello")
        self.sh("%sjib destroy loghost" % JAILS)
        self.assertEqual(self.sh("ifconfig -l"), "vtnet0 lo0 pflog0 vtnet0bridge\n")

    def test_jng_brings_a_jail_to_the_hosts_card(self):
        jail = self.jail("web")
        self.assertEqual(self.sh("%sjng bridge web vtnet0" % JAILS), "ng0_web\n")
        self.sh("ifconfig ng0_web vnet web")
        self.inside(jail, "ifconfig ng0_web 10.0.2.21/24 up")
        self.assertEqual(self.talk(jail, "10.0.2.21"), "hello")
        self.sh("%sjng shutdown web; ngctl shutdown vtnet0bridge:" % JAILS)
        self.assertEqual(self.sh("ifconfig -l"), "vtnet0 lo0 pflog0\n")

    def test_jib_refuses_a_name_with_a_dash_and_a_card_that_is_not_there(self):
        self.sh("%sjib addm a-b vtnet0" % JAILS, 1,
                "Usage: jib addm [-b BRIDGE_NAME] NAME [!]iface0 [[!]iface1 ...]\n")
        self.sh("%sjib addm ab nosuchether" % JAILS, 1,
                "ifconfig: interface nosuchether does not exist\n")

    def test_a_fault_of_ifconfig_reaches_jib(self):
        subprocess.run([TOOL, "fault", self.directory, "^ifconfig epair create", "fail",
                        "--status", "3"], check=True)
        self.sh("%sjib addm ab vtnet0" % JAILS, 3)
        self.assertEqual(self.sh("ifconfig -l"), "vtnet0 lo0 pflog0 vtnet0bridge\n")

    def test_a_jail_that_is_removed_gives_its_end_back(self):
        self.jail("v1")
        self.sh("ifconfig epair create; ifconfig epair0a 10.1.1.1/24; ifconfig epair0b vnet v1")
        self.remove("v1")
        self.assertEqual(self.sh("ifconfig -l"), "vtnet0 lo0 pflog0 epair0a epair0b\n")
        self.assertNotIn("groups", self.sh("ifconfig epair0b"))
        self.sh("ip link show epair0b >/dev/null; ifconfig epair0b name x; ifconfig x destroy")
        self.sh("ip link show epair0a", 1, 'Device "epair0a" does not exist.\n')

    def test_a_jail_that_is_dying_keeps_its_interfaces(self):
        jail = self.jail("v1")
        self.sh("ifconfig epair create; ifconfig epair0b vnet v1")
        with self.host.locked() as state:
            state["settings"]["linger"] = 600
            kernel.remove(state, state["jails"][str(jail["jid"])])
            state["settings"]["linger"] = 0
        self.sh("ifconfig epair0b", 1, "ifconfig: interface epair0b does not exist\n")
        self.sh("ifconfig epair0b -vnet v1", 1, 'ifconfig: jail "v1" is dying\n')
        with self.host.locked() as state:
            state["jails"][str(jail["jid"])]["until"] = 0
        self.sh("jls -d")
        self.sh("ifconfig epair0b inet 10.1.1.1/24 up; ip address show dev epair0b >/dev/null")

    def test_an_interface_is_taken_back_with_its_group_and_without_its_addresses(self):
        jail = self.jail("v1")
        self.sh("ifconfig epair create; ifconfig epair0b vnet %d" % jail["jid"])
        self.inside(jail, "ifconfig epair0b 10.1.1.1/24 up")
        self.sh("ifconfig epair0b -vnet v1")
        shown = self.sh("ifconfig epair0b")
        self.assertIn("groups: epair", shown)
        self.assertNotIn("inet ", shown)
        self.sh("ifconfig epair0b -vnet v1", 1,
                "ifconfig: SIOCSIFRVNET(%d, epair0b): Device not configured\n" % jail["jid"])

    def test_errors_of_moves_are_those_of_freebsd(self):
        self.jail("v1")
        self.jail("plain", vnet=2)
        self.sh("ifconfig epair create")
        self.sh("ifconfig epair0b vnet nosuch", 1, 'ifconfig: jail "nosuch" not found\n')
        self.sh("ifconfig epair0b vnet 99", 1, "ifconfig: jail 99 not found\n")
        self.sh("ifconfig epair0b vnet plain", 1, "ifconfig: SIOCSIFVNET: File exists\n")
        self.sh("ifconfig nosuch0 vnet v1", 1, "ifconfig: interface nosuch0 does not exist\n")
        self.sh("ifconfig epair0b vnet", 1, "ifconfig: 'vnet' requires argument\n")

    def test_ifconfig_acts_in_a_jail_where_the_release_can(self):
        jail = self.jail("v1")
        done = subprocess.run([TOOL, "run", self.directory, "--", "ifconfig", "-j", "v1", "-l"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr.splitlines()[0]),
                         (1, "ifconfig: illegal option -- j"))
        subprocess.run([TOOL, "set", self.directory, "release=14.3"], check=True)
        self.sh("ifconfig -j v1 lo0 inet 127.0.0.1/8 up")
        self.assertIn("LOWER_UP", self.sh("ifconfig -j v1 lo0"))
        self.assertIn("127.0.0.1", self.inside(jail, "ip -4 address show lo"))
        self.sh("ifconfig -j nosuch -l", 1, 'ifconfig: jail "nosuch" not found\n')

    def test_a_name_that_linux_does_not_take_is_possible(self):
        self.assertEqual(self.sh("ifconfig bridge create name a:b; ifconfig a:b inet 10.7.7.1/24 up;"
                                 "ifconfig -l"), "a:b\nvtnet0 lo0 pflog0 a:b\n")
        self.sh("ifconfig a:b name abcdefghijklmnop", 1,
                "ifconfig: ioctl SIOCSIFNAME (set name): File name too long\n")
        self.sh("ifconfig a:b name lo0", 1, "ifconfig: ioctl SIOCSIFNAME (set name): File exists\n")

    def test_a_name_is_printed_also_when_a_later_word_fails(self):
        self.assertEqual(self.sh("ifconfig bridge create addm nosuch0", 1,
                                 "ifconfig: BRDGADD nosuch0: No such file or directory\n"),
                         "bridge0\n")

    def test_an_alias_is_an_address_of_linux_and_goes(self):
        self.sh("ifconfig lo0 inet 10.9.9.9 netmask 255.255.255.255 alias")
        self.assertIn("10.9.9.9/32", self.sh("ip address show lo"))
        self.assertIn("\tinet 10.9.9.9 netmask 0xffffffff\n", self.sh("ifconfig lo0"))
        self.sh("ifconfig lo0 inet 10.9.9.9 netmask 255.255.255.255 -alias")
        self.assertNotIn("10.9.9.9", self.sh("ip address show lo"))
        self.sh("ifconfig lo0 inet 10.9.9.9/32 -alias", 1,
                "ifconfig: ioctl (SIOCDIFADDR): Can't assign requested address\n")
        self.sh("ifconfig lo0 inet6 fd00::5 prefixlen 128 alias; ip -6 address show lo | grep -q 00::5"
                "; ifconfig lo0 inet6 fd00::5 prefixlen 128 -alias")

    def test_addresses_that_are_none_are_refused_with_their_word(self):
        for word, said in (("10.0.0.1/33", "10.0.0.1/33: bad value (width too large)"),
                           ("10.0.0.1/x", "10.0.0.1/x: bad value (width invalid)"),
                           ("999.1.1.1", "999.1.1.1: bad value"),
                           ("inet6 xyz", "xyz: bad value"),
                           ("inet6 fd00::1/129", "129: bad value"),
                           ("ether 1:2", "malformed link-level address"),
                           ("-alias 10.0.0.1/24", "10.0.0.1/24: bad value"),
                           ("mtu 10", "ioctl SIOCSIFMTU (set mtu): Invalid argument"),
                           ("group a1", "setifgroup: group names may not end in a digit")):
            self.sh("ifconfig vtnet0 " + word, 1, "ifconfig: %s\n" % said)

    def test_ngctl_names_creates_and_says_the_interface_in_one_call(self):
        out = self.sh("printf 'mkpeer eiface e1 ether\\nname .:e1 ng_a\\nmsg .:e1 getifname\\n' "
                      "| ngctl -f -; ngctl list -n")
        self.assertIn('Args:\t"ngeth0"\n', out)
        self.assertIn("  Name: ng_a            Type: eiface", out)

    def test_ngctl_stops_a_file_at_the_first_error(self):
        self.sh("printf 'mkpeer eiface e ether\\nmkpeer eiface e ether\\n' | ngctl -f -", 71,
                "ngctl: send msg: File exists\nngctl: line 2: error in file\n")

    def test_errors_of_ngctl_are_those_of_freebsd(self):
        self.sh("ngctl mkpeer eiface ether ether")
        for line, status, said in (
                ("connect ngeth0: nosuch: ether link1", 71, "send msg: No such file or directory"),
                ("mkpeer ngeth0: bridge x link0", 71, "send msg: Protocol family not supported"),
                ("mkpeer ngeth0: bridge ether foo", 71, "send msg: Invalid argument"),
                ("shutdown nosuch:", 71, "shutdown: No such file or directory"),
                ("name ngeth0: vtnet0", 71, "send msg: Address already in use"),
                ("msg ngeth0: nosuch", 71, "send msg: Function not implemented"),
                ("nosuch", 71, '"nosuch": unknown command'),
                ("mkpeer a", 64, "usage: mkpeer [path] <type> <hook> <peerhook>"),
                ("rmhook ngeth0: nosuch", 0, "")):
            self.sh("ngctl " + line, status, "ngctl: %s\n" % said if said else "")

    def test_route_says_what_it_could_not_do(self):
        self.assertEqual(self.sh("route add 10.5.0.0/16 1.2.3.4", 1,
                                 "route: writing to routing socket: Network is unreachable\n"),
                         "add net 10.5.0.0/16: gateway 1.2.3.4 fib 0: Network is unreachable\n")
        self.assertEqual(self.sh("route delete 10.5.0.0/16", 1, "route: route has not been found\n"),
                         "delete net 10.5.0.0/16 fib 0: not in table\n")
        self.sh("route add 10.x", 64 + 4, "route: bad address: 10.x\n")
        self.assertIn("  interface: vtnet0\n", self.sh("route -n get default"))

    def test_a_host_with_something_left_says_what(self):
        self.sh("ifconfig epair create; ifconfig lo0 alias 10.3.3.3/32;"
                "ngctl mkpeer eiface ether ether; route add 10.5.0.0/16 10.0.2.9")
        done = subprocess.run([TOOL, "assert-empty", self.directory], stdout=subprocess.PIPE,
                              text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.splitlines(), [
            "alias 10.3.3.3 on lo0", "interface epair0a", "interface epair0b", "interface ngeth0",
            "route 10.5.0.0/16 by 10.0.2.9", "node ngeth0 (eiface)"])


class Derived(unittest.TestCase):
    def test_a_second_link_of_a_card_has_another_address(self):
        class Fixed:
            def locked(self):
                import contextlib
                state = hosts.fresh_state()
                state["interfaces"]["1"]["mac"] = "08:00:27:12:34:56"
                return contextlib.nullcontext(state)

        example = Example(Fixed())
        self.assertEqual(example.derive_mac("vtnet0", "loghost"),
                         ["02:d8:e1:12:34:56", "0e:d8:e1:12:34:56"])
        self.assertEqual(example.derive_mac("vtnet0", "loghost")[0], "12:d8:e1:12:34:56")


if __name__ == "__main__":
    unittest.main()
