package io.gaol.cli.job;

import io.gaol.cli.language.JobInput;
import io.gaol.engine.HeldName;
import io.gaol.engine.Host;
import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanPrinter;
import io.gaol.engine.Platform;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Plans, runs and stops jobs on this host, without Nomad. */
public final class JobRunner implements Stoppable {
  private final Path state;
  private final JobHost jobHost;
  private final Host host;
  private final JobPlanner planner;
  private final RedactingOutput output;
  private final RunningTasks running;

  /**
   * A runner.
   *
   * @param jobHost that jobs are for; one that is recorded only serves to plan
   * @param state the state directory
   * @param systemDirectories of the host, for tasks without a root of their own
   * @param volumes what this host lends to jobs
   * @param limits what becomes of those that a FreeBSD cannot hold
   * @param output hears of all that happens
   */
  public JobRunner(
      JobHost jobHost,
      Path state,
      List<Path> systemDirectories,
      HostVolumes volumes,
      LimitsWithoutRacct limits,
      JobOutput output) {
    this.state = state.toAbsolutePath();
    this.jobHost = jobHost;
    Platform.Jails jails = jobHost.platform().jails(this.state);
    this.host = jails.host();
    this.planner = new JobPlanner(jobHost, jails, systemDirectories, volumes, limits);
    this.output = new RedactingOutput(output);
    this.running = new RunningTasks(this.output);
  }

  /**
   * The plans of a job's tasks, without doing anything.
   *
   * @param input the job file, and what is given to its variables
   * @param json whether they are for a program to read
   * @throws JobException if the job cannot be run, with all that is wrong
   */
  public String plan(JobInput input, boolean json) throws JobException {
    jobHost
        .recorded()
        .ifPresent(
            release ->
                output.note(
                    "planned for a FreeBSD "
                        + release
                        + " as it comes: roots of jails, their programs and users, and what is"
                        + " mounted in them, are taken to be there"));
    List<String> texts = new ArrayList<>();
    for (PlannedAllocation allocation : planAll(read(input))) {
      for (Plan plan : allocation.plans()) {
        texts.add(json ? PlanPrinter.json(plan).strip() : PlanPrinter.text(plan, host));
      }
    }
    return output.redact(json ? "[" + String.join(",\n", texts) + "]\n" : String.join("\n", texts));
  }

  /** The job; what may not be meant as it is written is told, and its secrets are kept. */
  private Job read(JobInput input) throws JobException {
    JobParser.Examined examined = JobParser.examine(input);
    output.hide(examined.secrets());
    Job job = examined.require();
    examined.warnings().forEach(warning -> output.note("warning: " + warning.render()));
    return job;
  }

  private List<PlannedAllocation> planAll(Job job) throws JobException {
    if (!job.needsCluster().isEmpty()) {
      output.note(
          "without effect here, they need a cluster: " + String.join(", ", job.needsCluster()));
    }
    List<PlannedAllocation> allocations = new ArrayList<>();
    List<String> problems = new ArrayList<>(planner.unmetConstraints(job));
    for (Job.Group group : job.groups()) {
      for (int index = 0; index < group.count(); index++) {
        Path directory = state.resolve("allocations");
        Allocation allocation =
            jobHost.recorded().isPresent()
                ? Allocation.example(directory, group, index, allocations.size())
                : Allocation.create(directory, group, index);
        try {
          allocations.add(PlannedAllocation.of(job, group, allocation, planner));
        } catch (JobException wrong) {
          problems.addAll(wrong.messages());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems.stream().distinct().map(output::redact).toList());
    }
    return allocations;
  }

  /**
   * Runs a job to its end.
   *
   * @param input the job file, and what is given to its variables
   * @return 0, or the exit status of the first task that failed
   * @throws JobException if it cannot be run; nothing is left behind
   */
  public int run(JobInput input) throws JobException, InterruptedException {
    Job job = read(input);
    List<PlannedAllocation> allocations = planAll(job);
    allocations.stream()
        .flatMap(allocation -> allocation.plans().stream())
        .flatMap(plan -> plan.notes().stream())
        .distinct()
        .forEach(output::note);
    try (TaskEngine engine = openEngine();
        HeldName _ = new JobStopper(host, engine, output).hold(job.name())) {
      Files.createDirectories(state.resolve("allocations"));
      List<Thread> threads = new ArrayList<>();
      for (PlannedAllocation allocation : allocations) {
        AllocationRun run =
            new AllocationRun(allocation, job, engine, host, planner, running, output);
        running.add(run);
        threads.add(Thread.ofVirtual().start(run));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      return running.firstFailure().orElse(0);
    } catch (IOException failure) {
      throw new JobException(failure.getMessage());
    }
  }

  private TaskEngine openEngine() throws IOException {
    TaskStore store = TaskStore.open(state, "--state-dir");
    store.refuseOtherHosts(host.name(), "--state-dir");
    return new TaskEngine(host, store, running::hear);
  }

  /** Stops every task as its job says; {@link #run} returns when all have ended. */
  @Override
  public void requestStop() {
    running.requestStop();
  }

  /** Kills every task, at once. */
  @Override
  public void requestKill() {
    running.requestKill();
  }

  /**
   * Stops a job that runs, or removes what one left whose gaol died.
   *
   * @param job its name
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
