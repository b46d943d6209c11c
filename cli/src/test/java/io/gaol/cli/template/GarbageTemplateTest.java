package io.gaol.cli.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a text is: it is rendered, or there is an error with a place. */
final class GarbageTemplateTest {
  private static final int TEXTS = 20_000;
  private static final List<String> PIECES =
      List.of(
          "{{",
          "}}",
          "{{-",
          "-}}",
          " ",
          "\n",
          "if",
          "else",
          "end",
          "range",
          "with",
          "define",
          "template",
          "block",
          "break",
          "continue",
          "$",
          "$x",
          ":=",
          "=",
          ",",
          "|",
          "(",
          ")",
          ".",
          ".a",
          "nil",
          "true",
          "1",
          "-2.5",
          "0x",
          "'a'",
          "\"s\"",
          "`r`",
          "\"\\xff\"",
          "/*",
          "*/",
          "env \"NAME\"",
          "print",
          "printf \"%d %s\"",
          "index",
          "slice",
          "len",
          "eq",
          "and",
          "or",
          "parseJSON `{\"a\":[1,null]}`",
          "parseYAML \"a: [1]\"",
          "split \",\"",
          "join",
          "loop 3",
          "toYAML",
          "toTOML",
          "toJSON",
          "scratch",
          "scratch.Set",
          "add",
          "divide",
          "timestamp",
          "regexReplaceAll \"(a)\" \"$1\"",
          "executeTemplate",
          "key",
          "\u0000",
          "é",
          "\uD800");

  @Test
  void garbageIsRenderedOrRefusedWithAPlace() {
    Random random = new Random(7);
    TemplateContext context =
        new TemplateContext(Map.of("NAME", "x"), FileSandbox.empty(), Clock.systemUTC(), false);
    int rendered = 0;
    for (int i = 0; i < TEXTS; i++) {
      StringBuilder text = new StringBuilder("{{ ");
      for (int left = random.nextInt(14); left >= 0; left--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())))
            .append(random.nextBoolean() ? " " : "");
      }
      text.append(random.nextInt(4) == 0 ? "" : " }}");
      try {
        Template.parse("t", text.toString()).render(context);
        rendered++;
      } catch (TemplateException wrong) {
        assertThat(wrong.render()).startsWith("t:");
      } catch (RuntimeException | Error wrong) {
        throw new AssertionError(text.toString(), wrong);
      }
    }
    assertThat(rendered).isBetween(100, TEXTS);
  }
}
