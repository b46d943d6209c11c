package io.gaol.cli.job;

/** Something in the foreground that Ctrl-C ends. Called on any thread; returns at once. */
public interface Stoppable {
  /** Asks it to end in its own way. */
  void requestStop();

  /** Kills it, at once. */
  void requestKill();
}
