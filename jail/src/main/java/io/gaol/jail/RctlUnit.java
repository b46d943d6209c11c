package io.gaol.jail;

import java.util.Locale;

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

  private static final String LETTERS = "KMGTPE";
  private static final long WITHOUT_LETTER = 10_000;

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

  /**
   * How many of the kernel's counts make one of the unit: racct(9) counts time and percentages in
   * millionths.
   */
  public long scale() {
    return scales() ? 1 : MILLION;
  }

  /**
   * What is used, as {@code rctl -u} prints it.
   *
   * @param count as the kernel counts: {@link #scale} of it are one
   */
  public String print(long count) {
    return Long.toString(count / scale());
  }

  /**
   * What is used, for a person, as {@code rctl -hu} prints it: powers of 1024, four characters and
   * a letter at most.
   *
   * @param count as the kernel counts
   */
  public String human(long count) {
    long number = count / scale();
    if (number < WITHOUT_LETTER) {
      return Long.toString(number);
    }
    double left = number;
    int letter = -1;
    while (Math.round(left) >= 1000 && letter < LETTERS.length() - 1) {
      left /= 1024;
      letter++;
    }
    String digits =
        left < 9.95
            ? String.format(Locale.ROOT, "%.1f", left)
            : String.format(Locale.ROOT, "%.0f", left);
    return digits + LETTERS.charAt(letter);
  }
}
