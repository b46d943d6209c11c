import os
import unittest

from tests.hosts import StandIn

#: What each of many does at once, under a name of its own: it makes, changes, lists, enters and removes.
_WORK = """work() {
  jail -c name=w$1 path=/jails/base persist allow.raw_sockets || return 1
  jail -m name=w$1 noallow 2>/dev/null && return 2
  jail -m name=w$1 children.max=$1 || return 3
  test "$(jls -j w$1 children.max)" = $1 || return 4
  test "$(jexec w$1 sh -c 'echo in')" = in || return 5
  test $(($1 % 2)) = 0 || jail -r w$1 || return 6
}
"""


class Many(unittest.TestCase):
    EACH_ALONE = True

    def setUp(self):
        self.host = StandIn()
        self.addCleanup(self.host.close)

    def test_twenty_that_make_change_list_and_remove_at_once_keep_the_state_right(self):
        done = self.host.run(
            _WORK + "for i in $(seq 20); do (work $i || echo $i failed with $?) & done; wait")
        self.assertEqual((done.out, done.err), ("", ""))
        jails = self.host.state()["jails"].values()
        self.assertEqual(sorted(jail["name"] for jail in jails), sorted("w%d" % i for i in range(2, 21, 2)))
        self.assertEqual(len({jail["jid"] for jail in jails}), 10)
        self.assertEqual(len({jail["cpuset"] for jail in jails}), 10)
        self.assertEqual({jail["name"]: jail["values"]["children.max"] for jail in jails},
                         {"w%d" % i: i for i in range(2, 21, 2)})

    def test_of_many_that_remove_one_jail_at_once_all_others_are_told(self):
        self.host.run("jail -c name=one path=/jails/base persist")
        done = self.host.run("for i in 1 2 3 4 5 6; do jail -R one & done; wait")
        self.assertEqual(self.host.jails(), [])
        self.assertEqual(set(done.err.splitlines()) - {'jail: "one" not found'}, set())

    @unittest.skipUnless(os.environ.get("STAND_IN_MANY"), "takes long: set STAND_IN_MANY")
    def test_two_hundred_jails_live_on_one_host(self):
        made = self.host.run("for k in 1 2 3 4; do (for i in $(seq 50); do"
                             " jail -c name=j$k-$i path=/jails/base persist || echo no; done) & done; wait")
        self.assertEqual((made.out, made.err), ("", ""))
        self.assertEqual(len(self.host.run("jls jid").out.split()), 200)
        self.assertEqual(self.host.run("jexec j3-17 sh -c 'exit 17'").status, 17)
        gone = self.host.run("jail -R '*' | wc -l")
        self.assertEqual((gone.out.strip(), gone.err), ("200", ""))
        self.assertEqual(self.host.left(), [])


if __name__ == "__main__":
    unittest.main()
