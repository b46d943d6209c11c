package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

/** How errors are shown. */
final class DiagnosticTest {
  @Test
  void anErrorShowsItsLineAndMarksThePlace() {
    assertThat(render("a = 1\nb = fo.bar + 1\n"))
        .isEqualTo(
            """
            job.hcl:2:5: Unknown variable "fo"
              b = fo.bar + 1
                  ^^\
            """);
  }

  @Test
  void theMarkStandsUnderThePlaceAfterTabsAndWideCharacters() {
    assertThat(render("\ta = \"😀\" + 1")).endsWith("\n  \ta = \"😀\" + 1\n  \t    ^^^");
  }

  @Test
  void aPlaceOverSeveralLinesIsMarkedOnItsFirst() {
    assertThat(render("a = 1 + [\n1\n]")).endsWith("\n  a = 1 + [\n          ^");
  }

  @Test
  void theEndOfTheTextCanBeMarked() {
    assertThat(render("a =")).endsWith("\n  a =\n     ^");
  }

  @Test
  void ofAVeryLongLineThePartAroundThePlaceIsShown() {
    String shown = render("a = \"" + "x".repeat(1000) + "\" + foo + \"" + "y".repeat(1000) + '"');
    assertThat(shown.lines()).allMatch(line -> line.length() < 200);
    assertThat(shown).contains("…x").contains("y…").contains("+ foo +");
    String[] lines = shown.split("\n", -1);
    assertThat(lines[2].indexOf('^')).isEqualTo(lines[1].indexOf("foo"));
  }

  @Test
  void controlCharactersOfTheTextDoNotReachTheTerminal() {
    assertThat(render("a = \"\u001b[31m\" + foo")).doesNotContain("\u001b");
  }

  @Test
  void anExceptionShowsAllItsDiagnostics() {
    HclException e = catchThrowableOfType(HclException.class, () -> Hcl.parse("f", "a = *\nb = /"));
    assertThat(e.diagnostics()).hasSize(2);
    assertThat(e).hasMessageContaining("f:1:5: ").hasMessageContaining("f:2:5: ");
    assertThat(e.render()).contains("  a = *\n      ^\nf:2:5").endsWith("  b = /\n      ^");
  }

  private static String render(String text) {
    return catchThrowableOfType(
            HclException.class,
            () ->
                Hcl.parse("job.hcl", text)
                    .attributes()
                    .values()
                    .forEach(a -> a.expression().evaluate(Scope.empty())))
        .render();
  }
}
