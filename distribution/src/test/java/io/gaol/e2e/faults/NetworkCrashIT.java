package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Lan;
import io.gaol.e2e.RequiresLinuxRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gaol is killed at every moment of the way of a jail with an address, and of one with an interface
 * that is handed in: the host's network is then as it was.
 */
@RequiresLinuxRoot
class NetworkCrashIT {
  private static final int MOST_CHANGES = 1_000;

  private static Path library;

  @BeforeAll
  static void compile() throws IOException {
    library = CrashIT.compileLibrary();
  }

  @AfterAll
  static void remove() throws IOException {
    Files.delete(library);
  }

  private static Gaol.Builder gaol(Scene scene, Lan lan, String subcommand, String argument) {
    return scene
        .gaol("job", subcommand, "--state-dir", scene.state().toString(), argument)
        .behind(lan.host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ip4_addr = \"em1|192.168.1.102\"",
        "Vnet = true\nVnet_nic = \"e0b\"",
        "Vnet = true\nVnet_nic = \"e0b\"\nExec_created = \"true\""
      })
  void killedBeforeEachChangeThatItMakes(String config) throws IOException {
    int step = Scene.FULL ? 1 : 29;
    int crashes = 0;
    for (int change = 1; change < MOST_CHANGES; change += step) {
      try (Lan lan = Lan.open();
          Scene scene = Scene.open()) {
        lan.onHost(
            "ip link add e0a type veth peer name e0b; echo 1"
                + " >/proc/sys/net/ipv6/conf/e0a/disable_ipv6");
        String before = lan.everything();
        Path job = scene.batch(Scene.task("a", "ip link set e0b name mine; echo hello", config));
        Gaol.Outcome run =
            gaol(scene, lan, "run", job.toString())
                .with("LD_PRELOAD", library)
                .with("CRASH_AT", change)
                .start()
                .await();
        if (!run.killed()) {
          assertThat(run.status()).as(run.stderr()).isZero();
          break;
        }
        crashes++;
        Gaol.Outcome stop = gaol(scene, lan, "stop", scene.job()).start().await();
        Scene.assertStopped(stop, "after a crash before change " + change);
        scene.assertNothingLeft("after a crash before change " + change);
        lan.assertNothingIsLeft(before);
      }
    }
    assertThat(crashes).isGreaterThan(2);
  }
}
