package io.gaol.cli.job;

/** Where a running job's output goes. Called on many threads. */
public interface JobOutput {
  /** A line that a task wrote to its standard output. */
  void out(String task, byte[] line);

  /** A line that a task wrote to its standard error. */
  void err(String task, byte[] line);

  /** Something happened to a task. */
  void event(String task, String message);

  /** Something to know about the whole job. */
  void note(String message);
}
