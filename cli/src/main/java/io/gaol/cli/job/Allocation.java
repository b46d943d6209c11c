package io.gaol.cli.job;

import io.gaol.engine.Plan;
import io.gaol.engine.Step;
import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One running instance of a group, with the directories that Nomad gives it (client/allocdir).
 *
 * @param id unique
 * @param index among the group's instances
 * @param directory on the host
 * @param name of its entry in the task store
 */
record Allocation(String id, int index, Path directory, JailName name) {
  private static final int SHORT_ID = 8;

  static Allocation create(Path allocations, Job.Group group, int index) {
    return of(UUID.randomUUID(), allocations, group, index);
  }

  /**
   * One that never comes to be, for looking at a job.
   *
   * @param number that tells it from the job's others: the first digits of its id
   */
  static Allocation example(Path allocations, Job.Group group, int index, int number) {
    return of(new UUID((long) number << Integer.SIZE, 0), allocations, group, index);
  }

  private static Allocation of(UUID uuid, Path allocations, Job.Group group, int index) {
    String id = uuid.toString();
    return new Allocation(
        id,
        index,
        allocations.resolve(id),
        JailName.of("alloc-" + group.name(), id.substring(0, SHORT_ID)));
  }

  String shortId() {
    return id.substring(0, SHORT_ID);
  }

  /** What its tasks share. */
  Path shared() {
    return directory.resolve("alloc");
  }

  /**
   * A task's own directory. Its name is the task's, or one that no task's name gives: "+" is not
   * safe.
   */
  Path taskDirectory(int number, String taskName) {
    String safe =
        taskName.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}") && !taskName.equals("alloc")
            ? taskName
            : "task+" + number;
    return directory.resolve(safe);
  }

  /**
   * The FIFO that takes a task's output. No task may see it: whoever can put a link in its place
   * chooses which file of the host we open as root.
   */
  Path fifo(int number, String stream) {
    return directory.resolve("." + number + "." + stream + ".fifo");
  }

  /**
   * What makes the directories, as an agent does before it starts a task.
   *
   * @param noDevices {@link io.gaol.engine.Host#noDevices}
   */
  Plan plan(List<Job.TaskSpec> tasks, List<String> noDevices) {
    List<String> options = new ArrayList<>(List.of("size=1m", "mode=0777", "noexec", "nosuid"));
    options.addAll(noDevices);
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.MakeDirectory(directory, 0755, Removal.WITH_CONTENTS));
    steps.add(directory(shared(), 0777));
    for (String part : List.of("logs", "tmp", "data")) {
      steps.add(directory(shared().resolve(part), 0777));
    }
    for (int number = 0; number < tasks.size(); number++) {
      Path task = taskDirectory(number, tasks.get(number).name());
      steps.add(directory(task, 0777));
      steps.add(directory(task.resolve("local"), 0777));
      steps.add(directory(task.resolve("private"), 0777));
      steps.add(directory(task.resolve("secrets"), 0777));
      steps.add(directory(task.resolve("tmp"), 01777));
      steps.add(new Step.MakeFifo(fifo(number, "stdout"), 0600));
      steps.add(new Step.MakeFifo(fifo(number, "stderr"), 0600));
    }
    for (int number = 0; number < tasks.size(); number++) {
      // Secrets never reach a disk.
      Path secrets = taskDirectory(number, tasks.get(number).name()).resolve("secrets");
      steps.add(new Step.Mount("tmpfs", "gaol-secrets", secrets, options));
    }
    return new Plan(
        name, steps, List.of(), List.of(), List.of(), "SIGTERM", Duration.ZERO, List.of());
  }

  private static Step directory(Path path, int mode) {
    return new Step.MakeDirectory(path, mode, Removal.WITH_CONTENTS);
  }
}
