package io.gaol.hcl;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The attributes of one body while it is parsed. */
final class Attributes {
  private static final int LONGEST_EXAMPLE = 160;

  private final Map<String, Attribute> byName = new LinkedHashMap<>();
  private final Map<String, List<Attribute>> repeated = new LinkedHashMap<>();

  /** Adds an attribute; if its name is taken, it is not added, and the one that has it returned. */
  Optional<Attribute> add(Attribute attribute) {
    return Optional.ofNullable(byName.putIfAbsent(attribute.name(), attribute));
  }

  /** Adds an attribute whose name is taken. */
  void repeat(Attribute attribute) {
    repeated
        .computeIfAbsent(attribute.name(), name -> new ArrayList<>(List.of(byName.get(name))))
        .add(attribute);
  }

  /** All of them. Those that repeat become one each, which the consumer is warned of. */
  Map<String, Attribute> all(Optional<Consumer<Diagnostic>> warnings) {
    repeated.forEach(
        (name, all) -> {
          byName.put(name, collected(all));
          warnings.ifPresent(consumer -> consumer.accept(warning(all)));
        });
    return byName;
  }

  private static Attribute collected(List<Attribute> all) {
    Attribute first = all.getFirst();
    List<Expression> values = all.stream().map(Attribute::expression).toList();
    SourceRange range = values.getFirst().range().to(values.getLast().range());
    return new Attribute(
        first.name(),
        first.nameRange(),
        new Expression.TupleConstructor(values, range),
        first.nameRange().to(range));
  }

  private static Diagnostic warning(List<Attribute> all) {
    Attribute second = all.get(1);
    String lines =
        all.stream().map(one -> "line " + one.nameRange().start().line()).collect(joining(", "));
    return new Diagnostic(
        Diagnostic.Severity.WARNING,
        "The attribute \"%s\" is set %d times".formatted(second.name(), all.size()),
        "It is set at %s. HCL 2 refuses that; here it is taken as a list of all. Write it once: %s"
            .formatted(lines.length() > LONGEST_EXAMPLE ? "many places" : lines, example(all)),
        second.nameRange());
  }

  private static String example(List<Attribute> all) {
    String name = all.getFirst().name();
    String full =
        all.stream()
            .limit(LONGEST_EXAMPLE)
            .map(one -> one.expression().range().text())
            .collect(joining(", ", name + " = [", "]"));
    return full.length() > LONGEST_EXAMPLE || full.indexOf('\n') >= 0 ? name + " = [ … ]" : full;
  }
}
