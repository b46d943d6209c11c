package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text, there is a tree or an {@link HclException}, whose diagnostics can be shown.
 */
final class GarbageTest {
  private static final long SEED = 20_260_101;

  private static final String SAMPLE =
      """
      # a job
      job "web" "prod" {
        count = 1 + 2 * -3 % 4 / 5e1 >= 6 ? "a" : "b"
        meta = { owner = "me", "k-${x}" : [1, 2.5, null,], (x) = true }
        group "g" { size = a.b["c"].0[1 + 1] }
        env = {
          A = "${NOMAD_PORT_http} \\u00e4 \\n $${no} %%{no}"
          B = f(x, [for i, v in list: "${i}=${v}" if v != null]...)
        }
        template {
          data = <<-EOT
            line ${x ~} one
              %{ if x == 1 }two%{ else }three%{ endif }
            %{ for k, v in m ~}
            ${k}
            %{ endfor ~}
          EOT
          all = list[*].id == list.*.id && !true || (false)
          by = {for k, v in m: k => v... if k != "x"} // end
        } /* done */
      }
      größe = "😀"
      """;

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "(",
          ")",
          "\"",
          "${",
          "%{",
          "~}",
          "$${",
          "\\",
          "\n",
          "\r\n",
          "\r",
          "=",
          "==",
          "=>",
          "<<E\n",
          "<<-E\n",
          "E\n",
          "...",
          ".",
          ".*",
          "[*]",
          "::",
          ":",
          "?",
          ",",
          "#",
          "//",
          "/*",
          "*/",
          "for ",
          " in ",
          "if ",
          "else",
          "endif",
          "endfor",
          "a",
          "b.c",
          "x",
          "1",
          "1.5",
          "1e9",
          "0.",
          "-",
          "!",
          "&&",
          "||",
          "&",
          "\t",
          " ",
          "ä",
          "😀",
          "\ud83d",
          "\udc00",
          "\u0000",
          "\ufeff",
          "null",
          "true",
          "'",
          ";",
          "@",
          "`",
          "^",
          "\\u12",
          "\\U0001F600");

  private static final Scope SCOPE =
      new Scope(
          Map.of("x", Value.of(1), "list", Value.of(List.of(Value.of(Map.of("id", Value.of(1)))))),
          Map.of("f", Value::of),
          (reference, text) ->
              reference.root().length() > 3 ? Optional.of(Value.of(text)) : Optional.empty());

  @Test
  void theSampleIsValid() {
    assertThat(Hcl.parse("sample", SAMPLE).blocks()).hasSize(1);
  }

  @Test
  void mutatedTextsEndInATreeOrAnHclException() {
    Random random = new Random(SEED);
    IntStream.range(0, 5_000).forEach(_ -> check(mutated(random)));
  }

  @Test
  void randomTextsEndInATreeOrAnHclException() {
    Random random = new Random(SEED);
    IntStream.range(0, 5_000).forEach(_ -> check(assembled(random)));
  }

  @Test
  void everyBeginningOfATextEndsInATreeOrAnHclException() {
    IntStream.range(0, SAMPLE.length()).forEach(i -> check(SAMPLE.substring(0, i)));
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(SAMPLE);
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(8));
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, piece);
        case 1 -> text.replace(at, end, piece);
        case 2 -> text.delete(at, end);
        default -> text.insert(random.nextInt(text.length()), text.substring(at, end));
      }
    }
    return text.toString();
  }

  private static String assembled(Random random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "a = " : "");
    int pieces = random.nextInt(30);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static void check(String text) {
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          try {
            evaluate(Hcl.parse("garbage", text));
          } catch (HclException e) {
            assertThat(e.render()).isNotEmpty();
          } catch (RuntimeException | Error e) {
            throw new AssertionError("for the text: " + text, e);
          }
        });
  }

  private static void evaluate(Body body) {
    body.blocks().forEach(block -> evaluate(block.body()));
    for (Attribute attribute : body.attributes().values()) {
      assertThat(attribute.range().text()).startsWith(attribute.name());
      attribute.expression().variables();
      try {
        assertThat(attribute.expression().evaluate(SCOPE)).isNotNull();
      } catch (HclException e) {
        assertThat(e.render()).isNotEmpty();
      }
    }
  }
}
