package io.gaol.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.engine.Step.MakeDirectory.Removal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A task from its start to its end, with real supervisors and plain processes for a jail. */
@Timeout(60)
final class TaskTest {
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

  private void destroyed(Task task) throws Exception {
    assertThat(task.destroy()).isEmpty();
    assertThat(shop.isEmpty()).isTrue();
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    assertThat(Programs.run(Path.of("/tmp"), List.of("kill", "-" + signal, "" + pid)).successful())
        .isTrue();
  }

  // ---- the end

  @ParameterizedTest
  @CsvSource({"true, 0", "exit 7, 7", "kill -9 $$, 137", "kill -TERM $$, 143", "exit 255, 255"})
  void endsWithTheStatusOfItsMainProcess(String script, int status) throws Exception {
    Task task = shop.start(script);
    Exit exit = task.await();
    assertThat(exit).isEqualTo(Exit.of(status, Exit.MemoryKill.NO));
    assertThat(task.exit()).contains(exit);
    assertThat(shop.events).extracting(TaskEvent::kind).contains(TaskEvent.Kind.EXITED);
    destroyed(task);
  }

  @Test
  void theStatusIsNeverSeenHalfWritten() throws Exception {
    Task task = shop.start("sleep 0.2; exit 7");
    Path status = task.directory().file(TaskFiles.STATUS);
    while (!Files.exists(status)) {
      Thread.onSpinWait();
    }
    assertThat(Files.readString(status)).isEqualTo("status=7\nmemory=no\n");
    destroyed(ended(task));
  }

  private static Task ended(Task task) throws InterruptedException {
    task.await();
    return task;
  }

  @Test
  void whatFollowsFromTheEndIsDoneBeforeItIsTold() throws Exception {
    Task task =
        shop.start(
            "exit 7",
            new Step.Owe("exec.poststop", List.of(Shop.appends(folder, "poststop", "; sleep 0.3"))),
            new Step.MakeDirectory(folder.resolve("made"), 0755, Removal.WITH_CONTENTS));
    task.await();
    assertThat(shop.logged()).containsExactly("poststop");
    assertThat(folder.resolve("made")).doesNotExist();
    destroyed(task);
  }

  @Test
  void aTaskThatRunsIsNotDestroyed() throws Exception {
    Task task = shop.start("sleep 60");
    assertThatThrownBy(task::destroy).isInstanceOf(IllegalStateException.class);
    task.kill();
    assertThat(task.await().signal()).contains(9);
    destroyed(task);
  }

  // ---- the supervisor

  @Test
  void aLinkThatATaskPutsInAFifosPlaceLeadsTheSupervisorNowhere() throws Exception {
    Path out = shop.fifo("out");
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Task task =
        shop.start(
            Shop.plan(
                Shop.NAME,
                out,
                Shop.NULL,
                "rm %s && ln -s %s %s; exit 3".formatted(out, victim, out)));
    assertThat(task.await()).isEqualTo(Exit.of(3, Exit.MemoryKill.NO));
    destroyed(task);
    assertThat(victim).hasContent("untouched");
  }

  @Test
  void outputThatIsALinkIsRefusedBeforeAnythingRuns() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Path link = Files.createSymbolicLink(folder.resolve("out"), shop.fifo("real"));
    assertThatThrownBy(() -> shop.start(Shop.plan(Shop.NAME, link, Shop.NULL, "rm " + victim)))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("not a FIFO: " + link);
    assertThat(victim).exists();
  }

  @Test
  void outputBehindALinkIsRefusedBeforeAnythingRunsAndNotOpened() throws Exception {
    Path real = folder.toRealPath();
    Path others = Files.createDirectory(real.resolve("others"));
    Path theirs = others.resolve("out");
    assertThat(Programs.run(folder, List.of("mkfifo", theirs.toString())).successful()).isTrue();
    Files.createSymbolicLink(real.resolve("logs"), others);
    Path ran = folder.resolve("ran");
    Process reader = new ProcessBuilder("cat", theirs.toString()).start();
    for (boolean errors : List.of(false, true)) {
      Path led = real.resolve("logs/out");
      assertThatThrownBy(
              () ->
                  shop.start(
                      Shop.plan(
                          Shop.NAME,
                          errors ? Shop.NULL : led,
                          errors ? led : Shop.NULL,
                          "touch " + ran)))
          .isInstanceOf(StepFailedException.class)
          .hasMessageEndingWith(
              ": not opened: "
                  + led
                  + " leads to "
                  + theirs
                  + " by a symbolic link, which a task may have put there");
    }
    assertThat(ran).doesNotExist();
    assertThat(shop.isEmpty()).isTrue();
    // A reader that finds a FIFO opened and closed has read all of it.
    assertThat(reader.isAlive()).isTrue();
    Files.writeString(theirs, "theirs");
    assertThat(new String(reader.getInputStream().readAllBytes(), UTF_8)).isEqualTo("theirs");
  }

  @Test
  void aLinkMayLeadToWhereTheOutputIsIfTheRealPathIsGiven() throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    assertThat(Programs.run(logs, List.of("mkfifo", logs.resolve("out").toString())).successful())
        .isTrue();
    Path link = Files.createSymbolicLink(folder.resolve("link"), logs);
    Process reader = new ProcessBuilder("cat", logs.resolve("out").toString()).start();
    Path out = new LinklessPath(link, link.resolve("out")).real();
    Task task = shop.start(Shop.plan(Shop.NAME, out, Shop.NULL, "echo said"));
    assertThat(new String(reader.getInputStream().readAllBytes(), UTF_8)).isEqualTo("said\n");
    destroyed(ended(task));
  }

  @Test
  void theSupervisorComesUpWhileTheJailIsPrepared() throws Exception {
    Path up = shop.store.path(Shop.NAME).resolve(TaskFiles.UP);
    Command waits =
        Samples.shell(
            "exec.prestart",
            "n=0; until [ -s %s ]; do [ $((n += 1)) -lt 500 ] || exit 1; sleep 0.01; done"
                .formatted(up));
    Task task = shop.start("exit 7", new Step.Run(waits));
    assertThat(task.await()).isEqualTo(Exit.of(7, Exit.MemoryKill.NO));
    destroyed(task);
  }

  @Test
  void aSupervisorThatIsUpStartsNothingWhenThePreparationFails() throws Exception {
    Path up = shop.store.path(Shop.NAME).resolve(TaskFiles.UP);
    Command fails =
        Samples.shell(
            "exec.prestart", "until [ -s %s ]; do sleep 0.01; done; exit 3".formatted(up));
    Path ran = folder.resolve("ran");
    assertThatThrownBy(() -> shop.start("touch " + ran, new Step.Run(fails)))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("exit status 3");
    assertThat(shop.isEmpty()).isTrue();
    assertThat(ran).doesNotExist();
  }

  @Test
  void theSupervisorOutlivesSignalsAndTheTaskDoesNotHearOfThem() throws Exception {
    Task task =
        shop.start("until [ -e " + folder.resolve("go") + " ]; do sleep 0.05; done; exit 7");
    long supervisor = shop.supervisor(task);
    for (String signal : List.of("TERM", "HUP", "INT", "QUIT", "USR1", "USR2", "PIPE", "ALRM")) {
      send(signal, supervisor);
      Thread.sleep(30);
    }
    assertThat(task.exit()).isEmpty();
    Files.createFile(folder.resolve("go"));
    assertThat(task.await()).isEqualTo(Exit.of(7, Exit.MemoryKill.NO));
    destroyed(task);
  }

  @Test
  void theTaskIgnoresAndBlocksNoSignalAndHasTheUsualUmask() throws Exception {
    Path status = folder.resolve("status");
    destroyed(ended(shop.start("exec cat /proc/self/status >" + status)));
    assertIgnoresNothing(status);
    assertThat(Files.readString(status))
        .containsPattern("SigBlk:\\s+0+\n")
        .containsPattern("Umask:\\s+0022\n");
  }

  /**
   * 32 and 33 are the C library's own: its posix_spawn(3) ignores them, and nobody may send them.
   */
  private static void assertIgnoresNothing(Path status) throws IOException {
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .split("\\s+")[1];
    assertThat(Long.toHexString(Long.parseUnsignedLong(ignored, 16) & ~0x1_8000_0000L))
        .isEqualTo("0");
  }

  @Test
  void theTaskIgnoresNoSignalAlsoWhenItsStarterIgnoresThem() throws Exception {
    Path status = folder.resolve("status");
    try (OtherProgram other =
        OtherProgram.run(
            List.of("sh", "-c", "trap '' HUP INT QUIT USR1 PIPE; exec \"$@\"", "sh"),
            "start",
            folder.resolve("state"),
            "web",
            "cat /proc/self/status >" + status + ".new; mv " + status + ".new " + status,
            folder.toString())) {
      assertThat(other.says()).isEqualTo("started");
      Shop.eventually("the task wrote its status", () -> Files.exists(status));
    }
    assertIgnoresNothing(status);
  }

  @Test
  void aKilledSupervisorLosesTheStatusAndItsEndIsToldWhenTheJailIsEmpty() throws Exception {
    Task task =
        shop.start("until [ -e " + folder.resolve("go") + " ]; do sleep 0.05; done; exit 7");
    send("KILL", shop.supervisor(task));
    Thread.sleep(1500);
    assertThat(task.exit()).isEmpty();
    Files.createFile(folder.resolve("go"));
    assertThat(task.await()).isEqualTo(Exit.unknown("its supervisor was killed"));
    assertThat(shop.host.jail(Shop.NAME).alive()).isFalse();
    destroyed(task);
  }

  @Test
  void aKilledRuntimeIsNotTakenForTheTasksEnd() throws Exception {
    Path go = folder.resolve("go");
    Task task =
        shop.start(
            "sh -c 'until [ -e "
                + go
                + " ]; do sleep 0.05; done' & echo $$ >"
                + folder
                + "/pid; wait");
    Shop.eventually("the runtime runs", () -> shop.number("pid").isPresent());
    send("KILL", shop.number("pid").get());
    Thread.sleep(500);
    assertThat(task.exit()).isEmpty();
    Files.createFile(go);
    assertThat(task.await().describe()).contains("the program that held the jail was killed");
    destroyed(task);
  }

  @Test
  void aSupervisorWhoseNumberAnotherProcessHasNowIsGone() throws Exception {
    Task task = shop.start("sleep 60");
    Path up = task.directory().file(TaskFiles.UP);
    Process other = new ProcessBuilder("sleep", "60").start();
    String identity = shop.host.identity(other.pid()).orElseThrow();
    long start = Long.parseLong(identity.split(" ")[1]);
    long supervisor = shop.supervisor(task);
    Files.writeString(up, other.pid() + " " + (start - 1) + "\n");
    shop.host.jail(Shop.NAME).kill();
    send("KILL", supervisor);
    Exit exit = task.await();
    assertThat(exit.status().isEmpty() || exit.status().get() == 137).isTrue();
    destroyed(task);
    assertThat(other.isAlive()).as("the innocent process").isTrue();
    other.destroyForcibly();
  }

  @Test
  void anOutputThatIsNoFifoIsRefusedWithItsName() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> shop.start(Shop.plan(Shop.NAME, file, Shop.NULL, "true")))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("not a FIFO: " + file);
    assertThat(shop.isEmpty()).isTrue();
  }

  // ---- output

  private static CompletableFuture<byte[]> reader(Path fifo) {
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (InputStream stream = Files.newInputStream(fifo)) {
                all.complete(stream.readAllBytes());
              } catch (IOException failure) {
                all.completeExceptionally(failure);
              }
            });
    return all;
  }

  private Path megabyte() throws IOException {
    byte[] bytes = new byte[1 << 20];
    new java.util.Random(1).nextBytes(bytes);
    return Files.write(folder.resolve("megabyte"), bytes);
  }

  @Test
  void allOutputArrivesOnItsOwnStream() throws Exception {
    Path megabyte = megabyte();
    Path out = shop.fifo("out");
    Path err = shop.fifo("err");
    CompletableFuture<byte[]> output = reader(out);
    CompletableFuture<byte[]> errors = reader(err);
    Task task =
        shop.start(Shop.plan(Shop.NAME, out, err, "cat " + megabyte + "; echo oops >&2; exit 7"));
    assertThat(task.await().status()).contains(7);
    assertThat(Arrays.equals(output.get(), Files.readAllBytes(megabyte))).isTrue();
    assertThat(errors.get()).asString().isEqualTo("oops\n");
    destroyed(task);
  }

  @Test
  void aReaderThatComesAfterTheEndStillGetsItAll() throws Exception {
    Path out = shop.fifo("out");
    Path err = shop.fifo("err");
    Task task = shop.start(Shop.plan(Shop.NAME, out, err, "echo late; echo later >&2"));
    task.await();
    Thread.sleep(200);
    CompletableFuture<byte[]> output = reader(out);
    CompletableFuture<byte[]> errors = reader(err);
    assertThat(output.get()).asString().isEqualTo("late\n");
    assertThat(errors.get()).asString().isEqualTo("later\n");
    destroyed(task);
  }

  @Test
  void aReaderThatDiesAndReturnsMissesNothingAndTheTaskNeverKnows() throws Exception {
    Path megabyte = megabyte();
    Path out = shop.fifo("out");
    Task task = shop.start(Shop.plan(Shop.NAME, out, Shop.NULL, "cat " + megabyte + " && exit 7"));
    byte[] first;
    try (InputStream stream = Files.newInputStream(out)) {
      first = stream.readNBytes(300_000);
    }
    Thread.sleep(300);
    assertThat(task.exit()).isEmpty();
    byte[] rest = reader(out).get();
    assertThat(task.await().status()).contains(7);
    byte[] expected = Files.readAllBytes(megabyte);
    assertThat(Arrays.equals(first, Arrays.copyOf(expected, 300_000))).isTrue();
    assertThat(Arrays.equals(rest, Arrays.copyOfRange(expected, 300_000, expected.length)))
        .isTrue();
    destroyed(task);
  }

  @Test
  void aReaderThatNeverComesNeitherKillsTheTaskNorKeepsItsSupervisor() throws Exception {
    Path out = shop.fifo("out");
    Task task = shop.start(Shop.plan(Shop.NAME, out, Shop.NULL, "echo lost; exit 7"));
    assertThat(task.await().status()).contains(7);
    long supervisor = shop.supervisor(task);
    Shop.eventually(
        "the supervisor alone is left",
        () -> shop.processes(Shop.NAME).equals(List.of(supervisor)));
    destroyed(task);
  }

  // ---- stop

  @Test
  void aTaskIsAskedThenKilled() throws Exception {
    Path out = folder.resolve("log");
    String thenRuns = "; : >" + folder + "/ready; while :; do sleep 0.05; done";
    Shop.Condition ready = () -> Files.deleteIfExists(folder.resolve("ready"));
    Task polite = shop.start("trap 'exit 7' TERM" + thenRuns);
    Shop.eventually("the trap is set", ready);
    assertThat(polite.stop("SIGTERM", Duration.ofSeconds(20)).status()).contains(7);
    destroyed(polite);

    Task stubborn = shop.start("trap 'echo heard >>" + out + "' TERM" + thenRuns);
    Shop.eventually("the trap is set", ready);
    long before = System.nanoTime();
    Exit exit = stubborn.stop("SIGTERM", Duration.ofMillis(500));
    assertThat(exit.signal()).contains(9);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(499));
    assertThat(shop.logged()).containsExactly("heard");
    destroyed(stubborn);
  }

  @Test
  void aStopWithoutTimeSendsNoSignal() throws Exception {
    Task task = shop.start("sleep 60");
    assertThat(task.stop("SIGTERM", Duration.ZERO).signal()).contains(9);
    assertThat(shop.host.asked).noneMatch(asked -> asked.startsWith("signal"));
    destroyed(task);
  }

  @Test
  void aStopGoesOnPastHooksThatFailOrHang() throws Exception {
    Task task =
        shop.start(
            Shop.plan(
                Shop.NAME,
                Shop.NULL,
                Shop.NULL,
                "sleep 60",
                List.of(),
                List.of(),
                List.of(
                    Shop.appends(folder, "prestop1", "; exit 1"),
                    Samples.shell("hangs", "sleep 60", Optional.of(Duration.ofMillis(300))),
                    Shop.appends(folder, "prestop2")),
                List.of(Shop.appends(folder, "stop", "; exit 1"))));
    assertThat(task.stop().signal()).contains(15);
    assertThat(shop.logged()).containsExactly("prestop1", "prestop2", "stop");
    assertThat(shop.events)
        .filteredOn(event -> event.kind() == TaskEvent.Kind.WARNING)
        .extracting(TaskEvent::message)
        .satisfiesExactly(
            message -> assertThat(message).contains("exec.prestop1"),
            message -> assertThat(message).contains("hangs", "timed out", "exec.timeout"),
            message -> assertThat(message).contains("exec.stop"));
    destroyed(task);
  }

  @Test
  void aTaskThatHasEndedIsStoppedWithoutItsStopHooks() throws Exception {
    Task task =
        shop.start(
            Shop.plan(
                Shop.NAME,
                Shop.NULL,
                Shop.NULL,
                "exit 7",
                List.of(),
                List.of(),
                List.of(Shop.appends(folder, "prestop")),
                List.of()));
    task.await();
    assertThat(task.stop().status()).contains(7);
    assertThat(shop.logged()).isEmpty();
    destroyed(task);
  }

  // ---- starts that fail

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStartThatFailsLeavesNothing(boolean hookFailsToo) throws Exception {
    Path out = shop.fifo("out");
    Plan plan =
        new Plan(
            Shop.NAME,
            List.of(
                new Step.Owe(
                    "exec.poststop",
                    List.of(Shop.appends(folder, "poststop", hookFailsToo ? "; exit 1" : ""))),
                new Step.MakeMountPoint(folder, folder.resolve("made"), true, false),
                new Step.MakeDirectory(
                    shop.store.path(Shop.NAME).resolve("sub"), 0755, Removal.WITH_CONTENTS),
                new Step.WriteFile(shop.store.path(Shop.NAME).resolve("sub/f"), "x", 0600),
                new Step.Supervise(
                    new Supervised(
                        FakeHost.inJail(Shop.NAME, "/bin/sh", "-c", "echo no room >&2; exit 3"),
                        out,
                        Shop.NULL,
                        "echo no")),
                new Step.Await(Progress.RUNNING)),
            List.of(),
            List.of(),
            List.of(),
            "SIGTERM",
            Duration.ofSeconds(1),
            List.of());
    assertThatThrownBy(() -> shop.start(plan))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("the jail ended before the first command runs (exit status 3)");
    assertThat(shop.logged()).containsExactly("poststop");
    assertThat(folder.resolve("made")).doesNotExist();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aListenerThatThrowsDoesNotLeak() throws Exception {
    shop.listener =
        event -> {
          throw new IllegalStateException("full");
        };
    assertThatThrownBy(
            () ->
                shop.start(
                    "sleep 60",
                    new Step.MakeMountPoint(folder, folder.resolve("made"), true, false)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(folder.resolve("made")).doesNotExist();
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aJailThatDiedWhileItShouldGoOnFailsTheStart() throws Exception {
    Path go = shop.fifo("go");
    Plan plan =
        new Plan(
            Shop.NAME,
            List.of(
                new Step.Supervise(
                    new Supervised(
                        FakeHost.inJail(
                            Shop.NAME, "/bin/sh", "-c", "echo created >&3; exit 9; read x <" + go),
                        Shop.NULL,
                        Shop.NULL,
                        "echo no")),
                new Step.Await(Progress.CREATED),
                new Step.Proceed(go),
                new Step.Await(Progress.RUNNING)),
            List.of(),
            List.of(),
            List.of(),
            "SIGTERM",
            Duration.ofSeconds(1),
            List.of());
    assertThatThrownBy(() -> shop.start(plan))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("exit status 9");
    assertThat(shop.isEmpty()).isTrue();
  }

  @Test
  void aJailThatWaitsForTheWordGoesOnWithIt() throws Exception {
    Path go = shop.fifo("go");
    Plan plan =
        new Plan(
            Shop.NAME,
            List.of(
                new Step.Supervise(
                    new Supervised(
                        FakeHost.inJail(
                            Shop.NAME,
                            "/bin/sh",
                            "-c",
                            "echo created >&3; sleep 0.2; read -r x <"
                                + go
                                + "; echo running >&3; [ $x = go ] && exit 7"),
                        Shop.NULL,
                        Shop.NULL,
                        "echo no")),
                new Step.Await(Progress.CREATED),
                new Step.Run(Shop.appends(folder, "created")),
                new Step.Proceed(go),
                new Step.Await(Progress.RUNNING)),
            List.of(),
            List.of(),
            List.of(),
            "SIGTERM",
            Duration.ofSeconds(1),
            List.of());
    Task task = shop.start(plan);
    assertThat(task.await().status()).contains(7);
    assertThat(shop.logged()).containsExactly("created");
    destroyed(task);
  }

  @Test
  void aFailingPoststartHookEndsTheTaskAndSaysSo() throws Exception {
    Task task =
        shop.start(
            Shop.plan(
                Shop.NAME,
                Shop.NULL,
                Shop.NULL,
                "sleep 60",
                List.of(),
                List.of(new Step.Run(Shop.appends(folder, "poststart", "; exit 1"))),
                List.of(),
                List.of()));
    Exit exit = task.await();
    assertThat(exit.signal()).contains(9);
    assertThat(exit.message().orElseThrow()).contains("exec.poststart");
    destroyed(task);
  }

  @Test
  void aDamagedStatusDoesNotKeepWhatIsOwed() throws Exception {
    Task task =
        shop.start(
            "sleep 60", new Step.MakeMountPoint(folder, folder.resolve("made"), true, false));
    Files.writeString(task.directory().file(TaskFiles.STATUS), "memory=no\n");
    assertThat(task.await().status()).isEmpty();
    assertThat(folder.resolve("made")).doesNotExist();
    destroyed(task);
  }

  // ---- a stop that meets something that hangs

  private static final Command HANGS = Samples.shell("exec.poststop", "sleep 1000");

  private static Plan plan(List<Step> before, List<Command> prestop) {
    return Shop.planOfAll(
        Shop.NAME,
        Shop.NULL,
        Shop.NULL,
        "trap '' TERM; " + Shop.RUNNING + "while :; do sleep 0.1; done",
        before,
        List.of(),
        prestop,
        List.of());
  }

  private void awaitStopping() throws Exception {
    Shop.eventually(
        "it is being stopped",
        () -> shop.events.stream().anyMatch(event -> event.kind() == TaskEvent.Kind.STOPPING));
  }

  @Test
  void aStopWhoseCallerIsGoneCanBeAskedForAgain() throws Exception {
    Task task = shop.start(plan(List.of(), List.of()));
    Thread first =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    task.stop("SIGTERM", Duration.ofMinutes(5));
                  } catch (InterruptedException gone) {
                    // As when an agent dies that has asked for it.
                  }
                });
    awaitStopping();
    first.interrupt();
    first.join();
    assertThat(task.stop("SIGTERM", Duration.ofMillis(10)).signal()).contains(9);
    destroyed(task);
  }

  @Test
  void aStopWithoutTimeDoesNotWaitForOneThatHasTime() throws Exception {
    Task task = shop.start(plan(List.of(), List.of()));
    CompletableFuture<Exit> patient =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return task.stop("SIGTERM", Duration.ofMinutes(5));
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
            });
    awaitStopping();
    assertThat(task.stop("SIGTERM", Duration.ZERO).signal()).contains(9);
    assertThat(patient.get().signal()).contains(9);
    destroyed(task);
  }

  @Test
  void stopHooksThatHangAreEndedInTheTimeThatTheCallerGives() throws Exception {
    Task task = shop.start(plan(List.of(), List.of(Samples.shell("exec.prestop", "sleep 1000"))));
    Exit exit = task.stop("SIGTERM", Duration.ofMillis(10), Optional.of(Duration.ofMillis(300)));
    assertThat(exit.signal()).contains(9);
    assertThat(shop.events)
        .extracting(TaskEvent::message)
        .anyMatch(message -> message.contains("exec.prestop") && message.contains("timed out"));
    destroyed(task);
  }

  @Test
  void aHookThatIsOwedAndHangsIsEndedInTheTimeThatTheCallerGives() throws Exception {
    Task task = shop.start(plan(List.of(new Step.Owe("exec.poststop", List.of(HANGS))), List.of()));
    Exit exit = task.stop("SIGTERM", Duration.ofMillis(10), Optional.of(Duration.ofMillis(300)));
    assertThat(exit.signal()).contains(9);
    task.destroy();
    assertThat(shop.isEmpty()).isTrue();
  }
}
