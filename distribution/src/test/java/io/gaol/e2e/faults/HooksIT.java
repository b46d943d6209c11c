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

/** Commands of jail(8)'s that hang, fail, or leave something running. */
@RequiresLinuxRoot
class HooksIT {
  private static String hook(String name, String script) {
    return "Exec_" + name + " = " + Scene.quote(script);
  }

  private static String hanging(String name) {
    return hook(
        name, "echo begin-%1$s >>@TRACE@; sleep 1000; echo end-%1$s >>@TRACE@".formatted(name));
  }

  private static String traced(String name) {
    return hook(name, "echo " + name + " >>@TRACE@; true");
  }

  private static void untilBegun(Scene scene, String hook) {
    Scene.until(hook + " has begun", () -> scene.traced("begin-" + hook) > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "prestart", "created"})
  void oneOfAStartThatHangsIsEndedByItsTimeLimit(String name) {
    try (Scene scene = Scene.open()) {
      Path job =
          scene.batch(
              Scene.task("", "echo never", hanging(name), traced("release"), "Exec_timeout = 1"));
      Gaol.Outcome outcome = scene.run(job);
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.stderr()).contains("not started", "exec.timeout");
      assertThat(outcome.stdout()).doesNotContain("never");
      assertThat(scene.traced("release")).isEqualTo(1);
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "prestart", "created", "poststart"})
  void oneOfAStartThatHangsIsEndedByCtrlC(String name) {
    try (Scene scene = Scene.open()) {
      Path job =
          scene.batch(
              Scene.task("", "sleep 1000", hanging(name), traced("release"), traced("poststop")));
      Gaol gaol = scene.start(job);
      untilBegun(scene, name);
      gaol.signal("INT");
      assertThat(gaol.await().status()).isEqualTo(130);
      assertThat(scene.traced("release")).isEqualTo(1);
      assertThat(scene.traced("poststop")).isEqualTo(name.equals("prepare") ? 0 : 1);
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "prestart", "created", "poststart", "poststop", "release"})
  void oneThatHangsIsEndedAfterACrash(String name) throws IOException {
    try (Scene scene = Scene.open()) {
      // It hangs once: whoever recovers may have to run it again.
      Path job =
          scene.batch(
              Scene.task(
                  "",
                  name.equals("poststop") || name.equals("release") ? "true" : "sleep 1000",
                  hook(
                      name,
                      "echo begin-%s >>@TRACE@; mkdir @BASE@/once && sleep 1000".formatted(name))));
      Gaol gaol = scene.start(job);
      untilBegun(scene, name);
      gaol.kill();
      Files.createDirectories(scene.base().resolve("once"));
      Gaol.Outcome stop = scene.stop();
      // The second poststop fails, as mkdir does: that is told, and nothing is left.
      assertThat(stop.stderr()).doesNotContain("timed out");
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prestop", "stop"})
  void oneOfAStopThatHangsIsEndedByItsTimeLimit(String name) {
    try (Scene scene = Scene.open()) {
      String hang = name.equals("stop") ? hook("stop", "sleep 1000; true") : hanging(name);
      Path job =
          scene.batch(
              Scene.task(
                  "", "echo ready; sleep 1000", hang, traced("poststop"), "Exec_timeout = 1"));
      Gaol gaol = scene.start(job).untilSays("ready");
      gaol.signal("INT");
      Gaol.Outcome outcome = gaol.await();
      assertThat(outcome.status()).isEqualTo(130);
      assertThat(outcome.stderr()).contains("exec.timeout");
      assertThat(scene.traced("poststop")).isEqualTo(1);
      scene.assertNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prestop", "stop", "poststop", "release"})
  void oneOfAStopThatHangsIsEndedByASecondCtrlC(String name) {
    try (Scene scene = Scene.open()) {
      String hang =
          name.equals("stop") ? hook("stop", "echo stop-begins; sleep 1000; true") : hanging(name);
      Path job = scene.batch(Scene.task("", "echo ready; sleep 1000", hang));
      Gaol gaol = scene.start(job).untilSays("ready");
      gaol.signal("INT");
      if (name.equals("stop")) {
        Path tasks = scene.state().resolve("tasks");
        Scene.until(
            "exec.stop has begun",
            () ->
                Scene.files(tasks).stream()
                    .anyMatch(file -> file.getFileName().toString().startsWith("exec-")));
      } else {
        untilBegun(scene, name);
      }
      gaol.signal("INT");
      assertThat(gaol.await().status()).isEqualTo(130);
      scene.assertNothingLeft();
    }
  }

  @Test
  void aStopThatHangsIsEndedAfterACrash() {
    try (Scene scene = Scene.open()) {
      Path job = scene.batch(Scene.task("", "echo ready; sleep 1000", hanging("prestop")));
      Gaol gaol = scene.start(job).untilSays("ready");
      gaol.signal("INT");
      untilBegun(scene, "prestop");
      gaol.kill();
      // The recovery runs it again, and hangs: it is stopped, twice.
      Gaol stop =
          scene.gaol("job", "stop", "--state-dir", scene.state().toString(), scene.job()).start();
      Scene.until("it hangs again", () -> scene.traced("begin-prestop") > 1);
      stop.kill();
      scene.traced();
      Gaol again =
          scene.gaol("job", "stop", "--state-dir", scene.state().toString(), scene.job()).start();
      Scene.until("it hangs once more", () -> scene.traced("begin-prestop") > 2);
      // What runs of it now is this gaol's: the two before are ended.
      assertThat(hangingHooks(scene)).hasSize(1);
      hangingHooks(scene).forEach(Processes::kill);
      assertThat(again.await().status()).isZero();
      scene.assertNothingLeft();
    }
  }

  private static List<Long> hangingHooks(Scene scene) {
    try {
      return scene.processes().stream()
          .filter(process -> Processes.name(process).equals("sleep"))
          .filter(process -> Processes.file(process, "environ").contains("GAOL_HOOK="))
          .toList();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void aPoststartThatHangsDoesNotKeepAStopFromBeginning() throws IOException {
    try (Scene scene = Scene.open()) {
      Path job =
          scene.batch(
              Scene.task(
                  "",
                  "echo ready; sleep 1000",
                  hanging("poststart"),
                  hook(
                      "prestop", "echo begin-prestop >>@TRACE@; mkdir @BASE@/once && sleep 1000")));
      Gaol gaol = scene.start(job).untilSays("ready");
      untilBegun(scene, "poststart");
      gaol.signal("INT");
      untilBegun(scene, "prestop");
      gaol.kill();
      Gaol.Outcome stop = scene.stop();
      assertThat(stop.status()).as(stop.stderr()).isZero();
      scene.assertNothingLeft();
    }
  }

  @Test
  void aDaemonWithItsOutputOpenHoldsNothingUp() throws IOException {
    try (Scene scene = Scene.open()) {
      String daemon = "setsid sh -c 'echo $$ >>@BASE@/daemons; sleep 1000' & echo said-%s";
      Path job =
          scene.batch(
              Scene.task(
                  "",
                  "echo ran",
                  hook("prestart", daemon.formatted("prestart")),
                  hook("poststart", daemon.formatted("poststart")),
                  hook("poststop", daemon.formatted("poststop"))));
      Gaol.Outcome outcome = scene.run(job);
      List<String> daemons = Files.readAllLines(scene.base().resolve("daemons"));
      try {
        assertThat(outcome.status()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr()).contains("said-prestart", "said-poststart", "said-poststop");
        // They are the operator's own wish.
        assertThat(daemons).hasSize(3).allMatch(pid -> Processes.alive(Long.parseLong(pid)));
      } finally {
        for (String daemon1 : daemons) {
          for (long child : Processes.children(Long.parseLong(daemon1))) {
            Processes.kill(child);
          }
          Processes.kill(Long.parseLong(daemon1));
        }
      }
      scene.assertNothingLeft();
    }
  }

  @Test
  void aStartThatFailsHalfWayRunsWhatIsOwed() {
    try (Scene scene = Scene.open()) {
      Path job =
          scene.batch(
              Scene.task(
                  "",
                  "echo never",
                  traced("prepare"),
                  hook("prestart", "echo prestart >>@TRACE@; exit 4"),
                  hook("poststop", "echo poststop >>@TRACE@; exit 5"),
                  traced("release")));
      Gaol.Outcome outcome = scene.run(job);
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.stderr()).contains("exit status 4", "exit status 5");
      assertThat(scene.traced()).containsExactly("prepare", "prestart", "poststop", "release");
      scene.assertNothingLeft();
    }
  }
}
