package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heredocs, plain and indented. */
final class HeredocTest {
  private static final Scope SCOPE =
      new Scope(Map.of("v", Value.of("V"), "spaced", Value.of("  V")), Map.of());

  static Stream<Arguments> heredocs() {
    return Stream.of(
        arguments("<<E\nE\n", ""),
        arguments("<<E\na\nb\nE\n", "a\nb\n"),
        arguments("<<E\n\n a\n\nE\n", "\n a\n\n"),
        arguments("<<E\n  a\n  E\n", "  a\n"),
        arguments("<<E\na\n\tE \t\n", "a\n"),
        arguments("<<E\nnot E\nE not\nE\n", "not E\nE not\n"),
        arguments("<<E-1\nE\nE-1\n", "E\n"),
        arguments("<<E\n\\n \"q\" \\u0041\nE\n", "\\n \"q\" \\u0041\n"),
        arguments("<<E\n$${a} %%{b} $ %\nE\n", "${a} %{b} $ %\n"),
        arguments("<<E\na ${v} b\nE\n", "a V b\n"),
        arguments("<<E\n${v}E\nE\n", "VE\n"),
        arguments("<<E\n${v}\nE\n", "V\n"),
        arguments("<<E\n${\n  v\n}\nE\n", "V\n"),
        arguments("<<E\n${<<F\ninner\nF\n}outer\nE\n", "inner\nouter\n"),
        arguments("<<E\r\na\r\nb\r\nE\r\n", "a\r\nb\r\n"),
        arguments("<<E\n%{ if true ~}\na\n%{ endif ~}\nb\nE\n", "a\nb\n"),
        arguments("<<E\n%{ for x in [1, 2] ~}\n- ${x}\n%{ endfor ~}\nE\n", "- 1\n- 2\n"),
        // indented
        arguments("<<-E\nE\n", ""),
        arguments("<<-E\na\nb\nE\n", "a\nb\n"),
        arguments("<<-E\n    a\n    b\n  E\n", "a\nb\n"),
        arguments("<<-E\n    a\n      b\n    c\nE\n", "a\n  b\nc\n"),
        arguments("<<-E\n    a\n  b\n    c\nE\n", "  a\nb\n  c\n"),
        arguments("<<-E\n    a\n\n    b\nE\n", "a\n\nb\n"),
        arguments("<<-E\n    a\n  \n    b\nE\n", "a\n  \nb\n"),
        arguments("<<-E\n\ta\n  b\nE\n", "a\n b\n"),
        arguments("<<-E\n  \u2003\u2003a\n   b\nE\n", "\u2003a\nb\n"),
        arguments("<<-E\n    a\n    ${v}\nE\n", "a\nV\n"),
        arguments("<<-E\n    a\n      ${v}\nE\n", "a\n  V\n"),
        arguments("<<-E\n    a\n  ${spaced}\nE\n", "  a\n  V\n"),
        arguments("<<-E\n    a\n${v}\nE\n", "    a\nV\n"),
        arguments("<<-E\n    a ${v}\n      b\nE\n", "a V\n  b\n"),
        // a stripped line end begins no line: the indentation behind it stays, as for Nomad
        arguments("<<-E\n  %{ if true ~}\n  a\n  %{ endif ~}\n  b\nE\n", "  a\n  b\n"),
        arguments("<<-E\n    $${a}\n    b\nE\n", "${a}\nb\n"));
  }

  @ParameterizedTest
  @MethodSource("heredocs")
  void aHeredocIsTheTextOfItsLines(String text, String expected) {
    assertThat(Hcl.parseExpression("t", text).evaluate(SCOPE)).isEqualTo(Value.of(expected));
  }

  @Test
  void aHeredocEndsTheAttributeOnItsClosingLine() {
    Body body =
        Hcl.parse(
            "t",
            """
            job "j" {
              a = <<EOT
                # no comment }
              EOT
              b = [<<X
            x
            X
              , 1]
            }
            """);
    Body job = body.blocks().getFirst().body();
    assertThat(job.attributes().get("a").expression().evaluate(Scope.empty()))
        .isEqualTo(Value.of("    # no comment }\n"));
    assertThat(Show.value(job.attributes().get("b").expression().evaluate(Scope.empty())))
        .isEqualTo("[\"x\\n\", 1]");
  }
}
