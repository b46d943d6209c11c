package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a task puts on the way: what is done happens below the base, or not at all. */
@Timeout(60)
final class LinklessPathTest {
  @TempDir Path folder;
  private Path base;
  private Path host;

  @BeforeEach
  void open() throws IOException {
    base = Files.createDirectories(folder.resolve("base"));
    host = Files.createDirectories(folder.resolve("host"));
  }

  private LinklessPath place(String path) {
    return new LinklessPath(base, base.resolve(path));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatIsMadeHasItsModeAndGoesAgain() throws IOException {
    place("a").makeDirectory();
    place("a/b").makeDirectory();
    place("a/b/c").makeDirectory();
    place("a/b/f").makeFile();
    assertThat(place("a/b/c").isDirectory()).isTrue();
    assertThat(place("a/b/f").exists()).isTrue();
    assertThat(mode(base.resolve("a"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(base.resolve("a/b/c"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(base.resolve("a/b/f"))).isEqualTo("rw-r--r--");
    assertThat(base.resolve("a/b/f")).isEmptyFile();

    place("a/b/f").removeEmptyFile();
    for (String path : List.of("a/b/c", "a/b", "a")) {
      place(path).removeEmptyDirectory();
    }

    assertThat(base).isEmptyDirectory();
  }

  @Test
  void modesAreExactWhateverTheUmask() throws IOException {
    try (OtherProgram strict =
        OtherProgram.run(
            List.of("/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"),
            "points",
            folder.resolve("state"),
            "web",
            base.toString())) {
      assertThat(strict.says()).isEqualTo("made");
    }
    assertThat(mode(base.resolve("d"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(base.resolve("d/f"))).isEqualTo("rw-r--r--");
  }

  @Test
  void aLinkMayLeadToTheBase() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), base);
    new LinklessPath(link, link.resolve("a")).makeDirectory();
    new LinklessPath(link, link.resolve("a/b")).makeDirectory();
    assertThat(base.resolve("a/b")).isDirectory();
    new LinklessPath(link, link.resolve("a/b")).removeEmptyDirectory();
    assertThat(base.resolve("a")).isEmptyDirectory();
  }

  @Test
  void whatIsNotBelowTheBaseIsNoPlace() {
    for (String path : List.of("", "../host", "a/../../host", "/host")) {
      assertThatThrownBy(() -> place(path)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsThereIsNotMadeOverAndNotRemoved() throws IOException {
    Files.writeString(base.resolve("file"), "mine");
    Files.createDirectories(base.resolve("used/below"));
    assertThatThrownBy(() -> place("file").makeFile())
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(base.resolve("file").toString());
    assertThatThrownBy(() -> place("used").makeDirectory())
        .isInstanceOf(FileAlreadyExistsException.class);

    place("file").removeEmptyFile();
    place("used").removeEmptyFile();
    place("used").removeEmptyDirectory();
    place("file/x").removeEmptyFile();

    assertThat(base.resolve("file")).hasContent("mine");
    assertThat(base.resolve("used/below")).isDirectory();
  }

  @Test
  void aDirectoryOnTheWayThatIsNotThereIsToldAndWhatWasInItIsGone() throws IOException {
    assertThatThrownBy(() -> place("none/d").makeDirectory())
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
    assertThat(place("none/d").isDirectory()).isFalse();
    assertThat(place("none/d").exists()).isFalse();
    assertThatCode(() -> place("none/d").removeEmptyDirectory()).doesNotThrowAnyException();
    assertThatCode(() -> place("none/f").removeEmptyFile()).doesNotThrowAnyException();
  }

  @Test
  void theRealPathFollowsTheLinksToTheBaseAndNoneBelow() throws IOException {
    Path real = folder.toRealPath();
    Path link = Files.createSymbolicLink(folder.resolve("link"), base);
    Files.createSymbolicLink(base.resolve("tasks"), host);
    assertThat(new LinklessPath(link, link.resolve("tasks/out")).real())
        .isEqualTo(real.resolve("base/tasks/out"));
    // What is not there yet.
    Path none = link.resolve("none/deeper");
    assertThat(new LinklessPath(none, none.resolve("out")).real())
        .isEqualTo(real.resolve("base/none/deeper/out"));
    Path up = base.resolve("../none");
    assertThat(new LinklessPath(up, up.resolve("out")).real()).isEqualTo(real.resolve("none/out"));
    assertThat(new LinklessPath(Path.of("/dev"), Path.of("/dev/null")).real())
        .isEqualTo(Path.of("/dev/null"));
    assertThat(new LinklessPath(Path.of("/"), Path.of("/gaol-none/out")).real())
        .isEqualTo(Path.of("/gaol-none/out"));
  }

  @Test
  void onlyAFifoOfThePlaceItselfIsOpened() throws Exception {
    Path fifo = host.resolve("fifo");
    assertThat(Programs.run(folder, List.of("mkfifo", fifo.toString())).successful()).isTrue();
    Files.createSymbolicLink(base.resolve("link"), host);
    Files.createSymbolicLink(base.resolve("fifo"), fifo);
    Files.createFile(base.resolve("file"));
    for (String path : List.of("none", "none/fifo", "link/fifo", "fifo", "file", "file/fifo")) {
      assertThat(place(path).openFifo()).as(path).isEmpty();
    }
    try (ByteChannel opened = new LinklessPath(host, fifo).openFifo().orElseThrow()) {
      assertThat(opened.isOpen()).isTrue();
    }
  }

  // ---- links

  @ParameterizedTest
  @ValueSource(strings = {"link/d", "a/link/d", "link/a/d"})
  void nothingIsMadeBehindALinkAndTheLinkIsNamed(String path) throws IOException {
    Path link = base.resolve(path.substring(0, path.indexOf("link") + "link".length()));
    Files.createDirectories(link.getParent());
    Files.createDirectories(host.resolve("a"));
    Files.createSymbolicLink(link, host);
    String told =
        link
            + " is a symbolic link, but a directory is needed there for "
            + base.resolve(path)
            + ": remove it, or make it a directory";

    assertThatThrownBy(() -> place(path).makeDirectory()).hasMessage(told);
    assertThatThrownBy(() -> place(path).makeFile()).hasMessage(told);
    assertThatThrownBy(() -> place(path).isDirectory()).hasMessage(told);
    assertThatThrownBy(() -> place(path).exists()).hasMessage(told);

    assertThat(host).isDirectoryNotContaining(below -> !below.endsWith("a"));
    assertThat(host.resolve("a")).isEmptyDirectory();
  }

  @Test
  void aLinkInThePlaceItselfIsNeitherADirectoryNorReplaced() throws IOException {
    for (Path target : List.of(host, folder.resolve("nowhere"))) {
      Path link = Files.createSymbolicLink(base.resolve("link"), target);
      assertThatThrownBy(() -> place("link").isDirectory())
          .hasMessage(
              link
                  + " is a symbolic link, but a directory is needed there: remove it, or make it a"
                  + " directory");
      assertThat(place("link").exists()).isTrue();
      assertThatThrownBy(() -> place("link").makeDirectory()).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> place("link").makeFile()).isInstanceOf(IOException.class);
      place("link").removeEmptyDirectory();
      place("link").removeEmptyFile();
      assertThat(link).isSymbolicLink();
      Files.delete(link);
    }
    assertThat(host).isEmptyDirectory();
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"link/x", "link/a/x", "a/link/x"})
  void nothingIsRemovedBehindALink(String path) throws IOException {
    Path link = base.resolve(path.substring(0, path.indexOf("link") + "link".length()));
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, host);
    Path hosts = base.resolve(path);

    Files.createDirectories(hosts);
    place(path).removeEmptyDirectory();
    assertThat(hosts).isDirectory();

    Files.delete(hosts);
    Files.createFile(hosts);
    place(path).removeEmptyFile();
    assertThat(hosts).isEmptyFile();
  }

  @Test
  void aFifoOnTheWayOrInThePlaceIsNotWaitedFor() throws Exception {
    assertThat(
            Programs.run(folder, List.of("mkfifo", base.resolve("fifo").toString())).successful())
        .isTrue();
    assertThatThrownBy(() -> place("fifo/d").makeDirectory())
        .hasMessageContaining(base.resolve("fifo") + " is not a directory");
    assertThatThrownBy(() -> place("fifo").isDirectory())
        .hasMessageContaining("is not a directory, but one is needed there: remove it");
    place("fifo/d").removeEmptyDirectory();
    place("fifo").removeEmptyDirectory();
    place("fifo").removeEmptyFile();
    assertThat(base.resolve("fifo")).exists();
  }

  /** A task that shares the root puts a link and the directory there in turn, as fast as it can. */
  @Test
  void aDirectoryThatIsSwappedForALinkMeanwhileNeverLeadsOut() throws Exception {
    assumeThat(Descriptors.LISTED)
        .as("open directories can be named by their descriptors")
        .isTrue();
    Path way = base.resolve("way");
    Path aside = base.resolve("aside");
    Files.createDirectory(way);
    Files.createDirectory(host.resolve("hosts"));
    Files.createFile(host.resolve("file"));
    AtomicBoolean stop = new AtomicBoolean();
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              while (!stop.get()) {
                Files.move(way, aside);
                Files.createSymbolicLink(way, host);
                Files.delete(way);
                Files.move(aside, way);
              }
              return null;
            });
    Thread.ofPlatform().daemon().start(task);
    int made = 0;
    try {
      for (int round = 0; round < 2000; round++) {
        made += attempt(() -> place("way/made").makeDirectory());
        attempt(() -> place("way/made").removeEmptyDirectory());
        attempt(() -> place("way/made").makeFile());
        attempt(() -> place("way/made").removeEmptyFile());
        attempt(() -> place("way/hosts").removeEmptyDirectory());
        attempt(() -> place("way/file").removeEmptyFile());
        assertThat(host.resolve("made")).doesNotExist();
        assertThat(host.resolve("hosts")).isDirectory();
        assertThat(host.resolve("file")).exists();
      }
    } finally {
      stop.set(true);
      task.get();
    }
    assertThat(made).as("directories that were made").isPositive();
    assertThat(way).isDirectory();
    assertThat(Files.isSymbolicLink(way)).isFalse();
    assertThat(Files.exists(aside, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @FunctionalInterface
  private interface Act {
    void run() throws IOException;
  }

  private static int attempt(Act act) {
    try {
      act.run();
      return 1;
    } catch (IOException refused) {
      return 0;
    }
  }
}
