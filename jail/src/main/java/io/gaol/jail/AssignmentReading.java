package io.gaol.jail;

import java.util.List;
import java.util.Objects;

/** What became of assignments. */
public sealed interface AssignmentReading {
  /**
   * They are understood.
   *
   * @param parameters what holds, with where each value came from
   */
  record Accepted(JailParameters parameters) implements AssignmentReading {
    /** Checks. */
    public Accepted {
      Objects.requireNonNull(parameters, "parameters");
    }
  }

  /**
   * They are not.
   *
   * @param problems all that is wrong, each once
   */
  record Refused(List<ParameterProblem> problems) implements AssignmentReading {
    /** Copies. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
