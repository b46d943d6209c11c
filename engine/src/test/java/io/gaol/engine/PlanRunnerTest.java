package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.engine.Step.MakeDirectory.Removal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps and their undo: what is recorded when, what is undone in which order, and how often. */
final class PlanRunnerTest {
  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new Bench(folder);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static Step owe(Command... commands) {
    return new Step.Owe(commands[0].name(), List.of(commands));
  }

  private static Step run(Command command) {
    return new Step.Run(command);
  }

  // ---- recorded before

  private static final Path BASE = Path.of("/nonexistent-gaol");

  /** Steps that the host refuses, and what must be owed nevertheless. */
  static Stream<Arguments> refusedSteps() {
    Path path = BASE.resolve("x");
    return Stream.of(
        Arguments.of(
            new Step.MakeDirectory(path, 0755, Removal.WITH_CONTENTS),
            new Undo.RemoveDirectory(path, Removal.WITH_CONTENTS)),
        Arguments.of(
            new Step.MakeMountPoint(BASE, path, true, false),
            new Undo.RemoveMountPoint(BASE, path, true, false)),
        Arguments.of(
            new Step.MakeMountPoint(BASE, path, true, true),
            new Undo.RemoveMountPoint(BASE, path, true, true)),
        Arguments.of(
            new Step.MakeMountPoint(BASE, path, false, false),
            new Undo.RemoveMountPoint(BASE, path, false, false)),
        Arguments.of(
            new Step.MakeDirectory(path, 0755, Removal.CGROUP),
            new Undo.RemoveDirectory(path, Removal.CGROUP)),
        Arguments.of(new Step.WriteFile(path, "x", 0600), new Undo.RemoveFile(path)),
        Arguments.of(new Step.MakeFifo(path, 0600), new Undo.RemoveFile(path)));
  }

  @ParameterizedTest
  @MethodSource("refusedSteps")
  void theUndoIsOwedWhenTheStepIsTriedAndHarmlessWhenItFailed(Step step, Undo undo)
      throws Exception {
    assertThatThrownBy(() -> bench.run(step))
        .isInstanceOf(StepFailedException.class)
        .hasMessageStartingWith("cannot " + step.describe() + ": ");
    bench.reopen();
    assertThat(bench.owed()).containsExactly(undo);

    assertThat(bench.unwind()).isEmpty();

    assertThat(bench.owed()).isEmpty();
  }

  @Test
  void theUndoIsOnTheDiskWhileTheStepRuns() throws Exception {
    Path copy = at("copy");
    Path ledger = bench.directory.file(TaskFiles.LEDGER);
    bench.run(
        new Step.MakeMountPoint(folder, at("made"), true, false),
        owe(bench.logs("poststop")),
        run(Samples.shell("exec.prestart", "cp " + ledger + " " + copy)));
    try (Ledger seen = Ledger.open(copy)) {
      assertThat(seen.owed())
          .extracting(Ledger.Entry::undo)
          .containsExactlyElementsOf(bench.owed())
          .hasSize(2);
    }
  }

  @Test
  void aStepThatCannotBeRecordedIsNotCarriedOut() throws Exception {
    bench.ledger.close();
    assertThatThrownBy(() -> bench.run(new Step.MakeMountPoint(folder, at("made"), true, false)))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("cannot write " + bench.directory.file(TaskFiles.LEDGER));
    assertThat(at("made")).doesNotExist();
    bench.reopen();
  }

  // ---- carried out

  @Test
  void modesAreExact() throws Exception {
    bench.run(
        new Step.MakeDirectory(at("d"), 01777, Removal.WITH_CONTENTS),
        new Step.WriteFile(at("f"), "ä\n", 0666),
        new Step.MakeFifo(at("p"), 0622));
    assertThat((int) Files.getAttribute(at("d"), "unix:mode") & 07777).isEqualTo(01777);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at("f"))))
        .isEqualTo("rw-rw-rw-");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at("p"))))
        .isEqualTo("rw--w--w-");
    assertThat(at("f")).hasContent("ä\n");
    assertThat(bench.unwind()).isEmpty();
    assertThat(at("d")).doesNotExist();
    assertThat(at("f")).doesNotExist();
    assertThat(at("p")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(Removal.class)
  void aDirectoryThatTwoStepsNeedIsMadeOnce(Removal removal) throws Exception {
    isMadeOnceAndGoes(new Step.MakeDirectory(at("d"), 0755, removal));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMountPointThatTwoStepsNeedIsMadeOnce(boolean shared) throws Exception {
    isMadeOnceAndGoes(new Step.MakeMountPoint(folder, at("d"), true, shared));
  }

  private void isMadeOnceAndGoes(Step make) throws Exception {
    bench.run(make, make);
    assertThat(at("d")).isDirectory();
    assertThat(bench.unwind()).isEmpty();
    assertThat(at("d")).doesNotExist();
  }

  // ---- undone

  @Test
  void aFailingStepUndoesAllBeforeItInReverseAndOnce() throws Exception {
    assertThatThrownBy(
            () ->
                bench.run(
                    owe(bench.logs("a")),
                    new Step.MakeMountPoint(folder, at("d"), true, false),
                    owe(bench.logs("b1"), bench.logs("b2")),
                    new Step.WriteFile(at("f"), "x", 0600),
                    owe(bench.logs("c")),
                    run(bench.logs("begun", "; exit 3")),
                    owe(bench.logs("never")),
                    run(bench.logs("never"))))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("exec.begun")
        .hasMessageContaining("exit status 3: begun");

    assertThat(bench.unwind()).isEmpty();

    assertThat(bench.logged()).containsExactly("begun", "c", "b1", "b2", "a");
    assertThat(at("d")).doesNotExist();
    assertThat(at("f")).doesNotExist();
    assertThat(bench.unwind()).isEmpty();
    bench.reopen();
    assertThat(bench.unwind()).isEmpty();
    assertThat(bench.logged()).hasSize(5);
  }

  @Test
  void anUndoThatFailsIsToldAndTheRestGoesOn() throws Exception {
    Path kept = Files.createDirectories(folder.toRealPath().resolve("kept"));
    bench.run(
        owe(bench.logs("first")),
        new Step.MakeDirectory(kept.resolve("d"), 0755, Removal.WITH_CONTENTS),
        owe(bench.logs("bad", "; exit 1"), bench.logs("second")));
    bench.host.mounts.add(new Host.MountPoint("tmpfs", "tmpfs", kept.resolve("d")));

    assertThat(bench.unwind())
        .satisfiesExactly(
            hook -> assertThat(hook).contains("exec.bad", "exit status 1"),
            mount -> assertThat(mount).contains("is mounted at " + kept.resolve("d")));

    assertThat(bench.logged()).containsExactly("bad", "second", "first");
    assertThat(bench.owed())
        .containsExactly(new Undo.RemoveDirectory(kept.resolve("d"), Removal.WITH_CONTENTS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c"})
  void anUndoThatDiedAnywhereIsFinishedByTheNext(String last) throws Exception {
    bench.run(
        owe(bench.logs("a")),
        new Step.MakeMountPoint(folder, at("d"), true, false),
        owe(bench.logs("b")),
        new Step.WriteFile(at("f"), "x", 0600),
        owe(bench.logs("c")));
    bench.listener =
        event -> {
          if (event.message().endsWith(last)) {
            throw new Bench.Died();
          }
        };
    assertThatThrownBy(bench::unwind).isInstanceOf(Bench.Died.class);

    bench.reopen();
    assertThat(bench.unwind()).isEmpty();

    assertThat(at("d")).doesNotExist();
    assertThat(at("f")).doesNotExist();
    // The one that ran while the program died runs again: nobody knows how far it came.
    assertThat(bench.logged())
        .containsExactlyElementsOf(
            Stream.of("c", "b", "a")
                .flatMap(name -> name.equals(last) ? Stream.of(name, name) : Stream.of(name))
                .toList());
  }

  @Test
  void everyUndoIsHarmlessBeforeItsStepAndTwice() throws Exception {
    List<Undo> undos =
        Stream.concat(
                Stream.of(Removal.values())
                    .map(removal -> (Undo) new Undo.RemoveDirectory(at("none"), removal)),
                Stream.of(
                    new Undo.RemoveFile(at("none")),
                    new Undo.RemoveMountPoint(folder, at("none"), true, false),
                    new Undo.RemoveMountPoint(folder, at("none"), true, true),
                    new Undo.RemoveMountPoint(folder, at("none"), false, false),
                    new Undo.RemoveMountPoint(at("none"), at("none").resolve("x"), true, false),
                    new Undo.RemoveMountPoint(at("none"), at("none").resolve("x"), true, true),
                    new Undo.RestoreValue(at("none"), "x"),
                    new Undo.Unmount("tmpfs", at("none"))))
            .toList();
    for (int time = 0; time < 2; time++) {
      bench.ledger.owe(undos);
      assertThat(bench.unwind()).isEmpty();
      assertThat(at("none")).doesNotExist();
    }
  }

  // ---- jail(8)'s pairs

  private Step[] hooks(String prepareEnds, String prestartEnds) {
    return new Step[] {
      owe(bench.logs("release")),
      run(bench.logs("prepare", prepareEnds)),
      owe(bench.logs("poststop")),
      run(bench.logs("prestart", prestartEnds)),
      new Step.WriteFile(at("config"), "x", 0600)
    };
  }

  @Test
  void poststopRunsOnceAndReleaseLastAlsoWhenPrestartFailed() throws Exception {
    assertThatThrownBy(() -> bench.run(hooks("", "; exit 1")))
        .isInstanceOf(StepFailedException.class);
    bench.unwind();
    assertThat(bench.logged()).containsExactly("prepare", "prestart", "poststop", "release");
  }

  @Test
  void poststopRunsWhenTheProgramDiedInPrestart() throws Exception {
    bench.listener =
        event -> {
          if (event.message().endsWith("prestart")) {
            throw new Bench.Died();
          }
        };
    assertThatThrownBy(() -> bench.run(hooks("", ""))).isInstanceOf(Bench.Died.class);
    bench.reopen();
    bench.unwind();
    assertThat(bench.logged()).containsExactly("prepare", "prestart", "poststop", "release");
    assertThat(at("config")).doesNotExist();
  }

  @Test
  void poststopIsNotOwedWhenPrepareFailedButReleaseIs() throws Exception {
    assertThatThrownBy(() -> bench.run(hooks("; exit 1", "")))
        .isInstanceOf(StepFailedException.class);
    bench.unwind();
    assertThat(bench.logged()).containsExactly("prepare", "release");
  }

  @Test
  void theJailIsRemovedAfterWhatWasMadeInItAndBeforeWhatItStandsOn() throws Exception {
    bench.ledger.owe(List.of(new Undo.RunOwed("below", List.of(bench.logs("below")))));
    bench.ledger.owe(List.of(new Undo.DeleteJail(Bench.NAME)));
    bench.ledger.owe(
        List.of(
            new Undo.RunOwed(
                "above",
                List.of(Samples.shell("exec.above", "exit " + bench.removedJails.size())))));
    assertThat(bench.unwind()).isEmpty();
    assertThat(bench.removedJails).containsExactly("web");
    assertThat(bench.logged()).containsExactly("below");
  }

  // ---- commands

  @Test
  void aHookThatHangsIsEndedWithItsChildrenAtItsLimit() throws Exception {
    Command hangs =
        Samples.shell(
            "exec.prestart",
            "echo waiting; sleep 54321; true",
            java.util.Optional.of(java.time.Duration.ofMillis(500)));
    long before = System.nanoTime();
    assertThatThrownBy(() -> bench.run(run(hangs)))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("timed out and was killed: waiting")
        .hasMessageContaining("exec.timeout");
    assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
    assertThat(
            ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.endsWith("sleep 54321")))
        .isEmpty();
  }

  @Test
  void aHookThatLeavesADaemonBehindDoesNotBlock() throws Exception {
    Path pid = at("pid");
    long before = System.nanoTime();
    bench.run(run(Samples.shell("exec.prestart", "sleep 60 & echo $! >" + pid)));
    assertThat(System.nanoTime() - before).isLessThan(20_000_000_000L);
    ProcessHandle daemon =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    assertThat(daemon.isAlive()).isTrue();
    daemon.destroyForcibly();
  }

  @Test
  void aHookThatWritesAFloodIsToldByItsEnd() throws Exception {
    assertThatThrownBy(
            () ->
                bench.run(
                    run(
                        Samples.shell(
                            "exec.prestart",
                            "head -c 3000000 /dev/zero | tr '\\0' x; echo the end; exit 1"))))
        .isInstanceOf(StepFailedException.class)
        .message()
        .endsWith("the end")
        .hasSizeLessThan(70_000);
  }
}
