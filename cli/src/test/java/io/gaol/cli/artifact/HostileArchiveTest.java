package io.gaol.cli.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.artifact.Artifact.Mode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives made to write where they should not, or to fill the host. */
class HostileArchiveTest {
  @TempDir Path directory;
  private Scene scene;

  @BeforeEach
  void lay() throws IOException {
    scene = new Scene(directory);
    Files.writeString(directory.resolve("victim"), "untouched");
  }

  @AfterEach
  void nothingOutsideWasTouched() throws IOException {
    assertThat(directory.resolve("victim")).hasContent("untouched");
    try (var all = Files.list(directory)) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("victim", "job", "allocation");
    }
  }

  private String refusal(Tar tar) throws IOException {
    tar.write(scene.folder.resolve("x.tar"));
    return scene.refusal("x.tar");
  }

  @ParameterizedTest
  @CsvSource({
    "../../../victim, leads outside with ..",
    "a/../../x, leads outside with ..",
    "a/.., leads outside with ..",
    "/etc/gaol-was-here, has an absolute path",
  })
  void anEntryThatLeadsOutsideIsRefused(String name, String problem) throws Exception {
    assertThat(refusal(new Tar().file("good", "").file(name, "bad")))
        .contains("its entry \"" + name + "\" " + problem);
  }

  @Test
  void aLinkAndThenAFileThroughItIsRefused() throws Exception {
    assertThat(refusal(new Tar().link("out", directory.toString()).file("out/victim", "bad")))
        .contains("\"out/victim\" goes through a symbolic link");
  }

  @Test
  void aLinkAndThenAFileInItsPlaceIsRefused() throws Exception {
    assertThat(refusal(new Tar().link("out", directory + "/victim").file("out", "bad")))
        .contains("\"out\" is there twice");
    assertThat(refusal(new Tar().link("out", "../../../victim").directory("out", 0777)))
        .contains("\"out/\" is there twice");
    assertThat(refusal(new Tar().file("out", "").link("out", "../../../victim")))
        .contains("\"out\" is there twice, once as a link");
  }

  @Test
  void aHardLinkToALinkOrToWhatIsOutsideIsRefused() throws Exception {
    assertThat(refusal(new Tar().link("out", directory + "/victim").hardLink("in", "out")))
        .contains("which is no file in it");
    assertThat(refusal(new Tar().hardLink("in", "../../../victim"))).contains("leads outside");
    assertThat(refusal(new Tar().hardLink("in", "/etc/passwd"))).contains("absolute path");
  }

  @ParameterizedTest
  @CsvSource({
    "link, /etc/passwd",
    "link, ..",
    "a/link, ../../x",
    "a/link, b/../../../x",
    "a/link, b/..",
  })
  void aLinkThatLeadsOutsideIsRefused(String name, String target) throws Exception {
    assertThat(refusal(new Tar().directory("a", 0755).link(name, target)))
        .contains("\"" + name + "\" is a symbolic link that leads outside: \"" + target + "\"");
  }

  @Test
  void aLinkThatGoesOutByAnotherIsRefused() throws Exception {
    // Each would look as if it stayed inside to who counts names: up is the top itself.
    assertThat(
            refusal(
                new Tar()
                    .directory("d/e", 0755)
                    .link("d/e/up", "../..")
                    .link("x", "d/e/up/../etc")))
        .contains("\"x\" is a symbolic link that leads outside");
  }

  @Test
  void aLinkThatWouldLeaveTheDirectoryThatIsTakenIsRefused() throws Exception {
    new Tar().file("top/in", "").link("top/link", "../out").write(scene.folder.resolve("x.tar"));

    assertThat(scene.refusal("x.tar//top")).contains("leads outside");
  }

  @Test
  void linksThatStayInsideAreMade() throws Exception {
    new Tar()
        .file("lib/x.so.1", "so")
        .link("lib/x.so", "x.so.1")
        .link("bin/x", "../lib/x.so")
        .hardLink("lib/y", "lib/x.so.1")
        .write(scene.folder.resolve("x.tar"));

    scene.fetch("x.tar");

    assertThat(scene.task.resolve("local/bin/x")).hasContent("so");
    assertThat(scene.task.resolve("local/lib/y")).hasContent("so");
  }

  @Test
  void devicesAndPipesAreRefused() throws Exception {
    assertThat(refusal(new Tar().special("disk", TarConstants.LF_BLK, ""))).contains("is a device");
    assertThat(refusal(new Tar().special("tty", TarConstants.LF_CHR, ""))).contains("is a device");
    assertThat(refusal(new Tar().special("pipe", TarConstants.LF_FIFO, ""))).contains("named pipe");
  }

  @Test
  void aDirectoryUnderAFileIsRefused() throws Exception {
    assertThat(refusal(new Tar().file("a", "").file("a/b", ""))).contains("goes through a file");
  }

  @Test
  void aNameMayHaveControlCharactersButTheMessageHasNone() throws Exception {
    assertThat(refusal(new Tar().file("\u001b[2J/../x", ""))).contains("\"?[2J/../x\"");
  }

  @Test
  void theSameFileTwiceIsTheLaterOneAsWithTar() throws Exception {
    new Tar().file("a", "old").file("a", "new").write(scene.folder.resolve("x.tar"));

    scene.fetch("x.tar");

    assertThat(scene.content()).containsEntry("task/local/a", "new");
  }

  @Test
  void tooManyEntriesAreRefusedAlsoWhenTheyAreOnlyImplied() throws Exception {
    Tar many = new Tar();
    for (int count = 0; count < 60; count++) {
      many.file("f" + count, "");
    }
    assertThat(refusal(many)).contains("more than 50 files, directories and links");
    assertThat(refusal(new Tar().file("d/".repeat(60) + "f", ""))).contains("more than 50");
  }

  @Test
  void whatUnpacksToMoreThanIsAllowedIsRefused() throws Exception {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(scene.folder.resolve("x.gz")))) {
      byte[] zeros = new byte[100_000];
      for (int count = 0; count < 20; count++) {
        out.write(zeros);
      }
    }
    assertThat(scene.refusal(Scene.artifact("x.gz", "local/x", Mode.FILE, Map.of())))
        .contains("larger than is allowed");

    String half = "0".repeat(600_000);
    Path zip = scene.folder.resolve("x.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      for (String name : new String[] {"a", "b"}) {
        out.putArchiveEntry(new ZipArchiveEntry(name));
        out.write(half.getBytes(StandardCharsets.UTF_8));
        out.closeArchiveEntry();
      }
    }
    assertThat(scene.refusal("x.zip")).contains("larger than is allowed");
  }

  @Test
  void aNameOfAGigabyteIsRefusedBeforeItFillsTheMemory() throws Exception {
    org.apache.commons.compress.archivers.tar.TarArchiveEntry header =
        new org.apache.commons.compress.archivers.tar.TarArchiveEntry(
            "././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
    header.setSize(1L << 30);
    byte[] block = new byte[512];
    header.writeEntryHeader(block);
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(scene.folder.resolve("x.tgz")))) {
      out.write(block);
      byte[] name = new byte[1 << 20];
      Arrays.fill(name, (byte) 'a');
      for (int count = 0; count < 4; count++) {
        out.write(name);
      }
    }
    assertThat(scene.refusal("x.tgz")).contains("headers of one entry take more than 1 MiB");
  }

  @ParameterizedTest
  @CsvSource({
    "x.tar, TAR",
    "x.zip, ZIP",
    "x.tar.gz, GZ",
    "x.tar.xz, TAR",
    "x.tar.zst, TAR",
    "x.tar.bz2, TAR"
  })
  void aTruncatedOrWrongArchiveLeavesNothing(String name, String content) throws Exception {
    byte[] tar = new Tar().file("a", "x".repeat(5000)).file("b", "y".repeat(5000)).bytes();
    byte[] bytes =
        switch (content) {
          case "GZ" -> {
            var out = new java.io.ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(out)) {
              gzip.write(tar);
            }
            yield Arrays.copyOf(out.toByteArray(), out.size() - 20);
          }
          default -> Arrays.copyOf(tar, 7000);
        };
    Files.write(scene.folder.resolve(name), bytes);

    assertThat(scene.refusal(name)).contains("could not be unpacked: ");
  }

  @Test
  void anEmptyArchiveIsRefusedAsNomadDoes() throws Exception {
    assertThat(refusal(new Tar())).contains("the archive is empty");
  }

  @Test
  void withModeFileAnArchiveHasOneFile() throws Exception {
    new Tar().file("a", "").file("b", "").write(scene.folder.resolve("x.tar"));

    assertThat(scene.refusal(Scene.artifact("x.tar", "local/x", Mode.FILE, Map.of())))
        .contains("takes an archive of one file");
  }

  private Path zip(String name, int mode, byte[] content) throws IOException {
    Path file = scene.folder.resolve("x.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(file)) {
      ZipArchiveEntry entry = new ZipArchiveEntry(name);
      entry.setUnixMode(mode);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "../../../victim, 0100644, x, leads outside with ..",
    "/etc/gaol-was-here, 0100644, x, has an absolute path",
    "link, 0120777, ../../../victim, leads outside",
    "disk, 0060644, x, 'neither file, nor'",
  })
  void aZipIsHeldToTheSame(String name, String mode, String content, String problem)
      throws Exception {
    zip(name, Integer.decode(mode), content.getBytes(StandardCharsets.UTF_8));

    assertThat(scene.refusal("x.zip")).contains(problem.replace("file, nor", "file nor"));
  }

  @Test
  void aZipWhoseContentWasChangedIsRefused() throws Exception {
    Path file = scene.folder.resolve("x.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(file)) {
      out.setMethod(ZipArchiveOutputStream.STORED);
      out.putArchiveEntry(new ZipArchiveEntry("a"));
      out.write("right".getBytes(StandardCharsets.UTF_8));
      out.closeArchiveEntry();
    }
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("right");
    bytes[at] = 'f';
    Files.write(file, bytes);

    assertThat(scene.refusal("x.zip")).contains("is damaged: its CRC differs");
  }
}
