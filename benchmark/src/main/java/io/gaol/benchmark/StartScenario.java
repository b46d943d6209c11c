package io.gaol.benchmark;

import io.gaol.driver.ConfigException;
import io.gaol.engine.Exit;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Programs;
import io.gaol.engine.Step;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Supervised;
import io.gaol.engine.Task;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.linux.LinuxFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The start of a task through the engine, against the bare runtime with the same bundle. Parts of
 * the same plan are carried out between them, so that it shows where the time goes: a plan is data,
 * and one without its jail is a plan, too. All are run in turn, so that what else the machine does
 * hits all of them.
 */
final class StartScenario {
  private static final int WARM_UP = 15;
  private static final Duration SETTLING = Duration.ofMillis(100);
  private static final double AIM = 15;

  private final Session session;
  private final Place place;
  private int starts;

  private final Samples probing = new Samples();
  private final Samples planning = new Samples();
  private final Samples started = new Samples();
  private final Samples firstByte = new Samples();
  private final Samples exit = new Samples();
  private final Samples destroying = new Samples();
  private final Samples bareFirstByte = new Samples();
  private final Samples bareExit = new Samples();
  private final Samples quietStart = new Samples();
  private final Samples quietUndo = new Samples();
  private final Samples supervisorFirstByte = new Samples();
  private final Samples supervisorExit = new Samples();
  private final Samples syncing = new Samples();
  private final Samples spawning = new Samples();

  private StartScenario(Session session) throws IOException, InterruptedException {
    this.session = session;
    this.place = Place.make(session.places(), "allocation");
  }

  static void run(Session session, int samples, Report report)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    new StartScenario(session).measure(samples, report);
  }

  private void measure(int samples, Report report)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    Place barePlace = Place.make(session.places(), "bare-allocation");
    JailSpec bareSpec = barePlace.spec(new JailName("gaol-benchmark-bare"), "/bin/echo", "x");
    Plan barePlan = barePlace.plan(bareSpec, barePlace.probe(bareSpec));
    BareRuntime bare =
        new BareRuntime(barePlan, session.directory("bare"), session.runtimeRoot("bare-crun"));
    for (int i = -WARM_UP; i < samples; i++) {
      if (i == 0) {
        clear();
      }
      settle();
      whole();
      settle();
      withoutRuntime();
      settle();
      bare.run(bareFirstByte, bareExit);
      settle();
      withoutJail();
      floors();
    }
    print(report);
  }

  /**
   * Lets the kernel finish with the jail before: it takes network namespaces and control groups
   * down later, under locks that the next start needs, too. For the same reason two starts of a
   * jail have one without a jail between them.
   */
  static void settle() throws InterruptedException {
    Thread.sleep(SETTLING);
  }

  private void clear() {
    for (Samples all :
        List.of(
            probing,
            planning,
            started,
            firstByte,
            exit,
            destroying,
            bareFirstByte,
            bareExit,
            quietStart,
            quietUndo,
            supervisorFirstByte,
            supervisorExit,
            syncing,
            spawning)) {
      all.clear();
    }
  }

  private Plan nextPlan() throws ConfigException, PlanRefusedException, IOException {
    JailSpec spec = place.spec(new JailName("benchmark-" + ++starts), "/bin/echo", "x");
    long began = System.nanoTime();
    LinuxFacts facts = place.probe(spec);
    long probed = System.nanoTime();
    Plan plan = place.plan(spec, facts);
    planning.add(probed, System.nanoTime());
    probing.add(began, probed);
    return plan;
  }

  /** The plan as it is. */
  private void whole()
      throws ConfigException,
          PlanRefusedException,
          StepFailedException,
          IOException,
          InterruptedException {
    Plan plan = nextPlan();
    FirstByte output = FirstByte.of(place.stdout());
    FirstByte errors = FirstByte.of(place.stderr());
    long began = System.nanoTime();
    Task task = session.start(plan);
    long running = System.nanoTime();
    Exit end = task.await();
    long ended = System.nanoTime();
    session.destroy(task);
    destroying.add(ended, System.nanoTime());
    if (!end.successful()) {
      throw new IOException("the task: " + end.describe());
    }
    started.add(began, running);
    firstByte.add(began, output.await());
    exit.add(began, ended);
    errors.drain();
  }

  /** Everything but the runtime: a shell in its place says what the jail would. */
  private void withoutRuntime()
      throws ConfigException,
          PlanRefusedException,
          StepFailedException,
          IOException,
          InterruptedException {
    Plan plan = nextPlan();
    List<Step> steps = new ArrayList<>();
    for (Step step : plan.steps()) {
      steps.add(
          step instanceof Step.Supervise(Supervised planned)
              ? new Step.Supervise(
                  new Supervised(
                      List.of("/bin/sh", "-c", "echo running >&3; echo started >&3; echo x"),
                      planned.stdout(),
                      planned.stderr(),
                      planned.memoryKills()))
              : step);
    }
    FirstByte output = FirstByte.of(place.stdout());
    FirstByte errors = FirstByte.of(place.stderr());
    long began = System.nanoTime();
    Task task = session.start(with(plan, steps));
    task.await();
    long ended = System.nanoTime();
    session.destroy(task);
    supervisorFirstByte.add(began, output.await());
    supervisorExit.add(began, ended);
    errors.drain();
  }

  /** Only the task's directory, its files, the ledger and the cgroups. */
  private void withoutJail()
      throws ConfigException,
          PlanRefusedException,
          StepFailedException,
          IOException,
          InterruptedException {
    Plan plan = nextPlan();
    List<Step> steps =
        plan.steps().stream()
            .filter(step -> !(step instanceof Step.Supervise) && !(step instanceof Step.Await))
            .toList();
    long began = System.nanoTime();
    Task task = session.start(with(plan, steps));
    long done = System.nanoTime();
    task.stop();
    quietStart.add(began, done);
    quietUndo.add(done, System.nanoTime());
    session.destroy(task);
  }

  private static Plan with(Plan plan, List<Step> steps) {
    return new Plan(
        plan.name(),
        steps,
        plan.whenStarted(),
        plan.prestop(),
        plan.stop(),
        plan.killSignal(),
        plan.killTimeout(),
        plan.notes());
  }

  /** What the engine is made of: one line brought to the disk, one program run. */
  private void floors() throws IOException, InterruptedException {
    Path file = session.directory("floor").resolve("line");
    ByteBuffer line = StandardCharsets.UTF_8.encode("a line of a ledger\n".repeat(10));
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      long began = System.nanoTime();
      channel.write(line);
      channel.force(false);
      syncing.add(began, System.nanoTime());
    }
    long began = System.nanoTime();
    Programs.run(Path.of("/tmp"), List.of("true"));
    spawning.add(began, System.nanoTime());
  }

  private void print(Report report) {
    report.title("Start of a task (echo), ms, n = " + exit.count());
    report.compare("until its first byte", "gaol", firstByte, "bare crun", bareFirstByte);
    report.compare("until its end is told", "gaol", exit, "bare crun", bareExit);
    report.verdictOnDifference(
        "first byte within %.0f ms of bare crun".formatted(AIM), firstByte, bareFirstByte, AIM);

    report.title("Where the engine's time goes, ms: p10, p50, p95");
    report.row("before: looking at the host", probing);
    report.row("before: planning", planning);
    report.row("start() returns: the first command runs", started);
    report.row("files, cgroups, ledger (plan without jail)", quietStart);
    report.difference("supervisor, until it runs something", supervisorFirstByte, quietStart);
    report.difference("runtime and jail, until the first byte", firstByte, supervisorFirstByte);
    report.difference("first byte to end told, with jail", exit, firstByte);
    report.difference("the same, bare crun", bareExit, bareFirstByte);
    report.difference("the same, without runtime", supervisorExit, supervisorFirstByte);
    report.row("undo of files and cgroups", quietUndo);
    report.row("after: removing the directory (destroy)", destroying);
    report.row("for scale: a new file synced", syncing);
    report.row("for scale: Programs.run of true", spawning);
  }
}
