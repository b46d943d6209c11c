package io.gaol.cli.job;

import io.gaol.engine.Exit;
import io.gaol.engine.HeldName;
import io.gaol.engine.Host;
import io.gaol.engine.LinklessPath;
import io.gaol.engine.Owner;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Platform;
import io.gaol.engine.Step;
import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.engine.TaskContext;
import io.gaol.engine.TaskEngine;
import io.gaol.engine.TaskEvent;
import io.gaol.engine.TaskStore;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Runs one command in a jail of its own, in the foreground: {@code gaol run}. */
public final class JailRunner implements Stoppable {
  private static final int ID_LENGTH = 12;
  private static final int UNKNOWN_STATUS = 1;
  private static final int BROKEN_PIPE = 128 + 13;

  /** As jail(8)'s {@code stop.timeout}. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  /** After the command has ended, how long its last output may take to come through. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Path state;
  private final Platform.Jails jails;
  private final Host host;
  private final List<Path> systemDirectories;
  private final JobOutput output;
  private Optional<Task> running = Optional.empty();
  private boolean stopRequested;
  private boolean pipeBroken;

  /**
   * A runner.
   *
   * @param platform what this host is
   * @param state the state directory
   * @param systemDirectories of the host, for a jail with the host's system
   * @param output hears what is to be said; what the command writes does not go there
   */
  public JailRunner(Platform platform, Path state, List<Path> systemDirectories, JobOutput output) {
    this.state = state.toAbsolutePath();
    this.jails = platform.jails(this.state);
    this.host = jails.host();
    this.systemDirectories = List.copyOf(systemDirectories);
    this.output = output;
  }

  /**
   * Runs it to its end; nothing of the jail is left then.
   *
   * @param out gets what it writes to standard output, byte by byte
   * @param err gets its standard error
   * @return its exit status; 128 + <em>n</em> where signal <em>n</em> ended it
   * @throws JobException if it cannot be run; nothing is left behind
   */
  public int run(JailRequest request, OutputStream out, OutputStream err)
      throws JobException, InterruptedException {
    JailName id = newId();
    Path directory = state.resolve("allocations").resolve(id.value());
    Path stdout = directory.resolve("stdout.fifo");
    Path stderr = directory.resolve("stderr.fifo");
    JailSpec spec =
        request.spec(id, directory.resolve("root"), systemDirectories, jails::otherParameters);
    Plan plan = plan(spec, directory, stdout, stderr);
    plan.notes().forEach(output::note);
    String name = spec.name().value();
    try (TaskEngine engine = openEngine();
        HeldName _ = new JobStopper(host, engine, output).hold(name)) {
      Files.createDirectories(directory.getParent());
      Task directories =
          engine.start(
              directories(JailName.of("run-" + name, id.value()), directory, stdout, stderr),
              owner(AllocationRun.ALLOCATION_ROLE, name));
      try {
        return run(
            engine,
            plan,
            owner(AllocationRun.TASK_ROLE, name),
            List.of(
                OutputPump.start(stdout, out, this::brokenPipe),
                OutputPump.start(stderr, err, this::brokenPipe)));
      } finally {
        directories.stop();
        leftBehind(directories);
      }
    } catch (StepFailedException | IOException failure) {
      throw new JobException(failure.getMessage());
    }
  }

  private TaskEngine openEngine() throws IOException {
    TaskStore store = TaskStore.open(state, "--state-dir");
    store.refuseOtherHosts(host.name(), "--state-dir");
    return new TaskEngine(host, store, this::hear);
  }

  private int run(TaskEngine engine, Plan plan, Owner owner, List<OutputPump> pumps)
      throws StepFailedException, InterruptedException, IOException {
    Task task;
    try {
      task = engine.start(plan, owner);
    } catch (StepFailedException | InterruptedException failure) {
      pumps.forEach(OutputPump::cancel);
      throw failure;
    }
    began(task);
    Exit exit = task.await();
    for (OutputPump pump : pumps) {
      if (!pump.finish(DRAIN)) {
        output.note("warning: the output did not end with the command");
      }
    }
    if (exit.memory() != Exit.MemoryKill.NO || exit.status().isEmpty()) {
      output.note(exit.describe());
    } else {
      exit.message().ifPresent(output::note);
    }
    leftBehind(task);
    return isPipeBroken() ? BROKEN_PIPE : exit.status().orElse(UNKNOWN_STATUS);
  }

  private void leftBehind(Task task) throws IOException, InterruptedException {
    task.destroy().forEach(problem -> output.note("left behind: " + problem));
  }

  /**
   * Twelve hexadecimal digits, as Kleene has them; the first is a letter, so it is a jail's name.
   */
  private static JailName newId() {
    String digits = "";
    while (digits.isEmpty() || Character.isDigit(digits.charAt(0))) {
      digits = UUID.randomUUID().toString().replace("-", "").substring(0, ID_LENGTH);
    }
    return new JailName(digits);
  }

  private Plan plan(JailSpec spec, Path directory, Path stdout, Path stderr) throws JobException {
    try {
      TaskContext context =
          TaskContext.of(
              new LinklessPath(directory, stdout),
              new LinklessPath(directory, stderr),
              "SIGTERM",
              STOP_TIMEOUT);
      return jails.plan(spec, context, directory, Platform.Contents.THERE);
    } catch (PlanRefusedException refused) {
      throw new JobException(refused.problems());
    } catch (IOException failure) {
      throw new JobException("this host cannot be looked at: " + failure);
    }
  }

  private static Plan directories(JailName name, Path directory, Path stdout, Path stderr) {
    List<Step> steps =
        List.of(
            new Step.MakeDirectory(directory, 0755, Removal.WITH_CONTENTS),
            new Step.MakeDirectory(directory.resolve("root"), 0755, Removal.WITH_CONTENTS),
            new Step.MakeDirectory(directory.resolve("root/tmp"), 01777, Removal.WITH_CONTENTS),
            new Step.MakeFifo(stdout, 0600),
            new Step.MakeFifo(stderr, 0600));
    return new Plan(
        name, steps, List.of(), List.of(), List.of(), "SIGTERM", Duration.ZERO, List.of());
  }

  private Owner owner(String role, String name) {
    return Owner.self(host, AllocationRun.PROGRAM, role, name);
  }

  private void hear(TaskEvent event) {
    switch (event.kind()) {
      case HOOK_OUTPUT, LIMIT -> output.note(event.message());
      case WARNING -> output.note("warning: " + event.message());
      case STARTED, STOPPING, EXITED -> {
        // Who sits in front of it sees that.
      }
    }
  }

  // ---- its end

  private synchronized void began(Task task) {
    running = Optional.of(task);
    if (stopRequested) {
      inBackground(task::stop);
    }
  }

  @Override
  public synchronized void requestStop() {
    stopRequested = true;
    running.ifPresent(task -> inBackground(task::stop));
  }

  @Override
  public synchronized void requestKill() {
    stopRequested = true;
    running.ifPresent(task -> inBackground(task::kill));
  }

  /** Nobody reads any more, as behind {@code | head}: a program would get SIGPIPE. */
  private synchronized void brokenPipe() {
    pipeBroken = true;
    requestKill();
  }

  private synchronized boolean isPipeBroken() {
    return pipeBroken;
  }

  /** What may be interrupted, but is not here. */
  @FunctionalInterface
  private interface Ending {
    void run() throws InterruptedException;
  }

  private static void inBackground(Ending ending) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ending.run();
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
