package io.gaol.engine;

import io.gaol.jail.JailName;

/**
 * Something that happened to a task which a person should see.
 *
 * @param jail whose
 * @param kind what sort
 * @param message in words
 */
public record TaskEvent(JailName jail, Kind kind, String message) {
  /** The sorts of events. */
  public enum Kind {
    /** Its first command runs. */
    STARTED,
    /** A hook printed something. */
    HOOK_OUTPUT,
    /** Something failed and went on all the same. */
    WARNING,
    /** A limit was reached, or a rule of rctl(8) acted. */
    LIMIT,
    /** It is being stopped. */
    STOPPING,
    /** It ended. */
    EXITED
  }
}
