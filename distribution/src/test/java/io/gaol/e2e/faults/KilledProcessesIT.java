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

/** The processes that hold a task are killed, one by one. */
@RequiresLinuxRoot
class KilledProcessesIT {
  /** Runs until it is told to end. */
  private static final String WAITS =
      "echo ready; while [ ! -e /alloc/data/end ]; do sleep 0.05; done; exit 7";

  /** The processes of the one task that runs. */
  private record Running(Gaol gaol, long supervisor, long crun, long init, long main) {
    static Running start(Scene scene) throws IOException {
      Gaol gaol = scene.start(scene.batch(Scene.task("", WAITS))).untilSays("ready");
      long supervisor =
          Long.parseLong(Files.readString(scene.taskDirectory().resolve("up")).split(" ")[0]);
      long crun = childNamed(supervisor, "crun");
      long init = Processes.children(crun).getFirst();
      return new Running(gaol, supervisor, crun, init, Processes.children(init).getFirst());
    }

    private static long childNamed(long parent, String name) throws IOException {
      return Processes.children(parent).stream()
          .filter(child -> Processes.name(child).equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void end(Scene scene) throws IOException {
    Files.createFile(scene.allocation().resolve("alloc/data/end"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"supervisor", "crun", "both"})
  void aTaskRunsOnWithoutWhatHoldsItAndEndsUnknown(String victim) throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      if (!victim.equals("crun")) {
        Processes.kill(running.supervisor());
      }
      if (!victim.equals("supervisor")) {
        Processes.kill(running.crun());
      }
      assertThat(Processes.alive(running.main())).isTrue();
      assertThat(running.gaol().isAlive()).isTrue();
      end(scene);
      Gaol.Outcome outcome = running.gaol().await();
      assertThat(outcome.stderr()).contains("exit status unknown");
      assertThat(outcome.status()).isEqualTo(1);
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"supervisor", "crun", "both"})
  void aTaskWithoutWhatHeldItIsStopped(String victim) throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      if (!victim.equals("crun")) {
        Processes.kill(running.supervisor());
      }
      if (!victim.equals("supervisor")) {
        Processes.kill(running.crun());
      }
      running.gaol().signal("TERM");
      assertThat(running.gaol().await().status()).isEqualTo(143);
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"supervisor", "crun", "both"})
  void whatHeldATaskAndGaolAreKilledTogether(String victim) throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      if (!victim.equals("crun")) {
        Processes.kill(running.supervisor());
      }
      if (!victim.equals("supervisor")) {
        Processes.kill(running.crun());
      }
      running.gaol().kill();
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"init", "main"})
  void killedInTheJailIsKilledBySignal9(String victim) throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      Processes.kill(victim.equals("init") ? running.init() : running.main());
      Gaol.Outcome outcome = running.gaol().await();
      assertThat(outcome.stderr()).contains("killed by signal 9");
      assertThat(outcome.status()).isEqualTo(137);
      scene.assertNothingLeft();
    }
  }

  @Test
  void aSupervisorThatIsHeldCannotHoldUpAStop() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      Processes.signal(running.supervisor(), "STOP");
      running.gaol().signal("TERM");
      assertThat(running.gaol().await().status()).isEqualTo(143);
      scene.assertNothingLeft();
    }
  }

  @Test
  void aRuntimeThatIsHeldCannotHoldUpAStop() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      Processes.signal(running.crun(), "STOP");
      running.gaol().signal("TERM");
      assertThat(running.gaol().await().status()).isEqualTo(143);
      scene.assertNothingLeft();
    }
  }

  @Test
  void aTaskThatEndsWithoutGaolIsRemoved() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      running.gaol().kill();
      assertThat(Processes.alive(running.main())).isTrue();
      end(scene);
      Path status = scene.taskDirectory().resolve("status");
      Scene.until("the end is recorded", () -> Files.exists(status));
      assertThat(Files.readString(status)).contains("status=7");
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @Test
  void aTaskWithoutGaolIsStopped() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      running.gaol().kill();
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      assertThat(Processes.alive(running.main())).isFalse();
      scene.assertNothingLeft();
    }
  }

  @Test
  void aRecordOfTheEndThatIsDamagedLosesNothing() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      Files.writeString(scene.taskDirectory().resolve("status"), "sta");
      Gaol.Outcome outcome = running.gaol().await();
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.stderr()).contains("status");
      scene.assertNothingLeft();
    }
  }

  @Test
  void aRuntimeKilledWhileItWaitsForCreatedCommandsEndsTheStart() {
    try (Scene scene = Scene.open()) {
      Path job =
          scene.batch(
              Scene.task(
                  "",
                  WAITS,
                  "Exec_created = "
                      + Scene.quote(
                          "read -r supervisor rest <@STATE@/tasks/$JNAME/up;"
                              + " kill -9 $(ps -o pid= --ppid $supervisor)")));
      Gaol.Outcome outcome = scene.run(job);
      assertThat(outcome.status()).isNotZero();
      assertThat(outcome.stderr()).contains("not started");
      scene.assertNothingLeft();
    }
  }

  // ---- several gaols

  @Test
  void twoJobsOfOneStateDirectoryLeaveEachOtherAlone() throws IOException {
    try (Scene scene = Scene.open();
        Scene other = Scene.open()) {
      other.moveStateTo(scene.state());
      Running running = Running.start(scene);
      Gaol second = other.start(other.batch(Scene.task("", WAITS))).untilSays("ready");
      running.gaol().kill();
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      assertThat(second.isAlive()).isTrue();
      assertThat(other.processes()).isNotEmpty();
      assertThat(other.taskDirectory()).isDirectory();
      stop = other.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      assertThat(second.await().status()).isEqualTo(143);
      scene.assertNothingLeft();
    }
  }

  @Test
  void aJobThatRunsIsNotRunTwice() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      Gaol.Outcome again = scene.run(scene.batch(Scene.task("", WAITS)));
      assertThat(again.status()).isEqualTo(1);
      assertThat(again.stderr()).contains("runs already");
      assertThat(Processes.alive(running.main())).isTrue();
      end(scene);
      assertThat(running.gaol().await().status()).isEqualTo(7);
      scene.assertNothingLeft();
    }
  }

  @Test
  void aLivingJobIsStoppedByAnotherGaol() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      assertThat(running.gaol().await().status()).isEqualTo(143);
      scene.assertNothingLeft();
    }
  }

  @Test
  void twoThatStopAJobBothSucceed() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      running.gaol().kill();
      List<Gaol> stops =
          List.of(1, 2).stream()
              .map(
                  number ->
                      scene
                          .gaol("job", "stop", "--state-dir", scene.state().toString(), scene.job())
                          .start())
              .toList();
      for (Gaol stop : stops) {
        Scene.assertStopped(stop.await(), "beside the others");
      }
      scene.assertNothingLeft();
    }
  }

  // ---- numbers that others have now

  @Test
  void aReusedProcessNumberIsNotTouched() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      running.gaol().kill();
      Process bystander = new ProcessBuilder("sleep", "1000").start();
      try {
        Path up = scene.taskDirectory().resolve("up");
        Path record = scene.state().resolve("crun").resolve(scene.taskDirectory().getFileName());
        // The numbers of ours go to the bystander; what tells processes apart stays.
        Files.writeString(
            up, Files.readString(up).replaceFirst("^[0-9]+", Long.toString(bystander.pid())));
        Path status = record.resolve("status");
        Files.writeString(
            status,
            Files.readString(status)
                .replaceFirst("\"pid\" *: *[0-9]+", "\"pid\": " + bystander.pid()));
        Processes.kill(running.supervisor());
        Processes.kill(running.crun());
        Processes.kill(running.init());
        Gaol.Outcome stop = scene.stop();
        assertThat(stop.status()).as(stop.stderr()).isZero();
        assertThat(bystander.isAlive()).isTrue();
        scene.assertNothingLeft();
      } finally {
        bystander.destroyForcibly();
      }
    }
  }

  @Test
  void theNumberOfAGaolThatDiedIsNotSignalled() throws IOException {
    try (Scene scene = Scene.open()) {
      Running running = Running.start(scene);
      running.gaol().kill();
      Process bystander = new ProcessBuilder("sleep", "1000").start();
      try {
        for (Path owner : Scene.files(scene.state().resolve("tasks"))) {
          if (owner.endsWith("owner.json")) {
            Files.writeString(
                owner,
                Files.readString(owner)
                    .replaceFirst("\"process\": [0-9]+", "\"process\": " + bystander.pid()));
          }
        }
        Gaol.Outcome stop = scene.stop();
        assertThat(stop.status()).as(stop.stderr()).isZero();
        assertThat(bystander.isAlive()).isTrue();
        scene.assertNothingLeft();
      } finally {
        bystander.destroyForcibly();
      }
    }
  }
}
