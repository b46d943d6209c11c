package io.gaol.hcl.function;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A function that is defined by what it takes, what it gives and what it does. */
record Definition(
    String purpose, List<Parameter> parameters, Optional<Parameter> rest, Type result, Body body)
    implements Function {

  /** What a function does with arguments that fit its parameters. */
  @FunctionalInterface
  interface Body {
    Value apply(Arguments arguments) throws FunctionException;
  }

  Definition {
    parameters = List.copyOf(parameters);
  }

  @Override
  public Optional<Signature> signature() {
    return Optional.of(
        new Signature(
            parameters.stream().map(Parameter::name).toList(),
            rest.map(Parameter::name),
            result,
            purpose));
  }

  @Override
  public Value call(List<Value> given) throws FunctionException {
    requireCount(given.size());
    List<Value> arguments = new ArrayList<>(given.size());
    Optional<Value> unknown = Optional.empty();
    for (int i = 0; i < given.size(); i++) {
      Parameter parameter = i < parameters.size() ? parameters.get(i) : rest.orElseThrow();
      Value argument = argument(i, given.get(i), parameter);
      if (argument instanceof Value.Unknown && !parameter.takesUnknown()) {
        boolean isOfNoType =
            argument.type() instanceof Type.Any
                || unknown.map(Value::type).equals(Optional.of(Types.ANY));
        unknown = Optional.of(Value.unknown(isOfNoType ? Types.ANY : result));
      }
      arguments.add(argument);
    }
    if (unknown.isPresent()) {
      return unknown.get();
    }
    try {
      return body.apply(new Arguments(arguments));
    } catch (ArithmeticException e) {
      throw new FunctionException(e.getMessage());
    }
  }

  private static Value argument(int index, Value given, Parameter parameter)
      throws FunctionException {
    Value argument;
    try {
      argument = parameter.type().convert(given);
    } catch (io.gaol.hcl.ConversionException e) {
      throw new FunctionException(index, "%s: %s".formatted(parameter.name(), e.getMessage()));
    }
    if (argument instanceof Value.Null && !parameter.takesNull()) {
      throw new FunctionException(index, parameter.name() + " must not be null");
    }
    return argument;
  }

  private void requireCount(int count) throws FunctionException {
    int least = parameters.size();
    if (count < least) {
      throw new FunctionException(
          "%s missing: it is called as %s"
              .formatted(
                  parameters.get(count).name() + " is", signature().orElseThrow().asCall("")));
    }
    if (count > least && rest.isEmpty()) {
      throw new FunctionException(
          "%d arguments are too many: it is called as %s"
              .formatted(count, signature().orElseThrow().asCall("")));
    }
  }
}
