package io.gaol.cli.job;

import io.gaol.driver.JailDriver;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.SourceRange;
import io.gaol.nomad.config.ConfigDecoder;
import io.gaol.nomad.config.ConfigProblem;
import io.gaol.nomad.config.ConfigRefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task's {@code config} on its way to the driver, as on a Nomad client: evaluated, then read and
 * converted by the driver's schema. What runs here runs there.
 */
final class TaskConfig {
  private final Job.TaskSpec task;
  private final JailDriver driver;

  private TaskConfig(Job.TaskSpec task, JailDriver driver) {
    this.task = task;
    this.driver = driver;
  }

  /**
   * What the driver gets.
   *
   * @param values every key of its schema, null where the job does not have it; empty if too much
   *     is wrong to say
   * @param problems all that an agent would refuse, each with its place; what is wrong is null
   *     among the values
   */
  record Read(Optional<Map<String, Object>> values, List<Diagnostic> problems) {
    Read {
      problems = List.copyOf(problems);
    }
  }

  /** Reads a task's config. */
  static Read read(Job.TaskSpec task, JailDriver driver, NomadVariables variables) {
    return new TaskConfig(task, driver).read(new ConfigEvaluation(variables));
  }

  private Read read(ConfigEvaluation evaluation) {
    Map<String, Object> written = ConfigEvaluation.plain(task.config().values());
    try {
      return new Read(
          Optional.of(ConfigDecoder.decode(driver.schema(), written, evaluation)), List.of());
    } catch (ConfigRefusedException refused) {
      List<Diagnostic> problems =
          refused.problems().stream().map(problem -> diagnostic(problem, written)).toList();
      return new Read(withoutWhatIsWrong(written, refused, evaluation), problems);
    }
  }

  /** So that the driver can say what is wrong with the rest. */
  private Optional<Map<String, Object>> withoutWhatIsWrong(
      Map<String, Object> written, ConfigRefusedException refused, ConfigEvaluation evaluation) {
    Map<String, Object> rest = new LinkedHashMap<>(written);
    refused.problems().stream()
        .flatMap(problem -> problem.path().stream().limit(1))
        .forEach(rest::remove);
    try {
      return Optional.of(ConfigDecoder.decode(driver.schema(), rest, evaluation));
    } catch (ConfigRefusedException more) {
      return Optional.empty();
    }
  }

  private Diagnostic diagnostic(ConfigProblem problem, Map<String, Object> written) {
    if (problem.path().isEmpty()) {
      return Diagnostic.error(task.range(), sentence(problem.message()), "");
    }
    String key = String.valueOf(problem.path().getFirst());
    if (problem.path().size() == 1 && !driver.schema().names().contains(key)) {
      return Diagnostic.error(place(key), driver.unknownKey(key), "");
    }
    return Diagnostic.error(
        place(key), sentence(problem.message()), advice(problem, key, written.get(key)));
  }

  /** What to write where a list is wanted and a single value is given. */
  private static String advice(ConfigProblem problem, String key, Object given) {
    boolean single = given instanceof String || given instanceof Number || given instanceof Boolean;
    return single && problem.message().contains("list of string required")
        ? "Write " + key + " = [\"" + given + "\"]."
        : "";
  }

  /** An agent's sentence without the headline before it and the full stop behind it. */
  private static String sentence(String message) {
    String sentence = message.replaceFirst("^[A-Z][A-Za-z ]*: (?=[A-Z])", "");
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private SourceRange place(String key) {
    return place(task, key);
  }

  /** Where a key of the config is; without it, the task. */
  private static SourceRange place(Job.TaskSpec task, String key) {
    return task.config().places().getOrDefault(key, task.range());
  }

  /** What a driver said of the config, with its places. */
  static List<Diagnostic> diagnostics(
      Job.TaskSpec task, List<io.gaol.driver.ConfigProblem> problems) {
    return problems.stream()
        .map(
            problem ->
                Diagnostic.error(
                    place(task, problem.key()), problem.message(), otherPlace(task, problem)))
        .toList();
  }

  /** Where the other key is of two that do not go together. */
  private static String otherPlace(Job.TaskSpec task, io.gaol.driver.ConfigProblem problem) {
    return problem
        .otherKey()
        .filter(key -> !key.equals(problem.key()) && task.config().places().containsKey(key))
        .map(key -> key + " is at line " + place(task, key).start().line() + ".")
        .orElse("");
  }
}
