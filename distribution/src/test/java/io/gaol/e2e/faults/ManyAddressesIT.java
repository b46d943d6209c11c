package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Lan;
import io.gaol.e2e.RequiresLinuxRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Many jails with an address each on one interface start and stop in random order, and gaols and
 * supervisors are killed at random: of no jail anything is left, and the interface is as it was.
 */
@RequiresLinuxRoot
class ManyAddressesIT {
  private static final int JOBS = Scene.FULL ? 10 : 3;
  private static final int JAILS = Scene.FULL ? 10 : 4;
  private static final int ACTS = Scene.FULL ? 80 : 14;

  private final Random random = new Random(Long.getLong("gaol.seed", 20_261_123L));
  private final List<Gaol> running = new ArrayList<>();
  private int kills;

  /** A job of some jails; each takes its allocation's index for its address. */
  private static Path job(Scene scene, int number) {
    return scene.write(
        """
        job "@JOB@n%1$d" {
          type = "batch"
          group "g" {
            count = %2$d
            restart {
              attempts = 1
              delay    = "0s"
              interval = "24h"
            }
            %3$s
          }
        }
        """
            .formatted(
                number,
                JAILS,
                Scene.task(
                    "",
                    "echo up; sleep 1000",
                    "Ip4_addr = \"em1|10.88.%d.1${NOMAD_ALLOC_INDEX}\"".formatted(number))));
  }

  private Gaol start(Scene scene, Lan lan, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(2, List.of("--state-dir", scene.state().toString()));
    Gaol gaol = scene.gaol(all.toArray(String[]::new)).behind(lan.host()).start();
    running.add(gaol);
    return gaol;
  }

  private void act(Scene scene, Lan lan, List<Path> jobs) throws IOException {
    running.removeIf(gaol -> !gaol.isAlive());
    int job = random.nextInt(JOBS);
    switch (random.nextInt(5)) {
      case 0, 1 -> start(scene, lan, "job", "run", jobs.get(job).toString());
      case 2 -> start(scene, lan, "job", "stop", scene.job() + "n" + job);
      case 3 -> {
        if (!running.isEmpty()) {
          running.remove(random.nextInt(running.size())).kill();
          kills++;
        }
      }
      default -> {
        List<Long> others = new ArrayList<>(scene.processes());
        others.removeIf(process -> running.stream().anyMatch(gaol -> gaol.pid() == process));
        others.removeIf(process -> !Processes.words(process).contains("supervise.sh"));
        if (!others.isEmpty()) {
          Processes.kill(others.get(random.nextInt(others.size())));
          kills++;
        }
      }
    }
  }

  @Test
  void ofManyAddressesNoneIsLeftWhateverIsKilledWhen() throws Exception {
    try (Lan lan = Lan.open();
        Scene scene = Scene.open()) {
      List<Path> jobs = new ArrayList<>();
      for (int number = 0; number < JOBS; number++) {
        Path job = job(scene, number);
        jobs.add(Files.move(job, job.resolveSibling("many-" + number + ".hcl")));
      }
      // All of them are there once.
      for (int number = 0; number < JOBS; number++) {
        start(scene, lan, "job", "run", jobs.get(number).toString());
      }
      Scene.until(
          "every address answers",
          () ->
              lan.onHost("ip route show | grep -c ' dev gl-'")
                  .stdout()
                  .equals(JOBS * JAILS + "\n"));
      assertThat(lan.onHost("cat /proc/sys/net/ipv4/conf/em1/forwarding").stdout())
          .isEqualTo("1\n");
      for (int act = 0; act < ACTS; act++) {
        act(scene, lan, jobs);
        Thread.sleep(random.nextInt(Scene.FULL ? 1500 : 700));
      }
      assertThat(kills).isPositive();
      for (Gaol gaol : running) {
        gaol.kill();
      }
      List<Integer> order = new ArrayList<>();
      for (int number = 0; number < JOBS; number++) {
        order.add(number);
      }
      Collections.shuffle(order, random);
      for (int number : order) {
        Gaol.Outcome stop = start(scene, lan, "job", "stop", scene.job() + "n" + number).await();
        Scene.assertStopped(stop, "of job " + number);
      }
      scene.assertNothingLeft();
      lan.assertNothingIsLeft();
    }
  }
}
