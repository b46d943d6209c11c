package io.gaol.hcl;

import java.io.Serial;

/** Why a value cannot be one of a type. The message begins with the part of the value, if any. */
public final class ConversionException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String path;
  private final String reason;

  ConversionException(String path, String reason) {
    super(path.isEmpty() ? reason : path + ": " + reason);
    this.path = path;
    this.reason = reason;
  }

  /** Which part of the value: {@code [0].name}; empty for the value as a whole. */
  public String path() {
    return path;
  }

  /** What is wrong with that part. */
  public String reason() {
    return reason;
  }
}
