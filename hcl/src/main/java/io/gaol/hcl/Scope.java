package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the names in an expression mean.
 *
 * @param variables the variables by name
 * @param functions the functions by name; their names are apart from those of variables
 * @param unresolved what a reference to a variable that is not in {@code variables} stands for
 */
public record Scope(
    Map<String, Value> variables, Map<String, Function> functions, Unresolved unresolved) {

  /** Decides over references whose root is no variable of the scope. */
  @FunctionalInterface
  public interface Unresolved {
    /**
     * The value of the whole reference, all its steps included, or nothing if it is an error.
     *
     * @param reference the reference
     * @param sourceText the reference as it is written: {@code env["HOME"]}
     */
    Optional<Value> resolve(Traversal reference, String sourceText);
  }

  /** Copies, so that nothing changes afterwards. */
  public Scope {
    variables = Map.copyOf(variables);
    functions = Map.copyOf(functions);
    requireNonNull(unresolved, "unresolved");
  }

  /** Variables and functions; every other name is an error. */
  public Scope(Map<String, Value> variables, Map<String, Function> functions) {
    this(variables, functions, (_, _) -> Optional.empty());
  }

  /** No variables and no functions. */
  public static Scope empty() {
    return new Scope(Map.of(), Map.of());
  }

  /** This scope with more variables, which hide those of the same name. */
  public Scope with(Map<String, Value> more) {
    Map<String, Value> all = new HashMap<>(variables);
    all.putAll(more);
    return new Scope(all, functions, unresolved);
  }

  /** This scope with another rule for unknown variables. */
  public Scope withUnresolved(Unresolved rule) {
    return new Scope(variables, functions, rule);
  }
}
