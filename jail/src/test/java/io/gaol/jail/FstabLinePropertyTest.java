package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;

class FstabLinePropertyTest {
  @Property(tries = 1_000)
  void whatIsPrintedIsReadAsTheSame(
      @ForAll @AlphaChars @Chars({' ', '\t', '\n', '#', '\\', '/', 'ä', '7'}) String source,
      @ForAll @AlphaChars @Chars({' ', '\t', '\n', '#', '\\', '/', 'ä', '7'}) String target,
      @ForAll MountType type) {
    FstabLine line;
    try {
      line = new FstabLine("/" + source, Path.of("/jails/" + target), type, List.of("ro"));
    } catch (InvalidValueException refused) {
      return;
    }

    assertThat(FstabLine.parse(line.toString())).isEqualTo(line);
    assertThat(FstabLine.parseFile(line + "\n" + line)).containsExactly(line, line);
  }

  @Property(tries = 1_000)
  void anyTextIsALineOrRefusedWithItsProblems(@ForAll String text) {
    readOrRefused(text);
    readOrRefused("/data /jails/web/data nullfs " + text);
    readOrRefused("/da" + text + " /jails/web/da" + text + " nullfs ro");
    readOrRefused("tmpfs /jails/web tmpfs size=" + text + ",mode=" + text);
  }

  @Property
  void anyTextIsAFileOrRefusedWithItsProblems(@ForAll String text) {
    try {
      FstabLine.parseFile(text);
    } catch (InvalidValueException refused) {
      assertThat(refused.problems()).isNotEmpty();
    }
  }

  private static void readOrRefused(String text) {
    try {
      FstabLine line = FstabLine.parse(text);
      assertThat(FstabLine.parse(line.toString())).isEqualTo(line);
    } catch (InvalidValueException refused) {
      assertThat(refused.problems()).isNotEmpty().doesNotHaveDuplicates();
    }
  }
}
