package io.gaol.cli;

import io.gaol.cli.job.JobRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** SIGINT, SIGTERM and SIGHUP while a job runs: the first stops it, the second kills it. */
@SuppressWarnings("sunapi") // The JDK has no other way to hear of a second Ctrl-C.
final class Interruptions implements AutoCloseable {
  private static final int SIGNAL_STATUS = 128;

  private final JobRunner runner;
  private final Terminal terminal;
  private final List<Runnable> restore = new ArrayList<>();
  private int count;
  private volatile Optional<Integer> status = Optional.empty();

  Interruptions(JobRunner runner, Terminal terminal) {
    this.runner = runner;
    this.terminal = terminal;
    for (String name : List.of("INT", "TERM", "HUP")) {
      Signal signal = new Signal(name);
      SignalHandler before = Signal.handle(signal, this::interrupted);
      if (before == SignalHandler.SIG_IGN) {
        Signal.handle(signal, before); // Started by nohup(1), say.
      } else {
        restore.add(() -> Signal.handle(signal, before));
      }
    }
  }

  private synchronized void interrupted(Signal signal) {
    count++;
    if (count == 1) {
      status = Optional.of(SIGNAL_STATUS + signal.getNumber());
      terminal.note("stopping; once more to kill");
      runner.requestStop();
    } else {
      terminal.note("killing");
      runner.requestKill();
    }
  }

  /** What a shell expects of a program that a signal ended; empty if none came. */
  Optional<Integer> status() {
    return status;
  }

  @Override
  public void close() {
    restore.forEach(Runnable::run);
  }
}
