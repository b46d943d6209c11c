package io.gaol.engine;

import java.time.Duration;

/**
 * How long a program of the host may take that makes, removes or tells something. None needs long:
 * one that has not ended by then hangs, and is ended.
 */
public final class ToolLimit {
  /** In the environment of gaol, and of the plugin: another limit, in seconds. */
  public static final String VARIABLE = "GAOL_TOOL_LIMIT";

  /** The limit of this program. */
  public static final Duration TIME = of(System.getenv(VARIABLE));

  private ToolLimit() {}

  /**
   * What the variable means.
   *
   * @param seconds a whole number above zero, of at most six digits; anything else, and null, is as
   *     if it were not set
   */
  static Duration of(String seconds) {
    return seconds != null && seconds.matches("0*[1-9][0-9]{0,5}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ofMinutes(1);
  }
}
