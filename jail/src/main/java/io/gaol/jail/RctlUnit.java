package io.gaol.jail;

/** What rctl(8) counts a resource in. */
public enum RctlUnit {
  /** Bytes. */
  BYTES("bytes"),
  /** Things: processes, files, segments. */
  COUNT("a number"),
  /** Seconds. */
  SECONDS("seconds"),
  /** Hundredths of one core: 200 is two cores. */
  PERCENT("percent of one core"),
  /** Bytes in each second. */
  BYTES_PER_SECOND("bytes per second"),
  /** Operations in each second. */
  OPERATIONS_PER_SECOND("operations per second");

  /** The kernel counts time and percentages times this: racct(9). */
  private static final long MILLION = 1_000_000;

  private final String words;

  RctlUnit(String words) {
    this.words = words;
  }

  /** The unit in words, for a message. */
  public String words() {
    return words;
  }

  /** The greatest amount that the kernel takes; above it, it answers {@code ERANGE}. */
  public long greatestAmount() {
    return scales() ? Long.MAX_VALUE : Long.MAX_VALUE / MILLION;
  }

  /** Whether a suffix as {@code M} or {@code G} means something in this unit. */
  boolean scales() {
    return this != SECONDS && this != PERCENT;
  }

  /** Whether an amount is best read with a suffix. */
  boolean isBytes() {
    return this == BYTES || this == BYTES_PER_SECOND;
  }
}
