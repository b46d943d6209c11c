package io.gaol.engine;

import java.io.Serial;
import java.util.List;

/** A host cannot do what was asked. Nothing was touched. All problems are told at once. */
public final class PlanRefusedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** A refusal with its reasons, at least one. */
  public PlanRefusedException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** Each reason, for a person: what was asked, why not, what to do. */
  public List<String> problems() {
    return problems;
  }
}
