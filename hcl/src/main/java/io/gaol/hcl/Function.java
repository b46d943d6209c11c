package io.gaol.hcl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A function that expressions can call. */
@FunctionalInterface
public interface Function {
  /** The longest string that functions and templates make, in UTF-16 units. */
  int MOST_CHARACTERS = 16 * 1024 * 1024;

  /** The most elements of a collection that functions make. */
  int MOST_ELEMENTS = 1_000_000;

  /**
   * The function's result.
   *
   * @throws FunctionException if these arguments have no result; the message reaches the user with
   *     the place of the call, or of the argument
   */
  Value call(List<Value> arguments) throws FunctionException;

  /**
   * The function's result for arguments that are not evaluated yet. Functions that take an
   * expression rather than its value, such as {@code try}, override this.
   *
   * @throws FunctionException as {@link #call}
   * @throws HclException if an argument has no value
   */
  default Value callWith(List<Argument> arguments) throws FunctionException {
    List<Value> values = new ArrayList<>(arguments.size());
    for (Argument argument : arguments) {
      values.add(argument.value());
    }
    return call(values);
  }

  /** What it is for and what it takes, where that is known. */
  default Optional<Signature> signature() {
    return Optional.empty();
  }

  /** An argument of a call. */
  interface Argument {
    /** As it is written; of an expanded argument, the whole that was expanded. */
    Expression expression();

    /**
     * Its value.
     *
     * @throws HclException if it has none
     */
    Value value();
  }

  /**
   * What a function is for and what it takes.
   *
   * @param parameters the names of what it takes, in order
   * @param rest the name of what it takes any number of, at the end
   * @param result the type of its result; {@link Types#ANY} where that depends on the arguments
   * @param purpose what it does, in one sentence
   */
  record Signature(List<String> parameters, Optional<String> rest, Type result, String purpose) {
    /** Copies, so that nothing changes afterwards. */
    public Signature {
      parameters = List.copyOf(parameters);
    }

    /** As a call: {@code join(separator, lists...)}. */
    public String asCall(String name) {
      List<String> all = new ArrayList<>(parameters);
      rest.ifPresent(parameter -> all.add(parameter + "..."));
      return name + "(" + String.join(", ", all) + ")";
    }
  }
}
