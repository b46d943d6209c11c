package io.gaol.testing.host;

import java.io.Serial;

/** A plugin that an agent would not have got on with; the message says why. */
public final class PluginHostException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** With what an agent would have said. */
  public PluginHostException(String message) {
    super(message);
  }

  /** With what an agent would have said, and why. */
  public PluginHostException(String message, Throwable cause) {
    super(message, cause);
  }
}
