package io.gaol.cli.template;

import java.io.Serial;

/** A function cannot give a value; whoever called it knows the place. */
final class FunctionException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  FunctionException(String message) {
    super(message, null, false, false);
  }
}
