package io.gaol.cli.language;

import io.gaol.cli.language.Key.Shape;
import io.gaol.hcl.Attribute;
import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.Expression;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Json;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A job in JSON as Nomad's API has it, and {@code nomad job run -output} prints it: the keys are
 * named as in Go, times are nanoseconds, and texts are no templates. It is made into the blocks and
 * attributes that a job file would have.
 */
final class ApiJob {
  /** What only Nomad's servers fill in. */
  private static final Set<String> SERVERS =
      Set.of(
          "stop",
          "parentid",
          "dispatched",
          "dispatchidempotencytoken",
          "payload",
          "consulnamespace",
          "consultoken",
          "vaultnamespace",
          "vaulttoken",
          "nomadtokenid",
          "status",
          "statusdescription",
          "stable",
          "version",
          "versiontag",
          "submittime",
          "createindex",
          "modifyindex",
          "jobmodifyindex",
          "spectype",
          "extrakeyshcl",
          "namespace",
          "id",
          "name",
          "target",
          "exposeconfig",
          "identity");

  private final Problems problems;

  private ApiJob(Problems problems) {
    this.problems = problems;
  }

  /**
   * The job in a JSON text, as a block.
   *
   * @param surely whether it is such a job, whatever it looks like
   * @return empty if it is HCL's JSON and not the API's
   */
  static Optional<Block> read(Json json, boolean surely, Problems problems) {
    Value value = json.literal();
    if (!(value instanceof Value.Mapping root)) {
      problems.error(json.range(), "A job in JSON is an object", "");
      return Optional.empty();
    }
    Optional<Expression> expression = expression(json);
    ApiJob reader = new ApiJob(problems);
    for (Map.Entry<String, Value> entry : root.entries().entrySet()) {
      // HCL's JSON has "job" with a small letter, and the job's name below it.
      if (entry.getKey().equals("Job") || (surely && entry.getKey().equalsIgnoreCase("job"))) {
        return reader.job(
            new Node(entry.getValue(), property(expression, entry.getKey()), json.range()));
      }
    }
    boolean isJob = root.entries().containsKey("TaskGroups") || root.entries().containsKey("ID");
    if (surely || isJob) {
      return reader.job(new Node(value, expression, json.range()));
    }
    return Optional.empty();
  }

  /** Where things are: an object's texts need not be templates for this. */
  private static Optional<Expression> expression(Json json) {
    try {
      return Optional.of(json.expression());
    } catch (HclException notTemplates) {
      return Optional.empty();
    }
  }

  private static Optional<Expression> property(Optional<Expression> object, String name) {
    if (object.isPresent()
        && object.get() instanceof Expression.ObjectConstructor(var items, SourceRange _)) {
      for (Expression.ObjectConstructor.Item item : items) {
        if (item.key() instanceof Expression.Literal(Value.Text(String key), SourceRange _)
            && key.equals(name)) {
          return Optional.of(item.value());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Expression> element(Optional<Expression> tuple, int index) {
    return tuple.isPresent()
            && tuple.get() instanceof Expression.TupleConstructor(var elements, SourceRange _)
            && index < elements.size()
        ? Optional.of(elements.get(index))
        : Optional.empty();
  }

  /**
   * A piece of the text.
   *
   * @param around where it is if nothing better is known
   */
  private record Node(Value value, Optional<Expression> expression, SourceRange around) {
    SourceRange range() {
      return expression.map(Expression::range).orElse(around);
    }

    /** Of an object, where its brace opens: the whole could be long. */
    SourceRange start() {
      SourceRange all = range();
      return new SourceRange(
          all.source(), all.startOffset(), Math.min(all.endOffset(), all.startOffset() + 1));
    }

    Node property(String name, Value value) {
      return new Node(value, ApiJob.property(expression, name), start());
    }

    List<Node> elements() {
      List<Node> nodes = new ArrayList<>();
      if (value instanceof Value.Sequence sequence) {
        for (Value element : sequence.elements()) {
          nodes.add(new Node(element, element(expression, nodes.size()), start()));
        }
      }
      return nodes;
    }
  }

  private Optional<Block> job(Node node) {
    if (!(node.value() instanceof Value.Mapping mapping)) {
      problems.error(node.range(), "\"Job\" is an object", "");
      return Optional.empty();
    }
    Optional<String> name =
        entry(mapping, "ID").or(() -> entry(mapping, "Name")).flatMap(Values::text);
    if (name.isEmpty()) {
      problems.error(node.start(), "The job has no ID", "Write \"ID\": \"name\".");
      return Optional.empty();
    }
    return Optional.of(
        new Block(
            "job",
            node.start(),
            List.of(new Block.Label(name.get(), node.start())),
            body(JobSpecification.job(), mapping, node),
            node.range()));
  }

  private static Optional<Value> entry(Value.Mapping mapping, String name) {
    return mapping.entries().entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private Body body(BlockType type, Value.Mapping mapping, Node node) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    List<Block> blocks = new ArrayList<>();
    mapping
        .entries()
        .forEach(
            (name, value) -> {
              Node property = node.property(name, value);
              Optional<Key> key = type.apiKey(name);
              if (isNothing(value)) {
                return;
              }
              if (key.isEmpty()) {
                unknown(type, name, property);
                return;
              }
              switch (key.get().shape()) {
                case Shape.Attribute _ -> {
                  Attribute attribute = attribute(key.get().name(), property);
                  attributes.put(attribute.name(), attribute);
                }
                case Shape.Names _, Shape.Free _ ->
                    contents(key.get(), property).ifPresent(blocks::add);
                case Shape.Blocks shape -> blocks.addAll(blocks(key.get(), shape, property));
              }
            });
    return new Body(attributes, blocks, node.range());
  }

  /** Go leaves out nothing: what was not said is null or empty. */
  private static boolean isNothing(Value value) {
    return switch (value) {
      case Value.Null _ -> true;
      case Value.Text(String text) -> text.isEmpty();
      case Value.Sequence sequence -> sequence.elements().isEmpty();
      default -> false;
    };
  }

  private void unknown(BlockType type, String name, Node property) {
    if (!SERVERS.contains(name.toLowerCase(Locale.ROOT))) {
      problems.warning(
          property.range(),
          "\"" + name + "\" is not known, and has no effect",
          Spelling.nearest(name, type.all().stream().map(Key::apiName).toList())
              .map(near -> "Did you mean \"" + near + "\"?")
              .orElse("Nomad drops it, too."));
    }
  }

  private static Attribute attribute(String name, Node node) {
    return new Attribute(
        name, node.start(), new Expression.Literal(node.value(), node.range()), node.range());
  }

  /** An object whose names are the user's. */
  private Optional<Block> contents(Key key, Node node) {
    if (!(node.value() instanceof Value.Mapping mapping)) {
      problems.error(
          node.range(),
          key.apiName() + " is an object, but " + Values.describe(node.value()) + " is given",
          "");
      return Optional.empty();
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, value) -> attributes.put(name, attribute(name, node.property(name, value))));
    Body body = new Body(attributes, List.of(), node.range());
    return Optional.of(new Block(key.name(), node.start(), List.of(), body, node.range()));
  }

  private List<Block> blocks(Key key, Shape.Blocks shape, Node node) {
    if (node.value() instanceof Value.Sequence) {
      return node.elements().stream()
          .flatMap(element -> block(key, shape, element, Optional.empty()).stream())
          .toList();
    }
    // Volumes and the like: an object, by their names.
    if (shape.labelled()
        && node.value() instanceof Value.Mapping mapping
        && mapping.entries().values().stream().allMatch(v -> v instanceof Value.Mapping)) {
      return mapping.entries().entrySet().stream()
          .flatMap(
              entry ->
                  block(
                      key,
                      shape,
                      node.property(entry.getKey(), entry.getValue()),
                      Optional.of(entry.getKey()))
                      .stream())
          .toList();
    }
    return block(key, shape, node, Optional.empty()).stream().toList();
  }

  private Optional<Block> block(
      Key key, Shape.Blocks shape, Node node, Optional<String> givenLabel) {
    if (!(node.value() instanceof Value.Mapping mapping)) {
      problems.error(
          node.range(),
          key.apiName() + " is an object, but " + Values.describe(node.value()) + " is given",
          "");
      return Optional.empty();
    }
    List<Block.Label> labels = new ArrayList<>();
    if (shape.labelled()) {
      givenLabel
          .or(() -> entry(mapping, shape.label()).flatMap(Values::text))
          .ifPresent(label -> labels.add(new Block.Label(label, node.start())));
    }
    Value.Mapping rest = mapping;
    if (shape.labelled()) {
      Map<String, Value> others = new LinkedHashMap<>(mapping.entries());
      others.keySet().removeIf(name -> name.equalsIgnoreCase(shape.label()));
      rest = (Value.Mapping) Value.of(others);
    }
    return Optional.of(
        new Block(key.name(), node.start(), labels, body(shape.body(), rest, node), node.range()));
  }
}
