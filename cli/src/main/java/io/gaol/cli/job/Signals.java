package io.gaol.cli.job;

import io.gaol.driver.SignalName;
import io.gaol.jail.Spelling;
import java.util.Optional;

/** Reads signals of a job file. */
final class Signals {
  private Signals() {}

  /** The signal that an attribute names; one that does not exist is a problem. */
  static Optional<String> read(BodyReader reader, String attribute) {
    Optional<String> given = reader.text(attribute).filter(text -> !text.isEmpty());
    if (given.isPresent() && SignalName.find(given.get()).isEmpty()) {
      reader.problem(
          reader.place(attribute),
          "\"" + given.get() + "\" is no signal",
          Spelling.suggestion(SignalName.written(given.get()), SignalName.ALL).strip());
    }
    return given.map(SignalName::written);
  }
}
