package io.gaol.engine;

import io.gaol.jail.Bytes;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A task that was started or taken over: its jail, its supervisor, its ledger. When it ends, by
 * itself or not, the ledger is unwound, and only then is its end told.
 */
public final class Task {
  /** How long a supervisor has to record the end of a jail that was killed. */
  private static final Duration RECORDING = Duration.ofSeconds(5);

  /** How long a supervisor may wait for somebody who reads what the task wrote. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** How long a supervisor may take to say who it is, before one looks whether it lives. */
  private static final Duration SUPERVISOR_LIMIT = Duration.ofSeconds(2);

  private static final Duration START_LIMIT = ToolLimit.TIME;

  /** A start needs as much: the runtime keeps its configuration and its filter of calls. */
  private static final Bytes LITTLE_ROOM = new Bytes(64 * 1024);

  /** How far the commands got that follow the start: {@link TaskFiles#WHEN_STARTED}. */
  private static final String BEGUN = "begun";

  private static final String DONE = "ended";

  private static final Duration POLL = Duration.ofMillis(100);

  private final Host host;
  private final TaskDirectory directory;
  private final TaskFiles files;
  private final TaskListener listener;
  private final StopOrder stopOrder;
  private final Ledger ledger;
  private final DirectoryWatch.Watched watched;
  private final CommandRunner commands;
  private final PlanRunner runner;
  private final Unwinder unwinder;
  private final CompletableFuture<Exit> end = new CompletableFuture<>();
  private volatile Optional<Instant> killed = Optional.empty();
  private volatile List<String> problems = List.of();
  private volatile boolean supervised;
  private volatile boolean left;
  private volatile boolean ending;
  private volatile Optional<Thread> keeper = Optional.empty();
  private final AtomicBoolean stopping = new AtomicBoolean();

  Task(
      Host host,
      TaskDirectory directory,
      Claims claims,
      DirectoryWatch watch,
      TaskListener listener,
      StopOrder stopOrder)
      throws IOException {
    this.host = host;
    this.directory = directory;
    this.files = new TaskFiles(directory);
    this.listener = listener;
    this.stopOrder = stopOrder;
    this.ledger = Ledger.open(directory.file(TaskFiles.LEDGER));
    this.watched = watch.watch(directory.path());
    this.commands = new CommandRunner(host, directory, listener);
    this.runner = new PlanRunner(host, directory, ledger, claims, commands, this::awaitProgress);
    this.unwinder = new Unwinder(host, directory, ledger, claims, commands, this::removeJail);
  }

  /** The jail's name. */
  public JailName name() {
    return directory.name();
  }

  /** Where its files are. */
  public TaskDirectory directory() {
    return directory;
  }

  // ---- start

  /**
   * Carries a plan out.
   *
   * @param launch the supervisor, if the plan has a jail
   */
  void start(Plan plan, Optional<SupervisorLaunch> launch)
      throws IOException, StepFailedException, InterruptedException {
    List<Step> steps = plan.steps();
    int creation = 0;
    while (creation < steps.size() && !(steps.get(creation) instanceof Step.Supervise)) {
      creation++;
    }
    supervised = creation < steps.size();
    int begun = Math.min(creation + 1, steps.size());
    try {
      runner.run(steps.subList(0, begun), launch);
    } finally {
      launch.ifPresent(SupervisorLaunch::close);
    }
    // Only people read it: it is written while the jail is being created.
    directory.write(TaskFiles.PLAN, PlanPrinter.json(plan));
    runner.run(steps.subList(begun, steps.size()));
    if (supervised) {
      listener.event(new TaskEvent(name(), TaskEvent.Kind.STARTED, "started"));
      keep(
          plan.whenStarted(),
          new LimitWatch(name(), host.jail(name()), plan.watched(), true, listener));
    }
  }

  /** Undoes a start that failed. */
  List<String> abandon() throws InterruptedException {
    problems = unwinder.unwind();
    try {
      endSupervisor();
    } catch (IOException failure) {
      warn("cannot end the supervisor: " + PlanRunner.reason(failure));
    }
    end.complete(Exit.unknown("it could not be started"));
    release();
    return problems;
  }

  /**
   * Takes it over.
   *
   * @param watchedRules what its directory says is to be watched
   */
  void resume(List<WatchedRule> watchedRules) throws IOException, InterruptedException {
    commands.endCurrent();
    boolean jailOwed =
        ledger.owed().stream().map(Ledger.Entry::undo).anyMatch(Undo.DeleteJail.class::isInstance);
    supervised = jailOwed || stopOrder.supervised();
    if (jailOwed && files.reached(Progress.RUNNING)) {
      keep(whenStarted(), new LimitWatch(name(), host.jail(name()), watchedRules, false, listener));
    } else if (!jailOwed && hasEnded()) {
      finishAside(exitOf(files.ended().get()));
    } else if (supervised) {
      finishAside(Exit.unknown("its start or its removal was interrupted"));
    }
  }

  /** What is still to follow the start; a command that was cut short may have done its work. */
  private List<Step> whenStarted() throws IOException {
    List<Step> steps =
        stopOrder.whenStarted().stream().map(command -> (Step) new Step.Run(command)).toList();
    Optional<String> ran = directory.read(TaskFiles.WHEN_STARTED);
    if (ran.isEmpty()) {
      return steps;
    }
    if (!ran.get().equals(DONE)) {
      warn("exec.poststart was cut short by the end of who ran it; it is not run again");
    }
    return List.of();
  }

  /** Who takes a task over does not wait for a hook that is owed and hangs. */
  private void finishAside(Exit exit) throws InterruptedException {
    ending = true;
    FutureTask<Boolean> finishing =
        new FutureTask<>(
            () -> {
              finish(exit);
              return true;
            });
    keeper = Optional.of(Thread.ofVirtual().name("task-" + name()).start(finishing));
    try {
      finishing.get(RECORDING.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException hangs) {
      warn("what is owed for its end takes long; it goes on");
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  /** Whether it was taken over when nothing of it ran any more, and only its end is to come. */
  public boolean isEnding() {
    return ending;
  }

  private void keep(List<Step> whenStarted, LimitWatch limits) {
    keeper =
        Optional.of(
            Thread.ofVirtual()
                .name("task-" + name())
                .start(
                    () -> {
                      try {
                        finish(awaitEndAnyway(whenStarted, limits));
                      } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                      }
                    }));
  }

  /** What cannot be read or understood ends the task too: all that was made is undone. */
  private Exit awaitEndAnyway(List<Step> whenStarted, LimitWatch limits)
      throws InterruptedException {
    limits.begin();
    try {
      return awaitEnd(whenStarted);
    } catch (IOException failure) {
      return Exit.unknown(PlanRunner.reason(failure));
    } catch (RuntimeException failure) {
      return Exit.unknown(failure.toString());
    } finally {
      limits.end();
    }
  }

  private void finish(Exit exit) throws InterruptedException {
    try {
      problems = unwinder.unwind();
    } catch (RuntimeException failure) {
      problems = List.of("cannot undo what was made: " + failure);
    }
    try {
      problems.forEach(this::warn);
      listener.event(new TaskEvent(name(), TaskEvent.Kind.EXITED, exit.describe()));
    } finally {
      end.complete(exit);
    }
  }

  private void warn(String message) {
    listener.event(new TaskEvent(name(), TaskEvent.Kind.WARNING, message));
  }

  // ---- waiting

  private void awaitProgress(Progress progress)
      throws IOException, InterruptedException, StepFailedException {
    Instant began = Instant.now();
    Instant deadline = began.plus(START_LIMIT);
    while (!files.reached(progress)) {
      Optional<TaskFiles.Ended> ended = files.ended();
      boolean late = Instant.now().isAfter(began.plus(SUPERVISOR_LIMIT));
      boolean gone = ended.isEmpty() && (supervisorIsGone() || (late && supervisorNeverCame()));
      if ((ended.isPresent() || gone) && !files.reached(progress)) {
        throw new StepFailedException(
            "the jail ended before "
                + progress.meaning()
                + (ended.isPresent() ? " (" + exitOf(ended.get()).describe() + ")" : "")
                + said());
      }
      if (Instant.now().isAfter(deadline)) {
        throw new StepFailedException(
            "after "
                + START_LIMIT.toSeconds()
                + " s still not: "
                + progress.meaning()
                + whatHangs()
                + said());
      }
      watched.awaitChange(Duration.between(Instant.now(), deadline));
    }
  }

  /** Whether it died before it could say who it is: a disk is full, most likely. */
  private boolean supervisorNeverCame() throws IOException {
    return files.supervisorIdentity().isEmpty()
        && host.processesWith(CommandRunner.TASK_MARK, directory.path().toString()).isEmpty();
  }

  /** What the supervisor waits for, or who launches it; nothing if the host does not tell. */
  private String whatHangs() {
    try {
      List<Host.Running> running =
          host.running(host.processesWith(CommandRunner.TASK_MARK, directory.path().toString()));
      Set<Long> parents = running.stream().map(Host.Running::parent).collect(Collectors.toSet());
      String innermost =
          running.stream()
              .filter(one -> !parents.contains(one.process()))
              .map(Host.Running::command)
              .distinct()
              .collect(Collectors.joining("; "));
      return innermost.isEmpty() ? "" : "; what runs is " + innermost;
    } catch (IOException unknown) {
      return "";
    }
  }

  /** What the runtime and the supervisor say for themselves. */
  private String said() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String log : List.of(Supervised.RUNTIME_LOG, TaskFiles.SUPERVISOR_LOG)) {
      directory.read(log).stream()
          .flatMap(String::lines)
          .filter(line -> !line.isBlank())
          .forEach(lines::add);
    }
    if (DiskRoom.at(directory.path()) < LITTLE_ROOM.count()) {
      // Few programs say so themselves.
      lines.add("no space left on device, or next to none: make room in " + directory.path());
    }
    return lines.isEmpty() ? "" : ": " + String.join("; ", lines);
  }

  private Exit awaitEnd(List<Step> whenStarted) throws IOException, InterruptedException {
    boolean startedHandled = whenStarted.isEmpty();
    Optional<String> failure = Optional.empty();
    while (true) {
      requireNotLeft();
      if (!startedHandled && files.reached(Progress.STARTED)) {
        startedHandled = true;
        failure = runWhenStarted(whenStarted);
      }
      Optional<TaskFiles.Ended> ended = files.ended();
      if (ended.isPresent()) {
        Exit exit = exitOf(ended.get());
        Host.Jail jail = host.jail(name());
        if (ended.get().status() == 137 && jail.goesWithItsHolder() && jail.exists()) {
          // Not the task was killed but the program that held it, which would have removed the
          // jail: what the task ends with, or has ended with by now, is lost.
          awaitDeath();
          exit = Exit.unknown("the program that held the jail was killed");
        }
        return failure.isPresent() ? new Exit(exit.status(), exit.memory(), failure) : exit;
      }
      if (supervisorIsGone() && files.ended().isEmpty()) {
        awaitDeath();
        return Exit.unknown("its supervisor was killed");
      }
      if (killed.isPresent()) {
        if (host.jail(name()).alive()) {
          // What only just began when all else was killed.
          host.jail(name()).kill();
        } else if (killed.get().plus(RECORDING).isBefore(Instant.now())) {
          return Exit.unknown("its supervisor does not answer");
        }
      }
      watched.awaitChange(Duration.ofSeconds(1));
    }
  }

  private Optional<String> runWhenStarted(List<Step> steps)
      throws IOException, InterruptedException {
    try {
      note(BEGUN);
      runner.run(steps);
      note(DONE);
      return Optional.empty();
    } catch (StepFailedException failed) {
      if (stopping.get()) {
        return Optional.empty();
      }
      warn(failed.getMessage());
      killJail();
      return Optional.of(failed.getMessage());
    }
  }

  /** For who takes the task over. */
  private void note(String whenStarted) {
    try {
      directory.write(TaskFiles.WHEN_STARTED, whenStarted);
    } catch (IOException full) {
      warn("cannot note that exec.poststart has " + whenStarted + ": " + PlanRunner.reason(full));
    }
  }

  private void awaitDeath() throws IOException, InterruptedException {
    while (host.jail(name()).alive()) {
      requireNotLeft();
      Thread.sleep(POLL);
    }
  }

  private void requireNotLeft() throws InterruptedException {
    if (left) {
      throw new InterruptedException("the task is another's now");
    }
  }

  private boolean supervisorLives() throws IOException {
    return files.supervisorIdentity().isPresent() && !supervisorIsGone();
  }

  private boolean supervisorIsGone() throws IOException {
    Optional<String> recorded = files.supervisorIdentity();
    return recorded.isPresent() && !host.lives(recorded.get());
  }

  private Exit exitOf(TaskFiles.Ended ended) throws IOException {
    Optional<String> late = files.lateStart().map(this::late);
    return new Exit(
        Optional.of(ended.status()),
        ended.memory(),
        late.isPresent()
            ? late
            : files.failedStart().map(number -> startCommand(number) + " failed"));
  }

  private String late(String numberAndLimit) {
    String[] words = numberAndLimit.split(" ", 2);
    return startCommand(words[0])
        + " took longer than "
        + (words.length == 2 ? words[1] : "it may take")
        + " s (exec.timeout) and was ended";
  }

  /** An {@code exec.start} command, as hooks are told. */
  private String startCommand(String number) {
    List<String> starts = stopOrder.starts();
    return IntStream.range(0, starts.size())
        .filter(index -> Integer.toString(index + 1).equals(number))
        .mapToObj(index -> "exec.start command " + number + " \"" + starts.get(index) + "\"")
        .findFirst()
        .orElse("exec.start command " + number);
  }

  /** Waits for the end of the task and of all that follows from it. */
  public Exit await() throws InterruptedException {
    try {
      return end.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The end, if it has come. */
  public Optional<Exit> exit() {
    return Optional.ofNullable(end.getNow(null));
  }

  private boolean awaitEndFor(Duration time) throws InterruptedException {
    try {
      end.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  // ---- stop

  /** Sends a signal to every process of the task. */
  public void signal(String signal) throws IOException, InterruptedException {
    host.jail(name()).signal(signal);
  }

  /**
   * Runs a command for the task.
   *
   * @return what went wrong, in words; empty if nothing did
   */
  public Optional<String> run(Command command) throws InterruptedException {
    return commands.run(command);
  }

  /**
   * Runs a command in the task's jail, as the task's user and with its environment, until it ends.
   *
   * @param arguments the argument vector
   * @param input what it reads
   * @param output takes what it writes
   * @param errors takes its errors
   * @return its exit status; 128 and the signal's number if a signal ended it
   * @throws IOException if it could not be run
   * @throws InterruptedException if this thread is interrupted; the command is killed
   */
  public int exec(
      List<String> arguments, InputStream input, OutputStream output, OutputStream errors)
      throws IOException, InterruptedException {
    Command command =
        new Command(
            "exec",
            String.join(" ", arguments),
            arguments,
            Command.Where.JAIL,
            Optional.empty(),
            false,
            Environment.EMPTY);
    return commands.connect(command, input, output, errors);
  }

  /**
   * What the task has used.
   *
   * @return empty once its jail is gone
   */
  public Optional<Usage> usage() throws IOException {
    return host.jail(name()).usage();
  }

  /**
   * What the task uses of these resources of rctl(8).
   *
   * @return empty once its jail is gone
   */
  public Optional<ResourceUse> resourceUse(Set<RctlResource> resources)
      throws IOException, InterruptedException {
    return host.jail(name()).resourceUse(resources);
  }

  /** The jail's first process; empty if it has none. */
  public Optional<Long> firstProcess() throws IOException {
    return host.jail(name()).firstProcess();
  }

  /** When its end was recorded; empty while it runs, and if nobody recorded it. */
  public Optional<Instant> ended() throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(directory.file(TaskFiles.STATUS)).toInstant());
    } catch (NoSuchFileException running) {
      return Optional.empty();
    }
  }

  /** Stops the task as its plan says: {@link #stop(String, Duration)}. */
  public Exit stop() throws InterruptedException {
    return stop(stopOrder.signal(), stopOrder.timeout());
  }

  /**
   * Stops the task: prestop commands, stop commands, the signal, the time to end, SIGKILL. What
   * fails on the way is told and does not keep the rest.
   *
   * @param signal such as {@code SIGTERM}
   * @param timeout how long it has after the signal; zero: no signal
   */
  public Exit stop(String signal, Duration timeout) throws InterruptedException {
    return stop(signal, timeout, Optional.empty());
  }

  /**
   * As {@link #stop(String, Duration)}, for who cannot wait for a command that hangs.
   *
   * @param most how long each command may take, whatever its own limit: those of the stop, and
   *     those that are owed when the jail is gone; empty is as long as that
   */
  public Exit stop(String signal, Duration timeout, Optional<Duration> most)
      throws InterruptedException {
    if (!supervised) {
      if (!end.isDone()) {
        finish(Exit.of(0, Exit.MemoryKill.NO));
      }
      return await();
    }
    if (end.isDone()) {
      return await();
    }
    if (ending || isOver() || !stopping.compareAndSet(false, true)) {
      if (timeout.isZero()) {
        kill();
      }
      return awaitEnd(most);
    }
    try {
      return stopNow(signal, timeout, most);
    } catch (InterruptedException interrupted) {
      // Whoever stopped it is gone; the next one stops it all the same.
      stopping.set(false);
      throw interrupted;
    }
  }

  private Exit stopNow(String signal, Duration timeout, Optional<Duration> most)
      throws InterruptedException {
    listener.event(
        new TaskEvent(
            name(),
            TaskEvent.Kind.STOPPING,
            timeout.isZero()
                ? "stopping: SIGKILL"
                : "stopping: " + signal + ", SIGKILL after " + timeout.toSeconds() + " s"));
    endStart();
    runAll(stopOrder.prestop(), most);
    runAll(stopOrder.stop(), most);
    if (!timeout.isZero() && sendSignal(signal) && awaitEndFor(timeout)) {
      return await();
    }
    killJail();
    return awaitEnd(most);
  }

  /** Waits for the end, and ends each command that keeps it from coming for so long. */
  private Exit awaitEnd(Optional<Duration> most) throws InterruptedException {
    while (most.isPresent() && !awaitEndFor(most.get())) {
      try {
        commands.endCurrent();
      } catch (IOException failure) {
        warn("cannot end a command: " + PlanRunner.reason(failure));
      }
    }
    return await();
  }

  private void runAll(List<Command> stopCommands, Optional<Duration> most)
      throws InterruptedException {
    for (Command command : stopCommands) {
      (most.isPresent() ? commands.run(command, most.get()) : commands.run(command))
          .ifPresent(this::warn);
    }
  }

  /** A task that is to end waits for no exec.poststart command. */
  private void endStart() throws InterruptedException {
    try {
      commands.endStart();
    } catch (IOException failure) {
      warn("cannot end exec.poststart: " + PlanRunner.reason(failure));
    }
  }

  /**
   * Whether nothing is left to stop: its end is recorded, and it was not merely the program that
   * held the jail which ended.
   */
  private boolean isOver() {
    try {
      return hasEnded() && !host.jail(name()).alive();
    } catch (IOException unreadable) {
      return false;
    }
  }

  private boolean hasEnded() {
    try {
      return files.ended().isPresent();
    } catch (IOException unreadable) {
      return false;
    }
  }

  private boolean sendSignal(String signal) throws InterruptedException {
    try {
      return host.jail(name()).end(signal);
    } catch (IOException failure) {
      warn("cannot send " + signal + ": " + PlanRunner.reason(failure));
      return false;
    }
  }

  /** Kills every process of the task, at once, and a command that is run for it. */
  public void kill() throws InterruptedException {
    killJail();
    try {
      commands.endCurrent();
    } catch (IOException failure) {
      warn("cannot kill: " + PlanRunner.reason(failure));
    }
  }

  private void killJail() throws InterruptedException {
    try {
      host.jail(name()).kill();
    } catch (IOException failure) {
      warn("cannot kill: " + PlanRunner.reason(failure));
    }
    killed = Optional.of(Instant.now());
  }

  /** The undo of creating the jail. */
  private void removeJail() throws IOException, InterruptedException {
    Host.Jail jail = host.jail(name());
    // A jail whose init nobody knows yet, as while exec.created runs, goes with its supervisor.
    if (jail.alive()) {
      jail.kill();
      Instant deadline = Instant.now().plus(RECORDING);
      // What is killed is busy with its files until it is gone.
      boolean alive = jail.alive();
      while ((alive || (!hasEnded() && supervisorLives())) && Instant.now().isBefore(deadline)) {
        if (alive) {
          jail.kill(); // What was only just made.
        }
        Thread.sleep(10);
        alive = jail.alive();
      }
    }
    if (!hasEnded()) {
      killSupervisor();
    }
    if (jail.exists()) {
      jail.delete();
    }
  }

  /** Lets the supervisor wait a little for somebody who reads what the task wrote. */
  private void endSupervisor() throws IOException, InterruptedException {
    // Once its task's directory is gone, nobody finds a supervisor that lingers; while something is
    // owed, the directory stays.
    if (!supervised || !ledger.owed().isEmpty()) {
      return;
    }
    boolean came = files.supervisorIdentity().isPresent();
    Instant deadline = Instant.now().plus(LINGER);
    while (came && !supervisorIsGone() && Instant.now().isBefore(deadline)) {
      Thread.sleep(5);
    }
    if (!came || !supervisorIsGone()) {
      killSupervisor();
    }
  }

  private void killSupervisor() throws IOException {
    CommandRunner.killAll(host, CommandRunner.TASK_MARK, directory.path().toString());
  }

  // ---- destroy

  /**
   * Removes what is left of a task that has ended: its directory.
   *
   * @return what could not be undone, in words; then the directory stays, for another try
   * @throws IllegalStateException if it has not ended
   */
  public List<String> destroy() throws IOException, InterruptedException {
    if (!end.isDone()) {
      throw new IllegalStateException("task " + name() + " runs; stop it first");
    }
    if (!problems.isEmpty()) {
      problems = unwinder.unwind();
    }
    endSupervisor();
    release();
    return problems;
  }

  private void release() {
    watched.close();
    try {
      ledger.close();
      // A hook that failed is a problem, and nothing that is left.
      if (ledger.owed().isEmpty()) {
        directory.delete();
      } else {
        directory.close();
      }
    } catch (IOException failure) {
      warn("cannot remove " + directory.path() + ": " + PlanRunner.reason(failure));
    }
  }

  /** Lets go of a task that runs on: another program may take it over. */
  public void leave() throws IOException, InterruptedException {
    left = true;
    watched.wake();
    if (keeper.isPresent()) {
      keeper.get().join();
    }
    watched.close();
    ledger.close();
    directory.close();
  }
}
