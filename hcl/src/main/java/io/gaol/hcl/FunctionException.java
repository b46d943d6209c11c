package io.gaol.hcl;

import java.io.Serial;
import java.util.OptionalInt;

/** Why a function has no result for its arguments. */
public final class FunctionException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private static final int NONE = -1;

  private final int argument;

  /** The call as a whole is wrong: for example, the number of arguments. */
  public FunctionException(String message) {
    super(message);
    this.argument = NONE;
  }

  /** One argument, counted from 0, is wrong. */
  public FunctionException(int argument, String message) {
    super(message);
    this.argument = argument;
  }

  /** The argument that is wrong, counted from 0, if it is one. */
  public OptionalInt argument() {
    return argument == NONE ? OptionalInt.empty() : OptionalInt.of(argument);
  }
}
