package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many tasks, one after another and at once: nothing is left, and no line of theirs is lost. */
@RequiresLinuxRoot
class ManyTasksIT {

  private static List<String> written(String stdout) {
    return stdout.lines().map(line -> line.substring(line.indexOf(" | ") + 3)).sorted().toList();
  }

  @Test
  void oneAfterAnother() {
    int starts = Scene.FULL ? 200 : 40;
    try (Scene scene = Scene.open()) {
      Path job =
          scene.write(
              """
              job "@JOB@" {
                type = "batch"
                group "g" {
                  restart {
                    attempts = %d
                    delay = "0s"
                    interval = "24h"
                  }
                  %s
                }
              }
              """
                  .formatted(
                      starts - 1,
                      Scene.task(
                          "",
                          "n=$(cat /alloc/data/n 2>/dev/null || echo 0); n=$((n+1));"
                              + " echo $n >/alloc/data/n; echo run $n; echo last $n; exit 3")));
      Gaol.Outcome outcome = scene.run(job);
      assertThat(outcome.status()).as(outcome.stderr()).isEqualTo(3);
      assertThat(written(outcome.stdout()))
          .isEqualTo(
              IntStream.rangeClosed(1, starts)
                  .boxed()
                  .flatMap(number -> Stream.of("run " + number, "last " + number))
                  .sorted()
                  .toList());
      scene.assertNothingLeft();
    }
  }

  @Test
  void oneGaolAfterAnother() {
    int runs = Scene.FULL ? 200 : 8;
    try (Scene scene = Scene.open()) {
      Path job = scene.batch(Scene.task("", "echo one; echo two; echo three"));
      for (int run = 0; run < runs; run++) {
        Gaol.Outcome outcome = scene.run(job);
        assertThat(outcome.status()).as(outcome.stderr()).isZero();
        assertThat(written(outcome.stdout())).containsExactly("one", "three", "two");
      }
      scene.assertNothingLeft();
    }
  }

  @Test
  void fiftyAtOnce() {
    int count = 50;
    int lines = 400;
    try (Scene scene = Scene.open()) {
      Path job =
          scene.write(
              """
              job "@JOB@" {
                type = "batch"
                group "g" {
                  count = %d
                  restart { attempts = 0 }
                  %s
                }
              }
              """
                  .formatted(
                      count,
                      Scene.task(
                          "",
                          "i=0; while [ $i -lt %d ]; do i=$((i+1));".formatted(lines)
                              + " echo $NOMAD_ALLOC_INDEX $i; done")));
      Gaol.Outcome outcome = scene.run(job);
      assertThat(outcome.status()).as(outcome.stderr()).isZero();
      assertThat(written(outcome.stdout()))
          .isEqualTo(
              IntStream.range(0, count)
                  .boxed()
                  .flatMap(
                      task -> IntStream.rangeClosed(1, lines).mapToObj(line -> task + " " + line))
                  .sorted()
                  .toList());
      scene.assertNothingLeft();
    }
  }

  @Test
  void fiftyAtOnceAreRemovedAfterACrash() {
    try (Scene scene = Scene.open()) {
      Path job =
          scene.write(
              """
              job "@JOB@" {
                type = "batch"
                group "g" {
                  count = 50
                  %s
                }
              }
              """
                  .formatted(Scene.task("", "echo ready; sleep 1000")));
      Gaol gaol = scene.start(job).untilSays("ready");
      gaol.kill();
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }
}
