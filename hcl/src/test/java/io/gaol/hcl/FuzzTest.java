package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text, it ends in a value or in an {@link HclException} whose places are within the
 * text, and soon. With {@code -Dgaol.full=true} ten times as many texts.
 */
final class FuzzTest {
  private static final long SEED = 20_260_101;
  private static final int TEXTS = Boolean.getBoolean("gaol.full") ? 200_000 : 20_000;
  private static final Duration LONGEST = Duration.ofMinutes(1);

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

  private static final String JSON_SAMPLE =
      """
      {
        "//": "a job",
        "job": {"web": [{"count": -1.5e2, "on": true, "off": null}, {"é\\u00e4\\ud83d\\ude00": "${x}"}]},
        "meta": {"k-${x}": "%{ if x == 1 }two%{ else }three%{ endif }", "list": ["a\\n${f(x)}", {}]}
      }
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
          "“",
          "\\u12",
          "\\U0001F600",
          "\\ud83d",
          "\"a\": ",
          "job \"x\" {\n",
          "a = ",
          "\n}\n");

  private static final Schema SCHEMA =
      Schema.attributes()
          .block("job", List.of("name"), Schema.attributes().block("a", Schema.attributes()))
          .block("a", List.of("left", "right"), Schema.attributes());

  private static final Scope SCOPE =
      new Scope(
          Map.of("x", Value.of(1), "list", Value.of(List.of(Value.of(Map.of("id", Value.of(1)))))),
          Map.of("f", Value::of),
          (reference, text) ->
              reference.root().length() > 3 ? Optional.of(Value.of(text)) : Optional.empty());

  @Test
  void theSamplesAreValid() {
    assertThat(Hcl.parse("sample", SAMPLE).blocks()).hasSize(1);
    assertThat(Hcl.parseJson("sample", JSON_SAMPLE).body(SCHEMA).blocks()).hasSize(2);
  }

  @Test
  void everyBeginningOfATextEndsInAValueOrAnError() {
    for (String sample : List.of(SAMPLE, JSON_SAMPLE)) {
      for (int end = 0; end < sample.length(); end++) {
        check(sample.substring(0, end).getBytes(StandardCharsets.UTF_8), "beginning " + end);
      }
    }
  }

  @Test
  void mutatedTextsEndInAValueOrAnError() {
    List<String> texts = new ArrayList<>(JobFiles.texts());
    texts.addAll(List.of(SAMPLE, SAMPLE, JSON_SAMPLE, JSON_SAMPLE));
    checkMany(TEXTS * 2 / 5, random -> utf8(mutated(random, texts)));
  }

  @Test
  void assembledTextsEndInAValueOrAnError() {
    checkMany(TEXTS * 2 / 5, random -> utf8(assembled(random)));
  }

  @Test
  void randomBytesEndInAValueOrAnError() {
    checkMany(TEXTS / 5, FuzzTest::bytes);
  }

  private static void checkMany(int count, Function<Random, byte[]> generator) {
    for (int i = 0; i < count; i++) {
      check(generator.apply(new Random(SEED + i)), "seed " + (SEED + i));
    }
  }

  private static String mutated(Random random, List<String> texts) {
    StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(8));
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, piece);
        case 1 -> text.replace(at, end, piece);
        case 2 -> text.delete(at, end);
        case 3 -> text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(7))));
        default -> text.insert(random.nextInt(text.length()), text.substring(at, end));
      }
      if (text.isEmpty()) {
        text.append(piece);
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

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 0x7F;
      }
    }
    return bytes;
  }

  /** A lone surrogate, which UTF-8 cannot have, becomes a byte that it cannot have either. */
  private static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length && text.chars().anyMatch(c -> c == 0xD83D); i++) {
      bytes[i] = bytes[i] == '?' && (i & 7) == 0 ? (byte) 0xED : bytes[i];
    }
    return bytes;
  }

  private static void check(byte[] bytes, String what) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    long start = System.nanoTime();
    try {
      attempt(() -> evaluate(Hcl.parse("fuzz", bytes)));
      attempt(() -> evaluate(Hcl.parseJson("fuzz", bytes).body(SCHEMA)));
      attempt(() -> evaluate(Hcl.parseJson("fuzz", bytes).expression(), Scope.empty()));
      attempt(() -> assertThat(Hcl.parseJson("fuzz", bytes).literal()).isNotNull());
      attempt(() -> evaluate(Hcl.parseExpression("fuzz", text), Scope.empty()));
      attempt(() -> evaluate(Hcl.parseTemplate("fuzz", text), SCOPE));
      attempt(() -> FormatterTest.assertSameTree(text));
    } catch (RuntimeException | Error e) {
      throw new AssertionError("for " + what + ", the text: " + text, e);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("the time for %s, the text: %s", what, text)
        .isLessThan(LONGEST);
  }

  private static void attempt(Runnable action) {
    try {
      action.run();
    } catch (HclException e) {
      e.diagnostics().forEach(FuzzTest::requirePlace);
      if (!e.render().matches("(?s)(fuzz|t):[0-9]+:[0-9]+: .*")) {
        throw new AssertionError(e.render());
      }
    }
  }

  private static void requirePlace(Diagnostic diagnostic) {
    Position start = diagnostic.range().start();
    Position end = diagnostic.range().end();
    if (start.line() < 1 || start.column() < 1 || end.offset() < start.offset()) {
      throw new AssertionError(diagnostic + " goes from " + start + " to " + end);
    }
    if (diagnostic.summary().isEmpty()) {
      throw new AssertionError(diagnostic + " says nothing");
    }
  }

  private static void evaluate(Body body) {
    body.blocks().forEach(block -> evaluate(block.body()));
    for (Attribute attribute : body.attributes().values()) {
      attempt(() -> evaluate(attribute.expression(), SCOPE));
    }
  }

  private static void evaluate(Expression expression, Scope scope) {
    expression.variables();
    assertThat(expression.evaluate(scope)).isNotNull();
  }
}
