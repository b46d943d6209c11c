package io.gaol.cli.language;

import io.gaol.hcl.Expression;
import io.gaol.hcl.Scope;
import io.gaol.hcl.Traversal;
import io.gaol.hcl.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
}
