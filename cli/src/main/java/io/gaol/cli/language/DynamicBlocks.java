package io.gaol.cli.language;

import io.gaol.hcl.Attribute;
import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.Expression;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the blocks that dynamic blocks stand for. */
final class DynamicBlocks {
  /** So many blocks no job has that was meant. */
  static final int MOST = 20_000;

  private static final Set<String> KEYS = Set.of("for_each", "iterator", "labels");

  private final Problems problems;
  private final Evaluation evaluation;
  private int count;

  /** How expressions are evaluated: nothing if there is no value, and it was told why. */
  interface Evaluation {
    Optional<Value> evaluate(Expression expression, Context context);
  }

  /** A block, and the context in which it is to be evaluated. */
  record Made(Block block, Context context) {}

  DynamicBlocks(Problems problems, Evaluation evaluation) {
    this.problems = problems;
    this.evaluation = evaluation;
  }

  /**
   * The blocks that one dynamic block stands for.
   *
   * @param labelled whether they have a name
   */
  List<Made> expand(Block dynamic, boolean labelled, Context context) {
    Map<String, Attribute> attributes = dynamic.body().attributes();
    for (Attribute attribute : attributes.values()) {
      if (!KEYS.contains(attribute.name())) {
        unknown(attribute.name(), attribute.nameRange());
      }
    }
    List<Block> contents = new ArrayList<>();
    for (Block block : dynamic.body().blocks()) {
      if (block.type().equals("content")) {
        contents.add(block);
      } else {
        unknown(block.type(), block.typeRange());
      }
    }
    Attribute forEach = attributes.get("for_each");
    Attribute labels = attributes.get("labels");
    String type = dynamic.labels().getFirst().name();
    if (contents.size() != 1) {
      problems.error(
          contents.isEmpty() ? dynamic.typeRange() : contents.get(1).typeRange(),
          "A dynamic block has one content block",
          "Write content { ... }, with what each \"" + type + "\" contains.");
    }
    if (forEach == null) {
      problems.error(
          dynamic.typeRange(),
          "A dynamic block needs for_each",
          "Write for_each = [...]; there is one block for each element.");
    }
    if (labelled && labels == null) {
      problems.error(
          dynamic.typeRange(),
          "The dynamic block makes blocks with a name, but does not say which",
          "Write labels = [" + type + ".value].");
    }
    if (!labelled && labels != null) {
      problems.error(labels.nameRange(), "\"" + type + "\" has no name", "Leave labels out.");
      return List.of();
    }
    if (contents.size() != 1 || forEach == null || (labelled && labels == null)) {
      return List.of();
    }
    Optional<String> iterator = iterator(attributes.get("iterator"), type);
    Optional<Value> collection = evaluation.evaluate(forEach.expression(), context);
    if (iterator.isEmpty() || collection.isEmpty()) {
      return List.of();
    }
    boolean secret = context.tells(forEach.expression());
    List<Made> blocks = new ArrayList<>();
    for (Element element : elements(forEach.expression(), collection.get())) {
      if (++count > MOST) {
        if (count == MOST + 1) {
          problems.error(
              dynamic.typeRange(), "The dynamic blocks make more than " + MOST + " blocks", "");
        }
        return List.of();
      }
      Context inner = context.withIterator(iterator.get(), element.key, element.value, secret);
      one(dynamic, contents.getFirst(), labels, inner).ifPresent(blocks::add);
    }
    return blocks;
  }

  private void unknown(String name, SourceRange range) {
    List<String> known = List.of("for_each", "iterator", "labels", "content");
    problems.error(
        range,
        "A dynamic block knows no \"" + name + "\"",
        Spelling.nearest(name, known)
            .map(near -> "Did you mean \"" + near + "\"?")
            .orElse("What the blocks contain stands in its content block."));
  }

  private Optional<String> iterator(Attribute attribute, String otherwise) {
    if (attribute == null) {
      return Optional.of(otherwise);
    }
    if (attribute.expression() instanceof Expression.Reference(var traversal)
        && traversal.steps().isEmpty()) {
      return Optional.of(traversal.root());
    }
    if (attribute.expression() instanceof Expression.Literal(Value.Text(String name), var range)
        && JobText.isJson(range.source().text())) {
      return Optional.of(name);
    }
    problems.error(
        attribute.expression().range(),
        "iterator is a name",
        "Write iterator = name, without quotes.");
    return Optional.empty();
  }

  private record Element(Value key, Value value) {}

  private List<Element> elements(Expression forEach, Value collection) {
    List<Element> elements = new ArrayList<>();
    switch (collection) {
      case Value.SetOf set -> set.elements().forEach(v -> elements.add(new Element(v, v)));
      case Value.Sequence sequence ->
          sequence.elements().forEach(v -> elements.add(new Element(Value.of(elements.size()), v)));
      case Value.Mapping mapping ->
          mapping.entries().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .forEach(e -> elements.add(new Element(Value.of(e.getKey()), e.getValue())));
      default ->
          problems.error(
              forEach.range(),
              "for_each takes a list, a set or a map, but "
                  + Values.describe(collection)
                  + " is given",
              "");
    }
    return elements;
  }

  private Optional<Made> one(Block dynamic, Block content, Attribute labels, Context context) {
    List<Block.Label> names = new ArrayList<>();
    if (labels != null) {
      Optional<Value> value = evaluation.evaluate(labels.expression(), context);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      List<Value> texts =
          value.get() instanceof Value.Sequence sequence ? sequence.elements() : List.of();
      for (Value text : texts) {
        Values.text(text)
            .ifPresent(name -> names.add(new Block.Label(name, labels.expression().range())));
      }
      if (names.isEmpty() || names.size() != texts.size()) {
        problems.error(
            labels.expression().range(),
            "labels takes a list of texts, but " + Values.describe(value.get()) + " is given",
            "");
        return Optional.empty();
      }
    }
    Block.Label type = dynamic.labels().getFirst();
    Body body = content.body();
    return Optional.of(
        new Made(new Block(type.name(), type.range(), names, body, content.range()), context));
  }
}
