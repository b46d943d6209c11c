package io.gaol.hcl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON text that was read. What it means is for the reader to say: an object can be a body with
 * attributes and blocks, an expression, or plain data.
 */
public final class Json {
  /** The property of a body that is a comment. */
  private static final String COMMENT = "//";

  private final JsonNode root;

  private Json(JsonNode root) {
    this.root = root;
  }

  static Json parse(Source source) {
    return new Json(JsonParser.parse(source));
  }

  /** Where it stands. */
  public SourceRange range() {
    return root.range();
  }

  /**
   * It as the body of a configuration file, the same in form as one of the native syntax. A body is
   * an object, or an array of objects, whose properties are taken together; a property named {@code
   * "//"} is a comment. Strings in attributes are templates.
   *
   * @param schema what is a block; all else is an attribute
   * @throws HclException if it is no such body; with all that is wrong
   */
  public Body body(Schema schema) {
    Reader reader = new Reader();
    Body body = reader.body(root, schema);
    reader.requireNoErrors();
    return body;
  }

  /**
   * It as an expression: objects and arrays are objects and tuples, and strings, also the names of
   * properties, are templates.
   *
   * @throws HclException if a string is no template, or an object has a name twice
   */
  public Expression expression() {
    Reader reader = new Reader();
    Expression expression = reader.expression(root, 0);
    reader.requireNoErrors();
    return expression;
  }

  /**
   * It as plain data: strings are just strings.
   *
   * @throws HclException if an object has a name twice
   */
  public Value literal() {
    Reader reader = new Reader();
    Value value = reader.literal(root);
    reader.requireNoErrors();
    return value;
  }

  /** Collects what is wrong, so that all of it is told at once. */
  private static final class Reader {
    private static final int MOST_ERRORS = 50;

    private final List<Diagnostic> errors = new ArrayList<>();

    void requireNoErrors() {
      if (!errors.isEmpty()) {
        throw new HclException(
            errors.stream()
                .sorted(Comparator.comparingInt(error -> error.range().start().offset()))
                .limit(MOST_ERRORS)
                .toList());
      }
    }

    private void report(SourceRange range, String summary, String detail) {
      errors.add(Diagnostic.error(range, summary, detail));
    }

    // ---- bodies

    Body body(JsonNode node, Schema schema) {
      Map<String, Attribute> attributes = new LinkedHashMap<>();
      List<Block> blocks = new ArrayList<>();
      for (JsonNode.Property property : bodyProperties(node, schema)) {
        String name = property.name().value();
        if (!name.equals(COMMENT)) {
          schema
              .block(name)
              .ifPresentOrElse(
                  type ->
                      new Blocks(property.name(), type, blocks).add(property.value(), List.of()),
                  () -> define(property, attributes));
        }
      }
      return new Body(attributes, blocks, node.range());
    }

    private List<JsonNode.Property> bodyProperties(JsonNode node, Schema schema) {
      if (node instanceof JsonNode.Arr && !schema.hasBlocks()) {
        report(start(node), "An object is needed here, not an array", "It sets attributes only.");
        return List.of();
      }
      return properties(node, "Its properties are attributes and blocks.");
    }

    /** Those of an object, or of all objects of an array; null has none. */
    private List<JsonNode.Property> properties(JsonNode node, String meaning) {
      return switch (node) {
        case JsonNode.Obj object -> object.properties();
        case JsonNode.Null _ -> List.of();
        case JsonNode.Arr array ->
            array.elements().stream()
                .flatMap(element -> elementProperties(element, meaning).stream())
                .toList();
        default -> {
          report(
              start(node),
              "An object or an array of objects is needed here, not " + node.describe(),
              meaning);
          yield List.of();
        }
      };
    }

    private List<JsonNode.Property> elementProperties(JsonNode element, String meaning) {
      if (element instanceof JsonNode.Obj object) {
        return object.properties();
      }
      report(start(element), "An object is needed here, not " + element.describe(), meaning);
      return List.of();
    }

    private void define(JsonNode.Property property, Map<String, Attribute> attributes) {
      String name = property.name().value();
      Expression expression = expression(property.value(), 0);
      SourceRange nameRange = property.name().range();
      Attribute attribute =
          new Attribute(name, nameRange, expression, nameRange.to(property.value().range()));
      Attribute first = attributes.putIfAbsent(name, attribute);
      if (first != null) {
        errors.add(Diagnostic.alreadySet(attribute, first));
      }
    }

    /** The blocks that one property stands for. */
    private final class Blocks {
      private final JsonNode.Str type;
      private final Schema.BlockType blockType;
      private final List<Block> blocks;

      Blocks(JsonNode.Str type, Schema.BlockType blockType, List<Block> blocks) {
        this.type = type;
        this.blockType = blockType;
        this.blocks = blocks;
      }

      void add(JsonNode node, List<Block.Label> labels) {
        if (labels.size() < blockType.labels().size()) {
          label(node, labels);
          return;
        }
        switch (node) {
          case JsonNode.Null _ -> {}
          case JsonNode.Obj object -> block(object, labels);
          case JsonNode.Arr array -> array.elements().forEach(element -> block(element, labels));
          default ->
              report(
                  start(node),
                  "An object or an array of objects is needed here, not " + node.describe(),
                  "It is the content of the block \"%s\".".formatted(type.value()));
        }
      }

      private void label(JsonNode node, List<Block.Label> labels) {
        String meaning =
            "Its properties are named by the %s of a block \"%s\"."
                .formatted(blockType.labels().get(labels.size()), type.value());
        int errorsBefore = errors.size();
        List<JsonNode.Property> properties = properties(node, meaning);
        if (properties.isEmpty() && errors.size() == errorsBefore) {
          report(start(node), "A label is missing", "At least one property is needed. " + meaning);
        }
        for (JsonNode.Property property : properties) {
          List<Block.Label> longer = new ArrayList<>(labels);
          longer.add(new Block.Label(property.name().value(), property.name().range()));
          add(property.value(), longer);
        }
      }

      private void block(JsonNode content, List<Block.Label> labels) {
        List<String> names = labels.stream().map(Block.Label::name).toList();
        Body body = body(content, blockType.body().apply(names));
        blocks.add(
            new Block(type.value(), type.range(), labels, body, type.range().to(content.range())));
      }
    }

    // ---- values

    Expression expression(JsonNode node, int depth) {
      return switch (node) {
        case JsonNode.Obj object -> object(object, depth + 1);
        case JsonNode.Arr array ->
            new Expression.TupleConstructor(
                array.elements().stream().map(e -> expression(e, depth + 1)).toList(),
                array.range());
        case JsonNode.Str string -> template(string, depth);
        default -> new Expression.Literal(literal(node), node.range());
      };
    }

    private Expression object(JsonNode.Obj object, int depth) {
      Map<String, JsonNode.Str> names = new HashMap<>();
      List<Expression.ObjectConstructor.Item> items = new ArrayList<>();
      for (JsonNode.Property property : object.properties()) {
        requireNew(property.name(), names);
        items.add(
            new Expression.ObjectConstructor.Item(
                template(property.name(), depth), expression(property.value(), depth)));
      }
      return new Expression.ObjectConstructor(items, object.range());
    }

    private void requireNew(JsonNode.Str name, Map<String, JsonNode.Str> names) {
      JsonNode.Str first = names.putIfAbsent(name.value(), name);
      if (first != null) {
        Position place = first.range().start();
        report(
            name.range(),
            "The object already has a property \"%s\"".formatted(name.value()),
            "It is at line %d, column %d.".formatted(place.line(), place.column()));
      }
    }

    private Expression template(JsonNode.Str string, int depth) {
      try {
        return Parser.within(string.content(), depth).loneTemplate();
      } catch (HclException e) {
        errors.addAll(e.diagnostics());
        return new Expression.Literal(Value.ofNull(), string.range());
      }
    }

    Value literal(JsonNode node) {
      return switch (node) {
        case JsonNode.Obj object -> {
          Map<String, JsonNode.Str> names = new HashMap<>();
          Map<String, Value> attributes = new LinkedHashMap<>();
          for (JsonNode.Property property : object.properties()) {
            requireNew(property.name(), names);
            attributes.put(property.name().value(), literal(property.value()));
          }
          yield Value.of(attributes);
        }
        case JsonNode.Arr array -> Value.of(array.elements().stream().map(this::literal).toList());
        case JsonNode.Str string -> Value.of(string.value());
        case JsonNode.Num number -> Value.of(number.value());
        case JsonNode.Bool bool -> Value.of(bool.value());
        case JsonNode.Null _ -> Value.ofNull();
      };
    }

    /** The opening of what is not as needed: the whole could be long. */
    private static SourceRange start(JsonNode node) {
      SourceRange all = node.range();
      return node instanceof JsonNode.Obj || node instanceof JsonNode.Arr
          ? new SourceRange(all.source(), all.startOffset(), all.startOffset() + 1)
          : all;
    }
  }
}
