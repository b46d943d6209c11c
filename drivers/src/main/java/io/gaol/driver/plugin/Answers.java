package io.gaol.driver.plugin;

import io.gaol.engine.Exit;
import io.gaol.engine.Usage;
import io.gaol.nomad.TaskExit;
import io.gaol.nomad.TaskUsage;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the engine says, as an agent is told it. */
final class Answers {
  private Answers() {}

  static TaskExit exit(Exit exit) {
    if (exit.status().isEmpty()) {
      return TaskExit.unknown(exit.describe());
    }
    boolean outOfMemory = exit.memory() != Exit.MemoryKill.NO;
    return new TaskExit(
        exit.status().get(), exit.signal().orElse(0), outOfMemory, Optional.empty());
  }

  static TaskUsage usage(Usage usage) {
    Map<Long, TaskUsage.ProcessUsage> processes =
        usage.processes().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    process ->
                        new TaskUsage.ProcessUsage(
                            cpu(process.getValue().cpu()), memory(process.getValue().memory()))));
    return new TaskUsage(usage.time(), cpu(usage.cpu()), memory(usage.memory()), processes);
  }

  private static TaskUsage.Cpu cpu(Usage.Cpu cpu) {
    return new TaskUsage.Cpu(
        cpu.total(), cpu.user(), cpu.system(), cpu.throttledPeriods(), cpu.throttledTime());
  }

  private static TaskUsage.Memory memory(Usage.Memory memory) {
    return new TaskUsage.Memory(
        memory.rss(),
        memory.cache(),
        memory.swap(),
        memory.usage(),
        memory.maxUsage(),
        memory.kernelUsage(),
        memory.kernelMaxUsage());
  }
}
