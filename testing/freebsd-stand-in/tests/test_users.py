"""/etc of a host, and pw(8)."""

import os
import shutil
import tempfile
import unittest
from unittest import mock

from . import inprocess
from .inprocess import run
from standin import etc
from standin.commands import pw


class Users(unittest.TestCase):

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="stand-in-")
        self.addCleanup(shutil.rmtree, self.root)
        os.mkdir(self.root + "/etc")
        etc.write(self.root + "/etc", "fbsd122", "12.2")
        context = inprocess.host()
        self.host = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def pw(self, line):
        with mock.patch.object(os, "chown"), mock.patch.object(os, "geteuid", return_value=0):
            return run(pw, self.host, "pw", "-R", self.root, *line.split())

    def lines(self, name):
        with open("%s/etc/%s" % (self.root, name), encoding="ascii") as file:
            return file.read().splitlines()

    def refused(self, line, text, status):
        self.assertEqual(("", "pw: %s\n" % text, status), self.pw(line), line)

    def test_the_groups_of_a_host_are_freebsds(self):
        self.assertEqual(["# $FreeBSD$", "#", "wheel:*:0:root"], self.lines("group")[:3])
        self.assertEqual(["nogroup:*:65533:", "nobody:*:65534:"], self.lines("group")[-2:])
        self.assertIn("root:*:0:0:Charlie &:/root:/bin/sh", self.lines("passwd"))
        self.assertEqual(0o600, os.stat(self.root + "/etc/master.passwd").st_mode & 0o777)

    def test_a_new_user_has_a_group_of_its_own_and_the_next_number(self):
        self.assertEqual(("", "", 0), self.pw("useradd joe"))
        self.assertEqual(("", "", 0), self.pw("user add -n jim -s sh -c Jim -G wheel,operator -m"))
        self.assertEqual(["joe:*:1001:1001:User &:/home/joe:/bin/sh",
                          "jim:*:1002:1002:Jim:/home/jim:/bin/sh"], self.lines("passwd")[-2:])
        self.assertEqual("jim:*:1002:1002::0:0:Jim:/home/jim:/bin/sh\n", self.pw("usershow jim")[0])
        self.assertEqual(["joe:*:1001:", "jim:*:1002:"], self.lines("group")[-2:])
        self.assertIn("wheel:*:0:root,jim", self.lines("group"))
        self.assertEqual([False, True], [os.path.isdir(self.root + "/home/" + name) for name in ("joe", "jim")])
        self.assertEqual("1003:1003\n", self.pw("usernext")[0])

    def test_a_removed_user_leaves_groups_and_takes_its_own_away(self):
        self.pw("useradd joe -G wheel -m")
        self.assertEqual(("", "", 0), self.pw("userdel joe -r"))
        self.assertFalse([line for name in ("passwd", "master.passwd", "group")
                          for line in self.lines(name) if "joe" in line])
        self.assertFalse(os.path.exists(self.root + "/home/joe"))

    def test_a_user_is_changed_and_renamed(self):
        self.pw("useradd joe -G wheel")
        self.pw("usermod joe -s /bin/csh -d /tmp -G operator -l jack")
        self.assertEqual("jack:*:1001:1001:User &:/tmp:/bin/csh\n", self.pw("usershow 1001 -7")[0])
        self.assertIn("operator:*:5:root,jack", self.lines("group"))
        self.assertIn("wheel:*:0:root", self.lines("group"))

    def test_groups_are_made_changed_and_shown(self):
        self.assertEqual(("", "", 0), self.pw("groupadd jobs -g 3000 -M nobody"))
        self.pw("groupmod jobs -m root -d nobody")
        self.assertEqual(("jobs:*:3000:root\n", "", 0), self.pw("groupshow jobs"))
        self.assertEqual(("", "", 0), self.pw("groupdel jobs"))
        self.refused("groupshow jobs", "unknown group `jobs'", 65)

    def test_refusals_have_the_statuses_of_sysexits(self):
        for line, text, status in (
                ("usershow nosuch", "no such user `nosuch'", 67),
                ("userdel -u 4711", "no such uid `4711'", 67),
                ("useradd root", "login name `root' already exists", 65),
                ("useradd a:b", "invalid character `:' at position 1 in userid/group name", 65),
                ("useradd x -u 0", "uid `0' has already been allocated", 65),
                ("useradd x -u abc", "Bad id 'abc': invalid", 64),
                ("useradd x -g 4711", "group `4711' is not defined", 67),
                ("useradd x -s nosuchshell", "can't find shell `nosuchshell' in shell paths", 78),
                ("userdel root", "cannot remove user 'root'", 65),
                ("groupadd wheel", "group name `wheel' already exists", 65),
                ("groupadd x -g 0", "gid `0' has already been allocated", 65),
                ("frobnicate", "Unknown keyword `frobnicate'", 64)):
            self.refused(line, text, status)
        self.assertEqual(64, self.pw("useradd -n x --frob")[2])

    def test_who_is_not_root_may_look_alone(self):
        with mock.patch.object(os, "geteuid", return_value=1001):
            self.assertEqual(("", "pw: you must be root to run this program\n", 77),
                             run(pw, self.host, "pw", "-R", self.root, "useradd", "joe"))
            self.assertEqual(0, run(pw, self.host, "pw", "-R", self.root, "usershow", "root")[2])


if __name__ == "__main__":
    unittest.main()
