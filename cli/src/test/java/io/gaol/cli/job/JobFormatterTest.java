package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFormatterTest {
  @TempDir Path folder;

  @Test
  void aFileKeepsItsModeAndNothingElseIsLeft() throws IOException, JobException {
    Path file = Files.writeString(folder.resolve("a.hcl"), "a=1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    JobFormatter.Formatted formatted = JobFormatter.format(file);
    JobFormatter.write(file, formatted.text());

    assertThat(formatted.changed()).isTrue();
    assertThat(file).hasContent("a = 1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aLinkStaysALinkAndItsTargetIsWritten() throws IOException, JobException {
    Path target = Files.writeString(folder.resolve("target.hcl"), "a=1\n");
    Path link = Files.createSymbolicLink(folder.resolve("link.hcl"), target);

    JobFormatter.write(link, "a = 1\n");

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(target).hasContent("a = 1");
  }

  @Test
  void aFolderMeansTheJobFilesInItAndBelowItIfAsked() throws IOException, JobException {
    Path job = Files.writeString(folder.resolve("a.nomad"), "");
    Files.writeString(folder.resolve("notes.txt"), "");
    Path below = Files.writeString(Files.createDirectory(folder.resolve("x")).resolve("b.hcl"), "");

    assertThat(JobFormatter.files(folder, false)).containsExactly(job);
    assertThat(JobFormatter.files(folder, true)).containsExactly(job, below);
  }

  @Test
  void whatIsNoHclIsAnErrorWithItsPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("a.hcl"), "a = = 1\n");

    assertThatThrownBy(() -> JobFormatter.format(file)).hasMessageContaining("a.hcl:1:5: ");
  }
}
