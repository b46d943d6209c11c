package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A task changes its root while it runs: no link that it puts there leads us to the host's files.
 */
final class MountPointTest {
  @TempDir Path folder;
  private Bench bench;
  private Path root;
  private Path parent;
  private Path host;

  @BeforeEach
  void open() throws IOException {
    bench = new Bench(folder);
    root = Files.createDirectory(folder.toRealPath().resolve("root"));
    parent = Files.createDirectory(root.resolve("var"));
    host = Files.createDirectory(folder.toRealPath().resolve("host"));
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  /** What something is mounted on. */
  enum Point {
    DIRECTORY(true, false),
    SHARED_DIRECTORY(true, true),
    FILE(false, false);

    private final boolean directory;
    private final boolean shared;

    Point(boolean directory, boolean shared) {
      this.directory = directory;
      this.shared = shared;
    }

    Step step(Path root, Path path) {
      return new Step.MakeMountPoint(root, path, directory, shared);
    }

    Undo undo(Path root, Path path) {
      return new Undo.RemoveMountPoint(root, path, directory, shared);
    }

    void create(Path path) throws IOException {
      if (directory) {
        Files.createDirectory(path);
      } else {
        Files.createFile(path);
      }
    }
  }

  private Path point() {
    return parent.resolve("point");
  }

  /** What a task does to its own files. */
  private void replaceParentByLink() throws IOException {
    Files.move(parent, root.resolve("moved"));
    Files.createSymbolicLink(parent, host);
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void whatALinkPutsInThePlaceOfAMountPointStays(Point kind) throws Exception {
    bench.run(kind.step(root, point()));
    assertThat(point()).exists();
    replaceParentByLink();
    kind.create(host.resolve("point"));

    assertThat(bench.unwind()).isEmpty();

    assertThat(host.resolve("point")).exists();
    assertThat(bench.owed()).isEmpty();
    assertThat(claims()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void anUndoBeforeItsStepAndTwiceTouchesNothingBehindALink(Point kind) throws Exception {
    replaceParentByLink();
    kind.create(host.resolve("point"));
    for (int time = 0; time < 2; time++) {
      bench.ledger.owe(List.of(kind.undo(root, point())));
      bench.reopen();

      assertThat(bench.unwind()).isEmpty();

      assertThat(host.resolve("point")).exists();
    }
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void anUndoThatRunsTwiceLeavesWhatSomebodyMadeBetween(Point kind) throws Exception {
    bench.run(kind.step(root, point()));
    List<Undo> owed = bench.owed();
    assertThat(bench.unwind()).isEmpty();
    assertThat(point()).doesNotExist();
    replaceParentByLink();
    kind.create(host.resolve("point"));

    bench.ledger.owe(owed);
    assertThat(bench.unwind()).isEmpty();

    assertThat(host.resolve("point")).exists();
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void behindALinkThatIsThereNothingIsMadeAndTheLinkIsNamed(Point kind) throws Exception {
    replaceParentByLink();

    assertThatThrownBy(() -> bench.run(kind.step(root, point())))
        .isInstanceOf(StepFailedException.class)
        .hasMessage(
            "cannot make "
                + (kind.directory ? "directory " : "file ")
                + point()
                + " to mount on: "
                + parent
                + " is a symbolic link, but a directory is needed there for "
                + point()
                + ": remove it, or make it a directory");

    assertThat(host).isEmptyDirectory();
    assertThat(bench.owed()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void aMountPointMayBeInOneThatIsMadeWithIt(Point kind) throws Exception {
    Path made = root.resolve("srv");
    bench.run(Point.DIRECTORY.step(root, made), kind.step(root, made.resolve("point")));
    assertThat(made.resolve("point")).exists();

    assertThat(bench.unwind()).isEmpty();

    assertThat(made).doesNotExist();
  }

  @Test
  void theLastOfTwoTasksRemovesNothingBehindALink() throws Exception {
    JailName other = new JailName("other");
    Claims claims = new Claims(folder.resolve("state/claims"));
    bench.run(Point.SHARED_DIRECTORY.step(root, point()));
    claims.make(new LinklessPath(root, point()), true, other);

    assertThat(bench.unwind()).isEmpty();
    assertThat(point()).isDirectory();
    replaceParentByLink();
    Files.createDirectory(host.resolve("point"));
    claims.release(new LinklessPath(root, point()), true, other);

    assertThat(host.resolve("point")).isDirectory();
    assertThat(claims()).isEmpty();
  }

  @Test
  void aTaskThatJoinsDoesNotClaimWhatIsBehindALink() throws Exception {
    bench.run(Point.SHARED_DIRECTORY.step(root, point()));
    replaceParentByLink();
    Files.createDirectory(host.resolve("point"));

    assertThatThrownBy(
            () ->
                new Claims(folder.resolve("state/claims"))
                    .make(new LinklessPath(root, point()), true, new JailName("other")))
        .hasMessageContaining(parent + " is a symbolic link");

    assertThat(bench.unwind()).isEmpty();
    assertThat(claims()).isEmpty();
    assertThat(host.resolve("point")).isDirectory();
  }

  private List<String> claims() throws IOException {
    try (var claims = Files.list(folder.resolve("state/claims"))) {
      return claims
          .map(claim -> claim.getFileName().toString())
          .filter(name -> !name.equals("lock"))
          .toList();
    }
  }

  // ---- mounts

  @Test
  void theMountOfAPlaceIsOwedByWhereItIs() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), parent);
    assertThatThrownBy(() -> bench.run(new Step.Mount("no-such-type", "none", link, List.of())))
        .isInstanceOf(StepFailedException.class);
    assertThat(bench.owed()).containsExactly(new Undo.Unmount("no-such-type", parent));
  }

  @Test
  void whatIsMountedBehindALinkIsNotUnmounted() throws Exception {
    Files.createDirectory(point());
    bench.ledger.owe(List.of(new Undo.Unmount("tmpfs", point())));
    replaceParentByLink();
    Files.createDirectory(host.resolve("point"));
    bench.host.mounts.add(new Host.MountPoint("tmpfs", "his", host.resolve("point")));

    for (int time = 0; time < 2; time++) {
      assertThat(bench.unwind())
          .containsExactly(
              "cannot unmount "
                  + point()
                  + ": "
                  + parent
                  + " is a symbolic link now, and what is mounted where it leads is not ours:"
                  + " remove the link, and unmount our tmpfs by hand if mount(8) still shows one");
    }

    Files.delete(parent);
    assertThat(bench.unwind()).isEmpty();
  }

  @Test
  void aMountBehindALinkToNowhereIsToldToo() throws Exception {
    bench.ledger.owe(List.of(new Undo.Unmount("tmpfs", point())));
    Files.delete(parent);
    Files.createSymbolicLink(parent, folder.resolve("nowhere"));
    assertThat(bench.unwind())
        .singleElement()
        .asString()
        .contains(parent + " is a symbolic link now");
  }
}
