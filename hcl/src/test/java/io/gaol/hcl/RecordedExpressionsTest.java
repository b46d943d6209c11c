package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Expressions of ours have the values that Nomad's job parser gives them: those of Nomad 2.0.5 were
 * recorded.
 */
final class RecordedExpressionsTest {
  /**
   * What we do not get right yet. It can only shrink: the test of an expression that agrees, and is
   * still on this list, fails.
   */
  private static final Set<String> NOT_YET =
      Set.of(
          // Strings that convert to a number.
          "\"+2\" + 1",
          "\"1e3\" + 0",
          "\".5\" + 0",
          "\"5.\" + 0",
          // Lists and maps, where we still have tuples and objects.
          "true ? [1] : [2, 3]",
          "true ? [1] : [\"a\", true]",
          "true ? [] : [1]",
          "false ? [] : [1]",
          "true ? [1, \"a\"] : [1, \"b\", true]",
          "true ? [1, \"a\"] : []",
          "true ? {a = 1} : {b = \"x\"}",
          "true ? {a = 1, b = 2} : {}",
          "false ? {a = 1, b = 2} : {}",
          "true ? {a = [1]} : {a = [\"x\", \"y\"]}",
          "true ? {a = {b = 1}} : {a = {c = 2}}",
          "true ? [[1], [2]] : [[\"a\"]]",
          "true ? [{a = 1}] : [{a = \"b\"}, {a = 2}]",
          "true ? [{a = 1}] : [{b = 1}, {c = 2}]");

  @TestFactory
  Stream<DynamicTest> anExpressionHasTheValueThatNomadGivesIt() {
    return Recording.of("recorded-expressions.jsonl").map(this::test);
  }

  private DynamicTest test(Recording recording) {
    return dynamicTest(recording.expression(), () -> check(recording));
  }

  private static void check(Recording recording) {
    String actual = evaluate(recording.expression());
    if (NOT_YET.contains(recording.expression())) {
      assertThat(actual)
          .as("%s agrees now: take it off NOT_YET", recording.expression())
          .isNotEqualTo(recording.expected());
    } else {
      assertThat(actual).as(recording.expression()).isEqualTo(recording.expected());
    }
  }

  @TestFactory
  Stream<DynamicTest> whereWeMeanToDifferWeDo() {
    return Stream.of("recorded-expressions.jsonl", "recorded-functions.jsonl")
        .flatMap(Recording::of)
        .filter(recording -> recording.ours().isPresent())
        .map(
            recording ->
                dynamicTest(
                    recording.expression(),
                    () -> {
                      assertThat(recording.expected()).isNotEqualTo(recording.nomads());
                      assertThat(recording.because()).isPresent();
                    }));
  }

  private static String evaluate(String expression) {
    try {
      return Recording.show(Hcl.parseExpression("x", expression).evaluate(Scope.empty()));
    } catch (HclException _) {
      return Recording.ERROR;
    }
  }
}
