package io.gaol.engine;

import java.util.Locale;

/** How far a jail has got, as it says itself in the file {@code progress}. */
public enum Progress {
  /** It exists, nothing runs in it yet. */
  CREATED("the jail is created"),
  /** Its first command runs. */
  RUNNING("the first command runs"),
  /** Every {@code exec.start} command has completed and the main process, if any, is started. */
  STARTED("every exec.start command has completed");

  private final String meaning;

  Progress(String meaning) {
    this.meaning = meaning;
  }

  /** For a person: "the jail is created". */
  public String meaning() {
    return meaning;
  }

  /** The line in the file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
