package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are made to cost time or memory get neither. */
final class HostileTest {
  private static final int DEEP = 10_000;
  private static final int MANY = 100_000;
  private static final int TEN_MILLION = 10_000_000;

  /** Far above what it takes, far below what quadratic work takes. */
  private static final Duration BOUND = Duration.ofMinutes(5);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[",
        "{a=",
        "-",
        "!",
        "f(",
        "a[",
        "\"${",
        "\"%{if ",
        "a ? a : ",
        "a ? ",
        "<<E\n${",
        "[for a in ",
        "{for a in a: a => ",
        "a[*]",
        "\"${\"${",
        "((((",
        "1+-",
        "{(",
        "[{a=["
      })
  void tenThousandLevelsAreAnErrorWithItsPlace(String opening) {
    soon(
        () -> {
          assertThatExceptionOfType(HclException.class)
              .isThrownBy(() -> Hcl.parse("t", "a = " + opening.repeat(DEEP)))
              .withMessageStartingWith("t:");
          assertThatExceptionOfType(HclException.class)
              .isThrownBy(() -> Hcl.format("t", "a = " + opening.repeat(DEEP)));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "{\"a\": [", "[[{\"\":"})
  void tenThousandLevelsOfJsonAreAnErrorWithItsPlace(String opening) {
    soon(
        () ->
            assertThatExceptionOfType(HclException.class)
                .isThrownBy(() -> Hcl.parseJson("t", opening.repeat(DEEP)))
                .withMessageContaining("Nested more than 200 levels deep"));
  }

  @Test
  void manyDirectivesWithinEachOtherAreAnError() {
    String text = "%{ if true }".repeat(DEEP) + "%{ endif }".repeat(DEEP);
    soon(
        () ->
            assertThatExceptionOfType(HclException.class)
                .isThrownBy(() -> Hcl.parseTemplate("t", text))
                .withMessageContaining("Nested more than 200 levels deep"));
  }

  @Test
  void aJsonStringWithinTheDeepestObjectIsNoWayAroundTheLimit() {
    String text = "[".repeat(150) + "\"${" + "(".repeat(100) + "\"" + "]".repeat(150);
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> Hcl.parseJson("t", text).expression())
        .withMessageContaining("Nested more than 200 levels deep");
  }

  static Stream<String> tenMegabytes() {
    return Stream.of(
        "a = \"" + "x".repeat(TEN_MILLION) + "\"\n",
        "a = \"" + "\\n".repeat(TEN_MILLION / 2) + "\"\n",
        "a = \"" + "$".repeat(TEN_MILLION) + "\"\n",
        "a = <<-E\n" + "  some text\n".repeat(TEN_MILLION / 12) + "E\n",
        "a = <<-E\n" + " ".repeat(TEN_MILLION) + "\nE\n",
        "a = <<E\n" + "${1}".repeat(TEN_MILLION / 16) + "\nE\n",
        "# " + "comment ".repeat(TEN_MILLION / 8) + "\n",
        "/*" + "*\n".repeat(TEN_MILLION / 2) + "*/\n",
        "\n".repeat(TEN_MILLION),
        " ".repeat(TEN_MILLION),
        "a = [" + "1,".repeat(TEN_MILLION / 8) + "]\n",
        "a = [" + "\n".repeat(TEN_MILLION) + "]\n",
        "b {}\n".repeat(TEN_MILLION / 20));
  }

  @ParameterizedTest
  @MethodSource("tenMegabytes")
  void tenMegabytesAreRead(String text) {
    soon(() -> assertThat(Hcl.parse("t", text).range().startOffset()).isZero());
  }

  static Stream<String> wrongMegabytes() {
    return Stream.of(
        "a = *\n".repeat(MANY),
        "a = [\n".repeat(MANY),
        "a = \"\n".repeat(MANY),
        "a {\n".repeat(MANY),
        "}".repeat(TEN_MILLION),
        "a = \"" + "x".repeat(TEN_MILLION),
        "a = \"${" + "x ".repeat(TEN_MILLION / 2),
        "a = <<E\n" + "E x\n".repeat(MANY),
        "a = <<E\n".repeat(MANY),
        "/*".repeat(TEN_MILLION / 2),
        "a".repeat(TEN_MILLION),
        "a = " + "1".repeat(TEN_MILLION),
        "a = " + "a.".repeat(TEN_MILLION / 2),
        "a = [" + "1 ".repeat(TEN_MILLION / 2),
        "a \"" + "x".repeat(TEN_MILLION) + "\" \"",
        "a = 1\n".repeat(MANY));
  }

  @ParameterizedTest
  @MethodSource("wrongMegabytes")
  void megabytesThatAreWrongAreAnErrorWithItsPlace(String text) {
    soon(
        () ->
            assertThatExceptionOfType(HclException.class)
                .isThrownBy(() -> Hcl.parse("t", text))
                .satisfies(e -> assertThat(e.diagnostics()).hasSizeBetween(1, 50))
                .satisfies(e -> assertThat(e.render().length()).isLessThan(100_000)));
  }

  @Test
  void aHundredThousandAttributesAreRead() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      text.append("a").append(i).append(" = ").append(i).append('\n');
    }
    soon(
        () -> {
          Body body = Hcl.parse("t", text.toString());
          assertThat(body.attributes()).hasSize(MANY);
          assertThat(body.attributes().get("a99999").nameRange()).hasToString("t:100000:1");
          assertThat(Hcl.format("t", text.toString())).hasLineCount(MANY);
        });
  }

  @Test
  void aHundredThousandRepetitionsAreOneListAndOneWarning() {
    List<Diagnostic> warnings = new java.util.ArrayList<>();
    ParseOptions options = ParseOptions.standard().collectingRepeatedAttributes(warnings::add);
    soon(
        () -> {
          Body body = Hcl.parse("t", "a = 1\n".repeat(MANY), options);
          assertThat(body.attributes().get("a").expression().children()).hasSize(MANY);
          assertThat(warnings).hasSize(1);
          assertThat(warnings.getFirst().message().length()).isLessThan(500);
        });
  }

  @Test
  void aLineOfTenMillionCharactersIsFormattedAndItsEndHasAPlace() {
    String text = "a = [" + "1,".repeat(TEN_MILLION / 8) + "*]\n";
    soon(
        () ->
            assertThatExceptionOfType(HclException.class)
                .isThrownBy(() -> Hcl.parse("t", text))
                .withMessageStartingWith("t:1:2500006: A value is expected here, not \"*\""));
    String valid = text.replace("*", "");
    soon(() -> assertThat(Hcl.format("t", valid)).startsWith("a = [1, 1, ").endsWith(", ]\n"));
  }

  static Stream<String> jsonMegabytes() {
    return Stream.of(
        "[" + "1,".repeat(TEN_MILLION / 8) + "1]",
        "\"" + "x".repeat(TEN_MILLION) + "\"",
        "\"" + "${1}".repeat(TEN_MILLION / 16) + "\"",
        " ".repeat(TEN_MILLION) + "{}",
        "[" + "{\"a\": 1},".repeat(MANY) + "{}]");
  }

  @ParameterizedTest
  @MethodSource("jsonMegabytes")
  void megabytesOfJsonAreRead(String text) {
    soon(() -> assertThat(Hcl.parseJson("t", text).expression()).isNotNull());
  }

  private static void soon(Executable action) {
    Assertions.assertTimeoutPreemptively(BOUND, action);
  }
}
