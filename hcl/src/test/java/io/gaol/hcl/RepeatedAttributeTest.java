package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attributes that HCL 1 allowed to repeat. */
final class RepeatedAttributeTest {
  private static final String TEXT =
      """
      config {
        start = "one"
        stop  = "end"
        start = "two"
        start = 1 + 2
      }
      """;

  private final List<Diagnostic> warnings = new ArrayList<>();
  private final ParseOptions collecting =
      ParseOptions.standard().collectingRepeatedAttributes(warnings::add);

  @Test
  void withoutTheOptionARepeatedAttributeIsAnErrorAtEachRepetition() {
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> Hcl.parse("t", TEXT))
        .satisfies(
            e ->
                assertThat(e.diagnostics())
                    .extracting(d -> d.range().toString())
                    .containsExactly("t:4:3", "t:5:3"));
  }

  @Test
  void withTheOptionItsValueIsATupleInTheOrderOfTheText() {
    Body config = Hcl.parse("t", TEXT, collecting).blocks().getFirst().body();
    assertThat(config.attributes().keySet()).containsExactly("start", "stop");
    Attribute start = config.attributes().get("start");
    assertThat(Show.value(start.expression().evaluate(Scope.empty())))
        .isEqualTo("[\"one\", \"two\", 3]");
    assertThat(start.nameRange()).hasToString("t:2:3");
    assertThat(Show.value(config.attributes().get("stop").expression().evaluate(Scope.empty())))
        .isEqualTo("\"end\"");
  }

  @Test
  void theWarningSaysWhereAndHowItIsWritten() {
    Hcl.parse("t", TEXT, collecting);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst().severity()).isEqualTo(Diagnostic.Severity.WARNING);
    assertThat(warnings.getFirst())
        .hasToString(
            "t:4:3: The attribute \"start\" is set 3 times. It is set at line 2, line 4, line 5."
                + " HCL 2 refuses that; here it is taken as a list of all. Write it once: start ="
                + " [\"one\", \"two\", 1 + 2]");
  }

  @Test
  void whatIsSetOnceIsNoListAndNoWarning() {
    Body body = Hcl.parse("t", "a = 1\nb {\n  a = 1\n}\n", collecting);
    assertThat(Show.value(body.attributes().get("a").expression().evaluate(Scope.empty())))
        .isEqualTo("1");
    assertThat(warnings).isEmpty();
  }

  @Test
  void theOptionAllowsNothingElse() {
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> Hcl.parse("t", "a = 1\na = *\n", collecting));
  }
}
