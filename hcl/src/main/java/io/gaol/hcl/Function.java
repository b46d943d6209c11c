package io.gaol.hcl;

import java.util.List;

/** A function that expressions can call. */
@FunctionalInterface
public interface Function {
  /**
   * The function's result.
   *
   * @throws FunctionException if these arguments have no result; the message reaches the user with
   *     the place of the call, or of the argument
   */
  Value call(List<Value> arguments) throws FunctionException;
}
