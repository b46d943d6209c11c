import unittest

from tests import hosts  # noqa: F401
from standin import jailconf


def parsed(text, release=(12, 2)):
    found = []
    for block in jailconf.parse(text, "F", release):
        statements = []
        for statement in block.statements:
            values = None
            if statement.values is not None:
                values = ["".join(piece if isinstance(piece, str) else "<%s>" % piece.name
                                  for piece in value) for value in statement.values]
            statements.append((("$" if statement.variable else "") + statement.name, values,
                               statement.adds))
        found.append((block.pattern, statements))
    return found


def values(text, release=(12, 2)):
    return parsed("a { p = %s; }" % text, release)[0][1][0][1]


def problem(text, release=(12, 2)):
    try:
        jailconf.parse(text, "F", release)
    except jailconf.SyntaxProblem as found:
        return list(found.lines)
    return []


class Grammar(unittest.TestCase):
    def test_a_parameter_has_no_value_one_or_several_and_may_add_to_what_is_there(self):
        self.assertEqual(
            parsed('a { persist; path = /j; mount += "x", y; interface em0; }'),
            [("a", [("persist", None, False), ("path", ["/j"], False),
                    ("mount", ["x", "y"], True), ("interface", ["em0"], False)])])

    def test_comments_begin_in_the_middle_of_a_word(self):
        self.assertEqual(values("a#b\n"), ["a"])
        self.assertEqual(values("http://x\n"), ["http:"])
        self.assertEqual(parsed("/* a\n */ a { p; } // end"), [("a", [("p", None, False)])])

    def test_pieces_without_a_blank_are_one_string(self):
        self.assertEqual(values("'a'\"b\"$v/c"), ["ab<v>/c"])
        self.assertEqual(problem('a { p = "a" "b"; }'), ['F line 1: "b": syntax error'])

    def test_escapes_mean_the_same_in_both_quotes(self):
        for quote in "'\"":
            self.assertEqual(
                values(quote + r"\t\101\x42\8\\" + "\\" + quote + "a\\\nb" + quote),
                ["\tAB8\\" + quote + "ab"])

    def test_variables_are_filled_in_between_double_quotes_alone(self):
        self.assertEqual(values("\"$x ${a.b} $1 $(c) 100$\""), ["<x> <a.b> $1 $(c) 100$"])
        self.assertEqual(values("'$x'"), ["$x"])

    def test_a_nul_ends_a_string(self):
        self.assertEqual(values(r'"ab\0cd"'), ["ab"])

    def test_the_name_of_a_jail_is_one_word_or_quoted(self):
        self.assertEqual(parsed('"foo.*" { p; }')[0][0], "foo.*")
        self.assertEqual(parsed("* { p; }")[0][0], "*")
        self.assertEqual(problem("foo.* { p; }"), ["F line 1: foo.*: syntax error"])

    def test_the_semicolon_behind_the_last_parameter_is_needed(self):
        self.assertEqual(problem("a { p }"), ["F line 1: }: syntax error"])

    def test_what_does_not_end_is_told_with_its_line_and_the_end(self):
        self.assertEqual(problem('a {\n p = "x'),
                         ["F line 2: unterminated string", "F: unexpected EOF"])
        self.assertEqual(problem("a { p;"), ["F: unexpected EOF"])

    def test_bytes_beyond_ascii_are_for_quotes(self):
        self.assertEqual(values('"\xe4\xc3\xa4"'), ["\udce4\xe4"])
        self.assertEqual(values(r'"\xc3\xa4"'), ["\xe4"])
        self.assertEqual(problem("a { p = \xe4; }"), ["F line 1: \udce4: syntax error"])

    def test_nested_jails_and_includes_came_with_14(self):
        nested = "a { p; b { q; } }"
        self.assertEqual(problem(nested), ["F line 1: {: syntax error"])
        self.assertEqual([name for name, _ in parsed(nested, (14, 0))], ["a", "a.b"])

    def test_a_statement_behind_a_jail_overrides_it_until_14(self):
        text = "p = 1; a { p = 2; } p = 3;"
        self.assertEqual([name for name, _ in parsed(text)], ["*", "a", "*"])
        self.assertEqual([name for name, _ in parsed(text, (14, 0))], ["*", "a"])

    def test_a_star_is_one_part_of_a_name_and_at_the_end_one_or_more(self):
        for pattern, name, matches in [
                ("*", "a.b", True), ("a.*", "a", False), ("a.*", "a.b.c", True),
                ("*.b", "a.b", True), ("*.b", "a.c.b", False), ("a", "a", True)]:
            with self.subTest(pattern=pattern, name=name):
                self.assertEqual(jailconf.matches(pattern, name), matches)

    def test_any_value_survives_a_safe_quoting(self):
        for value in ["", "a b", "'", '"', "\\", "$x", "${y}", "a\nb\tc", "a#b;c{}=,"]:
            single = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
            double = '"' + value.replace("\\", "\\\\").replace('"', '\\"') \
                .replace("$", "\\$") + '"'
            with self.subTest(value=value):
                self.assertEqual(values(single), [value])
                self.assertEqual(values(double), [value])


if __name__ == "__main__":
    unittest.main()
