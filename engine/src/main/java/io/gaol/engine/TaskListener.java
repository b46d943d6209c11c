package io.gaol.engine;

/** Hears of events. Called on any thread, and must not block. */
@FunctionalInterface
public interface TaskListener {
  /** Something happened. */
  void event(TaskEvent event);
}
