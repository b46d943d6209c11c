package io.gaol.cli.job;

import io.gaol.cli.language.Values;
import io.gaol.hcl.Attribute;
import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Scope;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Value;
import io.gaol.nomad.config.GoDuration;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one body of a job file, and collects what is wrong with it. */
final class BodyReader {
  private final Body body;
  private final Scope scope;
  private final List<Diagnostic> problems;

  BodyReader(Body body, Scope scope, List<Diagnostic> problems) {
    this.body = body;
    this.scope = scope;
    this.problems = problems;
  }

  BodyReader of(Block block) {
    return new BodyReader(block.body(), scope, problems);
  }

  void problem(SourceRange where, String summary, String detail) {
    problems.add(Diagnostic.error(where, summary, detail));
  }

  void warning(SourceRange where, String summary, String detail) {
    problems.add(new Diagnostic(Diagnostic.Severity.WARNING, summary, detail, where));
  }

  /** Where the value of an attribute is; without it, this body. */
  SourceRange place(String name) {
    Attribute attribute = body.attributes().get(name);
    return attribute == null ? range() : attribute.expression().range();
  }

  /** Where this body is. */
  SourceRange range() {
    return body.range();
  }

  /** The blocks of a type, in order. */
  List<Block> blocks(String type) {
    return body.blocks(type);
  }

  Optional<Value> value(String name) {
    Attribute attribute = body.attributes().get(name);
    if (attribute == null) {
      return Optional.empty();
    }
    try {
      Value value = attribute.expression().evaluate(scope);
      return value instanceof Value.Null ? Optional.empty() : Optional.of(value);
    } catch (HclException wrong) {
      problems.addAll(wrong.diagnostics());
      return Optional.empty();
    }
  }

  Optional<String> text(String name) {
    return value(name).flatMap(value -> orProblem(name, value, "a text", Values.text(value)));
  }

  Optional<Long> number(String name, long least) {
    return value(name)
        .flatMap(
            value ->
                orProblem(
                    name, value, "a whole number, at least " + least, wholeNumber(value, least)));
  }

  /** A number of things: one that fits into an int. */
  Optional<Integer> count(String name, int least) {
    return value(name)
        .flatMap(
            value ->
                orProblem(
                    name,
                    value,
                    "a whole number, at least " + least + " and at most " + Integer.MAX_VALUE,
                    wholeNumber(value, least)
                        .filter(number -> number <= Integer.MAX_VALUE)
                        .map(Math::toIntExact)));
  }

  private static Optional<Long> wholeNumber(Value value, long least) {
    try {
      BigDecimal number =
          switch (value) {
            case Value.Num(BigDecimal n) -> n;
            case Value.Text(String text) -> new BigDecimal(text.strip());
            default -> null;
          };
      return number == null
          ? Optional.empty()
          : Optional.of(number.longValueExact()).filter(n -> n >= least);
    } catch (ArithmeticException | NumberFormatException notWhole) {
      return Optional.empty();
    }
  }

  /** True or false; a text of it too. */
  Optional<Boolean> flag(String name) {
    return value(name)
        .flatMap(
            value ->
                orProblem(
                    name,
                    value,
                    "true or false",
                    Values.text(value)
                        .flatMap(
                            text ->
                                switch (text) {
                                  case "true", "1" -> Optional.of(true);
                                  case "false", "0" -> Optional.of(false);
                                  default -> Optional.empty();
                                })));
  }

  /** A list of texts. */
  List<String> list(String name) {
    Optional<Value> value = value(name);
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (value.get() instanceof Value.Sequence sequence) {
      sequence.elements().forEach(element -> Values.text(element).ifPresent(texts::add));
      if (texts.size() == sequence.elements().size()) {
        return texts;
      }
    }
    orProblem(name, value.get(), "a list of texts, such as [\"a\", \"b\"]", Optional.empty());
    return List.of();
  }

  Optional<Duration> duration(String name) {
    return value(name)
        .flatMap(
            value ->
                orProblem(
                    name,
                    value,
                    "a time with its unit, such as \"30s\" or \"1m30s\"",
                    time(value)));
  }

  /** A number is nanoseconds, as in Nomad; no time is negative here. */
  private static Optional<Duration> time(Value value) {
    Optional<Duration> time =
        value instanceof Value.Num
            ? wholeNumber(value, 0).map(Duration::ofNanos)
            : Values.text(value).flatMap(GoDuration::parse);
    return time.filter(duration -> !duration.isNegative());
  }

  private <T> Optional<T> orProblem(
      String name, Value value, String expected, Optional<T> converted) {
    if (converted.isEmpty()) {
      Attribute attribute = body.attributes().get(name);
      problem(
          attribute.expression().range(),
          name + " takes " + expected + ", but " + describe(value) + " is given",
          "");
    }
    return converted;
  }

  private static String describe(Value value) {
    return Values.text(value).map(text -> "\"" + text + "\"").orElse("a " + value.typeName());
  }

  /** A map of texts, written as blocks or as an attribute: {@code env { A = 1 }}. */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Block block : body.blocks(name)) {
      BodyReader inner = of(block);
      block
          .body()
          .attributes()
          .keySet()
          .forEach(key -> inner.text(key).ifPresent(text -> texts.put(key, text)));
      for (Block nested : block.body().blocks()) {
        problem(nested.range(), name + " takes names and texts, but no blocks", "");
      }
    }
    value(name)
        .ifPresent(
            value -> {
              if (value instanceof Value.Mapping mapping) {
                mapping
                    .entries()
                    .forEach(
                        (key, entry) ->
                            orProblem(name, entry, "names and texts", Values.text(entry))
                                .ifPresent(text -> texts.put(key, text)));
              } else {
                orProblem(name, value, "names and texts", Optional.empty());
              }
            });
    return texts;
  }

  /** The only block of a type; a second one is a problem. */
  Optional<Block> block(String type) {
    List<Block> blocks = body.blocks(type);
    if (blocks.size() > 1) {
      problem(
          blocks.get(1).typeRange(),
          "There is one \"" + type + "\" already",
          "The first is at line " + blocks.getFirst().range().start().line() + ".");
    }
    return blocks.stream().findFirst();
  }

  /** The name of a block with one label. */
  String label(Block block) {
    if (block.labels().size() != 1) {
      problem(
          block.typeRange(),
          "A " + block.type() + " has one name",
          "Write " + block.type() + " \"name\" { ... }.");
      return "unnamed";
    }
    String name = block.labels().getFirst().name();
    if (name.isBlank()) {
      problem(block.labels().getFirst().range(), "The name of a " + block.type() + " is empty", "");
    }
    return name;
  }

  /** All of a driver's config: attributes and blocks, a block as a list of maps, as in Nomad. */
  Job.Config config() {
    Map<String, Value> values = new LinkedHashMap<>();
    Map<String, SourceRange> places = new LinkedHashMap<>();
    for (Attribute attribute : body.attributes().values()) {
      places.put(attribute.name(), attribute.nameRange());
      value(attribute.name()).ifPresent(value -> values.put(attribute.name(), value));
    }
    Map<String, List<Value>> blocks = new LinkedHashMap<>();
    for (Block block : body.blocks()) {
      places.putIfAbsent(block.type(), block.typeRange());
      Value content = Value.of(of(block).config().values());
      for (Block.Label label : block.labels().reversed()) {
        content = Value.of(Map.of(label.name(), Value.of(List.of(content))));
      }
      blocks.computeIfAbsent(block.type(), t -> new ArrayList<>()).add(content);
    }
    blocks.forEach((type, contents) -> values.put(type, Value.of(contents)));
    return new Job.Config(values, places);
  }
}
