"""jls(8), held to what a running 12.2 printed."""

import json
import unittest

from . import inprocess
from .inprocess import jail, run, run_bytes
from standin import kernel, parameters, values
from standin.commands import jls
from standin.errors import KernelError
from standin.parameters import INHERIT, NEW

HEADER = "   JID  IP Address      Hostname                      Path\n"

ALL_W2 = (
    "devfs_ruleset=0 nodying enforce_statfs=2 host=new ip4=disable ip6=disable jid=24 name=w2"
    " osreldate=1202000 osrelease=12.2-RELEASE parent=0 path=/jails/base persist securelevel=-1"
    " sysvmsg=disable sysvsem=disable sysvshm=disable vnet=inherit allow.nochflags allow.nomlock"
    " allow.nomount allow.mount.nodevfs allow.mount.nofdescfs allow.mount.nonullfs"
    " allow.mount.noprocfs allow.mount.notmpfs allow.noquotas allow.noraw_sockets"
    " allow.noread_msgbuf allow.reserved_ports allow.set_hostname allow.nosocket_af"
    " allow.nosysvipc children.cur=0 children.max=0 cpuset.id=2 host.domainname=/\"\"}\"\""
    " host.hostid=0 host.hostname=\"w2 with space\""
    " host.hostuuid=00000000-0000-0000-0000-000000000000 ip4.addr=10.1.1.1 ip4.saddrsel"
    " ip6.addr=\"\" ip6.saddrsel\n")

SET_W3 = (
    "devfs_ruleset=0 enforce_statfs=1 host=new ip4=inherit ip6=inherit jid=25 name=w3"
    " osreldate=1202000 osrelease=12.2-RELEASE path=/jails/base persist securelevel=-1"
    " sysvmsg=disable sysvsem=disable sysvshm=disable vnet=inherit allow.nochflags allow.nomlock"
    " allow.mount allow.mount.nodevfs allow.mount.nofdescfs allow.mount.nonullfs"
    " allow.mount.noprocfs allow.mount.tmpfs allow.noquotas allow.noraw_sockets"
    " allow.noread_msgbuf allow.reserved_ports allow.set_hostname allow.nosocket_af"
    " allow.nosysvipc children.max=5 host.domainname=/\"\"}\"\" host.hostid=0"
    " host.hostname=/\"\"}\"\" host.hostuuid=00000000-0000-0000-0000-000000000000\n")

HEADER_OF_ALL = (
    "devfs_ruleset dying enforce_statfs host ip4 ip6 jid name osreldate osrelease parent path"
    " persist securelevel sysvmsg sysvsem sysvshm vnet allow.chflags allow.mlock allow.mount"
    " allow.mount.devfs allow.mount.fdescfs allow.mount.nullfs allow.mount.procfs"
    " allow.mount.tmpfs allow.quotas allow.raw_sockets allow.read_msgbuf allow.reserved_ports"
    " allow.set_hostname allow.socket_af allow.sysvipc children.cur children.max cpuset.id"
    " host.domainname host.hostid host.hostname host.hostuuid ip4.addr ip4.saddrsel ip6.addr"
    " ip6.saddrsel\n")

ROW_OF_ALL = (
    "0 false 2 new disable disable 24 w2 1202000 12.2-RELEASE 0 /jails/base true -1 disable disable"
    " disable inherit false false false false false false false false false false false true true"
    " false false 0 0 2 /\"\"}\"\" 0 w2 with space 00000000-0000-0000-0000-000000000000 10.1.1.1"
    " true - true\n")

JSON_ALL_W2 = (
    '{"devfs_ruleset":"0","dying":false,"enforce_statfs":"2","host":"new","ip4":"disable",'
    '"ip6":"disable","jid":"24","name":"w2","osreldate":"1202000","osrelease":"12.2-RELEASE",'
    '"parent":"0","path":"/jails/base","persist":true,"securelevel":"-1","sysvmsg":"disable",'
    '"sysvsem":"disable","sysvshm":"disable","vnet":"inherit","allow.chflags":false,'
    '"allow.mlock":false,"allow.mount":false,"allow.mount.devfs":false,'
    '"allow.mount.fdescfs":false,"allow.mount.nullfs":false,"allow.mount.procfs":false,'
    '"allow.mount.tmpfs":false,"allow.quotas":false,"allow.raw_sockets":false,'
    '"allow.read_msgbuf":false,"allow.reserved_ports":true,"allow.set_hostname":true,'
    '"allow.socket_af":false,"allow.sysvipc":false,"children.cur":"0","children.max":"0",'
    '"cpuset.id":"2","host.domainname":"/\\"\\"}","host.hostid":"0",'
    '"host.hostname":"w2 with space","host.hostuuid":"00000000-0000-0000-0000-000000000000",'
    ' "ip4.addr": ["10.1.1.1"],"ip4.saddrsel":true, "ip6.addr": [],"ip6.saddrsel":true}')

PRETTY_VERBOSE = """{
  "__version": "2", 
  "jail-information": {
    "jail": [
      {
        "jid": 24,
        "hostname": "w2 with space",
        "path": "/jails/base",
        "name": "w2",
        "state": "ACTIVE",
        "cpusetid": 2,
        "ipv4_addrs": [
          "10.1.1.1"
        ],
        "ipv6_addrs": [
        ]
      },
      {
        "jid": 25,
        "hostname": "",
        "path": "/jails/base",
        "name": "w3",
        "state": "ACTIVE",
        "cpusetid": 3,
        "ipv4_addrs": [
        ],
        "ipv6_addrs": [
        ]
      }
    ]
  }
}
"""

PRETTY_XML = """<jail-information version="2">
  <jail>
    <jid>24</jid>
    <ipv4>10.1.1.1</ipv4>
    <hostname>w2 with space</hostname>
    <path>/jails/base</path>
  </jail>
  <jail>
    <jid>25</jid>
    <ipv4></ipv4>
    <hostname></hostname>
    <path>/jails/base</path>
  </jail>
</jail-information>
"""


class Two(unittest.TestCase):
    """The two jails that were listed in every way on a running 12.2."""

    release = "12.2"

    def setUp(self):
        context = inprocess.host(self.release)
        self.host = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        # The later one first: the list is in the order of numbers.
        jail(self.host, 25, "w3", cpuset=3, given={
            "ip4": INHERIT, "ip6": INHERIT, "enforce_statfs": 1, "allow.mount": 1,
            "allow.mount.tmpfs": 1, "children.max": 5})
        jail(self.host, 24, "w2", given={"host.hostname": "w2 with space", "ip4": NEW,
                                         "ip4.addr": ["10.1.1.1"]})

    def jls(self, *arguments):
        return run(jls, self.host, "jls", *arguments)

    def shown(self, *arguments):
        out, err, status = self.jls(*arguments)
        self.assertEqual(("", 0), (err, status))
        return out


class Transcript(Two):

    def test_the_default_view_has_four_columns(self):
        expected = (HEADER
                    + "    24  10.1.1.1        w2 with space                 /jails/base\n"
                    + "    25                                                /jails/base\n")
        self.assertEqual(expected, self.shown())
        self.assertEqual(expected, self.shown("-q"))
        self.assertEqual(expected, self.shown("-d"))
        self.assertEqual(expected, self.shown("-a"))

    def test_names_take_the_place_of_numbers(self):
        self.assertEqual(
            " JID             IP Address      Hostname                      Path\n"
            " w2              10.1.1.1        w2 with space                 /jails/base\n"
            " w3                                                            /jails/base\n",
            self.shown("-N"))

    def test_the_long_view_has_three_lines_and_one_for_each_address(self):
        self.assertEqual(
            "   JID  Hostname                      Path\n"
            "        Name                          State\n"
            "        CPUSetID\n"
            "        IP Address(es)\n"
            "    24  w2 with space                 /jails/base\n"
            "        w2                            ACTIVE\n"
            "        2\n"
            "        10.1.1.1\n"
            "    25                                /jails/base\n"
            "        w3                            ACTIVE\n"
            "        3\n", self.shown("-v"))

    def test_names_and_values_of_all_are_quoted_and_empty_texts_are_misprinted(self):
        self.assertEqual(ALL_W2, self.shown("-n", "-q").splitlines(True)[0])

    def test_what_can_be_set_leaves_out_addresses_where_ip4_reads_disable(self):
        lines = self.shown("-s").splitlines(True)
        self.assertNotIn("ip4.addr", lines[0])
        self.assertEqual(SET_W3, lines[1])

    def test_a_header_of_all_stands_over_words(self):
        self.assertEqual([HEADER_OF_ALL, ROW_OF_ALL], self.shown("-h").splitlines(True)[:2])

    def test_all_can_be_named(self):
        self.assertEqual(ROW_OF_ALL, self.shown("all").splitlines(True)[0])
        self.assertEqual(ALL_W2.replace('ip6.addr=""', "ip6.addr=").replace(
            '"w2 with space"', "w2 with space"), self.shown("-n", "all").splitlines(True)[0])

    def test_named_parameters_have_no_header(self):
        self.assertEqual("name=w2 ip4.addr=10.1.1.1 jid=24 dying=0\n"
                         "name=w3 ip4.addr= jid=25 dying=0\n",
                         self.shown("-n", "name", "ip4.addr", "jid", "dying"))
        self.assertEqual("24 w2\n25 w3\n", self.shown("jid", "name"))
        self.assertEqual("w2\nw3\n", self.shown("-q", "name"))
        self.assertEqual("24 w2\n25 w3\n", self.shown("-N", "jid", "name"))
        self.assertEqual("24\n25\n", self.shown("jid", "jid"))
        self.assertEqual("jid name\n24 w2\n25 w3\n", self.shown("-h", "jid", "name"))

    def test_an_empty_list_prints_a_dash_or_quotes_or_nothing(self):
        self.assertEqual("-\n", self.shown("-j", "w3", "ip4.addr"))
        self.assertEqual('""\n', self.shown("-q", "-j", "w3", "ip4.addr"))
        self.assertEqual("ip4.addr=\n", self.shown("-n", "-j", "w3", "ip4.addr"))

    def test_switches_and_modes_that_are_named_are_numbers(self):
        self.assertEqual("0 0 0 2 1\n", self.shown("-j", "w2", "allow.raw_sockets", "allow.chflags",
                                                    "ip4", "vnet", "persist"))
        self.assertEqual("allow.raw_sockets=0 ip4=2 vnet=2 persist=1\n",
                         self.shown("-nj", "w3", "allow.raw_sockets", "ip4", "vnet", "persist"))

    def test_the_no_form_of_a_switch_is_a_parameter_and_of_nothing_else(self):
        self.assertEqual("0 1\n", self.shown("-j", "24", "nopersist", "allow.nochflags"))
        self.assertEqual(("", "jls: unknown parameter: novnet\n", 1), self.jls("novnet"))

    def test_json_is_as_libxo_writes_it(self):
        expected = (
            '{"__version": "2", "jail-information": {"jail": [{"jid":24,"ipv4":"10.1.1.1",'
            '"hostname":"w2 with space","path":"/jails/base"}, {"jid":25,"ipv4":"","hostname":"",'
            '"path":"/jails/base"}]}\n}\n')
        for words in (("--libxo", "json"), ("--libxo:J",), ("--libxo=json",)):
            self.assertEqual(expected, self.shown(*words))
        json.loads(expected)

    def test_json_of_names_has_name_in_place_of_jid(self):
        self.assertIn('[{"name":"w2","ipv4":"10.1.1.1",', self.shown("--libxo", "json", "-N"))

    def test_pretty_json_of_the_long_view_is_indented(self):
        self.assertEqual(PRETTY_VERBOSE, self.shown("--libxo", "json,pretty", "-v"))
        self.assertEqual(PRETTY_VERBOSE, self.shown("-v", "--libxo:JP"))

    def test_json_of_the_long_view_has_lists(self):
        self.assertIn('"cpusetid":2, "ipv4_addrs": ["10.1.1.1"], "ipv6_addrs": []}, {"jid":25,',
                      self.shown("--libxo", "json", "-v"))

    def test_json_of_all_has_texts_and_switches(self):
        self.assertIn("[" + JSON_ALL_W2 + ", {", self.shown("--libxo", "json", "-n"))

    def test_json_of_named_parameters_has_texts_alone(self):
        self.assertEqual(
            '{"__version": "2", "jail-information": {"jail": [{"jid":"24","name":"w2",'
            '"path":"/jails/base","host.hostname":"w2 with space", "ip4.addr": ["10.1.1.1"]}, '
            '{"jid":"25","name":"w3","path":"/jails/base","host.hostname":"/\\"\\"}",'
            ' "ip4.addr": []}]}\n}\n',
            self.shown("--libxo", "json", "jid", "name", "path", "host.hostname", "ip4.addr"))

    def test_a_list_that_comes_first_has_no_blank_before_it(self):
        self.assertIn('[{"ip4.addr": ["10.1.1.1"]}, {',
                      self.shown("--libxo", "json", "ip4.addr"))

    def test_pretty_xml_is_indented(self):
        self.assertEqual(PRETTY_XML, self.shown("--libxo", "xml,pretty"))

    def test_xml_is_one_line_without_an_end(self):
        self.assertEqual(
            '<jail-information version="2"><jail><name>w2</name><ipv4_addr>10.1.1.1</ipv4_addr>'
            '</jail></jail-information>', self.shown("--libxo", "xml", "-j", "w2", "name", "ip4.addr"))


class NotFound(Two):

    def test_a_name_that_is_not_there_is_said_below_the_header(self):
        self.assertEqual((HEADER, 'jls: jail "nosuch" not found\n', 1), self.jls("-j", "nosuch"))

    def test_a_number_that_is_not_there_has_no_quotes(self):
        self.assertEqual((HEADER, "jls: jail 99 not found\n", 1), self.jls("-j", "99"))
        self.assertEqual(("", "jls: jail 1 not found\n", 1), self.jls("-j", "1", "-n"))

    def test_zero_is_a_name(self):
        self.assertEqual('jls: jail "0" not found\n', self.jls("-j", "0", "jid")[1])

    def test_a_number_finds_no_jail_by_its_name(self):
        self.assertEqual("jls: jail 5 not found\n", self.jls("-j", "5", "jid")[1])
        self.assertEqual('jls: jail "5x" not found\n', self.jls("-j", "5x", "jid")[1])

    def test_json_is_an_empty_list_and_fails(self):
        expected = ('{"__version": "2", "jail-information": {"jail": []}\n}\n',
                    'jls: jail "nosuch" not found\n', 1)
        self.assertEqual(expected, self.jls("--libxo", "json", "-j", "nosuch"))
        self.assertEqual(expected, self.jls("--libxo", "json", "-j", "nosuch", "-v"))

    def test_an_unknown_parameter_prints_no_header(self):
        self.assertEqual(("", "jls: unknown parameter: nosuchparam\n", 1), self.jls("nosuchparam"))
        self.assertEqual(("", "jls: unknown parameter: -n\n", 1), self.jls("name", "-n"))

    def test_an_unknown_option_shows_the_usage(self):
        self.assertEqual(
            ("", "jls: illegal option -- x\njls: usage: jls [-dhNnqv] [-j jail] [param ...]\n", 1),
            self.jls("-x"))
        self.assertEqual("jls: option requires an argument -- j\n",
                         self.jls("-j")[1].splitlines(True)[0])

    def test_an_unknown_style_is_refused(self):
        self.assertEqual(("", "jls: unknown libxo option value: 'yaml'\n", 1),
                         self.jls("--libxo", "yaml"))
        self.assertEqual(("", "jls: missing libxo option\n", 1), self.jls("--libxo"))


class NoJails(unittest.TestCase):

    def test_without_jails_there_is_the_header_alone(self):
        with inprocess.host() as host:
            self.assertEqual((HEADER, "", 0), run(jls, host, "jls"))
            self.assertEqual(("", "", 0), run(jls, host, "jls", "name"))
            self.assertEqual(
                ('{"__version": "2", "jail-information": {"jail": []}\n}\n', "", 0),
                run(jls, host, "jls", "--libxo", "json", "name"))


class Dying(unittest.TestCase):

    def test_a_dying_jail_is_shown_when_asked_for(self):
        with inprocess.host() as host:
            jail(host, 1, "b1", dying=True)
            jail(host, 2, "b1", cpuset=3)
            self.assertEqual("1 b1 1\n2 b1 0\n", run(jls, host, "jls", "-d", "jid", "name", "dying")[0])
            self.assertEqual("2 b1 0\n", run(jls, host, "jls", "jid", "name", "dying")[0])
            self.assertEqual("2\n", run(jls, host, "jls", "-j", "b1", "jid")[0])
            self.assertIn("        b1                            DYING\n",
                          run(jls, host, "jls", "-dv")[0])
            self.assertEqual("jls: jail 1 is dying\n", run(jls, host, "jls", "-j", "1")[1])


class FromInside(unittest.TestCase):

    def test_a_jail_sees_what_is_below_it_under_shorter_names(self):
        with inprocess.host() as host:
            jail(host, 24, "w2")
            jail(host, 25, "w3")
            jail(host, 26, "w3.sub", parent=25)
            jail(host, 27, "w3.sub.low", parent=26)
            self.assertEqual("w2 0 0\nw3 0 2\nw3.sub 25 1\nw3.sub.low 26 0\n",
                             run(jls, host, "jls", "name", "parent", "children.cur")[0])
            host.viewer = 25
            self.assertEqual("name=sub parent=0\nname=sub.low parent=26\n",
                             run(jls, host, "jls", "-n", "name", "parent")[0])
            self.assertEqual("26\n", run(jls, host, "jls", "-j", "sub", "jid")[0])
            self.assertEqual('jls: jail "w3" not found\n', run(jls, host, "jls", "-j", "w3")[1])
            self.assertEqual("jls: jail 24 not found\n", run(jls, host, "jls", "-j", "24")[1])
            host.viewer = 24
            self.assertEqual((HEADER, "", 0), run(jls, host, "jls"))


class Texts(unittest.TestCase):

    def test_quotes_are_chosen_by_what_is_inside(self):
        with inprocess.host() as host:
            for jid, name in enumerate(("a b", "it's", 'say "x"', "both'\""), 1):
                jail(host, jid, name)
            self.assertEqual("\"a b\"\n\"it's\"\n'say \"x\"'\n\"both'\"\"\n",
                             run(jls, host, "jls", "-q", "name")[0])
            self.assertEqual("a b\nit's\nsay \"x\"\nboth'\"\n", run(jls, host, "jls", "name")[0])

    def test_a_locale_without_utf8_gets_latin1_and_json_stays_utf8(self):
        with inprocess.host() as host:
            jail(host, 1, "h\u00e4\u4e00")
            for name, value, expected in (("LC_ALL", "C", b"h\xe4?\n"),
                                          ("LANG", "de_DE.UTF-8", "h\u00e4\u4e00\n".encode())):
                self.assertEqual(expected, run_bytes(jls, host, "jls", "name",
                                                     environment={name: value})[0])
            self.assertIn('"h\u00e4\u4e00"'.encode(),
                          run_bytes(jls, host, "jls", "--libxo", "json", "name",
                                    environment={"LC_ALL": "C"})[0])

    def test_markup_in_values_is_escaped(self):
        with inprocess.host() as host:
            jail(host, 1, 'a<&>"\\')
            self.assertIn('{"name":"a<&>\\"\\\\"}',
                          run(jls, host, "jls", "--libxo", "json", "name")[0])
            self.assertIn('<name>a&lt;&amp;&gt;"\\</name>',
                          run(jls, host, "jls", "--libxo", "xml", "name")[0])

    def test_long_texts_are_cut_in_the_default_view_alone(self):
        with inprocess.host() as host:
            jail(host, 1, "n" * 20, given={"host.hostname": "h" * 40, "path": "/" + "p" * 80})
            self.assertEqual(" %s                 %s /%s\n" % ("n" * 20, "h" * 29, "p" * 73),
                             run(jls, host, "jls", "-N")[0].splitlines(True)[1])
            self.assertEqual("h" * 40 + "\n", run(jls, host, "jls", "host.hostname")[0])


class Modules(unittest.TestCase):

    def test_a_file_system_that_can_be_loaded_brings_its_parameter(self):
        with inprocess.host() as host:
            self.assertEqual(("", "", 0), run(jls, host, "jls", "-n", "allow.mount.linprocfs"))
            self.assertIn("linprocfs", host.setting("modules"))
            self.assertIn("allow.mount.linprocfs", run(jls, host, "jls", "-h")[0])

    def test_one_that_cannot_be_loaded_is_unknown(self):
        with inprocess.host() as host:
            self.assertEqual("jls: unknown parameter: allow.mount.ext2fs\n",
                             run(jls, host, "jls", "allow.mount.ext2fs")[1])


class Later(Two):
    """From 13.0 on a named parameter keeps its type, and empty texts are right."""

    release = "14.3"

    def test_switches_and_modes_that_are_named_are_words(self):
        self.assertEqual("false inherit disable true\n",
                         self.shown("-j", "w2", "allow.chflags", "vnet", "ip4", "persist"))
        self.assertEqual("allow.nochflags vnet=inherit persist\n",
                         self.shown("-nj", "w2", "allow.chflags", "vnet", "persist"))

    def test_an_empty_text_is_two_quotes_and_in_json_nothing(self):
        self.assertEqual('host.hostname=""\n', self.shown("-nj", "w3", "host.hostname"))
        self.assertIn('{"host.hostname":""}',
                      self.shown("--libxo", "json", "-j", "w3", "host.hostname"))

    def test_json_of_a_named_switch_is_one_with_n_alone(self):
        self.assertIn('{"persist":true}', self.shown("--libxo", "json", "-nj", "w2", "persist"))
        self.assertIn('{"persist":"true"}', self.shown("--libxo", "json", "-j", "w2", "persist"))

    def test_parameters_of_later_releases_are_there(self):
        self.assertIn("allow.suser allow.nosysvipc", self.shown("-nj", "w2"))
        self.assertEqual("true\n", self.shown("-j", "w2", "allow.suser"))

    def test_a_parameter_of_a_still_later_release_is_unknown(self):
        self.assertEqual("jls: unknown parameter: meta\n", self.jls("meta")[1])


class Keys(unittest.TestCase):
    """Of 15.0: meta and env are lines of keys and values."""

    def test_a_key_reads_as_a_parameter_and_one_that_is_missing_as_nothing(self):
        with inprocess.host("15.0") as host:
            jail(host, 1, "j", given={"meta": "a=2\nb=3"})
            self.assertEqual("3 a=2\nb=3 2\n", run(jls, host, "jls", "meta.b", "meta", "meta.a")[0])
            self.assertEqual("\n", run(jls, host, "jls", "meta.c")[0])
            self.assertEqual('"" \n', run(jls, host, "jls", "env", "env.a")[0])
            self.assertEqual("meta.missing\n", run(jls, host, "jls", "-s", "meta.missing")[0])
            self.assertEqual(
                '{"__version": "2", "jail-information": {"jail": [{"meta.b":"3"}]}}\n',
                run(jls, host, "jls", "--libxo", "json", "meta.b", "meta.c")[0])

    def test_what_is_set_comes_first_and_a_name_alone_takes_away(self):
        with inprocess.host("15.0") as host:
            jail(host, 1, "j", given={"meta": "a=1"})
            for word, expected in (("meta.c=3", "c=3\na=1"), ("meta.a=A", "a=A\nc=3"),
                                   ("meta.a=", "a=\nc=3"), ("meta.c", "a="), ("meta=ttt", "ttt"),
                                   ("meta.b==", "b==\nttt")):
                with host.locked() as state:
                    name, equals, text = word.partition("=")
                    parameter = parameters.find(name, host.release, state["settings"]["modules"])
                    value = values.import_value(parameter, name, text if equals else None)
                    kernel.jail_set(host, {"jid": 1, name: value}, False, True)
                self.assertEqual(expected + "\n", run(jls, host, "jls", "meta")[0])

    def test_what_is_too_large_is_refused(self):
        with inprocess.host("15.0") as host:
            jail(host, 1, "j")
            with host.locked(), self.assertRaises(KernelError) as raised:
                kernel.jail_set(host, {"jid": 1, "meta": "x" * 4096}, False, True)
            self.assertEqual("File too large", raised.exception.number)


if __name__ == "__main__":
    unittest.main()
