package io.gaol.hcl.function;

import io.gaol.hcl.ConversionException;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Functions that take an expression, or a type, rather than a value. */
final class LazyFunctions {
  private LazyFunctions() {}

  static void define(Map<String, Function> table) {
    table.put(
        "try",
        new Lazy(
            new Function.Signature(
                List.of(),
                Optional.of("expressions"),
                Types.ANY,
                "The value of the first expression that has one."),
            LazyFunctions::attempt));
    table.put(
        "can",
        new Lazy(
            new Function.Signature(
                List.of("expression"),
                Optional.empty(),
                Types.BOOL,
                "Whether an expression has a value."),
            LazyFunctions::can));
    table.put(
        "convert",
        new Lazy(
            new Function.Signature(
                List.of("value", "type"),
                Optional.empty(),
                Types.ANY,
                "The value as one of a type, which is written as for a variable: list(string)."),
            LazyFunctions::convert));
  }

  /** What such a function does. */
  @FunctionalInterface
  private interface Body {
    Value apply(List<Function.Argument> arguments) throws FunctionException;
  }

  private record Lazy(Function.Signature given, Body body) implements Function {
    @Override
    public Optional<Signature> signature() {
      return Optional.of(given);
    }

    @Override
    public Value call(List<Value> arguments) throws FunctionException {
      throw new FunctionException("it can only be called in an expression");
    }

    @Override
    public Value callWith(List<Argument> arguments) throws FunctionException {
      if (given.rest().isEmpty() && arguments.size() != given.parameters().size()) {
        throw new FunctionException(
            "%d arguments were given: it is called as %s"
                .formatted(arguments.size(), given.asCall("")));
      }
      return body.apply(arguments);
    }
  }

  private static Value attempt(List<Function.Argument> arguments) throws FunctionException {
    if (arguments.isEmpty()) {
      throw new FunctionException("at least one expression is needed");
    }
    StringBuilder failures = new StringBuilder();
    for (Function.Argument argument : arguments) {
      try {
        Value value = argument.value();
        return value.isWhollyKnown() ? value : Value.unknown(Types.ANY);
      } catch (HclException e) {
        failures
            .append(failures.isEmpty() ? "" : " ")
            .append(
                e.diagnostics().stream()
                    .map(Diagnostic::message)
                    .collect(Collectors.joining(" ", "", ".")));
      }
    }
    throw new FunctionException("none of the expressions has a value. " + failures);
  }

  private static Value can(List<Function.Argument> arguments) {
    try {
      return arguments.getFirst().value().isWhollyKnown()
          ? Value.of(true)
          : Value.unknown(Types.BOOL);
    } catch (HclException _) {
      return Value.of(false);
    }
  }

  private static Value convert(List<Function.Argument> arguments) throws FunctionException {
    Type type = Type.parse(arguments.get(1).expression());
    try {
      return type.convert(arguments.getFirst().value());
    } catch (ConversionException e) {
      throw new FunctionException(0, e.getMessage());
    }
  }
}
