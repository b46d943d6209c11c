package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.hcl.function.StandardFunctions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Expressions and function calls give what the reference implementation gives, and are an error
 * where they are one there; the messages are ours.
 */
final class ResultTableTest {
  private static final Scope SCOPE =
      new Scope(
          Map.of(
              "unk", Value.unknown(Types.STRING),
              "unkn", Value.unknown(Types.NUMBER),
              "unkb", Value.unknown(Types.BOOL),
              "dyn", Value.unknown(Types.ANY),
              "unkl", Value.unknown(new Type.ListOf(Types.STRING)),
              "unkm", Value.unknown(new Type.MapOf(Types.NUMBER)),
              "unko", Value.unknown(new Type.Obj(Map.of("a", Types.STRING)))),
          StandardFunctions.all());

  static Stream<ResultTable.Case> cases() {
    return Stream.of("/io/gaol/hcl/expressions.txt", "/io/gaol/hcl/functions.txt")
        .flatMap(ResultTable::cases);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anExpressionGivesWhatTheReferenceImplementationGives(ResultTable.Case given) {
    assertThat(ResultTable.result(given, SCOPE)).isEqualTo(given.expected());
  }

  @Test
  void everyFunctionHasACaseThatSucceedsAndOneThatFails() {
    Set<String> succeeding = new TreeSet<>(StandardFunctions.all().keySet());
    // Its success needs a key, which StandardFunctionsTest makes.
    succeeding.remove("rsadecrypt");
    Set<String> failing = new TreeSet<>(StandardFunctions.all().keySet());
    List<ResultTable.Case> cases = cases().toList();
    for (ResultTable.Case given : cases) {
      (given.isError() ? failing : succeeding)
          .removeIf(name -> given.expression().contains(name + "("));
    }
    assertThat(succeeding).isEmpty();
    assertThat(failing).isEmpty();
  }
}
