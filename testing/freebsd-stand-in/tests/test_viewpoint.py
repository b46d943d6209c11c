"""Where a command runs: on the host, or in which jail."""

import os
import unittest
from unittest import mock

from . import inprocess  # noqa: F401, which knows where the library is
from standin import place, viewpoint
from standin.errors import Failure
from standin.host import fresh_state


def state_with(*namespaces):
    state = fresh_state()
    for jid, namespace in enumerate(namespaces, 1):
        state["jails"][str(jid)] = {"jid": jid, "name": "j%d" % jid, "dying": False, "init": 0,
                                    "namespaces": {"pid": namespace}}
    return state


class Viewpoint(unittest.TestCase):

    def setUp(self):
        self.own = os.stat("/proc/self/ns/pid").st_ino

    def test_a_process_whose_namespace_is_no_jails_is_on_the_host(self):
        self.assertIsNone(viewpoint.jail(state_with(1, 2)))

    def test_a_process_is_in_the_jail_that_has_its_namespace(self):
        self.assertEqual(2, viewpoint.jail(state_with(1, self.own))["jid"])

    def test_without_proc_the_kernel_is_asked(self):
        with mock.patch.object(place, "by_proc", return_value=0):
            if not place.of_process("pid"):
                self.skipTest("Linux before 6.11")
            self.assertEqual(2, viewpoint.jail(state_with(1, self.own))["jid"])

    def test_without_proc_what_is_not_known_is_not_taken_for_the_host(self):
        with mock.patch.object(place, "by_proc", return_value=0), \
                self.assertRaises(Failure):
            viewpoint.jail(state_with(1))


if __name__ == "__main__":
    unittest.main()
