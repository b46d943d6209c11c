package io.gaol.nomad.config;

import java.util.List;
import java.util.stream.Collectors;

/** A config that is not of its schema, with all that is wrong. */
public final class ConfigRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  ConfigRefusedException(List<ConfigProblem> problems) {
    super(
        problems.stream()
            .map(problem -> problem.place() + ": " + problem.message())
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All that is wrong; at least one. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
