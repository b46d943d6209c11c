package io.gaol.cli.job;

import io.gaol.cli.job.Job.Constraint;
import io.gaol.cli.job.Job.Constraint.Operator;
import io.gaol.hcl.Block;
import io.gaol.hcl.SourceRange;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads {@code constraint} blocks. */
final class ConstraintReader {
  private static final Map<String, Operator> OPERATORS = operators();

  /** Operators that may be an attribute's name, with the value as its value. */
  private static final List<String> SHORT =
      List.of(
          "version", "semver", "regexp", "set_contains", "set_contains_all", "set_contains_any");

  private final Block block;
  private final BodyReader reader;

  private ConstraintReader(Block block, BodyReader reader) {
    this.block = block;
    this.reader = reader;
  }

  private static Map<String, Operator> operators() {
    Map<String, Operator> operators = new HashMap<>();
    for (Operator operator : Operator.values()) {
      operators.put(operator.symbol(), operator);
    }
    operators.put("==", Operator.EQUAL);
    operators.put("is", Operator.EQUAL);
    operators.put("not", Operator.NOT_EQUAL);
    operators.put("set_contains_all", Operator.SET_CONTAINS_ALL);
    return Map.copyOf(operators);
  }

  /** The constraints of a job or a group, in order. */
  static List<Constraint> read(BodyReader parent) {
    List<Constraint> constraints = new ArrayList<>();
    for (Block block : parent.blocks("constraint")) {
      new ConstraintReader(block, parent.of(block)).constraint().ifPresent(constraints::add);
    }
    return constraints;
  }

  /** The constraints of a task: it cannot ask that instances are on different hosts. */
  static List<Constraint> readOfTask(BodyReader task) {
    List<Constraint> constraints = read(task);
    for (Constraint constraint : constraints) {
      if (constraint.operator().needsCluster()) {
        task.problem(
            constraint.range(),
            "A task has no constraint " + constraint.operator().symbol(),
            "Write it in the group or the job.");
      }
    }
    return constraints;
  }

  private Optional<Constraint> constraint() {
    String attribute = reader.text("attribute").orElse("");
    String symbol = reader.text("operator").filter(text -> !text.isEmpty()).orElse("=");
    String value = reader.text("value").orElse("");
    String valueKey = "value";
    for (String key : SHORT) {
      Optional<String> given = reader.text(key).filter(text -> !text.isEmpty());
      if (given.isPresent()) {
        symbol = key;
        value = given.get();
        valueKey = key;
      }
    }
    Optional<Boolean> distinctHosts = reader.flag("distinct_hosts");
    if (distinctHosts.isPresent()) {
      symbol = "distinct_hosts";
      value = distinctHosts.get().toString();
    }
    Optional<String> property = reader.text("distinct_property");
    if (property.isPresent()) {
      symbol = "distinct_property";
      attribute = property.get();
    }
    Operator operator = OPERATORS.get(symbol);
    if (operator == null) {
      reader.problem(
          reader.place("operator"),
          "There is no operator \"" + symbol + "\"",
          Spelling.suggestion(symbol, OPERATORS.keySet()).strip());
      return Optional.empty();
    }
    if (attribute.isEmpty() && operator != Operator.DISTINCT_HOSTS) {
      reader.problem(
          block.typeRange(),
          "A constraint needs an attribute",
          "Write attribute = \"${attr.kernel.name}\", or another fact of the host.");
    }
    checkValue(operator, symbol, value, valueKey);
    return Optional.of(new Constraint(attribute, operator, value, block.range()));
  }

  private void checkValue(Operator operator, String symbol, String value, String valueKey) {
    SourceRange place =
        reader.text(valueKey).isPresent() ? reader.place(valueKey) : block.typeRange();
    switch (operator) {
      case IS_SET, IS_NOT_SET -> {
        if (!value.isEmpty()) {
          reader.problem(place, "The operator \"" + symbol + "\" takes no value", "Remove it.");
        }
      }
      case REGEXP -> {
        try {
          Pattern.compile(value);
        } catch (PatternSyntaxException wrong) {
          reader.problem(
              place, "\"" + value + "\" is no regular expression: " + wrong.getDescription(), "");
        }
      }
      case DISTINCT_HOSTS -> {
        // Nothing to look at.
      }
      case DISTINCT_PROPERTY -> {
        if (!value.isEmpty() && !value.matches("0*[1-9][0-9]{0,17}")) {
          reader.problem(place, "distinct_property takes a number, at least 1, as its value", "");
        }
      }
      default -> {
        if (value.isEmpty()) {
          reader.problem(block.typeRange(), "The operator \"" + symbol + "\" needs a value", "");
        }
      }
    }
  }
}
