package io.gaol.cli.job;

import java.io.Serial;
import java.util.List;

/** A job cannot be run. Each message is whole: where, what, and what to do. */
public final class JobException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<String> messages;

  /** With at least one message. */
  public JobException(List<String> messages) {
    super(String.join("\n", messages));
    this.messages = List.copyOf(messages);
  }

  /** With one message. */
  public JobException(String message) {
    this(List.of(message));
  }

  /** What is wrong. */
  public List<String> messages() {
    return messages;
  }
}
