import unittest

from tests.hosts import StandIn

#: What a jail in a jail may not: the parent's parameters, the child's, and what is said.
BEYOND = [
    ("children.max=2", "children.max=2", "jail_set: Operation not permitted"),
    ("children.max=2 enforce_statfs=1", "enforce_statfs=0", "jail_set: Operation not permitted"),
    ("children.max=2 securelevel=2", "securelevel=1", "jail_set: Operation not permitted"),
    ("children.max=2", "allow.raw_sockets", "jail_set: Operation not permitted"),
    ("children.max=2 allow.noset_hostname", "allow.set_hostname", "jail_set: Operation not permitted"),
    ("children.max=2", "ip4.addr=10.1.1.1", "jail_set: Operation not permitted"),
    ("children.max=2 ip4.addr=10.1.1.1", "ip4.addr=10.1.1.2", "jail_set: Operation not permitted"),
    # Of a list of several, FreeBSD gives a child none.
    ("children.max=2 ip4.addr=10.1.1.1,10.1.1.2", "ip4.addr=10.1.1.2", "IPv4 addresses clash"),
]
#: The same of what only matters to who is in a jail himself.
BEYOND_INSIDE = [
    ("children.max=0", "", "jail_set: Operation not permitted"),
    ("children.max=2", "devfs_ruleset=4", "jail_set: Operation not permitted"),
]
#: What it may, and what is then so.
WITHIN = [
    ("children.max=2 allow.raw_sockets", "allow.raw_sockets", "allow.raw_sockets=1"),
    ("children.max=2 allow.noset_hostname", "", "allow.set_hostname=0"),
    ("children.max=2", "children.max=1", "children.max=1"),
    ("children.max=2 securelevel=1", "", "securelevel=1"),
    ("children.max=2 devfs_ruleset=4", "", "devfs_ruleset=4"),
    ("children.max=2 enforce_statfs=1", "enforce_statfs=1", "enforce_statfs=1"),
    ("children.max=2 ip4.addr=10.1.1.1", "ip4.addr=10.1.1.1", "ip4.addr=10.1.1.1"),
    ("children.max=2 ip4.addr=10.1.1.1,10.1.1.2", "ip4=inherit", "ip4.addr=10.1.1.1,10.1.1.2"),
    ("children.max=2 osrelease=11.0-RELEASE", "", "osrelease=11.0-RELEASE"),
    ("children.max=2 host.hostname=up.x", "host=inherit", "host.hostname=up.x"),
]


class Nested(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = StandIn()
        cls.addClassCleanup(cls.host.close)

    def run_line(self, line):
        done = self.host.run(line)
        self.assertEqual((done.err, done.status), ("", 0))
        return done.out

    def parent(self, words="children.max=5"):
        self.host.run("jail -R p")
        self.run_line("jail -c name=p path=/jails/base persist " + words)

    def test_what_the_parent_may_not_its_child_may_not(self):
        inside = "jexec p jail -c name=c path=/ persist "
        outside = "jail -c name=p.c path=/jails/base persist "
        for line, rows in [(inside, BEYOND), (outside, BEYOND), (inside, BEYOND_INSIDE)]:
            for above, below, text in rows:
                with self.subTest(line=line, above=above, below=below):
                    self.parent(above)
                    done = self.host.run(line + below)
                    self.assertEqual((done.err, done.status), ("jail: " + text + "\n", 1))
                    self.assertEqual(self.host.jails(), ["p"])

    def test_what_it_does_not_ask_for_it_has_from_its_parent(self):
        for above, below, text in WITHIN:
            with self.subTest(above=above, below=below):
                self.parent(above)
                self.run_line("jexec p jail -c name=c path=/ persist " + below)
                self.assertEqual(self.run_line("jls -nj p.c " + text.partition("=")[0]).strip(), text)

    def test_each_sees_its_own_by_names_and_paths_of_its_own(self):
        self.parent()
        self.run_line("jexec p jail -c name=a path=/tmp persist;"
                      " jail -c name=p.b path=/jails/base/home persist")
        self.assertEqual(self.run_line("jls name path parent children.cur | sed 's/ 0 2$/ TOP/'"),
                         "p /jails/base TOP\np.a /jails/base/tmp %(p)s 0\np.b /jails/base/home %(p)s 0\n"
                         % {"p": self.run_line("jls -j p jid").strip()})
        self.assertEqual(self.run_line("jexec p jls name path parent"), "a /tmp 0\nb /home 0\n")
        for line, text in [("jexec p jexec p true", 'jexec: jail "p" not found\n'),
                           ("jexec p jls -j p.a", 'jls: jail "p.a" not found\n'),
                           ("jexec p jail -r p", 'jail: "p" not found\n'),
                           ("jexec p jail -m name=q persist", 'jail: "q" not found\n')]:
            self.assertEqual(self.host.run(line).err, text)

    def test_commands_run_in_a_jail_of_a_jail_from_all_above(self):
        self.parent()
        self.run_line("jexec p jail -c name=a path=/ host.hostname=deep children.max=1 persist")
        for line in ("jexec p jexec a sh -c 'hostname; exit 7'", "jexec p.a sh -c 'hostname; exit 7'"):
            done = self.host.run(line)
            self.assertEqual((done.out, done.err, done.status), ("deep\n", "", 7))
        done = self.host.run("jexec p jail -v -c name=b path=/ exec.start='echo in' command=sh -c 'exit 3'")
        self.assertEqual(done.out.splitlines(),
                         ["jail_set(JAIL_CREATE) persist name=b path=/", "created",
                          "run command in jail: echo in", "in", "run command in jail: sh -c exit 3", "removed"])
        self.assertEqual((done.err, done.status), ("jail: sh -c exit 3: failed\n", 1))
        self.run_line("jexec p.a jail -c name=aa path=/ persist")
        self.assertEqual(self.run_line("jexec p.a.aa hostname; jls name | tail -1"), "\np.a.aa\n")

    def test_who_loses_its_parent_goes_with_it(self):
        self.parent()
        self.run_line("jexec p jail -c name=a path=/ persist children.max=1;"
                      " jexec p.a jail -c name=b path=/ persist")
        self.host.run("jexec p.a.b sleep 4712 >/dev/null 2>&1 & sleep 0.5")
        self.run_line("jail -r p")
        self.assertEqual(self.host.left(), [])
        self.assertEqual(self.host.run("pgrep -f 'sleep 4712'").out, "")

    def test_no_more_jails_are_made_than_any_above_may_have(self):
        self.parent("children.max=2")
        self.run_line("jexec p jail -c name=a path=/ persist children.max=1;"
                      " jexec p.a jail -c name=b path=/ persist")
        for line in ("jexec p jail -c path=/ persist", "jail -c name=p.c path=/ persist"):
            self.assertEqual(self.host.run(line).err, "jail: prison limit exceeded\n")

    def test_what_a_parent_loses_its_children_lose(self):
        self.parent("children.max=3 allow.raw_sockets enforce_statfs=0 ip4.addr=10.1.1.1,10.1.1.2")
        self.run_line("jexec p jail -c name=a path=/ persist children.max=2 allow.raw_sockets"
                      " enforce_statfs=0 ip4=inherit")
        self.run_line("jail -m name=p allow.noraw_sockets enforce_statfs=1 children.max=1 securelevel=1"
                      " ip4.addr=10.1.1.1")
        self.assertEqual(
            self.run_line("jls -nj p.a allow.raw_sockets enforce_statfs children.max securelevel ip4.addr"),
            "allow.raw_sockets=0 enforce_statfs=1 children.max=0 securelevel=1 ip4.addr=10.1.1.1\n")
        self.run_line("jail -m jid=$(jls -j p jid) name=q")
        self.assertEqual(self.host.jails(), ["q", "q.a"])
        self.run_line("jail -R q")

    def test_a_child_may_have_a_stack_of_its_own(self):
        self.parent()
        self.run_line("jexec p jail -c name=a path=/ persist vnet")
        self.assertEqual(self.run_line("jexec p.a ifconfig -l; jls -j p.a vnet"), "lo0 pflog0\n1\n")


if __name__ == "__main__":
    unittest.main()
