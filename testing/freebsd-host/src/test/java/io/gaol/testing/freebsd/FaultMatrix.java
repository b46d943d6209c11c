package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.freebsd.FreeBsd.Ran;
import io.gaol.testing.freebsd.FreeBsd.Running;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.TaskLogs;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every command of a start × every fault, by the command gaol and by the plugin. What a start runs
 * is not listed here: a start is watched. After each fault nothing is left, and the same task can
 * be started.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultMatrix {
  private static final String TEXT = "boom: no such luck";
  private static final int STATUS = 3;

  /** How long a tool may take, and a hook: whoever hangs is found out then. */
  static final int LIMIT_SECONDS = 5;

  /** Every so many cases one runs, where not all do. */
  private static final int SAMPLE = 29;

  private static final long PATIENCE_MILLIS = 60_000;

  /** How long one is waited for that not every start runs. */
  private static final long ASKED_MILLIS = 10_000;

  /** They only tell something; a start may do without the answer, or take its failing for one. */
  private static final Pattern ASKING =
      Pattern.compile(
          "(ps|pgrep|jls|sysctl -i|sysctl -N|dmesg|mount -p|devfs rule showsets|rctl jail:)\\b.*");

  /** Who starts the task. */
  private enum Way {
    COMMAND("gaol"),
    PLUGIN("the plugin");

    private final String called;

    Way(String called) {
      this.called = called;
    }
  }

  private enum Fault {
    FAILS("fails"),
    HANGS("hangs"),
    KILLED("is the last");

    private final String called;

    Fault(String called) {
      this.called = called;
    }
  }

  /** A command of a start: the so-many-th that a pattern is in. */
  private record Step(String pattern, int number, String line) {}

  private record Case(Way way, Fault fault, Step step) {
    String title() {
      return way.called + ": " + step.line() + " " + fault.called;
    }
  }

  private FreeBsd host;
  private Path job;
  private Optional<AgentStart> agent = Optional.empty();
  private boolean patient = true;

  /** Whether a case before has failed, and left what it left. */
  private boolean spoiled;

  // ---- what each shape says

  /** Of the stand-in. */
  List<String> settings() {
    return List.of();
  }

  /** Makes what the jobs need of the host. */
  void prepare(FreeBsd fresh) {}

  /** The host is as it was before each start. */
  void reset(FreeBsd used) {}

  /** Whether a plugin that runs takes the host for what it was before it was reset. */
  boolean pluginRemembers() {
    return false;
  }

  /** The task's config. Its output has a line "ran", unless it has no main process. */
  abstract Map<String, Object> config();

  /** The task's resources, as a job file has them. */
  String resources() {
    return "";
  }

  /** What an agent says of them. */
  TaskConfig.Builder resources(TaskConfig.Builder task) {
    return task;
  }

  /** Whether the task has a main process, so that it ends by itself. */
  boolean ends() {
    return true;
  }

  // ---- the host

  @BeforeAll
  void open() {
    Assumptions.assumeTrue(FreeBsd.canFail(), "needs commands that can be told to fail");
    host = FreeBsd.open(settings().toArray(String[]::new));
    prepare(host);
    host.remember();
    job = host.file("faulty.nomad.hcl", Jobs.batch("faulty", Jobs.config(config()), resources()));
  }

  @AfterAll
  void close() {
    endPlugin();
    agent = Optional.empty();
    patient = true;
    if (host != null) {
      host.close();
    }
  }

  private AgentStart agent() {
    if (agent.isEmpty() || !agent.get().plugin().isAlive()) {
      agent =
          Optional.of(
              AgentStart.again(
                  host.plugin(),
                  Map.ofEntries(
                      Map.entry("state_dir", FreeBsd.STATE),
                      Map.entry("allow_host_hooks", true),
                      Map.entry("allow_roots", List.of("/jails")),
                      Map.entry("allow_params", List.of("all")),
                      Map.entry("allow_interfaces", List.of("*")),
                      Map.entry("allow_host_paths", List.of("/")),
                      Map.entry("allow_datasets", List.of("tank")),
                      Map.entry("allow_devfs_rulesets", List.of("4", "77")))));
    }
    return agent.get();
  }

  /** How long tools may take; a plugin that was started with another limit ends. */
  private void patient(boolean nowPatient) {
    host.setVariable("GAOL_TOOL_LIMIT", nowPatient ? "60" : Integer.toString(LIMIT_SECONDS));
    if (nowPatient != patient) {
      patient = nowPatient;
      endPlugin();
    }
  }

  private void endPlugin() {
    agent.filter(started -> started.plugin().isAlive()).ifPresent(one -> one.plugin().killHard());
  }

  // ---- the cases

  @TestFactory
  Stream<DynamicTest> everyStepOfAStartCanFailHangAndBeTheLastOfWhoRunsIt() throws Exception {
    List<Case> all = new ArrayList<>();
    for (Way way : Way.values()) {
      patient(true);
      List<Step> steps = way == Way.COMMAND ? stepsOfTheCommand() : stepsOfThePlugin();
      assertThat(steps).as("a start by the %s", way).hasSizeGreaterThan(3);
      for (Step step : steps) {
        for (Fault fault : Fault.values()) {
          all.add(new Case(way, fault, step));
        }
      }
    }
    all.removeIf(one -> one.fault() == Fault.HANGS && isTheTask(one.step()));
    List<Case> chosen = all.stream().filter(one -> isChosen(one, all)).toList();
    System.out.printf(
        "%d of %d cases of the fault matrix: %s%n",
        chosen.size(), all.size(), getClass().getSimpleName());
    return chosen.stream().map(one -> DynamicTest.dynamicTest(one.title(), () -> hold(one)));
  }

  /** To repeat some: {@code -Dgaol.case=} a regular expression of their titles. */
  private static boolean isChosen(Case one, List<Case> all) {
    String titles = System.getProperty("gaol.case", "");
    return titles.isEmpty()
        ? Boolean.getBoolean("gaol.full") || all.indexOf(one) % SAMPLE == all.size() % SAMPLE
        : finds(titles, one.title());
  }

  /** One that hangs is a task that runs. */
  private static boolean isTheTask(Step step) {
    return step.line().startsWith("jexec ") && step.line().contains("echo ran");
  }

  /** The command of exec.start that it runs. */
  private Optional<String> startCommand(Step step) {
    List<?> starts = (List<?>) config().getOrDefault("Exec_start", List.of());
    return starts.stream().map(Object::toString).filter(step.line()::endsWith).findFirst();
  }

  private List<Step> stepsOfTheCommand() throws InterruptedException {
    reset(host);
    host.forgetCommands();
    try (Running running = host.begin("job", "run", job.toString())) {
      running.until(ends() ? "| ran" : "started");
      String jail = jailName();
      List<Step> steps = steps(jail);
      running.stop().await();
      assertNothingIsLeft();
      return steps;
    }
  }

  private List<Step> stepsOfThePlugin() {
    agent();
    reset(host);
    host.forgetCommands();
    try (Started task = new Started()) {
      task.start();
      if (ends()) {
        task.logs.awaitStdout("ran");
      }
      List<Step> steps = steps(jailName());
      task.task.destroy();
      assertNothingIsLeft();
      return steps;
    }
  }

  private String jailName() {
    return host.sh("jls name")
        .stdout()
        .lines()
        .filter(name -> !name.equals("operators"))
        .findFirst()
        .orElseThrow();
  }

  private List<Step> steps(String jail) {
    List<Step> steps = new ArrayList<>();
    List<String> before = new ArrayList<>();
    for (Ran ran : host.commands()) {
      if (isOfTheTest(ran.line())) {
        continue;
      }
      String pattern = pattern(ran.line(), jail);
      int number = 1 + (int) before.stream().filter(line -> finds(pattern, line)).count();
      before.add(ran.line());
      steps.add(new Step(pattern, number, ran.line()));
    }
    return steps;
  }

  private static boolean isOfTheTest(String line) {
    return line.equals("jls name");
  }

  private static boolean finds(String pattern, String line) {
    return Pattern.compile(pattern).matcher(line).find();
  }

  /** Of the same command in another start: names, numbers and folders are others there. */
  private static String pattern(String line, String jail) {
    return Arrays.stream(line.split(" "))
        .limit(9)
        .map(
            word ->
                word.contains(jail)
                    ? Arrays.stream(word.split(Pattern.quote(jail), -1))
                        .map(part -> part.contains("/") ? "[^ ]*" : quoted(part))
                        .collect(Collectors.joining("[^ ]+"))
                    : word.matches("[0-9]{2,}")
                        ? "[0-9]+"
                        : word.startsWith("/") && word.contains("alloc") ? "[^ ]+" : quoted(word))
        .collect(Collectors.joining(" ", "^", line.split(" ").length > 9 ? " " : "$"));
  }

  private static String quoted(String text) {
    return text.replaceAll("([^A-Za-z0-9_ /-])", "\\\\$1");
  }

  // ---- what must hold

  private void hold(Case one) throws Exception {
    if (spoiled) {
      close();
      open();
    }
    spoiled = true;
    holdOnACleanHost(one);
    spoiled = false;
  }

  private void holdOnACleanHost(Case one) throws Exception {
    reset(host);
    if (pluginRemembers()) {
      endPlugin();
    }
    patient(one.fault() != Fault.HANGS);
    host.forgetCommands();
    String from = Integer.toString(one.step().number());
    if (one.fault() == Fault.FAILS) {
      host.fault(
          one.step().pattern(), "fail", "--status", "" + STATUS, "--text", TEXT, "--from", from);
    } else {
      host.fault(one.step().pattern(), "hang", "--from", from);
    }
    if (one.way() == Way.COMMAND) {
      holdForTheCommand(one);
    } else {
      holdForThePlugin(one);
    }
    host.noFaults();
    assertNothingIsLeft();
  }

  private void holdForTheCommand(Case one) throws Exception {
    try (Running running = host.begin("job", "run", job.toString())) {
      if (one.fault() == Fault.KILLED) {
        OptionalLong hanging = awaitCommand(one.step());
        running.kill();
        host.noFaults();
        runsWithTheCommand();
        assertThatIsGone(hanging, one.step());
        return;
      }
      if (!ends()) {
        stopOnceStarted(running);
      }
      Outcome outcome = running.await();
      assertThatIsTold(one, outcome.said(), !outcome.said().contains("not started"));
      if (outcome.status() == 0) {
        assertThat(outcome.said()).contains("| ran");
      }
    }
    host.noFaults();
    assertNothingIsLeft();
    patient(true);
    reset(host);
    runsWithTheCommand();
  }

  /** A jail without a main process ends when somebody ends it. */
  private static void stopOnceStarted(Running running) {
    try {
      running.until("started");
      if (running.process().isAlive() && !running.said().contains("not started")) {
        running.stop();
      }
    } catch (InterruptedException | AssertionError ended) {
      // It was not started.
    }
  }

  private void runsWithTheCommand() throws InterruptedException {
    try (Running running = host.begin("job", "run", job.toString())) {
      if (!ends()) {
        running.until("started").stop();
      }
      Outcome outcome = running.await();
      assertThat(outcome.said()).as("the second start").contains(ends() ? "| ran\n" : "started");
      assertThat(outcome.status()).as("%s", outcome).isEqualTo(ends() ? 0 : 143);
    }
  }

  private void holdForThePlugin(Case one) throws Exception {
    try (Started task = new Started()) {
      if (one.fault() == Fault.KILLED) {
        CompletableFuture<Void> starting = CompletableFuture.runAsync(task::start);
        OptionalLong hanging = awaitCommand(one.step());
        agent().plugin().killHard();
        starting.exceptionally(gone -> null).join();
        host.noFaults();
        task.logs.restart();
        if (isTheTask(one.step()) || startCommand(one.step()).isPresent()) {
          // It is taken over as it is, with what hangs in it.
          task.start();
          task.task.destroy();
          try (Started again = new Started()) {
            again.runs();
          }
        } else {
          task.runs();
        }
        assertThatIsGone(hanging, one.step());
        return;
      }
      Optional<String> refusal = Optional.empty();
      try {
        task.start();
      } catch (StatusRuntimeException refused) {
        assertThat(refused.getStatus().getCode()).isNotIn(Status.Code.UNAVAILABLE);
        refusal = Optional.of(refused.getStatus().getDescription());
      }
      if (refusal.isPresent()) {
        assertThatIsTold(one, refusal.get(), false);
      } else if (ends()) {
        task.task.await();
      }
      if (refusal.isEmpty()) {
        task.task.destroy();
      }
    }
    host.noFaults();
    assertNothingIsLeft();
    patient(true);
    reset(host);
    try (Started again = new Started()) {
      again.runs();
    }
  }

  private void assertThatIsTold(Case one, String said, boolean went) {
    boolean asks = ASKING.matcher(one.step().line()).matches();
    if (went && asks) {
      return;
    }
    // What the task itself cannot do it says itself.
    String program =
        asks || isTheTask(one.step())
            ? ""
            : startCommand(one.step()).orElse(one.step().line().split(" ")[0]);
    if (one.fault() == Fault.FAILS) {
      assertThat(said).contains(TEXT).contains(asks ? "" : "exit status " + STATUS);
    } else {
      assertThat(said).containsAnyOf("timed out", "still not", "took longer", "was not launched");
    }
    assertThat(said).contains(program);
  }

  /** One that only asks is empty if nobody has asked: not every start needs to. */
  private OptionalLong awaitCommand(Step step) throws InterruptedException {
    boolean asks = ASKING.matcher(step.line()).matches();
    long end = System.currentTimeMillis() + (asks ? ASKED_MILLIS : PATIENCE_MILLIS);
    while (true) {
      List<Ran> ran =
          host.commands().stream().filter(one -> finds(step.pattern(), one.line())).toList();
      if (ran.size() >= step.number()) {
        return OptionalLong.of(ran.get(step.number() - 1).process());
      }
      if (asks && System.currentTimeMillis() > end) {
        return OptionalLong.empty();
      }
      assertThat(System.currentTimeMillis()).as("%s came", step).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private void assertThatIsGone(OptionalLong process, Step step) throws InterruptedException {
    if (process.isEmpty()) {
      return;
    }
    if (startCommand(step).isPresent()) {
      // Who is in a jail may have another number there.
      host.until("! pgrep -f '[%s]%s'".formatted(step.line().charAt(0), step.line().substring(1)));
      return;
    }
    Optional<ProcessHandle> hanging = ProcessHandle.of(process.getAsLong());
    if (hanging.isPresent() && ASKING.matcher(step.line()).matches()) {
      // It changes nothing, whenever it goes on.
      hanging.get().destroyForcibly();
      return;
    }
    for (int look = 0; look < 100 && hanging.map(ProcessHandle::isAlive).orElse(false); look++) {
      Thread.sleep(50);
    }
    assertThat(hanging.map(ProcessHandle::isAlive).orElse(false))
        .as("%s of the dead one runs on", step.line())
        .isFalse();
  }

  private void assertNothingIsLeft() {
    reset(host);
    assertThat(host.changes()).isEmpty();
    assertThat(host.sh("ls " + FreeBsd.STATE + "/tasks 2>/dev/null").stdout()).isEmpty();
  }

  /** A task of an allocation of its own. */
  private final class Started implements AutoCloseable {
    private final AllocationDirectory allocation =
        AllocationDirectory.make(host.folder().resolve("allocations"), "web");
    private final DriverTask task;
    private final TaskLogs logs = allocation.startLogs();

    Started() {
      ByteString encoded =
          ConfigSpec.encode(
              agent()
                  .plugin()
                  .driver()
                  .taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance())
                  .getSpec(),
              config());
      task =
          new DriverTask(
              () -> agent().plugin(),
              allocation,
              logs,
              resources(allocation.taskConfig(encoded, logs)).build());
    }

    void start() {
      task.start();
    }

    /** It is started, runs, and is destroyed. */
    void runs() {
      task.start();
      if (ends()) {
        logs.awaitStdout("ran");
        assertThat(task.result().getExitCode()).as("the second start").isZero();
      }
      task.destroy();
    }

    @Override
    public void close() {
      logs.close();
    }
  }
}
