package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gaol.hcl.function.FileFunctions;
import io.gaol.hcl.function.StandardFunctions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Expressions of ours have the values that Nomad's job parser gives them: those of Nomad 2.0.5 were
 * recorded.
 */
final class RecordedExpressionsTest {
  private static final Scope SCOPE = new Scope(Map.of(), functions());

  private static Map<String, Function> functions() {
    Map<String, Function> all = new HashMap<>(StandardFunctions.all());
    all.putAll(FileFunctions.below(Path.of("src")));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> anExpressionHasTheValueThatNomadGivesIt() {
    return Stream.of("recorded-expressions.jsonl", "recorded-functions.jsonl")
        .flatMap(Recording::of)
        .map(this::test);
  }

  private DynamicTest test(Recording recording) {
    return dynamicTest(recording.expression(), () -> check(recording));
  }

  private static void check(Recording recording) {
    String actual = evaluate(recording.expression());
    assertThat(actual).as(recording.expression()).isEqualTo(recording.expected());
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
      return Recording.show(Hcl.parseExpression("x", expression).evaluate(SCOPE));
    } catch (HclException _) {
      return Recording.ERROR;
    }
  }
}
