package io.gaol.nomad;

import java.io.Serial;

/** What was asked cannot be done. The message goes to the operator, so it says what would help. */
public class DriverException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean recoverable;

  /** With what went wrong. Trying again does not help. */
  public DriverException(String message) {
    this(message, null, false);
  }

  /** With what went wrong, and why. Trying again does not help. */
  public DriverException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private DriverException(String message, Throwable cause, boolean recoverable) {
    super(message, cause);
    this.recoverable = recoverable;
  }

  /** With what went wrong, where trying again may help: a job's restart policy does so. */
  public static DriverException recoverable(String message, Throwable cause) {
    return new DriverException(message, cause, true);
  }

  /** Whether trying again may help. */
  public boolean isRecoverable() {
    return recoverable;
  }
}
