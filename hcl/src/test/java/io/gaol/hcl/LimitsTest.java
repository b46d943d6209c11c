package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No text, however unreasonable, takes the process down or keeps it for long. */
final class LimitsTest {
  private static final int MANY = 100_000;
  private static final Duration BOUND = Duration.ofSeconds(20);

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
        "true ? 1 : ",
        "<<E\n${",
        "1+(",
        "[for a in ",
        "{for a in ",
        "a[*]",
        "x.",
        "a { b = "
      })
  void nestingThatIsTooDeepIsAnErrorWithItsPlace(String opening) {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () ->
            assertThatExceptionOfType(HclException.class)
                .isThrownBy(() -> Hcl.parseExpression("t", opening.repeat(MANY))));
  }

  @Test
  void blocksThatNestTooDeepAreAnErrorWithItsPlace() {
    HclException e =
        catchThrowableOfType(
            HclException.class, () -> Hcl.parse("t", "a {\n".repeat(MANY) + "}\n".repeat(MANY)));
    assertThat(e.diagnostics().getFirst()).hasToString("t:201:3: Nested more than 200 levels deep");
  }

  @ParameterizedTest
  @CsvSource({"(,)", "[,]", "'-(',)", "'\"${[',']}\"'", "'f(',)", "'[for a in [1]: ',]"})
  void nestingUpToTheLimitIsParsedAndEvaluated(String opening, String closing) {
    int levels = 90;
    Scope scope = new Scope(Map.of(), Map.of("f", List::getFirst));
    Expression expression =
        Hcl.parseExpression("t", opening.repeat(levels) + "1" + closing.repeat(levels));
    assertThat(expression.evaluate(scope)).isNotNull();
    assertThat(expression.variables()).isEmpty();
  }

  @Test
  void theNestingAllowedFitsTheStackOfASmallThread() throws InterruptedException {
    int levels = 190;
    String text =
        "true ? \"${f([for a in [1]: ".repeat(levels / 5) + "1" + "])}\" : null".repeat(levels / 5);
    Scope scope = new Scope(Map.of(), Map.of("f", List::getFirst));
    List<Throwable> thrown = new java.util.concurrent.CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(null, () -> Hcl.parseExpression("t", text).evaluate(scope), "small", 512 * 1024);
    thread.setUncaughtExceptionHandler((_, e) -> thrown.add(e));
    thread.start();
    thread.join();
    assertThat(thrown).isEmpty();
  }

  @Test
  void longChainsOfOperatorsAreEvaluated() {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          Expression sum = Hcl.parseExpression("t", "1" + " + 1".repeat(MANY));
          assertThat(sum.evaluate(Scope.empty())).isEqualTo(Value.of(MANY + 1));
          assertThat(sum.variables()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a)", "a"})
  void longChainsOfStepsEndInAValueOrAnError(String from) {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () ->
            assertThatExceptionOfType(HclException.class)
                .isThrownBy(
                    () ->
                        Hcl.parseExpression("t", from + ".a".repeat(MANY))
                            .evaluate(Scope.empty())));
  }

  @Test
  void longTextsAreParsedInLinearTime() {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          assertThat(Hcl.parse("t", "b \"c\" {\n  a = \"x${1}\"\n}\n".repeat(MANY)).blocks())
              .hasSize(MANY);
          String line = "[" + "\"x${1}\", ".repeat(MANY) + "]";
          assertThat(
                  ((Value.Tuple) Hcl.parseExpression("t", line).evaluate(Scope.empty())).elements())
              .hasSize(MANY);
        });
  }

  @Test
  void loopsThatMultiplyAreEnded() {
    String ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    String text = ("[for v in " + ten + ": ").repeat(12) + "1" + "]".repeat(12);
    Expression expression = Hcl.parseExpression("t", text);
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () ->
            assertThatExceptionOfType(HclException.class)
                .isThrownBy(() -> expression.evaluate(Scope.empty()))
                .withMessageContaining("takes too long"));
  }

  @Test
  void numbersCannotGrowWithoutBound() {
    String square = "1e9000";
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(
            () ->
                Hcl.parseExpression("t", square + (" * " + square).repeat(50))
                    .evaluate(Scope.empty()))
        .withMessageContaining("more than 10000 digits");
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> Hcl.parseExpression("t", "9".repeat(1_000_000)));
  }
}
