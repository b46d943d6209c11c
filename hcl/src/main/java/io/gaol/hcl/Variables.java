package io.gaol.hcl;

import io.gaol.hcl.Expression.ForObject;
import io.gaol.hcl.Expression.ForTuple;
import io.gaol.hcl.Expression.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects the references of an expression, without recursion: operator chains can be long. */
final class Variables {
  private Variables() {}

  private record Visit(Expression expression, Set<String> defined) {}

  static List<Traversal> of(Expression root) {
    List<Traversal> found = new ArrayList<>();
    Deque<Visit> pending = new ArrayDeque<>();
    pending.push(new Visit(root, Set.of()));
    while (!pending.isEmpty()) {
      Visit visit = pending.pop();
      if (visit.expression instanceof Reference(Traversal traversal)
          && !visit.defined.contains(traversal.root())) {
        found.add(traversal);
      }
      for (Visit next : next(visit).reversed()) {
        pending.push(next);
      }
    }
    return List.copyOf(found);
  }

  private static List<Visit> next(Visit visit) {
    return switch (visit.expression) {
      case ForTuple e -> inside(visit, e.intro().names());
      case ForObject e -> inside(visit, e.intro().names());
      case Expression e ->
          e.children().stream().map(child -> new Visit(child, visit.defined)).toList();
    };
  }

  /** All children of a for see the names it defines, except the first, its collection. */
  private static List<Visit> inside(Visit visit, List<String> names) {
    Set<String> defined = new HashSet<>(visit.defined);
    defined.addAll(names);
    List<Visit> visits = new ArrayList<>();
    for (Expression child : visit.expression.children()) {
      visits.add(new Visit(child, visits.isEmpty() ? visit.defined : defined));
    }
    return visits;
  }
}
