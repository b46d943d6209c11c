package io.gaol.cli.language;

import io.gaol.hcl.Attribute;
import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.ConversionException;
import io.gaol.hcl.Expression;
import io.gaol.hcl.Function;
import io.gaol.hcl.Hcl;
import io.gaol.hcl.Schema;
import io.gaol.hcl.Scope;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Traversal;
import io.gaol.hcl.Type;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The variables of a job file, and their values: from the least to the most important, the default,
 * the environment, files, the command line.
 */
final class InputVariables {
  /** What a variable in the environment begins with. */
  static final String ENVIRONMENT_PREFIX = "NOMAD_VAR_";

  private static final List<String> KEYS =
      List.of("type", "default", "description", "sensitive", "validation");

  private final Body file;
  private final JobInput input;
  private final Map<String, Function> functions;
  private final Problems problems;
  private final Secrets secrets;
  private final Map<String, Declared> declared = new LinkedHashMap<>();
  private final Map<String, Given> given = new LinkedHashMap<>();

  /**
   * A variable of the file.
   *
   * @param type that its values are converted to; of a variable that states none, its default's
   * @param broken whether the declaration itself is wrong
   */
  private record Declared(
      String name,
      Optional<Type> type,
      boolean sensitive,
      List<Block> validations,
      SourceRange range,
      boolean broken) {}

  /**
   * A value that a variable was given.
   *
   * @param how for errors: "-var"
   */
  private record Given(Value value, String how, SourceRange range) {}

  InputVariables(
      Body file,
      JobInput input,
      Map<String, Function> functions,
      Problems problems,
      Secrets secrets) {
    this.file = file;
    this.input = input;
    this.functions = functions;
    this.problems = problems;
    this.secrets = secrets;
  }

  /** The values by name; one that is not known because of an error is unknown. */
  Map<String, Value> read() {
    for (Block block : file.blocks()) {
      switch (block.type()) {
        case "variable" -> declare(block);
        case "variables" -> declareAll(block);
        default -> {}
      }
    }
    fromEnvironment();
    fromFiles();
    fromCommandLine();
    Map<String, Value> values = new LinkedHashMap<>();
    declared.values().forEach(variable -> values.put(variable.name(), value(variable)));
    return values;
  }

  /** The names of those whose values must not be shown. */
  Set<String> sensitive() {
    Set<String> names = new java.util.HashSet<>();
    declared.values().stream()
        .filter(Declared::sensitive)
        .forEach(variable -> names.add(variable.name()));
    return names;
  }

  // ---- declarations

  private void declare(Block block) {
    if (block.labels().size() != 1) {
      problems.error(
          block.typeRange(), "A variable has one name", "Write variable \"name\" { ... }.");
      return;
    }
    String name = block.labels().getFirst().name();
    SourceRange nameRange = block.labels().getFirst().range();
    if (!isIdentifier(name)) {
      problems.error(
          nameRange,
          "\"" + name + "\" cannot be the name of a variable",
          "A name begins with a letter or _, and goes on with letters, digits, _ and -.");
      return;
    }
    if (!isNew(name, nameRange)) {
      return;
    }
    Map<String, Attribute> attributes = block.body().attributes();
    attributes
        .values()
        .forEach(attribute -> requireKnown(attribute.name(), attribute.nameRange(), "validation"));
    block.body().blocks().forEach(b -> requireKnown(b.type(), b.typeRange(), "type", "default"));
    int errors = problems.errors().size();
    Optional<Type> type = Optional.ofNullable(attributes.get("type")).flatMap(this::type);
    boolean sensitive = sensitive(attributes.get("sensitive"));
    text(attributes.get("description"));
    Attribute otherwise = attributes.get("default");
    Optional<Value> value = Optional.empty();
    if (otherwise != null) {
      value = problems.attempt(() -> otherwise.expression().evaluate(Scope.empty()));
      if (sensitive) {
        value.ifPresent(secrets::add);
      }
      Optional<Type> wanted = type;
      value =
          value.flatMap(v -> converted(v, wanted, name, "default", otherwise.expression().range()));
      value.ifPresent(
          v -> given.put(name, new Given(v, "the default", otherwise.expression().range())));
    }
    List<Block> validations = block.body().blocks("validation");
    declared.put(
        name,
        new Declared(
            name,
            type.or(() -> given(name).map(g -> g.value().type())),
            sensitive,
            validations,
            block.range(),
            problems.errors().size() > errors));
  }

  private Optional<Given> given(String name) {
    return Optional.ofNullable(given.get(name));
  }

  private boolean isNew(String name, SourceRange range) {
    if (declared.containsKey(name)) {
      problems.error(
          range,
          "There is a variable \"" + name + "\" already",
          "It is declared at line " + declared.get(name).range().start().line() + ".");
      return false;
    }
    return true;
  }

  private void requireKnown(String name, SourceRange range, String... others) {
    List<String> known = new ArrayList<>(KEYS);
    known.removeAll(List.of(others));
    if (List.of(others).contains(name)) {
      problems.error(
          range,
          name.equals("validation") ? "validation is a block" : name + " takes a value",
          name.equals("validation")
              ? "Write validation { ... } without an equals sign."
              : "Write " + name + " = ....");
    } else if (!known.contains(name)) {
      problems.error(range, "A variable knows no \"" + name + "\"", nearest(name, known));
    }
  }

  private static String nearest(String name, Collection<String> known) {
    return Spelling.nearest(name, known).map(near -> "Did you mean \"" + near + "\"?").orElse("");
  }

  private static boolean isIdentifier(String name) {
    return !name.isEmpty()
        && (Character.isUnicodeIdentifierStart(name.codePointAt(0)) || name.charAt(0) == '_')
        && name.codePoints().allMatch(c -> c == '-' || Character.isUnicodeIdentifierPart(c));
  }

  private Optional<Type> type(Attribute attribute) {
    Expression expression = attribute.expression();
    return problems.attempt(
        () ->
            expression instanceof Expression.Literal(Value.Text(String text), SourceRange range)
                    && JobText.isJson(range.source().text())
                ? Type.parse(Hcl.parseExpression(range.source().name(), text))
                : Type.parse(expression));
  }

  private boolean sensitive(Attribute attribute) {
    if (attribute == null) {
      return false;
    }
    problems.warning(
        attribute.nameRange(),
        "sensitive is known here only",
        "Nomad refuses a variable that has it, and shows every value.");
    Optional<Value> value =
        problems
            .attempt(() -> attribute.expression().evaluate(Scope.empty()))
            .flatMap(
                v ->
                    required(
                        ValueType.FLAG.convert(v),
                        attribute.expression().range(),
                        "sensitive takes true or false, but " + Values.describe(v) + " is given"));
    return value.equals(Optional.of(Value.of(true)));
  }

  private Optional<String> text(Attribute attribute) {
    if (attribute == null) {
      return Optional.empty();
    }
    return problems
        .attempt(() -> attribute.expression().evaluate(Scope.empty()))
        .flatMap(
            v ->
                required(
                    Values.text(v),
                    attribute.expression().range(),
                    attribute.name() + " takes a text, but " + Values.describe(v) + " is given"));
  }

  private <T> Optional<T> required(Optional<T> value, SourceRange range, String complaint) {
    if (value.isEmpty()) {
      problems.error(range, complaint, "");
    }
    return value;
  }

  /** {@code variables { name = default }}. */
  private void declareAll(Block block) {
    for (Block nested : block.body().blocks()) {
      problems.error(
          nested.typeRange(),
          "variables takes names and their defaults, but no blocks",
          "Write variable \"" + nested.type() + "\" { ... } outside of it.");
    }
    for (Attribute attribute : block.body().attributes().values()) {
      String name = attribute.name();
      if (isNew(name, attribute.nameRange())) {
        Optional<Value> value =
            problems.attempt(() -> attribute.expression().evaluate(Scope.empty()));
        value.ifPresent(
            v -> given.put(name, new Given(v, "the default", attribute.expression().range())));
        declared.put(
            name,
            new Declared(
                name,
                value.map(Value::type),
                false,
                List.of(),
                attribute.range(),
                value.isEmpty()));
      }
    }
  }

  // ---- values

  private void fromEnvironment() {
    new TreeMap<>(input.environment())
        .forEach(
            (key, text) -> {
              if (key.startsWith(ENVIRONMENT_PREFIX)) {
                Declared variable = declared.get(key.substring(ENVIRONMENT_PREFIX.length()));
                if (variable != null) {
                  give(variable, text, key);
                }
              }
            });
  }

  private void fromCommandLine() {
    new TreeMap<>(input.variables())
        .forEach(
            (name, text) -> {
              Declared variable = declared.get(name);
              if (variable == null) {
                problems.error(
                    file.range(),
                    "-var " + name + ": this file declares no variable \"" + name + "\"",
                    nearest(name, declared.keySet()));
              } else {
                give(variable, text, "-var " + name);
              }
            });
  }

  /** A value that comes as a text: as it is for a string or a number, an expression otherwise. */
  private void give(Declared variable, String text, String how) {
    if (variable.sensitive()) {
      secrets.add(Value.of(text));
    }
    boolean literal =
        variable
            .type()
            .map(type -> type.equals(Type.Primitive.STRING) || type.equals(Type.Primitive.NUMBER))
            .orElse(true);
    Optional<Expression> expression =
        problems.attempt(
            () ->
                literal
                    ? new Expression.Literal(Value.of(text), wholeOf(how, text))
                    : Hcl.parseExpression(how, text));
    expression
        .flatMap(
            parsed ->
                problems
                    .attempt(() -> parsed.evaluate(Scope.empty()))
                    .flatMap(
                        value ->
                            converted(
                                value, variable.type(), variable.name(), how, parsed.range())))
        .ifPresentOrElse(
            value -> given(variable, value, how, variable.range()), () -> spoil(variable));
  }

  private static SourceRange wholeOf(String how, String text) {
    return new SourceRange(io.gaol.hcl.Source.of(how, text), 0, text.length());
  }

  private void given(Declared variable, Value value, String how, SourceRange range) {
    if (variable.sensitive()) {
      secrets.add(value);
    }
    given.put(variable.name(), new Given(value, how, range));
  }

  /** Its value is wrong, which was told; so nothing more is to be said of it. */
  private void spoil(Declared variable) {
    given.put(variable.name(), new Given(Value.unknown(new Type.Any()), "", variable.range()));
  }

  private void fromFiles() {
    for (java.nio.file.Path path : input.variableFiles()) {
      Optional<byte[]> bytes =
          JobText.read(path.toString(), "variable file", problems, file.range());
      bytes
          .flatMap(
              b ->
                  problems.attempt(
                      () ->
                          JobText.isJson(b)
                              ? Hcl.parseJson(path.toString(), b).body(Schema.attributes())
                              : Hcl.parse(path.toString(), b)))
          .ifPresent(this::fromFile);
    }
  }

  private void fromFile(Body body) {
    for (Block block : body.blocks()) {
      problems.error(
          block.typeRange(),
          block.type().equals("variable")
              ? "A variable file gives values, and declares nothing"
              : "A variable file has no blocks",
          block.type().equals("variable") && block.labels().size() == 1
              ? "Write "
                  + block.labels().getFirst().name()
                  + " = VALUE here, and the block in the job file."
              : "Write NAME = VALUE.");
    }
    for (Attribute attribute : body.attributes().values()) {
      Declared variable = declared.get(attribute.name());
      if (variable == null) {
        problems.error(
            attribute.nameRange(),
            "The job file declares no variable \"" + attribute.name() + "\"",
            nearest(attribute.name(), declared.keySet()));
        continue;
      }
      SourceRange range = attribute.expression().range();
      Optional<Value> value =
          problems.attempt(() -> attribute.expression().evaluate(Scope.empty()));
      if (variable.sensitive()) {
        value.ifPresent(secrets::add);
      }
      value
          .flatMap(v -> converted(v, variable.type(), variable.name(), "file", range))
          .ifPresentOrElse(
              v -> given(variable, v, range.source().name(), range), () -> spoil(variable));
    }
  }

  private Optional<Value> converted(
      Value value, Optional<Type> type, String name, String how, SourceRange range) {
    if (type.isEmpty()) {
      return Optional.of(value);
    }
    try {
      return Optional.of(type.get().convert(value));
    } catch (ConversionException wrong) {
      problems.error(
          range,
          (how.equals("default") ? "The default of " : "The value of ")
              + "\""
              + name
              + "\" is no "
              + type.get().asWritten()
              + ": "
              + wrong.getMessage(),
          "");
      return Optional.empty();
    }
  }

  private Value value(Declared variable) {
    Given value = given.get(variable.name());
    if (value == null) {
      if (!variable.broken()) {
        problems.error(
            variable.range(),
            "The variable \"" + variable.name() + "\" has no value",
            "Give it one with -var "
                + variable.name()
                + "=VALUE, in a file with -var-file FILE, in the environment as "
                + ENVIRONMENT_PREFIX
                + variable.name()
                + ", or a default.");
      }
      return Value.unknown(new Type.Any());
    }
    for (Block validation : variable.validations()) {
      validate(variable, value, validation);
    }
    return value.value();
  }

  // ---- validation

  private void validate(Declared variable, Given value, Block validation) {
    Map<String, Attribute> attributes = validation.body().attributes();
    List<String> known = List.of("condition", "error_message");
    attributes.values().stream()
        .filter(attribute -> !known.contains(attribute.name()))
        .forEach(
            attribute ->
                problems.error(
                    attribute.nameRange(),
                    "A validation knows no \"" + attribute.name() + "\"",
                    nearest(attribute.name(), known)));
    Attribute condition = attributes.get("condition");
    Optional<String> message = text(attributes.get("error_message"));
    for (String key : known) {
      if (!attributes.containsKey(key)) {
        problems.error(validation.typeRange(), "A validation needs " + key, "");
      }
    }
    if (message.isPresent() && message.get().isBlank()) {
      problems.error(
          attributes.get("error_message").expression().range(),
          "error_message is empty",
          "Say what the value must be.");
    }
    if (condition == null
        || message.isEmpty()
        || !refersToItself(variable, condition.expression())
        || !value.value().isWhollyKnown()) {
      return;
    }
    Scope scope =
        new Scope(Map.of("var", Value.of(Map.of(variable.name(), value.value()))), functions);
    Optional<Value> result = problems.attempt(() -> condition.expression().evaluate(scope));
    Optional<Value> flag = result.flatMap(ValueType.FLAG::convert);
    if (result.isPresent() && flag.isEmpty()) {
      problems.error(
          condition.expression().range(),
          "A condition is true or false, but this is " + Values.describe(result.get()),
          "");
    } else if (flag.equals(Optional.of(Value.of(false)))) {
      problems.error(
          value.range(),
          "The value of \"" + variable.name() + "\" is not valid",
          message.get()
              + " (Checked at line "
              + validation.range().start().line()
              + "; the value is from "
              + value.how()
              + ".)");
    }
  }

  private boolean refersToItself(Declared variable, Expression condition) {
    boolean refers = false;
    for (Traversal reference : condition.variables()) {
      boolean itself =
          reference.root().equals("var")
              && !reference.steps().isEmpty()
              && reference.steps().getFirst() instanceof Traversal.Attribute(String name, _)
              && name.equals(variable.name());
      if (!itself) {
        problems.error(
            reference.range(),
            "A validation can refer to its own variable only",
            "That is var." + variable.name() + ".");
        return false;
      }
      refers = true;
    }
    if (!refers) {
      problems.error(
          condition.range(),
          "The condition does not look at the variable",
          "Refer to var." + variable.name() + " in it.");
    }
    return refers;
  }
}
