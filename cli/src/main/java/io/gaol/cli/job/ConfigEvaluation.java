package io.gaol.cli.job;

import io.gaol.cli.language.Values;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Function;
import io.gaol.hcl.Hcl;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Scope;
import io.gaol.hcl.Traversal;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import io.gaol.hcl.function.StandardFunctions;
import io.gaol.nomad.config.Evaluation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Evaluates a task's {@code config} as a Nomad client does right before it starts the task: every
 * text is a template, in which the task's environment, {@code env}, {@code node} and {@code attr}
 * are known, and fewer functions than in a job file.
 */
final class ConfigEvaluation implements Evaluation {
  private static final Set<String> OF_A_CLIENT =
      Set.of(
          "abs",
          "coalesce",
          "concat",
          "jsondecode",
          "jsonencode",
          "length",
          "lower",
          "max",
          "min",
          "reverse",
          "strlen",
          "substr",
          "upper");

  /** Made when the first text calls one: most call none, and a command lives for moments. */
  private static final class Known {
    static final Map<String, Function> FUNCTIONS = functions();
  }

  private final NomadVariables variables;
  private final Map<String, Value> known;

  ConfigEvaluation(NomadVariables variables) {
    this.variables = variables;
    this.known = known(variables);
  }

  private static Map<String, Function> functions() {
    Map<String, Function> functions = new HashMap<>(StandardFunctions.all());
    functions.keySet().retainAll(OF_A_CLIENT);
    functions.putAll(StandardFunctions.further());
    return Map.copyOf(functions);
  }

  @Override
  public Object evaluate(Object written) throws EvaluationException {
    return switch (written) {
      case String text -> text(text);
      case List<?> list -> {
        List<Object> evaluated = new ArrayList<>();
        for (Object element : list) {
          evaluated.add(evaluate(element));
        }
        yield evaluated;
      }
      case Map<?, ?> map -> {
        Map<String, Object> evaluated = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          evaluated.put(key(String.valueOf(entry.getKey())), evaluate(entry.getValue()));
        }
        yield evaluated;
      }
      case null, default -> written;
    };
  }

  private String key(String written) throws EvaluationException {
    Object key = text(written);
    return switch (key) {
      case String text -> text;
      case BigDecimal number -> number.toPlainString();
      case Boolean flag -> flag.toString();
      case null, default -> throw new EvaluationException("The key " + written + " is no text");
    };
  }

  private Object text(String written) throws EvaluationException {
    if (!written.contains("${") && !written.contains("%{")) {
      return written;
    }
    Set<String> unknown = new LinkedHashSet<>();
    Map<String, Function> functions = written.contains("(") ? Known.FUNCTIONS : Map.of();
    Scope scope = new Scope(Map.of(), functions, (reference, _) -> find(reference, unknown));
    try {
      Object value = plain(Hcl.parseTemplate("config", written).evaluate(scope));
      if (unknown.isEmpty()) {
        return value;
      }
    } catch (HclException wrong) {
      if (unknown.isEmpty()) {
        throw new EvaluationException(problem(written, wrong.diagnostics().getFirst()));
      }
    }
    throw new EvaluationException(
        unknown.stream().map(this::unknownVariable).collect(Collectors.joining(" ")));
  }

  private String unknownVariable(String reference) {
    String advice = variables.advice(reference);
    return "There is no variable named \""
        + reference
        + "\". "
        + (advice.isEmpty()
            ? "A config is evaluated twice: write \"$$${\" where a plain \"${\" is meant."
            : advice);
  }

  private static String problem(String written, Diagnostic diagnostic) {
    boolean directive = diagnostic.range().source().text().startsWith("%{", before(diagnostic));
    return "In "
        + Values.describe(Value.of(written))
        + ", column "
        + diagnostic.range().start().column()
        + ": "
        + (directive
            ? diagnostic.summary()
                + ". A config is evaluated twice: write \"%%%{\" where a plain \"%{\" is meant."
            : diagnostic.message());
  }

  private static int before(Diagnostic diagnostic) {
    return diagnostic.range().startOffset() - "%{".length();
  }

  /** What a reference stands for; if nothing, it is put among those that are not known. */
  private Optional<Value> find(Traversal reference, Set<String> unknown) {
    Value value = known.get(reference.root());
    for (Traversal.Step step : reference.steps()) {
      String name =
          switch (step) {
            case Traversal.Attribute(String attribute, _) -> attribute;
            case Traversal.Index(Value key, _) -> Values.text(key).orElse("");
          };
      value = value instanceof Value.Mapping mapping ? mapping.entries().get(name) : null;
    }
    if (value != null) {
      return Optional.of(value);
    }
    if (variables.mayStay(reference.sourceText())) {
      return Optional.of(Value.of(reference.asInterpolation()));
    }
    unknown.add(reference.sourceText());
    return Optional.of(Value.unknown(Types.ANY));
  }

  private static Object plain(Value value) {
    return switch (value) {
      case Value.Null _, Value.Unknown _ -> null;
      case Value.Bool(boolean flag) -> flag;
      case Value.Num(BigDecimal number) -> number;
      case Value.Text(String text) -> text;
      case Value.Sequence sequence -> {
        List<Object> list = new ArrayList<>();
        sequence.elements().forEach(element -> list.add(plain(element)));
        yield list;
      }
      case Value.Mapping mapping -> plain(mapping.entries());
    };
  }

  /** Values without the types of HCL: strings, numbers, booleans, lists, maps and nulls. */
  static Map<String, Object> plain(Map<String, Value> values) {
    Map<String, Object> map = new LinkedHashMap<>();
    values.forEach((name, value) -> map.put(name, plain(value)));
    return map;
  }

  // ---- what is known

  private static Map<String, Value> known(NomadVariables variables) {
    Map<String, Object> tree = new TreeMap<>();
    Map<String, Value> environment = new TreeMap<>();
    variables
        .environment()
        .forEach(
            (name, text) -> {
              put(tree, name, text);
              environment.put(name, Value.of(text));
            });
    variables.names().forEach((name, text) -> put(tree, name, text));
    Map<String, Value> known = new HashMap<>(values(tree));
    known.put("env", new Value.MapOf(Types.STRING, environment));
    Map<String, Value> node = new TreeMap<>();
    if (known.get("node") instanceof Value.Mapping mapping) {
      node.putAll(mapping.entries());
    }
    for (String root : List.of("attr", "meta")) {
      if (known.containsKey(root)) {
        node.put(root, known.get(root));
      }
    }
    known.put("node", Value.of(node));
    return known;
  }

  /**
   * Puts a name with dots where they say. A value that has others below it is lost to them, as in
   * Nomad; a name that is no path is known through {@code env} alone.
   */
  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> tree, String name, String text) {
    String[] path = name.split("\\.", -1);
    for (String part : path) {
      if (part.isEmpty()) {
        return;
      }
    }
    Map<String, Object> at = tree;
    for (int i = 0; i < path.length - 1; i++) {
      Object next = at.get(path[i]);
      if (!(next instanceof Map)) {
        next = new TreeMap<String, Object>();
        at.put(path[i], next);
      }
      at = (Map<String, Object>) next;
    }
    if (!(at.get(path[path.length - 1]) instanceof Map)) {
      at.put(path[path.length - 1], text);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Value> values(Map<String, Object> tree) {
    Map<String, Value> values = new TreeMap<>();
    tree.forEach(
        (name, node) ->
            values.put(
                name,
                node instanceof Map
                    ? Value.of(values((Map<String, Object>) node))
                    : Value.of((String) node)));
    return values;
  }
}
