package io.gaol.driver;

import java.util.Objects;

/**
 * Something wrong in a task's {@code config}.
 *
 * @param key which key, as its author wrote it; empty if it is about the whole
 * @param message what is wrong and what would be right
 */
public record ConfigProblem(String key, String message) {
  /** Checks. */
  public ConfigProblem {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(message, "message");
  }
}
