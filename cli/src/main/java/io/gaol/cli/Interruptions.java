package io.gaol.cli;

import io.gaol.cli.job.Stoppable;
import java.util.List;
import java.util.Optional;

/** SIGINT, SIGTERM and SIGHUP while something runs: the first stops it, the second kills it. */
final class Interruptions implements AutoCloseable {
  private static final int SIGNAL_STATUS = 128;

  private final Stoppable runner;
  private final Terminal terminal;
  private final List<Signals.Registration> registrations;
  private volatile Optional<Integer> status = Optional.empty();

  Interruptions(Stoppable runner, Terminal terminal) {
    this.runner = runner;
    this.terminal = terminal;
    this.registrations =
        List.of("INT", "TERM", "HUP").stream()
            .map(name -> Signals.handle(name, this::interrupted))
            .toList();
  }

  private synchronized void interrupted(int signal) {
    if (status.isEmpty()) {
      status = Optional.of(SIGNAL_STATUS + signal);
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
    registrations.forEach(Signals.Registration::close);
  }
}
