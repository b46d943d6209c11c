package io.gaol.jail;

/** What a jail(8) parameter holds. */
public enum ParameterType {
  /** {@code true} or {@code false}; jail(8) also writes the {@code no} form. */
  BOOLEAN("true or false"),
  /** A jailsys(9) choice: {@code disable}, {@code new} or {@code inherit}. */
  JAILSYS("\"disable\", \"new\" or \"inherit\""),
  /** A whole number. */
  INTEGER("a whole number"),
  /** Any text. */
  TEXT("text"),
  /** A command line, run as jail(8) runs it: see {@link HookCommand}. */
  COMMAND("a command"),
  /** Read from the kernel only. */
  READ_ONLY("nothing: it is read-only");

  private final String expectation;

  ParameterType(String expectation) {
    this.expectation = expectation;
  }

  /** What a value of this type looks like, for an error message. */
  public String expectation() {
    return expectation;
  }
}
