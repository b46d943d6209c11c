package io.gaol.driver;

import java.util.Objects;
import java.util.Optional;

/**
 * Something wrong in a task's {@code config}.
 *
 * @param key which key, as its author wrote it; empty if it is about the whole
 * @param message what is wrong and what would be right
 * @param otherKey the key that it does not go together with, if it is wrong only beside that
 */
public record ConfigProblem(String key, String message, Optional<String> otherKey) {
  /** Checks. */
  public ConfigProblem {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(otherKey, "otherKey");
  }

  /** Something that is wrong by itself. */
  public ConfigProblem(String key, String message) {
    this(key, message, Optional.empty());
  }
}
