package io.gaol.cli.params;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailParameter;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinuxReferenceTest {

  @Test
  void thePageInDocsIsThatOfTheCatalogue() throws IOException {
    assertThat(Files.readString(Path.of("../docs/linux.md")))
        .as("docs/linux.md is stale: write it anew with %s", LinuxReference.COMMAND)
        .isEqualTo(LinuxReference.markdown());
  }

  @Test
  void everyParameterThatCanBeSetHasARowForEachValueThatIsJudged() {
    List<String> rows = LinuxReference.markdown().lines().toList();
    for (JailParameter parameter : ParameterReference.all()) {
      boolean canBeSet = parameter.settable() != JailParameter.Settable.NEVER;
      assertThat(rows.stream().filter(row -> row.startsWith("| `" + name(parameter) + "` |")))
          .as(parameter.name())
          .hasSize(canBeSet ? parameter.linux().particular().size() + 1 : 0);
    }
  }

  private static String name(JailParameter parameter) {
    return parameter.name().replace("<", "&lt;");
  }

  @Test
  void eachRowSaysByWhatOrWhyNot() {
    List<String> rows =
        LinuxReference.markdown()
            .lines()
            .takeWhile(row -> !row.startsWith("## Resources"))
            .filter(row -> row.startsWith("| `"))
            .map(row -> row.substring(row.indexOf("` |") + 3))
            .toList();
    assertThat(rows)
        .allMatch(
            row ->
                row.matches(
                    ".* \\| done \\| \\S.*\\|  \\|"
                        + "|.* \\| near \\| \\S.* \\| \\S.*"
                        + "|.* \\| already so \\|  \\| \\S.*"
                        + "|.* \\| refused \\| .*\\| \\S.*"));
  }

  @Test
  void everyResourceOfRctlHasARow() {
    assertThat(
            LinuxReference.markdown()
                .lines()
                .dropWhile(row -> !row.startsWith("## Resources"))
                .filter(row -> row.startsWith("| `"))
                .map(row -> row.split("`")[1]))
        .containsExactlyElementsOf(
            Stream.of(RctlResource.values()).map(RctlResource::keyword).toList());
  }
}
