package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** White space put in order, and nothing else. */
final class FormatterTest {
  private static final long SEED = 20_260_203;
  private static final ParseOptions LENIENT =
      ParseOptions.standard().collectingRepeatedAttributes(_ -> {});

  @Test
  void linesAreIndentedByTheBracketsAroundThem() {
    assertFormatted(
        """
        job "a" {
        # comment
            group "g" {
              x = [
            1,
          [2,
            3],
              ]
          env = {
          A = f(
        1
          )
          }
          }

              }
        """,
        """
        job "a" {
          # comment
          group "g" {
            x = [
              1,
              [2,
              3],
            ]
            env = {
              A = f(
                1
              )
            }
          }

        }
        """);
  }

  @Test
  void equalsSignsAndCommentsOfNeighbouringLinesStandBelowEachOther() {
    assertFormatted(
        """
        a = 1 # one
        long_name="x" // two
        é́ = 2
        b {} # three
        c   = 3

        longer_still = {
        ab = 1
        c = 2
        }
        d = 1
        """,
        """
        a         = 1   # one
        long_name = "x" // two
        é́         = 2
        b {} # three
        c = 3

        longer_still = {
          ab = 1
          c  = 2
        }
        d = 1
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a=1                        | a = 1
          a = 1+2*3                  | a = 1 + 2 * 3
          a = b -1                   | a = b - 1
          a = - 1                    | a = -1
          a = [- 1,-b]               | a = [-1, -b]
          a = (b)- 1                 | a = (b) - 1
          a = b==- 1                 | a = b == -1
          a = ! b                    | a = !b
          a = b?c:d                  | a = b ? c : d
          a = f ( b,c ... )          | a = f(b, c...)
          a = x :: y ( )             | a = x::y()
          a = b . c [ 0 ] . d        | a = b.c[0].d
          a = f(b) [0] [1]           | a = f(b)[0][1]
          a = [ ]                    | a = []
          a = [ b,c,]                | a = [b, c, ]
          a = { }                    | a = {}
          a = {b=1,c:2}              | a = { b = 1, c : 2 }
          a = [for b in [c]:b if d]  | a = [for b in [c] : b if d]
          a = {for b,c in d:b=>c}    | a = { for b, c in d : b => c }
          a = b[*].c                 | a = b[*].c
          a = b . * . c              | a = b.*.c
          b "c"   d{}                | b "c" d {}
          b {a=1}                    | b { a = 1 }
          a = "x  ${ y }  z"         | a = "x  ${ y }  z"
          a = 1/* b */+2             | a = 1 /* b */ + 2
          a = 1 . 5                  | a = 1 . 5
          """)
  void tokensAreApartByOneBlankOrNone(String text, String expected) {
    assertFormatted(text + "\n", expected + "\n");
  }

  @Test
  void heredocsStringsAndCommentsStayAsTheyAre() {
    assertFormatted(
        """
        a {
        b = <<-EOT
              x  =  ${ y }
            { [
            EOT
        /* of
             several
          lines */
        c=1   #   and   blanks
        }
        """,
        """
        a {
          b = <<-EOT
              x  =  ${ y }
            { [
            EOT
          /* of
             several
          lines */
          c = 1 #   and   blanks
        }
        """);
  }

  @Test
  void lineEndsStayAsTheyAreAndBlanksBeforeThemGo() {
    assertFormatted("\uFEFFa=1 \r\n \t\r\nb=2 # c\r\n\n", "\uFEFFa = 1\r\n\r\nb = 2 # c\r\n\n");
    assertFormatted("a=1", "a = 1");
    assertFormatted("", "");
  }

  @Test
  void whatIsNotHclIsNotFormatted() {
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> Hcl.format("t", "a =  *"))
        .withMessageStartingWith("t:1:6:");
  }

  static List<Path> jobFiles() {
    return JobFiles.paths();
  }

  @ParameterizedTest
  @MethodSource("jobFiles")
  void aFormattedJobFileMeansTheSame(Path file) {
    assertSameTree(JobFiles.text(file));
  }

  @Test
  void anyFormattedTextMeansTheSameAndStaysAsItIs() {
    for (int i = 0; i < 2_000; i++) {
      long seed = SEED + i;
      String text = new RandomText(new Random(seed)).body(3);
      try {
        assertSameTree(text);
      } catch (AssertionError | HclException e) {
        throw new AssertionError("for the seed " + seed + ": " + text, e);
      }
    }
  }

  static void assertSameTree(String text) {
    String formatted = Hcl.format("t", text);
    assertThat(Trees.show(Hcl.parse("t", formatted, LENIENT)))
        .isEqualTo(Trees.show(Hcl.parse("t", text, LENIENT)));
    assertThat(withoutSpace(formatted)).isEqualTo(withoutSpace(text));
    assertThat(Hcl.format("t", formatted)).as("formatted twice").isEqualTo(formatted);
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("[ \t]", "");
  }

  private static void assertFormatted(String text, String expected) {
    assertThat(Hcl.format("t", text)).isEqualTo(expected);
    assertSameTree(text);
  }
}
