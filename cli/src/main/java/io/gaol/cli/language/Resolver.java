package io.gaol.cli.language;

import io.gaol.cli.language.Key.Shape;
import io.gaol.hcl.Attribute;
import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Expression;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Works out a job: every expression becomes its value, every dynamic block the blocks it stands
 * for, and all of it is held to the job specification. What comes out has literals only, of the
 * types that the specification asks for; what was wrong is left out, and was told.
 */
final class Resolver {
  private static final String DYNAMIC = "dynamic";

  private final Problems problems;
  private final Secrets secrets;
  private final List<Diagnostic> repeated;
  private final DynamicBlocks dynamics;

  /**
   * A resolver.
   *
   * @param secrets hears of every value that was made from a secret
   * @param repeated the attributes that were collected into one, as the parser told them
   */
  Resolver(Problems problems, Secrets secrets, List<Diagnostic> repeated) {
    this.problems = problems;
    this.secrets = secrets;
    this.repeated = repeated;
    this.dynamics = new DynamicBlocks(problems, this::evaluate);
  }

  /** The body of the job. */
  Body job(Block job, Context context) {
    return resolve(
        new Place(JobSpecification.job(), job.typeRange(), List.of()), job.body(), context);
  }

  /**
   * Where in the job a body stands.
   *
   * @param type what it is
   * @param range where errors point that are about all of it
   * @param around the types around it, the innermost last
   */
  private record Place(BlockType type, SourceRange range, List<BlockType> around) {
    Place in(BlockType inner, SourceRange where) {
      List<BlockType> longer = new ArrayList<>(around);
      longer.add(type);
      return new Place(inner, where, longer);
    }
  }

  /** One type of blocks, each with the context that it is evaluated in. */
  private Body resolve(Place place, Body body, Context context) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (Attribute attribute : body.attributes().values()) {
      seen.add(attribute.name());
      attribute(place, attribute, context)
          .ifPresentOrElse(a -> attributes.put(a.name(), a), () -> problems.leftOut(place.range()));
    }
    List<Block> blocks = new ArrayList<>();
    Map<String, Block> first = new HashMap<>();
    for (DynamicBlocks.Made made : expand(place, body, context)) {
      Block block = made.block();
      seen.add(block.type());
      block(place, made, attributes, first)
          .ifPresentOrElse(blocks::add, () -> problems.leftOut(place.range()));
    }
    for (Key key : place.type().all()) {
      if (key.required() && !seen.contains(key.name())) {
        problems.error(
            place.range(),
            capitalized(place.type().withArticle()) + " needs " + key.name(),
            "Write " + example(key) + ".");
      }
    }
    return new Body(attributes, blocks, body.range());
  }

  private List<DynamicBlocks.Made> expand(Place place, Body body, Context context) {
    List<DynamicBlocks.Made> all = new ArrayList<>();
    for (Block block : body.blocks()) {
      if (!block.type().equals(DYNAMIC)) {
        all.add(new DynamicBlocks.Made(block, context));
        continue;
      }
      Optional<Block.Label> type = block.labels().stream().findFirst();
      if (type.isEmpty() || block.labels().size() > 1) {
        problems.error(
            block.typeRange(),
            "A dynamic block has the type of the blocks that it makes as its name",
            "Write dynamic \"type\" { ... }.");
      } else if (knownHere(place, type.get().name(), type.get().range())) {
        Key key = place.type().keys().get(type.get().name());
        boolean labelled = key.shape() instanceof Shape.Blocks blocks && blocks.labelled();
        all.addAll(dynamics.expand(block, labelled, context));
      }
    }
    return all;
  }

  // ---- keys

  private boolean knownHere(Place place, String name, SourceRange range) {
    Optional<Key> key = place.type().key(name);
    if (key.isEmpty()) {
      problems.error(
          range,
          capitalized(place.type().withArticle()) + " knows no \"" + name + "\"",
          whereItBelongs(place, name));
      return false;
    }
    switch (key.get().standing()) {
      case REMOVED -> {
        problems.error(range, "Nomad does not take " + name + " any more", key.get().advice());
        return false;
      }
      case DEPRECATED -> problems.warning(range, name + " is deprecated", key.get().advice());
      case CLUSTER -> problems.needsCluster(name, range);
      case HONOURED, SILENT -> {}
    }
    return true;
  }

  private static String whereItBelongs(Place place, String name) {
    for (BlockType outer : place.around().reversed()) {
      if (outer.key(name).isPresent()) {
        return "It belongs in the " + outer.noun() + " around it.";
      }
    }
    for (Key key : place.type().all()) {
      if (key.shape() instanceof Shape.Blocks blocks && blocks.body().key(name).isPresent()) {
        return "It belongs in " + blocks.body().withArticle() + ".";
      }
    }
    return nearest(name, place.type().keys().keySet());
  }

  private static String nearest(String name, Collection<String> known) {
    return Spelling.nearest(name, known).map(near -> "Did you mean \"" + near + "\"?").orElse("");
  }

  // ---- attributes

  private Optional<Attribute> attribute(Place place, Attribute attribute, Context context) {
    String name = attribute.name();
    if (!knownHere(place, name, attribute.nameRange())) {
      return Optional.empty();
    }
    for (Diagnostic warning : repeated) {
      if (isAbout(warning, attribute)) {
        problems.error(warning.range(), name + " is set already", "An attribute can be set once.");
        return Optional.empty();
      }
    }
    Key key = place.type().keys().get(name);
    return switch (key.shape()) {
      case Shape.Attribute(ValueType type) -> typed(key, type, attribute, context);
      case Shape.Names(ValueType type, boolean allowed) when allowed ->
          names(key, type, attribute, context);
      case Shape.Names _, Shape.Free _, Shape.Blocks _ -> {
        problems.error(
            attribute.nameRange(),
            name + " is a block",
            "Write " + example(key) + " without an equals sign.");
        yield Optional.empty();
      }
    };
  }

  /** Whether a warning of the parser is about this attribute: it is where the second one is. */
  private static boolean isAbout(Diagnostic warning, Attribute attribute) {
    SourceRange second = warning.range();
    return second.source() == attribute.range().source()
        && second.startOffset() > attribute.nameRange().startOffset()
        && second.endOffset() <= attribute.range().endOffset()
        && second.text().equals(attribute.name());
  }

  private Optional<Attribute> typed(Key key, ValueType type, Attribute attribute, Context context) {
    Optional<Value> value = known(key, attribute, context);
    if (value.isEmpty() || value.get() instanceof Value.Null) {
      return value.map(nothing -> with(attribute, nothing));
    }
    SourceRange where = attribute.expression().range();
    Optional<Value> converted =
        type.convert(value.get())
            .filter(
                v ->
                    !(v instanceof Value.Num(var number)
                        && type == ValueType.WHOLE
                        && number.longValueExact() < key.least()));
    if (converted.isEmpty()) {
      problems.error(
          where,
          key.name()
              + " takes "
              + type.noun()
              + (key.least() == Long.MIN_VALUE ? "" : ", at least " + key.least())
              + ", but "
              + Values.describe(value.get())
              + " is given",
          "");
      return Optional.empty();
    }
    if (type == ValueType.TIME && converted.get() instanceof Value.Num number) {
      if (number.value().signum() != 0) {
        problems.warning(
            where,
            key.name() + " is " + number + " nanoseconds",
            "Write the unit: \"" + number + "s\" are seconds.");
      }
    }
    if (!key.choices().isEmpty()
        && converted.get() instanceof Value.Text(String text)
        && !key.choices().contains(text)) {
      problems.error(
          where,
          key.name() + " is " + oneOf(key.choices()) + ", not " + Values.describe(value.get()),
          nearest(text, key.choices()));
      return Optional.empty();
    }
    return Optional.of(with(attribute, converted.get()));
  }

  static String oneOf(List<String> choices) {
    List<String> quoted = choices.stream().map(choice -> '"' + choice + '"').toList();
    return quoted.size() == 1
        ? quoted.getFirst()
        : String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + quoted.getLast();
  }

  /** The attribute's value, null if it may be; nothing if there is none because of an error. */
  private Optional<Value> known(Key key, Attribute attribute, Context context) {
    Optional<Value> value = evaluate(attribute.expression(), context);
    if (value.isPresent() && value.get() instanceof Value.Null) {
      if (key.nullable()) {
        return value;
      }
      problems.error(
          attribute.expression().range(),
          key.name() + " cannot be null",
          "Leave it out to say nothing.");
      return Optional.empty();
    }
    return value;
  }

  /** The value of an expression; nothing if it has none, or it is not known because of an error. */
  private Optional<Value> evaluate(Expression expression, Context context) {
    Optional<Value> value = context.evaluate(expression, problems);
    if (value.isPresent() && context.tells(expression)) {
      secrets.add(value.get());
    }
    return value.filter(Value::isWhollyKnown);
  }

  private static Attribute with(Attribute attribute, Value value) {
    return new Attribute(
        attribute.name(),
        attribute.nameRange(),
        new Expression.Literal(value, attribute.expression().range()),
        attribute.range());
  }

  private Optional<Attribute> names(Key key, ValueType type, Attribute attribute, Context context) {
    Optional<Value> value = known(key, attribute, context);
    if (value.isEmpty() || value.get() instanceof Value.Null) {
      return value.map(nothing -> with(attribute, nothing));
    }
    SourceRange where = attribute.expression().range();
    if (!(value.get() instanceof Value.Mapping mapping)) {
      problems.error(
          where,
          key.name() + " takes names and texts, but " + Values.describe(value.get()) + " is given",
          "Write " + example(key) + ".");
      return Optional.empty();
    }
    Map<String, Value> entries = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, entry) ->
                entry(key, type, name, entry, where).ifPresent(text -> entries.put(name, text)));
    return Optional.of(with(attribute, Value.of(entries)));
  }

  private Optional<Value> entry(
      Key key, ValueType type, String name, Value value, SourceRange where) {
    Optional<Value> converted = type.convert(value);
    if (converted.isEmpty()) {
      problems.error(
          where,
          name
              + " in "
              + key.name()
              + " takes "
              + type.noun()
              + ", but "
              + Values.describe(value)
              + " is given",
          "");
    }
    return converted;
  }

  // ---- blocks

  private Optional<Block> block(
      Place place,
      DynamicBlocks.Made made,
      Map<String, Attribute> attributes,
      Map<String, Block> first) {
    Block block = made.block();
    if (!knownHere(place, block.type(), block.typeRange())) {
      return Optional.empty();
    }
    Key key = place.type().keys().get(block.type());
    if (key.shape() instanceof Shape.Attribute) {
      problems.error(
          block.typeRange(), key.name() + " takes a value", "Write " + example(key) + ".");
      return Optional.empty();
    }
    if (attributes.containsKey(block.type())) {
      problems.error(
          block.typeRange(),
          block.type() + " is set already",
          "It is set at line " + attributes.get(block.type()).range().start().line() + ".");
      return Optional.empty();
    }
    if (!labelled(key, block) || !isFirst(key, block, first)) {
      return Optional.empty();
    }
    Body content =
        switch (key.shape()) {
          case Shape.Blocks(BlockType type, _, _) ->
              resolve(place.in(type, block.typeRange()), block.body(), made.context());
          case Shape.Names(ValueType type, _) -> names(key, type, block.body(), made.context());
          case Shape.Free _, Shape.Attribute _ -> free(key, block.body(), made.context());
        };
    return Optional.of(
        new Block(block.type(), block.typeRange(), block.labels(), content, block.range()));
  }

  private boolean labelled(Key key, Block block) {
    boolean named = key.shape() instanceof Shape.Blocks blocks && blocks.labelled();
    int labels = block.labels().size();
    if (named && labels != 1) {
      problems.error(
          labels == 0 ? block.typeRange() : block.labels().get(1).range(),
          "A " + block.type() + " has one name",
          "Write " + example(key) + ".");
      return false;
    }
    if (!named && labels > 0) {
      problems.error(
          block.labels().getFirst().range(),
          block.type() + " has no name",
          "Write " + example(key) + ".");
      return false;
    }
    if (named && block.labels().getFirst().name().isBlank()) {
      problems.error(
          block.labels().getFirst().range(), "The name of a " + block.type() + " is empty", "");
      return false;
    }
    return true;
  }

  private boolean isFirst(Key key, Block block, Map<String, Block> first) {
    boolean named = !block.labels().isEmpty();
    boolean repeatable = key.shape() instanceof Shape.Blocks blocks && blocks.repeatable();
    if (repeatable && !named) {
      return true;
    }
    String name = named ? block.labels().getFirst().name() : "";
    Block before = first.putIfAbsent(block.type() + " " + name, block);
    if (before == null) {
      return true;
    }
    String line = "The first is at line " + before.range().start().line() + ".";
    if (named) {
      problems.error(
          block.labels().getFirst().range(),
          "There is a " + block.type() + " \"" + name + "\" already",
          line + " Give each a name of its own.");
    } else {
      problems.error(block.typeRange(), "There is one \"" + block.type() + "\" already", line);
    }
    return false;
  }

  private Body names(Key key, ValueType type, Body body, Context context) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (Attribute attribute : body.attributes().values()) {
      Optional<Value> value = evaluate(attribute.expression(), context);
      value
          .flatMap(v -> entry(key, type, attribute.name(), v, attribute.expression().range()))
          .ifPresent(v -> attributes.put(attribute.name(), with(attribute, v)));
    }
    for (Block block : body.blocks()) {
      problems.error(block.typeRange(), key.name() + " takes names and texts, but no blocks", "");
    }
    return new Body(attributes, List.of(), body.range());
  }

  /** A driver's config and the like: anything goes, but Nomad expands nothing in it. */
  private Body free(Key key, Body body, Context context) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (Attribute attribute : body.attributes().values()) {
      for (Diagnostic warning : repeated) {
        if (isAbout(warning, attribute)) {
          problems.warning(warning.range(), warning.summary(), warning.detail());
        }
      }
      evaluate(attribute.expression(), context)
          .filter(value -> !(value instanceof Value.Null))
          .map(value -> asBlock(attribute.expression(), value))
          .ifPresent(value -> attributes.put(attribute.name(), with(attribute, value)));
    }
    List<Block> blocks = new ArrayList<>();
    for (Block block : body.blocks()) {
      if (block.type().equals(DYNAMIC)) {
        problems.error(
            block.typeRange(),
            "A dynamic block in " + key.name() + " is not expanded, in Nomad neither",
            "Write a list there: name = [for x in ... : { ... }].");
      } else {
        blocks.add(
            new Block(
                block.type(),
                block.typeRange(),
                block.labels(),
                free(key, block.body(), context),
                block.range()));
      }
    }
    return new Body(attributes, blocks, body.range());
  }

  /** An object that is written out is the same as a block: a list of one. */
  private static Value asBlock(Expression expression, Value value) {
    boolean written =
        expression instanceof Expression.ObjectConstructor
            && !JobText.isJson(expression.range().source().text());
    return written ? Value.of(List.of(value)) : value;
  }

  // ---- words

  private static String example(Key key) {
    return key.name()
        + switch (key.shape()) {
          case Shape.Attribute(ValueType type) ->
              switch (type) {
                case TEXT ->
                    " = "
                        + (key.choices().isEmpty()
                            ? "\"...\""
                            : '"' + key.choices().getFirst() + '"');
                case WHOLE -> " = 1";
                case FLAG -> " = true";
                case TIME -> " = \"30s\"";
                case TEXTS -> " = [\"...\"]";
                case WHOLES -> " = [1]";
              };
          case Shape.Blocks blocks -> blocks.labelled() ? " \"name\" { ... }" : " { ... }";
          case Shape.Names _, Shape.Free _ -> " { ... }";
        };
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
