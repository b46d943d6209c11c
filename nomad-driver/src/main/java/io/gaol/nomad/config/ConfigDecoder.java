package io.gaol.nomad.config;

import io.gaol.nomad.config.Conversion.MismatchException;
import io.gaol.nomad.config.Evaluation.EvaluationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads a config by its schema, as a Nomad agent does before it starts a task: a body is a map, or
 * a list of maps that count as one; a block is a map, or each map of a list; a block's labels are
 * keys around it; the key {@code //} is a comment.
 */
public final class ConfigDecoder {
  private static final String COMMENT = "//";

  private final Evaluation evaluation;
  private final List<ConfigProblem> problems = new ArrayList<>();

  private ConfigDecoder(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /**
   * A config as its driver gets it: a map of all keys of the schema, absent ones null. Its values
   * are strings, {@link java.math.BigDecimal}, booleans, lists, maps, or null; none can be changed.
   *
   * @param schema of the whole config: {@link Schema.Fields}
   * @param config strings, numbers, booleans, lists, maps and nulls, as a job's JSON has them
   * @param evaluation what the values of attributes stand for
   * @throws ConfigRefusedException if the agent would refuse it, with all that is wrong
   */
  public static Map<String, Object> decode(
      Schema.Fields schema, Map<String, ?> config, Evaluation evaluation)
      throws ConfigRefusedException {
    ConfigDecoder decoder = new ConfigDecoder(evaluation);
    Body body = decoder.body(config, List.of());
    decoder.refuseUnknown(schema, body);
    Map<String, Object> decoded = decoder.fields(schema, body);
    if (!decoder.problems.isEmpty()) {
      throw new ConfigRefusedException(decoder.problems);
    }
    return decoded;
  }

  /** A value and where it is. */
  private record Given(List<Object> path, Object value) {
    Given in(Object step, Object inner) {
      List<Object> longer = new ArrayList<>(path);
      longer.add(step);
      return new Given(longer, inner);
    }
  }

  /** What is in a config or a block; a name can be there more than once. */
  private record Body(List<Object> path, Map<String, List<Given>> entries) {
    List<Given> named(String name) {
      return entries.getOrDefault(name, List.of());
    }
  }

  private void problem(List<Object> path, String summary, String detail) {
    problems.add(new ConfigProblem(path, summary + ": " + detail));
  }

  // ---- bodies

  private Body body(Object value, List<Object> path) {
    Body body =
        entries(
            new Given(path, value),
            "Either a JSON object or JSON array of objects is required here, to define arguments"
                + " and child blocks.");
    body.entries().remove(COMMENT);
    return body;
  }

  /** All that is in a map, or in the maps of a list; what is neither is refused. */
  private Body entries(Given given, String expectation) {
    Map<String, List<Given>> entries = new TreeMap<>();
    for (Given part : parts(given)) {
      if (part.value() instanceof Map<?, ?> map) {
        map.forEach(
            (key, value) -> {
              String name = String.valueOf(key);
              entries.computeIfAbsent(name, n -> new ArrayList<>()).add(part.in(name, value));
            });
      } else if (part.value() != null) {
        problem(part.path(), "Incorrect JSON value type", expectation);
      }
    }
    return new Body(given.path(), entries);
  }

  /** The elements of a list, or the only value. */
  private static List<Given> parts(Given given) {
    if (!(given.value() instanceof List<?> list)) {
      return List.of(given);
    }
    List<Given> parts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      parts.add(given.in(i, list.get(i)));
    }
    return parts;
  }

  private void refuseUnknown(Schema schema, Body body) {
    List<String> known = schema.names();
    body.entries()
        .forEach(
            (name, givens) -> {
              if (!known.contains(name)) {
                problem(
                    givens.getFirst().path(),
                    "Invalid label",
                    "No argument or block type is named \""
                        + name
                        + "\"."
                        + Likeness.nearest(name, known)
                            .map(near -> " Did you mean \"" + near + "\"?")
                            .orElse(""));
              }
            });
  }

  private Object block(Schema nested, Given block) {
    Body body = body(block.value(), block.path());
    refuseUnknown(nested, body);
    return decode(nested, body);
  }

  // ---- the kinds of schemas

  private Object decode(Schema schema, Body body) {
    return switch (schema) {
      case Schema.Fields fields -> fields(fields, body);
      case Schema.Positions(List<Schema> elements) -> {
        List<Object> decoded = new ArrayList<>();
        elements.forEach(element -> decoded.add(decode(element, body)));
        yield Collections.unmodifiableList(decoded);
      }
      case Schema.Attr attr -> attribute(attr, body);
      case Schema.Block block ->
          only(body, block.name(), block.required())
              .map(given -> block(block.nested(), given))
              .orElse(null);
      case Schema.BlockList list ->
          blocks(body, list.name(), list.nested(), list.least(), list.most());
      case Schema.BlockSet set ->
          Conversion.distinct(blocks(body, set.name(), set.nested(), set.least(), set.most()));
      case Schema.BlockMap map -> blockMap(map, body);
      case Schema.BlockAttrs attributes -> blockAttributes(attributes, body);
      case Schema.Default(Schema primary, Schema otherwise) -> {
        Object value = decode(primary, body);
        yield value == null ? decode(otherwise, body) : value;
      }
      case Schema.Literal(Object value) -> value;
    };
  }

  private Map<String, Object> fields(Schema.Fields schema, Body body) {
    Map<String, Object> decoded = new TreeMap<>();
    schema.fields().forEach((name, field) -> decoded.put(name, decode(field, body)));
    return Collections.unmodifiableMap(decoded);
  }

  private Object attribute(Schema.Attr attr, Body body) {
    List<Given> givens = body.named(attr.name());
    if (givens.isEmpty()) {
      if (attr.required()) {
        problem(
            body.path(),
            "Missing required argument",
            "The argument \"" + attr.name() + "\" is required, but no definition was found.");
      }
      return null;
    }
    if (givens.size() > 1) {
      problem(
          givens.get(1).path(),
          "Duplicate argument",
          "The argument \"" + attr.name() + "\" was already set.");
      return null;
    }
    try {
      return Conversion.convert(evaluation.evaluate(givens.getFirst().value()), attr.type());
    } catch (EvaluationException senseless) {
      problems.add(new ConfigProblem(givens.getFirst().path(), senseless.getMessage()));
      return null;
    } catch (MismatchException mismatch) {
      problem(
          givens.getFirst().path(),
          "Incorrect attribute value type",
          "Inappropriate value for attribute \""
              + attr.name()
              + "\": "
              + mismatch.getMessage()
              + ".");
      return null;
    }
  }

  /** The blocks of a name, each a map or a list of maps; a value that is none is refused. */
  private List<Given> blocks(String name, List<Given> givens) {
    List<Given> blocks = new ArrayList<>();
    for (Given given : givens) {
      switch (given.value()) {
        case null -> {
          // As if it were not there.
        }
        case Map<?, ?> _, List<?> _ -> blocks.addAll(parts(given));
        default ->
            problem(
                given.path(),
                "Incorrect JSON value type",
                "Either a JSON object or a JSON array is required, representing the contents of one"
                    + " or more \""
                    + name
                    + "\" blocks.");
      }
    }
    return blocks;
  }

  private Optional<Given> only(Body body, String name, boolean required) {
    List<Given> blocks = blocks(name, body.named(name));
    if (blocks.size() > 1) {
      problem(
          blocks.get(1).path(),
          "Duplicate " + name + " block",
          "Only one block of type \"" + name + "\" is allowed.");
    }
    if (blocks.isEmpty() && required) {
      problem(
          body.path(),
          "Missing " + name + " block",
          "A block of type \"" + name + "\" is required here.");
    }
    return blocks.stream().findFirst();
  }

  private List<Object> blocks(Body body, String name, Schema nested, int least, int most) {
    List<Given> blocks = blocks(name, body.named(name));
    if (blocks.size() < least) {
      problem(
          body.path(),
          "Insufficient " + name + " blocks",
          "At least " + least + " \"" + name + "\" blocks are required.");
    }
    if (most > 0 && blocks.size() > most) {
      problem(
          blocks.get(most).path(),
          "Too many " + name + " blocks",
          "No more than " + most + " \"" + name + "\" blocks are allowed");
    }
    List<Object> decoded = new ArrayList<>();
    blocks.forEach(block -> decoded.add(block(nested, block)));
    return Conversion.alike(decoded)
        .orElseGet(
            () -> {
              problem(
                  blocks.getFirst().path(),
                  "Unconsistent argument types in " + name + " blocks",
                  "Corresponding attributes in all blocks of this type must be the same.");
              return List.of();
            });
  }

  private Object blockAttributes(Schema.BlockAttrs schema, Body body) {
    Optional<Given> block = only(body, schema.name(), schema.required());
    if (block.isEmpty()) {
      return null;
    }
    Map<String, Object> decoded = new TreeMap<>();
    body(block.get().value(), block.get().path())
        .entries()
        .forEach(
            (name, givens) -> {
              try {
                Object value = evaluation.evaluate(givens.getFirst().value());
                decoded.put(name, Conversion.convert(value, schema.type()));
              } catch (EvaluationException senseless) {
                problems.add(new ConfigProblem(givens.getFirst().path(), senseless.getMessage()));
              } catch (MismatchException mismatch) {
                problem(
                    givens.getFirst().path(),
                    "Invalid attribute value",
                    "Invalid value for attribute of \""
                        + schema.name()
                        + "\" block: "
                        + mismatch.getMessage()
                        + ".");
              }
            });
    return Collections.unmodifiableMap(decoded);
  }

  private Map<String, Object> blockMap(Schema.BlockMap schema, Body body) {
    Map<String, Object> decoded = new TreeMap<>();
    for (Given given : body.named(schema.name())) {
      labelled(schema, schema.labels(), given, decoded);
    }
    return Collections.unmodifiableMap(decoded);
  }

  /** Takes the labels that are left from around a block, and puts it where they say. */
  private void labelled(
      Schema.BlockMap schema, List<String> labels, Given given, Map<String, Object> result) {
    String label = labels.getFirst();
    Body labelled =
        entries(
            given,
            "Either a JSON object or JSON array of objects is required here, to specify "
                + label
                + " labels for this block.");
    if (labelled.entries().isEmpty()) {
      problem(
          given.path(),
          "Missing block label",
          "At least one object property is required, whose name represents the "
              + schema.name()
              + " block's "
              + label
              + ".");
    }
    labelled
        .entries()
        .forEach(
            (name, inner) -> {
              if (labels.size() > 1) {
                Map<String, Object> deeper = new TreeMap<>();
                inner.forEach(
                    one -> labelled(schema, labels.subList(1, labels.size()), one, deeper));
                result.put(name, Collections.unmodifiableMap(deeper));
                return;
              }
              List<Given> blocks = blocks(schema.name(), inner);
              if (blocks.size() > 1) {
                problem(
                    blocks.get(1).path(),
                    "Duplicate " + schema.name() + " block",
                    "A block for "
                        + schema.name()
                        + " \""
                        + name
                        + "\" was already defined. The "
                        + schema.name()
                        + " labels must be unique.");
              }
              blocks.stream()
                  .findFirst()
                  .ifPresent(block -> result.put(name, block(schema.nested(), block)));
            });
  }
}
