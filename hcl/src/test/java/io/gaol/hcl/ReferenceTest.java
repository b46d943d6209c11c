package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which variables an expression refers to, and what happens to those that are not known. */
final class ReferenceTest {
  /** As a job is read before it has a node: what only the node knows stays as it is written. */
  private static final Scope SUBMISSION =
      new Scope(Map.of("region", Value.of("eu")), Map.of())
          .withUnresolved(
              (reference, text) ->
                  Set.of("node", "attr", "meta", "env").contains(reference.root())
                          || reference.root().startsWith("NOMAD_")
                      ? Optional.of(Value.of("${" + text + "}"))
                      : Optional.empty());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          1 + 2                                         |
          "${NOMAD_PORT_http}/x"                        | NOMAD_PORT_http
          "${node.unique.id}-${env["HOME"]}"            | node.unique.id env["HOME"]
          meta.owner == "x" ? a[0].b : c.0              | meta.owner a[0].b c.0
          f(a, b...)                                    | a b
          {a = b, (c) = d}                              | b c d
          a[b.c].d                                      | a b.c
          [for v in list: v.x + w]                      | list w
          {for k, v in v: k => [v, x] if y == k}        | v x y
          [for a in [for b in c: b + a]: a]             | c a
          a[*].b                                        | a
          a.*.b[c]                                      | a c
          "%{ for x in xs }${x}${y}%{ endfor }"         | xs y
          !a && -b > (c)                                | a b c
          """)
  void theReferencesOfAnExpressionAreItsVariables(String text, String expected) {
    List<String> found =
        Hcl.parseExpression("t", text).variables().stream().map(Traversal::sourceText).toList();
    assertThat(String.join(" ", found)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void aReferenceKnowsItsStepsAndTheirPlaces() {
    Traversal reference = Hcl.parseExpression("t", " a.b[\"c\"].0[1]").variables().getFirst();
    assertThat(reference.root()).isEqualTo("a");
    assertThat(reference.rootRange()).hasToString("t:1:2");
    assertThat(reference.steps())
        .extracting(step -> step.range().text())
        .containsExactly(".b", "[\"c\"]", ".0", "[1]");
    assertThat(reference.steps().get(1))
        .isInstanceOfSatisfying(
            Traversal.Index.class, i -> assertThat(i.key()).isEqualTo(Value.of("c")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "${node.unique.id}"               | "${node.unique.id}"
          "${NOMAD_TASK_DIR}/a-${region}"   | "${NOMAD_TASK_DIR}/a-eu"
          "${env["HOME"]}:${meta.owner}"    | "${env["HOME"]}:${meta.owner}"
          node.datacenter                   | "${node.datacenter}"
          "${attr.kernel.name}"             | "${attr.kernel.name}"
          ["${meta.a-b}", region]           | ["${meta.a-b}", "eu"]
          """)
  void anUnresolvedReferenceIsWhatTheCallerMakesOfIt(String text, String expected) {
    Value value = Hcl.parseExpression("t", text).evaluate(SUBMISSION);
    assertThat(Show.value(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "foo-${BAR}",
        "foo-${attr.network.dev-us-east1-relay-vpc.external-ip.0}",
        "${env[\"BLAH\"]}",
        "${mixed-indexing.0[3][\"FOO\"].5}",
        "with spaces ${   root.  field[  \"FOO\"].5  }",
        "${a}${ b }"
      })
  void textWithReferencesCanBeLeftExactlyAsItIs(String text) {
    Scope scope =
        Scope.empty()
            .withUnresolved((reference, _) -> Optional.of(Value.of(reference.asInterpolation())));
    assertThat(Hcl.parseExpression("t", '"' + text + '"').evaluate(scope))
        .isEqualTo(Value.of(text));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      textBlock =
          """
          meta.mytest,      ${meta.mytest}
          "${upper( a )}",  ${a}
          "${ a + 1 }",     ${a}
          {(a) = 1},        ${a}
          """)
  void aReferenceThatIsNoInterpolationBecomesOne(String text, String expected) {
    Traversal reference = Hcl.parseExpression("t", text).variables().getFirst();
    assertThat(reference.asInterpolation()).isEqualTo(expected);
  }

  @Test
  void aReferenceTheCallerDoesNotResolveIsAnError() {
    Expression expression = Hcl.parseExpression("t", "\"${regoin}\"");
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> expression.evaluate(SUBMISSION))
        .withMessage("t:1:4: Unknown variable \"regoin\". Did you mean \"region\"?");
  }

  @Test
  void namesOfAForHideThoseOfTheScope() {
    Expression expression = Hcl.parseExpression("t", "[for region in [1]: region]");
    assertThat(Show.value(expression.evaluate(SUBMISSION))).isEqualTo("[1]");
  }
}
