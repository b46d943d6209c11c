package io.gaol.cli.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.cli.artifact.Artifact.Mode;
import io.gaol.cli.artifact.Source.Location.Http;
import io.gaol.cli.artifact.Source.Location.Local;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTest {
  private static final Path FOLDER = Path.of("/jobs");

  private static Source source(String text, Mode mode, Map<String, String> options)
      throws ArtifactException {
    return Source.of(Scene.artifact(text, "local/", mode, options), FOLDER);
  }

  private static String refusal(String text, Mode mode, Map<String, String> options) {
    return catchThrowableOfType(ArtifactException.class, () -> source(text, mode, options))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "git::https://github.com/a/b, github.com/OWNER/NAME/archive",
    "github.com/a/b, github.com/OWNER/NAME/archive",
    "git@github.com:a/b.git, github.com/OWNER/NAME/archive",
    "ssh://git@host/a.git, github.com/OWNER/NAME/archive",
    "s3::https://s3.amazonaws.com/a/b, presigned",
    "a.s3.amazonaws.com/b/c, presigned",
    "s3://bucket/key, presigned",
    "gcs::https://www.googleapis.com/storage/v1/a/b, storage.googleapis.com",
    "hg::http://host/repository, archive that the server makes",
    "ftp://host/file, 'only files of this host, http and https'",
    "oci::host/image, 'only files of this host, http and https'",
  })
  void whatIsNotFetchedHereIsRefusedWithWhatWouldDo(String source, String advice) {
    assertThat(refusal(source, Mode.ANY, Map.of())).contains(advice).contains("http and https");
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/a.txt, /srv/a.txt",
    "file:///srv/a%20b.txt, /srv/a b.txt",
    "a.txt, /jobs/a.txt",
    "./x/../a.txt, /jobs/a.txt",
    "/srv/a+b.txt, /srv/a+b.txt",
    "file:///srv/a+b.txt, /srv/a+b.txt",
    "file::/srv/a.txt, /srv/a.txt",
  })
  void aPathIsAFileOfThisHostARelativeOneInTheJobFilesFolder(String text, String path)
      throws ArtifactException {
    assertThat(source(text, Mode.ANY, Map.of()).location()).isEqualTo(new Local(Path.of(path)));
  }

  @Test
  void goGettersParametersAreTakenOutOfTheQueryAndTheOthersAreSent() throws ArtifactException {
    Source source =
        source(
            "https://host/a.bin?x=1%2F2&archive=tar.gz&checksum=md5:0&y",
            Mode.ANY, Map.of("checksum", "sha1:1", "z", "a b"));

    assertThat(source.location())
        .isEqualTo(new Http(URI.create("https://host/a.bin?x=1%2F2&y&z=a+b")));
    assertThat(source.archive()).contains(ArchiveType.TAR_GZIP);
    assertThat(source.checksum()).contains("sha1:1");
  }

  @ParameterizedTest
  @CsvSource({
    "https://host/a.tar.gz//sub/dir?x=1, https://host/a.tar.gz?x=1, sub/dir",
    "https://host/a.zip//sub-*, https://host/a.zip, sub-*",
    "https://host/a.zip, https://host/a.zip,",
  })
  void whatStandsBehindTwoSlashesIsADirectoryOfTheArchive(String text, URI uri, String directory)
      throws ArtifactException {
    Source source = source(text, Mode.ANY, Map.of());

    assertThat(source.location()).isEqualTo(new Http(uri));
    assertThat(source.subdirectory()).isEqualTo(Optional.ofNullable(directory));
  }

  @ParameterizedTest
  @CsvSource({
    "a.zip, ZIP",
    "a.tar, TAR",
    "a.tar.gz, TAR_GZIP",
    "a.tgz, TAR_GZIP",
    "a.tar.bz2, TAR_BZIP2",
    "a.tbz2, TAR_BZIP2",
    "a.tar.xz, TAR_XZ",
    "a.txz, TAR_XZ",
    "a.tar.zst, TAR_ZSTD",
    "a.tzst, TAR_ZSTD",
    "a.gz, GZIP",
    "a.bz2, BZIP2",
    "a.xz, XZ",
    "a.zst, ZSTD"
  })
  void theEndingTellsHowItIsUnpacked(String name, ArchiveType type) throws ArtifactException {
    assertThat(source("https://host/" + name, Mode.FILE, Map.of()).archive()).contains(type);
    assertThat(source("https://host/" + name, Mode.FILE, Map.of("archive", "false")).archive())
        .isEmpty();
  }

  @Test
  void anArchiveTypeThatIsNoneIsRefusedWithTheNearest() {
    assertThat(refusal("https://host/a", Mode.ANY, Map.of("archive", "tar.gx")))
        .contains("no archive type \"tar.gx\"")
        .contains("Did you mean");
  }

  @Test
  void aCompressedFileIsOneFileAndSoWantsModeFileAsInNomad() {
    assertThat(refusal("https://host/a.gz", Mode.ANY, Map.of()))
        .contains("mode = \"file\"")
        .contains("archive = \"false\"");
  }

  @ParameterizedTest
  @CsvSource({
    "https://host/a.txt//b, ANY, write one /",
    "https://host/dir/, ANY, pack it into an archive",
    "https://host/dir, DIR, pack it into an archive",
    "https://host/a.zip//b, FILE, takes one file",
    "https://host/a.zip//../b, ANY, out of the archive",
    "https://host, ANY, filename",
    "https:///a, ANY, no server",
    "https://host/%zz, ANY, address is wrong",
    "file://a/b, ANY, three slashes",
    "'', ANY, source is empty",
  })
  void whatCannotBeMeantIsRefusedBeforeAnythingIsDone(String source, Mode mode, String problem) {
    assertThat(refusal(source, mode, Map.of())).contains(problem);
  }

  @Test
  void aFileNameCannotLeadOut() {
    assertThat(refusal("https://host/a", Mode.ANY, Map.of("filename", "../../x")))
        .contains("no file can be called \"../../x\"");
    assertThat(refusal("https://host/%2e%2e", Mode.ANY, Map.of()))
        .contains("no file can be called");
  }

  @Test
  void messagesShowNeitherUserNorPasswordNorWhatIsInAQuery() {
    String shown = Shown.source("https://me:hidden@host/a.zip?token=hidden&x=hidden#f");

    assertThat(shown).isEqualTo("https://host/a.zip?token=…&x=…");
    assertThat(
            new Artifact(
                    "https://u:hidden@h/a?t=hidden",
                    "local",
                    Mode.ANY,
                    Map.of("t", "hidden"),
                    Map.of("Authorization", "hidden"),
                    false,
                    false)
                .toString())
        .doesNotContain("hidden");
  }

  @Test
  void messagesHaveNothingInThemThatATerminalObeys() {
    assertThat(Shown.text("a\u001b[2Jb\nc\u202ed")).isEqualTo("a?[2Jb?c?d");
  }
}
