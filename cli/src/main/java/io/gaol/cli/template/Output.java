package io.gaol.cli.template;

/** Text that is being made, which cannot become longer than a template's output may be. */
final class Output {
  /** The longest text that a template or one of its functions makes, in bytes. */
  static final int MOST_BYTES = 16 << 20;

  private final StringBuilder text = new StringBuilder();

  Output append(String bytes) throws FunctionException {
    require((long) text.length() + bytes.length());
    text.append(bytes);
    return this;
  }

  Output append(char c) throws FunctionException {
    require(text.length() + 1L);
    text.append(c);
    return this;
  }

  Output repeat(char c, int times) throws FunctionException {
    require((long) text.length() + Math.max(0, times));
    text.repeat(c, Math.max(0, times));
    return this;
  }

  /**
   * Complains of a length that would be too much.
   *
   * @throws FunctionException if it is
   */
  static void require(long bytes) throws FunctionException {
    if (bytes > MOST_BYTES) {
      throw new FunctionException("The text grows over " + (MOST_BYTES >> 20) + " MiB");
    }
  }

  int length() {
    return text.length();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
