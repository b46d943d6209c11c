package io.gaol.engine;

import java.io.IOException;
import java.nio.file.Files;
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

  private final Host host;
  private final TaskDirectory directory;
  private final TaskListener listener;
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
              ? " after " + command.limit().orElseThrow().toSeconds() + " s (exec.timeout)"
              : "";
      return Optional.of(title + " failed: " + result.describe() + limit);
    } catch (IOException failure) {
      return Optional.of(title + " could not be run: " + PlanRunner.reason(failure));
    }
  }

  private Programs.Result execute(Command command) throws IOException, InterruptedException {
    String mark = directory.path() + "#" + count.incrementAndGet();
    // A crash while it runs: whoever recovers finds the mark and ends it.
    directory.write(TaskFiles.HOOK, mark);
    Map<String, String> environment = new HashMap<>();
    environment.put(HOOK_MARK, mark);
    List<String> arguments = new ArrayList<>();
    if (command.where() == Command.Where.JAIL) {
      arguments.addAll(host.jail(directory.name()).enter(command));
    } else {
      arguments.addAll(command.background() ? host.detach() : List.of());
      arguments.addAll(command.arguments());
      environment.putAll(command.environment().variables());
    }
    Programs.Result result = Programs.run(arguments, environment, command.limit());
    Files.deleteIfExists(directory.file(TaskFiles.HOOK));
    return result;
  }

  /** Ends the command that runs, also one that outlived the program that ran it. */
  void endCurrent() throws IOException {
    Optional<String> mark = directory.read(TaskFiles.HOOK);
    if (mark.isPresent()) {
      for (long process : host.processesWith(HOOK_MARK, mark.get())) {
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
      }
      Files.deleteIfExists(directory.file(TaskFiles.HOOK));
    }
  }
}
