package io.gaol.cli.job;

import io.gaol.hcl.Diagnostic;
import java.io.Serial;
import java.util.List;

/** A job cannot be run. Each message is whole: where, what, and what to do. */
public final class JobException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<String> messages;
  private final transient List<Diagnostic> diagnostics;

  /** With at least one message. */
  public JobException(List<String> messages) {
    this(messages, List.of());
  }

  private JobException(List<String> messages, List<Diagnostic> diagnostics) {
    super(String.join("\n", messages));
    this.messages = List.copyOf(messages);
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** With at least one problem of the job file. */
  static JobException of(List<Diagnostic> diagnostics) {
    return new JobException(diagnostics.stream().map(Diagnostic::render).toList(), diagnostics);
  }

  /** With one message. */
  public JobException(String message) {
    this(List.of(message));
  }

  /** What is wrong with the job file; empty if something else is wrong. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** What is wrong. */
  public List<String> messages() {
    return messages;
  }
}
