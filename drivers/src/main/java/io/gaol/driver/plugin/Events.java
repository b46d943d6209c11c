package io.gaol.driver.plugin;

import io.gaol.nomad.Listener;
import io.gaol.nomad.TaskEvent;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hands events to whoever listens; telling one never waits. */
final class Events {
  /** What a listener may be behind; more is lost to it. */
  private static final int MOST_WAITING = 1000;

  private final List<BlockingQueue<TaskEvent>> listeners = new CopyOnWriteArrayList<>();

  /** Tells everybody who listens now. */
  void tell(TaskEvent event) {
    listeners.forEach(waiting -> waiting.offer(event));
  }

  /** Hands all events on, from now until interrupted. */
  void handTo(Listener<TaskEvent> listener) throws InterruptedException {
    BlockingQueue<TaskEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    listeners.add(waiting);
    try {
      while (true) {
        listener.tell(waiting.take());
      }
    } finally {
      listeners.remove(waiting);
    }
  }
}
