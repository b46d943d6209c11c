package io.gaol.cli.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gaol.engine.HeldName;
import io.gaol.engine.Host;
import io.gaol.engine.Owner;
import io.gaol.engine.Task;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskStore.Listed;
import io.gaol.jail.JailName;
import io.gaol.jail.Spelling;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** Stops jobs that other programs run, and removes what programs left that died. */
final class JobStopper {
  private static final Duration LONGEST_STOP = Duration.ofHours(1);
  private static final String JOB_ROLE = "job";
  private static final List<String> ROLES =
      List.of(AllocationRun.TASK_ROLE, AllocationRun.ALLOCATION_ROLE, JOB_ROLE);
  private static final int ATTEMPTS = 100;
  private static final Duration POLL = Duration.ofMillis(50);

  private final Host host;
  private final TaskEngine engine;
  private final JobOutput output;

  JobStopper(Host host, TaskEngine engine, JobOutput output) {
    this.host = host;
    this.engine = engine;
    this.output = output;
  }

  private List<Listed> entries(String job) throws IOException {
    return engine.list().stream()
        .filter(
            listed ->
                listed
                    .owner()
                    .filter(
                        owner ->
                            owner.program().equals(AllocationRun.PROGRAM)
                                && owner.group().equals(job))
                    .isPresent())
        .toList();
  }

  private boolean lives(Owner owner) {
    return host.lives(owner.identity());
  }

  private Optional<Owner> livingOwner(String job) throws IOException {
    return entries(job).stream()
        .map(listed -> listed.owner().orElseThrow())
        .filter(this::lives)
        .findFirst();
  }

  /**
   * Takes the job's name, so that no other program runs it, and removes what is left of one that
   * died with it.
   *
   * @throws JobException if another program runs it
   */
  HeldName hold(String job) throws IOException, JobException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      refuseIfRunning(job);
      removeLeftovers(job);
      Optional<HeldName> held =
          engine.hold(name(job), Owner.self(host, AllocationRun.PROGRAM, JOB_ROLE, job));
      if (held.isPresent()) {
        return held.get();
      }
      // Another program was quicker, and runs it or has run it.
    }
    throw new JobException("the job \"" + job + "\" is being started by others, over and over");
  }

  /** A job's name may be any text, and two may look alike as a jail's. */
  private static JailName name(String job) {
    return JailName.of("job-" + job, UUID.nameUUIDFromBytes(job.getBytes(UTF_8)).toString());
  }

  private void refuseIfRunning(String job) throws IOException, JobException {
    Optional<Owner> owner = livingOwner(job);
    if (owner.isPresent()) {
      throw new JobException(
          "the job \""
              + job
              + "\" runs already (process "
              + owner.get().process()
              + "): gaol job stop "
              + job
              + " first");
    }
  }

  void stop(String job) throws IOException, JobException, InterruptedException {
    if (entries(job).isEmpty()) {
      throw new JobException(notThere(job));
    }
    Instant deadline = Instant.now().plus(LONGEST_STOP);
    for (Optional<Owner> owner = livingOwner(job); owner.isPresent(); owner = livingOwner(job)) {
      output.note("stopping process " + owner.get().process() + ", which runs " + job);
      host.terminate(owner.get().process());
      while (lives(owner.get()) && livingOwner(job).isPresent()) {
        if (Instant.now().isAfter(deadline)) {
          throw new JobException(
              "process " + owner.get().process() + " does not end: kill it, and stop again");
        }
        Thread.sleep(POLL);
      }
    }
    removeLeftovers(job);
  }

  private String notThere(String job) throws IOException {
    TreeSet<String> jobs = new TreeSet<>();
    for (Listed listed : engine.list()) {
      listed
          .owner()
          .filter(owner -> owner.program().equals(AllocationRun.PROGRAM))
          .ifPresent(owner -> jobs.add(owner.group()));
    }
    return "no job \""
        + job
        + "\" runs here."
        + Spelling.suggestion(job, jobs)
        + (jobs.isEmpty() ? "" : " There is: " + String.join(", ", jobs));
  }

  /**
   * Stops and removes what is there of a job whose program died: its tasks, their allocations, and
   * its name.
   */
  private void removeLeftovers(String job) throws IOException, JobException, InterruptedException {
    List<String> problems = new ArrayList<>();
    List<Listed> entries = new ArrayList<>(entries(job));
    entries.sort(
        Comparator.comparingInt(entry -> ROLES.indexOf(entry.owner().orElseThrow().role())));
    for (Listed entry : entries) {
      Optional<Task> task = engine.recover(entry.name());
      if (task.isPresent()) {
        if (!entry.owner().orElseThrow().role().equals(JOB_ROLE)) {
          output.note("removing what was left of " + entry.name());
        }
        task.get().stop();
        problems.addAll(task.get().destroy());
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
  }
}
