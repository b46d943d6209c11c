package io.gaol.nomad;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Something that happened to a task, for its author to see.
 *
 * @param taskId the task's
 * @param allocId its allocation's
 * @param taskName its name in the job; the agent finds the task by this and the allocation
 * @param time when
 * @param message in words
 * @param annotations more of it
 */
public record TaskEvent(
    String taskId,
    String allocId,
    String taskName,
    Instant time,
    String message,
    Map<String, String> annotations) {
  /** Checks and copies. */
  public TaskEvent {
    Objects.requireNonNull(taskId, "taskId");
    Objects.requireNonNull(allocId, "allocId");
    Objects.requireNonNull(taskName, "taskName");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(message, "message");
    annotations = Map.copyOf(annotations);
  }
}
