import unittest

from tests import refusals_jail as rows
from tests.hosts import StandIn
from standin import tool
from standin.host import Host


class _Refusals(unittest.TestCase):
    """One host for all rows of a table: a refusal leaves nothing that the next one could meet."""

    @classmethod
    def setUpClass(cls):
        cls.host = StandIn()
        cls.addClassCleanup(cls.host.close)
        cls.host.run("rmdir /jails/base/proc; " + rows.HERE)
        cls.kept = Host(cls.host.directory)

    def left(self):
        with self.kept.locked() as state:
            return tool.left(state)

    def check(self, line, text, status, given=b""):
        with self.subTest(line=line[-70:], given=given[:70]):
            before = self.left()
            done = self.host.run(line, given)
            self.assertEqual((done.err, done.status), (text, status))
            self.assertEqual(self.left(), before)


class Parameters(_Refusals):
    def test_a_wrong_parameter_is_refused_with_its_text_and_nothing_is_left(self):
        for words, text in rows.PARAMETERS:
            self.check("jail -c name=x path=/jails/base persist " + words, text, 1)


class Steps(_Refusals):
    def test_a_step_that_fails_is_told_and_undone(self):
        for words, text in rows.STEPS:
            self.check("jail -c name=x path=/jails/base persist " + words, text, 1)


class Calls(_Refusals):
    def test_a_wrong_call_is_refused_with_its_text_and_changes_nothing(self):
        for line, text, status in rows.CALLS:
            self.check(line, text, status)


class Files(_Refusals):
    def test_a_wrong_file_is_refused_with_its_text_and_changes_nothing(self):
        for text, words, said, status in rows.FILES:
            self.check("jail -f - " + words, said, status, (text + "\n").encode())


if __name__ == "__main__":
    unittest.main()
