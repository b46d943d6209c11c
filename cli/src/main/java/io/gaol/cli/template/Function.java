package io.gaol.cli.template;

import java.util.List;
import java.util.Optional;

/**
 * A function that templates can call.
 *
 * @param parameters the types of the arguments it needs
 * @param rest the type of further ones, if it takes any
 * @param body what it does
 * @param refusal why it can never give a value here, if so
 */
record Function(
    String name,
    List<Parameter> parameters,
    Optional<Parameter> rest,
    Body body,
    Optional<String> refusal) {

  /** What an argument has to be; the rules are those of Go's text/template. */
  enum Parameter {
    STRING("string"),
    INT("int"),
    /** Anything. */
    ANY("interface {}"),
    STRINGS("[]string"),
    LIST("[]interface {}"),
    MAP("map[string]interface {}");

    private final String goName;

    Parameter(String goName) {
      this.goName = goName;
    }

    String goName() {
      return goName;
    }
  }

  /** What a function does. */
  @FunctionalInterface
  interface Body {
    /**
     * The value for checked arguments.
     *
     * @param rendering what is being rendered
     * @throws FunctionException if there is none
     */
    Object call(Arguments arguments, Rendering rendering) throws FunctionException;
  }

  /** The arguments of a call: as many, and of the types, that the function declares. */
  record Arguments(List<Object> values) {
    int count() {
      return values.size();
    }

    Object get(int index) {
      return values.get(index);
    }

    String text(int index) {
      return (String) values.get(index);
    }

    String text() {
      return text(0);
    }
  }

  static Function of(String name, Body body, Parameter... parameters) {
    return new Function(name, List.of(parameters), Optional.empty(), body, Optional.empty());
  }

  static Function variadic(String name, Body body, Parameter rest, Parameter... parameters) {
    return new Function(name, List.of(parameters), Optional.of(rest), body, Optional.empty());
  }

  /** One that is known, and can only fail, for a reason. */
  static Function refused(String name, String why) {
    return new Function(
        name,
        List.of(),
        Optional.of(Parameter.ANY),
        (_, _) -> {
          throw new FunctionException(why);
        },
        Optional.of(why));
  }

  static String refused(String name) {
    return "The function \"" + name + "\" cannot be used here";
  }
}
