package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that begin before there is a plan. */
final class TaskStartTest {
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

  @Test
  void aPlanThatComesLaterIsCarriedOut() throws Exception {
    try (TaskStart start = shop.engine.begin(Shop.NAME, Bench.OWNER)) {
      supervisorWaits();
      Task task = start.carryOut(plan(Shop.NAME, "exit 7"));
      assertThat(task.await().status()).contains(7);
      assertThat(task.destroy()).isEmpty();
    }
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aStartThatIsGivenUpLeavesNeitherItsNameNorASupervisor() throws Exception {
    try (TaskStart _ = shop.engine.begin(Shop.NAME, Bench.OWNER)) {
      supervisorWaits();
      assertThatThrownBy(() -> shop.engine.begin(Shop.NAME, Bench.OWNER))
          .isInstanceOf(StepFailedException.class);
    }
    assertThat(shop.store.path(Shop.NAME)).doesNotExist();
    Shop.eventually("nothing is left", shop::isEmpty);
    shop.engine.begin(Shop.NAME, Bench.OWNER).close();
  }

  @Test
  void aProgramThatDiesBeforeItHasAPlanLeavesANameAndNoSupervisor() throws Exception {
    try (OtherProgram other = OtherProgram.run("begin", folder.resolve("state"), "web")) {
      assertThat(other.says()).isEqualTo("begun");
      supervisorWaits();
      other.kill();
    }
    Shop.eventually("the supervisor ends", () -> shop.processes(Shop.NAME).isEmpty());
    Task left = shop.engine.recover(Shop.NAME).orElseThrow();
    assertThat(left.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aStartHasOnePlanOfItsOwnName() throws Exception {
    try (TaskStart start = shop.engine.begin(Shop.NAME, Bench.OWNER)) {
      assertThatThrownBy(() -> start.carryOut(plan(new JailName("other"), "true")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("other")
          .hasMessageContaining(Shop.NAME.value());
      Task task = start.carryOut(plan(Shop.NAME, "true"));
      assertThatThrownBy(() -> start.carryOut(plan(Shop.NAME, "true")))
          .isInstanceOf(IllegalStateException.class);
      task.await();
      task.destroy();
    }
  }

  @Test
  void wordsOfTheRuntimeReachItAsTheyAre() throws Exception {
    String odd = "a'b \\ \"c\" $HOME\n`d`";
    Path out = folder.resolve("out");
    try (TaskStart start = shop.engine.begin(Shop.NAME, Bench.OWNER)) {
      Task task =
          start.carryOut(
              new Plan(
                  Shop.NAME,
                  List.of(
                      new Step.Supervise(
                          new Supervised(
                              FakeHost.inJail(
                                  Shop.NAME,
                                  "/bin/sh",
                                  "-c",
                                  Shop.RUNNING + "printf %s \"$1\" >\"$0\"",
                                  out.toString(),
                                  odd),
                              Shop.NULL,
                              Shop.NULL,
                              "echo no")),
                      new Step.Await(Progress.RUNNING)),
                  List.of(),
                  List.of(),
                  List.of(),
                  "SIGTERM",
                  Duration.ofSeconds(1),
                  List.of()));
      task.await();
      task.destroy();
    }
    assertThat(out).hasContent(odd);
  }

  private void supervisorWaits() throws Exception {
    Shop.eventually("a supervisor waits", () -> !shop.processes(Shop.NAME).isEmpty());
  }

  private static Plan plan(JailName name, String script) {
    return Shop.plan(name, Shop.NULL, Shop.NULL, script);
  }
}
