package io.gaol.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What becomes of a job with limits of rctl(8) on a FreeBSD whose kernel does not account for
 * resources ({@code kern.racct.enable=0}): the operator's choice.
 */
public enum LimitsWithoutRacct {
  /** It is refused. */
  REFUSE,
  /** It runs without them, and it is told which they are. */
  IGNORE;

  /** The name of the operator's option. */
  public static final String KEY = "limits_without_racct";

  /** As the operator writes it. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All keywords. */
  public static List<String> keywords() {
    return Arrays.stream(values()).map(LimitsWithoutRacct::keyword).toList();
  }

  /** The choice of a keyword; empty if there is none. */
  public static Optional<LimitsWithoutRacct> find(String keyword) {
    return Arrays.stream(values()).filter(choice -> choice.keyword().equals(keyword)).findFirst();
  }
}
