package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** HCL written as JSON. */
final class JsonTest {
  private static final Scope SCOPE =
      new Scope(Map.of("x", Value.of("X"), "n", Value.of(2)), Map.of());

  private static final Schema TASK = Schema.attributes().block("config", Schema.attributes());
  private static final Schema GROUP =
      Schema.attributes()
          .block("task", List.of("name"), TASK)
          .block("restart", Schema.attributes());
  private static final Schema FILE =
      Schema.attributes()
          .block("job", List.of("name"), Schema.attributes().block("group", List.of("name"), GROUP))
          .block("pair", List.of("left", "right"), Schema.attributes());

  @Test
  void aJsonBodyIsTheSameAsTheNativeOne() {
    Body json =
        Hcl.parseJson(
                "t",
                """
                {
                  "//": "a comment",
                  "region": "eu",
                  "job": {
                    "web": {
                      "count": "${n + 1}",
                      "group": [
                        {"a": {"task": {"t1": {"config": {"args": ["-x", "${x}"]}},
                                        "t2": {}}}},
                        {"b": {"restart": {"attempts": 0}}}
                      ]
                    }
                  }
                }
                """)
            .body(FILE);
    Body hcl =
        Hcl.parse(
            "t",
            """
            # a comment
            region = "eu"
            job "web" {
              count = n + 1
              group "a" {
                task "t1" {
                  config {
                    args = ["-x", x]
                  }
                }
                task "t2" {}
              }
              group "b" {
                restart {
                  attempts = 0
                }
              }
            }
            """);
    assertThat(show(json)).isEqualTo(show(hcl));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"pair": {"a": {"b": {"k": 1}, "c": {}}}}             | pair(a,b){k=1} pair(a,c){}
          {"pair": {"a": {"b": {}}, "a": {"b": {}}}}            | pair(a,b){} pair(a,b){}
          {"pair": {"a": {"b": [{}, {"k": 1}]}}}                | pair(a,b){} pair(a,b){k=1}
          {"pair": [{"a": {"b": {}}}, {"a": [{"c": {}}]}]}      | pair(a,b){} pair(a,c){}
          {"pair": {"a": {"b": []}}}                            |
          {"pair": {"a": {"b": null}}}                          |
          {"pair": {"a": {"b": {}}}, "pair": {"c": {"d": {}}}}  | pair(a,b){} pair(c,d){}
          [{"a": 1}, {"pair": {"x": {"y": {}}}}]                | a=1 pair(x,y){}
          []                                                    |
          {}                                                    |
          null                                                  |
          {"//": 1, "//": 2, "a": 1}                            | a=1
          {"pair": {"//": {"b": {}}}}                           | pair(//,b){}
          """)
  void labelsAndRepeatedBlocksHaveSeveralForms(String text, String expected) {
    assertThat(show(Hcl.parseJson("t", text).body(FILE)))
        .isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void aSchemaCanDependOnTheLabelsAndContainItself() {
    Schema nested = nested();
    Body body =
        Hcl.parseJson("t", "{\"d\": {\"in\": {\"d\": {\"in\": {\"a\": 1}}}, \"out\": {\"d\": 1}}}")
            .body(nested);
    assertThat(show(body)).isEqualTo("d(in){d(in){a=1}} d(out){d=1}");
  }

  private static Schema nested() {
    return Schema.attributes()
        .block(
            "d",
            List.of("kind"),
            labels -> labels.equals(List.of("in")) ? nested() : Schema.attributes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "a"                              | "a"
          ""                               | ""
          "${n}"                           | 2
          "${n}0"                          | "20"
          "${x}-${n}"                      | "X-2"
          "%{ if n == 2 }two%{ endif }"    | "two"
          "$${x} %%{if}"                   | "${x} %{if}"
          "${ \\"q\\" }"                   | "q"
          "a \\" ' \\\\ \\/ \\n \\t"       | "a " ' \\ / \\n \\t"
          "\\u00e4\\ud83d\\ude00"          | "ä😀"
          "\\ud83d x \\ude00"              | "� x �"
          -1.5e2                           | -150
          0.1234567890123456789012345678   | 0.1234567890123456789012345678
          true                             | true
          null                             | null
          {"a": {"${x}${n}": [[]]}}        | {a = {X2 = [[]]}}
          [1, "${x}", {"${x}": []}]        | [1, "X", {X = []}]
          {}                               | {}
          """)
  void aValueIsAnExpression(String text, String expected) {
    assertThat(Show.value(Hcl.parseJson("t", text).expression().evaluate(SCOPE)))
        .isEqualTo(expected);
  }

  @Test
  void plainDataHasNoTemplates() {
    Value value = Hcl.parseJson("t", "{\"${a\": [\"${b}\", 1, null]}").literal();
    assertThat(Show.value(value)).isEqualTo("{${a = [\"${b}\", 1, null]}");
  }

  @Test
  void aReferenceInAStringCanBeLeftAsItIsWritten() {
    Scope scope =
        Scope.empty()
            .withUnresolved(
                (reference, _) -> java.util.Optional.of(Value.of(reference.asInterpolation())));
    Expression expression = Hcl.parseJson("t", "\"\\n-${ env[\\\"A\\\"] }\"").expression();
    assertThat(expression.evaluate(scope)).isEqualTo(Value.of("\n-${ env[\"A\"] }"));
    assertThat(expression.variables())
        .extracting(Traversal::sourceText)
        .containsExactly("env[\"A\"]");
  }

  @Test
  void placesAreThoseOfTheJsonAlsoBehindEscapes() {
    Body body = Hcl.parseJson("t", "{\n  \"a\": \"\\u0041\\n😀${foo}\"\n}").body(FILE);
    Attribute attribute = body.attributes().get("a");
    assertThat(attribute.nameRange()).hasToString("t:2:3");
    assertThat(attribute.range().text()).isEqualTo("\"a\": \"\\u0041\\n😀${foo}\"");
    HclException e =
        catchThrowableOfType(
            HclException.class, () -> attribute.expression().evaluate(Scope.empty()));
    assertThat(e.render())
        .isEqualTo(
            """
            t:2:20: Unknown variable "foo"
                "a": "\\u0041\\n😀${foo}"
                                 ^^^\
            """);
  }

  static Stream<Arguments> jsonErrors() {
    return Stream.of(
        arguments("", "1:1", "Here a value is expected, not the end of the text"),
        arguments("{", "1:1", "This object is not closed"),
        arguments("[1", "1:1", "This array is not closed. The text ends before its \"]\"."),
        arguments("[1,", "1:4", "Here an element of the array is expected, not the end"),
        arguments("[1 2]", "1:4", "\",\" or \"]\" is expected here, not \"2\""),
        arguments("[1}", "1:3", "\",\" or \"]\" is expected here, not \"}\""),
        arguments("[1,]", "1:3", "JSON has no comma after the last element of an array"),
        arguments("{\"a\": 1,}", "1:8", "JSON has no comma after the last property of an object"),
        arguments("{a: 1}", "1:2", "The name of a property is expected here, not \"a\""),
        arguments("{'a': 1}", "1:2", "The name of a property is expected here, not \"'\". Strings"),
        arguments(
            "{\"a\" = 1}", "1:6", "\":\" is expected after the name of a property, not \"=\""),
        arguments("{\"a\": }", "1:7", "Here the value of the property is expected, not \"}\""),
        arguments(
            "{\"a\": 1 // c\n}", "1:9", "\",\" or \"}\" is expected here, not \"/\". JSON has"),
        arguments("{} {}", "1:4", "The text must end after its value"),
        arguments("[True]", "1:2", "\"True\" is no value in JSON. Did you mean true?"),
        arguments("[NaN]", "1:2", "\"NaN\" is no value in JSON"),
        arguments("[01]", "1:2", "This is not a number in JSON"),
        arguments("[+1]", "1:2", "This is not a number in JSON"),
        arguments("[1.]", "1:2", "This is not a number in JSON"),
        arguments("[1e99999]", "1:2", "This number is too long"),
        arguments("\"a", "1:1", "This string has no closing quote on its line"),
        arguments("\"a\nb\"", "1:1", "This string has no closing quote on its line"),
        arguments("\"a\tb\"", "1:3", "A control character must be escaped. Write \\u0009."),
        arguments("\"a\\qb\"", "1:3", "There is no such escape sequence"),
        arguments("\"\\u12\"", "1:2", "4 hexadecimal digits are needed after \\u"),
        arguments("\"\ud800\"", "1:2", "The text is not valid Unicode here"),
        arguments("[".repeat(300), "1:201", "Nested more than 200 levels deep"));
  }

  @ParameterizedTest
  @MethodSource("jsonErrors")
  void whatIsNotJsonNamesThePlace(String text, String place, String message) {
    HclException e = catchThrowableOfType(HclException.class, () -> Hcl.parseJson("t", text));
    assertThat(e).as("an error").isNotNull();
    assertThat(e.diagnostics().getFirst().toString()).startsWith("t:" + place + ": " + message);
  }

  static Stream<Arguments> bodyErrors() {
    return Stream.of(
        arguments("1", "t:1:1: An object or an array of objects is needed here, not a number"),
        arguments("[1]", "t:1:2: An object is needed here, not a number"),
        arguments("{\"a\": 1, \"a\": 2}", "t:1:10: The attribute \"a\" is already set"),
        arguments(
            "{\"a\": {\"b\": 1, \"b\": 2}}", "t:1:16: The object already has a property \"b\""),
        arguments("{\"pair\": 1}", "t:1:10: An object or an array of objects is needed here"),
        arguments(
            "{\"pair\": {}}",
            "t:1:10: A label is missing. At least one property is needed. Its properties are named"
                + " by the left of a block \"pair\"."),
        arguments(
            "{\"pair\": {\"a\": {\"b\": \"c\"}}}", "t:1:22: An object or an array of objects"),
        arguments("{\"pair\": {\"a\": {\"b\": [1]}}}", "t:1:23: An object or an array of objects"),
        arguments(
            "{\"pair\": {\"a\": {\"b\": [[{}]]}}}",
            "t:1:23: An object is needed here, not an array. It sets attributes only."),
        arguments("{\"a\": \"x${\"}", "t:1:11: A value is expected here, not the end of the text"));
  }

  @ParameterizedTest
  @MethodSource("bodyErrors")
  void whatIsNoBodyNamesThePlace(String text, String message) {
    HclException e =
        catchThrowableOfType(HclException.class, () -> Hcl.parseJson("t", text).body(FILE));
    assertThat(e).as("an error").isNotNull();
    assertThat(e.diagnostics().getFirst().toString()).startsWith(message);
  }

  @Test
  void allThatIsWrongWithABodyIsToldAtOnce() {
    HclException e =
        catchThrowableOfType(
            HclException.class,
            () ->
                Hcl.parseJson("t", "{\"a\": \"${\", \"pair\": 1, \"b\": {\"c\": \"${1 +}\"}}")
                    .body(FILE));
    assertThat(e.diagnostics())
        .extracting(d -> d.range().toString())
        .containsExactly("t:1:10", "t:1:21", "t:1:41");
  }

  @Test
  void bytesThatAreNotUtf8AreAnErrorAtTheirPlace() {
    byte[] bytes = "{\"ä\": 1}".getBytes(StandardCharsets.ISO_8859_1);
    HclException e = catchThrowableOfType(HclException.class, () -> Hcl.parseJson("t", bytes));
    assertThat(e).hasMessageStartingWith("t:1:3: The text is not UTF-8 from here on");
  }

  private static String show(Body body) {
    var attributes =
        body.attributes().values().stream()
            .map(a -> a.name() + "=" + Show.value(a.expression().evaluate(SCOPE)));
    var blocks =
        body.blocks().stream()
            .map(
                b ->
                    "%s(%s){%s}"
                        .formatted(b.type(), String.join(",", b.labelNames()), show(b.body())));
    return Stream.concat(attributes, blocks).collect(Collectors.joining(" "));
  }
}
