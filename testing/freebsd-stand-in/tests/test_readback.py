"""What jls(8) reads back of every jail parameter, held to what a running 12.2 read back."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
STAND_IN = os.path.join(os.path.dirname(HERE), "stand-in")
TABLE = os.path.join(os.path.dirname(HERE), "transcripts", "readback.tsv")

JAIL = ["name=pb", "path=/jails/base", "persist"]

#: What is refused by jail(8) itself, before the kernel or libjail see it: not a matter of here.
BY_JAIL = {
    "name=6 jid=5": "jail(8) keeps the first name that it is given, with a warning",
    "path=/nonexistent": "jail(8) looks at the path itself, and its text names the path",
}


def rows():
    with open(TABLE, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    return [dict(zip(lines[0], line + [""] * (len(lines[0]) - len(line)))) for line in lines[1:]]


def words(row):
    """What is given to jail(8): one value, which may have blanks in it, and others."""
    value = [] if row["value"] == "(none)" else [row["value"]]
    return JAIL + value + row["extra"].split()


def bad_words(row):
    """A bad value in its row's place; "<257 x "x">" stands for as many of them."""
    given = row["bad_given"]
    head, mark, tail = given.partition("<")
    if mark:
        given = head + "x" * int(tail.split()[0])
        return JAIL + [given]
    return JAIL + given.split()


class Readback(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.rows = rows()
        cls.directory = tempfile.mkdtemp(prefix="stand-in-")
        host = os.path.join(cls.directory, "host")
        subprocess.run([STAND_IN, "make", host], check=True)
        asked = [[row["parameter"], words(row)] for row in cls.rows]
        cls.bad = [row for row in cls.rows if row["bad_given"] and row["bad_given"] not in BY_JAIL]
        asked += [[None, bad_words(row)] for row in cls.bad]
        try:
            done = subprocess.run(
                [STAND_IN, "run", host, "--", "/usr/bin/python3", "-ISE",
                 os.path.join(HERE, "readback_rows.py"), host],
                input=json.dumps(asked), stdout=subprocess.PIPE, universal_newlines=True,
                check=True)
        finally:
            subprocess.run([STAND_IN, "remove", host], check=True)
            shutil.rmtree(cls.directory)
        answers = json.loads(done.stdout)
        cls.answers = answers[:len(cls.rows)]
        cls.refusals = answers[len(cls.rows):]

    def test_the_table_has_every_row_that_was_observed(self):
        self.assertEqual(78, len(self.rows))

    def test_every_jail_of_the_table_is_made(self):
        for row, answer in zip(self.rows, self.answers):
            with self.subTest(row["value"], parameter=row["parameter"]):
                self.assertNotIn("refused", answer)

    def test_a_named_parameter_reads_back_as_observed(self):
        for row, answer in zip(self.rows, self.answers):
            for column in ("jls_n_named", "jls_named"):
                with self.subTest(row["value"], parameter=row["parameter"], column=column):
                    self.assertEqual(row[column] + "\n", answer.get(column))

    def test_the_listing_of_all_parameters_has_what_was_observed(self):
        for row, answer in zip(self.rows, self.answers):
            with self.subTest(row["value"], parameter=row["parameter"]):
                self.assertIn(" " + row["jls_n_all"] + " ",
                              " " + answer["jls_n_all"].rstrip("\n") + " ")

    def test_json_of_all_parameters_has_the_member_that_was_observed(self):
        for row, answer in zip(self.rows, self.answers):
            with self.subTest(row["value"], parameter=row["parameter"]):
                text = answer["json_n_all"].replace('[{', ',').replace("}]", ",") \
                    .replace(', "', ',"')
                self.assertIn("," + row["json_n_all"] + ",", text)
                json.loads(answer["json_n_all"])

    def test_json_of_a_named_parameter_is_as_observed(self):
        for row, answer in zip(self.rows, self.answers):
            with self.subTest(row["value"], parameter=row["parameter"]):
                self.assertEqual(
                    '{"__version": "2", "jail-information": {"jail": [%s]}\n}\n' % row["json_named"],
                    answer["json_named"])

    def test_a_bad_value_is_refused_with_the_text_that_was_observed(self):
        for row, answer in zip(self.bad, self.refusals):
            with self.subTest(row["bad_given"]):
                if row["bad_exit"] == "0":
                    self.assertNotIn("refused", answer)
                else:
                    self.assertEqual(row["bad_text"], "jail: " + answer.get("refused", "accepted"))

    def test_a_bad_value_that_is_accepted_reads_back_as_observed(self):
        accepted = [(row, answer) for row, answer in zip(self.bad, self.refusals)
                    if row["bad_exit"] == "0"]
        self.assertTrue(accepted)
        for row, answer in accepted:
            with self.subTest(row["bad_given"]):
                self.assertIn(" " + row["bad_readback"] + " ", " " + answer["all"] + " ")


if __name__ == "__main__":
    unittest.main()
