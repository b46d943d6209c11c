package io.gaol.cli.job;

import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.SourceRange;
import io.gaol.jail.Spelling;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Nomad gives a task: its environment variables, and what the references in its config and
 * environment stand for.
 */
final class NomadVariables {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]*)}");
  private static final Pattern ENV_REFERENCE = Pattern.compile("env(?:\\[\"([^\"]*)\"]|\\.(\\S+))");

  private final Map<String, String> environment;
  private final Map<String, String> names;

  private final boolean lenient;

  private NomadVariables(
      Map<String, String> environment, Map<String, String> names, boolean lenient) {
    this.environment = environment;
    this.names = names;
    this.lenient = lenient;
  }

  /** A reference that stands for nothing. */
  static final class UnknownReferenceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reference;

    UnknownReferenceException(String reference) {
      super("there is no variable named \"" + reference + "\"");
      this.reference = reference;
    }

    /** With its place, and the nearest of the variables that there are. */
    Diagnostic diagnostic(SourceRange place, NomadVariables variables) {
      return Diagnostic.error(
          place,
          "There is no variable named \"" + reference + "\"",
          Spelling.suggestion(reference, variables.known()).strip());
    }
  }

  /**
   * The variables of a task.
   *
   * @param node facts of this host: {@code node.*} and {@code attr.*}
   */
  static NomadVariables of(
      Job job,
      Job.Group group,
      Job.TaskSpec task,
      Allocation allocation,
      Map<String, String> node) {
    Map<String, String> env = new TreeMap<>();
    env.put("NOMAD_ALLOC_DIR", "/alloc");
    env.put("NOMAD_TASK_DIR", "/local");
    env.put("NOMAD_SECRETS_DIR", "/secrets");
    env.put("NOMAD_ALLOC_ID", allocation.id());
    env.put("NOMAD_SHORT_ALLOC_ID", allocation.shortId());
    env.put("NOMAD_ALLOC_NAME", job.name() + "." + group.name() + "[" + allocation.index() + "]");
    env.put("NOMAD_ALLOC_INDEX", Integer.toString(allocation.index()));
    env.put("NOMAD_TASK_NAME", task.name());
    env.put("NOMAD_GROUP_NAME", group.name());
    env.put("NOMAD_JOB_ID", job.name());
    env.put("NOMAD_JOB_NAME", job.name());
    env.put("NOMAD_DC", job.datacenter());
    env.put("NOMAD_REGION", job.region());
    env.put("NOMAD_NAMESPACE", job.namespace());
    env.put("NOMAD_MEMORY_LIMIT", Long.toString(task.resources().memory()));
    task.resources()
        .memoryMax()
        .ifPresent(most -> env.put("NOMAD_MEMORY_MAX_LIMIT", Long.toString(most)));
    task.resources().cpu().ifPresent(mhz -> env.put("NOMAD_CPU_LIMIT", Long.toString(mhz)));
    task.resources()
        .cores()
        .ifPresent(cores -> env.put("NOMAD_CPU_CORES", cores == 1 ? "0" : "0-" + (cores - 1)));
    Map<String, String> names = new LinkedHashMap<>(node);
    task.meta()
        .forEach(
            (key, value) -> {
              String safe = key.replaceAll("[^A-Za-z0-9_]", "_");
              env.put("NOMAD_META_" + safe, value);
              env.put("NOMAD_META_" + safe.toUpperCase(Locale.ROOT), value);
              names.put("meta." + key, value);
            });
    names.putIfAbsent("node.datacenter", job.datacenter());
    names.putIfAbsent("node.region", job.region());
    return new NomadVariables(env, names, false).with(task.env());
  }

  /** With the task's own variables; they may refer to those that are there. */
  private NomadVariables with(Map<String, String> own) {
    Map<String, String> both = new TreeMap<>(environment);
    own.forEach(
        (name, text) -> {
          try {
            both.put(name, resolve(text));
          } catch (UnknownReferenceException unknown) {
            both.put(name, text); // Nomad leaves them as they are.
          }
        });
    return new NomadVariables(both, names, lenient);
  }

  /** With these, as they are; they go before what is there. */
  NomadVariables plus(Map<String, String> more) {
    Map<String, String> both = new TreeMap<>(environment);
    both.putAll(more);
    return new NomadVariables(both, names, lenient);
  }

  /** The same, with references that stand for nothing left as they are: they may come to. */
  NomadVariables lenient() {
    return new NomadVariables(environment, names, true);
  }

  /** All environment variables. */
  Map<String, String> environment() {
    return environment;
  }

  /**
   * A text with its references replaced.
   *
   * @throws UnknownReferenceException if one stands for nothing
   */
  String resolve(String text) throws UnknownReferenceException {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String reference = matcher.group(1).strip();
      String value = lookUp(reference).orElse(null);
      if (value == null && lenient) {
        value = matcher.group();
      }
      if (value == null) {
        throw new UnknownReferenceException(reference);
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(result).toString();
  }

  private Optional<String> lookUp(String reference) {
    Matcher env = ENV_REFERENCE.matcher(reference);
    if (env.matches()) {
      return Optional.ofNullable(
          environment.get(env.group(1) == null ? env.group(2) : env.group(1)));
    }
    return Optional.ofNullable(environment.get(reference))
        .or(() -> Optional.ofNullable(names.get(reference)));
  }

  /** What can be referred to, for suggestions. */
  Set<String> known() {
    Set<String> known = new TreeSet<>(environment.keySet());
    known.addAll(names.keySet());
    return known;
  }
}
