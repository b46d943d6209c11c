package io.gaol.engine;

import io.gaol.jail.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the commands of a plan, on the host and in the jail. */
final class CommandRunner {
  /** In the environment of a task's supervisor: the task's directory. */
  static final String TASK_MARK = "GAOL_TASK";

  /** In the environment of a command: the task's directory and the command's number. */
  private static final String HOOK_MARK = "GAOL_HOOK";

  /** How a probe ends that finds nothing; any other status but 0 is no answer. */
  static final int NOT_THERE = 1;

  private static final int MOST_LOOKS = 100;
  private static final long LOOK_PAUSE_MILLIS = 20;

  private final Host host;
  private final TaskDirectory directory;
  private final TaskListener listener;

  /** Whether a command of the start runs, and whether none may any more. */
  private volatile boolean starting;

  private volatile boolean startEnded;
  private final AtomicInteger count = new AtomicInteger();

  CommandRunner(Host host, TaskDirectory directory, TaskListener listener) {
    this.host = host;
    this.directory = directory;
    this.listener = listener;
  }

  /**
   * Runs a command.
   *
   * @throws StepFailedException if it does not end with status 0 in its time
   */
  void mustSucceed(Command command) throws StepFailedException, InterruptedException {
    starting = true;
    try {
      if (startEnded) {
        throw new StepFailedException(command.name() + " was not run: the task is being stopped");
      }
      mustEndWell(command);
    } finally {
      starting = false;
    }
  }

  /** Ends the command of the start that runs, and lets no other begin. */
  void endStart() throws IOException, InterruptedException {
    startEnded = true;
    // It may be about to begin.
    for (int look = 0; starting && look < MOST_LOOKS; look++) {
      endCurrent();
      Thread.sleep(LOOK_PAUSE_MILLIS);
    }
  }

  private void mustEndWell(Command command) throws StepFailedException, InterruptedException {
    Optional<String> problem = run(command);
    if (problem.isPresent()) {
      throw new StepFailedException(problem.get());
    }
  }

  /**
   * Runs a command.
   *
   * @return what went wrong; empty if nothing did
   */
  Optional<String> run(Command command) throws InterruptedException {
    boolean ours =
        !command.name().startsWith("exec.") && command.limit().equals(Optional.of(ToolLimit.TIME));
    return run(command, ours ? "(" + ToolLimit.VARIABLE + ")" : "(exec.timeout)");
  }

  /**
   * Runs a command that has no longer than its own limit, and no longer than another.
   *
   * @param most how long it may take, whatever its own limit is
   * @return what went wrong; empty if nothing did
   */
  Optional<String> run(Command command, Duration most) throws InterruptedException {
    return command.limit().filter(own -> own.compareTo(most) <= 0).isPresent()
        ? run(command)
        : run(command.within(most), "(the time that the task has to end)");
  }

  private Optional<String> run(Command command, String limitName) throws InterruptedException {
    String title = command.name() + " \"" + command.text() + "\"";
    try {
      Programs.Result result = execute(command);
      if (result.successful()) {
        if (!result.output().isBlank()) {
          listener.event(
              new TaskEvent(
                  directory.name(),
                  TaskEvent.Kind.HOOK_OUTPUT,
                  command.name() + ": " + result.output().strip()));
        }
        return Optional.empty();
      }
      String limit =
          result.status().isEmpty()
              ? " after " + command.limit().orElseThrow().toSeconds() + " s " + limitName
              : "";
      return Optional.of(title + " failed: " + result.describe() + limit);
    } catch (IOException failure) {
      return Optional.of(title + " could not be run: " + PlanRunner.reason(failure));
    }
  }

  /**
   * Runs a program of the host's that makes or removes something. Whoever recovers the task ends
   * it, if it has outlived us.
   */
  Programs.Result tool(List<String> arguments) throws IOException, InterruptedException {
    return execute(
        new Command(
            arguments.getFirst(),
            arguments.getFirst(),
            arguments,
            Command.Where.HOST,
            Optional.of(ToolLimit.TIME),
            false,
            Environment.EMPTY));
  }

  /**
   * As {@link #tool}, of one that must succeed.
   *
   * @throws IOException if it does not: the message has the command and what it said
   */
  void toolMustSucceed(List<String> arguments) throws IOException, InterruptedException {
    Optional<String> problem = problem(arguments, tool(arguments));
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
  }

  /** What went wrong with a tool, with its command; empty if nothing did. */
  static Optional<String> problem(List<String> arguments, Programs.Result result) {
    if (result.successful()) {
      return Optional.empty();
    }
    String late =
        result.status().isEmpty()
            ? " after " + ToolLimit.TIME.toSeconds() + " s (" + ToolLimit.VARIABLE + ")"
            : "";
    return Optional.of(called(arguments) + result.describe() + late);
  }

  /**
   * Of a script the command line that it stands for, if it was given one for its {@code $0}: its
   * text tells a person nothing.
   */
  private static String called(List<String> arguments) {
    if (arguments.size() < 2 || !arguments.get(1).equals("-c")) {
      return String.join(" ", arguments) + ": ";
    }
    boolean named = arguments.size() > 3 && arguments.get(3).contains(" ");
    return named ? arguments.get(3) + ": " : "";
  }

  private Programs.Result execute(Command command) throws IOException, InterruptedException {
    int number = count.incrementAndGet();
    String mark = directory.path() + "#" + number;
    // A crash while it runs: whoever recovers finds the mark and ends it. Several may run at once:
    // one of the start, one of the stop.
    String file = TaskFiles.HOOK + number;
    try {
      directory.write(file, mark);
    } catch (IOException full) {
      // On a full disk it runs without: a command that undoes something is owed there too.
    }
    Map<String, String> environment = new HashMap<>();
    environment.put(HOOK_MARK, mark);
    List<String> arguments = new ArrayList<>();
    Path entry = directory.file(TaskFiles.ENTRY + number);
    if (command.where() == Command.Where.JAIL) {
      arguments.addAll(host.jail(directory.name()).enter(command, entry));
    } else {
      arguments.addAll(command.background() ? host.detach() : List.of());
      arguments.addAll(command.arguments());
      environment.putAll(command.environment().variables());
    }
    try {
      return Programs.run(directory.path(), host.started(arguments), environment, command.limit());
    } finally {
      Files.deleteIfExists(entry);
      Files.deleteIfExists(directory.file(file));
    }
  }

  /**
   * Runs a command in the jail with its input and output connected, until it ends.
   *
   * @param command in the jail
   * @param input what it reads
   * @param output takes what it writes
   * @param errors takes its errors
   * @return its exit status; 128 and the signal's number if a signal ended it
   * @throws IOException if it could not be run
   * @throws InterruptedException if this thread is interrupted; the command is killed
   */
  int connect(Command command, InputStream input, OutputStream output, OutputStream errors)
      throws IOException, InterruptedException {
    int number = count.incrementAndGet();
    Path entry = directory.file(TaskFiles.ENTRY + number);
    try {
      return ConnectedProgram.run(
          host.started(host.jail(directory.name()).enter(command, entry)), input, output, errors);
    } finally {
      Files.deleteIfExists(entry);
    }
  }

  /** Ends the commands that run, also those that outlived the program that ran them. */
  void endCurrent() throws IOException {
    List<Path> marks = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory.path(), TaskFiles.HOOK + "[0-9]*")) {
      files.forEach(marks::add);
    }
    for (Path file : marks) {
      Optional<String> mark = directory.read(file.getFileName().toString());
      if (mark.isPresent()) {
        killAll(host, HOOK_MARK, mark.get());
      }
      Files.deleteIfExists(file);
    }
  }

  /** Kills every process with a mark, and what they start while we look. */
  static void killAll(Host host, String variable, String value) throws IOException {
    for (int look = 0; look < MOST_LOOKS; look++) {
      List<Long> processes = host.processesWith(variable, value);
      if (processes.isEmpty()) {
        return;
      }
      host.kill(processes);
    }
  }
}
