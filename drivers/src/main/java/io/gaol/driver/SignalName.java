package io.gaol.driver;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The signals that a job may name. */
public final class SignalName {
  /** All of them, with SIG. */
  public static final Set<String> ALL =
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

  /** How a signal would be written in {@link #ALL}, whether there is one or not. */
  public static String written(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    return upper.startsWith("SIG") ? upper : "SIG" + upper;
  }

  /**
   * The signal of a name, with or without SIG, in any case.
   *
   * @return empty if there is none
   */
  public static Optional<String> find(String text) {
    return Optional.of(written(text)).filter(ALL::contains);
  }
}
