package io.gaol.jail.conf;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A text is no jail.conf, or one that jail(8) refuses: everything that is wrong with it. */
public final class JailConfException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<JailConfProblem> problems;

  /** With at least one problem. */
  JailConfException(List<JailConfProblem> problems) {
    super(problems.stream().map(JailConfProblem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("no problems");
    }
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, each thing once; at least one. */
  public List<JailConfProblem> problems() {
    return problems;
  }
}
