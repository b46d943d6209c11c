package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every error names its exact place and what is wrong. */
final class ErrorTest {
  private static final Scope SCOPE =
      new Scope(
          Map.of(
              "name", Value.of("web"),
              "count", Value.of(3),
              "list", Value.of(List.of(Value.of("a"))),
              "node", Value.of(Map.of("unique", Value.of("u")))),
          Map.of(
              "upper",
              Value::of,
              "fail",
              arguments -> {
                throw arguments.isEmpty()
                    ? new FunctionException("needs an argument")
                    : new FunctionException(arguments.size() - 1, "does not like this");
              }));

  static Stream<Arguments> evaluationErrors() {
    return Stream.of(
        arguments("nme", "1:1", "Unknown variable \"nme\". Did you mean \"name\"?"),
        arguments("two-1 == 1", "1:1", "Unknown variable \"two-1\""),
        arguments("1 +\tfoo.bar", "1:5", "Unknown variable \"foo\""),
        arguments("\"ä😀 ${foo}\"", "1:7", "Unknown variable \"foo\""),
        arguments("[\n  foo\n]", "2:3", "Unknown variable \"foo\""),
        arguments("[for v in list: w]", "1:17", "Unknown variable \"w\". Did you mean \"v\"?"),
        arguments("uper(1)", "1:1", "Unknown function \"uper\". Did you mean \"upper\"?"),
        arguments(
            "upper(1...)",
            "1:7",
            "Only a tuple, a list or a set can be expanded into arguments, not a number"),
        arguments("fail()", "1:1", "fail: needs an argument"),
        arguments("fail(1, 2)", "1:9", "fail: does not like this"),
        arguments("fail(1, [2, 3]...)", "1:9", "fail: does not like this"),
        arguments("node.uniqe", "1:5", "There is no attribute \"uniqe\". Did you mean \"unique\"?"),
        arguments("node[\"x\"]", "1:5", "There is no attribute \"x\""),
        arguments("{a = 1}.b", "1:8", "There is no attribute \"b\""),
        arguments("name.x", "1:5", "A string has no attribute \"x\""),
        arguments("null.x", "1:5", "Null has no attribute \"x\""),
        arguments("list.x", "1:5", "A tuple has no attribute \"x\""),
        arguments(
            "list[1]", "1:5", "There is no element at this index. The indexes go from 0 to 0."),
        arguments("[][0]", "1:3", "There is no element at this index. The tuple is empty."),
        arguments("list[-1]", "1:5", "There is no element at this index"),
        arguments("list[1e9999]", "1:5", "There is no element at this index"),
        arguments("list[0.5]", "1:5", "A tuple's index is a whole number"),
        arguments("list[\"a\"]", "1:5", "A tuple's index is a whole number, not a string"),
        arguments("list[null]", "1:5", "The index is null"),
        arguments("name[0]", "1:5", "A string has no elements"),
        arguments("node[[]]", "1:5", "An object's key is a string, not a tuple"),
        arguments("\"x${list}\"", "1:5", "A string cannot include a tuple"),
        arguments("\"x${node}\"", "1:5", "A string cannot include an object"),
        arguments("\"x${null}\"", "1:5", "A string cannot include null"),
        arguments("{(null) = 1}", "1:2", "An object's key cannot be null"),
        arguments("{(list) = 1}", "1:2", "An object's key is a string, not a tuple"),
        arguments("1 + name", "1:5", "A number is needed here, not a string"),
        arguments("true + 1", "1:1", "A number is needed here, not a bool"),
        arguments("1 + null", "1:5", "A number is needed here, not null"),
        arguments("\"1e3x\" + 1", "1:1", "A number is needed here, not a string"),
        arguments("false && missing", "1:10", "Unknown variable \"missing\""),
        arguments("missing || true", "1:1", "Unknown variable \"missing\""),
        arguments("-[]", "1:2", "A number is needed here, not a tuple"),
        arguments("!1", "1:2", "A bool is needed here, not a number"),
        arguments("true && 1", "1:9", "A bool is needed here, not a number"),
        arguments("name < 1", "1:1", "A number is needed here, not a string"),
        arguments("1 % 0", "1:1", "This cannot be calculated: division by zero"),
        arguments("1 / (1 - 1)", "1:1", "This cannot be calculated: division by zero"),
        arguments("1e9999 * 1e9999", "1:1", "This cannot be calculated: a number has more than"),
        arguments("null ? 1 : 2", "1:1", "A bool is needed here, not null"),
        arguments("1 ? 1 : 2", "1:1", "A bool is needed here, not a number"),
        arguments(
            "true ? 1 : false",
            "1:1",
            "The two results of a conditional must have one type. One is a number, the other a"
                + " bool."),
        arguments("true ? [] : {}", "1:1", "The two results of a conditional must have one type"),
        arguments("[for v in name: v]", "1:11", "There are no elements in a string"),
        arguments("[for v in null: v]", "1:11", "There are no elements in null"),
        arguments("[for v in list: v if 1]", "1:22", "A bool is needed here, not a number"),
        arguments("{for v in [1, 1]: v => v}", "1:19", "Two elements have the key \"1\""),
        arguments("{for v in [1]: null => v}", "1:16", "An object's key cannot be null"),
        arguments("list[*].x", "1:8", "A string has no attribute \"x\""));
  }

  @ParameterizedTest
  @MethodSource("evaluationErrors")
  void anExpressionWithoutAValueNamesThePlace(String text, String place, String message) {
    Expression expression = Hcl.parseExpression("t", text);
    assertError(() -> expression.evaluate(SCOPE), place, message);
  }

  static Stream<Arguments> expressionErrors() {
    return Stream.of(
        arguments("", "1:1", "A value is expected here, not the end of the text"),
        arguments("1 +", "1:4", "A value is expected here, not the end of the text"),
        arguments("1 1", "1:3", "The expression must end here, here is \"1\""),
        arguments("* 2", "1:1", "A value is expected here, not \"*\""),
        arguments("1.2.3", "1:1", "This is not a number"),
        arguments("0x1F", "1:2", "The expression must end here, here is \"x1F\""),
        arguments("1e99999", "1:1", "This number is too long"),
        arguments("1e99999999999999999999", "1:1", "This number is too long"),
        arguments("(1", "1:1", "\"(\" is not closed"),
        arguments("(1]", "1:3", "\")\" is expected here, not \"]\""),
        arguments("[1", "1:1", "\"[\" is not closed"),
        arguments("[1 2]", "1:4", "\",\" or \"]\" is expected here, not \"2\""),
        arguments("[,]", "1:2", "A value is expected here, not \",\""),
        arguments("{a = 1", "1:1", "\"{\" is not closed"),
        arguments("{a 1}", "1:4", "\"=\" or \":\" is expected after a key, not \"1\""),
        arguments("{a = 1 b = 2}", "1:8", "\",\", \"}\" or the end of the line is expected here"),
        arguments("{a =\n1}", "1:5", "A value is expected here, not the end of the line"),
        arguments("{a.b = 1}", "1:2", "It is not clear whether this key is a name or a reference"),
        arguments("{for = 1}", "1:6", "A name is expected after \"for\", not \"=\""),
        arguments("[for, foo]", "1:5", "A name is expected after \"for\", not \",\""),
        arguments("[for a b]", "1:8", "\"in\" is expected after the names of a \"for\""),
        arguments("[for a in b c]", "1:13", "\":\" is expected after what the \"for\" walks"),
        arguments("{for a in b: c}", "1:15", "\"=>\" is expected after the key"),
        arguments("f(1", "1:2", "\"(\" is not closed"),
        arguments("f(1 2)", "1:5", "\",\" or \")\" is expected here"),
        arguments("f(a..., b)", "1:7", "\")\" is expected here, not \",\""),
        arguments("a::b", "1:5", "\"(\" is expected here, not the end of the text. Only functions"),
        arguments("a::1()", "1:4", "A name is expected after \"::\", not \"1\""),
        arguments("a.", "1:3", "A name is expected after \".\""),
        arguments("a.0.1", "1:3", "An index after a dot is a whole number. Write [0][1]."),
        arguments("a[*", "1:2", "\"[\" is not closed"),
        arguments("a.*.b.*", "1:7", "A \".*\" cannot stand within another"),
        arguments("a ? b", "1:6", "The \":\" of a conditional is expected here"),
        arguments("a & b", "1:3", "There is no operator \"&\""),
        arguments("a | b", "1:3", "There is no operator \"|\""),
        arguments("'a'", "1:1", "Single quotes are not valid"),
        arguments("“a”", "1:1", "Typographic quotes are not valid"),
        arguments("`a`", "1:1", "Backticks are not valid. Write strings in double quotes"),
        arguments("2 ** 3", "1:3", "There is no operator \"**\""),
        arguments("2 ^ 3", "1:3", "There is no operator \"^\""),
        arguments("~2", "1:1", "There is no operator \"~\". Logical negation is \"!\"."),
        arguments("${a}", "1:1", "\"$\" is not valid here. Interpolations"),
        arguments("a @ b", "1:3", "\"@\" is not valid here"),
        arguments("a\u0000", "1:2", "The character U+0000 is not valid here. This does not seem"),
        arguments(
            "[\n  1\n  2]", "3:3", "\",\" or \"]\" is expected here, not \"2\". \"[\" at line 1"),
        arguments(
            "<<EOT\na\n  EOT,\n",
            "1:1",
            "This heredoc has no closing line \"EOT\". The marker must stand alone on its line; at"
                + " line 3 more"),
        arguments("a = 1", "1:3", "The expression must end here, here is \"=\""),
        arguments("\u00a01", "1:1", "The character U+00A0 is not valid here"),
        arguments("1 \r 2", "1:3", "The character U+000D is not valid here"),
        arguments("/* open", "1:1", "This comment has no end"),
        arguments("\"open", "1:1", "This string has no closing quote on its line"),
        arguments("[\"a\nb\"]", "1:2", "This string has no closing quote on its line"),
        arguments("\"a\\q\"", "1:3", "There is no such escape sequence"),
        arguments("\"\\u12\"", "1:2", "4 hexadecimal digits are needed after \\u"),
        arguments("\"\\U0011000\"", "1:2", "8 hexadecimal digits are needed after \\U"),
        arguments("\"\\U00110000\"", "1:2", "There is no such Unicode character"),
        arguments("\"\\ud800\"", "1:2", "There is no such Unicode character"),
        arguments("\"a${\"", "1:5", "This string has no closing quote on its line"),
        arguments("\"a${b\"", "1:3", "\"${\" is not closed"),
        arguments("\"a${b", "1:3", "\"${\" is not closed"),
        arguments("\"a${b c}\"", "1:7", "\"}\" is expected here, not \"c\""),
        arguments("\"a${b:-c}\"", "1:6", "\"}\" is expected here, not \":\""),
        arguments("\"a${}\"", "1:5", "A value is expected here, not \"}\""),
        arguments("\"%{ foo }\"", "1:5", "A directive is expected here, not \"foo\""),
        arguments("\"%{ if true }a\"", "1:2", "This directive has no end"),
        arguments("\"%{ for a in b }a\"", "1:2", "This directive has no end"),
        arguments("\"a%{ endif }\"", "1:3", "There is no directive that \"endif\" belongs to"),
        arguments("\"%{ if true }%{ endfor }\"", "1:14", "Here %{ endif } is expected"),
        arguments(
            "\"%{ if true }%{ else }%{ else }%{ endif }\"", "1:23", "Here %{ endif } is expected"),
        arguments("<<EOT", "1:1", "A heredoc begins on the next line"),
        arguments("<< EOT\nEOT\n", "1:1", "A heredoc needs a marker"),
        arguments("<<EOT x\nEOT\n", "1:1", "A heredoc begins on the next line"),
        arguments("<<EOT\nabc\n", "1:1", "This heredoc has no closing line \"EOT\""),
        arguments(
            "<<EOT\nabc\nEOT",
            "1:1",
            "The closing line \"EOT\" of this heredoc is not complete. A line end is needed"),
        arguments("<<EOT\n  ${b c}\nEOT\n", "2:7", "\"}\" is expected here, not \"c\""));
  }

  @ParameterizedTest
  @MethodSource("expressionErrors")
  void aWrongExpressionNamesThePlace(String text, String place, String message) {
    assertError(() -> Hcl.parseExpression("t", text), place, message);
  }

  static Stream<Arguments> bodyErrors() {
    return Stream.of(
        arguments("a", "1:1", "An attribute or a block is expected here. Write \"a = …\""),
        arguments("a 1", "1:1", "An attribute or a block is expected here"),
        arguments("1 = 2", "1:1", "An attribute or a block is expected here, not \"1\""),
        arguments(
            "\"a\" = 1",
            "1:1",
            "An attribute or a block is expected here. The names of attributes and the types of"
                + " blocks are not"),
        arguments(
            "a == 1", "1:3", "An attribute is set with \"=\", not with \"==\". Write \"a = …\"."),
        arguments("a: 1", "1:2", "An attribute is set with \"=\", not with \":\""),
        arguments(
            "a = = 1", "1:5", "A value is expected here, not \"=\". An attribute is set with one"),
        arguments(
            "a \"b\"",
            "1:6",
            "A label or \"{\" is expected here, not the end of the text. The opening brace of a"
                + " block stands on the line of its type and labels; an attribute has"),
        arguments("a.b = 1", "1:1", "The name of an attribute has no dots"),
        arguments("}", "1:1", "This closing brace closes nothing"),
        arguments("a = 1 b = 2", "1:7", "The line must end after an attribute, here is \"b\""),
        arguments(
            "a = \"x\", b = 1", "1:8", "The line must end after an attribute, here is a comma"),
        arguments("a = \n1", "1:5", "A value is expected here, not the end of the line"),
        arguments("a = 1 ?\n2 : 3", "1:8", "A value is expected here, not the end of the line"),
        arguments(
            "a = 1\nb = 2\r\n  a = 3",
            "3:3",
            "The attribute \"a\" is already set. It is set at line 1"),
        arguments("a {", "1:3", "This block has no closing brace"),
        arguments("a {\n  b {\n  }\n", "1:3", "This block has no closing brace"),
        arguments(
            "a \"b\"\n{\n}", "1:6", "A label or \"{\" is expected here, not the end of the line"),
        arguments(
            "a 5 {\n}", "1:3", "A label or \"{\" is expected here, not \"5\". Labels are names"),
        arguments("a\n{\n}", "1:2", "A label or \"{\" is expected here, not the end of the line"),
        arguments("a b = 1", "1:5", "A label or \"{\" is expected here, not \"=\""),
        arguments("a \"x${y}\" {}", "1:5", "A label cannot contain interpolations"),
        arguments("a {} b {}", "1:6", "The line must end after a block, here is \"b\""),
        arguments("a { b = 1, c = 2 }", "1:10", "A block on one line must end after its attribute"),
        arguments("a { b = 1\n}", "1:10", "A block on one line must end after its attribute"),
        arguments("a { b {} }", "1:5", "A block on one line can hold only one attribute"),
        arguments("a {\n  b = 1 }", "2:9", "The line must end after an attribute, here is \"}\""),
        arguments("a {\n  b = foo(\n}\n", "3:1", "A value is expected here, not \"}\""),
        arguments("\uFEFFa = *", "1:5", "A value is expected here, not \"*\""),
        arguments("a = 1\n\uFEFFb = 2", "2:1", "The character U+FEFF is not valid here"),
        arguments("a = \"\ud800\"", "1:6", "The text is not valid Unicode here"),
        arguments("a = 1;", "1:6", "\";\" is not valid"));
  }

  @ParameterizedTest
  @MethodSource("bodyErrors")
  void aWrongBodyNamesThePlace(String text, String place, String message) {
    assertError(() -> Hcl.parse("t", text), place, message);
  }

  @Test
  void severalErrorsAreFoundAtOnce() {
    assertThat(
            errors(
                """
                a = *
                b = 1
                c {
                  d = "x${"
                  e = 2
                  f = 3 4
                }
                g = <<EOT
                ] } "
                EOT
                h = (1
                """))
        .containsExactly("t:1:5", "t:4:11", "t:6:9", "t:11:5");
  }

  @Test
  void anErrorInABlockDoesNotHideTheBlocksAfterIt() {
    assertThat(
            errors(
                """
                job "a" {
                  x = 1 1
                  group "g" {
                    y = (
                  }
                }
                job "b" {
                  z = !
                }
                """))
        .contains("t:2:9");
  }

  @Test
  void theNumberOfErrorsIsBounded() {
    assertThat(errors("a = *\n".repeat(1000))).hasSize(50);
  }

  @Test
  void bytesThatAreNotUtf8AreAnErrorAtTheirPlace() {
    byte[] bytes = {'a', '=', '1', '\n', 'b', (byte) 0xFF, '=', '2'};
    assertError(() -> Hcl.parse("t", bytes), "2:2", "The text is not UTF-8 from here on");
  }

  @Test
  void bytesThatEndWithinACharacterAreAnError() {
    byte[] bytes = {'#', (byte) 0xC3};
    assertError(() -> Hcl.parse("t", bytes), "1:2", "The text is not UTF-8 from here on");
  }

  @Test
  void eachOfManyIndependentMistakesIsToldOnceAndNothingElse() {
    assertThat(
            errors(
                """
                job "web" {
                  region == "eu"
                  group "g" = {
                    count = 'two'
                    task "t" {
                      args = [1, 2
                      command = "x
                      env = { a = 1 b = 2 }
                      user = "u"
                      user = "v"
                      meta = {
                        a = 1,
                        b
                      }
                    }
                    last = upper("a"
                  }
                }
                x = (1
                y "z"
                {
                  k = *
                }
                """))
        .containsExactly(
            "t:2:10", "t:3:13", "t:4:13", "t:7:7", "t:7:17", "t:8:21", "t:10:7", "t:13:10",
            "t:17:3", "t:20:1", "t:20:6", "t:22:7");
  }

  @Test
  void aBlockThatIsNotClosedIsNamedByItsIndentation() {
    assertThat(
            errors(
                """
                job "web" {
                  group "a" {
                    count = 1

                  group "b" {
                    count = *
                  }
                }
                """))
        .containsExactly("t:2:13", "t:6:13");
  }

  @Test
  void anUnclosedHeredocIsTheOnlyErrorOfWhatIsItsText() {
    assertThat(errors("a = *\nb {\n  c = <<EOT\n  x: 1\n  EOT,\n  d = *\n}\n"))
        .containsExactly("t:1:5", "t:3:7");
  }

  @Test
  void textInUtf16IsToldToBe() {
    assertError(
        () -> Hcl.parse("t", "a = 1".getBytes(java.nio.charset.StandardCharsets.UTF_16)),
        "1:1",
        "The text is not UTF-8 from here on. It begins as UTF-16 does.");
  }

  private static List<String> errors(String text) {
    return catchThrowableOfType(HclException.class, () -> Hcl.parse("t", text))
        .diagnostics()
        .stream()
        .map(error -> error.range().toString())
        .toList();
  }

  private static void assertError(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String place, String message) {
    HclException e = catchThrowableOfType(HclException.class, action);
    assertThat(e).as("an error").isNotNull();
    assertThat(e.diagnostics().getFirst().toString()).startsWith("t:" + place + ": " + message);
  }
}
