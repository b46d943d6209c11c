package io.gaol.cli.language;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A job file, and what is given to its variables.
 *
 * @param file its name; {@code -} is standard input
 * @param variables values by name, as {@code -var} gives them
 * @param variableFiles files with values; of two that give the same, the later counts
 * @param environment where {@code NOMAD_VAR_name} gives a value
 * @param allowFiles whether functions may read files that are not below the job file's folder
 * @param apiJson whether the file is a job as Nomad's API has it, whatever it looks like
 */
public record JobInput(
    String file,
    Map<String, String> variables,
    List<Path> variableFiles,
    Map<String, String> environment,
    boolean allowFiles,
    boolean apiJson) {
  public JobInput {
    variables = Map.copyOf(variables);
    variableFiles = List.copyOf(variableFiles);
    environment = Map.copyOf(environment);
  }

  /** A file, with values for some of its variables. */
  public static JobInput of(String file, Map<String, String> variables) {
    return new JobInput(file, variables, List.of(), Map.of(), false, false);
  }

  /** The folder that relative names of files in the job are in. */
  Path folder() {
    Path parent = file.equals("-") ? null : Path.of(file).toAbsolutePath().getParent();
    return parent == null ? Path.of("").toAbsolutePath() : parent;
  }
}
