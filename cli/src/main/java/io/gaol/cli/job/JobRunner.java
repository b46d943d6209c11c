package io.gaol.cli.job;

import io.gaol.engine.Exit;
import io.gaol.engine.Owner;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanPrinter;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskEvent;
import io.gaol.engine.TaskStore;
import io.gaol.jail.JailName;
import io.gaol.linux.LinuxHost;
import io.gaol.linux.LinuxPlaces;
import io.gaol.linux.LinuxProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs a job on this host, without Nomad. */
public final class JobRunner {
  static final String PROGRAM = "gaol job run";
  static final String TASK = "task";
  static final String ALLOCATION = "allocation";

  /** After a task has ended, how long its last output may take to come through. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Path state;
  private final LinuxPlaces places;
  private final LinuxHost host;
  private final JobPlanner planner;
  private final JobOutput output;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final Map<JailName, Task> running = new ConcurrentHashMap<>();
  private final Map<JailName, String> titles = new ConcurrentHashMap<>();

  /**
   * A runner.
   *
   * @param state the state directory
   * @param systemDirectories of the host, for tasks without a root of their own
   * @param output hears of all that happens
   */
  public JobRunner(Path state, List<Path> systemDirectories, JobOutput output) {
    this.state = state.toAbsolutePath();
    this.places = new LinuxPlaces(this.state);
    // Where there is no crun the plan says so, before anything is run.
    this.host = new LinuxHost(places, LinuxProbe.program("crun").orElse(Path.of("crun")));
    this.planner = new JobPlanner(places, systemDirectories, node());
    this.output = output;
  }

  private static Map<String, String> node() {
    Map<String, String> node = new HashMap<>();
    String name = hostName();
    node.put("node.unique.name", name);
    node.put("node.unique.id", name);
    node.put("node.class", "");
    node.put("attr.unique.hostname", name);
    node.put("attr.kernel.name", "linux");
    node.put("attr.kernel.version", System.getProperty("os.version"));
    node.put("attr.cpu.arch", System.getProperty("os.arch"));
    node.put("attr.cpu.numcores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    return node;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException unknown) {
      return "localhost";
    }
  }

  // ---- plan

  /**
   * The plans of a job's tasks, without doing anything.
   *
   * @param json whether they are for a program to read
   */
  public String plan(String file, Map<String, String> variables, boolean json) throws JobException {
    Job job = JobParser.parse(file, variables);
    tellClusterParts(job);
    List<String> plans = new ArrayList<>();
    for (List<JobPlanner.Placed> allocation : place(job)) {
      for (Plan plan : plans(allocation)) {
        plans.add(json ? PlanPrinter.json(plan).strip() : PlanPrinter.text(plan));
      }
    }
    return json ? "[" + String.join(",\n", plans) + "]\n" : String.join("\n", plans);
  }

  private List<Plan> plans(List<JobPlanner.Placed> allocation) throws JobException {
    List<Plan> plans = new ArrayList<>();
    plans.add(allocationPlan(allocation));
    List<String> problems = new ArrayList<>();
    for (JobPlanner.Placed placed : allocation) {
      try {
        plans.add(planner.plan(placed, 0));
      } catch (JobException wrong) {
        problems.addAll(wrong.messages());
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return plans;
  }

  private static Plan allocationPlan(List<JobPlanner.Placed> allocation) {
    JobPlanner.Placed first = allocation.getFirst();
    return first.allocation().plan(first.group().tasks());
  }

  /** The tasks of each allocation. */
  private List<List<JobPlanner.Placed>> place(Job job) {
    List<List<JobPlanner.Placed>> allocations = new ArrayList<>();
    for (Job.Group group : job.groups()) {
      for (int index = 0; index < group.count(); index++) {
        Allocation allocation = Allocation.create(state.resolve("allocations"), group, index);
        List<JobPlanner.Placed> tasks = new ArrayList<>();
        for (int number = 0; number < group.tasks().size(); number++) {
          tasks.add(
              new JobPlanner.Placed(job, group, group.tasks().get(number), allocation, number));
        }
        allocations.add(tasks);
      }
    }
    return allocations;
  }

  private void tellClusterParts(Job job) {
    if (!job.needsCluster().isEmpty()) {
      output.note(
          "without effect here, they need a cluster: " + String.join(", ", job.needsCluster()));
    }
  }

  // ---- run

  /**
   * Runs a job to its end.
   *
   * @return 0, or the exit status of the first task that failed
   * @throws JobException if it cannot be run; nothing is left behind
   */
  public int run(String file, Map<String, String> variables)
      throws JobException, InterruptedException {
    Job job = JobParser.parse(file, variables);
    tellClusterParts(job);
    List<List<JobPlanner.Placed>> allocations = place(job);
    List<List<Plan>> plans = new ArrayList<>();
    for (List<JobPlanner.Placed> allocation : allocations) {
      plans.add(plans(allocation));
    }
    plans.stream()
        .flatMap(List::stream)
        .flatMap(plan -> plan.notes().stream())
        .distinct()
        .forEach(output::note);
    try (TaskEngine engine = openEngine()) {
      JobStopper stopper = new JobStopper(host, engine, output);
      stopper.refuseIfRunning(job.name());
      stopper.removeLeftovers(job.name());
      Files.createDirectories(state.resolve("allocations"));
      return runAll(engine, allocations, plans);
    } catch (IOException failure) {
      throw new JobException(failure.getMessage());
    }
  }

  private TaskEngine openEngine() throws IOException {
    return new TaskEngine(host, TaskStore.open(state), this::hear);
  }

  private void hear(TaskEvent event) {
    String title = titles.getOrDefault(event.jail(), event.jail().value());
    switch (event.kind()) {
      case HOOK_OUTPUT, STOPPING -> output.event(title, event.message());
      case WARNING -> output.event(title, "warning: " + event.message());
      case STARTED, EXITED -> {
        // Told when the task's own output is through.
      }
    }
  }

  private int runAll(
      TaskEngine engine, List<List<JobPlanner.Placed>> allocations, List<List<Plan>> plans)
      throws InterruptedException {
    List<AllocationRun> runs = new ArrayList<>();
    for (int i = 0; i < allocations.size(); i++) {
      runs.add(new AllocationRun(engine, allocations.get(i), plans.get(i)));
    }
    runs.forEach(AllocationRun::begin);
    Optional<Integer> failed = Optional.empty();
    for (AllocationRun run : runs) {
      Optional<Integer> status = run.finish();
      failed = failed.isPresent() ? failed : status;
    }
    return firstFailure.orElse(0);
  }

  private volatile Optional<Integer> firstFailure = Optional.empty();

  private synchronized void failed(int status) {
    if (firstFailure.isEmpty()) {
      firstFailure = Optional.of(status);
    }
  }

  /** Stops every task as its job says; {@link #run} returns when all have ended. */
  public void requestStop() {
    stopRequested.countDown();
    for (Task task : running.values()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  task.stop();
                } catch (InterruptedException interrupted) {
                  Thread.currentThread().interrupt();
                }
              });
    }
  }

  /** Kills every task, at once. */
  public void requestKill() {
    stopRequested.countDown();
    for (Task task : running.values()) {
      try {
        task.kill();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isStopRequested() {
    return stopRequested.getCount() == 0;
  }

  /** One allocation on its way. */
  private final class AllocationRun {
    private final TaskEngine engine;
    private final List<JobPlanner.Placed> tasks;
    private final List<Plan> plans;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch taskFailed = new CountDownLatch(1);
    private Thread starter;

    AllocationRun(TaskEngine engine, List<JobPlanner.Placed> tasks, List<Plan> plans) {
      this.engine = engine;
      this.tasks = tasks;
      this.plans = plans;
    }

    private Allocation allocation() {
      return tasks.getFirst().allocation();
    }

    void begin() {
      starter = Thread.ofVirtual().start(this::runAllocation);
    }

    Optional<Integer> finish() throws InterruptedException {
      starter.join();
      return firstFailure;
    }

    private void runAllocation() {
      Optional<Task> directories = Optional.empty();
      try {
        titles.put(allocation().name(), "allocation " + allocation().shortId());
        directories = Optional.of(engine.start(plans.getFirst(), owner(ALLOCATION)));
        for (int i = 0; i < tasks.size(); i++) {
          JobPlanner.Placed placed = tasks.get(i);
          Plan firstPlan = plans.get(i + 1);
          threads.add(Thread.ofVirtual().start(() -> runTask(placed, firstPlan)));
        }
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (StepFailedException failure) {
        output.event("allocation " + allocation().shortId(), failure.getMessage());
        failed(1);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } finally {
        directories.ifPresent(this::remove);
      }
    }

    private Owner owner(String role) {
      return Owner.self(host, PROGRAM, role, tasks.getFirst().job().name());
    }

    private void remove(Task directories) {
      try {
        directories.stop();
        directories.destroy();
      } catch (IOException failure) {
        output.event("allocation " + allocation().shortId(), "warning: " + failure.getMessage());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    // ---- tasks

    private void runTask(JobPlanner.Placed placed, Plan firstPlan) {
      RestartTracker restarts = new RestartTracker(placed.task().restart());
      try {
        Plan plan = firstPlan;
        for (int start = 1; !isStopRequested(); start++) {
          Optional<Exit> exit = runOnce(placed, plan);
          if (isStopRequested() || taskFailed.getCount() == 0) {
            return;
          }
          if (exit.isPresent() && exit.get().successful() && placed.job().isBatch()) {
            return;
          }
          Optional<Duration> delay = restarts.next(Instant.now());
          if (delay.isEmpty()) {
            giveUp(placed, exit);
            return;
          }
          output.event(placed.title(), "restarting in " + delay.get().toSeconds() + " s");
          if (stopRequested.await(delay.get().toNanos(), TimeUnit.NANOSECONDS)) {
            return;
          }
          plan = planner.plan(placed, start);
        }
      } catch (JobException wrong) {
        wrong.messages().forEach(message -> output.event(placed.title(), message));
        giveUp(placed, Optional.empty());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /** A task that has failed for good takes the others of its allocation with it, as in Nomad. */
    private void giveUp(JobPlanner.Placed placed, Optional<Exit> exit) {
      int status = exit.flatMap(Exit::status).orElse(1);
      if (status == 0) {
        return;
      }
      failed(status);
      taskFailed.countDown();
      for (Map.Entry<JailName, Task> other : running.entrySet()) {
        if (tasks.size() > 1 && siblings.containsKey(other.getKey())) {
          output.event(
              titles.get(other.getKey()), "stopping, as " + placed.title() + " has failed");
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      other.getValue().stop();
                    } catch (InterruptedException interrupted) {
                      Thread.currentThread().interrupt();
                    }
                  });
        }
      }
    }

    private final Map<JailName, Boolean> siblings = new ConcurrentHashMap<>();

    private Optional<Exit> runOnce(JobPlanner.Placed placed, Plan plan)
        throws InterruptedException {
      String title = placed.title();
      titles.put(plan.name(), title);
      List<LogReader> readers =
          List.of(
              LogReader.start(placed.stdout(), line -> output.out(title, line)),
              LogReader.start(placed.stderr(), line -> output.err(title, line)));
      Task task;
      try {
        task = engine.start(plan, owner(TASK));
      } catch (StepFailedException failure) {
        readers.forEach(LogReader::cancel);
        output.event(title, "not started: " + failure.getMessage());
        return Optional.empty();
      }
      running.put(plan.name(), task);
      siblings.put(plan.name(), true);
      output.event(title, "started");
      if (isStopRequested() || taskFailed.getCount() == 0) {
        task.stop();
      }
      Exit exit = task.await();
      running.remove(plan.name());
      siblings.remove(plan.name());
      for (LogReader reader : readers) {
        if (!reader.finish(DRAIN)) {
          output.event(title, "warning: its output did not end with it");
        }
      }
      output.event(title, exit.describe());
      try {
        task.destroy();
      } catch (IOException failure) {
        output.event(title, "warning: " + failure.getMessage());
      }
      return Optional.of(exit);
    }
  }

  // ---- stop

  /**
   * Stops a job that runs, or removes what one left that died.
   *
   * @throws JobException if there is no such job, or something is left
   */
  public void stop(String job) throws JobException, InterruptedException {
    try (TaskEngine engine = openEngine()) {
      new JobStopper(host, engine, output).stop(job);
    } catch (IOException failure) {
      throw new JobException(failure.getMessage());
    }
  }
}
