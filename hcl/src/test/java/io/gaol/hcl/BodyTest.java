package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Attributes and blocks. */
final class BodyTest {
  @Test
  void aFileHasAttributesAndBlocksInTheirOrder() {
    Body body =
        Hcl.parse(
            "t",
            """
            # a comment
            zone = "z" // another
            job "web" prod { /* and
                               another */
              group "g\\t1" {
                count = 1 + 1

                task {}
              }
              meta { owner = "me" }
            }
            area = 1
            """);
    assertThat(show(body))
        .isEqualTo(
            "zone=\"z\" area=1 job(web,prod){group(g\t1){count=2 task(){}} meta(){owner=\"me\"}}");
  }

  @Test
  void anEmptyTextIsAnEmptyBody() {
    for (String text : new String[] {"", "\n\n", "# only a comment", "\uFEFF", " \t/* */ "}) {
      assertThat(show(Hcl.parse("t", text))).isEmpty();
    }
  }

  @Test
  void aByteOrderMarkAndCarriageReturnsAreNoPartOfTheContent() {
    assertThat(show(Hcl.parse("t", "\uFEFFa = 1\r\nb {\r\n  c = [\r\n1]\r\n}\r\n")))
        .isEqualTo("a=1 b(){c=[1]}");
  }

  @Test
  void aBodyIsReadFromUtf8Bytes() {
    byte[] bytes = "größe = \"😀\"".getBytes(StandardCharsets.UTF_8);
    assertThat(show(Hcl.parse("t", bytes))).isEqualTo("größe=\"😀\"");
  }

  @Test
  void theLastLineNeedsNoLineEnd() {
    assertThat(show(Hcl.parse("t", "a = 1\nb {}"))).isEqualTo("a=1 b(){}");
  }

  @Test
  void namesHaveDashesAndLettersOfAllScripts() {
    assertThat(show(Hcl.parse("t", "a-b = 1\n_c = 2\nπ1-é = 3\n日本 {}")))
        .isEqualTo("a-b=1 _c=2 π1-é=3 日本(){}");
  }

  @Test
  void keywordsAreNamesOutsideOfExpressions() {
    assertThat(show(Hcl.parse("t", "true = true\nnull = null\nfor = 1\nif in {}")))
        .isEqualTo("true=true null=null for=1 if(in){}");
  }

  @Test
  void blocksOfOneTypeCanRepeat() {
    Body body = Hcl.parse("t", "a \"1\" {}\nb {}\na \"2\" {}\n");
    assertThat(body.blocks("a")).extracting(Block::labelNames).hasToString("[[1], [2]]");
  }

  @Test
  void everythingKnowsItsPlace() {
    Body body = Hcl.parse("t", "\n  job \"😀x\" y {\n\tcount = 1 + f(2)\n}\n");
    Block job = body.blocks().getFirst();
    assertThat(job.typeRange()).hasToString("t:2:3");
    assertThat(job.labels().get(0).range()).hasToString("t:2:7");
    assertThat(job.labels().get(0).range().text()).isEqualTo("\"😀x\"");
    assertThat(job.labels().get(1).range()).hasToString("t:2:12");
    assertThat(job.range().end()).isEqualTo(new Position(4, 2, 36));
    Attribute count = job.body().attributes().get("count");
    assertThat(count.nameRange()).hasToString("t:3:2");
    assertThat(count.range().text()).isEqualTo("count = 1 + f(2)");
    assertThat(count.expression().range()).hasToString("t:3:10");
    assertThat(count.expression().range().text()).isEqualTo("1 + f(2)");
  }

  private static String show(Body body) {
    var attributes =
        body.attributes().values().stream()
            .map(a -> a.name() + "=" + Show.value(a.expression().evaluate(Scope.empty())));
    var blocks =
        body.blocks().stream()
            .map(
                b ->
                    b.type()
                        + "("
                        + String.join(",", b.labelNames())
                        + "){"
                        + show(b.body())
                        + "}");
    return java.util.stream.Stream.concat(attributes, blocks).collect(Collectors.joining(" "));
  }
}
