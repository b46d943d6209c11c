package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gaol is killed at every moment of a job's way; what is left then is removed, whole. */
@RequiresLinuxRoot
class CrashIT {
  private static final int MOST_CHANGES = 2_000;

  private static final List<String> HOOKS =
      List.of("prepare", "prestart", "created", "poststart", "poststop", "release");

  private static Path library;

  @BeforeAll
  static void compile() throws IOException {
    library = compileLibrary();
  }

  /** What is preloaded into a gaol that is to die before a change. */
  static Path compileLibrary() throws IOException {
    Path library = Files.createTempFile("gaol-f-crash", ".so");
    Path source = Files.createTempFile("gaol-f-crash", ".c");
    try (InputStream text = CrashIT.class.getResourceAsStream("crash.c")) {
      Files.write(source, text.readAllBytes());
    }
    Host.must("gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
    Files.delete(source);
    return library;
  }

  @AfterAll
  static void remove() throws IOException {
    Files.delete(library);
  }

  /** Two tasks with everything that there is to undo. */
  private static Path job(Scene scene) {
    return scene.batch(task("a") + task("b"));
  }

  private static String task(String name) {
    StringBuilder hooks = new StringBuilder();
    for (String hook : HOOKS) {
      hooks.append("Exec_%s = \"echo %s-%s >>@TRACE@ #;\"\n".formatted(hook, hook, name));
    }
    return Scene.task(
        name,
        "echo hello; sleep 0.2",
        "Path = \"@ROOT@\"",
        hooks.toString(),
        "Exec_start = \"true\"");
  }

  private static void assertHooksArePaired(Scene scene, String when) {
    for (String task : List.of("a", "b")) {
      assertPair(scene, "prestart-" + task, "poststop-" + task, when);
      assertPair(scene, "prepare-" + task, "release-" + task, when);
    }
  }

  private static void assertPair(Scene scene, String begin, String end, String when) {
    assertThat(scene.traced(end))
        .as(end + " after " + begin + " " + when + ": " + scene.traced())
        .isBetween(scene.traced(begin), scene.traced(begin) + 1);
  }

  /** Stops the job, or runs it again, which begins with the same removal. */
  private static void recover(Scene scene, Path job, boolean again, String when) {
    if (again) {
      Gaol.Outcome second = scene.run(job);
      assertThat(second.status()).as("again " + when + ": " + second.stderr()).isZero();
    } else {
      Scene.assertStopped(scene.stop(), when);
    }
    scene.assertNothingLeft(when);
    assertHooksArePaired(scene, when);
  }

  @Test
  void runsAndLeavesNothing() {
    try (Scene scene = Scene.open()) {
      Gaol.Outcome run = scene.run(job(scene));
      assertThat(run.status()).as(run.stderr()).isZero();
      scene.assertNothingLeft();
      assertHooksArePaired(scene, "");
      assertThat(scene.traced()).hasSize(2 * HOOKS.size());
    }
  }

  @Test
  void killedBeforeEachChangeThatItMakes() {
    // Coarse: every so many changes. Full: before each.
    int step = Scene.FULL ? 1 : 23;
    int crashes = 0;
    for (int change = 1; change < MOST_CHANGES; change += step) {
      try (Scene scene = Scene.open()) {
        Path job = job(scene);
        Gaol.Outcome run =
            scene
                .gaol("job", "run", "--state-dir", scene.state().toString(), job.toString())
                .with("LD_PRELOAD", library)
                .with("CRASH_AT", change)
                .start()
                .await();
        if (!run.killed()) {
          assertThat(run.status()).as(run.stderr()).isZero();
          break;
        }
        crashes++;
        recover(scene, job, crashes % 2 == 0, "after a crash before change " + change);
      }
    }
    assertThat(crashes).isGreaterThan(5);
  }

  @Test
  void killedBeforeEachChangeOfARemoval() {
    int step = Scene.FULL ? 1 : 13;
    int crashes = 0;
    for (int change = 1; change < MOST_CHANGES; change += step) {
      try (Scene scene = Scene.open()) {
        Path job = scene.batch(task("a").replace("sleep 0.2", "sleep 1000"));
        Gaol run = scene.start(job).untilSays("hello");
        run.kill();
        Gaol.Outcome stop =
            scene
                .gaol("job", "stop", "--state-dir", scene.state().toString(), scene.job())
                .with("LD_PRELOAD", library)
                .with("CRASH_AT", change)
                .start()
                .await();
        recover(scene, job, false, "after a crash of its removal before change " + change);
        if (!stop.killed()) {
          assertThat(stop.status()).as(stop.stderr()).isZero();
          break;
        }
        crashes++;
      }
    }
    assertThat(crashes).isGreaterThan(2);
  }

  @Test
  void killedAfterDelays() {
    int last = Scene.FULL ? 3_000 : 1_500;
    int step = Scene.FULL ? 10 : 150;
    int crashes = 0;
    for (int delay = 0; delay <= last; delay += step) {
      try (Scene scene = Scene.open()) {
        Path job = job(scene);
        Gaol run = scene.start(job);
        Thread.sleep(delay);
        run.kill();
        crashes++;
        recover(scene, job, crashes % 2 == 0, "after a crash at " + delay + " ms");
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "prestart", "created", "poststart", "poststop", "release"})
  void killedByAHook(String hook) {
    for (String moment : List.of("before", "after")) {
      try (Scene scene = Scene.open()) {
        // Once: the mark says that it was done.
        String kill = "[ -e @BASE@/killed ] || { touch @BASE@/killed; kill -9 $PPID; }";
        String trace = "echo %s-a >>@TRACE@".formatted(hook);
        String text = moment.equals("before") ? kill + "; " + trace : trace + "; " + kill;
        String tasks = task("a").replace(trace + " #;", text) + task("b");
        Path job = scene.batch(tasks);
        assertThat(scene.run(job).killed()).isTrue();
        recover(scene, job, false, "killed " + moment + " " + hook);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "exec"})
  void killedByTheRuntime(String command) throws IOException {
    for (String moment : List.of("before", "after")) {
      try (Scene scene = Scene.open()) {
        Path folder = Files.createDirectory(scene.base().resolve("bin"));
        Path crun = folder.resolve("crun");
        Files.writeString(
            crun,
            scene.fill(
                """
                #!/bin/sh
                kill_gaol() {
                  mkdir @BASE@/killed 2>/dev/null || return 0
                  kill -9 "$(sed -n 's/.*"process": \\([0-9]*\\).*/\\1/p' @STATE@/tasks/@JOB@a*/owner.json)"
                }
                case " $* " in
                  *" %1$s "*) ;;
                  *) exec /usr/bin/crun "$@" ;;
                esac
                [ %2$s = after ] || kill_gaol
                # The runtime of a task is what its supervisor waits for.
                [ %1$s = exec ] || { (sleep 0.1; kill_gaol) 3>&- & exec /usr/bin/crun "$@"; }
                /usr/bin/crun "$@"
                kill_gaol
                """
                    .formatted(command, moment)));
        assertThat(crun.toFile().setExecutable(true)).isTrue();
        String stop = "Exec_stop = \"true\"";
        Path job =
            scene.batch(
                Scene.task("a", "echo ready; sleep 1000", stop)
                    + Scene.task("b", "sleep 1000", stop));
        Gaol gaol =
            scene
                .gaol("job", "run", "--state-dir", scene.state().toString(), job.toString())
                .with("PATH", folder + ":" + System.getenv("PATH"))
                .start();
        if (command.equals("exec")) {
          gaol.untilSays("ready").signal("TERM");
        }
        assertThat(gaol.await().killed()).isTrue();
        recover(scene, job, false, "killed " + moment + " crun " + command);
      }
    }
  }
}
