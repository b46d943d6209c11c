package io.gaol.cli.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.artifact.Artifact.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactFetcherTest {
  /** SHA-256 of "hello\n". */
  private static final String HELLO_SHA256 =
      "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

  private static final String HELLO_MD5 = "b1946ac92492d2347c6235b4d2611184";

  @TempDir Path directory;
  private Scene scene;

  @BeforeEach
  void lay() throws IOException {
    scene = new Scene(directory);
    Files.writeString(scene.folder.resolve("hello.txt"), "hello\n");
  }

  private static byte[] packed(String ending, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (ending.replaceFirst("^(tar\\.|t(?=.zip|bz2|xz|zst|gz))", "")) {
          case "gz" -> new GZIPOutputStream(bytes);
          case "bz2" -> new BZip2CompressorOutputStream(bytes);
          case "xz" -> new org.tukaani.xz.XZOutputStream(bytes, new org.tukaani.xz.LZMA2Options());
          case "zst" -> new com.github.luben.zstd.ZstdOutputStream(bytes);
          default -> bytes;
        }) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  void aFileIsPutIntoTheDestinationUnderItsName() throws Exception {
    scene.fetch("hello.txt");

    assertThat(scene.content()).containsEntry("task/local/hello.txt", "hello\n");
    assertThat(scene.events).containsExactly("copying hello.txt");
  }

  @Test
  void withModeFileTheDestinationIsTheFilesName() throws Exception {
    scene.fetch(Scene.artifact("hello.txt", "local/a/b.txt", Mode.FILE, Map.of()));

    assertThat(scene.content()).containsEntry("task/local/a/b.txt", "hello\n");
  }

  @Test
  void theOptionFilenameNamesTheFile() throws Exception {
    scene.fetch(Scene.artifact("hello.txt?filename=x.txt", "local", Mode.ANY, Map.of()));

    assertThat(scene.content()).containsKey("task/local/x.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tar", "tar.gz", "tgz", "tar.bz2", "tbz2", "tar.xz", "txz", "tar.zst", "tzst"})
  void anArchiveIsUnpackedIntoTheDestination(String ending) throws Exception {
    byte[] tar = new Tar().file("a/b.txt", "deep").file("./c.txt", "flat").bytes();
    Files.write(scene.folder.resolve("x." + ending), packed(ending, tar));

    scene.fetch("x." + ending);

    assertThat(scene.content())
        .containsEntry("task/local/a/b.txt", "deep")
        .containsEntry("task/local/c.txt", "flat")
        .doesNotContainKey("task/local/x." + ending);
  }

  @Test
  void aZipIsUnpackedToo() throws Exception {
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(scene.folder.resolve("x.zip")))) {
      zip.putNextEntry(new ZipEntry("a/"));
      zip.putNextEntry(new ZipEntry("a/b.txt"));
      zip.write("deep".getBytes(StandardCharsets.UTF_8));
    }

    scene.fetch("x.zip");

    assertThat(scene.content()).containsEntry("task/local/a/b.txt", "deep");
    assertThat(permissions("local/a/b.txt")).isEqualTo("rw-r--r--");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "xz", "zst"})
  void aCompressedFileIsUnpackedToTheNameThatIsTheDestination(String ending) throws Exception {
    Files.write(
        scene.folder.resolve("x." + ending),
        packed(ending, "one\n".getBytes(StandardCharsets.UTF_8)));

    scene.fetch(Scene.artifact("x." + ending, "local/x", Mode.FILE, Map.of()));

    assertThat(scene.content()).containsEntry("task/local/x", "one\n");
    assertThat(permissions("local/x")).isEqualTo("rw-r--r--");
  }

  @Test
  void archiveFalseLeavesAnArchiveAsItIs() throws Exception {
    byte[] tar =
        new Tar().file("a", "x").write(scene.folder.resolve("x.tar")).toFile().length() > 0
            ? Files.readAllBytes(scene.folder.resolve("x.tar"))
            : null;

    scene.fetch(Scene.artifact("x.tar", "local", Mode.ANY, Map.of("archive", "false")));

    assertThat(scene.task.resolve("local/x.tar")).hasBinaryContent(tar);
  }

  @ParameterizedTest
  @ValueSource(strings = {"top-*/sub", "top-1/sub", "/top-1/sub/"})
  void ofAnArchiveOneDirectoryCanBeTaken(String wanted) throws Exception {
    new Tar()
        .file("top-1/sub/in", "in")
        .link("top-1/sub/link", "in")
        .file("top-1/out", "out")
        .write(scene.folder.resolve("x.tar"));

    scene.fetch("x.tar//" + wanted);

    assertThat(scene.content())
        .containsEntry("task/local/in", "in")
        .containsEntry("task/local/link", "-> in")
        .doesNotContainKey("task/local/out")
        .doesNotContainKey("task/local/top-1/");
  }

  @Test
  void aDirectoryThatIsNotInTheArchiveIsNamed() throws Exception {
    new Tar().file("a/x", "").file("b/x", "").write(scene.folder.resolve("x.tar"));

    assertThat(scene.refusal("x.tar//c")).contains("no directory \"c\" in the archive");
    assertThat(scene.refusal("x.tar//*")).contains("more than one directory matches");
  }

  @Test
  void aDirectoryOfTheHostIsCopied() throws Exception {
    Path site = Files.createDirectories(scene.folder.resolve("site/css"));
    Files.writeString(site.resolve("a.css"), "a");
    Files.createSymbolicLink(site.resolve("b.css"), Path.of("a.css"));

    scene.fetch("site");

    assertThat(scene.content())
        .containsEntry("task/local/css/a.css", "a")
        .containsEntry("task/local/css/b.css", "-> a.css");
  }

  @Test
  void modesAreKeptWithoutSetuidAndSetgid() throws Exception {
    new Tar()
        .file("run", "#!", 06755)
        .directory("d", 02750)
        .file("d/secret", "", 0600)
        .write(scene.folder.resolve("x.tar"));

    scene.fetch("x.tar");

    assertThat(
            (int) (Integer) Files.getAttribute(scene.task.resolve("local/run"), "unix:mode")
                & 07777)
        .isEqualTo(0755);
    assertThat(
            (int) (Integer) Files.getAttribute(scene.task.resolve("local/d"), "unix:mode") & 07777)
        .isEqualTo(0750);
    assertThat(permissions("local/d/secret")).isEqualTo("rw-------");
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(scene.task.resolve(name)));
  }

  @Test
  void whatIsThereStaysAndWhatHasTheSameNameIsReplaced() throws Exception {
    Files.createDirectory(scene.task.resolve("local/a"));
    Files.writeString(scene.task.resolve("local/a/kept"), "kept");
    Files.writeString(scene.task.resolve("local/a/x"), "old");
    Files.createSymbolicLink(scene.task.resolve("local/b"), Path.of("/etc"));
    new Tar().file("a/x", "new").file("b/y", "y").write(scene.folder.resolve("x.tar"));

    scene.fetch("x.tar");

    assertThat(scene.content())
        .containsEntry("task/local/a/kept", "kept")
        .containsEntry("task/local/a/x", "new")
        .containsEntry("task/local/b/y", "y");
    assertThat(Path.of("/etc/y")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "local/../../x, leads out of the task's directory",
    "../../../x, leads out of the task's directory",
    "../other/local, leads out of the task's directory",
    "/../../etc, leads out of the task's directory",
    "local/out/x, by a symbolic link",
    "local/out, by a symbolic link",
    "local/nowhere/x, a link that leads nowhere",
    "local/file/x, has a file in its way",
  })
  void aDestinationStaysInTheTasksDirectory(String destination, String problem) throws Exception {
    Files.createSymbolicLink(scene.task.resolve("local/out"), directory);
    Files.createSymbolicLink(scene.task.resolve("local/nowhere"), Path.of("missing"));
    Files.writeString(scene.task.resolve("local/file"), "");

    assertThat(scene.refusal(Scene.artifact("hello.txt", destination, Mode.ANY, Map.of())))
        .contains("its destination \"" + destination + "\"")
        .contains(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "local/, task/local/hello.txt",
    "/local/x, task/local/x/hello.txt",
    "/, task/hello.txt",
    "alloc/data, alloc/data/hello.txt",
    "/alloc/data, alloc/data/hello.txt",
    "../alloc/data, alloc/data/hello.txt",
    "local/inside, task/local/hello.txt",
  })
  void aDestinationIsWhereTheTaskWillFindIt(String destination, String file) throws Exception {
    Files.createSymbolicLink(scene.task.resolve("local/inside"), Path.of("."));

    scene.fetch(Scene.artifact("hello.txt", destination, Mode.ANY, Map.of()));

    assertThat(scene.content()).containsEntry(file, "hello\n");
  }

  @Test
  void aFileReplacesALinkOfItsNameAndIsNotWrittenThroughIt() throws Exception {
    Path outside = Files.writeString(directory.resolve("outside"), "untouched");
    Files.createSymbolicLink(scene.task.resolve("local/x"), outside);

    scene.fetch(Scene.artifact("hello.txt", "local/x", Mode.FILE, Map.of()));

    assertThat(scene.content()).containsEntry("task/local/x", "hello\n");
    assertThat(outside).hasContent("untouched");
  }

  @Test
  void aDirectoryIsNoNameForAFile() throws Exception {
    assertThat(scene.refusal(Scene.artifact("hello.txt", "local", Mode.FILE, Map.of())))
        .contains("is a directory: with mode = \"file\", it is the name of the file");
  }

  @Test
  void aDestinationThatCannotBeWrittenIsNamed() throws Exception {
    Path readOnly = Path.of("/proc/self/fdinfo");
    Assumptions.assumeTrue(Files.isDirectory(readOnly));
    ArtifactPlaces places =
        new ArtifactPlaces(scene.folder, readOnly, readOnly, readOnly, Optional.empty());

    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                ArtifactException.class,
                () ->
                    ArtifactFetcher.fetch(
                        Scene.artifact("hello.txt", "x/", Mode.ANY, Map.of()),
                        places,
                        Scene.SMALL,
                        scene.events::add)))
        .hasMessageContaining("artifact hello.txt: /proc/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:" + HELLO_SHA256,
        HELLO_SHA256,
        "md5:" + HELLO_MD5,
        "SHA1:F572D396FAE9206628714FB2CE00F72E94F2258F",
        "file:GNU",
        "file:BSD",
        "file:BARE",
        "file:../job/GNU"
      })
  void aChecksumThatIsRightIsNoHindrance(String checksum) throws Exception {
    Files.writeString(
        scene.folder.resolve("GNU"),
        HELLO_SHA256.replace('5', '6') + "  other.txt\n" + HELLO_SHA256 + " *hello.txt\n");
    Files.writeString(
        scene.folder.resolve("BSD"),
        "# sums\nMD5 (hello.txt) = "
            + "0".repeat(32)
            + "\nSHA256 (./hello.txt) = "
            + HELLO_SHA256
            + "\n");
    Files.writeString(scene.folder.resolve("BARE"), HELLO_SHA256 + "\n");

    scene.fetch(Scene.artifact("hello.txt", "local", Mode.ANY, Map.of("checksum", checksum)));

    assertThat(scene.content()).containsEntry("task/local/hello.txt", "hello\n");
  }

  @Test
  void aChecksumThatIsWrongTellsBothAndLeavesNothing() throws Exception {
    String wrong = "sha256:" + HELLO_SHA256.replace('5', '6');

    assertThat(
            scene.refusal(
                Scene.artifact("hello.txt", "local", Mode.ANY, Map.of("checksum", wrong))))
        .contains("artifact hello.txt", "expected " + wrong, "got sha256:" + HELLO_SHA256);
  }

  @Test
  void anArchiveIsNotUnpackedBeforeItsChecksumIsRight() throws Exception {
    Files.writeString(scene.folder.resolve("x.tar"), "not an archive at all");

    assertThat(
            scene.refusal(
                Scene.artifact("x.tar", "local", Mode.ANY, Map.of("checksum", "md5:" + HELLO_MD5))))
        .contains("its checksum is wrong");
    assertThat(scene.events).doesNotContain("unpacking x.tar");
  }

  @ParameterizedTest
  @CsvSource({
    "sha266:00, Did you mean",
    "md5:00, '32 hexadecimal digits, not \"00\"'",
    "zz, not of a type",
    "file:GNU, 'GNU has no checksum of \"[/'",
    "file:missing, is not there",
    "file:git::x, only files of this host",
  })
  void aChecksumThatCannotBeReadIsRefused(String checksum, String problem) throws Exception {
    Files.writeString(scene.folder.resolve("GNU"), HELLO_SHA256 + "  other.txt\n");

    assertThat(
            scene.refusal(
                Scene.artifact("hello.txt", "local", Mode.ANY, Map.of("checksum", checksum))))
        .contains(problem);
  }

  @Test
  void chownMakesItTheTasksUsersAllOfIt() throws Exception {
    Assumptions.assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0);
    new Tar().file("a/b", "").link("a/c", "b").write(scene.folder.resolve("x.tar"));
    ArtifactPlaces places = scene.places();

    ArtifactFetcher.fetch(
        new Artifact("x.tar", "local/new", Mode.ANY, Map.of(), Map.of(), true, false),
        new ArtifactPlaces(
            places.jobFolder(),
            places.scratch(),
            places.taskDirectory(),
            places.sharedDirectory(),
            Optional.of(new FileOwner(12345, 54321))),
        Scene.SMALL,
        scene.events::add);

    for (String name :
        new String[] {"local/new", "local/new/a", "local/new/a/b", "local/new/a/c"}) {
      Map<String, Object> owner =
          Files.readAttributes(
              scene.task.resolve(name), "unix:uid,gid", java.nio.file.LinkOption.NOFOLLOW_LINKS);
      assertThat(owner).as(name).containsEntry("uid", 12345).containsEntry("gid", 54321);
    }
    assertThat(Files.getAttribute(scene.task.resolve("local"), "unix:uid")).isEqualTo(0);
  }

  @Test
  void aSourceThatIsNotThereIsNamed() throws Exception {
    assertThat(scene.refusal("example.com/x.txt"))
        .contains(scene.folder + "/example.com/x.txt is not there")
        .contains("https://");
    assertThat(scene.refusal("/dev/null")).contains("/dev/null is not a file");
  }

  @Test
  void aThreadThatIsInterruptedFetchesNothing() throws Exception {
    Map<String, String> before = scene.content();
    Thread.currentThread().interrupt();

    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> scene.fetch("hello.txt")))
        .isInstanceOf(InterruptedException.class);
    assertThat(scene.content()).isEqualTo(before);
  }
}
