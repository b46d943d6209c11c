package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.engine.Step.MakeDirectory.Removal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new program makes of the tasks of one that died. */
@Timeout(60)
final class RecoveryTest {
  /** Steps of {@link #plan()}: a program may die after each. */
  private static final int STEPS = 8;

  @TempDir Path folder;
  private Shop shop;

  @BeforeEach
  void open() throws IOException {
    shop = new Shop(folder);
  }

  @AfterEach
  void close() throws Exception {
    shop.close();
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  private String untilGo() {
    return "until [ -e " + at("go") + " ]; do sleep 0.05; done; exit 7";
  }

  private Step[] steps() {
    return new Step[] {
      new Step.Owe("exec.poststop", List.of(Shop.appends(folder, "poststop"))),
      new Step.MakeDirectory(at("made"), 0755, Removal.WITH_CONTENTS)
    };
  }

  @Test
  void aRunningTaskOfAKilledProgramIsTakenOverAndItsStatusIsExact() throws Exception {
    try (OtherProgram other =
        OtherProgram.run("start", folder.resolve("state"), "web", untilGo(), folder.toString())) {
      assertThat(other.says()).isEqualTo("started");
      assertThat(shop.engine.recover(Shop.NAME)).as("while its owner lives").isEmpty();
      other.kill();
    }
    Task task = shop.engine.recover(Shop.NAME).orElseThrow();
    assertThat(task.exit()).isEmpty();
    assertThat(at("made")).isDirectory();
    Files.createFile(at("go"));

    assertThat(task.await()).isEqualTo(Exit.of(7, Exit.MemoryKill.NO));

    assertThat(shop.logged()).containsExactly("poststop");
    assertThat(at("made")).doesNotExist();
    assertThat(task.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aTaskThatEndedMeanwhileIsToldWithItsStatus() throws Exception {
    try (OtherProgram other =
        OtherProgram.run("start", folder.resolve("state"), "web", untilGo(), folder.toString())) {
      assertThat(other.says()).isEqualTo("started");
      other.kill();
    }
    Files.createFile(at("go"));
    Shop.eventually("it ended", () -> shop.processes(Shop.NAME).isEmpty());
    Task task = shop.engine.recover(Shop.NAME).orElseThrow();
    assertThat(task.await()).isEqualTo(Exit.of(7, Exit.MemoryKill.NO));
    assertThat(shop.logged()).containsExactly("poststop");
    assertThat(task.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aTaskThatIsLeftIsAnothersAlone() throws Exception {
    Task task = shop.start(untilGo(), steps());
    task.leave();
    Task taken = shop.engine.recover(Shop.NAME).orElseThrow();
    Files.createFile(at("go"));
    assertThat(taken.await().status()).contains(7);
    Thread.sleep(1200);
    assertThat(task.exit()).isEmpty();
    assertThat(shop.logged()).containsExactly("poststop");
    assertThat(taken.destroy()).isEmpty();
  }

  @Test
  void aTaskThatIsNotThereIsNotRecovered() throws Exception {
    assertThat(shop.engine.recover(Shop.NAME)).isEmpty();
  }

  // ---- interrupted starts

  /** A plan with a place to die after each step: a hook that prints the step's number. */
  private Plan plan() {
    Plan whole =
        Shop.plan(
            Shop.NAME,
            Shop.NULL,
            Shop.NULL,
            "sleep 60",
            new Step.Owe("exec.release", List.of(Shop.appends(folder, "release"))),
            new Step.MakeDirectory(at("made"), 0755, Removal.WITH_CONTENTS),
            new Step.MakeMountPoint(folder, at("claimed"), true, true),
            new Step.WriteFile(at("file"), "x", 0600),
            new Step.Owe("exec.poststop", List.of(Shop.appends(folder, "poststop"))),
            new Step.SetValue(at("value"), "ours"));
    List<Step> steps = new ArrayList<>();
    for (Step step : whole.steps()) {
      steps.add(step);
      int number = (steps.size() + 1) / 2;
      steps.add(new Step.Run(Samples.shell("exec.after", "echo after " + number + ".")));
    }
    assertThat(steps).hasSize(2 * STEPS);
    return new Plan(
        whole.name(),
        steps,
        List.of(),
        List.of(),
        List.of(),
        whole.killSignal(),
        whole.killTimeout(),
        List.of());
  }

  private void startAndDieAfter(int step) throws IOException {
    Files.writeString(at("value"), "his");
    shop.listener =
        event -> {
          if (event.message().endsWith("after " + step + ".")) {
            throw new Bench.Died();
          }
        };
    assertThatThrownBy(() -> shop.start(plan())).isInstanceOf(Bench.Died.class);
    shop.restart();
  }

  private void nothingIsLeft() throws IOException {
    assertThat(shop.isEmpty()).isTrue();
    assertThat(at("made")).doesNotExist();
    assertThat(at("claimed")).doesNotExist();
    assertThat(at("file")).doesNotExist();
    assertThat(at("value")).hasContent("his");
  }

  static List<Integer> stepsBeforeTheFirstCommandRuns() {
    return List.of(1, 2, 3, 4, 5, 6);
  }

  @ParameterizedTest
  @MethodSource("stepsBeforeTheFirstCommandRuns")
  void aStartThatDiedAnywhereIsUndoneByItsRecovery(int step) throws Exception {
    startAndDieAfter(step);

    Task task = shop.engine.recover(Shop.NAME).orElseThrow();

    assertThat(task.exit().orElseThrow().describe()).contains("interrupted");
    assertThat(shop.logged())
        .isEqualTo(step < 5 ? List.of("release") : List.of("poststop", "release"));
    assertThat(task.destroy()).isEmpty();
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8})
  void aStartThatDiedWithTheJailThereIsTakenOverOrUndone(int step) throws Exception {
    startAndDieAfter(step);

    Task task = shop.engine.recover(Shop.NAME).orElseThrow();
    task.kill();

    assertThat(task.await().successful()).isFalse();
    assertThat(shop.logged()).containsExactly("poststop", "release");
    assertThat(task.destroy()).isEmpty();
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 6, 8})
  void aRecoveryThatDiesIsFinishedByTheNext(int step) throws Exception {
    startAndDieAfter(step);
    shop.listener =
        event -> {
          if (event.message().endsWith("release")) {
            throw new Bench.Died();
          }
        };
    if (step < 7) {
      assertThatThrownBy(() -> shop.engine.recover(Shop.NAME)).isInstanceOf(Bench.Died.class);
    } else {
      shop.engine.recover(Shop.NAME).orElseThrow().kill();
      Shop.eventually("release ran", () -> shop.logged().contains("release"));
      Thread.sleep(300);
    }
    shop.restart();

    Task task = shop.engine.recover(Shop.NAME).orElseThrow();

    assertThat(task.exit()).isPresent();
    assertThat(task.destroy()).isEmpty();
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop.json", "ledger", "owner.json"})
  void aStartThatDiedWhileItsDirectoryWasMadeIsRemoved(String last) throws Exception {
    try (TaskDirectory directory = shop.store.create(Shop.NAME, Bench.OWNER)) {
      if (!last.equals("owner.json")) {
        directory.write("stop.json", StopOrder.DEFAULT.toJson());
      }
      if (last.equals("ledger")) {
        Ledger.open(directory.file("ledger")).close();
      }
    }
    Task task = shop.engine.recover(Shop.NAME).orElseThrow();
    assertThat(task.await().status()).isEmpty();
    assertThat(task.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aHookThatRanWhenItsProgramDiedIsEnded() throws Exception {
    Path pid = at("pid");
    try (OtherProgram other =
        OtherProgram.run(
            "hook", folder.resolve("state"), "web", "echo $$ >" + pid + "; exec sleep 60")) {
      Shop.eventually("the hook runs", () -> shop.number("pid").isPresent());
      other.kill();
    }
    long hook = shop.number("pid").get();
    assertThat(shop.host.identity(hook)).isPresent();
    Task task = shop.engine.recover(Shop.NAME).orElseThrow();
    Shop.eventually("the hook ended", () -> shop.host.identity(hook).isEmpty());
    assertThat(task.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aDamagedStopOrderDoesNotKeepTheTask() throws Exception {
    Task left = shop.start("sleep 60", steps());
    Files.writeString(left.directory().file(TaskFiles.STOP), "");
    left.leave();
    Task task = shop.engine.recover(Shop.NAME).orElseThrow();
    assertThat(shop.events)
        .extracting(TaskEvent::message)
        .anyMatch(message -> message.contains("stop.json is damaged"));
    assertThat(task.stop().signal()).contains(15);
    assertThat(task.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aDamagedLedgerIsAnErrorAndTheTaskStaysForAPersonToLookAt() throws Exception {
    Task left = shop.start("sleep 60", steps());
    Files.writeString(left.directory().file(TaskFiles.LEDGER), "rubbish\n");
    left.leave();
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> shop.engine.recover(Shop.NAME))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ledger:1:");
    }
    assertThat(shop.host.jail(Shop.NAME).alive()).isTrue();
  }

  @Test
  void whatHasNoJailIsKeptUntilItIsStopped() throws Exception {
    Plan plan =
        new Plan(
            Shop.NAME,
            List.of(steps()),
            List.of(),
            List.of(),
            List.of(),
            "SIGTERM",
            java.time.Duration.ofSeconds(1),
            List.of());
    shop.start(plan).leave();
    Task task = shop.engine.recover(Shop.NAME).orElseThrow();
    assertThat(task.exit()).isEmpty();
    assertThat(at("made")).isDirectory();
    task.stop();
    assertThat(at("made")).doesNotExist();
    assertThat(shop.logged()).containsExactly("poststop");
    assertThat(task.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }
}
