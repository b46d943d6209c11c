package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that do not want to end, or to be removed. */
@RequiresLinuxRoot
class ResistingTaskIT {

  private static void assertStops(String script, String... config) {
    for (boolean crash : new boolean[] {false, true}) {
      try (Scene scene = Scene.open()) {
        Gaol gaol = scene.start(scene.batch(Scene.task("", script, config))).untilSays("ready");
        if (crash) {
          gaol.kill();
          Gaol.Outcome stop = scene.stop();
          assertThat(stop.status()).as(stop.stderr()).isZero();
        } else {
          gaol.signal("TERM");
          Gaol.Outcome outcome = gaol.await();
          assertThat(outcome.status()).as(outcome.stderr()).isEqualTo(143);
          assertThat(outcome.stderr()).doesNotContain("left behind");
        }
        scene.assertNothingLeft(crash ? "after a crash" : "after a stop");
      }
    }
  }

  @Test
  void ignoresSignals() {
    assertStops("trap '' TERM INT HUP QUIT; echo ready; while :; do sleep 1; done");
  }

  @Test
  void forksAStorm() {
    assertStops(
        "trap '' TERM; echo ready;"
            + " while :; do (trap '' TERM; while :; do sleep 0.3 & sleep 0.3 & wait; done) & sleep 0.02;"
            + " done 2>/dev/null",
        "rctl_rules = [\"maxproc:deny=40\"]");
  }

  @Test
  void leavesDaemonsInSessionsOfTheirOwn() {
    assertStops(
        "for i in 1 2 3 4 5; do setsid sh -c 'trap \"\" TERM HUP; sleep 1000' & done;"
            + " echo ready; sleep 1000");
  }

  @Test
  void aDaemonEndsWithTheMainProcess() {
    try (Scene scene = Scene.open()) {
      Gaol.Outcome outcome =
          scene.run(
              scene.batch(
                  Scene.task("", "setsid sh -c 'trap \"\" TERM HUP; sleep 1000' & echo ready")));
      assertThat(outcome.status()).as(outcome.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @Test
  void writesMoreThanAnybodyReads() throws IOException {
    try (Scene scene = Scene.open()) {
      Gaol gaol =
          scene.start(
              scene.batch(
                  Scene.task(
                      "", "echo ready; sleep 0.5; yes filling | head -c 1000000; sleep 1000")));
      gaol.untilSays("ready").kill();
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @Test
  void endsWithOutputThatNobodyReads() throws IOException {
    try (Scene scene = Scene.open()) {
      Gaol gaol =
          scene.start(
              scene.batch(
                  Scene.task(
                      "",
                      "echo ready; while [ ! -e /alloc/data/end ]; do sleep 0.1; done;"
                          + " echo unread; echo unread >&2")));
      gaol.untilSays("ready").kill();
      Files.createFile(scene.allocation().resolve("alloc/data/end"));
      Path status = scene.taskDirectory().resolve("status");
      Scene.until("it has ended", () -> Files.exists(status));
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/local", "/alloc/data", "/tmp", "/secrets"})
  void makesDirectoriesTwoThousandDeep(String where) {
    assertStops(
        ("cd %s; deep=$(printf 'd/%%.0s' $(seq 1000)); mkdir -p $deep; cd -P $deep; mkdir -p $deep;"
                + " echo ready; sleep 1000")
            .formatted(where));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/local", "/alloc/data", "/tmp"})
  void givesFilesNamesThatNobodyCanRead(String where) {
    assertStops(
        ("cd %s; long=$(printf '%%0255d' 7); >$long; mkdir \"$(printf 'a\\nb')\";"
                + " >\"$(printf '\\377\\376')\"; >\"$(printf '\\303\\251')\"; >-rf; >' '; >\"$(printf '\\033[31m')\";"
                + " mkfifo fifo; ln -s / root; ln -s /etc/passwd passwd; mkdir closed; >closed/file;"
                + " chmod 0 closed . ; echo ready; sleep 1000")
            .formatted(where));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/local", "/alloc/data"})
  void protectsAFileFromBeingRemoved(String where) throws IOException {
    try (Scene scene = Scene.open()) {
      Gaol gaol =
          scene
              .start(
                  scene.batch(
                      Scene.task(
                          "",
                          "cd %s; >file; chattr +i file; lsattr file; echo ready; sleep 1000"
                              .formatted(where),
                          "Allow_chflags = true")))
              .untilSays("ready");
      gaol.signal("TERM");
      Gaol.Outcome outcome = gaol.await();
      assertThat(outcome.status()).isEqualTo(143);
      assertThat(outcome.stderr()).contains("left behind", "/file", "Operation not permitted");
      // What is left, and how to remove it.
      assertThat(outcome.stderr()).contains("chattr -R -i " + scene.allocation());
      assertThat(outcome.stderr()).contains("gaol job stop");
      assertThat(scene.stop().status()).isEqualTo(1);
      Host.run("chattr", "-R", "-i", scene.allocation().toString());
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @Test
  void removesItsOwnDirectories() {
    assertStops("rm -rf /alloc/* /alloc/logs /local/* /tmp; rmdir /local; echo ready; sleep 1000");
  }
}
