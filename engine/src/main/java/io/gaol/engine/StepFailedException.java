package io.gaol.engine;

import java.io.Serial;

/** A step could not be carried out. The message says which, what the host answered, what to do. */
public final class StepFailedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** A failure with its cause in words. */
  public StepFailedException(String message) {
    super(message);
  }

  /** A failure with the exception behind it. */
  public StepFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
