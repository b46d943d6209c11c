package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program of the host makes, and values that are shared: steps and their undo. */
final class MakeStepTest {
  @TempDir Path folder;
  private Bench bench;
  private Path thing;

  @BeforeEach
  void open() throws IOException {
    bench = new Bench(folder);
    thing = folder.resolve("thing");
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private static List<String> sh(String script) {
    return List.of("/bin/sh", "-c", script);
  }

  private List<String> isThere() {
    return List.of("test", "-e", thing.toString());
  }

  private Step.Make make(String script, boolean refusedIfThere) {
    return new Step.Make(
        "a thing",
        isThere(),
        refusedIfThere,
        sh(script),
        new Undo.Unmake("a thing", isThere(), List.of("rm", thing.toString())));
  }

  private Step.Make make(boolean refusedIfThere) {
    return make("echo x >" + thing, refusedIfThere);
  }

  @Test
  void whatIsMadeIsRemovedOnceAndForAll() throws Exception {
    bench.run(make(true));
    assertThat(thing).exists();
    bench.reopen();
    assertThat(bench.unwind()).isEmpty();
    assertThat(thing).doesNotExist();
    assertThat(bench.owed()).isEmpty();
  }

  @Test
  void whatWasThereAndMayBeStays() throws Exception {
    Files.writeString(thing, "an operator's");
    bench.run(make(false));
    assertThat(bench.owed()).isEmpty();
    assertThat(bench.unwind()).isEmpty();
    assertThat(thing).hasContent("an operator's");
  }

  @Test
  void whatMayNotBeThereIsRefusedAndStays() throws Exception {
    Files.writeString(thing, "an operator's");
    assertThatThrownBy(() -> bench.run(make(true)))
        .isInstanceOf(StepFailedException.class)
        .hasMessage("a thing is there already and is not ours: it was left as it is");
    assertThat(bench.unwind()).isEmpty();
    assertThat(thing).hasContent("an operator's");
  }

  @Test
  void whatFailsHalfWayIsOwedBeforeAndUndone() throws Exception {
    Path copy = folder.resolve("copy");
    Path ledger = bench.directory.file(TaskFiles.LEDGER);
    Step step =
        make("cp " + ledger + " " + copy + "; echo x >" + thing + "; echo no room; exit 3", true);
    assertThatThrownBy(() -> bench.run(step))
        .isInstanceOf(StepFailedException.class)
        .hasMessage("cannot make a thing: exit status 3: no room");
    assertThat(copy).content().contains("unmake");
    assertThat(bench.unwind()).isEmpty();
    assertThat(thing).doesNotExist();
  }

  @Test
  void whatCannotBeLookedForIsNotMadeAndIsRemovedAllTheSame() throws Exception {
    List<String> unsure = sh("echo who knows; exit 2");
    List<String> touch = List.of("touch", thing.toString());
    Undo.Unmake undo = new Undo.Unmake("a thing", unsure, List.of("rm", thing.toString()));
    assertThatThrownBy(() -> bench.run(new Step.Make("a thing", unsure, true, touch, undo)))
        .isInstanceOf(StepFailedException.class)
        .hasMessage(
            "cannot make a thing: it cannot be found out whether it is there: exit status 2: who"
                + " knows");
    assertThat(thing).doesNotExist();
    bench.run(new Step.Make("a thing", isThere(), true, touch, undo));
    assertThat(bench.unwind()).isEmpty();
    assertThat(thing).doesNotExist();
  }

  @Test
  void whatFailsIsToldWithItsCommand() throws Exception {
    Step step = new Step.Make("a thing", List.of("cat", "/nosuch"), List.of("true"));
    assertThatThrownBy(() -> bench.run(step))
        .hasMessageStartingWith("cannot make a thing: cat /nosuch: exit status 1: cat: ")
        .hasMessageContaining("/nosuch");
  }

  @Test
  void anUndoBeforeItsStepAndASecondOneDoNothing() throws Exception {
    bench.ledger.owe(List.of(make(true).undo(), make(true).undo()));
    assertThat(bench.unwind()).isEmpty();
    bench.run(make(true));
    bench.ledger.owe(List.of(make(true).undo()));
    assertThat(bench.unwind()).isEmpty();
    assertThat(bench.owed()).isEmpty();
  }

  @Test
  void aRemovalThatWasKilledHalfWayIsDoneAgain() throws Exception {
    Path second = folder.resolve("second");
    String killedOnce =
        "[ -e %1$s ] || { touch %1$s; kill -9 $$; }; rm -f %2$s".formatted(second, thing);
    bench.run(new Step.Make("a thing", sh("touch " + thing), sh(killedOnce)));
    assertThat(bench.unwind()).isEmpty();
    assertThat(thing).doesNotExist();
  }

  @Test
  void aRemovalThatFailsStaysOwedAndSaysWhy() throws Exception {
    bench.run(new Step.Make("a thing", sh("touch " + thing), sh("echo busy; exit 1")));
    assertThat(bench.unwind()).containsExactly("cannot remove a thing: exit status 1: busy");
    assertThat(bench.owed()).hasSize(1);
  }

  @Test
  void aSharedValueIsSetAndGivenBack() throws Exception {
    Path value = Files.writeString(folder.resolve("value"), "0");
    bench.run(new Step.ShareValue(value, "1", "here"));
    assertThat(value).hasContent("1");
    bench.reopen();
    assertThat(bench.unwind()).isEmpty();
    assertThat(value).hasContent("0");
    assertThat(bench.owed()).isEmpty();
  }

  @Test
  void aSharedValueThatIsNotThereNamesItAndLeavesNothing() throws Exception {
    Path value = folder.resolve("no/value");
    assertThatThrownBy(() -> bench.run(new Step.ShareValue(value, "1", "here")))
        .isInstanceOf(StepFailedException.class)
        .hasMessage(
            "cannot set " + value + " to 1 while a task needs it: " + value + " does not exist");
    assertThat(bench.unwind()).isEmpty();
    assertThat(bench.owed()).isEmpty();
  }
}
