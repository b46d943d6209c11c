package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Java starts programs by a helper of its own: a gaol that is killed then leaves none behind. */
class KilledWhileLaunchingIT {
  private static final int LAUNCHERS = 8;
  private static final int KILLS = 15;

  /** Starts programs, as many at once as it can, until it is killed. */
  static final class Launcher {
    private Launcher() {}

    /** Never ends. */
    public static void main(String[] arguments) {
      for (int i = 0; i < LAUNCHERS; i++) {
        Thread.ofPlatform().start(Launcher::launch);
      }
    }

    private static void launch() {
      try {
        while (true) {
          Programs.run(Path.of("/tmp"), List.of("true"));
        }
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aProcessThatIsKilledWhileItStartsProgramsLeavesNoHelperBehind() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Launcher.class.getName())
              .inheritIO();
      Process launcher = builder.start();
      // Some are in the middle of a start whenever it is; the moments differ all the same.
      TimeUnit.MILLISECONDS.sleep(500 + 20L * kill);
      launcher.destroyForcibly().waitFor();
    }

    assertThat(helpers()).as("jspawnhelper processes that wait for ever").isEmpty();
  }

  /** Helpers without a parent, once those that just end have ended. */
  private static List<ProcessHandle> helpers() throws InterruptedException {
    List<ProcessHandle> helpers = List.of();
    for (int tries = 0; tries < 20; tries++) {
      helpers =
          ProcessHandle.allProcesses()
              .filter(process -> process.info().command().orElse("").endsWith("/jspawnhelper"))
              .filter(process -> process.parent().map(ProcessHandle::pid).orElse(1L) == 1)
              .toList();
      if (helpers.isEmpty()) {
        return helpers;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    helpers.forEach(ProcessHandle::destroyForcibly);
    return helpers;
  }
}
