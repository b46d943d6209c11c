package io.gaol.jail.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The directories of the host that belong to a job. Of its own, a task needs no permission.
 *
 * @param taskDirectory what is in it is the task's
 * @param sharedDirectory the group's, {@code /alloc}
 * @param hidden names in the task directory that are not for the task
 */
public record Allocation(Path taskDirectory, Path sharedDirectory, List<String> hidden) {
  /** Checks and copies. */
  public Allocation {
    Objects.requireNonNull(taskDirectory, "taskDirectory");
    Objects.requireNonNull(sharedDirectory, "sharedDirectory");
    hidden = List.copyOf(hidden);
  }

  /**
   * Whether a path is in the group's directory, where its other tasks can change it at any time.
   */
  boolean isShared(Path path, UnaryOperator<Path> real) {
    return HostPaths.isBelow(path, sharedDirectory, real);
  }

  /** Whether a path is the task's. Its directory itself is not: what is hidden is in it. */
  boolean holds(Path path, UnaryOperator<Path> real) {
    Path task = HostPaths.plain(real.apply(taskDirectory));
    Path place = HostPaths.plain(real.apply(path));
    return HostPaths.isBelow(path, taskDirectory, real)
        && !place.equals(task)
        && !hidden.contains(place.getName(task.getNameCount()).toString());
  }
}
