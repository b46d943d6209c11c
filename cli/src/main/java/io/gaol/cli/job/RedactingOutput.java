package io.gaol.cli.job;

import io.gaol.cli.language.Secrets;

/** Tells all but a job's secrets. What a task itself writes goes through as it is. */
final class RedactingOutput implements JobOutput {
  private final JobOutput output;
  private volatile Secrets secrets = new Secrets();

  RedactingOutput(JobOutput output) {
    this.output = output;
  }

  /** From now on these are not told. */
  void hide(Secrets these) {
    secrets = these;
  }

  /** A text without the secrets in it. */
  String redact(String text) {
    return secrets.redact(text);
  }

  @Override
  public void out(String task, byte[] line) {
    output.out(task, line);
  }

  @Override
  public void err(String task, byte[] line) {
    output.err(task, line);
  }

  @Override
  public void event(String task, String message) {
    output.event(task, redact(message));
  }

  @Override
  public void note(String message) {
    output.note(redact(message));
  }
}
