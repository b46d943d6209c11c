package io.gaol.nomad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.hcl.Scope;
import io.gaol.hcl.Value;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What is rendered means the same to who reads HCL. */
final class HclTest {
  private static Value evaluated(Object value) {
    return io.gaol.hcl.Hcl.parseExpression("literal", Hcl.expression(value))
        .evaluate(Scope.empty());
  }

  @Property
  void aTextOfTheSignsThatMeanSomethingStaysAsItIs(
      @ForAll
          @Chars({'$', '%', '{', '}', '"', '\\', '\n', '\r', '\t', '\0', 'a', 'é'})
          @StringLength(max = 12)
          String text) {
    assertThat(evaluated(text)).isEqualTo(new Value.Text(text));
  }

  @Test
  void whatIsComposedStaysAsItIs() {
    assertThat(evaluated(List.of("a", true)))
        .isEqualTo(Value.of(List.of(Value.of("a"), Value.of(true))));
    assertThat(evaluated(Map.of("a ${b}", "c")))
        .isEqualTo(new Value.Obj(Map.of("a ${b}", new Value.Text("c"))));
  }
}
