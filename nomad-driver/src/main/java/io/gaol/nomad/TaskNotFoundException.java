package io.gaol.nomad;

import java.io.Serial;

/** There is no task of an id. */
public final class TaskNotFoundException extends DriverException {
  @Serial private static final long serialVersionUID = 1L;

  /** With the id that is not known. */
  public TaskNotFoundException(String taskId) {
    super("task not found for given id: " + taskId);
  }
}
