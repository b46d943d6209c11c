package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the operator's stays as it is, wherever Gaol meets it. */
@RequiresLinuxRoot
class OperatorIT {

  private static Path inRoot(Scene scene, String script) {
    return scene.batch(Scene.task("", script, "Path = \"@ROOT@\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "dev", "alloc", "local", "secrets"})
  void hisDirectoryWhereSomethingIsMountedStays(String name) throws IOException {
    try (Scene scene = Scene.open()) {
      Path his = Files.createDirectory(scene.root().resolve(name));
      Gaol.Outcome outcome = scene.run(inRoot(scene, "echo ran"));
      assertThat(outcome.status()).as(outcome.stderr()).isZero();
      assertThat(his).isEmptyDirectory();
      Path file = Files.writeString(his.resolve("file"), "mine");
      outcome = scene.run(inRoot(scene, "echo ran"));
      assertThat(outcome.status()).as(outcome.stderr()).isZero();
      assertThat(file).hasContent("mine");
      Files.delete(file);
      Files.delete(his);
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "dev", "alloc", "local", "secrets"})
  void whatHePutsIntoADirectoryOfOursStays(String name) throws IOException {
    try (Scene scene = Scene.open()) {
      Gaol gaol = scene.start(inRoot(scene, "echo ready; sleep 1000")).untilSays("ready");
      Path file = Files.writeString(scene.root().resolve(name).resolve("file"), "mine");
      gaol.signal("TERM");
      assertThat(gaol.await().status()).isEqualTo(143);
      assertThat(file).hasContent("mine");
      Files.delete(file);
      Files.delete(file.getParent());
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "dev", "alloc", "local", "secrets"})
  void hisFileWhereADirectoryIsNeededStays(String name) throws IOException {
    try (Scene scene = Scene.open()) {
      Path file = Files.writeString(scene.root().resolve(name), "mine");
      Gaol.Outcome outcome = scene.run(inRoot(scene, "echo ran"));
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.stderr()).contains(file.toString(), "is not a directory");
      assertThat(file).hasContent("mine");
      Files.delete(file);
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "dev", "alloc", "local", "secrets"})
  void hisLinkWhereADirectoryIsNeededIsNotFollowed(String name) throws IOException {
    try (Scene scene = Scene.open()) {
      Path away = Files.createDirectory(scene.base().resolve("away"));
      Path link = Files.createSymbolicLink(scene.root().resolve(name), away);
      Gaol.Outcome outcome = scene.run(inRoot(scene, "echo ran"));
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.stderr()).contains(link.toString(), "symbolic link");
      assertThat(link).isSymbolicLink();
      assertThat(away).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "alloc", "local", "his-own"})
  void hisMountInTheRootStays(String name) throws IOException {
    try (Scene scene = Scene.open()) {
      Path his = Files.createDirectory(scene.root().resolve(name));
      Host.must("mount", "-t", "tmpfs", "his", his.toString());
      Path file = Files.writeString(his.resolve("file"), "mine");
      Gaol.Outcome outcome = scene.run(inRoot(scene, "echo ran"));
      assertThat(outcome.status()).as(outcome.stderr()).isZero();
      assertThat(file).hasContent("mine");
      Host.must("umount", his.toString());
      Files.delete(his);
      scene.assertNothingLeft();
    }
  }

  @Test
  void tasksOfOneStateDirectoryThatShareARootKeepTheirMountsUntilTheLastEnds() {
    try (Scene scene = Scene.open();
        Scene other = Scene.open()) {
      String waits =
          "echo ready; while [ ! -e /tmp/%s ]; do sleep 0.1; done;"
              + " ls /proc/self/status && echo >/dev/null && ls -d /local/. /secrets/.";
      String root = "Path = \"%s\"".formatted(scene.root());
      Path shared = scene.root().resolve("tmp");
      assertThat(shared.toFile().mkdir()).isTrue();
      Gaol first =
          scene.start(scene.batch(Scene.task("", waits.formatted("one"), root))).untilSays("ready");
      other.moveStateTo(scene.state());
      Gaol second =
          other.start(other.batch(Scene.task("", waits.formatted("two"), root))).untilSays("ready");
      create(shared.resolve("one"));
      assertThat(first.await().status()).as(first.stderr()).isZero();
      create(shared.resolve("two"));
      assertThat(second.await().status()).as(second.stderr()).isZero();
      Host.run("rm", "-r", shared.toString());
      scene.assertNothingLeft();
    }
  }

  private static void create(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void hisControlGroupOfALikeNameStays() throws IOException {
    try (Scene scene = Scene.open()) {
      Path his = Path.of("/sys/fs/cgroup/memory/gaol-his-" + scene.job());
      if (!Files.isDirectory(his.getParent())) {
        his = Path.of("/sys/fs/cgroup/gaol-his-" + scene.job());
      }
      Files.createDirectory(his);
      try {
        assertThat(scene.run(inRoot(scene, "echo ran")).status()).isZero();
        assertThat(his).isDirectory();
        scene.assertNothingLeft();
      } finally {
        Files.delete(his);
      }
    }
  }

  @Test
  void aMountHeMakesInATasksDirectoryIsNotEmptied() throws IOException {
    try (Scene scene = Scene.open()) {
      Gaol gaol =
          scene.start(scene.batch(Scene.task("", "echo ready; sleep 1000"))).untilSays("ready");
      Path disk = Files.createDirectory(scene.base().resolve("disk"));
      Path file = Files.writeString(disk.resolve("file"), "mine");
      Path his = Files.createDirectory(scene.allocation().resolve("alloc/data/his"));
      Host.must("mount", "--bind", disk.toString(), his.toString());
      gaol.signal("TERM");
      Gaol.Outcome outcome = gaol.await();
      assertThat(outcome.stderr()).contains("mounted at " + his, "unmount");
      assertThat(file).hasContent("mine");
      // Until he unmounts it.
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).isEqualTo(1);
      assertThat(stop.stderr()).contains("mounted at " + his);
      Host.must("umount", his.toString());
      stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      assertThat(file).hasContent("mine");
      scene.assertNothingLeft();
    }
  }

  @Test
  void hisMountOverTheSecretsIsNotUnmounted() throws IOException {
    try (Scene scene = Scene.open()) {
      Gaol gaol =
          scene.start(scene.batch(Scene.task("", "echo ready; sleep 1000"))).untilSays("ready");
      Path secrets =
          Scene.files(scene.allocation()).stream()
              .filter(file -> file.endsWith("secrets"))
              .findFirst()
              .orElseThrow();
      Host.must("mount", "-t", "tmpfs", "his", secrets.toString());
      Path file = Files.writeString(secrets.resolve("file"), "mine");
      gaol.signal("TERM");
      Gaol.Outcome outcome = gaol.await();
      assertThat(file).hasContent("mine");
      assertThat(outcome.stderr()).contains(secrets.toString(), "unmount");
      Host.must("umount", secrets.toString());
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @Test
  void hisFilesInTheStateDirectoryStay() throws IOException {
    try (Scene scene = Scene.open()) {
      List<Path> his =
          List.of(
              scene.state().resolve("tasks/his file"),
              scene.state().resolve("tasks/his directory/file"),
              scene.state().resolve("tasks/his-task/file"),
              scene.state().resolve("allocations/his/file"),
              scene.state().resolve("notes"));
      for (Path file : his) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mine");
      }
      Gaol gaol = scene.start(inRoot(scene, "echo ready; sleep 1000")).untilSays("ready");
      gaol.kill();
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      for (Path file : his) {
        assertThat(file).hasContent("mine");
        Files.delete(file);
        if (!file.getParent().equals(scene.state()) && !file.getParent().endsWith("tasks")) {
          Files.delete(file.getParent());
        }
      }
      scene.assertNothingLeft();
    }
  }
}
