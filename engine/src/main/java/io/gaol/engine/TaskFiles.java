package io.gaol.engine;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the supervisor and the jail say in a task's directory: see {@code supervise.sh}. */
final class TaskFiles {
  static final String SUPERVISOR = "supervise.sh";
  static final String SUPERVISOR_LOG = "supervisor.log";
  static final String UP = "up";
  static final String PROGRESS = "progress";
  static final String STATUS = "status";
  static final String STOP = "stop.json";
  static final String WHEN_STARTED = "when-started";
  static final String PLAN = "plan.json";
  static final String LIMITS = "limits.json";
  static final String HOOK = "hook-";
  static final String ENTRY = "exec-";
  static final String LEDGER = "ledger";

  private final TaskDirectory directory;

  TaskFiles(TaskDirectory directory) {
    this.directory = directory;
  }

  /**
   * What the supervisor recorded of the end.
   *
   * @param status of the program that held the jail
   * @param memory whether the kernel killed for memory
   */
  record Ended(int status, Exit.MemoryKill memory) {}

  /** The recorded end; empty while there is none. */
  Optional<Ended> ended() throws IOException {
    Optional<String> text = directory.read(STATUS);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (String line : text.get().split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    try {
      int status = Integer.parseInt(values.getOrDefault("status", ""));
      Exit.MemoryKill memory =
          switch (values.getOrDefault("memory", "no")) {
            case "yes" -> Exit.MemoryKill.YES;
            // The limit alone does not tell; with SIGKILL it does.
            case "likely" -> status == 137 ? Exit.MemoryKill.LIKELY : Exit.MemoryKill.NO;
            default -> Exit.MemoryKill.NO;
          };
      return Optional.of(new Ended(status, memory));
    } catch (NumberFormatException broken) {
      throw new IOException(directory.file(STATUS) + " is damaged: " + text.get(), broken);
    }
  }

  /** Whether the jail said that it got so far. */
  boolean reached(Progress progress) throws IOException {
    return directory
        .read(PROGRESS)
        .map(text -> text.lines().anyMatch(progress.word()::equals))
        .orElse(false);
  }

  /** Which {@code exec.start} command failed and ended the jail, counted from 1. */
  Optional<String> failedStart() throws IOException {
    return directory
        .read(PROGRESS)
        .flatMap(text -> text.lines().filter(line -> line.startsWith("failed ")).findFirst())
        .map(line -> line.substring("failed ".length()));
  }

  /**
   * Which {@code exec.start} command took too long and was ended, and how long it might take: "2
   * 30" is the second, after 30 s.
   */
  Optional<String> lateStart() throws IOException {
    return directory
        .read(PROGRESS)
        .flatMap(text -> text.lines().filter(line -> line.startsWith("late ")).findFirst())
        .map(line -> line.substring("late ".length()));
  }

  /** The supervisor's identity, {@link Host#identity}; empty until it has written it. */
  Optional<String> supervisorIdentity() throws IOException {
    return directory.read(UP).map(String::strip).filter(identity -> !identity.isEmpty());
  }
}
