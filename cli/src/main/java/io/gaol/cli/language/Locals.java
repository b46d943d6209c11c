package io.gaol.cli.language;

import io.gaol.hcl.Attribute;
import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.Traversal;
import io.gaol.hcl.Type;
import io.gaol.hcl.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The locals of a job file, in whatever order they need each other. */
final class Locals {
  private final Problems problems;
  private final Map<String, Attribute> definitions = new LinkedHashMap<>();

  Locals(Body file, Problems problems) {
    this.problems = problems;
    for (Block block : file.blocks("locals")) {
      for (Block nested : block.body().blocks()) {
        problems.error(
            nested.typeRange(),
            "locals takes names and values, but no blocks",
            "Write " + nested.type() + " = { ... }.");
      }
      for (Attribute attribute : block.body().attributes().values()) {
        Attribute first = definitions.putIfAbsent(attribute.name(), attribute);
        if (first != null) {
          problems.error(
              attribute.nameRange(),
              "There is a local \"" + attribute.name() + "\" already",
              "It is set at line " + first.range().start().line() + ".");
        }
      }
    }
  }

  Set<String> names() {
    return definitions.keySet();
  }

  /**
   * The context with {@code local} in it.
   *
   * @param context what the locals can refer to besides each other
   */
  Context in(Context context) {
    Map<String, Set<String>> needs = new HashMap<>();
    Map<String, List<String>> neededBy = new HashMap<>();
    definitions.forEach(
        (name, definition) -> {
          Set<String> needed = needed(definition);
          needs.put(name, needed);
          needed.forEach(n -> neededBy.computeIfAbsent(n, _ -> new ArrayList<>()).add(name));
        });
    Map<String, Value> values = new LinkedHashMap<>();
    Set<String> secret = new HashSet<>(context.secret());
    Deque<String> ready = new ArrayDeque<>();
    definitions.keySet().stream().filter(name -> needs.get(name).isEmpty()).forEach(ready::add);
    while (!ready.isEmpty()) {
      String name = ready.remove();
      Attribute definition = definitions.get(name);
      Map<String, Value> visible = new LinkedHashMap<>();
      needed(definition).forEach(n -> visible.put(n, values.get(n)));
      Context here =
          new Context(
              context
                  .scope()
                  .with(Map.of("local", Value.of(usesAll(definition) ? values : visible))),
              secret);
      Optional<Value> value = here.evaluate(definition.expression(), problems);
      values.put(name, value.orElse(Value.unknown(new Type.Any())));
      if (here.tells(definition.expression())) {
        secret.add("local." + name);
      }
      for (String next : neededBy.getOrDefault(name, List.of())) {
        needs.get(next).remove(name);
        if (needs.get(next).isEmpty()) {
          ready.add(next);
        }
      }
    }
    definitions.keySet().stream()
        .filter(name -> !values.containsKey(name))
        .forEach(name -> values.put(name, Value.unknown(new Type.Any())));
    needs.values().removeIf(Set::isEmpty);
    tellCircles(needs);
    return new Context(context.scope().with(Map.of("local", Value.of(values))), secret);
  }

  private Set<String> needed(Attribute definition) {
    Set<String> needed = new LinkedHashSet<>();
    for (Traversal reference : definition.expression().variables()) {
      if (reference.root().equals("local") && !reference.steps().isEmpty()) {
        String name =
            switch (reference.steps().getFirst()) {
              case Traversal.Attribute(String attribute, _) -> attribute;
              case Traversal.Index(Value key, _) -> Values.text(key).orElse("");
            };
        if (definitions.containsKey(name)) {
          needed.add(name);
        }
      }
    }
    return needed;
  }

  /** Whether it looks at the locals as a whole. */
  private static boolean usesAll(Attribute definition) {
    return definition.expression().variables().stream()
        .anyMatch(reference -> reference.root().equals("local") && reference.steps().isEmpty());
  }

  /** Each circle once; who only needs a member of one has nothing wrong. */
  private void tellCircles(Map<String, Set<String>> waiting) {
    Set<String> done = new HashSet<>();
    for (String start : definitions.keySet()) {
      if (!waiting.containsKey(start) || done.contains(start)) {
        continue;
      }
      List<String> chain = new ArrayList<>();
      Map<String, Integer> at = new HashMap<>();
      String name = start;
      while (!at.containsKey(name) && !done.contains(name)) {
        at.put(name, chain.size());
        chain.add(name);
        name = waiting.get(name).stream().filter(waiting::containsKey).findFirst().orElseThrow();
      }
      done.addAll(chain);
      if (at.containsKey(name)) {
        List<String> circle = new ArrayList<>(chain.subList(at.get(name), chain.size()));
        circle.add(name);
        problems.error(
            definitions.get(name).nameRange(),
            "The locals need each other in a circle: " + shortened(circle),
            "");
      }
    }
  }

  private static String shortened(List<String> circle) {
    List<String> shown = circle;
    if (circle.size() > 12) {
      shown = new ArrayList<>(circle.subList(0, 10));
      shown.add("…");
      shown.add(circle.getLast());
    }
    return String.join(" → ", shown);
  }
}
