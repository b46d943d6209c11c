package io.gaol.jail;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the kernel does when a resource goes over its amount: rctl(8), "ACTIONS". */
public enum RctlAction {
  /** Refuses the resource; for {@code memoryuse} pages out, for {@code pcpu} puts to sleep. */
  DENY,
  /** Writes a line to the kernel's log. */
  LOG,
  /** Tells devd(8). */
  DEVCTL,
  /** Slows reads and writes down. */
  THROTTLE,
  /** Signal. */
  SIGHUP,
  /** Signal. */
  SIGINT,
  /** Signal. */
  SIGQUIT,
  /** Signal. */
  SIGILL,
  /** Signal. */
  SIGTRAP,
  /** Signal. */
  SIGABRT,
  /** Signal. */
  SIGEMT,
  /** Signal. */
  SIGFPE,
  /** Signal. */
  SIGKILL,
  /** Signal. */
  SIGBUS,
  /** Signal. */
  SIGSEGV,
  /** Signal. */
  SIGSYS,
  /** Signal. */
  SIGPIPE,
  /** Signal. */
  SIGALRM,
  /** Signal. */
  SIGTERM,
  /** Signal. */
  SIGURG,
  /** Signal. */
  SIGSTOP,
  /** Signal. */
  SIGTSTP,
  /** Signal. */
  SIGCHLD,
  /** Signal. */
  SIGTTIN,
  /** Signal. */
  SIGTTOU,
  /** Signal. */
  SIGIO,
  /** Signal. */
  SIGXCPU,
  /** Signal. */
  SIGXFSZ,
  /** Signal. */
  SIGVTALRM,
  /** Signal. */
  SIGPROF,
  /** Signal. */
  SIGWINCH,
  /** Signal. */
  SIGINFO,
  /** Signal. */
  SIGUSR1,
  /** Signal. */
  SIGUSR2,
  /** Signal. */
  SIGTHR;

  private static final Map<String, RctlAction> OTHER_NAMES =
      Map.of("refuse", DENY, "limit", DENY, "cap", DENY, "syslog", LOG, "devd", DEVCTL);

  /** The name in a rule, such as {@code sigkill}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it sends a signal, to the process that went over. */
  public boolean isSignal() {
    return name().startsWith("SIG");
  }

  /** The action of a keyword in any letter case, as rctl(8) reads it. */
  public static Optional<RctlAction> find(String keyword) {
    return Arrays.stream(values())
        .filter(action -> action.keyword().equalsIgnoreCase(keyword))
        .findFirst();
  }

  /** " Did you mean ...?" with the action that was most likely meant, or nothing. */
  static String suggestion(String given) {
    RctlAction known =
        Optional.ofNullable(OTHER_NAMES.get(given.toLowerCase(Locale.ROOT)))
            .or(() -> find("sig" + given)) // kill, TERM
            .orElse(null);
    List<String> keywords = Arrays.stream(values()).map(RctlAction::keyword).toList();
    return Spelling.suggestion(known == null ? given : known.keyword(), keywords);
  }
}
