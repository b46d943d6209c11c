package io.gaol.jail;

import java.io.Serial;
import java.util.List;

/**
 * A value that cannot be meant. All that is wrong with it is told at once; each problem says what
 * was written, which rule it breaks, and what would be right.
 */
public final class InvalidValueException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** With all that is wrong, at least one. */
  public InvalidValueException(List<String> problems) {
    super(String.join("\n", problems));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("an invalid value has at least one problem");
    }
    this.problems = List.copyOf(problems);
  }

  /** With the one thing that is wrong. */
  public InvalidValueException(String problem) {
    this(List.of(problem));
  }

  /** Each problem, once. */
  public List<String> problems() {
    return problems;
  }

  static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new InvalidValueException(problems);
    }
  }
}
