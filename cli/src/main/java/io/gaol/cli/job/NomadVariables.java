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

  /** What only a cluster gives, or only another host than this one. */
  private static final Pattern OF_ANOTHER_HOST =
      Pattern.compile(
          "(attr|node|meta|device|secret)\\b.*"
              + "|NOMAD_(ADDR|IP|PORT|HOST_ADDR|HOST_IP|HOST_PORT|ALLOC_ADDR|ALLOC_IP|ALLOC_PORT"
              + "|UPSTREAM_ADDR|UPSTREAM_IP|UPSTREAM_PORT|ENVOY_ADMIN_ADDR)_.*");

  private final Map<String, String> environment;
  private final Map<String, String> names;
  private final Unknown unknown;

  /** What becomes of a reference that stands for nothing. */
  private enum Unknown {
    /** It is an error. */
    IS_WRONG,
    /** It stays as it is written, for it may come to stand for something. */
    STAYS,
    /** It stays if another host could know it, and is an error otherwise. */
    STAYS_IF_ANOTHER_HOST_MAY_KNOW_IT
  }

  private NomadVariables(
      Map<String, String> environment, Map<String, String> names, Unknown unknown) {
    this.environment = environment;
    this.names = names;
    this.unknown = unknown;
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
          place, "There is no variable named \"" + reference + "\"", variables.advice(reference));
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
    names.putIfAbsent("node.datacenter", job.datacenter());
    names.putIfAbsent("node.region", job.region());
    Map<String, String> meta = new TreeMap<>();
    task.meta()
        .forEach(
            (key, value) -> {
              String safe = key.replaceAll("[^A-Za-z0-9_]", "_");
              meta.put("NOMAD_META_" + safe, value);
              meta.put("NOMAD_META_" + safe.toUpperCase(Locale.ROOT), value);
            });
    return new NomadVariables(env, names, Unknown.IS_WRONG).with(meta).with(task.env());
  }

  /**
   * The variables of a task whose environment is known.
   *
   * @param environment all of it
   * @param node facts of the host: {@code node.*}, {@code attr.*} and {@code meta.*}
   */
  static NomadVariables of(Map<String, String> environment, Map<String, String> node) {
    return new NomadVariables(Map.copyOf(environment), Map.copyOf(node), Unknown.IS_WRONG);
  }

  /** With these, whose texts may refer to those that are there. */
  private NomadVariables with(Map<String, String> more) {
    Map<String, String> both = new TreeMap<>(environment);
    NomadVariables lenient = lenient(); // Nomad leaves what it does not know.
    more.forEach((name, text) -> both.put(name, lenient.replaced(text)));
    return new NomadVariables(both, names, unknown);
  }

  private String replaced(String text) {
    try {
      return resolve(text);
    } catch (UnknownReferenceException strict) {
      throw new IllegalStateException(strict);
    }
  }

  /** With these, as they are; they go before what is there. */
  NomadVariables plus(Map<String, String> more) {
    Map<String, String> both = new TreeMap<>(environment);
    both.putAll(more);
    return new NomadVariables(both, names, unknown);
  }

  /** The same, with references that stand for nothing left as they are: they may come to. */
  NomadVariables lenient() {
    return new NomadVariables(environment, names, Unknown.STAYS);
  }

  /** The same, with references left as they are that a cluster or another host may know. */
  NomadVariables ofAnyHost() {
    return unknown == Unknown.IS_WRONG
        ? new NomadVariables(environment, names, Unknown.STAYS_IF_ANOTHER_HOST_MAY_KNOW_IT)
        : this;
  }

  /** All environment variables. */
  Map<String, String> environment() {
    return environment;
  }

  /** What is known of the host: {@code node.*} and {@code attr.*}. */
  Map<String, String> names() {
    return names;
  }

  /**
   * A text with its references replaced, as Nomad does it everywhere but in a {@code config}: by
   * their names, and without evaluating anything.
   *
   * @throws UnknownReferenceException if one stands for nothing
   */
  String resolve(String text) throws UnknownReferenceException {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String reference = matcher.group(1).strip();
      String value = lookUp(reference).orElse(null);
      if (value == null) {
        if (!mayStay(reference)) {
          throw new UnknownReferenceException(reference);
        }
        value = matcher.group();
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(result).toString();
  }

  private Optional<String> lookUp(String reference) {
    return Optional.ofNullable(environment.get(reference))
        .or(() -> Optional.ofNullable(names.get(reference)));
  }

  /** Whether a reference that stands for nothing is left as it is written. */
  boolean mayStay(String reference) {
    return switch (unknown) {
      case IS_WRONG -> false;
      case STAYS -> true;
      case STAYS_IF_ANOTHER_HOST_MAY_KNOW_IT -> OF_ANOTHER_HOST.matcher(reference).matches();
    };
  }

  /** What to write for a reference that stands for nothing; may be empty. */
  String advice(String reference) {
    if (reference.startsWith("meta.")) {
      return "It is of a Nomad client's own meta, and this host has none. A job's is ${NOMAD_META_"
          + reference.substring("meta.".length())
          + "}.";
    }
    if (reference.startsWith("env[") || reference.startsWith("env.")) {
      String name = reference.substring("env.".length()).replaceAll("[\"\\]]", "");
      if (environment.containsKey(name)) {
        return "Nomad knows env in a config only. Write ${" + name + "}.";
      }
      return Spelling.suggestion(name, environment.keySet()).strip();
    }
    Set<String> known = new TreeSet<>(environment.keySet());
    known.addAll(names.keySet());
    return Spelling.suggestion(reference, known).strip();
  }
}
