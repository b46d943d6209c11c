package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.e2e.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state directory that is full, fills up, cannot be written, or is none. */
@RequiresLinuxRoot
class DiskIT {
  /** A small file system with the state directory in it. */
  private static Path mountDisk(Scene scene, String options) throws IOException {
    Path disk = SmallDisk.mount(scene.base(), options);
    scene.moveStateTo(disk.resolve("state"));
    return disk;
  }

  private static Path job(Scene scene) {
    return scene.batch(
        Scene.task(
            "",
            "echo ran",
            "Path = \"@ROOT@\"",
            "Exec_prestart = \"echo prestart >>@TRACE@; true\"",
            "Exec_poststop = \"echo poststop >>@TRACE@; true\""));
  }

  private static void removeAndRunAgain(Scene scene, Path ballast, String when) throws IOException {
    Files.delete(ballast);
    if (Files.isDirectory(scene.state())) {
      Scene.assertStopped(scene.stop(), when);
    }
    scene.assertNothingLeft(when);
    assertThat(scene.traced("poststop"))
        .as(when)
        .isBetween(scene.traced("prestart"), scene.traced("prestart") + 1);
    Gaol.Outcome run = scene.run(job(scene));
    assertThat(run.status()).as(when + ": " + run.stderr()).isZero();
    scene.assertNothingLeft(when);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20})
  void withSoManyFreeBlocksAJobRunsOrSaysThatTheDiskIsFull(int blocks) throws IOException {
    try (Scene scene = Scene.open()) {
      Path disk = mountDisk(scene, "size=1m");
      Path ballast = SmallDisk.fill(disk, blocks);
      Gaol.Outcome run = scene.run(job(scene));
      if (run.status() == 0) {
        assertThat(run.stdout()).contains("ran");
      } else {
        assertThat(run.stderr()).containsIgnoringCase("no space left on device");
      }
      removeAndRunAgain(scene, ballast, "with " + blocks + " blocks: " + run.stderr());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 6, 8, 12})
  void killedOnAFullDisk(int blocks) throws IOException {
    try (Scene scene = Scene.open()) {
      Path disk = mountDisk(scene, "size=1m");
      Gaol gaol =
          scene
              .start(scene.batch(Scene.task("", "echo ready; sleep 1000", "Path = \"@ROOT@\"")))
              .untilSays("ready");
      Path ballast = SmallDisk.fill(disk, blocks);
      gaol.kill();
      // Whatever it can do now: once there is room, all is gone.
      scene.stop();
      Files.deleteIfExists(ballast);
      Scene.assertStopped(scene.stop(), "when there is room again");
      scene.assertNothingLeft();
    }
  }

  @Test
  void aTaskEndsOnADiskThatFilledUp() throws IOException {
    try (Scene scene = Scene.open()) {
      Path disk = mountDisk(scene, "size=1m");
      Gaol gaol =
          scene.start(
              scene.batch(
                  Scene.task(
                      "",
                      "echo ready; while [ ! -e @BASE@ ] && ! [ -e /alloc/end ]; do sleep 0.05; done;"
                          + " exit 7")));
      gaol.untilSays("ready");
      Path end = Files.createFile(scene.allocation().resolve("end"));
      Files.move(end, scene.allocation().resolve("alloc/end-not-yet"));
      Path ballast = SmallDisk.fill(disk, 0);
      Files.move(
          scene.allocation().resolve("alloc/end-not-yet"), scene.allocation().resolve("alloc/end"));
      Gaol.Outcome outcome = gaol.await();
      assertThat(outcome.status()).isNotZero();
      assertThat(outcome.stderr()).containsAnyOf("exit status 7", "exit status unknown");
      Files.delete(ballast);
      scene.stop();
      scene.assertNothingLeft(outcome.stderr());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 40})
  void withSoManyFreeFilesAJobRunsOrSaysThatTheDiskIsFull(int files) throws IOException {
    try (Scene scene = Scene.open()) {
      Path disk = mountDisk(scene, "size=4m,nr_inodes=" + (files + 1));
      Gaol.Outcome run = scene.run(job(scene));
      if (run.status() == 0) {
        assertThat(run.stdout()).contains("ran");
      } else {
        assertThat(run.stderr()).containsIgnoringCase("no space left on device");
      }
      Host.must("mount", "-o", "remount,size=4m,nr_inodes=1000", disk.toString());
      removeAndRunAgain(
          scene, Files.createFile(disk.resolve("ballast")), files + " files: " + run.stderr());
    }
  }

  @Test
  void aStateDirectoryThatIsReadOnly() throws IOException {
    try (Scene scene = Scene.open()) {
      Path disk = mountDisk(scene, "size=1m");
      Host.must("mount", "-o", "remount,ro", disk.toString());
      for (List<String> words :
          List.of(
              List.of("run", "--state-dir", scene.state().toString(), job(scene).toString()),
              List.of("stop", "--state-dir", scene.state().toString(), scene.job()))) {
        Gaol.Outcome outcome =
            scene
                .gaol(Stream.concat(Stream.of("job"), words.stream()).toArray(String[]::new))
                .start()
                .await();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.stderr()).contains(scene.state().toString(), "Read-only file system");
        assertThat(outcome.stderr()).contains("--state-dir").doesNotContain("Exception", "\tat ");
      }
    }
  }

  @Test
  void aStateDirectoryThatBecomesReadOnly() throws IOException {
    try (Scene scene = Scene.open()) {
      Path disk = mountDisk(scene, "size=1m");
      assertThat(scene.run(job(scene)).status()).isZero();
      Host.must("mount", "-o", "remount,ro", disk.toString());
      Gaol.Outcome outcome = scene.run(job(scene));
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.stderr())
          .contains("Read-only file system")
          .doesNotContain("Exception", "\tat ");
      Host.must("mount", "-o", "remount,rw", disk.toString());
      scene.stop();
      scene.assertNothingLeft();
    }
  }

  @Test
  void aStateDirectoryThatIsAFile() throws IOException {
    try (Scene scene = Scene.open()) {
      Files.writeString(scene.state(), "mine");
      for (Path state : List.of(scene.state(), scene.state().resolve("below"))) {
        scene.moveStateTo(state);
        Gaol.Outcome run = scene.run(job(scene));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr())
            .containsIgnoringCase("not a directory")
            .doesNotContain("Exception", "\tat ");
        assertThat(scene.stop().stderr()).containsIgnoringCase("not a directory");
      }
      assertThat(scene.base().resolve("state")).hasContent("mine");
    }
  }
}
