package io.gaol.cli.job;

import io.gaol.jail.Spelling;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The signals that a job may name. */
final class SignalName {
  private static final Set<String> NAMES =
      Set.of(
          "SIGABRT",
          "SIGALRM",
          "SIGBUS",
          "SIGCHLD",
          "SIGCONT",
          "SIGFPE",
          "SIGHUP",
          "SIGILL",
          "SIGINT",
          "SIGIO",
          "SIGIOT",
          "SIGKILL",
          "SIGPIPE",
          "SIGPROF",
          "SIGQUIT",
          "SIGSEGV",
          "SIGSTOP",
          "SIGSYS",
          "SIGTERM",
          "SIGTRAP",
          "SIGTSTP",
          "SIGTTIN",
          "SIGTTOU",
          "SIGURG",
          "SIGUSR1",
          "SIGUSR2",
          "SIGVTALRM",
          "SIGWINCH",
          "SIGXCPU",
          "SIGXFSZ");

  private SignalName() {}

  /**
   * The signal that an attribute names, with or without SIG, in any case; one that does not exist
   * is a problem.
   */
  static Optional<String> read(BodyReader reader, String attribute) {
    Optional<String> given = reader.text(attribute).filter(text -> !text.isEmpty());
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String upper = given.get().toUpperCase(Locale.ROOT);
    String signal = upper.startsWith("SIG") ? upper : "SIG" + upper;
    if (!NAMES.contains(signal)) {
      reader.problem(
          reader.place(attribute),
          "\"" + given.get() + "\" is no signal",
          Spelling.suggestion(signal, NAMES).strip());
    }
    return Optional.of(signal);
  }
}
