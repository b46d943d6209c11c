package io.gaol.cli.job;

import io.gaol.hcl.Block;
import io.gaol.hcl.SourceRange;
import io.gaol.jail.Spelling;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code lifecycle} blocks, and checks what a group's tasks are to each other. */
final class LifecycleReader {
  private static final List<String> HOOKS = List.of("prestart", "poststart", "poststop");

  private LifecycleReader() {}

  /** When a task runs; empty for a main task. */
  static Optional<Job.Lifecycle> read(BodyReader task) {
    Optional<Block> block = task.block("lifecycle");
    if (block.isEmpty()) {
      return Optional.empty();
    }
    BodyReader reader = task.of(block.get());
    boolean sidecar = reader.flag("sidecar").orElse(false);
    String hook = reader.text("hook").orElse("");
    if (hook.isEmpty()) {
      reader.problem(
          block.get().typeRange(),
          "A lifecycle block needs a hook",
          "Write hook = \"prestart\", \"poststart\" or \"poststop\".");
      return Optional.empty();
    }
    if (!HOOKS.contains(hook)) {
      reader.problem(
          reader.place("hook"),
          "There is no hook \"" + hook + "\": a task's hook is prestart, poststart or poststop",
          Spelling.suggestion(hook, HOOKS).strip());
      return Optional.empty();
    }
    return Optional.of(
        new Job.Lifecycle(Job.Lifecycle.Hook.valueOf(hook.toUpperCase(Locale.ROOT)), sidecar));
  }

  /** At most one task leads, and at least one is a main task. */
  static void check(
      BodyReader group, String groupName, SourceRange place, List<Job.TaskSpec> tasks) {
    List<Job.TaskSpec> leaders = tasks.stream().filter(Job.TaskSpec::leader).toList();
    for (Job.TaskSpec other : leaders.stream().skip(1).toList()) {
      group.problem(
          other.range(),
          "The group \""
              + groupName
              + "\" has a leader already, the task \""
              + leaders.getFirst().name()
              + "\"",
          "Only one task of a group may lead.");
    }
    if (!tasks.isEmpty() && tasks.stream().noneMatch(task -> task.lifecycle().isEmpty())) {
      group.problem(
          place,
          "The group \"" + groupName + "\" has no main task",
          "At least one of its tasks must have no lifecycle block.");
    }
  }
}
