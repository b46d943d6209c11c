package io.gaol.cli.job;

import java.math.BigDecimal;
import java.time.Duration;

/** Times for a person. */
final class Seconds {
  private Seconds() {}

  /** In seconds, as {@code 2 s} or {@code 0.5 s}; no more than milliseconds. */
  static String text(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }
}
