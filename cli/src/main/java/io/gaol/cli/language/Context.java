package io.gaol.cli.language;

import io.gaol.hcl.Expression;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Scope;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Traversal;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where an expression is evaluated.
 *
 * @param scope what its names mean
 * @param secret the references that stand for secrets: "var.password", "local.url", or the name of
 *     an iterator
 */
record Context(Scope scope, Set<String> secret) {

  Context withIterator(String name, Value key, Value value, boolean isSecret) {
    Scope inner = scope.with(Map.of(name, Value.of(Map.of("key", key, "value", value))));
    Set<String> secrets = new HashSet<>(secret);
    if (isSecret) {
      secrets.add(name);
    } else {
      secrets.remove(name);
    }
    return new Context(inner, secrets);
  }

  /** Whether a secret is part of what the expression stands for. */
  boolean tells(Expression expression) {
    return !secret.isEmpty() && expression.variables().stream().anyMatch(this::tells);
  }

  private boolean tells(Traversal reference) {
    List<Traversal.Step> steps = reference.steps();
    if (steps.isEmpty()) {
      String root = reference.root() + ".";
      return secret.contains(reference.root())
          || secret.stream().anyMatch(name -> name.startsWith(root));
    }
    String first =
        switch (steps.getFirst()) {
          case Traversal.Attribute(String name, _) -> name;
          case Traversal.Index(Value key, _) -> Values.text(key).orElse("");
        };
    return secret.contains(reference.root()) || secret.contains(reference.root() + "." + first);
  }

  /** The value of an expression; nothing if it has none, and it was told why. */
  Optional<Value> evaluate(Expression expression, Problems problems) {
    try {
      return Optional.of(expression.evaluate(scope));
    } catch (HclException wrong) {
      List<Traversal> undeclared =
          expression.variables().stream().filter(this::isUndeclared).toList();
      undeclared.forEach(reference -> undeclared(reference, problems));
      if (undeclared.isEmpty()) {
        problems.errors(wrong.diagnostics());
      }
      return Optional.empty();
    }
  }

  private boolean isUndeclared(Traversal reference) {
    return (reference.root().equals("var") || reference.root().equals("local"))
        && !reference.steps().isEmpty()
        && reference.steps().getFirst() instanceof Traversal.Attribute(String name, SourceRange _)
        && scope.variables().get(reference.root()) instanceof Value.Mapping mapping
        && !mapping.entries().containsKey(name);
  }

  private void undeclared(Traversal reference, Problems problems) {
    boolean local = reference.root().equals("local");
    String name = ((Traversal.Attribute) reference.steps().getFirst()).name();
    Set<String> known =
        ((Value.Mapping) scope.variables().get(reference.root())).entries().keySet();
    problems.error(
        reference.range(),
        "There is no " + (local ? "local" : "variable") + " \"" + name + "\"",
        Spelling.nearest(name, known)
            .map(near -> "Did you mean \"" + near + "\"?")
            .orElse(
                local
                    ? "Write locals { " + name + " = ... } in the file."
                    : "Write variable \"" + name + "\" { ... } in the file."));
  }
}
