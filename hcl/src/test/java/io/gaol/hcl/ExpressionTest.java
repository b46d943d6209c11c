package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What expressions evaluate to. */
final class ExpressionTest {
  private static final Scope SCOPE =
      new Scope(
          Map.of(
              "name", Value.of("web"),
              "two", Value.of(2),
              "nothing", Value.ofNull(),
              "list", Value.of(List.of(Value.of("a"), Value.of("b"), Value.of("c"))),
              "node",
                  Value.of(
                      Map.of(
                          "id", Value.of("n1"),
                          "tags", Value.of(List.of(Value.of(1), Value.of(2))))),
              "nodes",
                  Value.of(
                      List.of(
                          Value.of(
                              Map.of("id", Value.of("x"), "ip", Value.of(List.of(Value.of(1))))),
                          Value.of(
                              Map.of("id", Value.of("y"), "ip", Value.of(List.of(Value.of(2)))))))),
          Map.of(
              "upper",
                  arguments ->
                      Value.of(
                          ((Value.Text) arguments.getFirst())
                              .value()
                              .toUpperCase(java.util.Locale.ROOT)),
              "count", arguments -> Value.of(arguments.size()),
              "args", Value::of));

  static Stream<Arguments> values() {
    return Stream.of(
        // literals
        arguments("null", "null"),
        arguments("true", "true"),
        arguments("false", "false"),
        arguments("42", "42"),
        arguments("0", "0"),
        arguments("1.50", "1.5"),
        arguments("1e3", "1000"),
        arguments("1E+3", "1000"),
        arguments("125e-2", "1.25"),
        arguments("0.000", "0"),
        arguments(
            "3.14159265358979323846264338327950288419716939937510582097494459",
            "3.14159265358979323846264338327950288419716939937510582097494459"),
        // strings
        arguments("\"\"", "\"\""),
        arguments("\"hello\"", "\"hello\""),
        arguments("\"a\\nb\\r\\t\\\"\\\\\"", "\"a\\nb\\r\\t\"\\\""),
        arguments("\"\\u00e4\\U0001F600\"", "\"ä😀\""),
        arguments("\"an\u0303os\"", "\"a\u00f1os\""),
        arguments("\"$${name} %%{if}\"", "\"${name} %{if}\""),
        arguments("\"$$${name}\"", "\"$${name}\""),
        arguments("\"$ % $$ %% $a 100%\"", "\"$ % $$ %% $a 100%\""),
        arguments("\"# no // comment /* here */\"", "\"# no // comment /* here */\""),
        // templates
        arguments("\"a ${name} b\"", "\"a web b\""),
        arguments("\"${name}\"", "\"web\""),
        arguments("\"${two}\"", "2"),
        arguments("\"${\"${true}\"}\"", "true"),
        arguments("\"${\"\"}${true}\"", "\"true\""),
        arguments("\"${list}\"", "[\"a\", \"b\", \"c\"]"),
        arguments("\"${nothing}\"", "null"),
        arguments("\"n=${1e3} ${1.50} ${true} ${-0.5}\"", "\"n=1000 1.5 true -0.5\""),
        arguments("\"${1}a\"", "\"1a\""),
        arguments("\"${{a = 1}.a}-${{\"}\" = \"{\"}[\"}\"]}\"", "\"1-{\""),
        arguments("\"${\"in ${\"deep ${name}\"}\"}!\"", "\"in deep web!\""),
        arguments("\"${\n  name\n}\"", "\"web\""),
        arguments("\"a  ${~ name ~}  b\"", "\"awebb\""),
        arguments("\"${\"a \" ~}${\" b\"}\"", "\"a  b\""),
        arguments("\"\\t${~name}\"", "\"web\""),
        arguments("\"${two ~} \"", "\"2\""),
        // directives
        arguments("\"%{ if true }yes%{ else }no%{ endif }\"", "\"yes\""),
        arguments("\"%{ if two > 5 }yes%{ else }no%{ endif }\"", "\"no\""),
        arguments("\"%{ if false }yes%{ endif }\"", "\"\""),
        arguments("\"%{ if true ~} hello %{~ endif }\"", "\"hello\""),
        arguments("\"%{ for v in [true] }${v}%{ endfor }\"", "\"true\""),
        arguments("\"%{ for i, v in list }${i}${v},%{ endfor }\"", "\"0a,1b,2c,\""),
        arguments(
            "\"%{ for v in list }%{ if v != \"b\" }${v}%{ else }-%{ endif }%{ endfor }\"",
            "\"a-c\""),
        arguments("\"%{ for v in [] }x%{ endfor }\"", "\"\""),
        // collections
        arguments("[]", "[]"),
        arguments("[1, \"a\", null]", "[1, \"a\", null]"),
        arguments("[\n  1, # one\n  2,\n]", "[1, 2]"),
        arguments("{}", "{}"),
        arguments("{a = 1, b: 2}", "{a = 1, b = 2}"),
        arguments("{\n  a = 1\n\n  b = 2, // two\n  c = 3,\n}", "{a = 1, b = 2, c = 3}"),
        arguments("{name = 1, (name) = 2}", "{name = 1, web = 2}"),
        arguments("{true = 1, null = 2}", "{null = 2, true = 1}"),
        arguments("{\"a b\" = 1, \"x-${name}\" = 2, 3 = 4}", "{3 = 4, a b = 1, x-web = 2}"),
        arguments("{a = 1, a = 2}", "{a = 2}"),
        arguments("{\"for\" = 1}", "{for = 1}"),
        arguments("{baz = 2, for = 1}", "{baz = 2, for = 1}"),
        arguments("{a = [\n1\n]\nb = (\n2\n)}", "{a = [1], b = 2}"),
        arguments("[{a = 1\nb = 2}, {}]", "[{a = 1, b = 2}, {}]"),
        // references
        arguments("name", "\"web\""),
        arguments("node.id", "\"n1\""),
        arguments("node[\"id\"]", "\"n1\""),
        arguments("list[1]", "\"b\""),
        arguments("list.1", "\"b\""),
        arguments("list[\"2\"]", "\"c\""),
        arguments("node.tags.0", "1"),
        arguments("node.tags[two - 1]", "2"),
        arguments("list[\n  0\n]", "\"a\""),
        arguments("{a = {b = 1}}.a.b", "1"),
        arguments("[[1, 2], [3]][0][1]", "2"),
        arguments("{\"1\" = \"x\"}[1]", "\"x\""),
        arguments("(node).id", "\"n1\""),
        arguments("node . id", "\"n1\""),
        // calls
        arguments("upper(name)", "\"WEB\""),
        arguments("upper(\"${name}-1\")", "\"WEB-1\""),
        arguments("count()", "0"),
        arguments("count(1, 2,)", "2"),
        arguments("count(list...)", "3"),
        arguments("args(1, [2, 3]...)", "[1, 2, 3]"),
        arguments("args([]...)", "[]"),
        arguments("args(\n  1,\n  2\n)", "[1, 2]"),
        arguments("args({a = 1})[0].a", "1"),
        // arithmetic
        arguments("1 + 2 * 3", "7"),
        arguments("(1 + 2) * 3", "9"),
        arguments("10 - 3 - 2", "5"),
        arguments("12 / 2 * 3", "18"),
        arguments("2 + 3.5", "5.5"),
        arguments("0.1 + 0.2", "0.3"),
        arguments("1 / 10", "0.1"),
        arguments("11 % 5", "1"),
        arguments("-11 % 5", "-1"),
        arguments("11 % 5.5", "0"),
        arguments("7 % 2.5", "2"),
        arguments("-two", "-2"),
        arguments("- -two", "2"),
        arguments("-46+5", "-41"),
        arguments("two -1", "1"),
        arguments("\"2\" + 1", "3"),
        // comparison and logic
        arguments("1 == 1.0", "true"),
        arguments("1 == \"1\"", "false"),
        arguments("true == \"true\"", "false"),
        arguments("\"a\" != \"b\"", "true"),
        arguments("[1, {a = 2}] == [1, {a = 2}]", "true"),
        arguments("{a = 1, b = 2} == {b = 2, a = 1}", "true"),
        arguments("nothing == null", "true"),
        arguments("1 < 2 == true", "true"),
        arguments("2 <= 2 && 3 >= 4 || true", "true"),
        arguments("true || false && false", "true"),
        arguments("!true == false", "true"),
        arguments("!(true && false)", "true"),
        arguments("1 + 1 > 1 && 2 > 1", "true"),
        arguments("\"true\" && true", "true"),
        // conditionals
        arguments("true ? 1 : 2", "1"),
        arguments("two == 2 ? name : \"x\"", "\"web\""),
        arguments("false ? 1 : false ? 2 : 3", "3"),
        arguments("true ? 1 : \"a\"", "\"1\""),
        arguments("false ? \"a\" : true", "\"true\""),
        arguments("true ? null : 1", "null(number)"),
        arguments("false ? null : 1", "1"),
        arguments("true ? [1] : [\"a\"]", "[\"1\"]"),
        arguments("true ? [1] : [\"a\", true]", "list[\"1\"]"),
        arguments("true ? {a = 1} : {a = \"x\"}", "{a = \"1\"}"),
        arguments("true ? {a = 1} : {b = \"x\"}", "map{a = \"1\"}"),
        arguments("true ? {a = 1, b = 2} : {}", "map{a = 1, b = 2}"),
        arguments("true ? list[0] : list[9]", "\"a\""),
        arguments("false ? missing : 1", "1"),
        arguments("(\n  true\n  ? 1\n  : 2\n)", "1"),
        // for
        arguments("[for v in list: upper(v)]", "[\"A\", \"B\", \"C\"]"),
        arguments("[for i, v in [\"a\", \"b\"]: i]", "[0, 1]"),
        arguments("[for i, v in list: v if i < 2]", "[\"a\", \"b\"]"),
        arguments("[for k, v in {b = 1, a = 2}: \"${k}${v}\"]", "[\"a2\", \"b1\"]"),
        arguments("{for i, v in [\"a\", \"b\"]: v => i}", "{a = 0, b = 1}"),
        arguments("{for i, v in [\"a\", \"a\", \"b\"]: v => i...}", "{a = [0, 1], b = [2]}"),
        arguments("{for v in list: v => 1 if v != \"a\"}", "{b = 1, c = 1}"),
        arguments("{\n  for v in list:\n  v => 1\n  if v == \"c\"\n}", "{c = 1}"),
        arguments("[for a in [1, 2]: [for b in [10, 20]: a * b]]", "[[10, 20], [20, 40]]"),
        arguments("[for name in list: name][0]", "\"a\""),
        // splats
        arguments("nodes[*].id", "[\"x\", \"y\"]"),
        arguments("nodes.*.id", "[\"x\", \"y\"]"),
        arguments("nodes[*].ip[0]", "[1, 2]"),
        arguments("nodes.*.ip[0]", "[1]"),
        arguments("nodes.*.ip.0", "[1, 2]"),
        arguments("nodes[*].ip[*]", "[[1], [2]]"),
        arguments("node.*.id", "[\"n1\"]"),
        arguments("two[*]", "[2]"),
        arguments("nothing[*]", "[]"),
        arguments("nothing.*.id", "[]"),
        arguments("[for n in nodes: n.ip[*]]", "[[1], [2]]"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void anExpressionHasTheValueOfTheSpecification(String text, String expected) {
    Value actual = Hcl.parseExpression("test", text).evaluate(SCOPE);
    assertThat(Show.value(actual)).isEqualTo(expected);
  }

  @Test
  void anExpressionCanBeEvaluatedInManyScopes() {
    Expression expression = Hcl.parseExpression("test", "\"${a}!\"");
    for (String name : List.of("x", "y")) {
      Scope scope = new Scope(Map.of("a", Value.of(name)), Map.of());
      assertThat(expression.evaluate(scope)).isEqualTo(Value.of(name + "!"));
    }
  }
}
