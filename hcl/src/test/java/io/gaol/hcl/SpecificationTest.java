package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public test suite of the language checks, with texts of our own. */
final class SpecificationTest {
  private static final Scope SCOPE =
      new Scope(Map.of("word", Value.of("Two"), "spaced", Value.of("  Two")), Map.of());

  // comments

  @ParameterizedTest
  @ValueSource(strings = {"# one", "// one", "/*\n one\n*/", "/* one */ # two", ""})
  void aTextOfCommentsIsAnEmptyBody(String text) {
    Body body = Hcl.parse("t", text);
    assertThat(body.attributes()).isEmpty();
    assertThat(body.blocks()).isEmpty();
  }

  @Test
  void anEmptyObjectIsAnEmptyBodyInJson() {
    Body body = Hcl.parseJson("t", "{}").body(Schema.attributes());
    assertThat(body.attributes()).isEmpty();
  }

  // literals

  @Test
  void primitiveLiteralsAreTheirValuesAndKeywordsCanBeNames() {
    Body body =
        Hcl.parse(
            "t",
            """
            whole = 7
            broken = 4.25
            precise = 2.71828182845904523536028747135266249775724709369995957496696762
            ascii = "word"
            plane = "Щ"
            astral = "👨‍👩‍👧"
            combined = "man\u0303ana"
            true = true
            false = false
            null = null
            """);
    assertThat(Show.value(value(body, "whole"))).isEqualTo("7");
    assertThat(Show.value(value(body, "broken"))).isEqualTo("4.25");
    assertThat(Show.value(value(body, "precise")))
        .isEqualTo("2.71828182845904523536028747135266249775724709369995957496696762");
    assertThat(Show.value(value(body, "ascii"))).isEqualTo("\"word\"");
    assertThat(Show.value(value(body, "plane"))).isEqualTo("\"Щ\"");
    assertThat(Show.value(value(body, "astral"))).isEqualTo("\"👨‍👩‍👧\"");
    assertThat(Show.value(value(body, "combined"))).isEqualTo("\"ma\u00f1ana\"");
    assertThat(Show.value(value(body, "true"))).isEqualTo("true");
    assertThat(Show.value(value(body, "false"))).isEqualTo("false");
    assertThat(Show.value(value(body, "null"))).isEqualTo("null");
  }

  // operators

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      textBlock =
          """
          "x" == "x"          ; true
          "x" == "y"          ; false
          "2" == 2            ; false
          "false" == false    ; false
          "x" != "x"          ; false
          "x" != "y"          ; true
          "2" != 2            ; true
          "false" != false    ; true
          3 < 4               ; true
          4 < 3               ; false
          3 < 3               ; false
          3 <= 3              ; true
          4 <= 3              ; false
          4 > 3               ; true
          3 > 3               ; false
          3 >= 3              ; true
          3 >= 4              ; false
          3 + 1.5             ; 4.5
          2.5 - 1             ; 1.5
          1 - 2.5             ; -1.5
          3 * 2.5             ; 7.5
          1 / 8               ; 0.125
          17 % 5              ; 2
          1 + 0.12345678901234567890123456789012345678901234567890 ; 1.1234567890123456789012345678901234567890123456789
          true && true        ; true
          true && false       ; false
          false || true       ; true
          false || false      ; false
          !true               ; false
          !false              ; true
          true ? "p" : "q"    ; "p"
          false ? "p" : "q"   ; "q"
          """)
  void operatorsHaveTheirResults(String text, String expected) {
    assertThat(Show.value(Hcl.parseExpression("t", text).evaluate(SCOPE))).isEqualTo(expected);
  }

  // heredocs

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          <<X;One;Two;X;                  | One;Two;
          <<X;  One;  Two;  X;            | ··One;··Two;
          <<X;  One;    Two;  X;          | ··One;····Two;
          <<X;  ${word};  X;              | ··Two;
          <<X;  One;;  Two;  X;           | ··One;;··Two;
          <<X;  NOT X;  X;                | ··NOT X;
          <<-X;One;Two;X;                 | One;Two;
          <<-X;    One;    Two;  X;       | One;Two;
          <<-X;    One;      Two;  X;     | One;··Two;
          <<-X;    One;  Two;  X;         | ··One;Two;
          <<-X;    One;    ${word};  X;   | One;Two;
          <<-X;    One;      ${word};  X; | One;··Two;
          <<-X;    One;  ${spaced};  X;   | ··One;··Two;
          <<-X;\tOne;  Two;  X;           | One;·Two;
          <<-X;†††One;  Two;X;            | †One;Two;
          <<-X;    One;;    Two;  X;      | One;;Two;
          """)
  void heredocsKeepOrLoseTheirIndentation(String text, String expected) {
    Value value = Hcl.parseExpression("t", spelled(text)).evaluate(SCOPE);
    assertThat(value).isEqualTo(Value.of(spelled(expected)));
  }

  /** With line ends, blanks and em spaces for what stands for them in a table. */
  private static String spelled(String text) {
    return text.replace(';', '\n').replace('·', ' ').replace('†', '\u2003');
  }

  // structure

  @Test
  void attributesOnOneLineAreNotSeparatedByCommas() {
    assertThat(errors("x = \"one\", y = \"two\"\n")).containsExactly("1:10-1:11");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x {}", "x {\n\n}", "x {\n}\n", "x { # one\n}\n"})
  void aBlockCanBeEmpty(String text) {
    assertThat(Hcl.parse("t", text).blocks("x").getFirst().body().attributes()).isEmpty();
  }

  @Test
  void aBlockOnOneLineHasOneAttribute() {
    Body body = Hcl.parse("t", "x { y = \"one\" }").blocks().getFirst().body();
    assertThat(Show.value(value(body, "y"))).isEqualTo("\"one\"");
  }

  @Test
  void eachBlockThatIsWronglyOnOneLineIsAnError() {
    assertThat(
            errors(
                """
                x { y = "one", z = "two" }
                x { y = "one"
                }
                x { y = "one"
                  z = "two" }
                x { y = "one"
                  z = "two"
                }
                x { w {} }
                """))
        .containsExactly("1:14-1:15", "2:14-3:1", "4:14-5:1", "6:14-7:1", "9:5-9:8");
  }

  @Test
  void aBlockThatIsNotClosedIsAnErrorAtItsOpeningBrace() {
    assertThat(errors("x {\n")).containsExactly("1:3-1:4");
  }

  private static List<String> errors(String text) {
    return catchThrowableOfType(HclException.class, () -> Hcl.parse("t", text))
        .diagnostics()
        .stream()
        .map(error -> place(error.range().start()) + "-" + place(error.range().end()))
        .toList();
  }

  private static String place(Position position) {
    return position.line() + ":" + position.column();
  }

  private static Value value(Body body, String name) {
    return body.attributes().get(name).expression().evaluate(SCOPE);
  }
}
