package io.gaol.hcl.function;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lines of the table of functions. */
final class Define {
  static final Type TEXTS = new Type.ListOf(Types.STRING);

  private Define() {}

  /** What a function of one text does. */
  @FunctionalInterface
  interface OfText {
    CharSequence apply(String text) throws FunctionException;
  }

  static void textToText(Map<String, Function> table, String name, String purpose, OfText body) {
    function(
        table,
        name,
        purpose,
        Types.STRING,
        List.of(Parameter.text("str")),
        arguments -> Arguments.text(body.apply(arguments.text(0))));
  }

  static void function(
      Map<String, Function> table,
      String name,
      String purpose,
      Type result,
      List<Parameter> parameters,
      Definition.Body body) {
    table.put(name, new Definition(purpose, parameters, Optional.empty(), result, body));
  }

  static void variadic(
      Map<String, Function> table,
      String name,
      String purpose,
      Type result,
      List<Parameter> parameters,
      Parameter rest,
      Definition.Body body) {
    table.put(name, new Definition(purpose, parameters, Optional.of(rest), result, body));
  }

  static Value unknown(Type type) {
    return Value.unknown(type);
  }
}
