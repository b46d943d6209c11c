package io.gaol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConvertCommandTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void theDirectionIsSeenByWhatIsInTheFile() throws IOException {
    Path conf = file("web.conf", "# job \"x\" {\nweb { path = /jails/web; }\n");
    Path job = folder.resolve("web.nomad.hcl");
    Path back = folder.resolve("back.conf");

    assertThat(convert("-o", job.toString(), conf.toString())).isZero();
    assertThat(job).content().startsWith("job \"web\" {\n").contains("Path = \"/jails/web\"\n");
    assertThat(convert("-o", back.toString(), job.toString())).isZero();
    assertThat(back).content().isEqualTo("web {\n  path = '/jails/web';\n}\n");
    assertThat(errors())
        .isEqualTo(
            "gaol: not carried: " + job + ":5:5: web: resources: the limit of 300 MiB of memory\n");
  }

  @Test
  void theDirectionThatIsGivenCounts() throws IOException {
    Path conf = file("web.conf", "web { path = /jails/web; }\n");

    assertThat(convert("--to", "jail.conf", conf.toString())).isEqualTo(1);
    assertThat(errors()).contains("web.conf:1:14: ");
    assertThat(convert("--to", "podman", conf.toString())).isEqualTo(1);
    assertThat(errors()).endsWith("gaol: --to takes jail.conf or nomad, but \"podman\" is given\n");
  }

  @Test
  void whatIsWrongIsToldAllAtOnceAndNothingIsWritten() throws IOException {
    Path conf = file("web.conf", "web { path = /a b; persist }\n");
    Path job = file("job.hcl", "as it was");

    assertThat(convert("-o", job.toString(), conf.toString())).isEqualTo(1);
    assertThat(errors().lines())
        .containsExactly(
            "gaol: "
                + conf
                + ":1:17: a value with blanks needs quotes, and several values need commas: \"b\""
                + " stands here where \";\" is expected",
            "gaol: " + conf + ":1:27: the \";\" after \"persist\" is missing");
    assertThat(job).hasContent("as it was");
  }

  @Test
  void theFileThatIsReadIsNotWritten() throws IOException {
    Path conf = file("web.conf", "web { path = /jails/web; }\n");

    assertThat(convert("-o", conf.toString(), conf.toString())).isEqualTo(1);
    assertThat(errors())
        .isEqualTo("gaol: -o " + conf + " is the file that is read: name another one\n");
    assertThat(conf).hasContent("web { path = /jails/web; }");
  }

  @Test
  void aFileThatIsNotThereIsToldSo() {
    assertThat(convert(folder.resolve("none").toString())).isEqualTo(1);
    assertThat(convert(folder.toString())).isEqualTo(1);
    assertThat(errors())
        .isEqualTo(
            "gaol: the file "
                + folder.resolve("none")
                + " does not exist\ngaol: "
                + folder
                + " is a directory: name a file in it\n");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int convert(String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return new CommandLine(new ConvertCommand(terminal).spec()).execute(arguments);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
