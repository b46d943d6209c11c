package io.gaol.driver;

import java.io.Serial;
import java.util.List;

/** A task's {@code config} cannot be understood. All problems are told at once. */
public final class ConfigException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** With all that is wrong, at least one. */
  public ConfigException(List<ConfigProblem> problems) {
    super(String.join("\n", problems.stream().map(ConfigProblem::message).toList()));
    this.problems = List.copyOf(problems);
  }

  /** Each problem, with the key it is about. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
